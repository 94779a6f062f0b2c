"""Plans: asked for, watched, stopped, edited; the row carries the job."""

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, null, select

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import PlanOptions
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import ConflictError, NotFoundError
from routeplanner.jobs.drafts import new_reviews
from routeplanner.jobs.lease import JobId, tell
from routeplanner.jobs.limits import check_seconds
from routeplanner.jobs.queue import enqueue
from routeplanner.operations.parts import plan_part, violations_part
from routeplanner.settings import Settings
from routeplanner.storage.database import Session, think_for
from routeplanner.storage.tables import PlanReview, PlanRow, ScenarioRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.chosen_scenarios import scenario_for
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.plan_records import (
    PlanHead,
    PlanRecord,
    PlanRequest,
    PlanStatus,
    Review,
    ReviewStatus,
    head_part,
    review_of,
    status_of,
)
from routeplanner.use_cases.previous_plans import check_previous, keeping_of
from routeplanner.use_cases.searches import stop

_LONGEST_STUDY_S = 600

HEAD_COLUMNS = sorted(set(PlanHead.model_fields) - {"reviews", "is_cancel_requested"})


def create_plan(
    session: Session, caller: Caller, request: PlanRequest, settings: Settings
) -> PlanRecord:
    """Store what is asked for and wake a worker, both or neither."""
    seconds = request.termination.spent_seconds
    check_seconds(seconds, settings, path="termination.spent_seconds")
    keeping = keeping_of(request)
    scenario = scenario_for(session, caller, request, settings)
    parent_id = request.previous_plan_id or request.warm_start_plan_id
    if parent_id is not None:
        parent = plan_to_begin_with(session, caller, parent_id)
        if keeping is not None:
            check_previous(session, parent, scenario.id, keeping)
    options = PlanOptions(
        method=request.method, seed=request.seed, termination=request.termination, keeping=keeping
    )
    row = PlanRow(
        organization_id=caller.organization_id,
        name=request.name,
        scenario_id=scenario.id,
        parent_id=parent_id,
        options=options.model_dump(mode="json"),
        status="queued",
        created_by=caller.person_id,
    )
    session.add(row)
    session.flush()
    session.add_all(new_reviews(row, scenario.reps))
    enqueue(session, "plans", row.organization_id, row.id)
    tell(session, JobId("plans", row.organization_id, row.id), "queued", {})
    asked = {"name": row.name, "scenario_id": str(scenario.id)}
    note(session, caller, action="requested", entity="plans", entity_id=row.id, after=asked)
    session.refresh(row)
    return _record(session, caller, row)


def plan_of(session: Session, caller: Caller, plan_id: UUID) -> PlanRecord:
    """A plan, as far as the caller sees it."""
    return _record(session, caller, plan_row(session, caller, plan_id))


def list_plans(
    session: Session,
    caller: Caller,
    *,
    cursor: str | None,
    limit: int,
    status: PlanStatus | None = None,
    scenario_id: UUID | None = None,
    review_status: ReviewStatus | None = None,
) -> Page[PlanHead]:
    """A page of plans without their routes, newest first."""
    query = _seen(caller)
    if status is not None:
        query = query.where(PlanRow.status == status)
    if scenario_id is not None:
        query = query.where(PlanRow.scenario_id == scenario_id)
    if review_status is not None:
        reviewed = select(PlanReview.plan_id).where(PlanReview.status == review_status)
        query = query.where(PlanRow.id.in_(reviewed))
    return page_of(
        session,
        query,
        PlanRow.id,
        lambda rows: _heads(session, caller, rows),
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def stop_plan(session: Session, caller: Caller, plan_id: UUID) -> PlanRecord:
    """Stop a search; the best plan so far is kept. A search that has ended stays as it is."""
    row = plan_row(session, caller, plan_id)
    stop(session, caller, "plans", row)
    return _record(session, caller, row)


def plan_row(session: Session, caller: Caller, plan_id: UUID) -> PlanRow:
    """The row of a plan that the caller sees."""
    row = session.scalar(_seen(caller).where(PlanRow.id == plan_id))
    if row is None:
        raise no_plan(plan_id)
    return row


def no_plan(plan_id: UUID) -> NotFoundError:
    """The error of a plan that is not there, or not to be seen."""
    return NotFoundError(f"there is no plan {plan_id}")


def plan_to_begin_with(session: Session, caller: Caller, plan_id: UUID) -> PlanRow:
    """The row of a plan that a search is to begin with; it has to have routes."""
    row = plan_row(session, caller, plan_id)
    if not has_routes(session, row.id):
        raise ConflictError("the plan to begin with has no routes", code="PLAN_EMPTY")
    return row


def has_routes(session: Session, plan_id: UUID) -> bool:
    """Whether a plan has routes; they are not loaded."""
    query = select(PlanRow.id).where(PlanRow.id == plan_id, PlanRow.content.is_not(null()))
    return session.scalar(query) is not None


def no_routes(status: str) -> ConflictError:
    """The error of a plan whose search has told of no routes yet."""
    return ConflictError(f"the plan is {status} and has no routes", code="PLAN_EMPTY")


def content_of(session: Session, caller: Caller, plan_id: UUID) -> tuple[Plan, Scenario]:
    """The routes of a plan as it stands, and its scenario, as far as the caller sees them.

    Raises
    ------
    ConflictError
        The search has told of no routes yet (PLAN_EMPTY).
    """
    row = plan_row(session, caller, plan_id)
    if row.content is None:
        raise no_routes(row.status)
    content = session.scalars(
        select(ScenarioRow.content).where(ScenarioRow.id == row.scenario_id)
    ).one()
    whole = row.content | {"review_status": review_status(session, plan_id, caller.reps)}
    if caller.reps is not None:
        return plan_part(whole, content, caller.reps)
    return Plan.model_validate(whole), Scenario.model_validate(content)


def content_to_study(session: Session, caller: Caller, plan_id: UUID) -> tuple[Plan, Scenario]:
    """As `content_of`, for answers that take their time to be computed."""
    think_for(session, _LONGEST_STUDY_S)
    return content_of(session, caller, plan_id)


def review_status(
    session: Session, plan_id: UUID, reps: Collection[str] | None = None
) -> ReviewStatus:
    """Where a plan stands, or the part of some reps."""
    query = select(PlanReview.status).where(PlanReview.plan_id == plan_id)
    if reps is not None:
        query = query.where(PlanReview.rep.in_(reps))
    return status_of(cast("list[ReviewStatus]", session.scalars(query).all()))


def _seen(caller: Caller) -> Select[PlanRow]:
    query = select(PlanRow)
    if caller.reps is None:
        return query
    own = select(PlanReview.plan_id).where(PlanReview.rep.in_(caller.reps))
    return query.where(PlanRow.id.in_(own))


def _record(session: Session, caller: Caller, row: PlanRow) -> PlanRecord:
    head = _heads(session, caller, [row])[0]
    plan: Any = row.content
    violations = row.violations
    if plan is not None:
        plan, scenario = content_of(session, caller, row.id)
        if caller.reps is not None:
            violations = violations and violations_part(violations, scenario)
    return PlanRecord.model_validate(
        {name: getattr(head, name) for name in PlanHead.model_fields}
        | {"plan": plan, "violations": violations}
    )


def _heads(session: Session, caller: Caller, rows: list[PlanRow]) -> list[PlanHead]:
    query = select(PlanReview).where(PlanReview.plan_id.in_([row.id for row in rows]))
    if caller.reps is not None:
        query = query.where(PlanReview.rep.in_(caller.reps))
    reviews: dict[UUID, list[Review]] = {row.id: [] for row in rows}
    for entry in session.scalars(query.order_by(PlanReview.rep)):
        reviews[entry.plan_id].append(review_of(entry))
    heads = [head_of(row, reviews[row.id]) for row in rows]
    return heads if caller.reps is None else [head_part(head) for head in heads]


def head_of(row: Any, reviews: list[Review]) -> PlanHead:
    """The head of a plan, of a row that has its columns."""
    return PlanHead.model_validate(
        {name: getattr(row, name) for name in HEAD_COLUMNS}
        | {"reviews": reviews, "is_cancel_requested": row.cancel_requested_at is not None}
    )
