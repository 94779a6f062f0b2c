"""Visits and reports as callers send them and see them."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, field_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay
from routeplanner.domain.master_data import ExternalId, Position, Text
from routeplanner.domain.visit import EventKind, Reason, VisitOrigin, VisitStatus
from routeplanner.errors import Issue
from routeplanner.operations.publication import PUBLISHING
from routeplanner.operations.visits import Outcome
from routeplanner.use_cases.publishing_records import Day

MOST_REPORTS = 1000


def _is_near(value: dt.datetime) -> dt.datetime:
    if not 2000 <= value.year <= 2100:
        raise ValueError("a time lies between 2000 and 2100")
    return value


Instant = Annotated[dt.datetime, AfterValidator(_is_near)]
_Point = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Points = Annotated[tuple[_Point, ...], Field(max_length=20)]


class VisitRecord(Frozen):
    """A visit on a date, and what its reports come to."""

    id: UUID
    version: int
    rep: str
    store_id: str
    store_name: str
    store_class: str | None = Field(alias="class")
    date: dt.date
    origin: VisitOrigin
    plan_id: UUID | None
    publication_id: UUID | None
    template: str
    due_date: dt.date | None  # where the unbroken cycle lays it
    position: int | None
    planned_start: TimeOfDay | None
    planned_minutes: float | None
    goals: tuple[str, ...]
    status: VisitStatus
    reason: Reason | None
    is_excused: bool | None  # of a visit that was missed or skipped
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    minutes: float | None
    open_points: tuple[str, ...]
    missed_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime


class ReportRecord(Frozen):
    """What somebody reported of a visit."""

    client_id: str
    kind: EventKind
    recorded_at: dt.datetime
    at: dt.datetime | None
    reason: Reason | None
    note: str
    open_points: tuple[str, ...]
    position: Position | None
    is_withdrawn: bool
    is_holding: bool  # the last recorded one of its kind
    received_at: dt.datetime
    reported_by: UUID | None


class VisitDetail(VisitRecord):
    """A visit with its reports, in the order in which they came in."""

    reports: tuple[ReportRecord, ...]


class AdHocFields(Frozen):
    """A visit that no plan holds. Whoever chooses the id can send the same visit again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rep": "R01", "store_id": "00123", "date": "2026-10-08"}]}
    )

    id: UUID | None = None
    rep: ExternalId
    store_id: ExternalId
    date: Day
    goals: Points = ()


class GoalsFields(Frozen):
    """What a visit is to achieve."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"goals": ["Put up the autumn display"]}]}
    )

    goals: Points


class ReportFields(Frozen):
    """A report of a visit, written down now where no time is given.

    A check-in or check-out has a time, `at`; skip and not_visited have a reason. `is_withdrawn`
    takes back what was reported of the kind.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "check_in", "at": "2026-10-08T09:05:00+08:00"}]}
    )

    kind: EventKind
    client_id: Annotated[
        str | None, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    ] = None
    recorded_at: Instant | None = None
    at: Instant | None = None  # none: when it was written down
    reason: Reason | None = None
    note: Text = ""
    open_points: Points = ()  # of a check-out: for the next visit
    position: Position | None = None
    is_withdrawn: bool = False

    @field_validator("client_id")
    @classmethod
    def _is_the_callers(cls, value: str | None) -> str | None:
        if value is not None and value.startswith(PUBLISHING):
            raise ValueError(f"ids that begin with {PUBLISHING} are the service's own")
        return value


class AdHocPlace(Frozen):
    """Who is at which store on which day."""

    rep: ExternalId
    store_id: ExternalId
    date: Day


class SentReport(ReportFields):
    """A report that may have been written down long before it was sent."""

    model_config = ConfigDict(json_schema_extra={"examples": []})

    visit_id: UUID
    client_id: str = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    recorded_at: Instant
    ad_hoc: AdHocPlace | None = None  # opens the visit where it is not there


class ReportAnswer(Frozen):
    """What became of a report, and of its visit."""

    client_id: str
    outcome: Outcome
    visit: VisitRecord


class SentReportAnswer(Frozen):
    """What became of one report of many."""

    client_id: str | None
    visit_id: UUID | None
    outcome: Outcome
    status: VisitStatus | None  # of the visit, by now
    issues: tuple[Issue, ...] = ()


class LastVisit(Frozen):
    """The visit that was made at a store before."""

    id: UUID
    date: dt.date
    open_points: tuple[str, ...]


class DayVisit(VisitRecord):
    """A visit of a rep's day, with what the rep needs at the door."""

    store_position: Position
    address: str | None
    phone: str | None
    store_note: str | None
    last_visit: LastVisit | None


class RepDayRecord(Frozen):
    """What a rep drives on a date, in route order; ad hoc visits come last."""

    rep: str
    date: dt.date
    publication_id: UUID | None  # none: nothing is published for that day
    plan_id: UUID | None
    working_minutes: float | None  # none: a day off
    is_absent: bool
    visits: tuple[DayVisit, ...]
