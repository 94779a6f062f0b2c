"""Removes what is too old to be of use, for all organizations."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from routeplanner.storage.database import Database
from routeplanner.storage.tables import Idempotency


def forget_answers(database: Database, kept_for: timedelta) -> None:
    """Remove answers that are too old to be given again."""
    with database.system() as session:
        oldest = datetime.now(UTC) - kept_for
        session.execute(delete(Idempotency).where(Idempotency.created_at < oldest))
