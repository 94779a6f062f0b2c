"""KPIs: what is counted from, and results that can be audited down to their rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Self

from routeplanner.domain.scenario import Language
from routeplanner.domain.visit import EXCUSED, Reason, Visit, VisitOrigin, VisitStatus

KpiCode = Literal[
    "store_coverage",
    "call_compliance",
    "stores_reached",
    "planned_visit_compliance",
    "sequence_compliance",
    "in_store_minutes",
    "in_store_share",
    "on_time_rate",
]
Grouping = Literal["rep", "supervisor", "class", "week"]
KpiUnit = Literal["stores", "visits", "minutes"]
RowKind = Literal["store", "rep_day", "visit"]
LeftOutOf = Literal["numerator", "both"]
ExclusionReason = Literal[
    "open",
    "canceled",
    "excused",
    "opened_or_closed",
    "not_due",
    "not_checked_out",
    "too_short",
    "second_visit",
    "single_visit",
    "no_planned_time",
    "rep_absent",
    "no_working_day",
    "beyond_working_hours",
]


@dataclass(frozen=True, slots=True)
class KpiPeriod:
    """Dates of a KPI, both included."""

    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether a date lies in the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class StoreSpan:
    """Since when, or until when, a store is there; only stores for which one is known."""

    store_id: str
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None  # its last day

    def holds(self, period: KpiPeriod) -> bool:
        """Whether the store was there in the whole period."""
        return (self.opened_on is None or self.opened_on <= period.first) and (
            self.closed_on is None or self.closed_on >= period.last
        )


@dataclass(frozen=True, slots=True)
class RepDay:
    """A date on which a rep was to work, and for how long without lunch."""

    rep: str
    date: dt.date
    working_minutes: float
    is_absent: bool = False

    @property
    def id(self) -> str:
        """Names the day in lists of rows."""
        return f"{self.rep}/{self.date}"


class VisitRow(NamedTuple):
    """A visit as KPIs see it: what was reported of it is summed up once.

    A tuple, as there are very many.
    """

    id: str
    rep: str
    store_id: str
    store_class: str
    date: dt.date
    origin: VisitOrigin
    status: VisitStatus
    reason: Reason | None = None
    position: int | None = None
    planned_start: int | None = None
    planned_minutes: float | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    minutes: float | None = None  # of a visit that is done

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """The row of a visit."""
        return cls(
            id=visit.id,
            rep=visit.rep,
            store_id=visit.store_id,
            store_class=visit.store_class,
            date=visit.date,
            origin=visit.origin,
            status=visit.status,
            reason=visit.reason,
            position=visit.position,
            planned_start=visit.planned_start,
            planned_minutes=visit.planned_minutes,
            started_at=visit.started_at,
            ended_at=visit.ended_at,
            minutes=visit.minutes,
        )


@dataclass(frozen=True, slots=True)
class KpiSettings:
    """What an organization decides about its KPIs."""

    excused: frozenset[Reason] = EXCUSED
    minimum_minutes: Mapping[str, float] = field(default_factory=dict)  # in the store, by class
    early_minutes: float = 15  # before the planned start that are still on time
    late_minutes: float = 15  # after it


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """A formula; its version changes whenever the same rows could give another number."""

    code: KpiCode
    version: int
    unit: KpiUnit
    is_share: bool  # the numerator is a part of the denominator
    names: Mapping[Language, str]
    formulas: Mapping[Language, str]


class Exclusion(NamedTuple):
    """A row that was left out, of the numerator alone or of both."""

    kind: RowKind
    id: str
    reason: ExclusionReason
    left_out_of: LeftOutOf


@dataclass(frozen=True, slots=True)
class KpiResult:
    """A number with what it was counted from.

    The ids are those of the unit: stores, visits, or the visits (numerator) and rep days or visits
    (denominator) whose minutes were added up.
    """

    definition: KpiDefinition
    group: Mapping[Grouping, str]  # empty: all
    period: KpiPeriod
    numerator: float
    denominator: float
    numerator_ids: tuple[str, ...]
    denominator_ids: tuple[str, ...]
    visit_ids: tuple[str, ...]  # every visit that was looked at
    excluded: tuple[Exclusion, ...]

    @property
    def value(self) -> float | None:
        """Numerator ÷ denominator; none where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None


class LeftOutCount(NamedTuple):
    """How many rows were left out for a reason."""

    kind: RowKind
    reason: ExclusionReason
    left_out_of: LeftOutOf
    n_rows: int


class KpiCount(NamedTuple):
    """A number without the rows behind it."""

    code: KpiCode
    numerator: float
    denominator: float
    left_out: tuple[LeftOutCount, ...]

    @property
    def value(self) -> float | None:
        """Numerator ÷ denominator; none where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None
