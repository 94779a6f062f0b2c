"""Organizations, people and their keys."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import (
    SCOPES,
    OrganizationFields,
    PersonFields,
    Scope,
)
from routeplanner.domain.master_data import Organization as OrganizationRecord
from routeplanner.domain.master_data import Person as PersonRecord
from routeplanner.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from routeplanner.storage.database import Database, Session
from routeplanner.storage.tables import Key, Organization, Person, PersonRep, RepRow
from routeplanner.use_cases.access import Caller, digest_of, new_token, shown_part
from routeplanner.use_cases.kinds import ids_of, record_fields, unknown_reference
from routeplanner.use_cases.master_data import Kind, check_version, flush
from routeplanner.use_cases.pages import Page, page_of

KEY_DAYS = 365


class KeyRecord(Frozen):
    """A key without the key itself."""

    id: UUID
    person_id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class NewKey(KeyRecord):
    """A key just made; `key` is shown this once."""

    key: str


def organization_id_of(database: Database, name: str) -> UUID | None:
    """The id of an organization by its name."""
    with database.system() as session:
        return session.scalar(select(Organization.id).where(Organization.name == name))


def organization_of(session: Session, caller: Caller) -> OrganizationRecord:
    """The caller's organization."""
    return _organization(session.get_one(Organization, caller.organization_id))


def change_organization(
    session: Session, caller: Caller, fields: OrganizationFields, version: int | None
) -> OrganizationRecord:
    """Replace the fields of the caller's organization."""
    row = session.get_one(Organization, caller.organization_id)
    check_version(row, version)
    for name, value in fields.model_dump(mode="json").items():
        setattr(row, name, value)
    _flush_name(session, fields.name)
    session.refresh(row)
    return _organization(row)


def create_organization(
    session: Session, organization_id: UUID, fields: OrganizationFields
) -> None:
    """Create an organization in a transaction that runs for it."""
    session.add(Organization(id=organization_id, **fields.model_dump(mode="json")))
    _flush_name(session, fields.name)


def _flush_name(session: Session, name: str) -> None:
    # Names are unique in the whole service: commands find an organization by its name.
    try:
        flush(session, "organization")
    except ConflictError as error:
        raise ConflictError(
            f"another organization of this service is named '{name}'", code="NAME_TAKEN"
        ) from error


def create_key(
    session: Session,
    *,
    organization_id: UUID,
    person_id: UUID,
    name: str,
    scopes: Sequence[str] = SCOPES,
    days: int = KEY_DAYS,
    own_scopes: Collection[str] = SCOPES,
) -> NewKey:
    """Make a key for a person; it can be shown this once only.

    Raises
    ------
    NotAllowedError
        The key would have a scope that who makes it lacks (`own_scopes`).
    """
    beyond = sorted(set(scopes) - set(own_scopes))
    if beyond:
        raise NotAllowedError(
            f"this key lacks scope {', '.join(beyond)}, and cannot give it to another",
            code="SCOPE_NOT_ALLOWED",
        )
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError(f"there is no person {person_id}")
    if not person.is_active:
        raise ConflictError("the person is no longer active", code="PERSON_INACTIVE")
    token = new_token()
    row = Key(
        organization_id=organization_id,
        person_id=person_id,
        name=name,
        prefix=shown_part(token),
        digest=digest_of(token),
        scopes=sorted(set(scopes)),
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    return NewKey(key=token, **_key(row).model_dump())


def list_keys(
    session: Session, *, person_id: UUID | None = None, cursor: str | None = None, limit: int = 500
) -> Page[KeyRecord]:
    """A page of the organization's keys, or those of one person."""
    query = select(Key)
    if person_id is not None:
        query = query.where(Key.person_id == person_id)
    return page_of(
        session, query, Key.id, lambda rows: [_key(row) for row in rows], cursor=cursor, limit=limit
    )


def revoke_key(session: Session, key_id: UUID) -> KeyRecord:
    """End a key at once."""
    row = session.get(Key, key_id)
    if row is None:
        raise NotFoundError(f"there is no key {key_id}")
    row.revoked_at = row.revoked_at or datetime.now(UTC)
    session.flush()
    return _key(row)


def _write_person(session: Session, row: Person, fields: PersonFields) -> None:
    found = ids_of(session, RepRow, fields.reps)
    missing = [
        unknown_reference(f"reps[{place}]", rep)
        for place, rep in enumerate(fields.reps)
        if rep not in found
    ]
    if missing:
        raise InputError(missing)
    before = set(session.scalars(select(PersonRep.rep_id).where(PersonRep.person_id == row.id)))
    after = set(found.values())
    row.external_id, row.name, row.role = fields.external_id, fields.name, fields.role
    if before != after:
        row.updated_at = func.now()  # a change of the person, whose version rises with it
    session.add(row)
    flush(session, "person")
    added, gone = after - before, before - after
    if added:
        ties = [
            {"organization_id": row.organization_id, "person_id": row.id, "rep_id": rep_id}
            for rep_id in added
        ]
        session.execute(insert(PersonRep).values(ties))
    if gone:
        session.execute(
            delete(PersonRep).where(PersonRep.person_id == row.id, PersonRep.rep_id.in_(gone))
        )


def _people(session: Session, rows: Sequence[Person]) -> list[PersonRecord]:
    ties = session.execute(
        select(PersonRep.person_id, RepRow.external_id)
        .join(RepRow, RepRow.id == PersonRep.rep_id)
        .where(PersonRep.person_id.in_([row.id for row in rows]))
        .order_by(RepRow.external_id)
    )
    reps: dict[UUID, list[str]] = defaultdict(list)
    for person_id, rep in ties:
        reps[person_id].append(rep)
    return [
        PersonRecord.model_validate(
            record_fields(row) | {"name": row.name, "role": row.role, "reps": reps[row.id]}
        )
        for row in rows
    ]


def _nobody(query: Select[Any], reps: frozenset[str]) -> Select[Any]:
    return query.where(Person.id.is_(None))


PEOPLE: Kind[PersonFields, PersonRecord, Person] = Kind(
    "people", "person", Person, PersonFields, PersonRecord, _write_person, _people, _nobody,
    {"role": lambda query, role: query.where(Person.role == role)},
)  # fmt: skip


def _organization(row: Organization) -> OrganizationRecord:
    names = OrganizationRecord.model_fields
    return OrganizationRecord.model_validate({name: getattr(row, name) for name in names})


def _key(row: Key) -> KeyRecord:
    return KeyRecord.model_validate({name: getattr(row, name) for name in KeyRecord.model_fields})
