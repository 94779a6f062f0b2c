"""The rows behind one number: each that was looked at, and how it counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import (
    Exclusion,
    ExclusionReason,
    KpiCode,
    KpiPeriod,
    KpiSettings,
    RepDay,
    RowKind,
    StoreSpan,
    VisitRow,
)
from routeplanner.operations.kpis.compute import FORMULAS
from routeplanner.operations.kpis.rows import Rows

_OF_STORES: tuple[KpiCode, ...] = ("store_coverage", "call_compliance", "stores_reached")


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A store, a rep's day or a visit, and what it adds to a number.

    `due` and `made` are the visits of a store that the standard asks for, and that count.
    """

    kind: RowKind
    id: str
    is_in_numerator: bool
    is_in_denominator: bool
    left_out: tuple[Exclusion, ...]
    visit: VisitRow | None = None
    rep_day: RepDay | None = None
    due: int | None = None
    made: int | None = None


def rows_behind(
    code: KpiCode,
    visits: Iterable[VisitRow],
    rep_days: Iterable[RepDay],
    period: KpiPeriod,
    zone: ZoneInfo,
    *,
    spans: Iterable[StoreSpan] = (),
    settings: KpiSettings,
) -> tuple[KpiRow, ...]:
    """Return stores by id or rep days by date, where the number counts such, then all visits.

    Parameters are those of `compute_kpis`, for one group.
    """
    rows = Rows(
        visits=sorted(visits, key=lambda visit: (visit.date, visit.id)),
        rep_days=sorted(rep_days, key=lambda day: (day.date, day.rep)),
        period=period,
        spans={span.store_id: span for span in spans},
        settings=settings,
        zone=zone,
    )
    count = FORMULAS[code](rows)
    sorter = _Sorter(
        frozenset(count.numerator_ids), frozenset(count.denominator_ids), _by_row(count.excluded)
    )
    if code in _OF_STORES:
        return (*_stores(rows, sorter), *_visits(rows, sorter))
    if code == "in_store_share":
        days = (sorter.row("rep_day", day.id, rep_day=day) for day in rows.rep_days)
        return (*days, *_visits(rows, sorter))
    return tuple(_visits(rows, sorter))


@dataclass(frozen=True, slots=True)
class _Sorter:
    """Tells of a row what a count makes of it; ids of all kinds are different."""

    numerator: frozenset[str]
    denominator: frozenset[str]
    excluded: Mapping[tuple[str, str], tuple[Exclusion, ...]]

    def row(
        self,
        kind: RowKind,
        id_: str,
        *,
        visit: VisitRow | None = None,
        rep_day: RepDay | None = None,
        due: int | None = None,
        made: int | None = None,
    ) -> KpiRow:
        return KpiRow(
            kind=kind,
            id=id_,
            is_in_numerator=id_ in self.numerator,
            is_in_denominator=id_ in self.denominator,
            left_out=self.excluded.get((kind, id_), ()),
            visit=visit,
            rep_day=rep_day,
            due=due,
            made=made,
        )


def _visits(rows: Rows, sorter: _Sorter) -> Iterator[KpiRow]:
    return (sorter.row("visit", visit.id, visit=visit) for visit in rows.visits)


def _stores(rows: Rows, sorter: _Sorter) -> Iterator[KpiRow]:
    made = Counter(visit.store_id for visit in rows.made)
    for store in sorted({visit.store_id for visit in rows.visits}):
        yield sorter.row("store", store, due=rows.due[store], made=made[store])


def _by_row(excluded: Iterable[Exclusion]) -> dict[tuple[str, str], tuple[Exclusion, ...]]:
    found: dict[tuple[str, str], dict[ExclusionReason, Exclusion]] = defaultdict(dict)
    for entry in excluded:
        found[entry.kind, entry.id].setdefault(entry.reason, entry)
    return {row: tuple(entries.values()) for row, entries in found.items()}
