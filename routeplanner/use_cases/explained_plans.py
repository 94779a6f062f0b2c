"""Answers about a plan as it stands: a store's choices of days, what fills a day, its reserve.

They take their time, so the plan is read before.
"""

from collections.abc import Sequence

from routeplanner.domain.explained import DayExplained, StoreExplained
from routeplanner.domain.plan import Plan
from routeplanner.domain.reserve import ReserveReport
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import NotFoundError
from routeplanner.planning.reserve import reserve_report
from routeplanner.planning.standing import explaining
from routeplanner.planning.standing.naming import find_store
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.travel.source import travel_matrix


def explain_store(plan: Plan, scenario: Scenario, store_id: str) -> StoreExplained:
    """Every choice of days of a store of the plan, with what it adds and breaks.

    Raises
    ------
    NotFoundError
        The scenario of the plan does not hold the store.
    InputError
        The store is one that gets no visits (STORE_NOT_PLANNED), or the plan is none that can be
        explained (PLAN_DOES_NOT_FIT).
    """
    standing = _standing(plan, scenario)
    if store_id not in standing.stores:
        raise NotFoundError(f"the plan has no store {store_id}")
    return explaining.explain_store(standing, find_store(standing.scenario, store_id).id)


def explain_day(plan: Plan, scenario: Scenario, rep_id: str, day: int) -> DayExplained:
    """What fills a rep's day, and what it would save without each of its stores.

    Raises
    ------
    NotFoundError
        The plan has no such rep, or the rep does not work on that day of the cycle.
    InputError
        The plan is none that can be explained (PLAN_DOES_NOT_FIT).
    """
    standing = _standing(plan, scenario)
    if rep_id not in {rep.id for rep in standing.scenario.reps}:
        raise NotFoundError(f"the plan has no rep {rep_id}")
    found = explaining.explain_day(standing, rep_id, day)
    if found is None:
        raise NotFoundError(f"day {day} of the cycle is no working day of rep {rep_id}")
    return found


def reserve_of(plan: Plan, scenario: Scenario, percents: Sequence[float]) -> ReserveReport:
    """Which days of the plan break when all travel takes longer by some percent."""
    return reserve_report(scenario, plan, travel_matrix(scenario), percents=percents)


def _standing(plan: Plan, scenario: Scenario) -> Standing:
    return stand(scenario, travel_matrix(scenario), plan)
