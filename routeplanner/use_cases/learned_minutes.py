"""What visits that were done say of a scenario's minutes and travel; nothing is changed."""

from uuid import UUID

from routeplanner.domain.base import Frozen
from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.learned import Learned
from routeplanner.domain.master_data import ExternalId
from routeplanner.domain.scenario import Scenario
from routeplanner.operations.parts import scenario_part
from routeplanner.planning.learn import learn
from routeplanner.storage.database import Session
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.done_visits import done_visits
from routeplanner.use_cases.publishing_records import Day
from routeplanner.use_cases.scenarios import scenario_row


class VisitSelection(Frozen):
    """Visits of the scenario's reps in a period, or of one of them."""

    from_date: Day
    until: Day  # the last day, included
    rep: ExternalId | None = None


def visits_to_learn_from(
    session: Session, caller: Caller, scenario_id: UUID, chosen: VisitSelection
) -> tuple[Scenario, tuple[DrivenVisit, ...]]:
    """The scenario and the visits that were done, as far as the caller sees them.

    Raises
    ------
    InputError, InvalidError
        The period is none that visits are told of (see `done_visits`).
    """
    row = scenario_row(session, caller, scenario_id)
    if caller.reps is None:
        scenario = Scenario.model_validate(row.content)
    else:
        scenario = scenario_part(row.content, caller.reps)
    period = (chosen.from_date, chosen.until)
    return scenario, done_visits(session, caller, scenario, *period, chosen.rep)


def learn_from(scenario: Scenario, visits: tuple[DrivenVisit, ...]) -> Learned:
    """What is assumed, what was measured with how many visits behind it, and what is proposed."""
    return learn(scenario, visits, travel_matrix(scenario))
