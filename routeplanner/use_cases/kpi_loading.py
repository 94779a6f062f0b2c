"""What KPIs are counted from: visits, working days, spans of stores; no more than is asked for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import KpiPeriod, RepDay, StoreSpan, VisitRow
from routeplanner.domain.organization_settings import kpi_settings
from routeplanner.errors import InputError, Issue
from routeplanner.jobs import kpi_counts
from routeplanner.operations.kpis.kept import CountRules
from routeplanner.storage import kpi_rows
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_records import KpiSelection
from routeplanner.use_cases.periods import check_period

MOST_REP_DAYS = 20_000
"""Days of the period times reps: what one answer is counted from has an end."""


@dataclass(frozen=True, slots=True)
class KpiScope:
    """Whose KPIs are asked for, of when, and how they are counted."""

    period: KpiPeriod
    today: dt.date
    rules: CountRules
    reps: Mapping[str, UUID]  # by external id
    supervisors: Mapping[str, str]  # by rep


@dataclass(frozen=True, slots=True)
class KpiSource:
    """Everything that the KPIs of a selection are counted from; stores go by their own id."""

    visits: Sequence[VisitRow]
    rep_days: Sequence[RepDay]
    spans: Sequence[StoreSpan]


def scope_of(session: Session, caller: Caller, chosen: KpiSelection) -> KpiScope:
    """What the caller sees of a selection. A rep counts for one supervisor: see `kpi_rows`.

    Raises
    ------
    InputError
        The period ends before it begins or is too long, there are too many reps for it, or the
        rep is none that the caller sees (UNKNOWN_REFERENCE).
    """
    check_period(chosen.from_date, chosen.until)
    reps = kpi_rows.reps_and_supervisors(
        session,
        seen=caller.reps,
        rep=chosen.rep,
        supervisor=chosen.supervisor,
        supervisor_id=caller.person_id if caller.role == "supervisor" else None,
    )
    if chosen.rep is not None and chosen.supervisor is None and not reps:
        raise InputError([_unknown_rep(chosen.rep)])
    _check_size(chosen, len(reps))
    zone = ZoneInfo(caller.time_zone)
    return KpiScope(
        period=KpiPeriod(chosen.from_date, chosen.until),
        today=dt.datetime.now(dt.UTC).astimezone(zone).date(),
        rules=CountRules(zone, kpi_settings(caller.settings)),
        reps={rep: id_ for id_, rep, _ in reps},
        supervisors={rep: supervisor for _, rep, supervisor in reps if supervisor},
    )


def load_source(session: Session, scope: KpiScope, store_class: str | None) -> KpiSource:
    """The rows of a scope; InvalidError (TOO_MANY_VISITS) where they are too many."""
    first, last = scope.period.first, scope.period.last
    rows = kpi_rows.rows_of(
        session,
        scope.reps.values(),
        first,
        last,
        last_day=min(last, scope.today),
        store_class=store_class,
        limit=kpi_counts.MOST_VISITS + 1,
    )
    kpi_counts.refuse_too_many(len(rows.visits))
    visits = [VisitRow._make(row[:-1]) for row in rows.visits]
    days = rows.days
    if store_class is not None:
        seen = {visit.rep for visit in visits}
        days = [row for row in days if row[0] in seen]
    spans = kpi_counts.spans_of(rows.spans)
    return KpiSource(visits, [RepDay(*row) for row in days], list(spans.values()))


def _check_size(chosen: KpiSelection, n_reps: int) -> None:
    days = (chosen.until - chosen.from_date).days + 1
    if days * n_reps > MOST_REP_DAYS:
        issue = Issue(
            code="TOO_MANY_REP_DAYS",
            path="until",
            message=f"{n_reps} reps on {days} days are more than {MOST_REP_DAYS} days of reps",
            hint="choose a shorter period, a rep or a supervisor",
            value=str(days * n_reps),
        )
        raise InputError([issue])


def _unknown_rep(rep: str) -> Issue:
    return Issue(
        code="UNKNOWN_REFERENCE",
        path="rep",
        message=f"there is no rep '{rep}', or none that you see",
        hint="name a rep by the external id of /v1/reps",
        value=rep,
    )
