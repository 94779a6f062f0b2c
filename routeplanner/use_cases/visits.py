"""Visits: found, looked at with their reports, opened ad hoc, given goals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from routeplanner.domain.organization_settings import OrganizationSettings, VisitSettings
from routeplanner.domain.visit import VisitOrigin, VisitStatus
from routeplanner.errors import ConflictError, InputError, NotFoundError
from routeplanner.storage.database import Session
from routeplanner.storage.ids import new_id
from routeplanner.storage.rows import insert_rows, one_of
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import StoredReport, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import STORES, ids_of, unknown_reference
from routeplanner.use_cases.master_data import check_version, flush
from routeplanner.use_cases.pages import Page, page_by_day
from routeplanner.use_cases.visit_records import (
    AdHocFields,
    GoalsFields,
    ReportRecord,
    VisitDetail,
    VisitRecord,
)


def list_visits(
    session: Session,
    caller: Caller,
    *,
    cursor: str | None,
    limit: int,
    rep: str | None = None,
    store_id: str | None = None,
    from_date: date | None = None,
    until: date | None = None,
    status: VisitStatus | None = None,
    origin: VisitOrigin | None = None,
    publication_id: UUID | None = None,
) -> Page[VisitRecord]:
    """A page of visits, by date."""
    query = select(StoredVisit)
    if store_id is not None:
        store = ids_of(session, StoreRow, [store_id]).get(store_id)
        query = query.where(StoredVisit.store_id == store)  # no visit has none
    if from_date is not None:
        query = query.where(StoredVisit.date >= from_date)
    if until is not None:
        query = query.where(StoredVisit.date <= until)
    for column, value in (
        (StoredVisit.status, status),
        (StoredVisit.origin, origin),
        (StoredVisit.publication_id, publication_id),
    ):
        if value is not None:
            query = query.where(column == value)
    reps = caller.reps
    if rep is not None:
        reps = frozenset([rep]) if reps is None else reps & {rep}
    return page_by_day(
        session,
        query,
        StoredVisit,
        lambda rows: visit_records(session, caller, rows),
        cursor=cursor,
        limit=limit,
        owner=None if reps is None else StoredVisit.rep_id,
        owners=ids_of(session, RepRow, reps or ()).values(),
    )


def visit_of(session: Session, caller: Caller, visit_id: UUID) -> VisitDetail:
    """A visit with its reports."""
    row = visit_row(session, caller, visit_id)
    record = visit_records(session, caller, [row])[0]
    reports = session.scalars(
        select(StoredReport)
        .where(StoredReport.visit_id == visit_id)
        .order_by(StoredReport.received_at, StoredReport.recorded_at, StoredReport.client_id)
    ).all()
    return VisitDetail(
        **{name: getattr(record, name) for name in VisitRecord.model_fields},
        reports=tuple(_reports(reports)),
    )


def open_ad_hoc(session: Session, caller: Caller, asked: AdHocFields) -> VisitRecord:
    """Plan a visit that no plan holds.

    Raises
    ------
    ConflictError
        There is a visit of that id (VISIT_EXISTS).
    """
    is_seen = caller.reps is None or asked.rep in caller.reps
    reps = ids_of(session, RepRow, [asked.rep] if is_seen else [])
    stores = known_stores(session, caller, [asked.store_id])
    missing = [
        unknown_reference(name, value)
        for name, value, found in (
            ("rep", asked.rep, reps),
            ("store_id", asked.store_id, stores),
        )
        if value not in found
    ]
    if missing:
        raise InputError(missing)
    store = stores[asked.store_id]
    row = ad_hoc_row(
        caller,
        asked.id or new_id(),
        rep_id=reps[asked.rep],
        store_id=store.id,
        store_class=classes_of(session, [store])[store.external_id],
        day=asked.date,
    )
    if not insert_rows(session, StoredVisit, [row | {"goals": asked.goals}]):
        raise ConflictError(f"there is a visit {row['id']} already", code="VISIT_EXISTS")
    made = session.get_one(StoredVisit, (caller.organization_id, row["id"]))
    return visit_records(session, caller, [made])[0]


def set_goals(
    session: Session, caller: Caller, visit_id: UUID, asked: GoalsFields, version: int | None
) -> VisitRecord:
    """Replace what a visit is to achieve."""
    row = visit_row(session, caller, visit_id)
    check_version(row, version)
    row.goals = list(asked.goals)
    flush(session, "visit")
    session.refresh(row)
    return visit_records(session, caller, [row])[0]


def visit_row(session: Session, caller: Caller, visit_id: UUID) -> StoredVisit:
    """The row of a visit that the caller sees."""
    row = session.scalar(_seen(session, caller).where(StoredVisit.id == visit_id))
    if row is None:
        raise NotFoundError(f"there is no visit {visit_id}")
    return row


def visit_records(
    session: Session, caller: Caller, rows: Sequence[StoredVisit]
) -> list[VisitRecord]:
    """Visits as callers see them."""
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
    settings = settings_of(caller)
    return [
        VisitRecord.model_validate(
            record_fields(row, rep_of[row.rep_id], *store_of[row.store_id], settings)
        )
        for row in rows
    ]


def record_fields(
    row: StoredVisit | Row[Any], rep: str, store_id: str, store_name: str, settings: VisitSettings
) -> dict[str, Any]:
    """The fields of a visit as callers see it."""
    named = {"rep", "store_id", "store_name", "store_class", "is_excused"}
    own = {name: getattr(row, name) for name in VisitRecord.model_fields if name not in named}
    is_excused = None
    if row.status in ("missed", "skipped"):
        is_excused = row.reason in settings.excused_reasons
    return own | {
        "rep": rep,
        "store_id": store_id,
        "store_name": store_name,
        "store_class": row.store_class or None,
        "is_excused": is_excused,
    }


def settings_of(caller: Caller) -> VisitSettings:
    """What the caller's organization decides about visits."""
    return OrganizationSettings.model_validate(caller.settings).visits


def known_stores(
    session: Session, caller: Caller, external_ids: Iterable[str]
) -> dict[str, StoreRow]:
    """Stores that the caller sees, by external id."""
    query = select(StoreRow).where(one_of(StoreRow.external_id, set(external_ids)))
    if caller.reps is not None:
        query = STORES.visible(query, caller.reps)
    return {row.external_id: row for row in session.scalars(query)}


def classes_of(session: Session, stores: Iterable[StoreRow]) -> dict[str, str]:
    """The class of each store: of its last dated visit, else of the master data, else none."""
    rows = list(stores)
    found = session.execute(
        select(StoredVisit.store_id, StoredVisit.store_class)
        .where(one_of(StoredVisit.store_id, [row.id for row in rows]))
        .where(StoredVisit.store_class != "")
        .ext(distinct_on(StoredVisit.store_id))
        .order_by(StoredVisit.store_id, StoredVisit.date.desc())
    )
    last: Mapping[UUID, str] = dict(found.all())
    return {
        row.external_id: last.get(row.id) or str(row.details.get("class") or "") for row in rows
    }


def ad_hoc_row(
    caller: Caller, visit_id: UUID, *, rep_id: UUID, store_id: UUID, store_class: str, day: date
) -> dict[str, Any]:
    """The columns of a visit that no plan holds."""
    return {
        "organization_id": caller.organization_id,
        "id": visit_id,
        "version": 1,
        "rep_id": rep_id,
        "store_id": store_id,
        "store_class": store_class,
        "date": day,
        "origin": "ad_hoc",
        "status": "planned",
    }


def _seen(session: Session, caller: Caller) -> Select[StoredVisit]:
    query = select(StoredVisit)
    if caller.reps is None:
        return query
    own = ids_of(session, RepRow, caller.reps)
    return query.where(one_of(StoredVisit.rep_id, own.values()))


def _reports(rows: Sequence[StoredReport]) -> Iterable[ReportRecord]:
    last: dict[str, StoredReport] = {}
    for row in rows:
        known = last.get(row.kind)
        if known is None or (row.recorded_at, row.client_id) > (
            known.recorded_at,
            known.client_id,
        ):
            last[row.kind] = row
    own = set(ReportRecord.model_fields) - {"position", "is_holding"}
    for row in rows:
        has_position = row.lat is not None and row.lon is not None
        yield ReportRecord.model_validate(
            {name: getattr(row, name) for name in own}
            | {
                "position": {"lat": row.lat, "lon": row.lon} if has_position else None,
                "is_holding": last[row.kind] is row,
            }
        )
