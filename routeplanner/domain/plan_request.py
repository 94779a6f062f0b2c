"""How a plan is to be searched: method, seed and when to end."""

from typing import Literal

from pydantic import ConfigDict, Field

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.keeping import Keeping

Method = Literal["hgs", "insertion", "ortools"]


class SearchEnd(Finite):
    """When a search ends: at the first of what is given."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"spent_seconds": 20}]})

    spent_seconds: float | None = Field(default=None, gt=0)
    iterations: int | None = Field(default=None, ge=1, le=2**31)


class Termination(SearchEnd):
    """When the search for a plan ends: at the first of what is given."""

    unimproved_seconds: float | None = Field(default=None, gt=0)


class PlanOptions(Frozen):
    """Method, seed and termination of a search, and what it keeps of the plan before."""

    method: Method = "hgs"
    seed: int = Field(default=0, ge=0, lt=2**31)
    termination: Termination = Termination()
    keeping: Keeping | None = None  # none: there is no plan before to keep to
