"""No organization sees or changes rows of another, whatever a query asks for."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from routeplanner.files.policy_source import preset_data
from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor, Database
from routeplanner.storage.tables import Base, Key, PlanRow, RepRow, StudyRow
from routeplanner.use_cases.access import digest_of
from tests.publishing import approved, everything, published
from tests.service import Tenant, run_job, scenario, solved_plan, store


def test_queries_see_one_organization(
    tenant: Tenant, other_tenant: Tenant, database: Database, work: Work
) -> None:
    for each in (tenant, other_tenant):
        _fill(each, work)
    column_of = {
        table.name: table.c.id if table.name == "organizations" else table.c.organization_id
        for table in Base.metadata.sorted_tables
    }
    with database.engine.connect() as superuser:
        for name, column in column_of.items():
            there = set(superuser.scalars(select(column)))
            assert {tenant.id, other_tenant.id} <= there, f"{name} lacks rows to be hidden"
    with database.transaction(Actor(tenant.id)) as session:
        for name, column in column_of.items():
            assert set(session.scalars(select(column))) == {tenant.id}, name


def _fill(tenant: Tenant, work: Work) -> None:
    """Write at least one row into every table."""
    account = {"external_id": "chain", "name": "Chain"}
    assert tenant.post("/v1/accounts", account).status_code == 201
    made = tenant.post("/v1/stores", store(1), headers={"Idempotency-Key": "once"})
    assert made.status_code == 201
    policy = {"external_id": "ours", "policy": preset_data("five-day")}
    assert tenant.post("/v1/policies", policy).status_code == 201
    solved_plan(tenant, work)
    asked = {"kind": "prices", "scenario": scenario()}
    assert tenant.post("/v1/studies", asked).status_code == 202
    faulty = tenant.call("POST", "/v1/stores:import", content=b"id,lat,lon\nS1,95,13\n")
    run_job(tenant, work, "imports", faulty.json()["id"])
    ill = [{"rep": "R1", "first": "2026-03-02", "last": "2026-03-03", "name": "ill"}]
    published(tenant, approved(tenant), "2026-03-02", "2026-03-08", absences=ill)
    visit = everything(tenant, "/v1/visits")[0]
    report = {"kind": "check_in", "at": f"{visit['date']}T09:00:00Z"}
    told = tenant.post(f"/v1/visits/{visit['id']}/reports", report)
    assert told.status_code == 200, told.text
    week = tenant.get("/v1/kpis?from_date=2026-03-02&until=2026-03-08&by=rep")
    assert week.status_code == 200, week.text


def test_rows_cannot_be_written_into_another_organization(
    tenant: Tenant, other_tenant: Tenant, database: Database
) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.add(RepRow(organization_id=other_tenant.id, external_id="X", name="", lat=0, lon=0))


def test_without_an_organization_nothing_is_seen(tenant: Tenant, database: Database) -> None:
    with database.presenting(digest_of(tenant.keys["admin"])) as (session, _):
        assert session.scalars(select(RepRow)).all() == []
        assert len(session.scalars(select(Key)).all()) == 1


def test_the_system_role_sees_jobs_but_not_their_content(
    tenant: Tenant, database: Database
) -> None:
    with database.system() as session:
        session.execute(select(PlanRow.id, PlanRow.status))
        session.execute(select(StudyRow.id, StudyRow.status))
    for query in (
        "SELECT content FROM plans",
        "SELECT result FROM studies",
        "SELECT * FROM stores",
        "SELECT * FROM keys",
        "SELECT language FROM organizations",
        "SELECT args FROM procrastinate_jobs",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database.system() as session,
        ):
            session.execute(text(query))


def test_the_queue_tells_an_organization_nothing(tenant: Tenant, database: Database) -> None:
    for query in ("SELECT args FROM procrastinate_jobs", "SELECT * FROM procrastinate_events"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database.transaction(Actor(tenant.id)) as session,
        ):
            session.execute(text(query))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit",
        "UPDATE audit SET action = 'x'",
        "TRUNCATE audit",
        "UPDATE scenarios SET name = 'x'",
        "DELETE FROM plans",
        "DELETE FROM studies",
        "DELETE FROM plan_events",
        "DELETE FROM plan_reviews",
        "DELETE FROM stores",
        "DELETE FROM keys",
        "DELETE FROM imports",
    ],
)
def test_what_the_service_has_no_need_to_change_it_cannot(
    tenant: Tenant, database: Database, change: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.execute(text(change))
