"""What KPIs are counted from: visits, working days, spans of stores; no more than is asked for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import KpiPeriod, KpiSettings, RepDay, StoreSpan, VisitRow
from routeplanner.domain.organization_settings import OrganizationSettings
from routeplanner.errors import InputError, InvalidError, Issue
from routeplanner.storage import kpi_rows
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_records import KpiSelection
from routeplanner.use_cases.periods import check_period

MOST_REP_DAYS = 20_000
"""Days of the period times reps: what one answer is counted from has an end."""

MOST_VISITS = 400_000
FEW_SPANS = 200


@dataclass(frozen=True, slots=True)
class KpiSource:
    """Everything that the KPIs of a selection are counted from; stores go by their own id."""

    period: KpiPeriod
    today: dt.date
    zone: ZoneInfo
    settings: KpiSettings
    supervisors: Mapping[str, str]  # by rep
    visits: Sequence[VisitRow]
    rep_days: Sequence[RepDay]
    spans: Sequence[StoreSpan]


def load_source(session: Session, caller: Caller, chosen: KpiSelection) -> KpiSource:
    """What the caller sees of a selection. A rep counts for one supervisor: see `kpi_rows`.

    Raises
    ------
    InputError
        The period ends before it begins or is too long, or there are too many reps for it.
    """
    first, last = chosen.from_date, chosen.until
    _check_period(chosen)
    reps = kpi_rows.reps_and_supervisors(
        session,
        seen=caller.reps,
        rep=chosen.rep,
        supervisor=chosen.supervisor,
        supervisor_id=caller.person_id if caller.role == "supervisor" else None,
    )
    _check_size(chosen, len(reps))
    zone = ZoneInfo(caller.time_zone)
    today = dt.datetime.now(dt.UTC).astimezone(zone).date()
    rows = kpi_rows.rows_of(
        session,
        [id_ for id_, _, _ in reps],
        first,
        last,
        last_day=min(last, today),
        store_class=chosen.store_class,
        limit=MOST_VISITS + 1,
        few=FEW_SPANS,
    )
    if len(rows.visits) > MOST_VISITS:
        raise InvalidError(f"there are more than {MOST_VISITS} visits", code="TOO_MANY_VISITS")
    visits = [VisitRow._make(row) for row in rows.visits]
    days = rows.days
    if chosen.store_class is not None:
        seen = {visit.rep for visit in visits}
        days = [row for row in days if row[0] in seen]
    return KpiSource(
        period=KpiPeriod(first, last),
        today=today,
        zone=zone,
        settings=_settings(caller),
        supervisors={rep: supervisor for _, rep, supervisor in reps if supervisor},
        visits=visits,
        rep_days=[RepDay(*row) for row in days],
        spans=[StoreSpan(id_, _date(opened), _date(closed)) for id_, opened, closed in rows.spans],
    )


def _check_period(chosen: KpiSelection) -> None:
    check_period(chosen.from_date, chosen.until)


def _check_size(chosen: KpiSelection, n_reps: int) -> None:
    days = (chosen.until - chosen.from_date).days + 1
    if days * n_reps > MOST_REP_DAYS:
        message = f"{n_reps} reps on {days} days are more than {MOST_REP_DAYS} days of reps"
        raise InputError([_fault("TOO_MANY_REP_DAYS", message, days * n_reps)])


def _fault(code: str, message: str, value: int) -> Issue:
    hint = "choose a shorter period, a rep or a supervisor"
    return Issue(code=code, path="until", message=message, hint=hint, value=str(value))


def _settings(caller: Caller) -> KpiSettings:
    settings = OrganizationSettings.model_validate(caller.settings)
    return KpiSettings(
        excused=settings.visits.excused_reasons,
        minimum_minutes=settings.kpis.minimum_minutes,
        early_minutes=settings.kpis.early_minutes,
        late_minutes=settings.kpis.late_minutes,
    )


def _date(day: str | None) -> dt.date | None:
    return None if day is None else dt.date.fromisoformat(day)
