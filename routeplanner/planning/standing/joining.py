"""Takes a store into the scenario of a plan: a new one, or one that was suspended or closed."""

import numpy as np

from routeplanner.domain.draft import Draft, DraftMatrix
from routeplanner.domain.findings import Origin
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.planning.judge import judge
from routeplanner.texts import counted, text

_SCENARIO = Origin("scenario.json")


def scenario_with(
    scenario: Scenario, store: Store, origin: Origin = _SCENARIO, travel: DraftMatrix | None = None
) -> Scenario:
    """
    Return a scenario with one store more, or with another row of a store that it holds.

    The store is judged as a whole list is. It gets the class that it states, else that of its sales
    among the stores of its rep; all other stores keep theirs.

    Parameters
    ----------
    origin
        Where the store was read, for what is wrong with it.
    travel
        Travel times with those of the store, where the scenario's were given too.

    Raises
    ------
    InputError
        With every fault, or the store's frequency asks for another cycle (CYCLE_WOULD_CHANGE).
    """
    others = tuple(other for other in scenario.stores if other.id != store.id)
    matrix = travel
    if matrix is None and scenario.matrix is not None:
        matrix = _draft_matrix(scenario.matrix)
    judgement = judge(
        Draft(
            stores=(*others, store),
            policy=scenario.policy,
            reps=scenario.reps,
            appointments=scenario.appointments,
            store_origins=(*(_SCENARIO for _ in others), origin),
            rep_origins=tuple(_SCENARIO for _ in scenario.reps),
            appointment_origins=tuple(_SCENARIO for _ in scenario.appointments),
            matrix=matrix,
            coordinates=scenario.coordinates,
            language=scenario.language,
            start_date=scenario.start_date,
            has_reps_file=True,
        )
    )
    errors = [issue for issue in judgement.issues if issue.severity is Severity.ERROR]
    if errors:
        raise InputError(errors)
    if judgement.cycle != scenario.cycle:
        raise InputError([_cycle_would_change(scenario, store, origin)])
    judged = next(found for found in judgement.stores if found.id == store.id)
    stores = tuple(judged if other.id == store.id else other for other in scenario.stores)
    if len(others) == len(stores):
        stores = (*stores, judged)
    warnings = tuple(i for i in judgement.issues if (i.file, i.row) == (origin.file, origin.row))
    return scenario.model_copy(
        update={
            "stores": stores,
            "matrix": judgement.matrix,
            "warnings": (*scenario.warnings, *(() if origin is _SCENARIO else warnings)),
        }
    )


def _draft_matrix(given: GivenMatrix) -> DraftMatrix:
    return DraftMatrix(Origin(given.source), given.ids, np.array(given.minutes), np.array(given.km))


def _cycle_would_change(scenario: Scenario, store: Store, origin: Origin) -> Issue:
    return Issue(
        code="CYCLE_WOULD_CHANGE",
        path="store",
        message=counted(
            "explain.cycle_would_change",
            scenario.cycle.weeks,
            scenario.language,
            store=store.id,
            frequency=store.frequency,
            weeks=scenario.cycle.weeks,
        ),
        hint=text("explain.cycle_would_change_hint", scenario.language),
        file=origin.file,
        row=origin.row,
    )
