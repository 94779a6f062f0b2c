"""All KPIs of a period, for everybody or by rep, supervisor, class and week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import (
    Grouping,
    KpiCode,
    KpiPeriod,
    KpiResult,
    KpiSettings,
    RepDay,
    StoreSpan,
    VisitRow,
)
from routeplanner.domain.visit import Visit
from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.definitions import KPIS
from routeplanner.operations.kpis.of_minutes import in_store_minutes, in_store_share
from routeplanner.operations.kpis.of_stores import call_compliance, store_coverage, stores_reached
from routeplanner.operations.kpis.of_visits import (
    on_time_rate,
    planned_visit_compliance,
    sequence_compliance,
)
from routeplanner.operations.kpis.rows import Rows

FORMULAS: dict[KpiCode, Callable[[Rows], Count]] = {
    "store_coverage": store_coverage,
    "call_compliance": call_compliance,
    "stores_reached": stores_reached,
    "planned_visit_compliance": planned_visit_compliance,
    "sequence_compliance": sequence_compliance,
    "in_store_minutes": in_store_minutes,
    "in_store_share": in_store_share,
    "on_time_rate": on_time_rate,
}
_DEFAULTS = KpiSettings()
_Key = tuple[str, ...]


def compute_kpis(
    visits: Iterable[Visit | VisitRow],
    rep_days: Iterable[RepDay],
    period: KpiPeriod,
    zone: ZoneInfo,
    *,
    by: Sequence[Grouping] = (),
    supervisors: Mapping[str, str] | None = None,
    spans: Iterable[StoreSpan] = (),
    settings: KpiSettings = _DEFAULTS,
    codes: Sequence[KpiCode] = tuple(FORMULAS),
) -> tuple[KpiResult, ...]:
    """Return the KPIs of a period, group by group.

    Parameters
    ----------
    visits
        All visits of the period, or their rows; those outside it are passed over.
    rep_days
        Days on which reps were to work, with their minutes: the denominator of the in-store share.
    zone
        Of the organization: planned times are on its clocks.
    by
        What groups share; none for one group of everything. By `week`, each calendar week (ISO
        8601) is a period of its own within the period.
    supervisors
        Supervisor by rep; reps without one form a group with an empty name.
    spans
        Stores that opened or closed at a known date.
    """
    first, last = period.first, period.last
    groups = _groups(
        [
            visit if isinstance(visit, VisitRow) else VisitRow.of(visit)
            for visit in visits
            if first <= visit.date <= last
        ],
        [day for day in rep_days if period.holds(day.date)],
        by,
        supervisors or {},
    )
    known = {span.store_id: span for span in spans}
    return tuple(
        result
        for key, (own, days) in sorted(groups.items())
        for result in _results(
            Rows(
                visits=sorted(own, key=attrgetter("date", "id")),
                rep_days=sorted(days, key=lambda day: (day.date, day.rep)),
                period=_period_of(period, by, key),
                spans=known,
                settings=settings,
                zone=zone,
            ),
            dict(zip(by, key, strict=True)),
            codes,
        )
    )


@lru_cache(maxsize=4096)
def week_of(day: date) -> str:
    """The ISO 8601 week of a date, such as 2026-W53."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _results(
    rows: Rows, group: Mapping[Grouping, str], codes: Sequence[KpiCode]
) -> Iterator[KpiResult]:
    visit_ids = tuple(visit.id for visit in rows.visits)
    for code in codes:
        count = FORMULAS[code](rows)
        yield KpiResult(
            definition=KPIS[code],
            group=group,
            period=rows.period,
            numerator=count.numerator,
            denominator=count.denominator,
            numerator_ids=count.numerator_ids,
            denominator_ids=count.denominator_ids,
            visit_ids=visit_ids,
            excluded=count.excluded,
        )


def _groups(
    visits: Sequence[VisitRow],
    rep_days: Sequence[RepDay],
    by: Sequence[Grouping],
    supervisors: Mapping[str, str],
) -> dict[_Key, tuple[list[VisitRow], list[RepDay]]]:
    """Visits and rep days by key; a day belongs to all classes that the rep visits meanwhile."""
    groups: dict[_Key, tuple[list[VisitRow], list[RepDay]]] = defaultdict(lambda: ([], []))
    if not by:
        groups[()] = (list(visits), list(rep_days))
        return groups
    parts = [_PARTS[name] for name in by]
    classes: dict[tuple[str, str], set[str]] = defaultdict(set)  # by rep and period
    own: dict[tuple[str, date, str], list[VisitRow]] = {}  # few places of many visits
    for visit in visits:
        place = visit.rep, visit.date, visit.store_class
        chosen = own.get(place)
        if chosen is None:
            chosen = own[place] = groups[tuple(part(supervisors, *place) for part in parts)][0]
            classes[visit.rep, _period_key(by, visit.date)].add(visit.store_class)
        chosen.append(visit)
    for day in rep_days:
        shown = classes[day.rep, _period_key(by, day.date)] if "class" in by else {""}
        for store_class in shown:
            key = tuple(part(supervisors, day.rep, day.date, store_class) for part in parts)
            groups[key][1].append(day)
    return groups


_PARTS: dict[Grouping, Callable[[Mapping[str, str], str, date, str], str]] = {
    "rep": lambda _supervisors, rep, _day, _class: rep,
    "supervisor": lambda supervisors, rep, _day, _class: supervisors.get(rep, ""),
    "class": lambda _supervisors, _rep, _day, store_class: store_class,
    "week": lambda _supervisors, _rep, day, _class: week_of(day),
}


def _period_key(by: Sequence[Grouping], day: date) -> str:
    return week_of(day) if "week" in by else ""


def _period_of(period: KpiPeriod, by: Sequence[Grouping], key: _Key) -> KpiPeriod:
    if "week" not in by:
        return period
    year, week = key[by.index("week")].split("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return KpiPeriod(max(period.first, monday), min(period.last, monday + timedelta(days=6)))
