"""Planning again: what is to be kept of the plan before, and what became of its stores."""

from typing import Literal

from pydantic import ConfigDict, Field

from routeplanner.domain.base import Finite, Frozen
from routeplanner.errors import Issue

DEFAULT_STABILITY = 5.0
"""Equivalent minutes: what a visit must save at least before it moves to another day or rep."""

FrozenLoss = Literal["gone", "rep", "number", "unworked", "closed", "days", "full"]


class Keeping(Finite):
    """How much of the earlier plan a new one keeps."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"max_changes": 5}]})

    stability: float = Field(default=DEFAULT_STABILITY, ge=0)  # equivalent minutes a moved visit
    max_changes: int | None = Field(default=None, ge=0)  # stores that may move; none: any number
    freeze_weeks: int = Field(default=0, ge=0)  # first weeks in which no route gets another visit


class Kept(Frozen):
    """What became of the stores of the earlier plan.

    A store remains where both plans hold it with the same number of visits and one of its reps may
    still visit it. It has changed where a visit lies on a day, or with a rep, that it did not have.
    """

    previous_id: str
    previous_version: int
    keeping: Keeping
    remaining: int
    changed: int  # of those that remain
    changed_rep: int  # of those that have changed: visited by another rep
    new: int  # planned, without a visit before
    gone: int  # visited before, planned no more
    reclassed: int  # want another number of visits
    rep_gone: int  # their rep may not visit them any more
    warnings: tuple[Issue, ...] = ()  # what could not stay in frozen weeks
