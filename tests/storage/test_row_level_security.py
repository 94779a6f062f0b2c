"""No organization sees or changes rows of another, whatever a query asks for."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from routeplanner.storage.database import Actor, Database
from routeplanner.storage.tables import Base, Key, PlanRow, RepRow
from routeplanner.use_cases.access import digest_of
from tests.service import Tenant, store


def test_queries_see_one_organization(
    tenant: Tenant, other_tenant: Tenant, database: Database
) -> None:
    for each in (tenant, other_tenant):
        assert each.post("/v1/stores", store(1)).status_code == 201
    with database.transaction(Actor(tenant.id)) as session:
        for table in Base.metadata.sorted_tables:
            column = table.c.id if table.name == "organizations" else table.c.organization_id
            assert set(session.scalars(select(column))) <= {tenant.id}, table.name


def test_rows_cannot_be_written_into_another_organization(
    tenant: Tenant, other_tenant: Tenant, database: Database
) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.add(RepRow(organization_id=other_tenant.id, external_id="X", name="", lat=0, lon=0))


def test_without_an_organization_nothing_is_seen(tenant: Tenant, database: Database) -> None:
    with database.presenting(digest_of(tenant.keys["admin"])) as session:
        assert session.scalars(select(RepRow)).all() == []
        assert len(session.scalars(select(Key)).all()) == 1


def test_the_system_role_sees_jobs_but_not_their_content(
    tenant: Tenant, database: Database
) -> None:
    with database.system() as session:
        session.execute(select(PlanRow.id, PlanRow.status))
    for query in ("SELECT content FROM plans", "SELECT * FROM stores", "SELECT * FROM keys"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database.system() as session,
        ):
            session.execute(text(query))


@pytest.mark.parametrize("change", ["DELETE FROM audit", "UPDATE audit SET action = 'x'"])
def test_the_audit_trail_cannot_be_changed(tenant: Tenant, database: Database, change: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.execute(text(change))
