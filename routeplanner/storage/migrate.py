"""Brings the database to the version of the code; several processes may try at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from routeplanner.errors import UnavailableError
from routeplanner.storage.embedded import driver_url

_LOCK = 7_014_211_930  # any number, the same for every process
_CONNECT_S = 10


def migrate(url: str) -> tuple[str | None, str]:
    """Run all outstanding migrations; returns the revision before and after.

    Raises
    ------
    UnavailableError
        The database cannot be reached.
    """
    with _connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        before = revision_of(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        return before, head()


def require_head(url: str) -> None:
    """Make sure that a database is there, and of the version of the code; UnavailableError else."""
    with _connected(url) as connection:
        if revision_of(connection) != head():
            raise UnavailableError("the database is of another version: run `routeplanner migrate`")


@cache
def head() -> str:
    """The revision that the code needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise AssertionError("there is no migration")
    return revision


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; none where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(
        driver_url(url), poolclass=NullPool, connect_args={"connect_timeout": _CONNECT_S}
    )
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        raise UnavailableError(f"the database cannot be reached: {reason}") from error
    finally:
        engine.dispose()
