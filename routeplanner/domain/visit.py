"""A visit on a date, from planned to done: what was reported of it decides its status."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

VisitStatus = Literal["planned", "started", "done", "missed", "skipped", "canceled"]
VisitOrigin = Literal["plan", "ad_hoc"]
EventKind = Literal["check_in", "check_out", "skip", "not_visited", "cancel"]
Reason = Literal[
    "closed",
    "person_away",
    "refused",
    "called_to_office",
    "out_of_time",
    "weather_or_vehicle",
    "rep_absent",
]

REASONS: tuple[Reason, ...] = get_args(Reason)
EXCUSED: frozenset[Reason] = frozenset(
    {"closed", "called_to_office", "weather_or_vehicle", "rep_absent"}
)
"""Reasons that are excused unless an organization says otherwise."""

TRANSITIONS: dict[VisitStatus, frozenset[VisitStatus]] = {
    "planned": frozenset({"started", "done", "missed", "skipped", "canceled"}),
    "started": frozenset({"done"}),
    "done": frozenset({"started"}),  # a corrected time that no longer fits the other one
    "missed": frozenset({"started", "done", "skipped", "canceled"}),  # told after the day
    "skipped": frozenset({"started", "done", "canceled"}),  # the rep went all the same
    "canceled": frozenset({"started", "done"}),
}
"""Where a report may lead; taking a report back leads to what the others say."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a check-in or check-out was made, WGS84; kept only where an organization wants it."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class AdHoc:
    """Who is at which store on which day, of a visit that no plan holds."""

    rep: str
    store_id: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class VisitEvent:
    """One report of a visit. The same client id is the same report, however often it is sent.

    Of several reports of one kind the last recorded one holds. Every report of an ad hoc visit
    says where it is, so that any of them may arrive first.
    """

    client_id: str
    visit_id: str
    kind: EventKind
    recorded_at: dt.datetime  # with time zone: when it was written down
    at: dt.datetime | None = None  # of a check-in or check-out
    reason: Reason | None = None  # of skip and not_visited
    note: str = ""
    open_points: tuple[str, ...] = ()  # of a check-out: what the next visit is to see to
    position: Position | None = None
    ad_hoc: AdHoc | None = None
    is_withdrawn: bool = False  # takes back what was reported of this kind

    @property
    def stamp(self) -> tuple[dt.datetime, str, str]:
        """Orders reports of one kind; the content only where a client id was used twice."""
        return self.recorded_at, self.client_id, repr(self)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of one rep at one store on one date. `entries` has one report of a kind at most."""

    id: str
    rep: str
    store_id: str
    store_class: str
    date: dt.date
    origin: VisitOrigin = "plan"
    plan_id: str | None = None
    position: int | None = None  # 1-based in the route of the day
    planned_start: int | None = None  # seconds since midnight, local
    planned_minutes: float | None = None  # in the store
    missed_at: dt.datetime | None = None  # found after the day
    entries: tuple[VisitEvent, ...] = ()

    @property
    def status(self) -> VisitStatus:
        """What was seen in the store counts more than what was decided, that more than silence."""
        if self.minutes is not None:
            return "done"
        if self.started_at or self.ended_at:
            return "started"
        if self.entry("cancel"):
            return "canceled"
        if self.entry("skip"):
            return "skipped"
        return "missed" if self.missed_at or self.entry("not_visited") else "planned"

    @property
    def started_at(self) -> dt.datetime | None:
        """When the rep checked in."""
        found = self.entry("check_in")
        return found.at if found else None

    @property
    def ended_at(self) -> dt.datetime | None:
        """When the rep checked out."""
        found = self.entry("check_out")
        return found.at if found else None

    @property
    def minutes(self) -> float | None:
        """Minutes in the store; none where check-in and check-out are not both there, in order."""
        start, end = self.started_at, self.ended_at
        if start is None or end is None or end < start:
            return None
        return (end - start).total_seconds() / 60

    @property
    def reason(self) -> Reason | None:
        """Why it was not made."""
        if self.status not in ("missed", "skipped"):
            return None
        found = self.entry("skip" if self.status == "skipped" else "not_visited")
        return found.reason if found else None

    @property
    def open_points(self) -> tuple[str, ...]:
        """What this visit left for the next one."""
        found = self.entry("check_out")
        return found.open_points if found else ()

    def entry(self, kind: EventKind) -> VisitEvent | None:
        """What holds of a kind; none where nothing was reported or it was taken back."""
        for entry in self.entries:
            if entry.kind == kind:
                return None if entry.is_withdrawn else entry
        return None
