"""The review of a plan, rep by rep: one table of what leads where, and who may do it."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, StringConstraints
from sqlalchemy import select

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import Role
from routeplanner.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanReview, PlanRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.master_data import check_version, flush
from routeplanner.use_cases.plan_records import Review, ReviewStatus, review_of
from routeplanner.use_cases.plans import has_routes, plan_row

Action = Literal["submit", "withdraw", "approve", "return"]

_PLANNERS: frozenset[Role] = frozenset(("admin", "planner"))
_SUPERVISORS: frozenset[Role] = frozenset(("admin", "supervisor"))


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action leads to, from where, and who may take it."""

    before: frozenset[ReviewStatus]
    after: ReviewStatus
    roles: frozenset[Role]
    needs_comment: bool = False


TRANSITIONS: dict[Action, Transition] = {
    "submit": Transition(frozenset(("draft", "returned")), "submitted", _PLANNERS),
    "withdraw": Transition(frozenset(("submitted", "approved")), "draft", _PLANNERS),
    "approve": Transition(frozenset(("submitted",)), "approved", _SUPERVISORS),
    "return": Transition(
        frozenset(("submitted", "approved")), "returned", _SUPERVISORS, needs_comment=True
    ),
}


class ReviewStep(Frozen):
    """A step of the review of one rep's part of a plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"action": "submit"}]})

    action: Action
    comment: Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")] | None = None


def list_reviews(session: Session, caller: Caller, plan_id: UUID) -> list[Review]:
    """Where each rep's part of a plan stands."""
    plan_row(session, caller, plan_id)
    query = select(PlanReview).where(PlanReview.plan_id == plan_id)
    if caller.reps is not None:
        query = query.where(PlanReview.rep.in_(caller.reps))
    return [review_of(row) for row in session.scalars(query.order_by(PlanReview.rep))]


def take_step(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    rep: str,
    step: ReviewStep,
    *,
    version: int | None,
    request_id: str,
) -> Review:
    """Take a step of the review.

    Raises
    ------
    NotAllowedError
        The caller's role may not take it, or the rep is none of theirs.
    ConflictError
        The review stands where the step does not lead on, or the plan has no routes.
    """
    plan = plan_row(session, caller, plan_id)
    transition = TRANSITIONS[step.action]
    if caller.role not in transition.roles:
        raise NotAllowedError(
            f"role {caller.role} may not {step.action} a plan", code="ROLE_NOT_ALLOWED"
        )
    row = _locked(session, caller, plan_id, rep)
    check_version(row, version)
    _check_step(session, plan, row, step)
    before = row.status
    row.status, row.comment, row.changed_by = transition.after, step.comment, caller.person_id
    flush(session, "review")
    session.refresh(row)
    note(
        session,
        caller,
        action=step.action,
        entity="plan_reviews",
        entity_id=plan_id,
        request_id=request_id,
        before={"rep": rep, "status": before},
        after={"rep": rep, "status": row.status, "comment": step.comment},
    )
    return review_of(row)


def _locked(session: Session, caller: Caller, plan_id: UUID, rep: str) -> PlanReview:
    row = session.scalar(
        select(PlanReview)
        .where(PlanReview.plan_id == plan_id, PlanReview.rep == rep)
        .with_for_update()
    )
    if row is None or (caller.reps is not None and rep not in caller.reps):
        raise NotFoundError(f"the plan has no rep {rep}")
    return row


def _check_step(session: Session, plan: PlanRow, row: PlanReview, step: ReviewStep) -> None:
    transition = TRANSITIONS[step.action]
    if row.status not in transition.before:
        raise ConflictError(f"a plan that is {row.status} cannot be {_PAST[step.action]}")
    if step.action == "submit" and not (
        plan.status in ("solved", "canceled") and has_routes(session, plan.id)
    ):
        raise ConflictError(f"the plan is {plan.status} and has no routes", code="PLAN_EMPTY")
    if transition.needs_comment and not (step.comment or "").strip():
        raise InvalidError("say in a comment what is to be changed", code="COMMENT_MISSING")


_PAST: dict[Action, str] = {
    "submit": "submitted",
    "withdraw": "withdrawn",
    "approve": "approved",
    "return": "returned",
}
