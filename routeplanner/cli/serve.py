"""`routeplanner serve`: database, worker and server on one machine, in one command."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
import fasteners
import uvicorn

from routeplanner.cli.listening import taken_sockets
from routeplanner.cli.report import EXIT_BAD_INPUT, errors, told_plainly
from routeplanner.cli.service import organization_from, service_settings
from routeplanner.domain.master_data import OrganizationFields
from routeplanner.jobs.supervisor import Supervisor
from routeplanner.logs import configure_logs
from routeplanner.storage.database import Database
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import migrate
from routeplanner.use_cases.first_lists import FirstLists, read_lists, write_lists
from routeplanner.use_cases.first_start import found_organization, has_organization

OPEN_REQUESTS_S = 2
"""Seconds that open requests, event streams among them, have at the end."""

_ANOTHER_KEY = "`routeplanner keys create --person admin` makes another"

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
@click.option(
    "--reps", type=_File, help="Reps of the store list, where they are no sheet of its workbook."
)
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

    At the very first start it creates an organization and prints the key of its admin, once;
    `routeplanner keys create --person admin` makes another.
    """
    if reps is not None and stores is None:
        raise click.UsageError("--reps needs --stores: reps come with the stores that they visit")
    with told_plainly():
        settings = service_settings(host=host, port=port, data_dir=data_dir)
        fields = organization_from(organization, time_zone)
        # Before anything is created, so that a start with mended lists is the first one still.
        lists = None if stores is None else read_lists(stores, reps)
    # Before anything is created or shown as well: the key is shown only once.
    sockets = taken_sockets(settings.host, settings.port)
    configure_logs(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(settings.data_dir), database_url(settings) as url:
        with told_plainly():
            migrate(url)
            _first_start(url, fields, lists)
        environment = {"ROUTEPLANNER_DATABASE_URL": url}
        os.environ |= environment  # the app reads its settings by itself
        supervisor = Supervisor(environment, settings.data_dir)
        supervisor.start()
        try:
            _serve(sockets)
        finally:
            supervisor.stop()
    gc.freeze()  # the interpreter would search all that is loaded before it ends


def _first_start(url: str, fields: OrganizationFields, lists: FirstLists | None) -> None:
    """Found the organization with its lists, all or nothing, and show what was made."""
    database = Database(url, pool_size=1)
    try:
        if has_organization(database):
            if lists is not None:
                click.echo("stores, reps: left as they are; lists are taken at the first start")
            click.echo(f"the admin key was shown at the first start; {_ANOTHER_KEY}")
            return
        fill = None if lists is None else partial(write_lists, lists=lists)
        key = found_organization(database, fields, fill)
        click.echo(f"admin key: {key.key}")
        if lists is not None:
            click.echo(f"stores: {len(lists.stores)}, reps: {len(lists.reps)}")
    finally:
        database.dispose()
        sys.stdout.flush()


class _Server(uvicorn.Server):
    """Says where it listens, beside the log, for whoever started it by hand."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        gc.collect()
        gc.freeze()  # what is loaded stays; looking through it again would hold requests up
        for listening in (each for server in self.servers for each in server.sockets):
            host, port = listening.getsockname()[:2]
            click.echo(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}")
        sys.stdout.flush()


def _serve(sockets: list[socket.socket]) -> None:
    config = uvicorn.Config(
        "api.app:create_app",
        factory=True,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=OPEN_REQUESTS_S,
    )
    # At its end uvicorn raises the signal that ended it once more; the worker and the database
    # still have to be stopped then.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_Server(config).serve(sockets=sockets))


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
