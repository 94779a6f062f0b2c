"""Each term of the objective and each limit, once penalized and once not, solved to the optimum."""

from typing import Any

import numpy as np

from solvers import Frame, MaxIterations, Problem, Result, solve, time_route
from tests.solvers.random_problems import HOUR, build

DAY = (9 * HOUR, 17 * HOUR)
HALF_PAST_11 = 11 * HOUR + 1800
ALIKE = [[0, 600, 600], [600, 0, 1200], [600, 1200, 0]]  # two stores on either side of the base
TOGETHER = {"place_of_store": [1, 1]}


def once(*slots: int, window: tuple[int, int] = DAY) -> list[tuple[int, list]]:
    """One visit, on any of these slots."""
    return [(0, [(slot, *window)]) for slot in slots]


def solved(problem: Problem) -> Result:
    result = solve(problem, "hgs", MaxIterations(300), 1)
    assert result.evaluation.infeasibilities == ()
    return result


def terms(travel: Any, options: list, n_slots: int = 1, **fields: Any) -> dict[str, int]:
    """What the best solution costs, without the terms that are 0."""
    evaluation = solved(build(travel, options, n_slots, **fields)).evaluation
    return {name: cost for name, cost in evaluation.terms.items() if cost}


def routes(travel: Any, options: list, n_slots: int = 1, **fields: Any) -> tuple:
    return solved(build(travel, options, n_slots, **fields)).solution.routes


def test_travel():
    assert terms(ALIKE, [once(0)]) == {"travel": 10 * 1200}
    assert terms(ALIKE, [once(0)], place_of_store=[0]) == {}


def test_waiting_only_where_leaving_late_does_not_avoid_it():
    first, second = once(0, window=(9 * HOUR + 1800,) * 2), once(0, window=(11 * HOUR, 12 * HOUR))
    waited = 2 * (2 * HOUR - 1800 - 600 - 1200)
    assert terms(ALIKE, [first, second]) == {"travel": 10 * 2400, "waiting": waited}
    assert terms(ALIKE, [second]) == {"travel": 10 * 1200}


def test_overtime_by_the_second_above_the_longest_work_and_the_end_of_the_shift():
    may_exceed = {"slot_overtime_s": [100]}
    exact, above = [1800], [1799]
    assert terms(ALIKE, [once(0)], slot_max_work_s=exact, **may_exceed) == {"travel": 12_000}
    by_one = {"travel": 12_000, "overtime": 30}
    assert terms(ALIKE, [once(0)], slot_max_work_s=above, **may_exceed) == by_one
    shift = {"slot_shift_lo": [9 * HOUR], "slot_shift_hi": [9 * HOUR + 1700], **may_exceed}
    assert terms(ALIKE, [once(0)], **shift) == {"travel": 12_000, "overtime": 30 * 100}


def test_balance_spreads_work_where_the_target_is_dear():
    two = [once(0, 1), once(0, 1)]
    fields = {**TOGETHER, "slot_balance_target_s": [1800, 1800]}
    cheap = {"travel": 12_000, "balance": 19 * 600}
    assert terms(ALIKE, two, 2, cost_balance=19, **fields) == cheap
    assert terms(ALIKE, two, 2, cost_balance=21, **fields) == {"travel": 24_000}


def test_a_route_costs_where_it_is_driven():
    two = [once(0, 1), once(0, 1)]
    joined = {"travel": 24_000, "routes": 7000}
    assert terms(ALIKE, two, 2, cost_route=7000) == joined
    assert terms(ALIKE, [once(0)], miss_price=[18_999], cost_route=7000) == {"missing": 18_999}


def test_a_dearer_option_is_taken_where_it_saves_more():
    for price, best in (
        (11_999, {"travel": 12_000, "options": 11_999}),
        (12_001, {"travel": 24_000}),
    ):
        free_or_dear = [(0, [(0, *DAY)]), (price, [(1, *DAY)])]
        assert terms(ALIKE, [free_or_dear, once(1)], 2, **TOGETHER) == best
    assert terms(ALIKE, [[(-50, [(0, *DAY)]), *once(1)]], 2) == {"travel": 12_000, "options": -50}


def test_missing_by_price_and_the_first_visit_dearest():
    both = [(0, [(0, *DAY), (1, *DAY)])]
    full = {"slot_max_work_s": [1800, 1800], **TOGETHER, "miss_price": [90_000, 50_000]}
    assert terms(ALIKE, [both, once(0, 1)], 2, **full)["missing"] == 50_000
    dear = {"dear_price": [60_000, 60_000], "dear_visits": [1, 1]}
    assert terms(ALIKE, [both, once(0, 1)], 2, **full, **dear)["missing"] == 90_000
    roomy = full | {"slot_max_work_s": [2400, 1800]}
    assert terms(ALIKE, [both, once(0, 1)], 2, **roomy, **dear) == {"travel": 24_000}


def test_a_template_serves_and_costs_by_its_weight():
    weights = {"slot_weight": [6, 1]}
    assert terms(ALIKE, [once(0, 1)], 2, **weights, required=[6]) == {"travel": 6 * 12_000}
    assert terms(ALIKE, [once(0, 1)], 2, **weights, required=[1]) == {"travel": 12_000}
    late = {"slot_max_work_s": [1799, HOUR]}
    five = {"travel": 12_000, "missing": 5 * 100_000}
    assert terms(ALIKE, [once(0, 1)], 2, **weights, **late, required=[6]) == five


def lunch(seconds: int, lo: int, hi: int) -> dict[str, list[int]]:
    return {"slot_lunch_s": [seconds], "slot_lunch_lo": [lo], "slot_lunch_hi": [hi]}


def test_lunch_lies_within_its_window_between_two_appointments():
    two = [once(0, window=(11 * HOUR,) * 2), once(0, window=(13 * HOUR,) * 2)]
    fields = {**TOGETHER, "service_s": [HOUR, 600]}
    fits = {"travel": 12_000}
    bounds = (HALF_PAST_11, 13 * HOUR)
    assert terms(ALIKE, two, **fields, **lunch(HOUR, *bounds)) == fits
    assert "missing" in terms(ALIKE, two, **fields, **lunch(HOUR + 1, *bounds))
    assert terms(ALIKE, two, **fields, **lunch(1800, *bounds)) == fits | {"waiting": 2 * 1800}
    late = (12 * HOUR + 1, 13 * HOUR + 1)
    assert "missing" in terms(ALIKE, two, **fields, **lunch(HOUR, *late))


def test_a_day_that_ends_before_lunch_needs_none():
    one = [once(0, window=(11 * HOUR,) * 2)]
    fields = {"slot_shift_hi": [12 * HOUR + 600], "service_s": [HOUR]}
    home_first = lunch(HOUR, HALF_PAST_11, 13 * HOUR + 600)
    assert terms(ALIKE, one, **fields, **home_first) == {"travel": 12_000}
    a_second_early = lunch(HOUR, HALF_PAST_11, 13 * HOUR + 599)
    assert terms(ALIKE, one, **fields, **a_second_early) == {"missing": 100_000}


def test_capacity_and_vehicles():
    two = [once(0), once(0)]
    loads = {"demand": [2, 3], "miss_price": [100_000, 90_000]}
    assert routes(ALIKE, two, slot_capacity=[5], **loads)[0] in (((0, 1),), ((1, 0),))
    assert routes(ALIKE, two, slot_capacity=[4], **loads) == (((0,),),)
    each_one = routes(ALIKE, two, slot_capacity=[4], slot_vehicles=[2], **loads)
    assert sorted(each_one[0]) == [(0,), (1,)]
    late = {"slot_max_work_s": [1800], "slot_vehicles": [2]}
    assert terms(ALIKE, two, **late) == {"travel": 24_000}


def test_longest_work():
    two = [once(0), once(0)]
    assert terms(ALIKE, two, slot_max_work_s=[2400 + 1200]) == {"travel": 24_000}
    cut = {"travel": 12_000, "missing": 100_000}
    assert terms(ALIKE, two, slot_max_work_s=[2400 + 1199]) == cut


def test_in_store_limit():
    two = [once(0), once(0)]
    assert terms(ALIKE, two, slot_in_store_limit_s=[1200]) == {"travel": 24_000}
    cut = {"travel": 12_000, "missing": 100_000}
    assert terms(ALIKE, two, slot_in_store_limit_s=[1199]) == cut
    assert terms(ALIKE, two, slot_in_store_limit_s=[1199], in_store_s=[600, 0]) == {
        "travel": 24_000
    }


LINE = [[0, 600, 1200, 1800], [600, 0, 600, 1200], [1200, 600, 0, 600], [1800, 1200, 600, 0]]


def test_reps_start_from_bases_of_their_own():
    two = [once(0, 1), once(0, 1)]
    bases = {"place_of_store": [1, 2], "slot_start_place": [0, 3], "slot_end_place": [0, 3]}
    best = 10 * 2 * 1200
    assert terms(LINE, two, 2, **bases, slot_max_work_s=[1800, 1800]) == {"travel": best}
    reps = routes(LINE, two, 2, **bases, slot_max_work_s=[1800, 1800])
    assert reps == (((0,),), ((1,),))


def test_a_day_starts_and_ends_where_it_is_said_or_at_a_store():
    two = [once(0), once(0)]
    for start, end, seconds in ((0, 0, 2400), (-1, 0, 1200), (0, -1, 1200), (-1, -1, 600)):
        ends = {"slot_start_place": [start], "slot_end_place": [end]}
        assert terms(LINE, two, **ends) == {"travel": 10 * seconds}
    there = {"slot_start_place": [0], "slot_end_place": [3]}
    assert terms(LINE, two, **there) == {"travel": 10 * 1800}
    assert routes(LINE, two, **there) == (((0, 1),),)


def test_reps_travel_at_speeds_of_their_own():
    travel = np.array([ALIKE, ALIKE]) // np.array([1, 2])[:, None, None]
    assert terms(travel, [once(0, 1)], 2, slot_profile=[0, 1]) == {"travel": 6000}
    assert terms(travel, [once(0)], 2, slot_profile=[0, 1]) == {"travel": 12_000}


def test_asymmetric_travel_has_a_direction():
    one_way = [
        [0 if i == j else 100 if j == (i + 1) % 5 else 900 for j in range(5)] for i in range(5)
    ]
    stores = [once(0)] * 4
    assert routes(one_way, stores) == (((0, 1, 2, 3),),)
    assert terms(one_way, stores) == {"travel": 10 * 500}
    assert routes(np.transpose(one_way), stores) == (((3, 2, 1, 0),),)


def test_two_stores_of_one_place_share_the_way():
    two = [once(0), once(0)]
    assert terms(ALIKE, two, **TOGETHER) == {"travel": 12_000}
    assert terms(ALIKE, two) == {"travel": 24_000}
    assert terms(ALIKE, two, **TOGETHER, slot_max_work_s=[1200 + 1200]) == {"travel": 12_000}


def test_a_fixed_appointment_is_kept_to_the_second_and_stores_give_way():
    ten = 10 * HOUR
    options = [once(0, window=(ten, ten)), once(0), once(0)]
    travel = [[0 if i == j else 600 for j in range(4)] for i in range(4)]
    fields = {
        "service_s": [HOUR, 600, 600],
        "in_store_s": [0, 600, 600],
        "miss_price": [10**9, 200_000, 100_000],
        "slot_in_store_limit_s": [1200],
    }
    problem = build(travel, options, 1, **fields)
    result = solved(problem)
    ((route,),) = result.solution.routes
    assert sorted(route) == [0, 1, 2]
    windows = [(ten, ten) if store == 0 else DAY for store in route]
    timing = time_route(
        Frame.of_slot(problem, 0),
        [store + 1 for store in route],
        [int(problem.service_s[store]) for store in route],
        *zip(*windows, strict=True),
    )
    assert timing.start[route.index(0)] == ten
    tight = routes(travel, options, 1, **fields, slot_max_work_s=[HOUR + 600 + 1800])
    assert sorted(tight[0][0]) == [0, 1]
    alone = routes(travel, options, 1, **fields, slot_max_work_s=[HOUR + 1200])
    assert alone == (((0,),),)


def test_a_choice_takes_the_visits_of_the_option_that_is_chosen():
    travel = [[0, 1200, 900], [1200, 0, 1500], [900, 1500, 0]]
    options = [[(0, [(0, *DAY)]), (10_000, [(1, *DAY), (0, *DAY)])]]
    ends = {"slot_start_place": [2, 0], "slot_end_place": [2, 0]}
    problem = build(travel, options, 2, required=[1], miss_price=[200_000], **ends)
    assert solved(problem).evaluation.objective == 30_000


def test_a_single_visit_of_a_choice_may_be_the_best():
    prices = {"miss_price": [500], "dear_price": [50_000], "dear_visits": [1]}
    options = [[(0, [(1, *DAY), (0, *DAY)])]]
    problem = build([[0, 600], [600, 0]], options, 2, slot_weight=[1, 2], required=[3], **prices)
    assert solved(problem).evaluation.objective == 13_000
