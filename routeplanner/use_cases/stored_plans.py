"""Plans to answer with: as they are stored, read on one way and sent on without being parsed."""

import json
from typing import Literal, get_args
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, select

from routeplanner.storage.database import Session
from routeplanner.storage.reading import Question, read, read_together
from routeplanner.storage.tables import PlanReview, PlanRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plan_records import PlanRecord, review_of, status_of
from routeplanner.use_cases.plans import (
    HEAD_COLUMNS,
    content_of,
    head_of,
    no_plan,
    no_routes,
    plan_of,
    plan_row,
)
from routeplanner.use_cases.stored_json import StoredJson, as_text

PlanPart = Literal["routes", "unserved", "measures"]

_plans, _reviews = PlanRow.__table__, PlanReview.__table__
_WHOLE = Question(
    select(
        *(_plans.c[name] for name in (*HEAD_COLUMNS, "cancel_requested_at")),
        as_text(_plans.c.content).label("plan"),
        as_text(_plans.c.violations).label("violations"),
    ).where(_plans.c.id == bindparam("id"))
)
_REVIEWS = Question(
    select(*_reviews.c).where(_reviews.c.plan_id == bindparam("id")).order_by(_reviews.c.rep)
)
_PARTS = {
    part: Question(
        select(_plans.c.status, as_text(_plans.c.content[part]).label("part")).where(
            _plans.c.id == bindparam("id")
        )
    )
    for part in get_args(PlanPart)
}


def stored_plan(session: Session, caller: Caller, plan_id: UUID) -> PlanRecord | StoredJson:
    """A plan to answer with: as it is stored, where the caller sees all of it."""
    if caller.reps is not None:
        return plan_of(session, caller, plan_id)
    plans, reviews = read_together(
        session, _WHOLE.with_values(id=plan_id), _REVIEWS.with_values(id=plan_id)
    )
    if not plans:
        raise no_plan(plan_id)
    row = _WHOLE.named(plans)[0]
    head = head_of(row, [review_of(review) for review in _REVIEWS.named(reviews)])
    plan = row.plan
    if plan is not None:
        status = status_of(review.status for review in head.reviews)
        plan = f'{{"review_status":"{status}",{plan[1:]}'
    return StoredJson.beside(head, plan=plan, violations=row.violations)


def stored_part(
    session: Session, caller: Caller, plan_id: UUID, part: PlanPart, rep: str | None = None
) -> StoredJson:
    """A part of a plan to answer with; routes of one rep, where one is named."""
    if caller.reps is not None:
        plan_row(session, caller, plan_id)
        if part != "routes":
            plan, _ = content_of(session, caller, plan_id)
            return StoredJson(to_json(getattr(plan, part), by_alias=True).decode())
    rows = read(session, *_PARTS[part].with_values(id=plan_id))
    if not rows:
        raise no_plan(plan_id)
    status, found = rows[0]
    if found is None:
        raise no_routes(status)
    if rep is None and caller.reps is None:
        return StoredJson(found)
    seen = [route for route in json.loads(found) if rep in (None, route["rep"])]
    if caller.reps is not None:
        seen = [route for route in seen if route["rep"] in caller.reps]
    return StoredJson(json.dumps(seen))
