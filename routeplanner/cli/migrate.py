"""`routeplanner migrate`: brings the database to the version of the program."""

import click

from routeplanner.cli.report import console
from routeplanner.settings import Settings
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import migrate


@click.command(name="migrate")
def command() -> None:
    """Create or upgrade the tables of the database that the settings name."""
    with database_url(Settings()) as url:
        before, after = migrate(url)
    console.print(f"{before or 'empty'} → {after}" if before != after else f"{after}, as before")
