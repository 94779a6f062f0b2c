"""Visits of days that are over are found as missed, wherever and however late the job runs."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from procrastinate import App
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector
from sqlalchemy import text, update

from routeplanner.domain.master_data import OrganizationFields
from routeplanner.jobs import missed
from routeplanner.jobs.missed import find_missed_visits
from routeplanner.jobs.work import Work
from routeplanner.jobs.worker import COUNT_TASK, MISSED_TASK, add_tasks
from routeplanner.storage.database import Actor
from routeplanner.storage.visit_tables import StoredVisit
from tests.publishing import approved, everything, published
from tests.service import Tenant, in_its_own_loop


def statuses(tenant: Tenant) -> Counter[str]:
    return Counter(visit["status"] for visit in everything(tenant, "/v1/visits"))


def ad_hoc(tenant: Tenant, day: date) -> str:
    body = {"rep": "R1", "store_id": "A1", "date": day.isoformat()}
    return str(tenant.post("/v1/visits", body).json()["id"])


def test_every_planned_visit_of_the_past_is_found_once(tenant: Tenant, work: Work) -> None:
    """Months were slept through: two weeks are found by one run, and nothing by the next."""
    published(tenant, approved(tenant), "2026-03-02", "2026-03-15")
    made, skipped, canceled = everything(tenant, "/v1/visits?rep=R1")[:3]
    for visit, fields in (
        (made, {"kind": "check_in", "at": f"{made['date']}T09:00:00+01:00"}),
        (skipped, {"kind": "skip", "reason": "closed", "recorded_at": "2026-03-01T09:00:00Z"}),
        (canceled, {"kind": "cancel"}),
    ):
        sent = tenant.post(f"/v1/visits/{visit['id']}/reports", fields)
        assert sent.status_code == 200, sent.text
    assert find_missed_visits(work) >= 19
    assert statuses(tenant) == {"missed": 19, "started": 1, "skipped": 1, "canceled": 1}
    found = everything(tenant, "/v1/visits?status=missed")[0]
    age = datetime.now(UTC) - datetime.fromisoformat(found["missed_at"])
    assert timedelta(0) <= age < timedelta(minutes=5)
    assert (found["reason"], found["is_excused"]) == (None, False)
    assert find_missed_visits(work) == 0
    trail = tenant.get(f"/v1/audit?entity_id={found['id']}").json()["items"]
    assert [(change["after"]["status"], change["person_id"]) for change in trail] == [
        ("missed", None)
    ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_a_day_is_over_where_the_organization_is(tenant: Tenant, work: Work, zone: str) -> None:
    """Kiritimati is 14 hours ahead of UTC, Pago Pago 11 behind."""
    approved(tenant)
    organization = tenant.get("/v1/organization").json()
    fields = OrganizationFields(name=organization["name"], time_zone=zone).model_dump(mode="json")
    assert tenant.put("/v1/organization", fields).status_code == 200
    today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    yesterday = ad_hoc(tenant, today - timedelta(days=1))
    for later in (today, today + timedelta(days=1)):
        ad_hoc(tenant, later)
    find_missed_visits(work)
    found = {v["id"]: v["status"] for v in everything(tenant, "/v1/visits")}
    assert found.pop(yesterday) == "missed"
    assert set(found.values()) == {"planned"}


def test_many_are_found_in_parts(
    tenant: Tenant, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "AT_ONCE", 5)
    published(tenant, approved(tenant), "2026-03-02", "2026-03-15")
    find_missed_visits(work)
    assert statuses(tenant) == {"missed": 22}


def test_a_visit_that_is_being_reported_is_left_for_the_next_time(
    tenant: Tenant, work: Work
) -> None:
    published(tenant, approved(tenant), "2026-03-02", "2026-03-08")
    visit = everything(tenant, "/v1/visits?store_id=A1")[0]
    with work.database.transaction(Actor(tenant.id)) as session:
        session.execute(
            update(StoredVisit)
            .where(StoredVisit.id == visit["id"])
            .values(goals=["busy"], version=StoredVisit.version + 1)
        )
        find_missed_visits(work)
    assert statuses(tenant) == {"missed": 10, "planned": 1}
    find_missed_visits(work)
    assert statuses(tenant) == {"missed": 11}


def test_nothing_is_begun_when_the_process_is_about_to_end(tenant: Tenant, work: Work) -> None:
    published(tenant, approved(tenant), "2026-03-02", "2026-03-08")
    ending = Work(work.database, work.settings)
    ending.is_stopping.set()
    assert find_missed_visits(ending) == 0
    assert statuses(tenant) == {"planned": 11}


async def _deferred(app: App) -> list[Any]:
    deferrer = PeriodicDeferrer(app.periodic_registry)
    at = datetime(2026, 3, 2, 0, 4, tzinfo=UTC).timestamp()
    for _ in range(2):
        await deferrer.defer_jobs(deferrer.get_previous_tasks(at=at))
    return list(app.connector.jobs.values())  # type: ignore[attr-defined]


def test_the_clock_asks_for_it_once_however_often_it_strikes() -> None:
    app = App(connector=InMemoryConnector())
    add_tasks(app)
    jobs = in_its_own_loop(_deferred(app))
    assert {(job["task_name"], job["queueing_lock"]) for job in jobs} == {
        (MISSED_TASK, MISSED_TASK), (COUNT_TASK, COUNT_TASK),
    }  # fmt: skip
    assert len(jobs) == 2


def test_the_search_for_missed_visits_has_an_index(tenant: Tenant, work: Work) -> None:
    with work.database.transaction(Actor(tenant.id)) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = session.scalars(
            text(
                "EXPLAIN SELECT id FROM visits"
                " WHERE status = 'planned' AND date < '2026-03-02' LIMIT 5"
            )
        )
        # Which of its indexes PostgreSQL takes goes by how many visits there are.
        assert not any("Seq Scan" in line for line in plan)
