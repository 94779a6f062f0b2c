"""Accounts, stores, reps and policies: one set of functions, one `Kind` a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from routeplanner.domain.base import Frozen
from routeplanner.errors import ConflictError, NotFoundError, OutdatedError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import MasterData
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.pages import Page, page_of

Row = TypeVar("Row", bound=MasterData)
Fields = TypeVar("Fields", bound=Frozen)
Record = TypeVar("Record", bound=Frozen)


def _never(_: Session, __: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Kind(Generic[Fields, Record, Row]):
    """One kind of master data: its table, and both ways between rows and what callers see."""

    name: str  # of the resource and the table
    one: str  # in messages
    row: type[Row]
    fields: type[Fields]
    record: type[Record]
    write: Callable[[Session, Row, Fields], None]
    shown: Callable[[Session, Sequence[Row]], list[Record]]
    visible: Callable[[Select[Row], frozenset[str]], Select[Row]]
    filters: dict[str, Callable[[Select[Row], Any], Select[Row]]]
    is_planned: Callable[[Session, str], bool] = _never  # whether plans go by that external id


@dataclass(frozen=True, slots=True)
class Written(Generic[Record]):
    """A record after a write, and whether it is new."""

    record: Record
    is_new: bool


def list_records(
    session: Session,
    caller: Caller,
    kind: Kind[Fields, Record, Row],
    *,
    cursor: str | None,
    limit: int,
    changed_since: datetime | None = None,
    is_active: bool | None = None,
    **filters: Any,
) -> Page[Record]:
    """A page of records, oldest first, as far as the caller sees them."""
    query = _seen(kind, caller)
    if is_active is not None:
        query = query.where(kind.row.is_active == is_active)
    if changed_since is not None:
        query = query.where(kind.row.updated_at >= changed_since)
    for name, value in filters.items():
        if value is not None:
            query = kind.filters[name](query, value)
    return page_of(
        session,
        query,
        kind.row.id,
        lambda rows: kind.shown(session, rows),
        cursor=cursor,
        limit=limit,
    )


def record_of(
    session: Session, caller: Caller, kind: Kind[Fields, Record, Row], key: UUID | str
) -> Record:
    """The record of an id, or of an external id; NotFoundError where the caller sees none."""
    return kind.shown(session, [row_of(session, caller, kind, key)])[0]


def create(
    session: Session, caller: Caller, kind: Kind[Fields, Record, Row], fields: Fields
) -> Record:
    """Create a record; ConflictError where the external id is taken."""
    external_id = fields.external_id  # type: ignore[attr-defined]
    if _by_external_id(session, kind, external_id) is not None:
        raise _taken(kind, external_id)
    return _put(session, caller, kind, kind.row(), fields)


def replace(
    session: Session,
    caller: Caller,
    kind: Kind[Fields, Record, Row],
    key: UUID,
    fields: Fields,
    version: int | None,
) -> Record:
    """Replace all fields of a record and make it active.

    Raises
    ------
    OutdatedError
        It is no longer of that version.
    ConflictError
        The external id is taken (EXTERNAL_ID_TAKEN), or plans go by it, so that it cannot be
        changed or given to another record (EXTERNAL_ID_PLANNED).
    """
    row = row_of(session, caller, kind, key)
    check_version(row, version)
    external_id = fields.external_id  # type: ignore[attr-defined]
    other = _by_external_id(session, kind, external_id)
    if other is not None and other.id != row.id:
        raise _taken(kind, external_id)
    for name in () if external_id == row.external_id else (row.external_id, external_id):
        if kind.is_planned(session, name):
            raise _planned(kind, name)
    return _put(session, caller, kind, row, fields)


def upsert(
    session: Session,
    caller: Caller,
    kind: Kind[Fields, Record, Row],
    fields: Fields,
    version: int | None = None,
) -> Written[Record]:
    """Create a record, or replace the one of the same external id."""
    external_id = fields.external_id  # type: ignore[attr-defined]
    row = _by_external_id(session, kind, external_id)
    if row is None:
        if version is not None:
            raise OutdatedError(f"there is no {kind.one} {external_id}")
        return Written(_put(session, caller, kind, kind.row(), fields), is_new=True)
    check_version(row, version)
    return Written(_put(session, caller, kind, row, fields), is_new=False)


def deactivate(
    session: Session,
    caller: Caller,
    kind: Kind[Fields, Record, Row],
    key: UUID,
    version: int | None,
) -> None:
    """Take a record out of use; it stays readable, and active again by a later write."""
    row = row_of(session, caller, kind, key)
    check_version(row, version)
    row.is_active = False
    flush(session, kind.one)


def row_of(
    session: Session, caller: Caller, kind: Kind[Fields, Record, Row], key: UUID | str
) -> Row:
    """The row of an id or external id, as far as the caller sees it."""
    column: Any = kind.row.id if isinstance(key, UUID) else kind.row.external_id
    row = session.scalar(_seen(kind, caller).where(column == key))
    if row is None:
        raise NotFoundError(f"there is no {kind.one} {key}")
    return row


def check_version(row: Any, version: int | None) -> None:
    """Refuse a change of a row that is no longer of the version that was read."""
    if version is not None and row.version != version:
        raise OutdatedError(f"the version is {row.version} by now, not {version}")


def flush(session: Session, one: str) -> None:
    """Write out what has changed; a race with another writer is told as that."""
    try:
        session.flush()
    except StaleDataError as error:
        raise OutdatedError(f"the {one} was changed by somebody else just now") from error
    except IntegrityError as error:
        raise ConflictError(
            f"somebody else wrote the same {one} just now", code="WRITTEN_AT_ONCE"
        ) from error


def _put(
    session: Session,
    caller: Caller,
    kind: Kind[Fields, Record, Row],
    row: Row,
    fields: Fields,
) -> Record:
    row.organization_id, row.is_active = caller.organization_id, True
    kind.write(session, row, fields)
    session.add(row)
    flush(session, kind.one)
    session.refresh(row, ["version", "created_at", "updated_at"])
    return kind.shown(session, [row])[0]


def _seen(kind: Kind[Fields, Record, Row], caller: Caller) -> Select[Row]:
    query = select(kind.row)
    return query if caller.reps is None else kind.visible(query, caller.reps)


def _by_external_id(
    session: Session, kind: Kind[Fields, Record, Row], external_id: str
) -> Row | None:
    return session.scalar(select(kind.row).where(kind.row.external_id == external_id))


def _taken(kind: Kind[Fields, Record, Row], external_id: str) -> ConflictError:
    return ConflictError(
        f"there is a {kind.one} with external_id '{external_id}' already",
        code="EXTERNAL_ID_TAKEN",
    )


def _planned(kind: Kind[Fields, Record, Row], external_id: str) -> ConflictError:
    return ConflictError(
        f"scenarios or plans name the {kind.one} '{external_id}', so that this external_id cannot"
        f" be changed or go to another {kind.one}; take the {kind.one} out of use and create one"
        " of a new external_id",
        code="EXTERNAL_ID_PLANNED",
    )
