"""Scenarios: frozen snapshots, judged whole."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from api.dependencies import Creating, Cursor, Editing, Items, Later, Limit, Reading, location
from api.documentation import CREATES, READS
from api.routing import new_router
from routeplanner.domain.learned import Learned
from routeplanner.use_cases import scenarios
from routeplanner.use_cases.demo import demo_scenario
from routeplanner.use_cases.learned_minutes import (
    VisitSelection,
    learn_from,
    visits_to_learn_from,
)
from routeplanner.use_cases.scenarios import (
    ScenarioHead,
    ScenarioRecord,
    ScenarioRequest,
    Verdict,
)

router = new_router("/v1", tags=["scenarios"])
_Id = Annotated[UUID, Path()]


@router.get("/scenarios", response_model=Items[ScenarioHead], responses=READS)
def list_scenarios(call: Reading, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Scenarios without their content, newest first."""
    page = scenarios.list_scenarios(call.session, call.caller, cursor=cursor, limit=limit)
    return call.answer(page)


@router.post("/scenarios", response_model=ScenarioRecord, status_code=201, responses=CREATES)
def create_scenario(call: Creating, body: ScenarioRequest) -> Response:
    """Judge and freeze a scenario; all issues are told at once."""
    made = scenarios.create_scenario(call.session, call.caller, body, call.settings.scenario_stores)
    return call.answer(made, 201, location=location("scenarios", made.id))


@router.post("/scenarios:validate", response_model=Verdict, responses=CREATES)
def validate_scenario(call: Editing, body: ScenarioRequest) -> Response:
    """Judge a scenario and store nothing."""
    most = call.settings.scenario_stores
    return call.answer(scenarios.verdict_of(call.session, call.caller, body, most))


@router.get("/scenarios/demo", response_model=ScenarioRequest, responses=READS)
def get_demo(call: Reading) -> Response:
    """A scenario to try; can be posted straight back."""
    return call.answer(ScenarioRequest(name="demo", scenario=demo_scenario()))


@router.get("/scenarios/{id}", response_model=ScenarioRecord, responses=READS)
def get_scenario(call: Reading, id: _Id) -> Response:  # noqa: A002
    """A frozen scenario."""
    return call.answer(scenarios.stored_scenario(call.session, call.caller, id))


@router.get("/scenarios/{id}/learned", response_model=Learned, responses=READS)
def get_learned(
    call: Reading,
    id: _Id,  # noqa: A002
    query: Annotated[VisitSelection, Query()],
) -> Later:
    """What visits that were done say of minutes in store and travel, beside what is assumed."""
    scenario, visits = visits_to_learn_from(call.session, call.caller, id, query)
    return call.answer_later(lambda: learn_from(scenario, visits))
