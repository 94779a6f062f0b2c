"""What a rep drives on a date, with what the last visit of each store left open."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, true

from routeplanner.domain.organization_settings import VisitSettings
from routeplanner.errors import NotFoundError
from routeplanner.storage.database import Session
from routeplanner.storage.reading import Question, read_together
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import PublicationDay, PublicationRow, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.visit_records import DayVisit, RepDayRecord
from routeplanner.use_cases.visits import record_fields, settings_of

# Questions are put together once, since every rep asks for the day many times a day.
_visits, _stores, _reps = StoredVisit.__table__, StoreRow.__table__, RepRow.__table__
_days, _publications = PublicationDay.__table__, PublicationRow.__table__
_rep_id = (
    select(_reps.c.id)
    .where(or_(_reps.c.id == bindparam("id"), _reps.c.external_id == bindparam("external_id")))
    .order_by((_reps.c.id == bindparam("id")).desc().nulls_last())  # the own id goes first
    .limit(1)
    .scalar_subquery()
)
_REP = Question(select(_reps.c.external_id).where(_reps.c.id == _rep_id))
_PUBLISHED = Question(
    select(
        _days.c.publication_id, _publications.c.plan_id, _days.c.working_minutes,
        _days.c.is_absent,
    )
    .join(_publications, _publications.c.id == _days.c.publication_id)
    .where(_days.c.rep_id == _rep_id, _days.c.date == bindparam("day"))
)  # fmt: skip
_earlier = _visits.alias()
_last = (
    select(_earlier.c.id, _earlier.c.date, _earlier.c.open_points)
    .where(
        _earlier.c.store_id == _visits.c.store_id,
        _earlier.c.date < _visits.c.date,
        _earlier.c.status == "done",
    )
    .order_by(_earlier.c.date.desc(), _earlier.c.id.desc())
    .limit(1)
    .lateral("last")
)
_VISITS = Question(
    select(
        *_visits.c,
        _stores.c.external_id.label("store_external_id"),
        _stores.c.name.label("store_name"),
        _stores.c.lat,
        _stores.c.lon,
        *(_stores.c.details[name].astext.label(name) for name in ("address", "phone", "note")),
        _last.c.id.label("last_id"),
        _last.c.date.label("last_date"),
        _last.c.open_points.label("last_open_points"),
    )
    .join(_stores, _stores.c.id == _visits.c.store_id)
    .outerjoin(_last, true())
    .where(
        _visits.c.rep_id == _rep_id,
        _visits.c.date == bindparam("day"),
        _visits.c.status != "canceled",
    )
    .order_by(_visits.c.position.nulls_last(), _visits.c.started_at.nulls_last(), _visits.c.id)
)
"""In route order; beside each visit the last one that was made at its store before."""


def rep_day_of(session: Session, caller: Caller, key: str, day: date) -> RepDayRecord:
    """The day of a rep, who is named by id or external id; canceled visits are left out."""
    asked = _named(key) | {"day": day}
    reps, days, visits = read_together(
        session,
        _REP.with_values(**_named(key)),
        _PUBLISHED.with_values(**asked),
        _VISITS.with_values(**asked),
    )
    if not reps or (caller.reps is not None and reps[0][0] not in caller.reps):
        raise NotFoundError(f"there is no rep {key}")
    rep, settings = reps[0][0], settings_of(caller)
    published = next(iter(_PUBLISHED.named(days)), None)
    return RepDayRecord(
        rep=rep,
        date=day,
        publication_id=None if published is None else published.publication_id,
        plan_id=None if published is None else published.plan_id,
        working_minutes=None if published is None else published.working_minutes,
        is_absent=published is not None and published.is_absent,
        visits=tuple(_visit(row, rep, settings) for row in _VISITS.named(visits)),
    )


def _named(key: str) -> dict[str, Any]:
    """A rep by id or by external id, which may be written like one."""
    try:
        return {"id": UUID(key), "external_id": key}
    except ValueError:
        return {"id": None, "external_id": key}


def _visit(row: Any, rep: str, settings: VisitSettings) -> DayVisit:
    last = None
    if row.last_id is not None:
        last = {"id": row.last_id, "date": row.last_date, "open_points": row.last_open_points}
    return DayVisit.model_validate(
        record_fields(row, rep, row.store_external_id, row.store_name, settings)
        | {
            "store_position": {"lat": row.lat, "lon": row.lon},
            "address": row.address,
            "phone": row.phone,
            "store_note": row.note,
            "last_visit": last,
        }
    )
