"""A cycle laid on dates: dated routes and visits, what was shifted or skipped, frequencies."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from routeplanner.domain.plan import Route
from routeplanner.domain.work_calendar import DayCause

LostDayAction = Literal["skip", "pull_forward", "push_back", "squeeze"]
ChangeCause = Literal[DayCause, "pause", "out_of_use", "taken"]
ChangedBy = Literal[LostDayAction, "make_up", "pause"]
Obstacle = Literal["no_day", "no_room", "closed", "out_of_use", "taken"]


@dataclass(frozen=True, slots=True)
class LostDayRule:
    """What becomes of a visit whose day is not worked; set for each class of stores.

    skip: nothing. pull_forward, push_back: the nearest working day before, after. squeeze: another
    working day of the same calendar week, the emptiest first. A visit never moves past another one
    of its store.
    """

    action: LostDayAction = "skip"
    furthest_days: int = 7  # calendar days that a visit may move
    least_gap_days: int = 1  # calendar days to the store's other visits


@dataclass(frozen=True, slots=True)
class CycleDates:
    """The period that a cycle is laid on, and the cycle's week that it begins with."""

    start_date: dt.date
    until: dt.date  # the last day, included
    first_week: int = 1  # of the cycle, in the calendar week of the start date
    lost_weeks: Literal["run_on", "pause"] = "run_on"  # a calendar week in which a rep never works

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in the period."""
        return self.start_date <= day <= self.until


@dataclass(frozen=True, slots=True)
class DatedRoute:
    """A route on a date; its week and weekday are those of the cycle's day that is driven."""

    date: dt.date
    route: Route


@dataclass(frozen=True, slots=True)
class DatedVisit:
    """One visit on a date, in route order; times in seconds since midnight, local."""

    rep: str
    date: dt.date
    position: int  # 1-based among the visits of the day
    store_id: str
    store_class: str
    template: str  # the label of the route that it comes from
    start: int
    depart: int
    due: dt.date  # where the unbroken cycle lays it


@dataclass(frozen=True, slots=True)
class VisitChange:
    """A visit that is not driven on the date on which the unbroken cycle lays it."""

    rep: str
    store_id: str
    store_class: str
    from_date: dt.date
    to_date: dt.date | None  # none: skipped; may lie outside the period
    cause: ChangeCause
    cause_name: str  # of the holiday, company day or absence
    changed_by: ChangedBy
    # Why a skipped visit found no day: its rule, its make-up day, on which the store is closed, or
    # the store, which is out of use or has another visit on the date.
    obstacle: Obstacle | None = None

    @property
    def is_skipped(self) -> bool:
        """Whether the visit is not made at all."""
        return self.to_date is None


@dataclass(frozen=True, slots=True)
class StoreFrequency:
    """Visits of a store in the period: what the unbroken cycle lays there, what is left."""

    store_id: str
    store_class: str
    required: int
    reached: int

    @property
    def is_reached(self) -> bool:
        """Whether no visit is missing."""
        return self.reached >= self.required


@dataclass(frozen=True, slots=True)
class DatedPlan:
    """What publishing would create, to be looked at before."""

    dates: CycleDates
    routes: tuple[DatedRoute, ...]  # by rep, then date
    visits: tuple[DatedVisit, ...]  # by rep, date and position
    changes: tuple[VisitChange, ...]  # by date, rep and class
    frequencies: tuple[StoreFrequency, ...]  # by class, then store
