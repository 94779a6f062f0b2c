"""Answers that can be given again: the same key of a person gets the same answer for a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from routeplanner.errors import InvalidError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Idempotency
from routeplanner.use_cases.access import Caller


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given."""

    status_code: int
    headers: dict[str, str]
    body: bytes


def begin(
    session: Session, caller: Caller, key: str, fingerprint: bytes, kept_for: timedelta
) -> Answer | None:
    """Return the answer that was given to a key before; none where the key is new.

    A second request with a key that is being answered waits for the first to end.

    Raises
    ------
    InvalidError
        The key was used for another request (IDEMPOTENCY_KEY_REUSED).
    """
    own = (Idempotency.person_id == caller.person_id, Idempotency.key == key)
    oldest = datetime.now(UTC) - kept_for
    session.execute(delete(Idempotency).where(*own, Idempotency.created_at < oldest))
    is_new = session.scalar(
        insert(Idempotency)
        .values(
            organization_id=caller.organization_id,
            person_id=caller.person_id,
            key=key,
            fingerprint=fingerprint,
        )
        .on_conflict_do_nothing()
        .returning(Idempotency.key)
    )
    if is_new is not None:
        return None
    row = session.scalars(select(Idempotency).where(*own)).one()
    if row.fingerprint != fingerprint:
        raise InvalidError(
            "this Idempotency-Key was used for another request", code="IDEMPOTENCY_KEY_REUSED"
        )
    return Answer(row.status_code or 500, dict(row.headers or {}), row.body or b"")


def keep(session: Session, caller: Caller, key: str, answer: Answer) -> None:
    """Keep the answer of a key that `begin` has found new."""
    session.execute(
        update(Idempotency)
        .where(Idempotency.person_id == caller.person_id, Idempotency.key == key)
        .values(status_code=answer.status_code, headers=answer.headers, body=answer.body)
    )
