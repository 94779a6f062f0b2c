"""Field-sales territories to measure the search on: generated ones and Berlin's stores."""

from benchmarks.field.rules import KINDS, TerritoryRules
from benchmarks.field.territory import Territory, territory

__all__ = ["KINDS", "Territory", "TerritoryRules", "territory"]
