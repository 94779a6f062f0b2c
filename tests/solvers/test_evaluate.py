from pathlib import Path

import pytest

from benchmarks.cordeau import read_instance
from benchmarks.res_files import read_solution
from solvers import TERMS, UNLIMITED, Evaluation, Problem, Solution, evaluate
from tests.solvers.random_problems import HOUR, build

DAY = (9 * HOUR, 17 * HOUR)
PVRP = Path(__file__).parents[2] / "data" / "pvrp"
TRAVEL = [[0, 600, 1200], [600, 0, 700], [1200, 700, 0]]


def problem(**fields: object) -> Problem:
    """Two stores on two days: store 0 once on either day, store 1 on both or on day 0 only."""
    options = [
        [(0, [(0, *DAY)]), (40, [(1, *DAY)])],
        [(0, [(0, *DAY), (1, *DAY)]), (7, [(0, *DAY)])],
    ]
    return build(TRAVEL, options, 2, **fields)


FULL = Solution((0, 2), (((0, 1),), ((1,),)))


def terms(solution: Solution = FULL, **fields: object) -> dict[str, int]:
    result = evaluate(problem(**fields), solution)
    assert result.is_feasible
    assert result.objective == sum(result.terms.values())
    assert tuple(result.terms) == TERMS
    return {name: cost for name, cost in result.terms.items() if cost}


def test_travel_costs_by_the_weight_of_its_slot():
    assert terms() == {"travel": 10 * (2500 + 2400)}
    assert terms(slot_weight=[1, 3]) == {"travel": 10 * (2500 + 3 * 2400)}


def test_waiting_costs_only_where_leaving_late_does_not_avoid_it():
    late = [(0, [(0, 9 * HOUR, 9 * HOUR + 1800)])], [(0, [(0, 11 * HOUR, 12 * HOUR)])]
    one_day = build(TRAVEL, [*late], 1)
    result = evaluate(one_day, Solution((0, 1), (((0, 1),),)))
    assert result.terms["waiting"] == 2 * (2 * HOUR - 1800 - 600 - 700)
    alone = evaluate(one_day, Solution((0, 1), (((1,),),)))
    assert alone.terms["waiting"] == 0


def test_overtime_costs_by_the_second_above_the_longest_work():
    work = 2500 + 1200
    exact = terms(slot_max_work_s=[work, HOUR], slot_overtime_s=[600, 0])
    assert "overtime" not in exact
    above = terms(slot_max_work_s=[work - 100, HOUR], slot_overtime_s=[600, 0])
    assert above["overtime"] == 30 * 100


def test_a_route_with_visits_costs_by_the_day_and_an_empty_one_nothing():
    assert "routes" not in terms(cost_route=0)
    assert terms(cost_route=7, slot_weight=[1, 3])["routes"] == 7 + 3 * 7
    empty = Solution((0, 2), (((),), ((),)))
    assert "routes" not in terms(empty, cost_route=7)


def test_balance_costs_the_work_above_the_target():
    target = [2500 + 1200 - 60, 2400 + 600]
    assert terms(cost_balance=5, slot_balance_target_s=target)["balance"] == 5 * 60
    assert "balance" not in terms(cost_balance=0, slot_balance_target_s=target)


def test_options_cost_what_they_say():
    assert terms(Solution((1, 2), (((1,),), ((0, 1),))))["options"] == 40


def test_missing_visits_cost_their_price_and_the_first_more():
    prices = {"miss_price": [11, 13], "dear_price": [100, 1000], "dear_visits": [0, 1]}
    one_left = Solution((0, 2), (((0, 1),), ((),)))
    assert terms(one_left, **prices)["missing"] == 13
    none_left = Solution((0, 2), (((0,),), ((),)))
    assert terms(none_left, **prices)["missing"] == 2 * 13 + 1000
    assert "missing" not in terms(**prices)
    assert evaluate(problem(**prices), none_left).missing_visits == 2


def test_a_visit_on_a_weighted_slot_serves_as_many_days():
    left = Solution((0, 2), (((0,),), ((1,),)))
    result = evaluate(problem(slot_weight=[1, 3], required=[1, 4], miss_price=[5, 5]), left)
    assert (result.terms["missing"], result.missing_visits) == (5, 1)


def broken(solution: Solution = FULL, **fields: object) -> Evaluation:
    result = evaluate(problem(**fields), solution)
    assert not result.is_feasible
    return result


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slot_max_work_s": [3699, HOUR]}, "1 s late"),
        ({"slot_capacity": [2, 9], "demand": [1, 2]}, "capacity"),
        ({"slot_in_store_limit_s": [1199, 9999]}, "in stores"),
    ],
)
def test_limits_are_named_when_broken(fields: dict, words: str):
    (sentence,) = broken(**fields).infeasibilities
    assert words in sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"slot_max_work_s": [3700, HOUR]},
        {"slot_capacity": [3, 9], "demand": [1, 2]},
        {"slot_in_store_limit_s": [1200, 9999]},
    ],
)
def test_limits_hold_to_the_last_unit(fields: dict):
    assert evaluate(problem(**fields), FULL).is_feasible


def test_a_store_outside_its_option_and_a_store_twice_are_infeasible():
    elsewhere = broken(Solution((0, 3), (((0, 1),), ((1,),))))
    assert elsewhere.infeasibilities == ("store 1 stands in slot 1, not in its option",)
    twice = broken(Solution((0, 2), (((0, 1, 0),), ((1,),))))
    assert twice.infeasibilities == ("store 0 stands 2 times in slot 0",)


def test_a_solution_of_another_problem_is_refused():
    with pytest.raises(ValueError, match="option 2 is none of store 0"):
        evaluate(problem(), Solution((2, 2), (((),), ((),))))
    with pytest.raises(ValueError, match="slots and vehicles"):
        evaluate(problem(), Solution((0, 2), (((), ()), ((),))))


@pytest.mark.parametrize(
    ("name", "cost"), [("p01", 524.6111), ("p14", 954.8071), ("p11", 779.2869), ("pr01", 2209.0197)]
)
def test_published_solutions_cost_what_is_published(name: str, cost: float):
    instance = read_instance(PVRP / f"{name}.txt")
    published, solution = read_solution(instance, (PVRP / f"{name}.res").read_text())
    assert instance.cost(solution) == pytest.approx(cost, abs=5e-5)
    assert published == pytest.approx(cost, abs=0.01)
    result = evaluate(instance.problem, solution)
    assert result.is_feasible
    assert result.missing_visits == 0
    # Every leg was rounded up, by less than one unit.
    n_legs = sum(len(route) + 1 for routes in solution.routes for route in routes if route)
    assert 0 <= result.objective - 10_000 * instance.cost(solution) <= n_legs
    assert result.objective < 10_000 * UNLIMITED
