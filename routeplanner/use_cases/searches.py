"""What plans and studies have in common: their searches can be stopped."""

from datetime import UTC, datetime

from sqlalchemy import update

from routeplanner.jobs.kinds import KINDS
from routeplanner.jobs.lease import JobId, tell
from routeplanner.jobs.queue import JobKind
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow, StudyRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note


def stop(session: Session, caller: Caller, kind: JobKind, row: PlanRow | StudyRow) -> None:
    """End a search that waits, and ask the worker of one that runs; an ended one stays as it is."""
    table = KINDS[kind].table
    now = datetime.now(UTC)
    job = JobId(kind, row.organization_id, row.id)
    changed = session.scalar(
        update(table)
        .where(table.id == row.id, table.status == "queued")
        .values({"status": "canceled", "canceled_at": now, "cancel_requested_at": now})
        .returning(table.id)
    )
    if changed is not None:
        tell(session, job, "canceled", {})
    else:
        changed = session.scalar(
            update(table)
            .where(table.id == row.id, table.status == KINDS[kind].running)
            .where(type(row).cancel_requested_at.is_(None))
            .values({"cancel_requested_at": now})
            .returning(table.id)
        )
        if changed is not None:
            tell(session, job, "canceling", {})
    if changed is not None:
        note(session, caller, action="stopped", entity=kind, entity_id=row.id)
    session.refresh(row)
