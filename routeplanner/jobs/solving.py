"""The job of a plan: search, report once a second, keep the best."""

import time
from typing import Any

from sqlalchemy import func, select

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import PlanOptions
from routeplanner.domain.scenario import Scenario
from routeplanner.jobs.lease import Lease
from routeplanner.jobs.work import Work, give_back
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanReview, PlanRow, ScenarioRow
from routeplanner.travel.source import TravelMatrix, travel_matrix

KEEP_EVERY_S = 10.0
"""Seconds between two writes of the best plan so far; the next attempt begins with it."""


def solve(work: Work, lease: Lease) -> None:
    """Make the plan of a lease."""
    with work.database.transaction(lease.actor) as session:
        scenario, options, start = _input(session, lease)
    matrix = travel_matrix(scenario)
    report = _Report(lease)
    limit = options.termination.spent_seconds or work.settings.solve_seconds
    has_iterations = options.termination.iterations is not None

    def is_over() -> bool:
        return lease.is_canceled.is_set() or lease.is_lost.is_set() or work.is_stopping.is_set()

    plan = make_plan(
        scenario,
        method=options.method,
        seconds=None if has_iterations and not options.termination.spent_seconds else limit,
        iterations=options.termination.iterations,
        unimproved_seconds=options.termination.unimproved_seconds,
        seed=options.seed,
        start=start,
        progress=report,
        is_canceled=is_over,
        matrix=matrix,
    )
    if lease.is_lost.is_set():
        return
    if work.is_stopping.is_set() and not lease.is_canceled.is_set():
        give_back(lease)
        return
    write_outcome(lease, scenario, plan, matrix)


def write_outcome(lease: Lease, scenario: Scenario, plan: Plan, matrix: TravelMatrix) -> None:
    """Write a plan with what is wrong with it, as solved or canceled."""
    violations = check_plan(scenario, plan, matrix)
    status = "canceled" if lease.is_canceled.is_set() else "solved"
    data = {
        "required_visits": plan.required_visits,
        "scheduled_visits": plan.scheduled_visits,
        "violations": len(violations),
    }
    values = plan_values(plan) | {
        "violations": [violation.model_dump(mode="json") for violation in violations],
        "status": status,
        f"{status}_at": func.now(),
    }
    lease.finish(values, status, data)


def plan_values(plan: Plan) -> dict[str, Any]:
    """The columns that hold a plan; where its review stands is known by its reviews alone."""
    return {"content": plan.model_dump(mode="json", by_alias=True, exclude={"review_status"})}


def new_reviews(row: PlanRow, reps: list[str]) -> list[PlanReview]:
    """Every rep's part of a plan begins as a draft."""
    return [
        PlanReview(
            organization_id=row.organization_id,
            plan_id=row.id,
            rep=rep,
            status="draft",
            changed_by=row.created_by,
        )
        for rep in reps
    ]


class _Report:
    """Hands progress to the lease, and now and then the best plan so far."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._kept_at = time.monotonic()
        self._kept_score: float | None = None
        self._begun = time.monotonic()

    def __call__(self, progress: PlanProgress) -> None:
        now = time.monotonic()
        shown: dict[str, Any] = {
            "share": round(progress.share, 3),
            "score_minutes": round(progress.score, 2),
            "missing_visits": progress.missing_visits,
            "iterations": progress.iterations,
            "seconds": round(now - self._begun, 1),
        }
        columns: dict[str, Any] = {"progress": shown}
        is_due = now - self._kept_at >= KEEP_EVERY_S and progress.score != self._kept_score
        if is_due and progress.plan is not None:
            columns |= plan_values(progress.plan())
            self._kept_at, self._kept_score = now, progress.score
        self._lease.note(columns, shown)


def _input(session: Session, lease: Lease) -> tuple[Scenario, PlanOptions, Plan | None]:
    """The scenario, the options, and the plan to begin with: of an earlier attempt, or named."""
    row = session.get_one(PlanRow, lease.job.id)
    content = session.scalars(
        select(ScenarioRow.content).where(ScenarioRow.id == row.scenario_id)
    ).one()
    start = row.content
    if start is None and row.parent_id is not None:
        start = session.get_one(PlanRow, row.parent_id).content
    return (
        Scenario.model_validate(content),
        PlanOptions.model_validate(row.options),
        None if start is None else Plan.model_validate(start),
    )
