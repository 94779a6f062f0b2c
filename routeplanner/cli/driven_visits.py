"""Visits that were made, as the commands that hold a scenario against them read them."""

from pathlib import Path

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.files.visits_in import read_driven_visits
from routeplanner.texts import text


def visits_of(path: Path, scenario: Scenario) -> tuple[DrivenVisit, ...]:
    """Read a list of visits; one of another territory would say nothing, unnoticed.

    Raises
    ------
    InputError
        The list cannot be read, or none of its stores is in the scenario.
    """
    visits = read_driven_visits(path, scenario.language)
    known = {store.id for store in scenario.stores}
    if any(visit.store_id in known for visit in visits):
        return visits
    issue = Issue(
        code="NO_KNOWN_STORE",
        path=path.name,
        message=text("visits_in.NO_KNOWN_STORE", scenario.language, file=path.name),
        hint=text("visits_in.NO_KNOWN_STORE_HINT", scenario.language),
        file=str(path),
    )
    raise InputError([issue])
