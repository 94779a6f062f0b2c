"""Imports of store lists: asked for, confirmed or discarded, looked at, undone."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from routeplanner.domain.base import Frozen
from routeplanner.domain.store_import import (
    ImportCounts,
    ImportMode,
    ImportOptions,
    ImportStatus,
)
from routeplanner.errors import ConflictError, InvalidError, Issue, NotFoundError
from routeplanner.jobs.queue import enqueue
from routeplanner.storage import store_import
from routeplanner.storage.database import Session
from routeplanner.storage.tables import ImportIssue, ImportRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.plan_records import Failure

_CHANGED_NAMED = 20


class ImportRecord(Frozen):
    """An import of stores."""

    id: UUID
    mode: ImportMode
    status: ImportStatus
    file_name: str
    options: ImportOptions
    counts: ImportCounts | None
    to_deactivate: tuple[str, ...] | None  # of a sync that has to be confirmed
    failure: Failure | None
    created_by: UUID | None
    queued_at: datetime
    running_at: datetime | None
    ended_at: datetime | None
    undone_at: datetime | None


def request_import(
    session: Session,
    caller: Caller,
    *,
    content: bytes,
    file_name: str,
    mode: ImportMode,
    options: ImportOptions,
) -> ImportRecord:
    """Store a file and wake a worker, both or neither."""
    if not content:
        raise InvalidError("the file is empty", code="EMPTY_FILE")
    row = ImportRow(
        organization_id=caller.organization_id,
        mode=mode,
        status="queued",
        file_name=file_name,
        file=content,
        options=options.model_dump(mode="json"),
        created_by=caller.person_id,
    )
    session.add(row)
    session.flush()
    enqueue(session, "imports", row.organization_id, row.id)
    _note(session, caller, "requested", row)
    session.refresh(row)
    return _record(row)


def confirm_import(session: Session, caller: Caller, import_id: UUID) -> ImportRecord:
    """Let a sync take out of use what it has listed."""
    row = _row(session, import_id)
    options = ImportOptions.model_validate(row.options).model_copy(update={"is_confirmed": True})
    changed = session.scalar(
        update(ImportRow)
        .where(ImportRow.id == import_id, ImportRow.status == "unconfirmed")
        .values(status="queued", options=options.model_dump(mode="json"), ended_at=None)
        .returning(ImportRow.id)
    )
    if changed is None:
        raise ConflictError(f"the import is {row.status} and needs no confirmation")
    session.execute(delete(ImportIssue).where(ImportIssue.import_id == import_id))
    enqueue(session, "imports", caller.organization_id, import_id)
    _note(session, caller, "confirmed", row)
    session.refresh(row)
    return _record(row)


def discard_import(session: Session, caller: Caller, import_id: UUID) -> ImportRecord:
    """Give up an import that waits for a worker or for its confirmation; its file is removed."""
    row = _row(session, import_id)
    failure = Failure(
        code="IMPORT_DISCARDED", message="the import was discarded before it was done"
    )
    changed = session.scalar(
        update(ImportRow)
        .where(ImportRow.id == import_id, ImportRow.status.in_(("queued", "unconfirmed")))
        .values(
            status="failed",
            failure=failure.model_dump(mode="json"),
            ended_at=datetime.now(UTC),
            file=None,
            to_deactivate=None,
        )
        .returning(ImportRow.id)
    )
    session.refresh(row)
    if changed is None:
        raise ConflictError(f"the import is {row.status}; only one that waits can be discarded")
    _note(session, caller, "discarded", row)
    return _record(row)


def undo_import(session: Session, caller: Caller, import_id: UUID) -> ImportRecord:
    """Put back what an import changed, as a whole.

    Raises
    ------
    ConflictError
        It is not done, or stores of it were changed since (CHANGED_SINCE).
    """
    row = session.scalar(select(ImportRow).where(ImportRow.id == import_id).with_for_update())
    if row is None:
        raise NotFoundError(f"there is no import {import_id}")
    if row.status != "done":
        raise ConflictError(f"the import is {row.status}; only one that is done can be undone")
    store_import.hold(session, import_id)
    changed = store_import.changed_since(session, import_id, _CHANGED_NAMED)
    if changed:
        names = ", ".join(changed)
        raise ConflictError(f"changed since the import: {names}", code="CHANGED_SINCE")
    store_import.undo(session, import_id)
    row.status, row.undone_at = "undone", datetime.now(UTC)
    _note(session, caller, "undone", row)
    session.flush()
    return _record(row)


def import_of(session: Session, import_id: UUID) -> ImportRecord:
    """An import."""
    return _record(_row(session, import_id))


def list_imports(session: Session, *, cursor: str | None, limit: int) -> Page[ImportRecord]:
    """A page of imports, newest first."""
    return page_of(
        session,
        select(ImportRow),
        ImportRow.id,
        lambda rows: [_record(row) for row in rows],
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def list_issues(
    session: Session, import_id: UUID, *, cursor: str | None, limit: int
) -> Page[Issue]:
    """A page of what is wrong with rows of an import, in the order of the file."""
    _row(session, import_id)
    return page_of(
        session,
        select(ImportIssue).where(ImportIssue.import_id == import_id),
        ImportIssue.number,
        lambda rows: [Issue.model_validate(row.issue) for row in rows],
        cursor=cursor,
        limit=limit,
    )


def _row(session: Session, import_id: UUID) -> ImportRow:
    row = session.get(ImportRow, import_id)
    if row is None:
        raise NotFoundError(f"there is no import {import_id}")
    return row


def _note(session: Session, caller: Caller, action: str, row: ImportRow) -> None:
    """What becomes of the stores is noted store by store."""
    asked = {"mode": row.mode, "file_name": row.file_name}
    note(session, caller, action=action, entity="imports", entity_id=row.id, after=asked)


def _record(row: ImportRow) -> ImportRecord:
    return ImportRecord.model_validate(
        {name: getattr(row, name) for name in ImportRecord.model_fields}
    )
