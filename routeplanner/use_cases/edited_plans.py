"""Plans made or changed by hand: order in, times computed; judged only, or stored as a draft."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.edited import NewTime, RouteRow
from routeplanner.domain.hours import TimeOfDay, Weekday
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import PlanOptions
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.scenario_fields import ScenarioFields
from routeplanner.domain.violation import Violation
from routeplanner.jobs.drafts import new_draft, new_reviews
from routeplanner.jobs.lease import JobId, tell
from routeplanner.planning.edited import check_edited, plan_from_rows
from routeplanner.settings import Settings
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.plan_records import PlanRecord
from routeplanner.use_cases.plans import plan_of, plan_row
from routeplanner.use_cases.scenarios import (
    ScenarioRequest,
    judge,
    keep_scenario,
    scenario_row,
)

_BY_HAND = "by hand"  # the name of what has no earlier plan to take it from
_Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EditedVisit(Frozen):
    """One visit; visits without a position are driven in the order of the list."""

    rep: _Id
    week: int = Field(ge=1, le=52)
    weekday: Weekday
    store_id: _Id
    position: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    template: Annotated[str, StringConstraints(max_length=50)] = ""
    arrive: TimeOfDay | None = None  # only compared


class EditedPlanRequest(Frozen):
    """A plan by hand: of a scenario, or an edit of a plan (whose scenario it then is)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scenario": {
                        "stores": [{"id": "S1", "lat": 52.53, "lon": 13.38, "class": "C"}],
                        "reps": [{"id": "R01", "base_lat": 52.5329, "base_lon": 13.4105}],
                        "policy": "five-day",
                    },
                    "visits": [{"rep": "R01", "week": 1, "weekday": "mon", "store_id": "S1"}],
                }
            ]
        }
    )

    parent_id: UUID | None = None
    scenario_id: UUID | None = None
    scenario: ScenarioFields | None = None
    visits: tuple[EditedVisit, ...] = Field(max_length=100_000)

    @model_validator(mode="after")
    def _names_one_source(self) -> "EditedPlanRequest":
        given = (self.parent_id, self.scenario_id, self.scenario)
        if sum(source is not None for source in given) != 1:
            raise ValueError("give one of parent_id, scenario_id and scenario")
        return self


class Evaluation(Frozen):
    """What a plan by hand comes to."""

    plan: Plan
    violations: tuple[Violation, ...]
    new_times: tuple[NewTime, ...]  # stated arrivals that are off by more than a minute


def evaluate_plan(
    session: Session, caller: Caller, request: EditedPlanRequest, settings: Settings
) -> Evaluation:
    """Time and check a plan by hand; nothing is stored."""
    scenario, _, earlier = _source(session, caller, request, settings)
    return _evaluated(scenario, request, earlier)


def import_plan(
    session: Session, caller: Caller, request: EditedPlanRequest, settings: Settings
) -> PlanRecord:
    """Store a plan by hand as a new draft, with the plan that it was edited from."""
    scenario, scenario_id, earlier = _source(session, caller, request, settings)
    parent = None
    if request.parent_id is not None:
        parent = plan_row(session, caller, request.parent_id)
    evaluation = _evaluated(scenario, request, earlier)
    if scenario_id is None:
        scenario_id = keep_scenario(session, caller, _BY_HAND, scenario).id
    reps = [rep.id for rep in scenario.reps]
    return keep_plan(
        session, caller, evaluation.plan, evaluation.violations, scenario_id, reps, parent
    )


def keep_plan(
    session: Session,
    caller: Caller,
    plan: Plan,
    violations: Sequence[Violation],
    scenario_id: UUID,
    reps: list[str],
    parent: PlanRow | None,
) -> PlanRecord:
    """Store a plan that nobody has to search for as a new draft of its reps."""
    row = new_draft(
        plan,
        violations,
        parent.name if parent else _BY_HAND,
        organization_id=caller.organization_id,
        created_by=caller.person_id,
        scenario_id=scenario_id,
        parent_id=parent.id if parent else None,
        options=PlanOptions(),
    )
    session.add(row)
    session.flush()
    session.add_all(new_reviews(row, reps))
    tell(session, JobId("plans", row.organization_id, row.id), "solved", {})
    made = {"name": row.name, "scenario_id": str(scenario_id)}
    note(session, caller, action="created", entity="plans", entity_id=row.id, after=made)
    session.flush()
    return plan_of(session, caller, row.id)


def _source(
    session: Session, caller: Caller, request: EditedPlanRequest, settings: Settings
) -> tuple[Scenario, UUID | None, Plan | None]:
    """The scenario, its id where it is stored, and the plan that was edited."""
    if request.parent_id is not None:
        parent = plan_row(session, caller, request.parent_id)
        row = scenario_row(session, caller, parent.scenario_id)
        earlier = None if parent.content is None else Plan.model_validate(parent.content)
        return Scenario.model_validate(row.content), row.id, earlier
    if request.scenario_id is not None:
        row = scenario_row(session, caller, request.scenario_id)
        return Scenario.model_validate(row.content), row.id, None
    asked = ScenarioRequest(name=_BY_HAND, scenario=request.scenario)
    return judge(session, caller, asked, settings.scenario_stores), None, None


def _evaluated(scenario: Scenario, request: EditedPlanRequest, earlier: Plan | None) -> Evaluation:
    matrix = travel_matrix(scenario)
    edited = plan_from_rows(scenario, _rows(request), matrix, earlier)
    violations = check_edited(scenario, edited, matrix)
    return Evaluation(plan=edited.plan, violations=violations, new_times=edited.new_times)


def _rows(request: EditedPlanRequest) -> list[RouteRow]:
    return [
        RouteRow(
            rep=visit.rep,
            week=visit.week,
            weekday=visit.weekday,
            store_id=visit.store_id,
            position=number if visit.position is None else visit.position,
            template=visit.template,
            arrive=visit.arrive,
            row=number,
        )
        for number, visit in enumerate(request.visits, start=1)
    ]
