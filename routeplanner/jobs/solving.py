"""The job of a plan: search, report once a second, keep the best."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import PlanOptions, Termination
from routeplanner.domain.scenario import Scenario
from routeplanner.jobs.drafts import plan_values
from routeplanner.jobs.lease import Lease
from routeplanner.jobs.work import Work, give_back
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.settings import Settings
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow, ScenarioRow
from routeplanner.travel.source import TravelMatrix, travel_matrix

KEEP_EVERY_S = 10.0
"""Seconds between two writes of the best plan so far; the next attempt begins with it."""


def solve(work: Work, lease: Lease) -> None:
    """Make the plan of a lease."""
    with work.database.transaction(lease.actor) as session:
        task = _task(session, lease)
    scenario, options = task.scenario, task.options
    until = time.monotonic() + work.settings.solve_seconds_limit
    matrix = travel_matrix(scenario)

    def is_over() -> bool:
        is_ended = lease.is_canceled.is_set() or lease.is_lost.is_set()
        return is_ended or work.is_stopping.is_set() or time.monotonic() >= until

    plan = make_plan(
        scenario,
        method=options.method,
        seconds=_seconds(options.termination, work.settings),
        iterations=options.termination.iterations,
        unimproved_seconds=options.termination.unimproved_seconds,
        seed=options.seed,
        threads=work.settings.search_threads,
        start=task.start,
        previous=task.previous,
        keeping=options.keeping,
        progress=_Report(lease, task.version),
        is_canceled=is_over,
        matrix=matrix,
        version=task.version,
    )
    if lease.is_lost.is_set():
        return
    if work.is_stopping.is_set() and not lease.is_canceled.is_set():
        give_back(lease, plan_values(plan, lease.job.id))
        return
    write_outcome(lease, scenario, plan, matrix)


def _seconds(termination: Termination, settings: Settings) -> float | None:
    """The time by which a search sets its pace; with iterations none, so that runs repeat."""
    if termination.spent_seconds is not None or termination.iterations is not None:
        return termination.spent_seconds
    if termination.unimproved_seconds is not None:
        return settings.solve_seconds_limit
    return settings.solve_seconds


def write_outcome(lease: Lease, scenario: Scenario, plan: Plan, matrix: TravelMatrix) -> None:
    """Write a plan with what is wrong with it, as solved or canceled."""
    violations = check_plan(scenario, plan, matrix)
    status = "canceled" if lease.is_canceled.is_set() else "solved"
    data = {
        "required_visits": plan.required_visits,
        "scheduled_visits": plan.scheduled_visits,
        "violations": len(violations),
    }
    values = plan_values(plan, lease.job.id) | {
        "violations": [violation.model_dump(mode="json") for violation in violations],
        "status": status,
        f"{status}_at": func.now(),
    }
    lease.finish(values, status, data)


class _Report:
    """Hands progress to the lease, and now and then the best plan so far."""

    def __init__(self, lease: Lease, version: int) -> None:
        self._lease, self._version = lease, version
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
            plan = progress.plan().model_copy(update={"version": self._version})
            columns |= plan_values(plan, self._lease.job.id)
            self._kept_at, self._kept_score = now, progress.score
        self._lease.note(columns, shown)


@dataclass(frozen=True, slots=True)
class _Task:
    """What a job is to do, and the version that its plan gets."""

    scenario: Scenario
    options: PlanOptions
    start: Plan | None  # to begin with: of an earlier attempt, or named
    previous: Plan | None  # to keep to
    version: int


def _task(session: Session, lease: Lease) -> _Task:
    row = session.get_one(PlanRow, lease.job.id)
    content = session.scalars(
        select(ScenarioRow.content).where(ScenarioRow.id == row.scenario_id)
    ).one()
    options = PlanOptions.model_validate(row.options)
    own = None if row.content is None else Plan.model_validate(row.content)
    parent = None
    if row.parent_id is not None and (own is None or options.keeping is not None):
        parent = Plan.model_validate(session.get_one(PlanRow, row.parent_id).content)
    first = 1 if parent is None else parent.version + 1
    return _Task(
        scenario=Scenario.model_validate(content),
        options=options,
        start=own or parent,
        previous=None if options.keeping is None else parent,
        version=first if own is None else own.version,
    )
