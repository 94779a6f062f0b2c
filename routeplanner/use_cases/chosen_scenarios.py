"""The scenario that something is asked of: a stored one, or one given whole."""

from uuid import UUID

from pydantic import model_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import Name
from routeplanner.domain.scenario_fields import PolicyChoice, ScenarioFields
from routeplanner.settings import Settings
from routeplanner.storage.database import Session
from routeplanner.storage.tables import ScenarioRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.scenarios import ScenarioRequest, judge, keep_scenario, scenario_row


class ScenarioChoice(Frozen):
    """Which scenario, and under which policy."""

    name: Name  # also of the scenario, where one is made for it
    scenario_id: UUID | None = None
    scenario: ScenarioFields | None = None
    policy: PolicyChoice | None = None  # in place of the scenario's

    @model_validator(mode="after")
    def _names_one_scenario(self) -> "ScenarioChoice":
        if (self.scenario_id is None) == (self.scenario is None):
            raise ValueError("give either scenario_id or scenario")
        return self


def scenario_for(
    session: Session, caller: Caller, choice: ScenarioChoice, settings: Settings
) -> ScenarioRow:
    """The row of a choice: of the scenario named, or of a new one of what is given."""
    if choice.scenario_id is not None:
        row = scenario_row(session, caller, choice.scenario_id)
        if choice.policy is None:
            return row
        fields = ScenarioFields.model_validate(row.content).with_policy(choice.policy)
    elif choice.scenario is not None:
        given = choice.scenario
        fields = given if choice.policy is None else given.with_policy(choice.policy)
    else:
        raise AssertionError("a choice names one scenario")
    asked = ScenarioRequest(name=choice.name, scenario=fields)
    scenario = judge(session, caller, asked, settings.scenario_stores)
    return keep_scenario(session, caller, choice.name, scenario)
