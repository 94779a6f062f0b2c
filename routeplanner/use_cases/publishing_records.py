"""Publications as callers ask for them and see them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.dated import (
    ChangeCause,
    ChangedBy,
    CycleDates,
    LostDayAction,
    LostDayRule,
    Obstacle,
)
from routeplanner.domain.master_data import ExternalId
from routeplanner.domain.work_calendar import Absence, CalendarDay
from routeplanner.errors import Issue
from routeplanner.use_cases.plan_records import ReviewStatus

PublicationStatus = Literal["published", "superseded", "withdrawn"]
LONGEST_ABSENCE_DAYS = 1100

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
_DayName = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class DayFields(Frozen):
    """A day off, or a day that is worked all the same, maybe in place of a day off."""

    date: Day
    is_worked: bool
    name: _DayName = ""
    replaces: Day | None = None

    @model_validator(mode="after")
    def _replaces_when_worked(self) -> "DayFields":
        if self.replaces is not None and not self.is_worked:
            raise ValueError("only a day that is worked replaces another one")
        return self

    def calendar_day(self) -> CalendarDay:
        """The day as the calendar has it."""
        return CalendarDay(self.date, self.is_worked, "company", self.name, self.replaces)


class RepDayFields(DayFields):
    """A day of one rep; it wins over all other days."""

    rep: ExternalId


class AbsenceFields(Frozen):
    """Days on which a rep does not work, the last one included."""

    rep: ExternalId
    first: Day
    last: Day
    name: _DayName = ""

    @model_validator(mode="after")
    def _is_no_longer(self) -> "AbsenceFields":
        if (self.last - self.first).days > LONGEST_ABSENCE_DAYS:
            raise ValueError(f"an absence has {LONGEST_ABSENCE_DAYS} days at most")
        return self

    def absence(self) -> Absence:
        """The absence as the calendar has it."""
        return Absence(self.rep, self.first, self.last, self.name)


class LostDayFields(Frozen):
    """What becomes of visits of a class whose day is not worked."""

    action: LostDayAction
    furthest_days: int = Field(default=7, ge=0, le=366)
    least_gap_days: int = Field(default=1, ge=1, le=366)

    def rule(self) -> LostDayRule:
        """The rule as laying has it."""
        return LostDayRule(self.action, self.furthest_days, self.least_gap_days)


class PublicationOptions(Frozen):
    """How a cycle is laid on dates."""

    start_date: Day
    until: Day  # the last day, included
    first_week: int = Field(default=1, ge=1, le=52)
    lost_weeks: Literal["run_on", "pause"] = "run_on"
    country: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,10})?$")] | None
    ) = None  # of public holidays: CN, DE or DE-BE
    days: tuple[DayFields, ...] = Field(default=(), max_length=1000)
    absences: tuple[AbsenceFields, ...] = Field(default=(), max_length=1000)
    rep_days: tuple[RepDayFields, ...] = Field(default=(), max_length=5000)
    lost_days: dict[ExternalId, LostDayFields] = Field(default_factory=dict, max_length=50)

    def dates(self) -> CycleDates:
        """The period and where the cycle begins in it."""
        return CycleDates(self.start_date, self.until, self.first_week, self.lost_weeks)


class PublishRequest(PublicationOptions):
    """A plan to be laid on dates, for some of its reps or, where none is named, for all.

    A plan that a rep drives already is published anew for days of its period only where
    `replaces_publication_id` names the publication that the caller has seen. Days before today
    are published only where `allow_past` says so: to bring in visits that were made without the
    service.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reps": ["R01"],
                    "start_date": "2026-09-14",
                    "until": "2026-10-30",
                    "country": "CN",
                    "absences": [
                        {"rep": "R01", "first": "2026-10-12", "last": "2026-10-23", "name": "ill"}
                    ],
                    "lost_days": {"A": {"action": "squeeze"}, "B": {"action": "push_back"}},
                    "allow_past": True,
                }
            ]
        }
    )

    reps: tuple[ExternalId, ...] = Field(default=(), max_length=1000)
    replaces_publication_id: UUID | None = None
    allow_past: bool = False


class VisitShift(Frozen):
    """A visit that is not driven on the date on which the unbroken cycle lays it."""

    rep: str
    store_id: str
    store_name: str
    store_class: str = Field(alias="class")
    from_date: date
    to_date: date | None  # none: skipped
    cause: ChangeCause
    cause_name: str
    changed_by: ChangedBy
    obstacle: Obstacle | None


class FrequencyReached(Frozen):
    """Visits of a store in the period: what the unbroken cycle lays there, what is left."""

    rep: str
    store_id: str
    store_name: str
    store_class: str = Field(alias="class")
    required: int
    reached: int


class RepPreview(Frozen):
    """What publishing would do for one rep."""

    rep: str
    review_status: ReviewStatus
    n_visits: int
    n_shifted: int
    n_skipped: int
    n_canceled: int  # visits still planned by what it supersedes
    supersedes: tuple[UUID, ...]  # publications


class PublicationPreview(Frozen):
    """What publishing would create; nothing is stored."""

    plan_id: UUID
    reps: tuple[RepPreview, ...]
    changes: tuple[VisitShift, ...]
    frequencies: tuple[FrequencyReached, ...]
    warnings: tuple[Issue, ...]


class PublishedRep(Frozen):
    """A publication for one rep."""

    rep: str
    status: PublicationStatus
    driven_until: date | None  # earlier than planned where superseded; none: no day is left
    n_visits: int
    n_shifted: int
    n_skipped: int
    superseded_by: UUID | None
    ended_at: datetime | None


class PublicationRecord(PublicationOptions):
    """A plan laid on dates, and until when each of its reps drives it."""

    id: UUID
    plan_id: UUID
    published_by: UUID | None
    published_at: datetime
    reps: tuple[PublishedRep, ...]


class Withdrawal(Frozen):
    """From which day on a publication is taken back, and for whom; nobody named: for all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from_date": "2026-10-12"}]})

    from_date: Day | None = None  # none: today, where the organization is
    reps: tuple[ExternalId, ...] = Field(default=(), max_length=1000)


CHANGE = (
    "rep", "store_id", "store_class", "from_date", "to_date", "cause", "cause_name", "changed_by",
    "obstacle",
)  # fmt: skip
FREQUENCY = ("store_id", "store_class", "required", "reached")


def fields_of(item: Any, names: Iterable[str]) -> dict[str, Any]:
    """Some of the fields of a change or frequency."""
    return {name: getattr(item, name) for name in names}
