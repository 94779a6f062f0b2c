"""Who holds a key: asked together with the transaction's beginning, since every request does so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from routeplanner.storage.database import Database, Session

# The key's organization and person hold for the rest of the transaction.
_PRESENTED = """
    SELECT id, organization_id, person_id, scopes, expires_at, revoked_at, last_used_at,
        set_config('routeplanner.organization_id', CAST(organization_id AS text), true),
        set_config('routeplanner.person_id', CAST(person_id AS text), true)
    FROM keys WHERE digest = %s
    """
_HOLDER = """
    SELECT p.role, p.is_active, o.language, o.time_zone, o.settings, ARRAY(
        SELECT r.external_id FROM person_reps t JOIN reps r ON r.id = t.rep_id
        WHERE t.person_id = p.id)
    FROM people p JOIN organizations o ON o.id = p.organization_id
    WHERE p.id = CAST(nullif(current_setting('routeplanner.person_id'), '') AS uuid)
    """


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


class Presented(NamedTuple):
    """A key, and who holds it."""

    key: PresentedKey
    holder: Holder


@contextmanager
def presenting(
    database: Database, digest: bytes, request_id: str | None = None
) -> Iterator[tuple[Session, Presented | None]]:
    """Run a transaction of the person who holds the key of a digest; none: there is no such key."""
    asked = (_PRESENTED, (digest,)), (_HOLDER, ())
    with database.presenting(digest, request_id, *asked) as (session, (keys, holders)):
        found = None
        if keys:
            key = PresentedKey(*keys[0][: len(PresentedKey._fields)])
            found = Presented(key, Holder(*holders[0]))
        yield session, found
