"""KPIs of a period: each number, what was left out of it, and the rows behind it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import get_args
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.kpi import (
    ExclusionReason,
    Grouping,
    KpiCode,
    KpiDefinition,
    KpiSettings,
    LeftOutCount,
    VisitRow,
)
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.operations.kpis import KPIS, KpiRow, rows_behind
from routeplanner.storage.database import Session
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import StoreRow
from routeplanner.texts import text
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_groups import KpiGroup, groups_of
from routeplanner.use_cases.kpi_loading import load_source, scope_of
from routeplanner.use_cases.kpi_records import (
    KpiDefinitionRecord,
    KpiDefinitions,
    KpiMeasure,
    KpiPage,
    KpiQuery,
    KpiRowRecord,
    KpiSelection,
    KpiValue,
    LeftOut,
    ReasonRecord,
    RulesInForce,
    WhyLeftOut,
)
from routeplanner.use_cases.pages import Page, page_of_list

MOST_VALUES = 10_000

_LANGUAGES: tuple[Language, ...] = get_args(Language)


def kpis_of(session: Session, caller: Caller, query: KpiQuery) -> KpiPage:
    """The KPIs of a period, group by group.

    Raises
    ------
    InputError
        Too much for one answer: see `scope_of` and `load_source`; or too many values
        (TOO_MANY_GROUPS).
    """
    codes = query.measure or tuple(KPIS)
    scope = scope_of(session, caller, query)
    groups = groups_of(session, caller, scope, query, codes)
    n = sum(len(group.counts) for group in groups)
    if n > MOST_VALUES:
        raise InputError([_too_many(n)])
    language: Language = "zh" if caller.language == "zh" else "en"
    return KpiPage(
        from_date=query.from_date,
        until=query.until,
        as_of=scope.today,
        by=query.by,
        rules=_rules(scope.rules.settings),
        measures=tuple(_measure(KPIS[code], language) for code in codes),
        values=tuple(_values(groups, query)),
    )


def kpi_rows(
    session: Session,
    caller: Caller,
    measure: KpiCode,
    chosen: KpiSelection,
    *,
    cursor: str | None,
    limit: int,
) -> Page[KpiRowRecord]:
    """A page of the rows behind a number: stores or days where it counts such, then visits."""
    scope = scope_of(session, caller, chosen)
    source = load_source(session, scope, chosen.store_class)
    rows = rows_behind(
        measure,
        source.visits,
        source.rep_days,
        scope.period,
        scope.rules.zone,
        spans=source.spans,
        settings=scope.rules.settings,
    )
    page = page_of_list(rows, _place, cursor=cursor, limit=limit)
    stores = _stores(session, page.items)
    items = [_row_record(row, stores) for row in page.items]
    return Page(items, page.next)


@cache
def kpi_definitions() -> KpiDefinitions:
    """All formulas with their versions, and the reasons for which rows are left out."""
    reasons: tuple[ExclusionReason, ...] = get_args(ExclusionReason)
    return KpiDefinitions(
        measures=tuple(
            KpiDefinitionRecord(
                measure=kpi.code,
                version=kpi.version,
                unit=kpi.unit,
                is_share=kpi.is_share,
                names=dict(kpi.names),
                formulas=dict(kpi.formulas),
            )
            for kpi in KPIS.values()
        ),
        reasons=tuple(
            ReasonRecord(
                reason=reason,
                meanings={
                    language: text(f"kpis.left_out_{reason}", language) for language in _LANGUAGES
                },
            )
            for reason in reasons
        ),
    )


def _rules(settings: KpiSettings) -> RulesInForce:
    return RulesInForce(
        excused_reasons=tuple(sorted(settings.excused)),
        minimum_minutes=dict(settings.minimum_minutes),
        early_minutes=settings.early_minutes,
        late_minutes=settings.late_minutes,
    )


def _measure(kpi: KpiDefinition, language: Language) -> KpiMeasure:
    return KpiMeasure(
        measure=kpi.code,
        name=kpi.names[language],
        formula=kpi.formulas[language],
        version=kpi.version,
        unit=kpi.unit,
    )


def _values(groups: Iterable[KpiGroup], query: KpiSelection) -> Iterator[KpiValue]:
    told: dict[tuple[LeftOutCount, ...], tuple[LeftOut, ...]] = {}  # several measures share them
    for group in groups:
        names, period = dict(group.names), group.period
        address = _address(group, query)
        for count in group.counts:
            left_out = told.get(count.left_out)
            if left_out is None:
                left_out = told[count.left_out] = tuple(
                    LeftOut(kind=kind, reason=reason, left_out_of=part, n_rows=n)
                    for kind, reason, part, n in count.left_out
                )
            yield KpiValue(
                measure=count.code,
                version=KPIS[count.code].version,
                group=names,
                from_date=period.first,
                until=period.last,
                value=count.value,
                numerator=count.numerator,
                denominator=count.denominator,
                left_out=left_out,
                rows=f"/v1/kpis/{count.code}/rows?{address}",
            )


def _address(group: KpiGroup, query: KpiSelection) -> str:
    """What asks for the rows behind the numbers of a group in its period."""
    asked: dict[Grouping, str | None] = {
        "rep": query.rep,
        "supervisor": query.supervisor,
        "class": query.store_class,
    }
    chosen = {name: group.names.get(name, value) for name, value in asked.items()}
    period = {"from_date": str(group.period.first), "until": str(group.period.last)}
    return urlencode(period | {name: value for name, value in chosen.items() if value is not None})


def _too_many(n: int) -> Issue:
    return Issue(
        code="TOO_MANY_GROUPS",
        path="by",
        message=f"{n} values are more than {MOST_VALUES}",
        hint="group by less, or choose a measure, a rep or a supervisor",
        value=str(n),
    )


def _place(row: KpiRow) -> str:
    """Where a row stands in the list, as text that sorts likewise."""
    if row.visit is not None:
        return f"2/{row.visit.date}/{row.id}"
    if row.rep_day is not None:
        return f"1/{row.rep_day.date}/{row.rep_day.rep}"
    return f"0/{row.id}"


def _stores(session: Session, rows: Iterable[KpiRow]) -> Mapping[str, tuple[str, str]]:
    """External ids and names of the stores of some rows, by their own ids."""
    ids = {row.id for row in rows if row.kind == "store"}
    ids |= {row.visit.store_id for row in rows if row.visit is not None}
    found = session.execute(
        select(StoreRow.id, StoreRow.external_id, StoreRow.name).where(
            one_of(StoreRow.id, [UUID(id_) for id_ in ids])
        )
    )
    return {str(id_): (external_id, name) for id_, external_id, name in found}


def _row_record(row: KpiRow, stores: Mapping[str, tuple[str, str]]) -> KpiRowRecord:
    values: dict[str, object] = {
        "kind": row.kind,
        "id": row.id,
        "is_in_numerator": row.is_in_numerator,
        "is_in_denominator": row.is_in_denominator,
        "left_out": tuple(
            WhyLeftOut(reason=entry.reason, left_out_of=entry.left_out_of) for entry in row.left_out
        ),
    }
    if row.visit is not None:
        values |= _visit_values(row.visit, *stores[row.visit.store_id])
    elif row.rep_day is not None:
        day = row.rep_day
        values |= {
            "rep": day.rep,
            "date": day.date,
            "working_minutes": day.working_minutes,
            "is_absent": day.is_absent,
        }
    else:
        store_id, name = stores[row.id]
        values |= {
            "id": store_id, "store_id": store_id, "store_name": name,
            "due": row.due, "made": row.made,
        }  # fmt: skip
    return KpiRowRecord.model_validate(values)


def _visit_values(visit: VisitRow, store_id: str, store_name: str) -> dict[str, object]:
    own = (
        "rep", "date", "origin", "status", "reason", "position", "planned_start",
        "planned_minutes", "started_at", "ended_at", "minutes",
    )  # fmt: skip
    return {name: getattr(visit, name) for name in own} | {
        "store_id": store_id,
        "store_name": store_name,
        "class": visit.store_class or None,
    }
