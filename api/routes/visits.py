"""Visits: found, reported one by one or many at once, opened ad hoc; a rep's day."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, RootModel, SkipValidation

from api.dependencies import (
    Cursor,
    Items,
    Limit,
    Reading,
    Reporting,
    Reviewing,
    Version,
    location,
)
from api.documentation import CREATES, READS, UPDATES
from api.routing import new_router
from routeplanner.domain.master_data import ExternalId
from routeplanner.domain.visit import VisitOrigin, VisitStatus
from routeplanner.use_cases import rep_day, visit_reports, visits
from routeplanner.use_cases.visit_records import (
    MOST_REPORTS,
    AdHocFields,
    GoalsFields,
    RepDayRecord,
    ReportAnswer,
    ReportFields,
    SentReport,
    SentReportAnswer,
    VisitDetail,
    VisitRecord,
)

router = new_router("/v1", tags=["visits"])
_Id = Annotated[UUID, Path()]
_RepId = Annotated[
    ExternalId, Path(description="The service's own id, or the caller's; `/` as `%2F`.")
]


class SentReports(BaseModel):
    """Reports that were written down without a network; each is judged and answered by itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reports": [
                        {
                            "client_id": "phone-7/1",
                            "visit_id": "0199c3a5-7c52-7d4e-9d5c-0c2a4d3b2a10",
                            "kind": "check_in",
                            "recorded_at": "2026-10-08T09:05:00+08:00",
                            "at": "2026-10-08T09:05:00+08:00",
                        }
                    ]
                }
            ]
        },
    )

    reports: list[SkipValidation[SentReport]] = Field(min_length=1, max_length=MOST_REPORTS)


class SentReportAnswers(RootModel[tuple[SentReportAnswer, ...]]):
    """An answer to each report, in the order of the reports."""


class VisitFilters(BaseModel):
    """What a list of visits can be narrowed to; `rep` and `store_id` are external ids."""

    model_config = ConfigDict(extra="forbid")

    rep: ExternalId | None = None
    store_id: ExternalId | None = None
    from_date: dt.date | None = None
    until: dt.date | None = Field(default=None, description="The last date, included.")
    status: VisitStatus | None = None
    origin: VisitOrigin | None = None
    publication_id: UUID | None = None
    cursor: Cursor = None
    limit: Limit = 100


@router.get("/visits", response_model=Items[VisitRecord], responses=READS)
def list_visits(call: Reading, chosen: Annotated[VisitFilters, Query()]) -> Response:
    """Visits, by date."""
    return call.answer(visits.list_visits(call.session, call.caller, **dict(chosen)))


@router.post("/visits", response_model=VisitRecord, status_code=201, responses=CREATES)
def open_visit(call: Reporting, body: AdHocFields) -> Response:
    """Plan a visit that no plan holds."""
    made = visits.open_ad_hoc(call.session, call.caller, body)
    return call.answer(made, 201, location=location("visits", made.id), version=made.version)


@router.post("/visits:bulk", response_model=SentReportAnswers, responses=CREATES)
def report_visits(call: Reporting, body: SentReports) -> Response:
    """Take up to 1,000 reports after a day without a network; safe to repeat."""
    rows: list[Any] = list(body.reports)
    answers = visit_reports.report_in_bulk(call.session, call.caller, rows)
    return call.answer(SentReportAnswers(tuple(answers)))


@router.get("/visits/{id}", response_model=VisitDetail, responses=READS)
def get_visit(call: Reading, id: _Id) -> Response:  # noqa: A002
    """A visit with its reports."""
    found = visits.visit_of(call.session, call.caller, id)
    return call.answer(found, version=found.version)


@router.post("/visits/{id}/reports", response_model=ReportAnswer, responses=CREATES)
def report_visit(call: Reporting, id: _Id, body: ReportFields) -> Response:  # noqa: A002
    """Check in or out, skip, tell why it was not made, cancel; or take such a report back."""
    answer = visit_reports.report_visit(call.session, call.caller, id, body)
    return call.answer(answer, version=answer.visit.version)


@router.put("/visits/{id}/goals", response_model=VisitRecord, responses=UPDATES)
def set_goals(call: Reviewing, id: _Id, body: GoalsFields, version: Version) -> Response:  # noqa: A002
    """Replace what the visit is to achieve."""
    found = visits.set_goals(call.session, call.caller, id, body, version)
    return call.answer(found, version=found.version)


@router.get("/reps/{id:path}/days/{date}", response_model=RepDayRecord, responses=READS)
def get_rep_day(
    call: Reading,
    id: _RepId,  # noqa: A002
    date: Annotated[dt.date, Path()],
) -> Response:
    """What the rep drives on a date, in route order, with open points and goals."""
    return call.answer(rep_day.rep_day_of(call.session, call.caller, id, date))
