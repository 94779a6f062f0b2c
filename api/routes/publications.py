"""Publishing plans: what it would do, doing it, and what has been published."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from api.dependencies import (
    Creating,
    Cursor,
    Items,
    Limit,
    Reading,
    Reviewing,
    location,
)
from api.documentation import CREATES, READS
from api.routes.plans import BYTES, as_file
from api.routing import new_router
from routeplanner.domain.master_data import ExternalId
from routeplanner.use_cases import (
    publication_files,
    publication_preview,
    publications,
    publishing,
    withdrawal,
)
from routeplanner.use_cases.publication_files import PublicationFormat
from routeplanner.use_cases.publishing_records import (
    FrequencyReached,
    PublicationPreview,
    PublicationRecord,
    PublicationStatus,
    PublishRequest,
    VisitShift,
    Withdrawal,
)

router = new_router("/v1", tags=["publications"])
_Id = Annotated[UUID, Path()]


@router.post(
    "/plans/{id}:preview-publication", response_model=PublicationPreview, responses=CREATES
)
def preview_publication(call: Reviewing, id: _Id, body: PublishRequest) -> Response:  # noqa: A002
    """What publishing would do: every shifted or skipped visit, the frequency still reached."""
    found = publication_preview.preview_publication(call.session, call.caller, id, body)
    return call.answer(found)


@router.post(
    "/plans/{id}:publish", response_model=PublicationRecord, status_code=201, responses=CREATES
)
def publish_plan(call: Creating, id: _Id, body: PublishRequest) -> Response:  # noqa: A002
    """Lay an approved plan on dates and create its visits; supersedes from its start date on."""
    made = publishing.publish_plan(call.session, call.caller, id, body, call.request_id)
    found = publications.publication_of(call.session, call.caller, made.id)
    return call.answer(found, 201, location=location("publications", made.id))


@router.get("/publications", response_model=Items[PublicationRecord], responses=READS)
def list_publications(
    call: Reading,
    plan_id: UUID | None = None,
    rep: ExternalId | None = None,
    status: PublicationStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Publications, newest first."""
    page = publications.list_publications(
        call.session,
        call.caller,
        cursor=cursor,
        limit=limit,
        plan_id=plan_id,
        rep=rep,
        status=status,
    )
    return call.answer(page)


@router.get("/publications/{id}", response_model=PublicationRecord, responses=READS)
def get_publication(call: Reading, id: _Id) -> Response:  # noqa: A002
    """A publication, and until when each of its reps drives it."""
    return call.answer(publications.publication_of(call.session, call.caller, id))


@router.get("/publications/{id}/changes", response_model=Items[VisitShift], responses=READS)
def list_publication_changes(
    call: Reading,
    id: _Id,  # noqa: A002
    rep: ExternalId | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Every visit that was shifted or skipped, by date."""
    page = publications.list_shifts(
        call.session, call.caller, id, cursor=cursor, limit=limit, rep=rep
    )
    return call.answer(page)


@router.get(
    "/publications/{id}/frequencies", response_model=Items[FrequencyReached], responses=READS
)
def list_frequencies(
    call: Reading,
    id: _Id,  # noqa: A002
    rep: ExternalId | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Visits that each store gets, beside those that the cycle holds for it."""
    page = publications.list_frequencies(
        call.session, call.caller, id, cursor=cursor, limit=limit, rep=rep
    )
    return call.answer(page)


@router.get("/publications/{id}/export", response_class=Response, responses=BYTES)
def export_publication(
    call: Reading,
    id: _Id,  # noqa: A002
    format: Annotated[PublicationFormat, Query()],  # noqa: A002
    rep: ExternalId | None = None,
    time_zone: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The dates as a file, as they were published: a calendar (ics), or lists as CSV."""
    found = publication_files.export_publication(
        call.session, call.caller, id, format, rep=rep, time_zone=time_zone
    )
    return as_file(found, is_download=True)


@router.post("/publications/{id}:withdraw", response_model=PublicationRecord, responses=CREATES)
def withdraw_publication(call: Creating, id: _Id, body: Withdrawal) -> Response:  # noqa: A002
    """Take a publication back from a date on; visits that were begun or made stay."""
    found = withdrawal.withdraw(call.session, call.caller, id, body, call.request_id)
    return call.answer(found)
