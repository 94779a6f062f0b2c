from dataclasses import replace

import numpy as np
import pytest

from benchmarks.field import KINDS, TerritoryRules, territory
from benchmarks.field.shortfall import shortfall
from solvers import MaxIterations, Problem, Solution, evaluate, solve
from tests.solvers.random_problems import build

A, B, C = 0, 1, 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("overload", [10, 100])
def test_overload_leaves_less_work_than_the_planted_plan_needs(kind, overload):
    rules = TerritoryRules(kind=kind, stores=80, overload=overload)
    cut, whole = territory(rules), territory(rules.without_overload())
    assert cut.planted is None
    assert cut.needed_s == whole.needed_s <= whole.available_s
    assert cut.needed_s == pytest.approx(cut.available_s * (1 + overload / 100), rel=1e-3)
    assert np.all(cut.problem.slot_max_work_s < whole.problem.slot_max_work_s)
    assert np.all(cut.problem.slot_shift_hi < whole.problem.slot_shift_hi)
    assert np.all(cut.problem.slot_shift_lo > whole.problem.slot_shift_lo)
    assert np.array_equal(cut.problem.travel_s, whole.problem.travel_s)
    assert not evaluate(whole.problem, whole.planted).missing_visits


def test_appointments_are_kept_however_short_the_day():
    rules = TerritoryRules(stores=60, overload=300, appointments=1)
    problem = territory(rules).problem
    for store in range(60, problem.n_stores):
        (option,) = problem.options_of(store)
        ((slot, start, _),) = problem.entries_of(option)
        place = problem.place_of_store[store]
        out = problem.travel_s[0, problem.slot_start_place[slot], place]
        assert start - out >= problem.slot_shift_lo[slot]
        alone = Solution(
            tuple(int(first) for first in problem.option_ptr[:-1]),
            tuple(((store,) if at == slot else (),) for at in range(problem.n_slots)),
        )
        assert evaluate(problem, alone).is_feasible


def test_stores_beyond_the_days_of_all_reps_have_an_empty_option():
    problem = territory(kind="rural", stores=60, overload=400).problem
    far = [
        store
        for store in range(60)
        if len(problem.options_of(store)) == 1
        and not list(problem.entries_of(problem.options_of(store)[0]))
    ]
    assert far


@pytest.fixture(scope="module")
def overloaded() -> tuple[Problem, np.ndarray, Solution]:
    made = territory(stores=40, overload=100, daily_stores=1)
    solution = solve(made.problem, "insertion", MaxIterations(60), 1).solution
    return made.problem, made.class_of_store, solution


def test_shortfall_counts_visits_by_class(overloaded):
    problem, classes, solution = overloaded
    found = shortfall(problem, classes, solution)
    assert sum(found.required.values()) == problem.required.sum()
    missing = evaluate(problem, solution).missing_visits
    assert sum(found.required.values()) - sum(found.served.values()) == missing > 0
    for label, number in zip("ABC", (A, B, C), strict=True):
        n_stores = int((classes == number).sum())
        assert found.further_required[label] == found.required[label] - n_stores


def test_a_store_that_was_taken_out_could_have_a_visit(overloaded):
    problem, classes, solution = overloaded
    before = shortfall(problem, classes, solution)
    once = next(
        store
        for store in range(problem.n_stores)
        if sum(store in routes[0] for routes in solution.routes) == 1
    )
    without = replace(
        solution,
        routes=tuple((tuple(s for s in routes[0] if s != once),) for routes in solution.routes),
    )
    found = shortfall(problem, classes, without)
    assert found.without_visit == tuple(sorted((*before.without_visit, once)))
    assert once in found.could_have_one


def two_stores(required: tuple[int, int]) -> Problem:
    """Two days with room for one visit each; store 0 on both or the first, store 1 on either."""
    first, second = (0, 0, 86_400), (1, 0, 86_400)
    options = [[(0, [first, second]), (0, [first])], [(0, [first]), (0, [second])]]
    travel = 600 * (1 - np.eye(3, dtype=int))
    return build(travel, options, 2, required=required, slot_max_work_s=[2_000, 2_000])


def test_a_further_visit_gives_way_to_a_store_without_any_and_to_a_better_class():
    problem, full = two_stores(required=(2, 1)), Solution((0, 2), (((0,),), ((0,),)))
    found = shortfall(problem, np.array([A, C]), full)
    assert found.without_visit == found.could_have_one == (1,)
    assert found.outranked == ()
    assert shortfall(problem, np.array([C, A]), full).outranked == ((1, 0),)


def test_first_visits_give_way_to_nobody():
    problem, half = two_stores(required=(1, 1)), Solution((1, 2), (((0,),), ((),)))
    found = shortfall(problem, np.array([C, A]), half)
    assert found.could_have_one == (1,)  # the second day is free, by the store's other option
    assert found.outranked == ()
    taken = Solution((1, 3), (((0,),), ((1,),)))
    assert shortfall(problem, np.array([C, A]), taken).without_visit == ()


def test_further_visits_fall_short_in_the_order_c_b_a():
    kinds = {"required": (2, 2), "slot_max_work_s": [9_000, 9_000]}
    options = [[(0, [(0, 0, 86_400), (1, 0, 86_400)])]] * 2
    problem = build(600 * (1 - np.eye(3, dtype=int)), options, 2, **kinds)
    half = Solution((0, 1), (((0, 1),), ((0,),)))
    assert shortfall(problem, np.array([A, C]), half).is_in_order
    assert not shortfall(problem, np.array([C, A]), half).is_in_order
