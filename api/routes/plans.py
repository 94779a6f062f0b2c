"""Plans: asked for, watched, stopped; parts and files of them; plans by hand; their review."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import RootModel

from api.dependencies import (
    Call,
    Creating,
    CreatingAsReviewer,
    Cursor,
    Editing,
    Items,
    Limit,
    Reading,
    Version,
    location,
)
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.measures import Measures
from routeplanner.domain.plan import Route, Unserved
from routeplanner.use_cases import (
    edited_plans,
    plan_changes,
    plan_files,
    plans,
    reviews,
    stored_plans,
)
from routeplanner.use_cases.earlier_plans import Against
from routeplanner.use_cases.edited_plans import EditedPlanRequest, Evaluation
from routeplanner.use_cases.plan_changes import PlanChanges
from routeplanner.use_cases.plan_files import ExportFormat, PlanFile
from routeplanner.use_cases.plan_records import (
    PlanHead,
    PlanRecord,
    PlanRequest,
    PlanStatus,
    Review,
    ReviewStatus,
)
from routeplanner.use_cases.reviews import ReviewStep

router = new_router("/v1", tags=["plans"])
_Id = Annotated[UUID, Path()]
_Rep = Annotated[
    str, Path(max_length=200, description="The rep, as the scenario names them; `/` as `%2F`.")
]

HTML = UPDATES | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
BYTES = UPDATES | {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
_SANDBOX = {"Content-Security-Policy": "sandbox allow-scripts allow-popups"}


class Routes(RootModel[tuple[Route, ...]]):
    """The routes of a plan."""


class UnservedVisits(RootModel[tuple[Unserved, ...]]):
    """Required visits that found no place."""


class Reviews(RootModel[tuple[Review, ...]]):
    """Where each rep's part of a plan stands."""


@router.get("/plans", response_model=Items[PlanHead], responses=READS)
def list_plans(
    call: Reading,
    status: PlanStatus | None = None,
    review_status: ReviewStatus | None = None,
    scenario_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Plans without their routes, newest first."""
    page = plans.list_plans(
        call.session,
        call.caller,
        cursor=cursor,
        limit=limit,
        status=status,
        scenario_id=scenario_id,
        review_status=review_status,
    )
    return call.answer(page)


@router.post("/plans", response_model=PlanRecord, status_code=202, responses=CREATES)
def create_plan(call: Creating, body: PlanRequest) -> Response:
    """Ask for a plan; a worker makes it."""
    made = plans.create_plan(call.session, call.caller, body, call.settings)
    return call.answer(made, 202, location=location("plans", made.id))


@router.post("/plans:evaluate", response_model=Evaluation, responses=CREATES)
def evaluate_plan(call: Editing, body: EditedPlanRequest) -> Response:
    """Time and check a plan by hand; nothing is stored."""
    found = edited_plans.evaluate_plan(call.session, call.caller, body, call.settings)
    return call.answer(found)


@router.post("/plans:import", response_model=PlanRecord, status_code=201, responses=CREATES)
def import_plan(call: Creating, body: EditedPlanRequest) -> Response:
    """Store a plan by hand as a new draft, with the plan that it was edited from."""
    made = edited_plans.import_plan(call.session, call.caller, body, call.settings)
    return call.answer(made, 201, location=location("plans", made.id))


@router.get("/plans/{id}", response_model=PlanRecord, responses=READS)
def get_plan(call: Reading, id: _Id) -> Response:  # noqa: A002
    """A plan with the best routes so far."""
    return call.answer(stored_plans.stored_plan(call.session, call.caller, id))


@router.delete("/plans/{id}", response_model=PlanRecord, responses=UPDATES)
def stop_plan(call: Editing, id: _Id) -> Response:  # noqa: A002
    """Stop the search; the best plan so far is kept."""
    return call.answer(plans.stop_plan(call.session, call.caller, id))


@router.get("/plans/{id}/routes", response_model=Routes, responses=UPDATES)
def list_routes(call: Reading, id: _Id, rep: str | None = None) -> Response:  # noqa: A002
    """The routes, in order of rep and day."""
    return call.answer(stored_plans.stored_part(call.session, call.caller, id, "routes", rep))


@router.get("/plans/{id}/unserved", response_model=UnservedVisits, responses=UPDATES)
def list_unserved(call: Reading, id: _Id) -> Response:  # noqa: A002
    """Required visits that found no place, with the reason and what would help."""
    return call.answer(stored_plans.stored_part(call.session, call.caller, id, "unserved"))


@router.get("/plans/{id}/measures", response_model=Measures, responses=UPDATES)
def get_measures(call: Reading, id: _Id) -> Response:  # noqa: A002
    """The figures of the plan."""
    return call.answer(stored_plans.stored_part(call.session, call.caller, id, "measures"))


@router.get("/plans/{id}/map", response_class=Response, responses=HTML)
def get_map(call: Reading, id: _Id) -> Response:  # noqa: A002
    """One map of all routes, as a page that needs no network."""
    return as_file(plan_files.export_plan(call.session, call.caller, id, "html"))


@router.get("/plans/{id}/days/{route:path}", response_class=Response, responses=HTML)
def get_day_sheet(
    call: Reading,
    id: _Id,  # noqa: A002
    route: Annotated[str, Path(max_length=50, description="The label of the route: T1 … Tn.")],
    rep: str | None = None,
) -> Response:
    """The day sheet of a route, for the phone or printed."""
    return as_file(plan_files.day_sheet(call.session, call.caller, id, route, rep))


@router.get("/plans/{id}/export", response_class=Response, responses=BYTES)
def export_plan(
    call: Reading,
    id: _Id,  # noqa: A002
    format: Annotated[ExportFormat, Query()],  # noqa: A002
    time_zone: Annotated[str | None, Query(max_length=64)] = None,
    start_date: date | None = None,
    against: Annotated[Against | None, Query()] = None,
) -> Response:
    """The plan as a file; calendars need a start date, a Monday.

    The change list as CSV (`changes`) and as an update of the calendar (`changes_ics`), workbook
    and calendar are set beside the plan's parent, or `against` another plan.
    """
    found = plan_files.export_plan(
        call.session,
        call.caller,
        id,
        format,
        time_zone=time_zone,
        start_date=start_date,
        against=against,
    )
    return as_file(found, is_download=True)


@router.get("/plans/{id}/changes", response_model=PlanChanges, responses=UPDATES)
def list_plan_changes(
    call: Reading,
    id: _Id,  # noqa: A002
    against: Annotated[Against, Query()] = "published",
    rep: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Stores that the plan visits otherwise than an earlier one, and whom to tell.

    Set beside what is published for its reps now, or `against` its parent or another plan.
    """
    found = plan_changes.changes_of(call.session, call.caller, id, against=against, rep=rep)
    return call.answer(found)


@router.get("/plans/{id}/reviews", response_model=Reviews, responses=READS)
def list_reviews(call: Reading, id: _Id) -> Response:  # noqa: A002
    """Where each rep's part of the plan stands."""
    return call.answer(Reviews(tuple(reviews.list_reviews(call.session, call.caller, id))))


@router.post("/plans/{id}/reviews/{rep:path}", response_model=Review, responses=UPDATES)
def take_review_step(
    call: CreatingAsReviewer,
    id: _Id,  # noqa: A002
    rep: _Rep,
    body: ReviewStep,
    version: Version,
) -> Response:
    """Submit, withdraw, approve or return one rep's part of the plan."""
    after = reviews.take_step(
        call.session,
        call.caller,
        id,
        rep,
        body,
        version=version,
        request_id=call.request_id,
    )
    return _reviewed(call, after)


def _reviewed(call: Call, review: Review) -> Response:
    return call.answer(review, version=review.version)


def as_file(file: PlanFile, *, is_download: bool = False) -> Response:
    """A file as an answer; in a browser it may not act for the service."""
    headers = dict(_SANDBOX)
    if is_download:
        headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return Response(file.content, headers=headers, media_type=file.media_type)
