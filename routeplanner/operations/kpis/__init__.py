"""KPIs of visits (handbook part 1, K7 and K8, and what the service adds to them)."""

from routeplanner.operations.kpis.audit import KpiRow, rows_behind
from routeplanner.operations.kpis.compute import compute_kpis
from routeplanner.operations.kpis.definitions import KPIS

__all__ = ["KPIS", "KpiRow", "compute_kpis", "rows_behind"]
