"""Searches of plans: when they end, and which version their plans are."""

import threading
from typing import Any
from uuid import UUID

from routeplanner.jobs import solving
from routeplanner.jobs.work import Work
from routeplanner.settings import Settings
from tests.faults.machine import wait_until
from tests.service import Tenant, run_job, scenario, solved_plan

LONG = {"spent_seconds": 600}


def limited(work: Work, **limits: float) -> Work:
    return Work(work.database, work.settings.model_copy(update=limits))


def asked_plan(tenant: Tenant, termination: dict[str, Any], **fields: Any) -> str:
    body = {"scenario": scenario(), "method": "insertion", "termination": termination}
    return str(tenant.post("/v1/plans", body | fields).json()["id"])


def made(tenant: Tenant, work: Work, termination: dict[str, Any], **fields: Any) -> Any:
    plan_id = asked_plan(tenant, termination, **fields)
    worker = threading.Thread(target=run_job, args=(tenant, work, "plans", plan_id), daemon=True)
    worker.start()
    worker.join(120)
    assert not worker.is_alive()
    return tenant.get(f"/v1/plans/{plan_id}").json()


def test_no_termination_outlasts_the_limit(tenant: Tenant, work: Work) -> None:
    for termination in (
        {"iterations": 2**31},
        {"iterations": 2**31, "unimproved_seconds": 1e6},
        {"unimproved_seconds": 1e6},
    ):
        plan = made(tenant, limited(work, solve_seconds_limit=1), termination)
        assert plan["status"] == "solved", plan["failure"]
        assert plan["plan"]["provenance"]["iterations"] < 2**31


def test_iterations_alone_repeat_whatever_the_limit() -> None:
    for limit in (1, 3600):
        settings = Settings(solve_seconds_limit=limit)
        # The time would set the pace of the search, and no two searches take the same.
        assert solving._seconds(solving.Termination(iterations=5), settings) is None


def test_a_search_that_names_an_end_does_not_get_the_default_one(
    tenant: Tenant, work: Work
) -> None:
    hasty = limited(work, solve_seconds=1e-6)
    default = made(tenant, hasty, {})["plan"]["provenance"]["iterations"]
    patient = made(tenant, hasty, {"unimproved_seconds": 1})["plan"]["provenance"]["iterations"]
    assert patient > default + 10


def test_a_plan_made_from_a_plan_is_its_next_version(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work)
    second = solved_plan(tenant, work, warm_start_plan_id=first["id"])
    third = solved_plan(tenant, work, warm_start_plan_id=second["id"])
    assert [plan["plan"]["version"] for plan in (first, second, third)] == [1, 2, 3]
    calendar = tenant.get(f"/v1/plans/{third['id']}/export?format=ics&start_date=2026-03-02").text
    sequences = {line for line in calendar.splitlines() if line.startswith("SEQUENCE")}
    assert sequences == {"SEQUENCE:3"}


def test_a_search_that_goes_on_keeps_plan_and_version(
    tenant: Tenant, work: Work, monkeypatch: Any
) -> None:
    monkeypatch.setattr(solving, "KEEP_EVERY_S", 0.0)
    first = solved_plan(tenant, work)
    plan_id = asked_plan(tenant, LONG, warm_start_plan_id=first["id"])
    path = f"/v1/plans/{plan_id}"
    ending = Work(work.database, work.settings)
    worker = threading.Thread(target=run_job, args=(tenant, ending, "plans", plan_id))
    worker.start()
    try:
        wait_until(lambda: tenant.get(path).json()["plan"], "a plan that is kept")
        kept = tenant.get(path).json()
        assert (kept["status"], kept["plan"]["version"]) == ("solving", 2)
    finally:
        ending.is_stopping.set()
        worker.join(60)
    handed_back = tenant.get(path).json()
    assert (handed_back["status"], handed_back["plan"]["version"]) == ("queued", 2)

    run_job(tenant, limited(work, solve_seconds_limit=1), "plans", plan_id)
    solved = tenant.get(path).json()
    assert (solved["status"], solved["plan"]["version"]) == ("solved", 2)
    assert UUID(solved["parent_id"]) == UUID(first["id"])
