"""What a rep drives on a date, with what the last visit of each store left open."""

from datetime import date
from uuid import UUID

from sqlalchemy import Row, Select, select, true
from sqlalchemy.orm import aliased

from routeplanner.domain.organization_settings import VisitSettings
from routeplanner.errors import NotFoundError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import PublicationDay, PublicationRow, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.visit_records import DayVisit, RepDayRecord
from routeplanner.use_cases.visits import record_fields, settings_of


def rep_day_of(session: Session, caller: Caller, key: str, day: date) -> RepDayRecord:
    """The day of a rep, who is named by id or external id; canceled visits are left out."""
    rep_id, rep = _rep(session, caller, key)
    published = session.execute(
        select(PublicationDay, PublicationRow.plan_id)
        .join(PublicationRow, PublicationRow.id == PublicationDay.publication_id)
        .where(PublicationDay.rep_id == rep_id, PublicationDay.date == day)
    ).first()
    settings = settings_of(caller)
    found = session.execute(_visits(rep_id, day)).all()
    return RepDayRecord(
        rep=rep,
        date=day,
        publication_id=None if published is None else published[0].publication_id,
        plan_id=None if published is None else published[1],
        working_minutes=None if published is None else published[0].working_minutes,
        is_absent=published is not None and published[0].is_absent,
        visits=tuple(_visit(row, rep, settings) for row in found),
    )


def _rep(session: Session, caller: Caller, key: str) -> tuple[UUID, str]:
    try:
        wanted = RepRow.id == UUID(key)
    except ValueError:
        wanted = RepRow.external_id == key
    found = session.execute(select(RepRow.id, RepRow.external_id).where(wanted)).first()
    if found is None or (caller.reps is not None and found[1] not in caller.reps):
        raise NotFoundError(f"there is no rep {key}")
    return found[0], found[1]


def _visits(rep_id: UUID, day: date) -> Select[StoredVisit, StoreRow, UUID, date, list[str]]:
    """In route order; beside each visit the last one that was made at its store before."""
    earlier = aliased(StoredVisit)
    last = (
        select(earlier.id, earlier.date, earlier.open_points)
        .where(
            earlier.store_id == StoredVisit.store_id,
            earlier.date < StoredVisit.date,
            earlier.status == "done",
        )
        .order_by(earlier.date.desc(), earlier.id.desc())
        .limit(1)
        .lateral("last")
    )
    return (
        select(StoredVisit, StoreRow, last.c.id, last.c.date, last.c.open_points)
        .join(StoreRow, StoreRow.id == StoredVisit.store_id)
        .outerjoin(last, true())
        .where(
            StoredVisit.rep_id == rep_id,
            StoredVisit.date == day,
            StoredVisit.status != "canceled",
        )
        .order_by(
            StoredVisit.position.nulls_last(), StoredVisit.started_at.nulls_last(), StoredVisit.id
        )
    )


def _visit(
    found: Row[StoredVisit, StoreRow, UUID, date, list[str]],
    rep: str,
    settings: VisitSettings,
) -> DayVisit:
    row, store, last_id, last_date, open_points = found
    last = None
    if last_id is not None:
        last = {"id": last_id, "date": last_date, "open_points": open_points}
    return DayVisit.model_validate(
        record_fields(row, rep, store.external_id, store.name, settings)
        | {
            "store_position": {"lat": store.lat, "lon": store.lon},
            "address": store.details.get("address"),
            "phone": store.details.get("phone"),
            "store_note": store.details.get("note"),
            "last_visit": last,
        }
    )
