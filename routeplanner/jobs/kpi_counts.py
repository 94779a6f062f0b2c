"""KPIs rep by rep: as they are kept where nothing has changed, else counted anew and kept.

Counts are kept beside a digest of all that was counted. It is looked up by what is there now, so
counts that are out of date are never found; nothing has to be told of changes.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from routeplanner.domain.kpi import KpiCount, KpiPeriod, RepDay, StoreSpan, VisitRow
from routeplanner.errors import InvalidError
from routeplanner.operations.kpis import compute_kpis
from routeplanner.operations.kpis.kept import (
    CountRules,
    counts_of,
    digest_of,
    is_calendar_period,
    read_counts,
)
from routeplanner.storage import kept_counts, kpi_rows
from routeplanner.storage.database import Session
from routeplanner.storage.kept_counts import CountsRow, Traces

MOST_VISITS = 400_000
"""What one answer is counted from has an end."""

Unit = tuple[str, KpiPeriod]
"""A rep, by external id, in a period."""

Counts = tuple[KpiCount, ...]


@dataclass
class _Trace:
    """What is there of a unit."""

    n_visits: int = 0
    fingerprint: int = 0
    days: list[RepDay] = field(default_factory=list)
    partial_stores: set[str] = field(default_factory=set)

    def digest(self, rules: CountRules) -> bytes:
        return digest_of(rules, self.n_visits, self.fingerprint, self.days, self.partial_stores)


class _Periods:
    """Periods that do not overlap, by their dates."""

    def __init__(self, periods: Iterable[KpiPeriod]) -> None:
        self.in_order = sorted(periods, key=lambda period: period.first)
        self._firsts = [period.first for period in self.in_order]

    def of(self, day: date) -> KpiPeriod | None:
        place = bisect_right(self._firsts, day) - 1
        found = self.in_order[place] if place >= 0 else None
        return found if found is not None and found.holds(day) else None


def counts_by_rep(
    session: Session,
    organization_id: UUID,
    reps: Mapping[str, UUID],
    periods: Iterable[KpiPeriod],
    rules: CountRules,
    today: date,
) -> dict[Unit, Counts]:
    """All KPIs of each rep in each of some periods that do not overlap; none of empty ones.

    Raises
    ------
    InvalidError
        There are more visits than one answer may be counted from (TOO_MANY_VISITS).
    """
    chosen = _Periods(periods)
    traces = kept_counts.traces_of(
        session, reps.values(), [(each.first, each.last) for each in chosen.in_order], today
    )
    refuse_too_many(sum(n for _, _, n, _ in traces.visits))
    name_of = {id_: name for name, id_ in reps.items()}
    period_of = {period.first: period for period in chosen.in_order}
    there = _there(traces, name_of, period_of, chosen)
    digests = {unit: trace.digest(rules) for unit, trace in there.items()}
    counts: dict[Unit, Counts] = {}
    for rep, first, digest, kept in traces.kept:
        unit = name_of[rep], period_of[first]
        if digests.get(unit) == digest:
            counts[unit] = read_counts(json.loads(kept))
    missing = digests.keys() - counts.keys()
    if missing:
        counts |= _counted_and_kept(session, organization_id, reps, missing, rules, today)
    return counts


def refuse_too_many(n_visits: int) -> None:
    """Refuse what is too much for one answer."""
    if n_visits > MOST_VISITS:
        raise InvalidError(f"there are more than {MOST_VISITS} visits", code="TOO_MANY_VISITS")


def _there(
    traces: Traces,
    name_of: Mapping[UUID, str],
    period_of: Mapping[date, KpiPeriod],
    periods: _Periods,
) -> dict[Unit, _Trace]:
    there: dict[Unit, _Trace] = defaultdict(_Trace)
    for rep, first, n, fingerprint in traces.visits:
        trace = there[name_of[rep], period_of[first]]
        trace.n_visits, trace.fingerprint = n, fingerprint
    for unit, days in _days_by_unit(traces.days, periods).items():
        there[unit].days = days
    for rep, first, store in traces.partial_stores:
        there[name_of[rep], period_of[first]].partial_stores.add(store)
    return there


def _counted_and_kept(
    session: Session,
    organization_id: UUID,
    reps: Mapping[str, UUID],
    units: Collection[Unit],
    rules: CountRules,
    today: date,
) -> dict[Unit, Counts]:
    """Count from the rows; what is kept is known by these rows, whatever was there before."""
    periods = _Periods({period for _, period in units})
    first, last = periods.in_order[0].first, periods.in_order[-1].last
    ids = {reps[rep] for rep, _ in units}
    rows = kpi_rows.rows_of(session, ids, first, last, last_day=min(last, today))
    visits: dict[Unit, list[VisitRow]] = {unit: [] for unit in units}
    there: dict[Unit, _Trace] = defaultdict(_Trace)
    for *values, fingerprint in rows.visits:
        visit = VisitRow._make(values)
        period = periods.of(visit.date)
        if period is not None and (visit.rep, period) in visits:
            visits[visit.rep, period].append(visit)
            trace = there[visit.rep, period]
            trace.n_visits += 1
            trace.fingerprint ^= fingerprint
    for unit, days in _days_by_unit(rows.days, periods).items():
        there[unit].days = days
    spans = spans_of(rows.spans)
    counts, to_keep = {}, []
    for unit, own in visits.items():
        (rep, period), trace = unit, there[unit]
        trace.partial_stores = {
            visit.store_id
            for visit in own
            if visit.store_id in spans and not spans[visit.store_id].holds(period)
        }
        counts[unit] = counts_of(
            compute_kpis(
                own, trace.days, period, rules.zone, spans=spans.values(), settings=rules.settings
            )
        )
        if is_calendar_period(period):
            to_keep.append(
                CountsRow(reps[rep], period.first, period.last, trace.digest(rules), counts[unit])
            )
    kept_counts.keep(session, organization_id, to_keep)
    return counts


def spans_of(rows: Iterable[tuple[str, str | None, str | None]]) -> dict[str, StoreSpan]:
    """Spans of stores by store."""
    return {id_: StoreSpan(id_, _date(opened), _date(closed)) for id_, opened, closed in rows}


def _days_by_unit(rows: Iterable[tuple[Any, ...]], periods: _Periods) -> dict[Unit, list[RepDay]]:
    found: dict[Unit, list[RepDay]] = defaultdict(list)
    for row in rows:
        day = RepDay(*row)
        period = periods.of(day.date)
        if period is not None:
            found[day.rep, period].append(day)
    return found


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
