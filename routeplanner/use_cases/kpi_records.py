"""KPIs as callers ask for them and see them."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay
from routeplanner.domain.kpi import ExclusionReason, Grouping, KpiCode, KpiUnit, LeftOutOf, RowKind
from routeplanner.domain.master_data import ExternalId
from routeplanner.domain.scenario import Language
from routeplanner.domain.visit import Reason, VisitOrigin, VisitStatus
from routeplanner.use_cases.publishing_records import Day


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise ValueError("each is named once")
    return values


_Name = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class KpiSelection(Frozen):
    """Which visits are counted: of a period, and of a rep, a supervisor, a class where named."""

    from_date: Day
    until: Day = Field(description="The last day, included.")
    rep: ExternalId | None = None
    supervisor: _Name | None = Field(
        default=None, description="By external id; empty: reps that nobody leads."
    )
    store_class: _Name | None = Field(
        default=None, alias="class", description="Empty: stores without a class."
    )


class KpiQuery(KpiSelection):
    """KPIs to be told, group by group; by `week`, each calendar week is a period of its own."""

    by: Annotated[tuple[Grouping, ...], AfterValidator(_once)] = ()
    measure: Annotated[tuple[KpiCode, ...], AfterValidator(_once)] = Field(
        default=(), description="All of them where none is named."
    )


class RulesInForce(Frozen):
    """What the organization has decided, and the numbers depend on."""

    excused_reasons: tuple[Reason, ...]
    minimum_minutes: dict[str, float]  # of a visit that counts, by class
    early_minutes: float  # before the planned start that are still on time
    late_minutes: float


class LeftOut(Frozen):
    """How many rows were left out for a reason."""

    kind: RowKind
    reason: ExclusionReason
    left_out_of: LeftOutOf
    n_rows: int


class KpiMeasure(Frozen):
    """How a measure of a page is counted, in the organization's language."""

    measure: KpiCode
    name: str
    formula: str
    version: int
    unit: KpiUnit


class KpiValue(Frozen):
    """A number with what it was counted from; `rows` is the address of the rows behind it."""

    measure: KpiCode
    version: int  # of the formula
    group: dict[Grouping, str]
    from_date: dt.date
    until: dt.date
    value: float | None  # none: nothing to divide by
    numerator: float
    denominator: float
    left_out: tuple[LeftOut, ...]
    rows: str


class KpiPage(Frozen):
    """The KPIs of a period, up to `as_of`: later visits and days are not judged yet."""

    from_date: dt.date
    until: dt.date
    as_of: dt.date  # today, in the time zone of the organization
    by: tuple[Grouping, ...]
    rules: RulesInForce
    measures: tuple[KpiMeasure, ...]
    values: tuple[KpiValue, ...]


class WhyLeftOut(Frozen):
    """Why a row was left out, and of what."""

    reason: ExclusionReason
    left_out_of: LeftOutOf


class KpiRowRecord(Frozen):
    """A row behind a number: a store, a rep's day or a visit.

    A store has the visits that its standard asks for, `due`, and those that count, `made`; a rep's
    day has its working minutes.
    """

    kind: RowKind
    id: str  # of a visit its id, of a store its external id, of a day `rep/date`
    is_in_numerator: bool
    is_in_denominator: bool
    left_out: tuple[WhyLeftOut, ...]
    rep: str | None = None
    store_id: str | None = None
    store_name: str | None = None
    store_class: str | None = Field(default=None, alias="class")
    date: dt.date | None = None
    origin: VisitOrigin | None = None
    status: VisitStatus | None = None
    reason: Reason | None = None
    position: int | None = None
    planned_start: TimeOfDay | None = None
    planned_minutes: float | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    minutes: float | None = None
    working_minutes: float | None = None
    is_absent: bool | None = None
    due: int | None = None
    made: int | None = None


class KpiDefinitionRecord(Frozen):
    """A formula; its version changes whenever the same rows could give another number."""

    measure: KpiCode
    version: int
    unit: KpiUnit
    is_share: bool  # the numerator is a part of the denominator
    names: dict[Language, str]
    formulas: dict[Language, str]


class ReasonRecord(Frozen):
    """Why rows are left out."""

    reason: ExclusionReason
    meanings: dict[Language, str]


class KpiDefinitions(Frozen):
    """All formulas, and all reasons for which rows are left out."""

    measures: tuple[KpiDefinitionRecord, ...]
    reasons: tuple[ReasonRecord, ...]
