"""Studies as jobs: stopped in the middle, handed on, begun anew by another worker, given up."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, update

from routeplanner.jobs.lease import JobId, claim
from routeplanner.jobs.reconciler import reconcile
from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import StudyRow
from tests.faults.machine import wait_until
from tests.service import Tenant, run_job, scenario, solved_plan

LONG = {"termination": {"spent_seconds": 100}}
REPEATED = {"termination": {"iterations": 2**31}}
KINDS = {
    "what_if": {"alternatives": [{"changes": {"reps": "+1"}}]},
    "prices": {"only": ["lunch"]},
    "fit": {"within_seconds": 1000},
}


def asked(tenant: Tenant, kind: str = "what_if", **fields: Any) -> str:
    body = {"kind": kind, "scenario": scenario(), "seeds": 1, **KINDS[kind]} | fields
    answer = tenant.post("/v1/studies", body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def found(tenant: Tenant, study_id: str) -> Any:
    return tenant.get(f"/v1/studies/{study_id}").json()


@contextmanager
def worked_on(tenant: Tenant, work: Work, study_id: str) -> Iterator[threading.Thread]:
    """A study whose searches go on until something ends them."""
    worker = threading.Thread(target=run_job, args=(tenant, work, "studies", study_id), daemon=True)
    worker.start()
    wait_until(lambda: found(tenant, study_id)["progress"], "progress")
    yield worker
    worker.join(60)
    assert not worker.is_alive()


@pytest.mark.parametrize("kind", KINDS)
def test_a_running_study_is_stopped(tenant: Tenant, work: Work, kind: str) -> None:
    body: Any = scenario(n=12)
    rules = {label: {"frequency": "5/week", "service_minutes": 240} for label in ("A", "B", "C")}
    policy = {"visit_rules": rules}  # never fits, so that no search ends by itself
    study_id = asked(tenant, kind, scenario=body, policy=policy, **LONG)
    with worked_on(tenant, work, study_id):
        stopped = tenant.delete(f"/v1/studies/{study_id}").json()
        assert (stopped["status"], stopped["is_cancel_requested"]) == ("solving", True)
    study = found(tenant, study_id)
    assert (study["status"], study["result"], study["failure"]) == ("canceled", None, None)


def test_what_was_solved_before_it_was_stopped_is_kept(tenant: Tenant, work: Work) -> None:
    study_id = asked(tenant, termination={"spent_seconds": 0.5}, seeds=10)
    with worked_on(tenant, work, study_id):
        wait_until(lambda: found(tenant, study_id)["progress"]["share"] > 0.3, "some seeds")
        tenant.delete(f"/v1/studies/{study_id}")
    study = found(tenant, study_id)
    assert study["status"] == "canceled"
    assert 1 <= len(study["result"]["seeds"]) < 10


def test_an_ending_process_hands_a_study_on(tenant: Tenant, work: Work) -> None:
    study_id = asked(tenant, **LONG)
    ending = Work(work.database, work.settings)
    with worked_on(tenant, ending, study_id):
        ending.is_stopping.set()
    study = found(tenant, study_id)
    assert (study["status"], study["attempt"]) == ("queued", 1)


@pytest.fixture
def bound_id(tenant: Tenant, work: Work) -> str:
    """A bound of a plan with so many stores that nothing is final for long."""
    plan = solved_plan(tenant, work, scenario=scenario(n=60))
    body = {"kind": "bound", "plan_id": plan["id"], "seconds": 1000}
    return str(tenant.post("/v1/studies", body).json()["id"])


def test_a_running_bound_is_stopped_and_keeps_what_is_proved(
    tenant: Tenant, work: Work, bound_id: str
) -> None:
    with worked_on(tenant, work, bound_id):
        progress = found(tenant, bound_id)["progress"]
        assert 0 <= progress["share"] < 0.2
        assert tenant.delete(f"/v1/studies/{bound_id}").json()["status"] == "solving"
    study = found(tenant, bound_id)
    assert (study["status"], study["failure"]) == ("canceled", None)
    result = study["result"]
    assert result is None or (result["least_score"] is not None and not result["is_final"])


def test_an_ending_process_hands_a_bound_on(tenant: Tenant, work: Work, bound_id: str) -> None:
    ending = Work(work.database, work.settings)
    with worked_on(tenant, ending, bound_id):
        ending.is_stopping.set()
    study = found(tenant, bound_id)
    assert (study["status"], study["attempt"], study["result"]) == ("queued", 1, None)


def test_a_study_without_end_fails_at_the_limit(tenant: Tenant, work: Work) -> None:
    settings = work.settings.model_copy(update={"solve_seconds_limit": 1})
    study_id = asked(tenant, **REPEATED)
    run_job(tenant, Work(work.database, settings), "studies", study_id)
    study = found(tenant, study_id)
    assert (study["status"], study["failure"]["code"]) == ("failed", "STUDY_OUT_OF_TIME")
    assert study["failed_at"] is not None


def test_prices_of_more_rules_than_there_is_time_for_fail_before_any_search(
    tenant: Tenant, work: Work
) -> None:
    study_id = asked(tenant, "prices", only=[], termination={"spent_seconds": 1200})
    run_job(tenant, work, "studies", study_id)
    study = found(tenant, study_id)
    assert (study["status"], study["progress"]) == ("failed", None)
    assert study["failure"]["code"] == "SEARCH_TOO_LONG"


def test_a_study_whose_worker_dies_begins_anew_and_fails_after_three_attempts(
    tenant: Tenant, work: Work
) -> None:
    job = JobId("studies", tenant.id, UUID(asked(tenant)))
    actor = Actor(tenant.id)
    for attempt in range(work.settings.max_attempts):
        assert found(tenant, str(job.id))["status"] == "queued", attempt
        with work.database.transaction(actor) as session:
            assert claim(session, job, 2) is not None
            past = func.now() - timedelta(seconds=1)
            session.execute(update(StudyRow).values(lease_until=past))
        reconcile(work.database, work.settings)
    study = found(tenant, str(job.id))
    assert (study["status"], study["failure"]["code"]) == ("failed", "ATTEMPTS_USED_UP")
    assert "no sign of life" in study["failure"]["message"]
