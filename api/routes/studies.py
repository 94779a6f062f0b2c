"""Studies: what if, prices of rules, fit, bounds of plans; asked for, watched, stopped."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from api.dependencies import Creating, Cursor, Editing, Items, Limit, Reading, location
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.study import StudyKind
from routeplanner.use_cases import studies
from routeplanner.use_cases.plan_records import PlanStatus
from routeplanner.use_cases.study_records import StudyHead, StudyRecord, StudyRequest

router = new_router("/v1", tags=["studies"])

_Id = Annotated[UUID, Path()]


@router.get("/studies", response_model=Items[StudyHead], responses=READS)
def list_studies(
    call: Reading,
    kind: StudyKind | None = None,
    status: PlanStatus | None = None,
    scenario_id: UUID | None = None,
    plan_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Studies without their results, newest first."""
    page = studies.list_studies(
        call.session,
        call.caller,
        cursor=cursor,
        limit=limit,
        kind=kind,
        status=status,
        scenario_id=scenario_id,
        plan_id=plan_id,
    )
    return call.answer(page)


@router.post("/studies", response_model=StudyHead, status_code=202, responses=CREATES)
def create_study(call: Creating, body: StudyRequest) -> Response:
    """Ask what other rules would do, what rules cost, what makes all fit, how good a plan is."""
    made = studies.create_study(call.session, call.caller, body, call.settings)
    return call.answer(made, 202, location=location("studies", made.id))


@router.get("/studies/{id}", response_model=StudyRecord, responses=READS)
def get_study(call: Reading, id: _Id) -> Response:  # noqa: A002
    """A study, with its result once it has ended."""
    return call.answer(studies.stored_study(call.session, call.caller, id))


@router.delete("/studies/{id}", response_model=StudyRecord, responses=UPDATES)
def stop_study(call: Editing, id: _Id) -> Response:  # noqa: A002
    """Stop a study; what was solved by then is kept."""
    return call.answer(studies.stop_study(call.session, call.caller, id))
