"""Finds who holds a key: two statements, since every request begins with them."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from routeplanner.storage.database import Session

# The key's organization and person hold for the rest of the transaction.
_PRESENTED = text(
    """
    SELECT id, organization_id, person_id, scopes, expires_at, revoked_at, last_used_at,
        set_config('routeplanner.organization_id', CAST(organization_id AS text), true),
        set_config('routeplanner.person_id', CAST(person_id AS text), true)
    FROM keys WHERE digest = :digest
    """
)
_HOLDER = text(
    """
    SELECT p.role, p.is_active, o.language, o.time_zone, o.settings, ARRAY(
        SELECT r.external_id FROM person_reps t JOIN reps r ON r.id = t.rep_id
        WHERE t.person_id = p.id)
    FROM people p JOIN organizations o ON o.id = p.organization_id WHERE p.id = :person_id
    """
)


class PresentedKey(NamedTuple):
    """A key whose digest was presented."""

    id: UUID
    organization_id: UUID
    person_id: UUID
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class Holder(NamedTuple):
    """The person who holds a key, and what is needed of their organization."""

    role: str
    is_active: bool
    language: str
    time_zone: str
    settings: dict[str, Any]
    reps: list[str]  # their own, or those whom they lead, by external id


def presented_key(session: Session, digest: bytes) -> PresentedKey | None:
    """The key of a digest; the transaction that presented it becomes one of its person."""
    found = session.execute(_PRESENTED, {"digest": digest}).first()
    return None if found is None else PresentedKey(*found[: len(PresentedKey._fields)])


def holder_of(session: Session, key: PresentedKey) -> Holder:
    """Who holds a key."""
    return Holder(*session.execute(_HOLDER, {"person_id": key.person_id}).one())
