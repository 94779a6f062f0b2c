"""Imports under leases: what a lost or an ending attempt has read is not written."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from routeplanner.jobs.importing import import_stores
from routeplanner.jobs.lease import JobId, Lease, claim
from routeplanner.jobs.reconciler import reconcile
from routeplanner.jobs.work import Work, run
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import ImportIssue, ImportRow, StoreRow
from tests.service import Tenant, run_job

LINES = "id,name,lat,lon\nS1,One,52.5,13.4\nS2,Two,52.6,13.4\nS3,Three,95,13.4\n"


@pytest.fixture
def job(tenant: Tenant) -> JobId:
    asked = tenant.call("POST", "/v1/stores:import?mode=create", content=LINES.encode())
    return JobId("imports", tenant.id, UUID(asked.json()["id"]))


def row_of(work: Work, job: JobId) -> ImportRow:
    with work.database.transaction(Actor(job.organization_id)) as session:
        return session.get_one(ImportRow, job.id)


def written(work: Work, job: JobId) -> tuple[int, int]:
    """How many stores and issues there are."""
    with work.database.transaction(Actor(job.organization_id)) as session:
        stores = session.scalar(select(func.count()).select_from(StoreRow))
        issues = session.scalar(select(func.count()).select_from(ImportIssue))
        return stores or 0, issues or 0


def test_an_attempt_whose_lease_has_lapsed_writes_nothing(
    work: Work, job: JobId, tenant: Tenant
) -> None:
    with work.database.transaction(Actor(job.organization_id)) as session:
        attempt = claim(session, job, 2)
    assert attempt is not None
    frozen = Lease(work.database, job, attempt, 2)
    with work.database.transaction(Actor(job.organization_id)) as session:
        past = func.now() - timedelta(seconds=1)
        session.execute(update(ImportRow).where(ImportRow.id == job.id).values(lease_until=past))
    reconcile(work.database, work.settings)

    import_stores(work, frozen)
    assert written(work, job) == (0, 0)
    assert row_of(work, job).status == "queued"

    run_job(tenant, work, "imports", str(job.id))
    assert written(work, job) == (2, 1)
    done = row_of(work, job)
    assert (done.status, done.counts and done.counts["created"]) == ("done", 2)


def test_an_import_that_uses_up_its_attempts_leaves_no_file(work: Work, job: JobId) -> None:
    for _ in range(work.settings.max_attempts):
        with work.database.transaction(Actor(job.organization_id)) as session:
            assert claim(session, job, 2) is not None
            past = func.now() - timedelta(seconds=1)
            session.execute(
                update(ImportRow).where(ImportRow.id == job.id).values(lease_until=past)
            )
        assert row_of(work, job).status == "running"
        reconcile(work.database, work.settings)
    with work.database.transaction(Actor(job.organization_id)) as session:
        row = session.get_one(ImportRow, job.id)
        assert (row.status, row.file) == ("failed", None)
        assert row.failure is not None
        assert row.failure["code"] == "ATTEMPTS_USED_UP"
        assert row.ended_at is not None


def test_a_stopping_worker_hands_its_import_back(work: Work, job: JobId, tenant: Tenant) -> None:
    ending = Work(work.database, work.settings)
    ending.is_stopping.set()
    run(ending, job, import_stores)
    row = row_of(work, job)
    assert (row.status, row.failed_attempts, row.lease_until) == ("queued", 0, None)
    assert written(work, job) == (0, 0)

    run_job(tenant, work, "imports", str(job.id))
    assert row_of(work, job).status == "done"


def test_a_reading_that_crashes_after_it_was_handed_back_counts_as_no_attempt(
    work: Work, job: JobId, tenant: Tenant
) -> None:
    def crash_late(work: Work, lease: Lease) -> None:
        lease.leaves_with = work.is_stopping
        work.is_stopping.set()
        assert lease.is_lost.wait(60)
        raise RuntimeError("a fault of the program")

    run(Work(work.database, work.settings), job, crash_late)
    row = row_of(work, job)
    assert (row.status, row.failed_attempts, row.lease_until) == ("queued", 0, None)
    run_job(tenant, work, "imports", str(job.id))
    assert row_of(work, job).status == "done"
