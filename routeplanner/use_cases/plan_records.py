"""Plans as callers ask for them and see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import Name
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import Method, PlanOptions, Termination
from routeplanner.domain.violation import Violation
from routeplanner.errors import Issue
from routeplanner.use_cases.chosen_scenarios import ScenarioChoice

PlanStatus = Literal["queued", "solving", "solved", "canceled", "failed"]
ReviewStatus = Literal["draft", "submitted", "approved", "returned", "published", "superseded"]
_LEAST_AGREED_FIRST: tuple[ReviewStatus, ...] = (
    "draft", "returned", "submitted", "superseded", "approved", "published",
)  # fmt: skip
ENDED = ("solved", "canceled", "failed")


class PlanRequest(ScenarioChoice):
    """A plan to be made, of a stored scenario or of one given whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scenario": {
                        "stores": [
                            {"id": "S1", "lat": 52.53, "lon": 13.38, "sales": 270},
                            {"id": "S2", "lat": 52.52, "lon": 13.41, "sales": 90},
                        ],
                        "policy": "five-day",
                    },
                    "termination": {"spent_seconds": 20},
                }
            ]
        }
    )

    name: Name = "plan"  # also of the scenario, where one is made for it
    termination: Termination = Termination()
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    method: Method = "hgs"
    warm_start_plan_id: UUID | None = None
    previous_plan_id: UUID | None = None  # to be changed as little as possible
    max_changes: Annotated[int, Field(ge=0, lt=2**31)] | None = None  # none: any number
    freeze_weeks: Annotated[int, Field(ge=0, lt=2**31)] | None = None  # none: no week
    stability_minutes: Annotated[float, Field(ge=0, le=100_000)] | None = None  # none: 5

    @model_validator(mode="after")
    def _begins_with_one_plan(self) -> "PlanRequest":
        if self.warm_start_plan_id is not None and self.previous_plan_id is not None:
            raise ValueError("give either warm_start_plan_id or previous_plan_id, not both")
        return self


class Progress(Frozen):
    """How far a search is."""

    share: float
    score_minutes: float | None  # this and the next: none for who sees a part of the plan
    missing_visits: int | None
    iterations: int
    seconds: float


class Failure(Frozen):
    """Why a job has failed."""

    code: str
    message: str
    issues: tuple[Issue, ...] = ()


class Review(Frozen):
    """Where one rep's part of a plan stands; `changes` is to be looked at first."""

    rep: str
    changes: str  # where the plan stands beside what the rep drives now
    status: ReviewStatus
    comment: str | None
    changed_by: UUID | None
    changed_at: datetime
    version: int


class PlanHead(Frozen):
    """A plan without its routes; `status` is the job's, `reviews` the plan's."""

    id: UUID
    name: str
    scenario_id: UUID
    parent_id: UUID | None  # that it was edited from, keeps to, or began its search with
    created_by: UUID | None
    status: PlanStatus
    options: PlanOptions
    progress: Progress | None
    failure: Failure | None
    attempt: int
    is_cancel_requested: bool
    queued_at: datetime
    solving_at: datetime | None
    solved_at: datetime | None
    canceled_at: datetime | None
    failed_at: datetime | None
    reviews: tuple[Review, ...]


class PlanRecord(PlanHead):
    """A plan with the best routes so far; none before the search has told of any."""

    plan: Plan | None
    violations: tuple[Violation, ...] | None  # of an ended search


def head_part(head: PlanHead) -> PlanHead:
    """A plan as those are told who see a part of it: no totals, and no faults of others' data."""
    progress, failure = head.progress, head.failure
    if progress is not None:
        progress = progress.model_copy(update={"score_minutes": None, "missing_visits": None})
    if failure is not None:
        failure = Failure(code=failure.code, message="the planner of this plan is told why")
    return head.model_copy(update={"progress": progress, "failure": failure})


def status_of(reviews: Iterable[ReviewStatus]) -> ReviewStatus:
    """Where a plan stands as a whole: as far as all its parts have come."""
    return min(reviews, key=_LEAST_AGREED_FIRST.index, default="draft")


def review_of(row: Any) -> Review:
    """A review as callers see it."""
    own = set(Review.model_fields) - {"changes"}
    changes = f"/v1/plans/{row.plan_id}/changes?{urlencode({'rep': row.rep})}"
    return Review.model_validate({"changes": changes} | {name: getattr(row, name) for name in own})
