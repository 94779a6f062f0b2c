"""Publications: looked at, with all that they shift or skip."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from routeplanner.errors import NotFoundError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import (
    PublicationChange,
    PublicationFrequency,
    PublicationRep,
    PublicationRow,
)
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.publishing_records import (
    FrequencyReached,
    PublicationOptions,
    PublicationRecord,
    PublicationStatus,
    PublishedRep,
    VisitShift,
)


def publication_row(session: Session, caller: Caller, publication_id: UUID) -> PublicationRow:
    """The row of a publication that the caller sees."""
    row = session.scalar(_seen(caller).where(PublicationRow.id == publication_id))
    if row is None:
        raise NotFoundError(f"there is no publication {publication_id}")
    return row


def publication_of(session: Session, caller: Caller, publication_id: UUID) -> PublicationRecord:
    """A publication, as far as the caller sees it."""
    return records(session, caller, [publication_row(session, caller, publication_id)])[0]


def list_publications(
    session: Session,
    caller: Caller,
    *,
    cursor: str | None,
    limit: int,
    plan_id: UUID | None = None,
    rep: str | None = None,
    status: PublicationStatus | None = None,
) -> Page[PublicationRecord]:
    """A page of publications, newest first."""
    query = _seen(caller)
    if plan_id is not None:
        query = query.where(PublicationRow.plan_id == plan_id)
    if rep is not None or status is not None:
        parts = select(PublicationRep.publication_id)
        if rep is not None:
            parts = parts.where(PublicationRep.rep_id.in_(_rep_ids([rep])))
        if status is not None:
            parts = parts.where(PublicationRep.status == status)
        query = query.where(PublicationRow.id.in_(parts))
    return page_of(
        session,
        query,
        PublicationRow.id,
        lambda rows: records(session, caller, rows),
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def list_shifts(
    session: Session,
    caller: Caller,
    publication_id: UUID,
    *,
    cursor: str | None,
    limit: int,
    rep: str | None = None,
) -> Page[VisitShift]:
    """A page of the visits that a publication shifts or skips, by date."""
    publication_row(session, caller, publication_id)
    return _list(session, caller, PublicationChange, publication_id, VisitShift, cursor, limit, rep)


def list_frequencies(
    session: Session,
    caller: Caller,
    publication_id: UUID,
    *,
    cursor: str | None,
    limit: int,
    rep: str | None = None,
) -> Page[FrequencyReached]:
    """A page of stores with the visits that they get, and those that the cycle holds for them."""
    publication_row(session, caller, publication_id)
    return _list(
        session, caller, PublicationFrequency, publication_id, FrequencyReached, cursor, limit, rep
    )


def records(
    session: Session, caller: Caller, rows: Sequence[PublicationRow]
) -> list[PublicationRecord]:
    """Publications as the caller sees them: of their own reps alone, where they are restricted."""
    query = (
        select(PublicationRep, RepRow.external_id)
        .join(RepRow, RepRow.id == PublicationRep.rep_id)
        .where(PublicationRep.publication_id.in_([row.id for row in rows]))
        .order_by(RepRow.external_id)
    )
    if caller.reps is not None:
        query = query.where(RepRow.external_id.in_(caller.reps))
    parts: dict[UUID, list[PublishedRep]] = {row.id: [] for row in rows}
    for part, rep in session.execute(query):
        own = {name: getattr(part, name) for name in PublishedRep.model_fields if name != "rep"}
        parts[part.publication_id].append(PublishedRep.model_validate({"rep": rep, **own}))
    return [_record(caller, row, parts[row.id]) for row in rows]


def options_of(row: PublicationRow) -> PublicationOptions:
    """How a publication was laid on dates."""
    columns = ("start_date", "until", "first_week", "lost_weeks")
    return PublicationOptions.model_validate(
        row.options | {name: getattr(row, name) for name in columns}
    )


def _record(
    caller: Caller, row: PublicationRow, parts: Sequence[PublishedRep]
) -> PublicationRecord:
    options = options_of(row)
    shown: dict[str, Any] = {name: getattr(options, name) for name in type(options).model_fields}
    for name in ("absences", "rep_days"):
        own = [entry for entry in shown[name] if caller.reps is None or entry.rep in caller.reps]
        shown[name] = tuple(own)
    head = ("id", "plan_id", "published_by", "published_at")
    return PublicationRecord(
        **shown, **{name: getattr(row, name) for name in head}, reps=tuple(parts)
    )


def _seen(caller: Caller) -> Select[PublicationRow]:
    query = select(PublicationRow)
    if caller.reps is None:
        return query
    own = select(PublicationRep.publication_id).where(
        PublicationRep.rep_id.in_(_rep_ids(caller.reps))
    )
    return query.where(PublicationRow.id.in_(own))


def _rep_ids(reps: Iterable[str]) -> Select[UUID]:
    return select(RepRow.id).where(RepRow.external_id.in_(reps))


def _list(
    session: Session,
    caller: Caller,
    table: Any,
    publication_id: UUID,
    record: Any,
    cursor: str | None,
    limit: int,
    rep: str | None,
) -> Page[Any]:
    query = select(table).where(table.publication_id == publication_id)
    if rep is not None:
        query = query.where(table.rep_id.in_(_rep_ids([rep])))
    if caller.reps is not None:
        query = query.where(table.rep_id.in_(_rep_ids(caller.reps)))
    return page_of(
        session,
        query,
        table.number,
        lambda rows: _named(session, rows, record),
        cursor=cursor,
        limit=limit,
    )


def _named(session: Session, rows: Sequence[Any], record: Any) -> list[Any]:
    """Rows of a list with the ids and names that callers know."""
    reps = session.execute(
        select(RepRow.id, RepRow.external_id).where(RepRow.id.in_({row.rep_id for row in rows}))
    )
    stores = session.execute(
        select(StoreRow.id, StoreRow.external_id, StoreRow.name).where(
            StoreRow.id.in_({row.store_id for row in rows})
        )
    )
    rep_of = dict(reps.all())
    store_of = {id_: (external_id, name) for id_, external_id, name in stores}
    own = set(record.model_fields) - {"rep", "store_id", "store_name"}
    return [
        record(
            rep=rep_of[row.rep_id],
            store_id=store_of[row.store_id][0],
            store_name=store_of[row.store_id][1],
            **{name: getattr(row, name) for name in own},
        )
        for row in rows
    ]
