"""What is too old is removed, and nothing else."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from routeplanner.jobs.lease import JobId, claim, tell
from routeplanner.jobs.work import Work
from routeplanner.storage.cleaning import forget_progress
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import PlanEvent
from tests.service import Tenant, scenario, solved_plan

DAY = timedelta(days=1)


def events(work: Work, job: JobId) -> list[str]:
    with work.database.transaction(Actor(job.organization_id)) as session:
        query = select(PlanEvent.event).where(PlanEvent.plan_id == job.id).order_by(PlanEvent.id)
        return list(session.scalars(query))


def tell_progress(work: Work, job: JobId, age: timedelta) -> None:
    with work.database.transaction(Actor(job.organization_id)) as session:
        tell(session, job, "progress", {})
        newest = session.scalar(select(func.max(PlanEvent.id)).where(PlanEvent.plan_id == job.id))
    let_age(work, age, PlanEvent.id == newest)


def let_age(work: Work, age: timedelta, chosen: ColumnElement[bool]) -> None:
    """As superuser: the service changes no events."""
    with work.database.engine.begin() as connection:
        connection.execute(update(PlanEvent).where(chosen).values(at=func.now() - age))


def test_old_progress_of_ended_plans_is_removed(work: Work, tenant: Tenant) -> None:
    ended = JobId("plans", tenant.id, UUID(solved_plan(tenant, work)["id"]))
    asked = tenant.post("/v1/plans", {"scenario": scenario(), "method": "insertion"}).json()
    running = JobId("plans", tenant.id, UUID(asked["id"]))
    with work.database.transaction(Actor(tenant.id)) as session:
        claim(session, running, 600)
    for job in (ended, running):
        tell_progress(work, job, 2 * DAY)
    let_age(work, 2 * DAY, PlanEvent.plan_id == ended.id)
    tell_progress(work, ended, DAY / 2)
    assert events(work, ended).count("progress") >= 2

    forget_progress(work.database, DAY)
    assert events(work, ended) == ["queued", "solving", "solved", "progress"]
    assert events(work, running) == ["queued", "solving", "progress"]
