"""`routeplanner migrate`: brings the database to the version of the program."""

import click

from routeplanner.cli.report import console, told_plainly
from routeplanner.cli.service import service_settings
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import migrate


@click.command(name="migrate")
def command() -> None:
    """Create or upgrade the tables of the database that the settings name."""
    with told_plainly(), database_url(service_settings()) as url:
        before, after = migrate(url)
    console.print(f"{before or 'empty'} → {after}" if before != after else f"{after}, as before")
