"""Models and migrations agree, and tenancy covers every table."""

from uuid import uuid4

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from routeplanner.storage.database import Actor, Database
from routeplanner.storage.embedded import create_database, driver_url
from routeplanner.storage.ids import new_id
from routeplanner.storage.migrate import _config, _connected, head, migrate
from routeplanner.storage.tables import Base

NOT_OURS = ("procrastinate", "alembic")


def test_migrations_make_the_tables_of_the_models(database: Database) -> None:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not (name or "").startswith(NOT_OURS)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_of_the_version_before_is_brought_to_this_one(database_url: str) -> None:
    """With visits, and an audit trail that goes on where it was; and back, and here again."""
    name, organization, rep, visit = f"old_{uuid4().hex}", *(new_id() for _ in range(3))
    create_database(make_url(database_url), name)
    url = make_url(database_url).set(database=name)
    ids = {"organization": organization, "rep": rep, "store": new_id(), "visit": visit}
    try:
        with _connected(str(url.render_as_string(hide_password=False))) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0004")
            connection.execute(text(_OLD_ROWS), ids)
            connection.commit()
            command.upgrade(config, "0005")
            connection.commit()
            n_audited = "SELECT count(*), max(id) FROM audit"
            before = connection.execute(text(n_audited)).one()
            connection.execute(text("UPDATE visits SET reason = 'closed', version = version + 1"))
            after = connection.execute(text(n_audited)).one()
            assert (after[0], after[1]) == (before[0] + 1, before[1] + 1)
            rights = "SELECT has_table_privilege('routeplanner_app', 'publication_days', 'UPDATE')"
            assert connection.scalar(text(rights)) is False
            connection.commit()
            command.downgrade(config, "0004")
            connection.commit()
            assert connection.scalar(text(rights)) is True
            assert connection.execute(text(n_audited)).one() == after
            command.upgrade(config, "head")
            connection.commit()
            assert connection.scalar(text("SELECT version FROM visits")) == 2
    finally:
        with create_engine(
            driver_url(database_url), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        ).connect() as administrator:
            administrator.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


_OLD_ROWS = """
WITH given AS (
    SELECT set_config('routeplanner.organization_id', CAST(:organization AS text), false)
),
organization AS (
    INSERT INTO organizations (id, name, time_zone, language, version)
    SELECT :organization, 'old', 'UTC', 'en', 1 FROM given RETURNING id
),
rep AS (
    INSERT INTO reps (id, organization_id, external_id, name, lat, lon, version)
    SELECT :rep, id, 'R1', 'R1', 50, 8, 1 FROM organization RETURNING organization_id
),
store AS (
    INSERT INTO stores (id, organization_id, external_id, name, lat, lon, status, version)
    SELECT :store, organization_id, 'S1', 'S1', 50, 8, 'open', 1 FROM rep
    RETURNING organization_id
)
INSERT INTO visits
    (organization_id, id, version, rep_id, store_id, store_class, date, origin, status)
SELECT organization_id, :visit, 1, :rep, :store, 'A', '2026-03-02', 'ad_hoc', 'planned' FROM store
"""


def test_a_migrated_database_stays_as_it_is(database_url: str) -> None:
    assert migrate(database_url) == (head(), head())


def test_an_owner_without_createrole_migrates_once_the_roles_are_made_and_granted(
    database: Database,
) -> None:
    owner = f"owner_{uuid4().hex}"
    engine = create_engine(database.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as administrator:
        for command in (
            f"CREATE ROLE {owner} LOGIN NOCREATEROLE PASSWORD '{owner}'",
            f"GRANT routeplanner_app, routeplanner_system TO {owner}",
            f"CREATE DATABASE {owner} OWNER {owner}",
        ):
            administrator.execute(text(command))
        try:
            own = database.engine.url.set(username=owner, password=owner, database=owner)
            url = own.render_as_string(hide_password=False)
            assert migrate(url) == (None, head())
            made = Database(url, pool_size=1)
            with made.transaction(Actor(new_id())) as session:
                assert session.scalar(text("SELECT count(*) FROM stores")) == 0
            made.dispose()
        finally:
            administrator.execute(text(f"DROP DATABASE {owner} WITH (FORCE)"))
            administrator.execute(text(f"DROP ROLE {owner}"))


def test_every_table_has_forced_row_level_security(database: Database) -> None:
    with database.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        )
        secured = {name: is_secured for name, is_secured in found if not name.startswith(NOT_OURS)}
    assert set(secured) == set(Base.metadata.tables)
    assert all(secured.values()), secured


def test_every_foreign_key_stays_in_the_organization() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            names = {column.name for column in constraint.columns}
            assert "organization_id" in names, f"{table.name}: {names}"


def test_no_transaction_runs_as_a_superuser(database: Database) -> None:
    query = text(
        "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    with database.transaction(Actor(new_id())) as session:
        assert session.execute(query).one() == ("routeplanner_app", False)
    with database.system() as session:
        assert session.execute(query).one() == ("routeplanner_system", False)
    with database.presenting(b"x") as (session, _):
        assert session.execute(query).one() == ("routeplanner_app", False)
