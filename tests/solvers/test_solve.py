from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cordeau import read_instance
from solvers import (
    METHODS,
    TERMS,
    Canceled,
    FirstOf,
    MaxIterations,
    NoImprovement,
    Problem,
    Progress,
    Solution,
    Target,
    evaluate,
    solve,
)
from tests.solvers.brute_force import best_objective
from tests.solvers.random_problems import HOUR, build, random_problem, random_travel

either_method = pytest.mark.parametrize("method", METHODS)
DAY = (9 * HOUR, 17 * HOUR)
P14 = Path(__file__).parents[2] / "data" / "pvrp" / "p14.txt"


@either_method
@pytest.mark.parametrize("seed", range(24))
def test_reaches_the_brute_force_optimum_of_small_problems(method: str, seed: int):
    rng = Random(seed)
    problem = random_problem(rng, rng.randint(1, 5), rng.randint(1, 3))
    best = best_objective(problem)
    result = solve(problem, method, FirstOf((MaxIterations(4000), Target(best))), seed)
    assert result.evaluation.objective == best


@cache
def seven_stores(weights: tuple[int, int], lunch: int, has_windows: bool) -> tuple[Problem, int]:
    """A problem of 7 stores on 2 days, one of them wanting both, and its best objective."""
    rng = Random(f"{weights} {lunch} {has_windows}")
    options = []
    for store in range(7):
        lo = rng.randrange(9, 15) * HOUR if has_windows and store % 2 else DAY[0]
        window = (lo, lo + HOUR if has_windows and store % 2 else DAY[1])
        both = [(0, [(0, *window), (1, *window)])]
        options.append(both if store == 0 else [(300, [(0, *window)]), (0, [(1, *window)])])
    problem = build(
        random_travel(rng, 8),
        options,
        2,
        service_s=[rng.randrange(10, 40) * 60 for _ in range(7)],
        slot_weight=weights,
        slot_lunch_s=[lunch] * 2,
        slot_lunch_lo=[11 * HOUR + 1800] * 2,
        slot_lunch_hi=[13 * HOUR + 1800] * 2,
        required=[sum(weights), *[1] * 6],
        slot_max_work_s=[3 * HOUR] * 2,
    )
    return problem, best_objective(problem)


@either_method
@pytest.mark.parametrize(
    ("weights", "lunch", "has_windows"),
    [((1, 1), 0, False), ((3, 1), HOUR, False), ((1, 1), HOUR, True), ((3, 1), 0, True)],
)
def test_reaches_the_brute_force_optimum_on_seven_stores(
    method: str, weights: tuple[int, int], lunch: int, has_windows: bool
):
    problem, best = seven_stores(weights, lunch, has_windows)
    result = solve(problem, method, FirstOf((MaxIterations(4000), Target(best))), 1)
    assert result.evaluation.objective == best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6), st.sampled_from(METHODS))
def test_any_solution_is_feasible_and_the_running_cost_is_that_from_scratch(
    seed: int, n_stores: int, n_slots: int, method: str
):
    problem = random_problem(Random(seed), n_stores, n_slots)
    reports: list[Progress] = []
    result = solve(problem, method, MaxIterations(20), seed, progress=reports.append)
    assert result.evaluation.infeasibilities == ()
    assert reports[-1].terms == result.evaluation.terms
    assert reports[-1].objective == result.evaluation.objective
    assert reports[-1].missing_visits == result.evaluation.missing_visits


@either_method
def test_same_seed_and_iterations_give_the_same_solution(method: str):
    problem = random_problem(Random(3), 14, 5)
    first, second = (solve(problem, method, MaxIterations(150), 7) for _ in range(2))
    assert first.solution == second.solution
    assert first.iterations == second.iterations == 150


def permuted(problem: Problem, order: list[int]) -> Problem:
    """The same problem with its stores in another order."""
    options = [
        [(int(problem.option_cost[o]), list(problem.entries_of(o))) for o in problem.options_of(s)]
        for s in order
    ]
    of_store = ("place_of_store", "service_s", "in_store_s", "demand", "required", "miss_price")
    of_store += ("dear_price", "dear_visits")
    fields: dict[str, Any] = {name: getattr(problem, name)[order] for name in of_store}
    for name in Problem.__dataclass_fields__:
        if name.startswith(("slot_", "cost_")):
            fields[name] = getattr(problem, name)
    return build(problem.travel_s, options, problem.n_slots, **fields)


@either_method
@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_stores_does_not_change_the_best_objective(method: str, seed: int):
    problem = random_problem(Random(100 + seed), 5, 2)
    order = Random(seed).sample(range(5), 5)
    other = permuted(problem, order)
    best = best_objective(problem)
    assert best_objective(other) == best
    stop = FirstOf((MaxIterations(4000), Target(best)))
    assert solve(other, method, stop).evaluation.objective == best


def territory(rng: Random, n_days: int, minutes: int) -> tuple[Problem, list[int], list[int]]:
    """12 A stores wanting 4 visits, 12 B wanting 2, 12 C wanting 2; stores by class, prices."""
    wanted = [4] * 12 + [2] * 24
    classes = [0] * 12 + [1] * 12 + [2] * 12
    options = []
    for frequency in wanted:
        step = n_days // frequency
        patterns = [range(first, n_days, step)[:frequency] for first in range(step)]
        options.append([(0, [(day, *DAY) for day in days]) for days in patterns])
    miss = [100_000 * (16, 4, 1)[c] for c in classes]
    problem = build(
        random_travel(rng, 37),
        options,
        n_days,
        miss_price=miss,
        dear_price=[10_000_000] * 36,
        dear_visits=[1] * 36,
        slot_max_work_s=[minutes * 60] * n_days,
    )
    return problem, wanted, classes


def served_of(problem: Problem, solution: Solution) -> list[int]:
    served = [0] * problem.n_stores
    for routes in solution.routes:
        for store in (store for route in routes for store in route):
            served[store] += 1
    return served


def exchanged(problem: Problem, solution: Solution) -> Iterator[Solution]:
    """Solutions in which a visit from the bin takes the place of another on its day."""
    for store, option in enumerate(solution.option_of_store):
        for slot in (slot for slot, _, _ in problem.entries_of(option)):
            (route,) = solution.routes[slot]
            for i in range(len(route) if store not in route else 0):
                routes = list(solution.routes)
                routes[slot] = ((*route[:i], store, *route[i + 1 :]),)
                yield Solution(solution.option_of_store, tuple(routes))


@either_method
@pytest.mark.parametrize("minutes", [65, 110, 170, 215])
def test_overload_keeps_first_visits_then_a_then_b_then_c(method: str, minutes: int):
    problem, wanted, classes = territory(Random(minutes), 8, minutes)
    # An iteration of "hgs" is one small ruin.
    result = solve(problem, method, MaxIterations(20_000 if method == "hgs" else 600), 1)
    served = served_of(problem, result.solution)
    of_class = [[s for s in range(36) if classes[s] == c] for c in range(3)]
    assert result.evaluation.missing_visits == sum(wanted) - sum(served) > 0
    if minutes <= 65:
        assert max(served) == 1
    if minutes >= 170:
        assert min(served) == 1
    further = [
        sum(max(0, served[s] - 1) for s in stores) / sum(wanted[s] - 1 for s in stores)
        for stores in of_class
    ]
    assert further == sorted(further, reverse=True)
    for other in exchanged(problem, result.solution):
        evaluation = evaluate(problem, other)
        if evaluation.is_feasible:
            assert evaluation.terms["missing"] >= result.evaluation.terms["missing"]


def test_a_cheap_visit_leaves_a_full_day_for_a_dear_one():
    day = [[(0, [(0, *DAY)])] for _ in range(4)]
    travel = [[0 if i == j else 600 for j in range(5)] for i in range(5)]
    full = {"slot_max_work_s": [2 * 600 + 2 * 600 + 600]}
    problem = build(travel, day, 1, miss_price=[100, 90_000, 100, 80_000], **full)
    for method in METHODS:
        result = solve(problem, method, MaxIterations(1))
        assert sorted(result.solution.routes[0][0]) == [1, 3]


def test_a_warm_start_is_kept_as_far_as_it_is_feasible():
    problem = random_problem(Random(11), 12, 4)
    good = solve(problem, "insertion", MaxIterations(800))
    again = solve(problem, "insertion", MaxIterations(0), start=good.solution)
    assert again.solution == good.solution
    crowded = Solution(good.solution.option_of_store, ((tuple(range(12)),),) * 4)
    assert solve(problem, "insertion", MaxIterations(0), start=crowded).evaluation.is_feasible


@either_method
def test_canceled_at_once_everything_is_in_the_bins(method: str):
    problem = random_problem(Random(5), 10, 3)
    canceled = Event()
    canceled.set()
    result = solve(problem, method, FirstOf((MaxIterations(9), Canceled(canceled.is_set))))
    assert result.status == "canceled"
    assert not any(route for routes in result.solution.routes for route in routes)
    assert result.evaluation.is_feasible


@either_method
def test_cancel_ends_the_search_with_the_best_so_far(method: str):
    problem = random_problem(Random(5), 10, 3)
    asked = 0

    def is_set() -> bool:
        nonlocal asked
        asked += 1
        return asked > 40

    reports: list[Progress] = []
    result = solve(problem, method, Canceled(is_set), progress=reports.append)
    assert result.status == "canceled"
    assert result.evaluation.objective == reports[-1].objective < reports[0].objective


def test_progress_starts_with_the_bins_and_only_falls():
    problem = random_problem(Random(8), 12, 4)
    reports: list[Progress] = []
    result = solve(problem, "insertion", MaxIterations(500), progress=reports.append)
    objectives = [report.objective for report in reports]
    bins = Solution(
        tuple(min(problem.options_of(s), key=problem.option_cost.__getitem__) for s in range(12)),
        tuple(((),) * int(vehicles) for vehicles in problem.slot_vehicles),
    )
    assert objectives[0] == evaluate(problem, bins).objective
    assert objectives == sorted(objectives, reverse=True)
    assert objectives[-1] == result.evaluation.objective
    assert tuple(reports[-1].terms) == TERMS
    assert reports[-1].iterations == result.iterations == 500


@pytest.mark.parametrize("method", ["insertion", "ortools"])
def test_progress_makes_the_best_solution_so_far(method: str):
    problem = random_problem(Random(8), 12, 4)
    told: list[tuple[int, int]] = []

    def report(progress: Progress) -> None:
        assert progress.solution is not None
        told.append((progress.objective, evaluate(problem, progress.solution()).objective))

    solve(problem, method, MaxIterations(300), progress=report)
    assert all(told_of == made for told_of, made in told)
    assert len(set(told)) > 1


def test_no_improvement_ends_the_search():
    problem = build([[0, 60], [60, 0]], [[(0, [(0, *DAY)])]], 1)
    result = solve(problem, "insertion", NoImprovement(50))
    assert (result.status, result.iterations) == ("solved", 50)


@either_method
def test_finds_the_published_optimum_of_p14(method: str):
    instance = read_instance(P14)
    stop = FirstOf((MaxIterations(15_000), Target(9_548_200)))
    result = solve(instance.problem, method, stop)
    assert instance.cost(result.solution) == pytest.approx(954.8071, abs=5e-5)
    assert result.evaluation.is_feasible


def test_a_store_without_days_stays_unserved():
    problem = build([[0, 60], [60, 0]], [[(0, [])]], 1, required=[2], miss_price=[5])
    assert solve(problem, stop=MaxIterations(3)).evaluation.objective == 10


def test_no_stores_no_routes():
    problem = build(np.zeros((1, 1), int), [], 1)
    assert solve(problem, stop=MaxIterations(3)).evaluation.objective == 0


def test_an_unknown_method_is_refused_with_the_known_ones():
    problem = build([[0]], [], 1)
    with pytest.raises(ValueError, match="'magic' is none of hgs, insertion, ortools"):
        solve(problem, "magic")
