"""`routeplanner serve`: database, worker and server on one machine, in one command."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import fasteners
import uvicorn

from routeplanner.cli.report import EXIT_BAD_INPUT, errors, told_plainly
from routeplanner.domain.master_data import OrganizationFields
from routeplanner.jobs.supervisor import Supervisor
from routeplanner.logs import configure_logs
from routeplanner.settings import Settings
from routeplanner.storage.database import Database
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import migrate
from routeplanner.use_cases.first_lists import load_lists
from routeplanner.use_cases.first_start import found_organization, has_organization
from routeplanner.use_cases.people import organization_id_of

OPEN_REQUESTS_S = 2
"""Seconds that open requests, event streams among them, have at the end."""

_File = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(name="serve")
@click.option("--host", help="Address to listen on; 127.0.0.1 where not given.")
@click.option("--port", type=click.IntRange(0, 65535), help="8000 where not given.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the embedded PostgreSQL; the user's data folder where not given.",
)
@click.option("--organization", default="default", show_default=True, help="At the first start.")
@click.option("--time-zone", default="UTC", show_default=True, help="At the first start.")
@click.option("--stores", type=_File, help="Store list to begin with, at the first start.")
@click.option("--reps", type=_File, help="Reps of the store list.")
def command(
    host: str | None,
    port: int | None,
    data_dir: Path | None,
    organization: str,
    time_zone: str,
    stores: Path | None,
    reps: Path | None,
) -> None:
    """Start everything: PostgreSQL (unless ROUTEPLANNER_DATABASE_URL names one), worker, server.

    At the very first start it creates an organization and prints the key of its admin, once.
    """
    changes = {"host": host, "port": port, "data_dir": data_dir}
    settings = Settings().model_copy(
        update={name: value for name, value in changes.items() if value is not None}
    )
    configure_logs(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(settings.data_dir), database_url(settings) as url:
        migrate(url)
        fields = OrganizationFields(name=organization, time_zone=time_zone)
        with told_plainly():
            _first_start(url, fields, stores, reps)
        environment = {"ROUTEPLANNER_DATABASE_URL": url}
        os.environ |= environment  # the app reads its settings by itself
        supervisor = Supervisor(environment, settings.data_dir)
        supervisor.start()
        try:
            _serve(settings)
        finally:
            supervisor.stop()
    gc.freeze()  # the interpreter would search all that is loaded before it ends


def _first_start(
    url: str, fields: OrganizationFields, stores: Path | None, reps: Path | None
) -> None:
    database = Database(url, pool_size=1)
    try:
        if has_organization(database):
            return
        key = found_organization(database, fields)
        organization_id = organization_id_of(database, fields.name)
        if stores is not None and reps is not None and organization_id is not None:
            n = load_lists(database, organization_id, stores, reps)
            click.echo(f"stores: {n}")
        click.echo(f"admin key: {key.key}")
        sys.stdout.flush()
    finally:
        database.dispose()


def _serve(settings: Settings) -> None:
    config = uvicorn.Config(
        "api.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=OPEN_REQUESTS_S,
    )
    # At its end uvicorn raises the signal that ended it once more; the worker and the database
    # still have to be stopped then.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system takes back however this process ends."""
    lock = fasteners.InterProcessLock(folder / "serve.lock")
    if not lock.acquire(blocking=False):
        errors.print(f"another `routeplanner serve` uses {folder}")
        sys.exit(EXIT_BAD_INPUT)
    try:
        yield
    finally:
        lock.release()
