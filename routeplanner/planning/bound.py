"""How good is a plan: a score that no plan of its scenario can be below, beside its own."""

import time
from collections.abc import Callable

import numpy as np

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_bound import DEFAULT_SECONDS, LeftOut, PlanBound
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.decode import served_visits
from routeplanner.planning.encode import COST_PER_MINUTE, encode
from routeplanner.planning.patterns import MAX_OPTIONS
from routeplanner.planning.warm_start import start_of
from routeplanner.travel.source import TravelMatrix, travel_matrix
from solvers import Problem, evaluate
from solvers.bounds import MOST_STORES, lower_bound


def bound_of(
    scenario: Scenario,
    plan: Plan,
    *,
    seconds: float = DEFAULT_SECONDS,
    rounds: int | None = None,
    matrix: TravelMatrix | None = None,
    clock: Callable[[], float] = time.monotonic,
    progress: Callable[[float], None] | None = None,
    is_canceled: Callable[[], bool] | None = None,
) -> PlanBound:
    """Return a plan's score and the least score that was proved within some time.

    Parameters
    ----------
    scenario, plan
        The bound is that of all plans of the scenario with the plan's route calendar.
    seconds, rounds
        When to end; with rounds alone, and seconds enough, a run repeats.
    matrix
        The scenario's travel matrix, where the caller has it already.
    clock
        What seconds are read from.
    progress
        Told again and again which share of the time is over.
    is_canceled
        Once it is true, what was proved by then is returned.
    """
    matrix = matrix or travel_matrix(scenario)
    encoding = encode(scenario, matrix, plan.calendar)
    start = start_of(encoding, plan)
    found = evaluate(encoding.problem, start)
    bound = lower_bound(
        encoding.problem, seconds,
        known=start, rounds=rounds, clock=clock, progress=progress, is_canceled=is_canceled,
    )  # fmt: skip
    is_covered = sum(served_visits(encoding, start).values()) >= plan.scheduled_visits
    left_out: list[LeftOut] = list(bound.relaxed)
    if encoding.guaranteed:
        left_out.append("guaranteed")
    return PlanBound(
        stores=len(encoding.stores),
        score=found.objective / COST_PER_MINUTE,
        least_score=None if bound.value is None else bound.value / COST_PER_MINUTE,
        no_bound=bound.reason,
        most_stores=MOST_STORES,
        is_best=bound.value == found.objective and found.is_feasible and is_covered,
        is_final=bound.is_final,
        breaks_rules=not (found.is_feasible and is_covered),
        missing_visits=found.missing_visits,
        left_out=tuple(left_out),
        has_other_calendars=scenario.policy.calendar == "auto",
        most_choices=_most_choices(encoding.problem),
        seconds=bound.seconds,
    )


def _most_choices(problem: Problem) -> int | None:
    """Return to how many choices of days those of a store and rep are cut, where any may be."""
    is_cut = np.any(np.diff(problem.option_ptr) >= MAX_OPTIONS)
    return MAX_OPTIONS if is_cut else None
