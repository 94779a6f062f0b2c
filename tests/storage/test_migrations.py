"""Models and migrations agree, and tenancy covers every table."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from routeplanner.storage.database import Actor, Database
from routeplanner.storage.ids import new_id
from routeplanner.storage.migrate import head, migrate
from routeplanner.storage.tables import Base

NOT_OURS = ("procrastinate", "alembic")


def test_migrations_make_the_tables_of_the_models(database: Database) -> None:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not (name or "").startswith(NOT_OURS)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_a_migrated_database_stays_as_it_is(database_url: str) -> None:
    assert migrate(database_url) == (head(), head())


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
    with database.presenting(b"x") as session:
        assert session.execute(query).one() == ("routeplanner_app", False)
