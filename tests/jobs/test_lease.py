"""Attempts, leases and the reconciler: nothing is lost, nothing is written twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update

from routeplanner.errors import InputError, Issue, UnavailableError
from routeplanner.jobs.lease import JobId, Lease, claim, hand_back
from routeplanner.jobs.reconciler import reconcile
from routeplanner.jobs.work import Work, give_back, run
from routeplanner.storage.database import Actor, Session
from routeplanner.storage.tables import PlanEvent, PlanRow
from tests.faults.machine import wait_until
from tests.service import Tenant, run_job, scenario


@pytest.fixture
def job(tenant: Tenant) -> JobId:
    asked = tenant.post(
        "/v1/plans",
        {"scenario": scenario(), "method": "insertion", "termination": {"iterations": 5}},
    ).json()
    return JobId("plans", tenant.id, UUID(asked["id"]))


def row_of(work: Work, job: JobId) -> PlanRow:
    with work.database.transaction(Actor(job.organization_id)) as session:
        return session.get_one(PlanRow, job.id)


def taken(work: Work, job: JobId) -> Lease:
    with work.database.transaction(Actor(job.organization_id)) as session:
        attempt = claim(session, job, 2)
    assert attempt is not None
    return Lease(work.database, job, attempt, 2)


def let_lapse(work: Work, job: JobId) -> None:
    with work.database.transaction(Actor(job.organization_id)) as session:
        past = func.now() - timedelta(seconds=1)
        session.execute(update(PlanRow).where(PlanRow.id == job.id).values(lease_until=past))


def waiting(work: Work, job: JobId) -> int:
    with work.database.engine.connect() as connection:
        query = text("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = :lock")
        return int(connection.scalar(query, {"lock": f"plans:{job.id}"}) or 0)


def test_a_job_is_taken_once(work: Work, job: JobId) -> None:
    taken(work, job)
    with work.database.transaction(Actor(job.organization_id)) as session:
        assert claim(session, job, 2) is None


def test_a_living_attempt_is_left_alone(work: Work, job: JobId) -> None:
    lease = taken(work, job)
    reconcile(work.database, work.settings)
    row = row_of(work, job)
    assert (row.status, row.attempt) == ("solving", lease.attempt)


def test_a_lapsed_attempt_is_queued_again_and_its_worker_changes_nothing(
    work: Work, job: JobId, tenant: Tenant
) -> None:
    frozen = taken(work, job)
    let_lapse(work, job)
    reconcile(work.database, work.settings)
    assert row_of(work, job).status == "queued"
    run_job(tenant, work, "plans", str(job.id))
    solved = row_of(work, job)
    assert solved.status == "solved"

    assert frozen.finish({"status": "failed"}, "failed", {}) is False
    assert frozen.is_lost.is_set()
    with work.database.transaction(Actor(job.organization_id)) as session:
        assert hand_back(session, job, frozen.attempt) is False
    assert row_of(work, job).status == "solved"


def test_a_beat_of_a_lost_attempt_tells_its_worker(work: Work, job: JobId) -> None:
    with taken(work, job) as frozen:
        let_lapse(work, job)
        reconcile(work.database, work.settings)
        assert frozen.is_lost.wait(60)
    assert row_of(work, job).status == "queued"


class FaultyDatabase:
    """A database that a test takes away."""

    def __init__(self, work: Work) -> None:
        self._database = work.database
        self.fault: Exception | None = None
        self.has_failed = threading.Event()

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Session]:
        if self.fault is not None:
            self.has_failed.set()
            raise self.fault
        with self._database.transaction(actor) as session:
            yield session


def test_what_a_failed_beat_had_to_write_comes_with_the_next(work: Work, job: JobId) -> None:
    database: Any = FaultyDatabase(work)
    database.fault = UnavailableError("away")
    lease = taken(work, job)
    lease.database = database
    lease.note({"content": {"n": 1}, "progress": {"n": 1}}, {"n": 1})
    with lease:
        assert database.has_failed.wait(60)
        lease.note({"progress": {"n": 2}}, {"n": 2})
        database.fault = None
        wait_until(lambda: row_of(work, job).progress, "a beat")
    with work.database.transaction(Actor(job.organization_id)) as session:
        row = session.get_one(PlanRow, job.id)
        assert (row.content, row.progress) == ({"n": 1}, {"n": 2})
        query = select(PlanEvent.data).where(PlanEvent.event == "progress")
        assert session.scalars(query).all() == [{"n": 2}]


def test_what_was_noted_last_is_written_with_the_outcome(work: Work, job: JobId) -> None:
    lease = taken(work, job)
    lease.note({"progress": {"share": 0.9}}, {"share": 0.9})
    assert lease.finish({"status": "solved", "solved_at": func.now()}, "solved", {})
    row = row_of(work, job)
    assert (row.status, row.progress) == ("solved", {"share": 0.9})


def test_a_beat_that_cannot_be_tells_its_worker(work: Work, job: JobId) -> None:
    database: Any = FaultyDatabase(work)
    database.fault = RuntimeError("a fault of the program")
    lease = taken(work, job)
    lease.database = database
    with lease:
        assert lease.is_lost.wait(60)


def test_a_job_that_leaves_with_its_process_is_handed_back_by_a_beat(
    work: Work, job: JobId
) -> None:
    lease = taken(work, job)
    lease.leaves_with = threading.Event()
    with lease:
        assert not lease.is_lost.wait(2)
        lease.leaves_with.set()
        assert lease.is_lost.wait(60)
    row = row_of(work, job)
    assert (row.status, row.failed_attempts, row.lease_until) == ("queued", 0, None)
    assert waiting(work, job) == 1


def test_after_three_attempts_a_job_has_failed_with_the_reason(work: Work, job: JobId) -> None:
    for _ in range(work.settings.max_attempts):
        taken(work, job)
        let_lapse(work, job)
        reconcile(work.database, work.settings)
    row = row_of(work, job)
    assert row.status == "failed"
    assert row.failure is not None
    assert row.failure["code"] == "ATTEMPTS_USED_UP"
    assert "no sign of life" in row.failure["message"]


def test_a_crash_of_the_job_counts_as_an_attempt(work: Work, job: JobId) -> None:
    def crash(*_: Any) -> None:
        raise RuntimeError("a fault of the program")

    for attempt in range(1, 4):
        run(work, job, crash)
        row = row_of(work, job)
        assert row.failed_attempts == attempt
    assert row.status == "failed"


def test_a_crash_of_a_search_that_was_handed_back_counts_as_no_attempt(
    work: Work, job: JobId
) -> None:
    def crash_late(work: Work, lease: Lease) -> None:
        give_back(lease)
        raise RuntimeError("a fault of the program")

    run(work, job, crash_late)
    row = row_of(work, job)
    assert (row.status, row.attempt, row.failed_attempts) == ("queued", 1, 0)
    assert waiting(work, job) == 1


def test_many_issues_fail_a_job_for_good(work: Work, job: JobId) -> None:
    def refuse(*_: Any) -> None:
        issue = Issue(code="SOME_FAULT", path="stores[0]", message="x" * 1000)
        raise InputError([issue] * 300)

    run(work, job, refuse)
    row = row_of(work, job)
    assert (row.status, row.failed_attempts) == ("failed", 0)
    assert row.failure is not None
    assert len(row.failure["issues"]) == 300


def test_handing_back_counts_as_no_attempt(work: Work, job: JobId) -> None:
    for _ in range(5):
        lease = taken(work, job)
        with work.database.transaction(Actor(job.organization_id)) as session:
            assert hand_back(session, job, lease.attempt)
    row = row_of(work, job)
    assert (row.status, row.failed_attempts) == ("queued", 0)
    assert waiting(work, job) == 1


def test_a_job_that_the_queue_forgot_is_enqueued_again(work: Work, job: JobId) -> None:
    with work.database.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM procrastinate_jobs WHERE queueing_lock = :lock"),
            {"lock": f"plans:{job.id}"},
        )
    with work.database.transaction(Actor(job.organization_id)) as session:
        long_ago = func.now() - timedelta(minutes=1)
        session.execute(update(PlanRow).where(PlanRow.id == job.id).values(queued_at=long_ago))
    reconcile(work.database, work.settings)
    assert waiting(work, job) == 1


def test_a_running_search_is_canceled_and_keeps_its_best_plan(work: Work, tenant: Tenant) -> None:
    asked = tenant.post(
        "/v1/plans",
        {"scenario": scenario(), "method": "insertion", "termination": {"spent_seconds": 600}},
    ).json()
    worker = threading.Thread(target=run_job, args=(tenant, work, "plans", asked["id"]))
    worker.start()
    path = f"/v1/plans/{asked['id']}"
    while tenant.get(path).json()["progress"] is None:
        worker.join(0.1)
    stopping = tenant.delete(path).json()
    assert stopping["is_cancel_requested"] is True
    worker.join(60)
    assert not worker.is_alive()
    stopped = tenant.get(path).json()
    assert stopped["status"] == "canceled"
    assert stopped["plan"]["scheduled_visits"] > 0


def test_a_stopping_worker_hands_its_search_back(work: Work, tenant: Tenant) -> None:
    asked = tenant.post(
        "/v1/plans",
        {"scenario": scenario(), "method": "insertion", "termination": {"spent_seconds": 600}},
    ).json()
    ending = Work(work.database, work.settings)
    worker = threading.Thread(target=run_job, args=(tenant, ending, "plans", asked["id"]))
    worker.start()
    path = f"/v1/plans/{asked['id']}"
    while tenant.get(path).json()["progress"] is None:
        worker.join(0.1)
    ending.is_stopping.set()
    worker.join(60)
    handed_back = tenant.get(path).json()
    assert handed_back["status"] == "queued"
    assert handed_back["plan"]["scheduled_visits"] > 0
