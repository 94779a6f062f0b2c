"""Rows of visits and reports as the domain has them, and back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from routeplanner.domain.visit import AdHoc, Position, Visit, VisitEvent
from routeplanner.storage.database import Session
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import StoredReport, StoredVisit


@dataclass(frozen=True, slots=True)
class VisitState:
    """A visit as the domain has it, beside its row."""

    row: StoredVisit
    visit: Visit


def visits_where(
    session: Session, *conditions: ColumnElement[bool], is_locked: bool = False
) -> dict[str, VisitState]:
    """Visits with what was reported of them, by id; locked in the order of their ids."""
    query = (
        select(StoredVisit, RepRow.external_id, StoreRow.external_id)
        .join(RepRow, RepRow.id == StoredVisit.rep_id)
        .join(StoreRow, StoreRow.id == StoredVisit.store_id)
        .where(*conditions)
        .order_by(StoredVisit.id)
    )
    if is_locked:
        query = query.with_for_update(of=StoredVisit)
    found = session.execute(query.execution_options(populate_existing=True)).all()
    entries = _entries(session, [row.id for row, _, _ in found])
    return {
        str(row.id): VisitState(row, _visit(row, rep, store, entries[row.id]))
        for row, rep, store in found
    }


def columns_of(visit: Visit) -> dict[str, Any]:
    """The columns that hold what the reports of a visit come to."""
    return {
        "status": visit.status,
        "reason": visit.reason,
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
        "minutes": visit.minutes,
        "open_points": list(visit.open_points),
        "missed_at": visit.missed_at,
    }


def report_columns(
    event: VisitEvent,
    organization_id: UUID,
    person_id: UUID | None,
    reps: Mapping[str, UUID],
    stores: Mapping[str, UUID],
) -> dict[str, Any]:
    """The columns of a report."""
    place, position = event.ad_hoc, event.position
    return {
        "organization_id": organization_id,
        "client_id": event.client_id,
        "visit_id": event.visit_id,
        "kind": event.kind,
        "recorded_at": event.recorded_at.isoformat(),
        "at": None if event.at is None else event.at.isoformat(),
        "reason": event.reason,
        "note": event.note,
        "open_points": list(event.open_points),
        "lat": None if position is None else position.lat,
        "lon": None if position is None else position.lon,
        "is_withdrawn": event.is_withdrawn,
        "ad_hoc_rep_id": None if place is None else reps[place.rep],
        "ad_hoc_store_id": None if place is None else stores[place.store_id],
        "ad_hoc_date": None if place is None else place.date,
        "reported_by": person_id,
    }


def events_where(session: Session, *conditions: ColumnElement[bool]) -> list[VisitEvent]:
    """Reports as the domain has them, in the order in which they came in."""
    rep, store = aliased(RepRow), aliased(StoreRow)
    query = (
        select(StoredReport, rep.external_id, store.external_id)
        .outerjoin(rep, rep.id == StoredReport.ad_hoc_rep_id)
        .outerjoin(store, store.id == StoredReport.ad_hoc_store_id)
        .where(*conditions)
        .order_by(StoredReport.received_at, StoredReport.recorded_at, StoredReport.client_id)
    )
    return [_event(row, rep_id, store_id) for row, rep_id, store_id in session.execute(query)]


def new_events(before: Visit | None, after: Visit) -> list[VisitEvent]:
    """What was reported of a visit since."""
    known = {entry.client_id for entry in before.entries} if before else set()
    return [entry for entry in after.entries if entry.client_id not in known]


def _entries(session: Session, ids: list[UUID]) -> dict[UUID, tuple[VisitEvent, ...]]:
    """Of each visit the reports that hold: the last recorded one of each kind."""
    last: dict[UUID, dict[str, VisitEvent]] = defaultdict(dict)
    for event in events_where(session, one_of(StoredReport.visit_id, ids)):
        of_visit = last[UUID(event.visit_id)]
        known = of_visit.get(event.kind)
        if known is None or event.stamp > known.stamp:
            of_visit[event.kind] = event
    return defaultdict(
        tuple, {id_: tuple(found[kind] for kind in sorted(found)) for id_, found in last.items()}
    )


def _event(row: StoredReport, rep: str | None, store: str | None) -> VisitEvent:
    place = None
    if rep is not None and store is not None and row.ad_hoc_date is not None:
        place = AdHoc(rep, store, row.ad_hoc_date)
    has_position = row.lat is not None and row.lon is not None
    return VisitEvent(
        client_id=row.client_id,
        visit_id=str(row.visit_id),
        kind=row.kind,  # type: ignore[arg-type]  # checked by the database
        recorded_at=row.recorded_at,
        at=row.at,
        reason=row.reason,  # type: ignore[arg-type]
        note=row.note,
        open_points=tuple(row.open_points),
        position=Position(row.lat or 0, row.lon or 0) if has_position else None,
        ad_hoc=place,
        is_withdrawn=row.is_withdrawn,
    )


def _visit(row: StoredVisit, rep: str, store_id: str, entries: Iterable[VisitEvent]) -> Visit:
    return Visit(
        id=str(row.id),
        rep=rep,
        store_id=store_id,
        store_class=row.store_class,
        date=row.date,
        origin=row.origin,  # type: ignore[arg-type]
        plan_id=None if row.plan_id is None else str(row.plan_id),
        position=row.position,
        planned_start=row.planned_start,
        planned_minutes=row.planned_minutes,
        missed_at=row.missed_at,
        entries=tuple(entries),
    )
