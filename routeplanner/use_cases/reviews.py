"""The review of a plan, rep by rep: one table of what leads where, and who may do it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, Literal
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
Consequence = Literal["publish", "supersede", "unpublish"]
"""What publishing and taking a publication back do to reviews."""

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
    "submit": Transition(frozenset(("draft", "returned", "superseded")), "submitted", _PLANNERS),
    "withdraw": Transition(frozenset(("submitted", "approved")), "draft", _PLANNERS),
    "approve": Transition(frozenset(("submitted",)), "approved", _SUPERVISORS),
    "return": Transition(
        frozenset(("submitted", "approved")), "returned", _SUPERVISORS, needs_comment=True
    ),
}
CONSEQUENCES: dict[Consequence, Transition] = {
    "publish": Transition(frozenset(("approved", "published")), "published", _PLANNERS),
    "supersede": Transition(frozenset(("published",)), "superseded", _PLANNERS),
    "unpublish": Transition(frozenset(("published",)), "approved", _PLANNERS),
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
    _check_role(caller, step.action)
    found = locked_reviews(session, plan_id, [rep])
    if not found or (caller.reps is not None and rep not in caller.reps):
        raise NotFoundError(f"the plan has no rep {rep}")
    check_version(found[0], version)
    _check_step(session, plan, found[0], step)
    lead(session, caller, found[0], step.action, comment=step.comment, request_id=request_id)
    return review_of(found[0])


def locked_reviews(session: Session, plan_id: UUID, reps: Collection[str]) -> list[PlanReview]:
    """The reviews of some reps' parts of a plan, which nobody else changes meanwhile."""
    found = session.scalars(
        select(PlanReview)
        .where(PlanReview.plan_id == plan_id, PlanReview.rep.in_(reps))
        .order_by(PlanReview.rep)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


def lead(
    session: Session,
    caller: Caller,
    row: PlanReview,
    action: Action | Consequence,
    *,
    comment: str | None = None,
    request_id: str,
) -> None:
    """Let a locked review take a step, and note who did it."""
    _check_role(caller, action)
    before = row.status
    row.status, row.comment = _transition(action).after, comment
    row.changed_by = caller.person_id
    flush(session, "review")
    session.refresh(row)
    note(
        session,
        caller,
        action=action,
        entity="plan_reviews",
        entity_id=row.plan_id,
        request_id=request_id,
        before={"rep": row.rep, "status": before},
        after={"rep": row.rep, "status": row.status, "comment": comment},
    )


def _transition(action: Action | Consequence) -> Transition:
    table: dict[Any, Transition] = {**TRANSITIONS, **CONSEQUENCES}
    return table[action]


def _check_role(caller: Caller, action: Action | Consequence) -> None:
    if caller.role not in _transition(action).roles:
        raise NotAllowedError(
            f"role {caller.role} may not {action} a plan", code="ROLE_NOT_ALLOWED"
        )


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
