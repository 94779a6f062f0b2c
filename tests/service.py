"""Fixtures of the service: a real PostgreSQL, a fresh database a process, tenants with keys."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from api.app import create_app
from routeplanner.domain.master_data import OrganizationFields
from routeplanner.jobs.lease import JobId
from routeplanner.jobs.work import Work, run
from routeplanner.jobs.worker import RUNNERS
from routeplanner.logs import configure_logs
from routeplanner.settings import Settings
from routeplanner.storage import embedded
from routeplanner.storage.database import Actor, Database
from routeplanner.storage.migrate import migrate
from routeplanner.use_cases.first_start import found_organization
from routeplanner.use_cases.people import create_key, organization_id_of

ROLES = ("admin", "planner", "supervisor", "rep")


@contextmanager
def fresh_database() -> Iterator[str]:
    """A migrated database, gone at the end: on the server that is named, else an embedded one.

    Not in pytest's folder: PostgreSQL may run as another user, and every run of pytest closes
    that folder to others.
    """
    given = os.environ.get("ROUTEPLANNER_TEST_DATABASE_URL")
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="rp-")))
        settings = Settings(data_dir=place, database_url=given)
        server = stack.enter_context(embedded.database_url(settings))
        name = f"test_{uuid4().hex}"
        embedded.create_database(make_url(server), name)
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        migrate(url)
        yield url
        engine = create_engine(
            embedded.driver_url(server), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def service_settings(url: str) -> Settings:
    """Settings of a test: patient with callers, impatient with workers."""
    return Settings(
        database_url=url, requests_per_minute=1_000_000, lease_s=2, reconcile_s=1, log_level="error"
    )


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The database of this process."""
    configure_logs("error")
    with fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return service_settings(database_url)


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url, pool_size=10)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:

    with TestClient(create_app(settings), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def work(settings: Settings, database: Database) -> Work:
    return Work(database, settings)


@dataclass
class Tenant:
    """An organization with two reps, and a key for each role; R1 belongs to the restricted."""

    id: UUID
    client: TestClient
    database: Database
    keys: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    def call(self, method: str, path: str, *, role: str = "admin", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[role]}"} | options.pop("headers", {})
        return self.client.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, json=body, **options)

    def put(self, path: str, body: Any, **options: Any) -> Any:
        return self.call("PUT", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)


@pytest.fixture
def tenant(client: TestClient, database: Database) -> Tenant:
    return new_tenant(client, database)


@pytest.fixture
def other_tenant(client: TestClient, database: Database) -> Tenant:
    return new_tenant(client, database)


def new_tenant(client: TestClient, database: Database) -> Tenant:
    """A fresh organization."""
    name = f"organization {uuid4().hex}"
    admin = found_organization(
        database, OrganizationFields(name=name, time_zone="Europe/Berlin", language="en")
    )
    organization_id = organization_id_of(database, name)
    assert organization_id is not None
    tenant = Tenant(organization_id, client, database, {"admin": admin.key})
    tenant.people["admin"] = admin.person_id
    for rep in ("R1", "R2"):
        body = {"external_id": rep, "name": rep, "base": {"lat": 52.52, "lon": 13.40}}
        assert tenant.post("/v1/reps", body).status_code == 201
    for role in ROLES[1:]:
        body = {"external_id": role, "name": role, "role": role}
        if role in ("supervisor", "rep"):
            body["reps"] = ["R1"]
        person = UUID(tenant.post("/v1/people", body).json()["id"])
        with database.transaction(Actor(organization_id)) as session:
            key = create_key(session, organization_id=organization_id, person_id=person, name=role)
        tenant.people[role], tenant.keys[role] = person, key.key
    return tenant


def store(number: int, rep: str = "R1", **fields: Any) -> dict[str, Any]:
    """A store as the API takes it."""
    return {
        "external_id": f"S{number:03d}",
        "name": f"Store {number}",
        "position": {"lat": 52.5 + number / 1000, "lon": 13.4},
        "rep": rep,
        "sales": 1000 - number,
    } | fields


def scenario(n: int = 4, reps: tuple[str, ...] = ("R1",)) -> dict[str, Any]:
    """A small scenario given whole."""
    return {
        "stores": [
            {
                "id": f"{rep}-{number}",
                "lat": 52.5 + number / 200,
                "lon": 13.4 + place / 50,
                "sales": 100 - number,
                "rep": rep,
            }
            for place, rep in enumerate(reps)
            for number in range(n)
        ],
        "reps": [{"id": rep, "base_lat": 52.52, "base_lon": 13.40} for rep in reps],
        "policy": "five-day",
    }


def solved_plan(tenant: Tenant, work: Work, **fields: Any) -> dict[str, Any]:
    """A plan that a worker has made, here in this process."""
    body = {"scenario": scenario(), "method": "insertion", "termination": {"iterations": 5}}
    asked = tenant.post("/v1/plans", body | fields)
    assert asked.status_code == 202, asked.text
    run_job(tenant, work, "plans", asked.json()["id"])
    found = tenant.get(f"/v1/plans/{asked.json()['id']}").json()
    assert isinstance(found, dict)
    return found


def run_job(tenant: Tenant, work: Work, kind: Any, job_id: str) -> None:
    """Do a job as a worker would."""
    run(work, JobId(kind, tenant.id, UUID(job_id)), RUNNERS[kind])


def in_its_own_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread: that of the tests may have the running loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
