"""Changes of one store in a plan: shown as a dry run, else a new draft."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from api.dependencies import Call, Creating, location
from api.documentation import CREATES
from api.routing import new_router
from routeplanner.use_cases import changed_plans
from routeplanner.use_cases.changed_plans import (
    ChangedPlan,
    InsertRequest,
    MoveRequest,
    RemoveRequest,
)

router = new_router("/v1", tags=["plans"])

_Id = Annotated[UUID, Path()]
_SHOWN = CREATES | {200: {"model": ChangedPlan, "description": "A dry run: nothing is stored"}}


@router.post("/plans/{id}:move", response_model=ChangedPlan, status_code=201, responses=_SHOWN)
def move_store(call: Creating, id: _Id, body: MoveRequest) -> Response:  # noqa: A002
    """Move a store to other days; those that it leaves and joins are re-sequenced."""
    return _changed(call, changed_plans.move_store(call.session, call.caller, id, body))


@router.post("/plans/{id}:insert", response_model=ChangedPlan, status_code=201, responses=_SHOWN)
def insert_store(call: Creating, id: _Id, body: InsertRequest) -> Response:  # noqa: A002
    """Give a store its visits where they cost least, or on days that are named."""
    return _changed(call, changed_plans.insert_store(call.session, call.caller, id, body))


@router.post("/plans/{id}:remove", response_model=ChangedPlan, status_code=201, responses=_SHOWN)
def remove_store(call: Creating, id: _Id, body: RemoveRequest) -> Response:  # noqa: A002
    """Take a store out of the plan; the days that it leaves are re-sequenced."""
    return _changed(call, changed_plans.remove_store(call.session, call.caller, id, body))


def _changed(call: Call, found: ChangedPlan) -> Response:
    if found.plan is None:
        return call.answer(found)
    return call.answer(found, 201, location=location("plans", found.plan.id))
