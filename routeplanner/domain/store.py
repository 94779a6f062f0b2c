"""Stores, the places that are visited."""

from typing import Literal

from pydantic import Field

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import Weekday, WeeklyHours

StoreKind = Literal["store", "headquarters"]
StoreStatus = Literal["open", "new", "suspended", "closed"]
PLANNED: tuple[StoreStatus, ...] = ("open", "new")
"""Of stores that get visits; the others are kept in the outputs."""
ClassSource = Literal["given", "sales", "no_sales"]


class PinnedDay(Frozen):
    """A weekday on which visits must fall; `week` 1-based, none for every week."""

    weekday: Weekday
    week: int | None = Field(default=None, ge=1)


class Store(Finite):
    """A store with what the planner knows of it; unknown columns are kept in `extra`."""

    id: str = Field(min_length=1)
    name: str = ""
    lat: float = Field(ge=-90, le=90)  # WGS84
    lon: float = Field(ge=-180, le=180)
    given_lat: float | None = None  # as it came, in the scenario's coordinate system
    given_lon: float | None = None
    sales: float | None = None
    store_class: str | None = Field(default=None, alias="class")
    class_source: ClassSource | None = None  # where `class` comes from, set by classification
    rep: str | None = None  # none: any rep may visit
    account: str | None = None
    kind: StoreKind = "store"
    status: StoreStatus = "open"
    site: str | None = None
    address: str | None = None
    phone: str | None = None
    frequency: Frequency | None = None  # wins over the class
    service_minutes: float | None = Field(default=None, gt=0, le=24 * 60)  # wins over the class
    opening_hours: WeeklyHours | None = None  # none: the rep's hours
    visit_hours: WeeklyHours | None = None  # visits only within these
    avoid_hours: WeeklyHours | None = None  # no visits within these
    closed_days: tuple[Weekday, ...] = ()
    pinned_days: tuple[PinnedDay, ...] = ()
    note: str | None = None
    coord_source: str | None = None
    extra: dict[str, str] = Field(default_factory=dict)

    @property
    def is_planned(self) -> bool:
        """Closed and suspended stores are kept in the outputs but get no visits."""
        return self.status in PLANNED


def store_words(store: Store) -> str:
    """Name and id of a store."""
    return f"{store.name} ({store.id})" if store.name else store.id
