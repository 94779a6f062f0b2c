"""The independent check of a plan, from the domain side alone: the oracle of every test.

Each module holds one family of rules. Nothing here looks at how plans are made: neither at the
solvers nor at encode, and the scenario's rules are derived anew from its raw fields (`facts`).
"""

from collections.abc import Iterator

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.calendar import check_calendar
from routeplanner.planning.checker.codes import ViolationCode
from routeplanner.planning.checker.counts import check_counts
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.frequency import check_frequencies
from routeplanner.planning.checker.hours import (
    check_appointments,
    check_visits,
    check_working_day,
)
from routeplanner.planning.checker.labels import check_labels
from routeplanner.planning.checker.measures import check_measures
from routeplanner.planning.checker.references import check_days, check_scenario, check_stores
from routeplanner.planning.checker.timeline import check_timeline
from routeplanner.travel.source import TravelMatrix

__all__ = ["ViolationCode", "check_plan"]


def check_plan(scenario: Scenario, plan: Plan, matrix: TravelMatrix) -> tuple[Violation, ...]:
    """Return every rule that a plan breaks; an empty tuple for a good plan.

    Parameters
    ----------
    scenario
        What the plan should answer.
    plan
        The plan, wherever it comes from: the search, an earlier file, a planner's own hand.
    matrix
        Travel times of the scenario.

    Notes
    -----
    Times may differ by one second a stop. The codes are listed in docs/violations.md.
    """
    return tuple(_violations(Facts(scenario, matrix), plan))


def _violations(facts: Facts, plan: Plan) -> Iterator[Violation]:
    yield from check_scenario(facts, plan)
    yield from check_days(facts, plan)
    yield from check_stores(facts, plan)
    for route in plan.routes:
        yield from check_timeline(facts, route)
        yield from check_visits(facts, route)
        yield from check_working_day(facts, route)
    yield from check_appointments(facts, plan)
    yield from check_frequencies(facts, plan)
    yield from check_calendar(facts, plan)
    yield from check_labels(facts, plan)
    yield from check_counts(facts, plan)
    yield from check_measures(facts, plan)
