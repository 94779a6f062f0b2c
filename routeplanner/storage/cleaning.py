"""Removes what is too old to be of use, for all organizations."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from routeplanner.storage.database import Database
from routeplanner.storage.tables import Idempotency, PlanEvent, PlanRow


def forget_answers(database: Database, kept_for: timedelta) -> None:
    """Remove answers that are too old to be given again."""
    with database.system() as session:
        oldest = datetime.now(UTC) - kept_for
        session.execute(delete(Idempotency).where(Idempotency.created_at < oldest))


def forget_progress(database: Database, kept_for: timedelta) -> None:
    """Remove old events of progress of plans that have ended; the other events stay."""
    with database.system() as session:
        oldest = datetime.now(UTC) - kept_for
        unfinished = select(PlanRow.id).where(PlanRow.status.in_(("queued", "solving")))
        session.execute(
            delete(PlanEvent)
            .where(PlanEvent.event == "progress", PlanEvent.at < oldest)
            .where(PlanEvent.plan_id.not_in(unfinished)),
            execution_options={"synchronize_session": False},  # it would read more than it may
        )
