"""Looks after jobs of all organizations: none is lost with its worker, nor with its queue entry."""

from datetime import timedelta

import structlog
from sqlalchemy import func, select, text

from routeplanner.jobs.kinds import KINDS
from routeplanner.jobs.lease import JobId, take_from_dead
from routeplanner.jobs.queue import JobKind, enqueue
from routeplanner.settings import Settings
from routeplanner.storage.database import Actor, Database

WAITING_S = 10.0
"""A job that waits longer than this should stand in the queue."""

log = structlog.get_logger(__name__)

_IS_MISSING = """
    NOT EXISTS (SELECT 1 FROM procrastinate_jobs q
            WHERE q.status = 'todo' AND q.queueing_lock = '{kind}:' || {kind}.id)
"""


def reconcile(database: Database, settings: Settings) -> int:
    """Take jobs from workers without a sign of life, enqueue what is missing; returns how many."""
    n = 0
    for kind in KINDS:
        for job, attempt in _lapsed(database, kind):
            with database.transaction(Actor(job.organization_id)) as session:
                is_taken = take_from_dead(session, job, attempt, settings.max_attempts)
            if is_taken:
                log.warning("a lease has lapsed", kind=kind, job_id=str(job.id), attempt=attempt)
                n += 1
        for job in _forgotten(database, kind):
            log.warning("a job is missing in the queue", kind=kind, job_id=str(job.id))
            with database.transaction(Actor(job.organization_id)) as session:
                enqueue(session, kind, job.organization_id, job.id)
            n += 1
    return n


def _lapsed(database: Database, kind: JobKind) -> list[tuple[JobId, int]]:
    table, running = KINDS[kind].table, KINDS[kind].running
    with database.system() as session:
        found = session.execute(
            select(table.organization_id, table.id, table.attempt).where(
                table.status == running, table.lease_until < func.now()
            )
        )
        return [(JobId(kind, organization, id_), attempt) for organization, id_, attempt in found]


def _forgotten(database: Database, kind: JobKind) -> list[JobId]:
    table = KINDS[kind].table
    with database.system() as session:
        found = session.execute(
            select(table.organization_id, table.id)
            .where(table.status == "queued")
            .where(table.queued_at < func.now() - timedelta(seconds=WAITING_S))
            .where(text(_IS_MISSING.format(kind=kind)))
        )
        return [JobId(kind, organization, id_) for organization, id_ in found]
