"""The problem of one route: its best order is that of all orders."""

from dataclasses import replace

import numpy as np
import pytest

from solvers import MaxIterations, Problem, Solution, evaluate, solve
from solvers.one_slot import one_slot_problem
from solvers.tiny_problems import tiny_problems
from tests.solvers.brute_force import best_objective


def alone(problem: Problem, *, is_limited: bool = True) -> Problem:
    """Stores 2, 0 and 3 on slot 1."""
    windows = [[(36_000, 54_000)], [(36_000, 39_000), (50_000, 54_000)], [(36_000, 54_000)]]
    return one_slot_problem(problem, 1, [2, 0, 3], windows, is_limited=is_limited)


@pytest.mark.parametrize("problem", tiny_problems(), ids=["untimed", "timed"])
def test_the_search_finds_the_best_order(problem: Problem) -> None:
    found = solve(alone(problem), method="insertion", stop=MaxIterations(20))
    assert found.evaluation.missing_visits == 0
    assert found.evaluation.objective == best_objective(alone(problem))
    assert sorted(found.solution.routes[0][0]) == [0, 1, 2]


def test_limits_that_need_not_be_kept_cost_more_than_all_else() -> None:
    problem, _ = tiny_problems()
    short = np.array([600, 600])
    tight = replace(problem, slot_max_work_s=short, slot_overtime_s=short * 0)
    assert solve(alone(tight), method="insertion", stop=MaxIterations(5)).evaluation.missing_visits
    loose = alone(tight, is_limited=False)
    found = solve(loose, method="insertion", stop=MaxIterations(5)).evaluation
    assert (found.missing_visits, found.is_feasible) == (0, True)
    work = 3 * 900 + found.terms["travel"] // problem.cost_travel
    assert found.terms["overtime"] == (work - 600) * 1000 * problem.cost_travel


def test_what_no_order_changes_is_no_limit() -> None:
    problem, _ = tiny_problems()
    ones = np.array([1, 1])
    full = replace(problem, slot_in_store_limit_s=ones, slot_capacity=ones)
    options = tuple(int(option) for option in alone(full).option_ptr[:-1])
    order = Solution(options, (((1, 0, 2),),))
    assert evaluate(alone(full), order).missing_visits == 0
    assert not [w for w in evaluate(alone(full), order).infeasibilities if "limit" in w]
