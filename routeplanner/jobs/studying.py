"""The job of a study: plans are solved, or one is held against its bound; the answer is kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import Termination
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.study import (
    STUDY_OPTIONS,
    BoundFields,
    FitFields,
    PricesFields,
    SearchOptions,
    StudyOptions,
    WhatIfFields,
)
from routeplanner.domain.what_if import Alternative
from routeplanner.errors import InputError, Issue
from routeplanner.files.what_if_sets import read_alternatives
from routeplanner.jobs.kept_plans import Asked, kept_plans
from routeplanner.jobs.lease import Lease
from routeplanner.jobs.limits import check_study, seconds_each
from routeplanner.jobs.work import Work, give_back
from routeplanner.planning.bound import bound_of
from routeplanner.planning.fit.find import FitRun, find_fit
from routeplanner.planning.fit.ladders import POINTS
from routeplanner.planning.fit.trials import Patience
from routeplanner.planning.what_if.prices import price_list
from routeplanner.planning.what_if.rules import chosen_rules
from routeplanner.planning.what_if.run import Effort, SolvedCase, Trial, what_if
from routeplanner.settings import Settings
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Base, PlanRow, ScenarioRow, StudyRow


@dataclass(frozen=True, slots=True)
class _Task:
    """What is asked, and of what."""

    scenario: Scenario
    options: StudyOptions
    plan: Plan | None  # that every search begins with, or whose bound it is
    keeping: Asked | None  # what plans are kept with; none: none are


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a study has come to, and the best plans that it rests on."""

    result: BaseModel
    cases: tuple[SolvedCase, ...] = ()


def study(work: Work, lease: Lease) -> None:
    """Answer the study of a lease; where the process is to end before, another one begins anew."""
    with work.database.transaction(lease.actor) as session:
        task = _task(session, lease)
    limit = work.settings.solve_seconds_limit
    until = time.monotonic() + limit if _is_endless(task.options) else None

    def is_over() -> bool:
        is_ended = lease.is_canceled.is_set() or lease.is_lost.is_set()
        is_late = until is not None and time.monotonic() >= until
        return is_ended or work.is_stopping.is_set() or is_late

    answer = _answer(task, work.settings, _Report(lease), is_over)
    if lease.is_lost.is_set():
        return
    is_canceled = lease.is_canceled.is_set()
    if work.is_stopping.is_set() and not is_canceled:
        give_back(lease)
        return
    if answer is None and not is_canceled:
        raise InputError([_out_of_time(work.settings)])
    _write_outcome(lease, task, answer, "canceled" if is_canceled else "solved")


def _is_endless(options: StudyOptions) -> bool:
    """Whether nothing else bounds the time of a study: its searches have iterations alone."""
    if isinstance(options, BoundFields):
        return False
    end = options.termination
    return end.spent_seconds is None and end.iterations is not None


def _write_outcome(lease: Lease, task: _Task, answer: _Answer | None, status: str) -> None:
    """Write what a study has come to, with the plans that are to be kept."""
    values: dict[str, Any] = {"status": status, f"{status}_at": func.now()}
    rows: list[Base] = []
    if answer is not None:
        values["result"] = answer.result.model_dump(mode="json", by_alias=True)
        if task.keeping is not None:
            kept, rows = kept_plans(task.keeping, answer.cases)
            values["plans"] = [each.model_dump(mode="json") for each in kept]
    lease.finish(values, status, {}, rows)


def _effort_of(options: SearchOptions, settings: Settings) -> Effort:
    """How every plan of a study is searched for."""
    return Effort(
        seconds=seconds_each(options),
        iterations=options.termination.iterations,
        seeds=tuple(range(options.seed, options.seed + options.seeds)),
        threads=settings.search_threads,
    )


def _answer(
    task: _Task, settings: Settings, progress: "_Report", is_over: Callable[[], bool]
) -> _Answer | None:
    """The answer of a study; none where it was ended before there was any."""
    if isinstance(task.options, BoundFields):
        return _proved(task, task.options, progress, is_over)
    return _searched(task, task.options, settings, progress, is_over)


def _proved(
    task: _Task, options: BoundFields, progress: "_Report", is_over: Callable[[], bool]
) -> _Answer | None:
    if task.plan is None:
        raise AssertionError("a bound is that of a plan")
    found = bound_of(
        task.scenario, task.plan, seconds=options.seconds, progress=progress.tell,
        is_canceled=is_over,
    )  # fmt: skip
    return None if found.least_score is None and is_over() else _Answer(found)


def _searched(
    task: _Task,
    options: SearchOptions,
    settings: Settings,
    progress: "_Report",
    is_over: Callable[[], bool],
) -> _Answer | None:
    scenario, start, effort = task.scenario, task.plan, _effort_of(options, settings)
    match options:
        case WhatIfFields():
            alternatives = read_alternatives(options.alternatives, scenario)
            told = what_if(
                scenario, alternatives, effort,
                start=start, progress=progress, is_canceled=is_over,
            )  # fmt: skip
            return None if told is None else _Answer(told.result, told.cases)
        case PricesFields():
            rules = chosen_rules(scenario, options.narrowest, options.only)
            check_study(options, 1 + sum(r.alternative is not None for r in rules), settings)
            priced = price_list(
                scenario, rules, effort, start=start, progress=progress, is_canceled=is_over
            )
            return None if priced is None else _Answer(priced.result, priced.cases)
        case FitFields():
            within = None if options.termination.iterations else options.within_seconds
            fitted = find_fit(
                scenario, options.allow or tuple(POINTS), effort,
                points=options.points, patience=Patience(options.solves, within, is_over),
                start=start, progress=progress,
            )  # fmt: skip
            return None if fitted is None else _Answer(fitted.result, _fitted_case(fitted))


def _fitted_case(run: FitRun) -> tuple[SolvedCase, ...]:
    if run.plan is None or run.scenario is None:
        return ()
    alternative = run.result.alternative or Alternative(name="")
    return (SolvedCase(alternative, run.scenario, run.plan),)


class _Report:
    """Hands progress to the lease."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._begun = time.monotonic()

    def __call__(self, trial: Trial) -> None:
        self.tell(trial.share, trial.name)

    def tell(self, share: float, solving: str = "") -> None:
        seconds = round(time.monotonic() - self._begun, 1)
        shown = {"share": round(share, 3), "solving": solving, "seconds": seconds}
        self._lease.note({"progress": shown}, shown)


def _task(session: Session, lease: Lease) -> _Task:
    row = session.get_one(StudyRow, lease.job.id)
    content = session.scalars(
        select(ScenarioRow.content).where(ScenarioRow.id == row.scenario_id)
    ).one()
    options = STUDY_OPTIONS.validate_python(row.options)
    plan, plan_id = None, row.plan_id or row.warm_start_plan_id
    if plan_id is not None:
        plan = Plan.model_validate(session.get_one(PlanRow, plan_id).content)
    keeping = None
    if not isinstance(options, BoundFields) and options.keep_plans:
        keeping = _keeping(row, options, version=1 if plan is None else plan.version + 1)
    return _Task(Scenario.model_validate(content), options, plan, keeping)


def _keeping(row: StudyRow, options: SearchOptions, version: int) -> Asked:
    return Asked(
        organization_id=row.organization_id,
        created_by=row.created_by,
        name=row.name,
        scenario_id=row.scenario_id,
        parent_id=row.warm_start_plan_id,
        version=version,
        termination=Termination(**options.termination.model_dump()),
    )


def _out_of_time(settings: Settings) -> Issue:
    return Issue(
        code="STUDY_OUT_OF_TIME",
        path="termination",
        message=f"no plan of each was solved in {settings.solve_seconds_limit:g} s",
        hint="ask for fewer alternatives, fewer iterations or fewer seeds",
    )
