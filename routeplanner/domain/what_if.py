"""What if: changes of a scenario, and the plans that come of them beside that of the scenario."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import WeeklyHours, Window
from routeplanner.domain.store import PinnedDay
from routeplanner.domain.workload import PolicyChange

StoreKey = Literal[
    "avoid_hours",
    "class",
    "closed_days",
    "frequency",
    "opening_hours",
    "pinned_days",
    "rep",
    "service_minutes",
    "status",
    "visit_hours",
]
RepKey = Literal["lunch_minutes", "max_work_minutes", "prepare_minutes", "summary_minutes"]
Per = Literal["cycle", "week"]

_LEAST_HOURS = 0.05
"""Differences below are 0 in every output."""


class StoreFieldChange(Frozen):
    """A field of one store, or of all, and its new value; none means that it has no own one."""

    key: StoreKey
    value: str | float | WeeklyHours | tuple[PinnedDay, ...] | tuple[str, ...] | None = None
    store: str | None = None  # none: all stores


class RepChange(Frozen):
    """What every rep states for themselves and shall no longer hold: the policy's value does."""

    key: RepKey


class Alternative(Frozen):
    """Changes that are made together; without any it is the scenario as it is."""

    name: str
    policy: tuple[PolicyChange, ...] = ()
    stores: tuple[StoreFieldChange, ...] = ()
    reps: tuple[RepChange, ...] = ()
    hours: Window | None = None  # from and to, of every rep on the days that they work
    more_reps: int = 0  # below 0: fewer

    @property
    def policy_lines(self) -> tuple[str, ...]:
        """TOML lines to paste into the policy file."""
        return tuple(change.line() for change in self.policy)


class Figures(Frozen):
    """One solved plan; hours, kilometers and counts are those of its cycle."""

    plan: str  # its id
    seed: int
    weeks: int
    work_hours: float  # from leaving to returning without lunch, as the plan's days add up
    in_store_hours: float
    travel_hours: float
    missing_hours: float  # minutes in store of the visits that are not scheduled
    available_hours: float
    travel_km: float
    driven_days: int
    required_visits: int
    scheduled_visits: int
    missing_by_class: dict[str, int]
    score: float
    is_complete: bool

    @property
    def needed_hours(self) -> float:
        """Work of the plan, and the minutes in store of what it could not schedule."""
        return self.work_hours + self.missing_hours

    @property
    def missing_visits(self) -> int:
        """Required visits that found no place."""
        return self.required_visits - self.scheduled_visits

    def share_of(self, per: Per) -> float:
        """The factor that turns figures of the cycle into those of a week."""
        return 1.0 if per == "cycle" else 1 / self.weeks


class Difference(Frozen):
    """Hours needed against those of the scenario as it is; all differ by the seeds of the search.

    `low` and `high` are the smallest and the largest difference between any plan of the one and any
    of the other.
    """

    of_best: float  # between the best plan of each
    mean: float
    low: float
    high: float

    @property
    def is_distinct(self) -> bool:
        """Whether every plan of the one lies on the same side of every plan of the other."""
        return self.low >= _LEAST_HOURS or self.high <= -_LEAST_HOURS


class Solved(Frozen):
    """An alternative with its plans, one a seed."""

    alternative: Alternative
    best: Figures
    by_seed: tuple[Figures, ...]
    notes: tuple[str, ...] = ()  # what else changed, in the scenario's language
    hours: Difference | None = None  # none: the scenario as it is
    broken_rules: int = 0  # that the checker finds in the best plan

    @property
    def is_alike(self) -> bool:
        """Whether all of several plans need the same hours."""
        return len(self.by_seed) > 1 and len({each.needed_hours for each in self.by_seed}) == 1


class WhatIf(Frozen):
    """Alternatives beside the scenario as it is, solved from one start and for the same time."""

    base: Solved
    alternatives: tuple[Solved, ...]
    per: Per  # hours a cycle, or a week where cycles differ
    seeds: tuple[int, ...]
    seconds: float | None  # of each plan
    iterations: int | None
    is_start_given: bool  # false: a first plan of the scenario was the start
