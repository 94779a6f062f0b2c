"""How much longer travel and visits may take before the days of a plan break."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import Weekday


class Strain(Frozen):
    """What takes longer than planned: all travel by so many percent, or visits as they were."""

    kind: Literal["travel", "visits"]
    percent: float = 0  # of travel


class DayOutcome(Frozen):
    """What becomes of a day: how much longer it is, minutes too late, stores to be left out."""

    longer_minutes: float = 0.0
    late_minutes: float = 0.0
    left_out: tuple[str, ...] = ()  # ids in order of the day; without them it holds


class ReserveDay(Frozen):
    """A driven day under every strain; `room_minutes` is what its work leaves of the whole day."""

    rep: str
    week: int
    weekday: Weekday
    work_minutes: float
    room_minutes: float
    outcomes: tuple[DayOutcome, ...]


class StrainTotal(Frozen):
    """All days under one strain."""

    strain: Strain
    days_broken: int
    late_minutes: float
    visits_left_out: int
    longer_minutes: float  # what all days take longer
    needed_reserve: float  # share of the day that has to stay unplanned so that none is too long


class ClassMinutes(Frozen):
    """Minutes in the stores of a class, planned and actual, with how many visits say so."""

    store_class: str
    planned_minutes: float  # mean over its stores
    actual_minutes: float | None  # median of all its visits
    visits: int
    own_stores: int  # stores with visits enough to have minutes of their own


class ReserveReport(Frozen):
    """The days of a plan put to the test."""

    reserve: float  # share of the day that the policy leaves unplanned
    totals: tuple[StrainTotal, ...]
    days: tuple[ReserveDay, ...]
    classes: tuple[ClassMinutes, ...] = ()  # where actual visits are given
    unknown_stores: tuple[str, ...] = ()  # visited, but not in the scenario
