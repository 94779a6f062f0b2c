"""The numbers of each group: rep by rep from counts that are kept, others from the rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from routeplanner.domain.kpi import Grouping, KpiCode, KpiCount, KpiPeriod
from routeplanner.jobs.kpi_counts import counts_by_rep
from routeplanner.operations.kpis import compute_kpis
from routeplanner.operations.kpis.compute import week_of
from routeplanner.operations.kpis.kept import counts_of, is_calendar_period
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_loading import KpiScope, load_source
from routeplanner.use_cases.kpi_records import KpiQuery


@dataclass(frozen=True, slots=True)
class KpiGroup:
    """The numbers of one group in one period."""

    names: Mapping[Grouping, str]
    period: KpiPeriod
    counts: tuple[KpiCount, ...]


def groups_of(
    session: Session,
    caller: Caller,
    scope: KpiScope,
    query: KpiQuery,
    codes: Sequence[KpiCode],
) -> tuple[KpiGroup, ...]:
    """The groups of a question in their order, with the measures that are asked for."""
    periods = tuple(_weeks_of(scope.period)) if "week" in query.by else (scope.period,)
    if not _is_by_rep(scope, query) or not any(map(is_calendar_period, periods)):
        return tuple(_from_rows(session, scope, query, codes))
    found = counts_by_rep(
        session, caller.organization_id, scope.reps, periods, scope.rules, scope.today
    )
    if not found and not query.by:  # one group, of nothing
        return tuple(_from_rows(session, scope, query, codes))
    groups = (
        KpiGroup(_names(query.by, scope, rep, period), period, _chosen(counts, codes))
        for (rep, period), counts in found.items()
    )
    return tuple(sorted(groups, key=lambda group: tuple(group.names.values())))


def _is_by_rep(scope: KpiScope, query: KpiQuery) -> bool:
    """Whether no group has more than one rep, and each has all classes."""
    is_alone = "rep" in query.by or len(scope.reps) == 1
    return is_alone and "class" not in query.by and query.store_class is None


def _weeks_of(period: KpiPeriod) -> Iterator[KpiPeriod]:
    """The calendar weeks of a period, the first and the last as far as they lie in it."""
    first = period.first
    while first <= period.last:
        sunday = first + timedelta(days=6 - first.weekday())
        yield KpiPeriod(first, min(sunday, period.last))
        first = sunday + timedelta(days=1)


def _names(
    by: Sequence[Grouping], scope: KpiScope, rep: str, period: KpiPeriod
) -> dict[Grouping, str]:
    names: dict[Grouping, str] = {
        "rep": rep,
        "supervisor": scope.supervisors.get(rep, ""),
        "week": week_of(period.first),
    }
    return {name: names[name] for name in by}


def _chosen(counts: Iterable[KpiCount], codes: Sequence[KpiCode]) -> tuple[KpiCount, ...]:
    by_code = {count.code: count for count in counts}
    return tuple([by_code[code] for code in codes])


def _from_rows(
    session: Session, scope: KpiScope, query: KpiQuery, codes: Sequence[KpiCode]
) -> Iterator[KpiGroup]:
    source = load_source(session, scope, query.store_class)
    results = compute_kpis(
        source.visits,
        source.rep_days,
        scope.period,
        scope.rules.zone,
        by=query.by,
        supervisors=scope.supervisors,
        spans=source.spans,
        settings=scope.rules.settings,
        codes=codes,
    )
    for (period, names), own in groupby(results, key=lambda result: (result.period, result.group)):
        yield KpiGroup(names, period, counts_of(own))
