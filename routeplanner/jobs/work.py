"""What a worker process holds for its jobs, and how any job runs from claim to end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import select

from routeplanner.errors import InputError, UnavailableError
from routeplanner.jobs.kinds import KINDS
from routeplanner.jobs.lease import (
    JobId,
    Lease,
    claim,
    end_attempt,
    hand_back,
    short_failure,
)
from routeplanner.settings import Settings
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.store_import import issue_rows

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """Database, settings, and whether the process is about to end."""

    database: Database
    settings: Settings
    is_stopping: threading.Event = field(default_factory=threading.Event)


Runner = Callable[[Work, Lease], None]
"""Does a job and writes its outcome through the lease."""


def run(work: Work, job: JobId, runner: Runner) -> None:
    """Take a job, do it, and leave it in a state from which it can go on or has ended."""
    structlog.contextvars.bind_contextvars(
        organization_id=str(job.organization_id), job_id=str(job.id)
    )
    with work.database.transaction(Actor(job.organization_id)) as session:
        attempt = claim(session, job, work.settings.lease_s)
    if attempt is None:
        log.info("nothing to take", kind=job.kind)
        return
    log.info("job taken", kind=job.kind, attempt=attempt)
    with Lease(work.database, job, attempt, work.settings.lease_s) as lease:
        try:
            runner(work, lease)
        except InputError as error:
            _fail_for_good(lease, error)
        except UnavailableError:
            log.warning("the database is away; the lease will lapse")
        except Exception:
            # The outermost edge of a job: whatever it is, another attempt may do better.
            log.exception("attempt failed", kind=job.kind, attempt=attempt)
            lease.last_write(lambda session: _end(session, work, lease))
    log.info("job left", kind=job.kind, attempt=attempt, is_lost=lease.is_lost.is_set())


def give_back(lease: Lease, columns: dict[str, Any] | None = None) -> None:
    """Hand a job back, with what is done of it, because this process is about to end."""
    lease.last_write(lambda session: hand_back(session, lease.job, lease.attempt, columns))


def _end(session: Session, work: Work, lease: Lease) -> bool:
    table, running = KINDS[lease.job.kind].table, KINDS[lease.job.kind].running
    row: Any = session.scalar(
        select(table)
        .where(table.id == lease.job.id, table.attempt == lease.attempt)
        .where(table.status == running)  # not handed back before it failed
        .with_for_update()
    )
    if row is None:
        return False
    end_attempt(session, lease.job, row, "an unexpected error", work.settings.max_attempts)
    return True


def _fail_for_good(lease: Lease, error: InputError) -> None:
    failure = {
        "code": error.issues[0].code,
        "message": error.issues[0].message,
        "issues": [issue.model_dump(mode="json", exclude_none=True) for issue in error.issues],
    }
    job = lease.job
    values = {"status": "failed", "failure": failure, **KINDS[job.kind].when_failed}
    rows = issue_rows(job.organization_id, job.id, error.issues) if job.kind == "imports" else ()
    lease.finish(values, "failed", short_failure(failure), rows)
