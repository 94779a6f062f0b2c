"""What KPIs are counted from: visits, working days, spans of stores; no more columns than that."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func, select, text

from routeplanner.domain.kpi import KpiPeriod, KpiSettings, RepDay, StoreSpan, VisitRow
from routeplanner.domain.organization_settings import OrganizationSettings
from routeplanner.errors import InputError, InvalidError, Issue
from routeplanner.storage.database import Session
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import Person, PersonRep, RepRow
from routeplanner.storage.visit_tables import PublicationDay, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kpi_records import KpiSelection

MOST_DAYS = 366
MOST_REP_DAYS = 20_000
"""Days of the period times reps: what one answer is counted from has an end."""

MOST_VISITS = 400_000

FEW_SPANS = 200

# The first condition is that of an index, which holds such stores alone.
_KNOWN_SPANS = """
    SELECT CAST(id AS text), details ->> 'opened_on', details ->> 'closed_on' FROM stores
    WHERE (details ->> 'opened_on' IS NOT NULL OR details ->> 'closed_on' IS NOT NULL)
      AND (details ->> 'opened_on' > :from_date OR details ->> 'closed_on' < :until)
    """
_SPANS = text(f"{_KNOWN_SPANS} LIMIT :limit")
_SPANS_OF = text(f"{_KNOWN_SPANS} AND id = ANY(CAST(:ids AS uuid[]))")


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
    """What the caller sees of a selection.

    Raises
    ------
    InputError
        The period ends before it begins or is too long, or there are too many reps for it.
    """
    _check_period(chosen)
    rep_of, supervisors = _reps(session, caller, chosen)
    _check_size(chosen, len(rep_of))
    zone = ZoneInfo(caller.time_zone)
    today = dt.datetime.now(dt.UTC).astimezone(zone).date()
    visits = _visits(session, chosen, rep_of)
    rep_days = _rep_days(session, chosen, rep_of, today)
    if chosen.store_class is not None:
        seen = {visit.rep for visit in visits}
        rep_days = [day for day in rep_days if day.rep in seen]
    return KpiSource(
        period=KpiPeriod(chosen.from_date, chosen.until),
        today=today,
        zone=zone,
        settings=_settings(caller),
        supervisors=supervisors,
        visits=visits,
        rep_days=rep_days,
        spans=_spans(session, chosen, visits),
    )


def _check_period(chosen: KpiSelection) -> None:
    days = (chosen.until - chosen.from_date).days + 1
    if days < 1:
        raise InputError([_fault("UNTIL_BEFORE_START", "the period ends before it begins", days)])
    if days > MOST_DAYS:
        message = f"{days} days are more than {MOST_DAYS}"
        raise InputError([_fault("PERIOD_TOO_LONG", message, days)])


def _check_size(chosen: KpiSelection, n_reps: int) -> None:
    days = (chosen.until - chosen.from_date).days + 1
    if days * n_reps > MOST_REP_DAYS:
        message = f"{n_reps} reps on {days} days are more than {MOST_REP_DAYS} days of reps"
        raise InputError([_fault("TOO_MANY_REP_DAYS", message, days * n_reps)])


def _fault(code: str, message: str, value: int) -> Issue:
    hint = "choose a shorter period, a rep or a supervisor"
    return Issue(code=code, path="until", message=message, hint=hint, value=str(value))


def _reps(
    session: Session, caller: Caller, chosen: KpiSelection
) -> tuple[dict[UUID, str], dict[str, str]]:
    """The reps that are counted, by id, and who leads each of them.

    A rep counts for one supervisor: the caller, else the first by external id.
    """
    leader = (
        select(PersonRep.rep_id, Person.external_id)
        .join(Person, Person.id == PersonRep.person_id)
        .where(Person.role == "supervisor", Person.is_active)
    )
    if caller.role == "supervisor":
        leader = leader.where(Person.id == caller.person_id)
    led = leader.subquery()
    query = (
        select(RepRow.id, RepRow.external_id, func.min(led.c.external_id))
        .outerjoin(led, led.c.rep_id == RepRow.id)
        .group_by(RepRow.id, RepRow.external_id)
    )
    if caller.reps is not None:
        query = query.where(one_of(RepRow.external_id, caller.reps))
    if chosen.rep is not None:
        query = query.where(RepRow.external_id == chosen.rep)
    if chosen.supervisor is not None:
        query = query.having(func.coalesce(func.min(led.c.external_id), "") == chosen.supervisor)
    found = session.execute(query).all()
    return {id_: rep for id_, rep, _ in found}, {rep: name for _, rep, name in found if name}


def _visits(session: Session, chosen: KpiSelection, rep_of: Mapping[UUID, str]) -> list[VisitRow]:
    """The visits of a selection, by date; ids as text, which costs half of what objects do."""
    row = StoredVisit
    query = (
        select(
            cast(row.id, String), RepRow.external_id, cast(row.store_id, String),
            row.store_class, row.date, row.origin, row.status, row.reason, row.position,
            row.planned_start, row.planned_minutes, row.started_at, row.ended_at, row.minutes,
        )
        .join(RepRow, RepRow.id == row.rep_id)
        .where(one_of(row.rep_id, rep_of), row.date.between(chosen.from_date, chosen.until))
        .order_by(row.date, row.id)
        .limit(MOST_VISITS + 1)
    )  # fmt: skip
    if chosen.store_class is not None:
        query = query.where(row.store_class == chosen.store_class)
    visits = [VisitRow._make(values) for values in session.execute(query)]
    if len(visits) > MOST_VISITS:
        raise InvalidError(f"there are more than {MOST_VISITS} visits", code="TOO_MANY_VISITS")
    return visits


def _rep_days(
    session: Session, chosen: KpiSelection, rep_of: Mapping[UUID, str], today: dt.date
) -> list[RepDay]:
    """The working days of what is published, until today."""
    row = PublicationDay
    found = session.execute(
        select(row.rep_id, row.date, row.working_minutes, row.is_absent).where(
            one_of(row.rep_id, rep_of),
            row.date.between(chosen.from_date, min(chosen.until, today)),
            row.working_minutes.is_not(None),
        )
    )
    return [
        RepDay(rep_of[rep], day, minutes or 0, is_absent) for rep, day, minutes, is_absent in found
    ]


def _spans(session: Session, chosen: KpiSelection, visits: Sequence[VisitRow]) -> list[StoreSpan]:
    """Of the stores that were visited, or to be visited, those that were not always there.

    Mostly few stores are such ones, and those of others do no harm: ids are sent only where
    there are many.
    """
    period = {"from_date": str(chosen.from_date), "until": str(chosen.until)}
    found = session.execute(_SPANS, period | {"limit": FEW_SPANS}).all()
    if len(found) == FEW_SPANS:
        ids = list({visit.store_id for visit in visits})
        found = session.execute(_SPANS_OF, period | {"ids": ids}).all()
    return [StoreSpan(id_, _date(first), _date(last)) for id_, first, last in found]


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
