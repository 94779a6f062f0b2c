"""Studies: what if, prices, fit, bounds; asked for, watched, stopped; the row carries the job."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from routeplanner.domain.scenario import Scenario
from routeplanner.domain.service_words import for_service
from routeplanner.domain.study import (
    STUDY_OPTIONS,
    BoundFields,
    FitFields,
    PricesFields,
    SearchOptions,
    StudyKind,
    WhatIfFields,
)
from routeplanner.errors import InputError, Issue, NotFoundError
from routeplanner.files.what_if_sets import read_alternatives
from routeplanner.jobs.limits import BOUND_HINT, check_seconds, check_study
from routeplanner.jobs.queue import enqueue
from routeplanner.planning.fit.ladders import lever_words
from routeplanner.planning.what_if.changes import changed
from routeplanner.settings import Settings
from routeplanner.storage.database import Session, think_for
from routeplanner.storage.tables import ScenarioRow, StudyRow
from routeplanner.texts import text
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.chosen_scenarios import scenario_for
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.plan_records import PlanStatus
from routeplanner.use_cases.plans import has_routes, no_routes, plan_row, plan_to_begin_with
from routeplanner.use_cases.searches import stop
from routeplanner.use_cases.stored_json import StoredJson, as_text
from routeplanner.use_cases.study_records import (
    BoundRequest,
    SearchRequest,
    StudyHead,
    StudyRequest,
)

_LONGEST_JUDGING_S = 600
_OWN = sorted(set(StudyHead.model_fields) - {"is_cancel_requested"})


def create_study(
    session: Session, caller: Caller, request: StudyRequest, settings: Settings
) -> StudyHead:
    """Store what is asked and wake a worker, both or neither.

    Raises
    ------
    InputError
        What is asked cannot be set or relaxed, makes no scenario that can be planned, or would
        take longer than a search may (SEARCH_TOO_LONG).
    ConflictError
        A plan that is named has no routes (PLAN_EMPTY).
    """
    named = (
        _judged_bound(session, caller, request, settings)
        if isinstance(request, BoundRequest)
        else _judged_search(session, caller, request, settings)
    )
    row = StudyRow(
        organization_id=caller.organization_id,
        name=request.name,
        kind=request.kind,
        options=_options(request),
        status="queued",
        created_by=caller.person_id,
        **named,
    )
    session.add(row)
    session.flush()
    enqueue(session, "studies", row.organization_id, row.id)
    asked = {"name": row.name, "kind": row.kind, "scenario_id": str(row.scenario_id)}
    note(session, caller, action="requested", entity="studies", entity_id=row.id, after=asked)
    session.refresh(row)
    return _head(row)


def stored_study(session: Session, caller: Caller, study_id: UUID) -> StoredJson:
    """A study to answer with, its result as it is stored."""
    row = _row(session, caller, study_id)
    return _with_result(session, row)


def list_studies(
    session: Session,
    caller: Caller,
    *,
    cursor: str | None,
    limit: int,
    kind: StudyKind | None = None,
    status: PlanStatus | None = None,
    scenario_id: UUID | None = None,
    plan_id: UUID | None = None,
) -> Page[StudyHead]:
    """A page of studies without their results, newest first."""
    query = _seen(caller)
    for column, value in (
        (StudyRow.kind, kind),
        (StudyRow.status, status),
        (StudyRow.scenario_id, scenario_id),
        (StudyRow.plan_id, plan_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return page_of(
        session,
        query,
        StudyRow.id,
        lambda rows: [_head(row) for row in rows],
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def stop_study(session: Session, caller: Caller, study_id: UUID) -> StoredJson:
    """Stop a study; what was solved by then is kept. One that has ended stays as it is."""
    row = _row(session, caller, study_id)
    stop(session, caller, "studies", row)
    return _with_result(session, row)


def _judged_bound(
    session: Session, caller: Caller, request: BoundRequest, settings: Settings
) -> dict[str, UUID | None]:
    """Judge what a bound is asked of; return the columns that name it."""
    check_seconds(request.seconds, settings, path="seconds", hint=BOUND_HINT)
    plan = plan_row(session, caller, request.plan_id)
    if not has_routes(session, plan.id):
        raise no_routes(plan.status)
    return {"scenario_id": plan.scenario_id, "plan_id": plan.id}


def _judged_search(
    session: Session, caller: Caller, request: SearchRequest, settings: Settings
) -> dict[str, UUID | None]:
    """Judge what plans are to be searched for; return the columns that name what they come from."""
    think_for(session, _LONGEST_JUDGING_S)
    scenario = scenario_for(session, caller, request, settings)
    if request.warm_start_plan_id is not None:
        plan_to_begin_with(session, caller, request.warm_start_plan_id)
    _judge(request, Scenario.model_validate(scenario.content), settings)
    return {"scenario_id": scenario.id, "warm_start_plan_id": request.warm_start_plan_id}


def _options(request: StudyRequest) -> dict[str, Any]:
    """Return what is asked, without what it is asked of."""
    kinds = (WhatIfFields, PricesFields, FitFields, BoundFields)
    kind = next(each for each in kinds if isinstance(request, each))
    asked = STUDY_OPTIONS.validate_python({n: getattr(request, n) for n in kind.model_fields})
    return asked.model_dump(mode="json")


def _judge(options: SearchOptions, scenario: Scenario, settings: Settings) -> None:
    """Judge before any search what is asked of a scenario, and for how long."""
    match options:
        case WhatIfFields():
            n_cases = 1 + _n_alternatives(options, scenario)
        case PricesFields():
            n_cases = 2  # at least; how many rules have a price is found by the job
        case FitFields():
            _judge_levers(options, scenario)
            check_seconds(options.within_seconds, settings, path="within_seconds")
            n_cases = 1
    check_study(options, n_cases, settings)


def _n_alternatives(options: WhatIfFields, scenario: Scenario) -> int:
    """How many alternatives there are; InputError with the issues of all."""
    issues: list[Issue] = []
    try:
        found = read_alternatives(options.alternatives, scenario)
    except InputError as error:
        raise InputError(_for_service(error.issues, scenario)) from error
    for number, alternative in enumerate(found):
        try:
            changed(scenario, alternative)
        except InputError as error:
            place = {"path": f"alternatives[{number}]", "column": None}
            issues += (issue.model_copy(update=place) for issue in error.issues)
    if issues:
        raise InputError(_for_service(issues, scenario))
    return len(found)


def _for_service(issues: Sequence[Issue], scenario: Scenario) -> list[Issue]:
    return [for_service(issue, scenario.language) for issue in issues]


def _judge_levers(options: FitFields, scenario: Scenario) -> None:
    possible = lever_words(scenario)
    wrong = [(n, word) for n, word in enumerate(options.allow) if word not in possible]
    if wrong:
        raise InputError([_no_lever(n, word, possible, scenario) for n, word in wrong])


def _no_lever(number: int, word: str, possible: Sequence[str], scenario: Scenario) -> Issue:
    listed = ", ".join(possible)
    return Issue(
        code="UNKNOWN_LEVER",
        path=f"allow[{number}]",
        message=text("fit.bad_lever", scenario.language, value=word, possible=listed),
        hint=text("fit.bad_lever_HINT", scenario.language),
        value=word,
    )


def _row(session: Session, caller: Caller, study_id: UUID) -> StudyRow:
    row = session.scalar(_seen(caller).where(StudyRow.id == study_id))
    if row is None:
        raise NotFoundError(f"there is no study {study_id}")
    return row


def _seen(caller: Caller) -> Select[StudyRow]:
    """Figures of a study cannot be told apart by rep: it is seen by who sees all of its reps."""
    query = select(StudyRow)
    if caller.reps is None:
        return query
    own = select(ScenarioRow.id).where(ScenarioRow.reps.contained_by(sorted(caller.reps)))
    return query.where(StudyRow.scenario_id.in_(own))


def _with_result(session: Session, row: StudyRow) -> StoredJson:
    result = session.scalar(select(as_text(StudyRow.result)).where(StudyRow.id == row.id))
    return StoredJson.beside(_head(row), result=result)


def _head(row: StudyRow) -> StudyHead:
    return StudyHead.model_validate(
        {name: getattr(row, name) for name in _OWN}
        | {"is_cancel_requested": row.cancel_requested_at is not None}
    )
