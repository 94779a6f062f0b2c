"""Answers about a plan as it stands: a store's choices of days, what fills a day, its reserve.

They take their time, so the plan is read before.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator

from routeplanner.domain.base import Frozen
from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.explained import DayExplained, StoreExplained
from routeplanner.domain.plan import Plan
from routeplanner.domain.reserve import ReserveReport
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import NotFoundError
from routeplanner.planning.reserve import LONGER_PERCENTS, reserve_report
from routeplanner.planning.standing import explaining
from routeplanner.planning.standing.naming import find_store
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.storage.database import Session
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.done_visits import done_visits
from routeplanner.use_cases.publishing_records import Day

_Percent = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


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


class ReserveQuery(Frozen):
    """What is to put a plan under strain: longer travel, and visits of a period as they were."""

    longer: tuple[_Percent, ...] = Field(
        default=LONGER_PERCENTS,
        min_length=1,
        max_length=5,
        description="Percent by which all travel takes longer.",
    )
    from_date: Day | None = Field(
        default=None, description="With `until`: visits also take the minutes that they then took."
    )
    until: Day | None = Field(default=None, description="The last day, included.")

    @model_validator(mode="after")
    def _has_both_ends(self) -> "ReserveQuery":
        if (self.from_date is None) != (self.until is None):
            raise ValueError("give both from_date and until, or neither")
        return self


def visits_for_reserve(
    session: Session, caller: Caller, scenario: Scenario, query: ReserveQuery
) -> tuple[DrivenVisit, ...]:
    """Visits that were done in the period of a query; none without one."""
    if query.from_date is None or query.until is None:
        return ()
    return done_visits(session, caller, scenario, query.from_date, query.until)


def reserve_of(
    plan: Plan, scenario: Scenario, visits: Sequence[DrivenVisit], percents: Sequence[float]
) -> ReserveReport:
    """Which days of the plan break when travel, or visits that were done, take longer."""
    return reserve_report(scenario, plan, travel_matrix(scenario), visits, percents)


def _standing(plan: Plan, scenario: Scenario) -> Standing:
    return stand(scenario, travel_matrix(scenario), plan)
