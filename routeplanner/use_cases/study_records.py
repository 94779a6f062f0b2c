"""Studies as callers ask for them and see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.fit import Fit
from routeplanner.domain.master_data import Name
from routeplanner.domain.plan_bound import PlanBound
from routeplanner.domain.prices import PriceList
from routeplanner.domain.study import (
    BoundFields,
    FitFields,
    KeptPlan,
    PricesFields,
    StudyKind,
    StudyOptions,
    WhatIfFields,
)
from routeplanner.domain.what_if import WhatIf
from routeplanner.use_cases.chosen_scenarios import ScenarioChoice
from routeplanner.use_cases.plan_records import Failure, PlanStatus

_SCENARIO_ID = "019ac000-0000-7000-8000-000000000001"
_PLAN_ID = "019ac000-0000-7000-8000-000000000002"


class _StudyChoice(ScenarioChoice):
    """A scenario to be studied; named as the scenario that is made for it."""

    name: Name = "study"
    warm_start_plan_id: UUID | None = None  # that every search begins with


class WhatIfRequest(_StudyChoice, WhatIfFields):
    """What would be under other rules, beside what is; keys as `whatif --set` has them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scenario_id": _SCENARIO_ID,
                    "kind": "what_if",
                    "alternatives": [
                        {"changes": {"A.frequency": "2/week"}},
                        {"name": "one more rep", "changes": {"reps": "+1"}},
                    ],
                    "termination": {"spent_seconds": 10},
                }
            ]
        }
    )


class PricesRequest(_StudyChoice, PricesFields):
    """What each rule costs in hours: the difference of plans with it and without it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"scenario_id": _SCENARIO_ID, "kind": "prices", "only": ["lunch", "reps"]}]
        }
    )


class FitRequest(_StudyChoice, FitFields):
    """The smallest change of the rules that makes everything fit."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scenario_id": _SCENARIO_ID,
                    "kind": "fit",
                    "allow": ["C.frequency", "longest_day"],
                }
            ]
        }
    )


class BoundRequest(BoundFields):
    """How good a plan is, against what no plan of its scenario can be better than."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"plan_id": _PLAN_ID, "kind": "bound", "seconds": 60}]}
    )

    name: Name = "study"
    plan_id: UUID  # as it stands when it is begun


SearchRequest = WhatIfRequest | PricesRequest | FitRequest
StudyRequest = Annotated[SearchRequest | BoundRequest, Field(discriminator="kind")]


class StudyProgress(Frozen):
    """How far a study is."""

    share: float  # of all its plans; of `fit` of those that it makes at most; of `bound` of time
    solving: str  # the alternative whose plan is searched for; empty: the scenario as it is
    seconds: float


class StudyHead(Frozen):
    """A study without its result."""

    id: UUID
    name: str
    kind: StudyKind
    scenario_id: UUID
    warm_start_plan_id: UUID | None
    plan_id: UUID | None  # of a `bound`: which plan is held against it
    created_by: UUID | None
    status: PlanStatus
    options: StudyOptions
    progress: StudyProgress | None
    failure: Failure | None
    attempt: int
    is_cancel_requested: bool
    queued_at: datetime
    solving_at: datetime | None
    solved_at: datetime | None
    canceled_at: datetime | None
    failed_at: datetime | None
    plans: tuple[KeptPlan, ...] | None  # none: none were to be kept, or there are none yet


class StudyRecord(StudyHead):
    """A study; one that was stopped has the result of what was solved by then, if any."""

    result: WhatIf | PriceList | Fit | PlanBound | None
