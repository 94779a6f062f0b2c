"""Who asks, and what they may: keys, roles, scopes."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text, update

from routeplanner.domain.master_data import Role, Scope
from routeplanner.errors import NotAllowedError, UnauthenticatedError
from routeplanner.storage import presented_keys
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.tables import Key

KEY_PREFIX = "rp_"
_SHOWN = 9  # characters of a key that may be shown again
_SEEN_EVERY = timedelta(minutes=1)

ROLES_OF: dict[str, frozenset[Role]] = {
    "read": frozenset(("admin", "planner", "supervisor", "rep")),
    "edit": frozenset(("admin", "planner")),  # master data, scenarios, plans
    "review": frozenset(("admin", "planner", "supervisor")),
    "report": frozenset(("admin", "planner", "supervisor", "rep")),  # what became of visits
    "manage": frozenset(("admin",)),  # people, keys, the organization, the audit trail
}
SCOPE_OF: dict[str, Scope] = {
    "read": "read", "edit": "write", "review": "write", "report": "write", "manage": "manage",
}  # fmt: skip
_SEE_ALL: frozenset[Role] = frozenset(("admin", "planner"))


@dataclass(frozen=True, slots=True)
class Caller:
    """A person behind a valid key."""

    organization_id: UUID
    person_id: UUID
    key_id: UUID
    role: Role
    scopes: frozenset[str]
    language: str
    time_zone: str
    own_reps: frozenset[str]  # external ids
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the organization

    def require(self, right: str) -> None:
        """Refuse what neither the role nor the key's scopes allow."""
        if self.role not in ROLES_OF[right]:
            raise NotAllowedError(f"role {self.role} may not do this", code="ROLE_NOT_ALLOWED")
        if SCOPE_OF[right] not in self.scopes:
            raise NotAllowedError(
                f"this key lacks scope {SCOPE_OF[right]}", code="SCOPE_NOT_ALLOWED"
            )

    @property
    def reps(self) -> frozenset[str] | None:
        """The reps whose data the caller sees; none: all of them."""
        return None if self.role in _SEE_ALL else self.own_reps

    def actor(self, request_id: str | None = None) -> Actor:
        """For whom transactions of this caller run."""
        return Actor(self.organization_id, self.person_id, request_id)


def command_line_caller(organization_id: UUID) -> Caller:
    """Whoever runs a command on the machine itself: nobody in particular, with every right."""
    nobody = UUID(int=0)
    return Caller(
        organization_id=organization_id,
        person_id=nobody,
        key_id=nobody,
        role="admin",
        scopes=frozenset(SCOPE_OF.values()),
        language="en",
        time_zone="UTC",
        own_reps=frozenset(),
    )


def new_token() -> str:
    """A new key: 256 random bits, so that its plain hash can be stored."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """What is stored of a key."""
    return hashlib.sha256(token.encode()).digest()


def shown_part(token: str) -> str:
    """What may be shown of a key later."""
    return token[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Presented:
    """Who presented a key, and whether its use is to be noted: once a minute is enough."""

    caller: Caller
    is_to_be_noted: bool


@contextmanager
def presenting(
    database: Database, digest: bytes, request_id: str | None = None
) -> Iterator[tuple[Session, Presented]]:
    """Run a transaction of the person who holds a key.

    Raises
    ------
    UnauthenticatedError
        The key is unknown, revoked or expired, or its person is no longer active.
    """
    with presented_keys.presenting(database, digest, request_id) as (session, found):
        yield session, _judged(found)


def _judged(found: presented_keys.Presented | None) -> Presented:
    now = datetime.now(UTC)
    if found is None or found.key.revoked_at is not None or found.key.expires_at <= now:
        raise UnauthenticatedError("the key is unknown, revoked or expired")
    key, holder = found
    if not holder.is_active:
        raise UnauthenticatedError("the key's person is no longer active")
    caller = Caller(
        organization_id=key.organization_id,
        person_id=key.person_id,
        key_id=key.id,
        role=holder.role,  # type: ignore[arg-type]  # checked by the database
        scopes=frozenset(key.scopes),
        language=holder.language,
        time_zone=holder.time_zone,
        own_reps=frozenset(holder.reps),
        settings=holder.settings,
    )
    used_at = key.last_used_at
    return Presented(caller, used_at is None or now - used_at > _SEEN_EVERY)


def note_use(database: Database, presented: Presented) -> None:
    """Note that a key was used, where that is due and nobody else is about to.

    Neither for others nor for the disk it waits: all requests of a key find it due at once.
    """
    if not presented.is_to_be_noted:
        return
    caller, now = presented.caller, datetime.now(UTC)
    is_due = or_(Key.last_used_at.is_(None), Key.last_used_at < now - _SEEN_EVERY)
    with database.transaction(caller.actor()) as session:
        session.execute(text("SET LOCAL synchronous_commit = off"))
        due = select(Key.id).where(Key.id == caller.key_id, is_due)
        free = due.with_for_update(skip_locked=True).scalar_subquery()
        session.execute(
            update(Key)
            .where(Key.id == free)
            .values(last_used_at=now)
            .execution_options(synchronize_session=False)
        )


def authenticate(database: Database, token: str) -> Caller:
    """Return who holds a key, in a transaction of its own; see `presenting`."""
    with presenting(database, digest_of(token)) as (_, presented):
        pass
    note_use(database, presented)
    return presented.caller
