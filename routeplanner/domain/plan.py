"""The plan: the driven days of a cycle, visits not scheduled with reasons, and measures."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import TimeOfDay, Weekday
from routeplanner.domain.keeping import Kept
from routeplanner.domain.measures import Measures

StopKind = Literal["office", "start", "visit", "lunch", "appointment", "end"]


class Stop(Frozen):
    """One row of a day's timeline.

    A visit has `store_id` and `position` (1-based among the visits of the day). `arrive` ≤ `start`
    ≤ `depart`; the time between arrive and start is waiting. Travel is from the stop before;
    lunch and office stand where the rep is and travel nothing.
    """

    kind: StopKind
    arrive: TimeOfDay
    start: TimeOfDay
    depart: TimeOfDay
    travel_minutes: float = 0
    travel_km: float = 0
    store_id: str | None = None
    position: int | None = None
    title: str = ""  # of an appointment


class Route(Frozen):
    """What one rep drives on one day: the ordered stops from leaving to returning."""

    rep: str
    day: int  # 0-based
    week: int  # 1-based
    weekday: Weekday
    template: str  # the label of the route, T1 … Tn
    stops: tuple[Stop, ...]

    @property
    def visits(self) -> tuple[Stop, ...]:
        """The visits in order."""
        return tuple(stop for stop in self.stops if stop.kind == "visit")


class Unserved(Frozen):
    """Required visits of a store that found no place, with the reason and what would help."""

    store_id: str
    store_class: str = Field(alias="class")
    required: int
    served: int
    code: str
    message: str
    hint: str
    missing_minutes: float = 0  # in store, per cycle


class CalendarChoice(Frozen):
    """A route calendar that was tried, with its outcome."""

    rows: tuple[tuple[str, ...], ...]
    bound_minutes: float  # hours over the day that no assignment avoids, in minutes per cycle
    missing_visits: int | None = None  # after solving; none: ranked but not solved
    score: float | None = None
    is_chosen: bool = False


class Provenance(Frozen):
    """What is needed to compute the plan again."""

    scenario_hash: str
    matrix_hash: str
    travel_source: str  # a sentence: where the travel times come from
    method: str
    seed: int
    threads: int = 1
    iterations: int
    version: str
    created_at: datetime | None = None


class Plan(Frozen):
    """Routes of one cycle for all reps, as shown, stored and exchanged."""

    id: str
    version: int = 1
    review_status: Literal[
        "draft", "submitted", "approved", "returned", "published", "superseded"
    ] = "draft"
    cycle: Cycle
    start_date: date | None = None
    calendar: tuple[tuple[str, ...], ...] | None = None  # the route calendar, where there is one
    calendars_tried: tuple[CalendarChoice, ...] = ()
    routes: tuple[Route, ...]  # by rep, then day; a day without visits or appointments has none
    unserved: tuple[Unserved, ...] = ()
    required_visits: int
    scheduled_visits: int
    score: dict[str, float] = Field(default_factory=dict)  # term → equivalent minutes per cycle
    measures: Measures
    provenance: Provenance
    kept: Kept | None = None  # where there was an earlier plan to keep to

    @property
    def stores_dropped(self) -> frozenset[str]:
        """The stores of which a hand has dropped visits."""
        return frozenset(row.store_id for row in self.unserved if row.code == "DROPPED")

    @property
    def is_complete(self) -> bool:
        """Whether every required visit is scheduled."""
        return self.scheduled_visits >= self.required_visits and not self.unserved
