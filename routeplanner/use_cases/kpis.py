"""KPIs of a period: each number, what was left out of it, and the rows behind it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import get_args
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.kpi import (
    Exclusion,
    ExclusionReason,
    Grouping,
    KpiCode,
    KpiDefinition,
    KpiResult,
    VisitRow,
)
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.operations.kpis import KPIS, KpiRow, compute_kpis, rows_behind
from routeplanner.storage.database import Session
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import StoreRow
from routeplanner.texts import text
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_loading import KpiSource, load_source
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
        Too much for one answer: see `load_source`; or too many groups (TOO_MANY_GROUPS).
    """
    codes = query.measure or tuple(KPIS)
    source = load_source(session, caller, query)
    results = compute_kpis(
        source.visits,
        source.rep_days,
        source.period,
        source.zone,
        by=query.by,
        supervisors=source.supervisors,
        spans=source.spans,
        settings=source.settings,
        codes=codes,
    )
    if len(results) > MOST_VALUES:
        raise InputError([_too_many(len(results))])
    language: Language = "zh" if caller.language == "zh" else "en"
    return KpiPage(
        from_date=query.from_date,
        until=query.until,
        as_of=source.today,
        by=query.by,
        rules=_rules(source),
        measures=tuple(_measure(KPIS[code], language) for code in codes),
        values=tuple(_values(results, query)),
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
    source = load_source(session, caller, chosen)
    rows = rows_behind(
        measure,
        source.visits,
        source.rep_days,
        source.period,
        source.zone,
        spans=source.spans,
        settings=source.settings,
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


def _rules(source: KpiSource) -> RulesInForce:
    settings = source.settings
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


def _values(results: Sequence[KpiResult], query: KpiSelection) -> Iterator[KpiValue]:
    addresses: dict[tuple[object, ...], str] = {}  # of the rows of a group, without the measure
    told: dict[tuple[Exclusion, ...], tuple[LeftOut, ...]] = {}  # several measures share them
    for result in results:
        period, group = result.period, dict(result.group)
        place = (period, *group.values())
        if place not in addresses:
            addresses[place] = _address(result, query)
        left_out = told.get(result.excluded)
        if left_out is None:
            left_out = told[result.excluded] = _left_out(result.excluded)
        yield KpiValue(
            measure=result.definition.code,
            version=result.definition.version,
            group=group,
            from_date=period.first,
            until=period.last,
            value=result.value,
            numerator=result.numerator,
            denominator=result.denominator,
            left_out=left_out,
            rows=f"/v1/kpis/{result.definition.code}/rows?{addresses[place]}",
        )


def _left_out(excluded: Iterable[Exclusion]) -> tuple[LeftOut, ...]:
    counts = Counter([(kind, reason, part) for kind, _, reason, part in excluded])
    return tuple(
        LeftOut(kind=kind, reason=reason, left_out_of=part, n_rows=n)
        for (kind, reason, part), n in sorted(counts.items())
    )


def _address(result: KpiResult, query: KpiSelection) -> str:
    """What asks for the rows of one number: those of its group in its period."""
    asked: dict[Grouping, str | None] = {
        "rep": query.rep,
        "supervisor": query.supervisor,
        "class": query.store_class,
    }
    chosen = {name: result.group.get(name, value) for name, value in asked.items()}
    period = {"from_date": str(result.period.first), "until": str(result.period.last)}
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
