"""Whether the service can do its work."""

from pydantic import BaseModel
from sqlalchemy import text

from routeplanner.errors import UnavailableError
from routeplanner.storage.database import Database
from routeplanner.storage.migrate import head, revision_of

WORKER_SILENT_S = 30


class Readiness(BaseModel):
    """What a service needs, and whether it is there."""

    is_ready: bool
    database: bool
    schema_version: bool  # the database is of the version of the code
    workers: int  # with a sign of life


def unfinished_jobs(database: Database) -> dict[tuple[str, str], int]:
    """How many plans and imports wait or run, of all organizations."""
    with database.system() as session:
        found = session.execute(
            text(
                "SELECT 'plans', status, count(*) FROM plans"
                " WHERE status IN ('queued', 'solving') GROUP BY status"
                " UNION ALL SELECT 'imports', status, count(*) FROM imports"
                " WHERE status IN ('queued', 'running') GROUP BY status"
            )
        )
        return {(kind, status): n for kind, status, n in found}


def readiness_of(database: Database) -> Readiness:
    """Look at the database, its version and the workers."""
    try:
        with database.system() as session:
            is_current = revision_of(session.connection()) == head()
            workers = session.scalar(
                text(
                    "SELECT count(*) FROM procrastinate_workers"
                    " WHERE last_heartbeat > now() - make_interval(secs => :silent)"
                ),
                {"silent": WORKER_SILENT_S},
            )
    except UnavailableError:
        return Readiness(is_ready=False, database=False, schema_version=False, workers=0)
    n = int(workers or 0)
    return Readiness(
        is_ready=is_current and n > 0, database=True, schema_version=is_current, workers=n
    )
