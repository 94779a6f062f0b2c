"""`routeplanner keys`: makes, lists and ends API keys without the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from rich.table import Table

from routeplanner.cli.report import console, told_plainly
from routeplanner.cli.service import organization_from, person_from, service_settings
from routeplanner.domain.master_data import SCOPES, Role, Scope
from routeplanner.errors import NotFoundError
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import migrate
from routeplanner.use_cases.first_start import found_organization, key_for
from routeplanner.use_cases.people import (
    KEY_DAYS,
    KeyRecord,
    list_keys,
    organization_id_of,
    revoke_key,
)

_organization = click.option(
    "--organization", default="default", show_default=True, help="Name of the organization."
)


@click.group(name="keys")
def command() -> None:
    """Make, list and end API keys."""


@command.command()
@_organization
@click.option("--new-organization", is_flag=True, help="Create the organization, with an admin.")
@click.option("--time-zone", default="UTC", show_default=True, help="Of a new organization.")
@click.option("--person", default="admin", show_default=True, help="External id of the person.")
@click.option(
    "--role",
    type=click.Choice(["admin", "planner", "supervisor", "rep"]),
    default="planner",
    show_default=True,
    help="Of a person who is new.",
)
@click.option("--name", default="command line", show_default=True, help="What the key is for.")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, help="All if none.")
@click.option("--days", type=click.IntRange(1, 3650), default=KEY_DAYS, show_default=True)
def create(
    organization: str,
    new_organization: bool,
    time_zone: str,
    person: str,
    role: Role,
    name: str,
    scopes: tuple[Scope, ...],
    days: int,
) -> None:
    """Make a key and show it this once."""
    with told_plainly():
        fields = organization_from(organization, time_zone)
        owner = person_from(person, role)
        with _database() as database:
            if new_organization:
                key = found_organization(database, fields)
            else:
                key = key_for(
                    database,
                    _organization_id(database, organization),
                    person=owner,
                    name=name,
                    scopes=scopes or SCOPES,
                    days=days,
                )
    click.echo(key.key)


@command.command(name="list")
@_organization
def list_command(organization: str) -> None:
    """List keys; none can be shown again."""
    table = Table("id", "name", "starts with", "scopes", "expires", "revoked", "last used")
    with told_plainly(), _transaction(organization) as session:
        for key in _all_keys(session):
            dates = (key.expires_at, key.revoked_at, key.last_used_at)
            shown = (f"{date:%Y-%m-%d}" if date else "–" for date in dates)
            table.add_row(str(key.id), key.name, f"{key.prefix}…", " ".join(key.scopes), *shown)
    console.print(table)


@command.command()
@_organization
@click.argument("key_id", type=click.UUID)
def revoke(organization: str, key_id: UUID) -> None:
    """End a key at once."""
    with told_plainly(), _transaction(organization) as session:
        revoke_key(session, key_id)
    console.print(f"{key_id} is revoked")


def _all_keys(session: Session) -> Iterator[KeyRecord]:
    page = list_keys(session)
    yield from page.items
    while page.next is not None:
        page = list_keys(session, cursor=page.next)
        yield from page.items


@contextmanager
def _database() -> Iterator[Database]:
    with database_url(service_settings()) as url:
        migrate(url)
        database = Database(url, pool_size=1)
        try:
            yield database
        finally:
            database.dispose()


@contextmanager
def _transaction(organization: str) -> Iterator[Session]:
    """A transaction on the database of the settings, for an organization by its name."""
    with _database() as database:
        actor = Actor(_organization_id(database, organization))
        with database.transaction(actor) as session:
            yield session


def _organization_id(database: Database, organization: str) -> UUID:
    organization_id = organization_id_of(database, organization)
    if organization_id is None:
        raise NotFoundError(f"there is no organization '{organization}'; see --new-organization")
    return organization_id
