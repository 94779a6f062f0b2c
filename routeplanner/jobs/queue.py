"""The queue: Procrastinate on the same database, written in the transaction of the job's row."""

from functools import cache
from typing import Literal
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from routeplanner.storage.database import Session
from routeplanner.storage.embedded import plain_url

JobKind = Literal["plans", "studies", "imports"]

PRIORITY_OF: dict[JobKind, int] = {"plans": 0, "studies": -1, "imports": 0}
"""Of jobs that wait: a study takes as long as many plans."""


def queue_app(url: str, pool_size: int) -> App:
    """The queue as a worker uses it."""
    return App(
        connector=PsycopgConnector(
            conninfo=plain_url(url),
            min_size=1,
            max_size=pool_size,
            kwargs={"application_name": "routeplanner worker", "connect_timeout": 10},
        )
    )


@cache
def _writing_app() -> App:
    """The queue as transactions write it: every call brings its own connection."""
    return App(connector=PsycopgConnector())


def enqueue(session: Session, kind: JobKind, organization_id: UUID, job_id: UUID) -> None:
    """Wake a worker for a job once this transaction commits."""
    try:
        with session.begin_nested():
            # Asked for within the savepoint, which begins with its connection's first use.
            connection = session.connection().connection.driver_connection
            _writing_app().configure_task(
                f"run_{kind}",
                queue=kind,
                priority=PRIORITY_OF[kind],
                queueing_lock=lock_of(kind, job_id),
                connection=connection,
            ).defer(organization_id=str(organization_id), job_id=str(job_id))
    except AlreadyEnqueued:
        return


def lock_of(kind: JobKind, job_id: UUID) -> str:
    """The name under which at most one entry of a job waits in the queue."""
    return f"{kind}:{job_id}"
