"""Bounds against every solution of tiny problems, published solutions, and cases by hand."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cordeau import Instance, read_instance
from solvers import MaxIterations, Problem, Solution, solve
from solvers.bounds import MOST_STORES, Bound, label_search, lower_bound
from solvers.bounds.kinds import slot_kinds
from solvers.bounds.ways import store_ways
from tests.solvers.brute_force import best_objective, store_choices
from tests.solvers.random_problems import HOUR, build, random_problem, random_travel

PVRP = Path(__file__).parents[2] / "data/pvrp"
ALWAYS = 3600.0  # seconds that no test gets near to
WIDE = (8 * HOUR, 18 * HOUR)


def on(*slots: int, cost: int = 0) -> tuple[int, list[tuple[int, int, int]]]:
    return cost, [(slot, *WIDE) for slot in slots]


def after(most: int) -> Callable[[], bool]:
    """Whether it was asked so often."""
    asked = count()
    return lambda: next(asked) >= most


def proved(problem: Problem, known: Solution | None = None) -> int:
    bound = lower_bound(problem, ALWAYS, known=known)
    assert bound.is_final
    assert bound.value is not None
    return bound.value


# Four places in a row, ten minutes apart, the base at one end: 0 - 1 - 2 - 3.
ROW = [[600 * abs(i - j) for j in range(4)] for i in range(4)]


def test_one_day_of_three_stores_is_proved_to_be_best() -> None:
    problem = build(ROW, [[on(0)]] * 3, 1)
    assert proved(problem) == 10 * 6 * 600  # there and back


def test_stores_share_a_day_where_a_route_costs() -> None:
    options = [[on(0), on(1)]] * 3
    assert proved(build(ROW, options, 2, cost_route=5_000)) == 10 * 6 * 600 + 5_000


def test_a_route_driven_on_many_days_costs_as_often() -> None:
    problem = build(ROW, [[on(0)]] * 3, 1, slot_weight=[6], required=[6] * 3)
    assert proved(problem) == 6 * 10 * 6 * 600


def test_work_above_the_target_costs_what_is_above() -> None:
    problem = build(ROW, [[on(0)]] * 3, 1, slot_balance_target_s=[5_000], cost_balance=5)
    assert proved(problem) == 10 * 6 * 600 + 5 * (6 * 600 + 3 * 600 - 5_000)


def test_what_no_day_holds_is_missing() -> None:
    problem = build(ROW, [[on(0)]] * 3, 1, slot_max_work_s=[2 * 600 + 600])
    assert proved(problem) == 10 * 2 * 600 + 2 * 100_000


def test_a_dear_option_is_counted() -> None:
    assert proved(build(ROW, [[on(0, cost=700)]] * 3, 1)) == 10 * 6 * 600 + 3 * 700


def test_a_late_window_is_kept() -> None:
    late = (0, [(0, 8 * HOUR, 9 * HOUR + 599)])  # the day begins at nine, ten minutes away
    problem = build(ROW, [[late], [on(0)], [on(0)]], 1)
    assert proved(problem) == 10 * 6 * 600 + 100_000


# Two stores ten minutes from the base and from each other; the second is begun at 13:15 sharp.
TRIANGLE = [[0, 600, 600], [600, 0, 600], [600, 600, 0]]
AT_LUNCH = [[(0, [(0, 9 * HOUR, 10 * HOUR)])], [(0, [(0, 13 * HOUR + 900, 13 * HOUR + 900)])]]
LUNCH = {"slot_lunch_s": [HOUR], "slot_lunch_lo": [12 * HOUR], "slot_lunch_hi": [13 * HOUR]}


def test_lunch_is_eaten_while_waiting_for_a_store() -> None:
    """Back at 13:35, within the shift: lunch takes no time of the day here."""
    fields = LUNCH | {"slot_shift_hi": [13 * HOUR + 35 * 60], "cost_wait": 0}
    problem = build(TRIANGLE, AT_LUNCH, 1, **fields)
    assert proved(problem) == best_objective(problem) == 10 * 3 * 600
    later = build(TRIANGLE, AT_LUNCH, 1, **(fields | {"slot_shift_hi": [13 * HOUR + 34 * 60]}))
    assert proved(later) == best_objective(later) == 10 * 2 * 600 + 100_000


def test_lunch_takes_a_store_that_opens_only_then() -> None:
    """Ten minutes after lunch at the earliest, where the store is open no longer."""
    options = [AT_LUNCH[0], [(0, [(0, 13 * HOUR, 13 * HOUR + 599)])]]
    problem = build(TRIANGLE, options, 1, **LUNCH, cost_wait=0)
    assert proved(problem) == best_objective(problem) == 10 * 2 * 600 + 100_000


def test_a_way_round_may_be_the_quicker_one() -> None:
    """The second store is out of reach straight on, both there and back, but not by the first."""
    travel = [[0, 600, 9_000], [600, 0, 600], [9_000, 600, 0]]
    problem = build(travel, [[on(0)]] * 2, 1, required=[1, 1], slot_max_work_s=[3_000])
    one_way = build(travel, [[on(0)]] * 2, 1, slot_max_work_s=[2_400], slot_end_place=[-1])
    assert proved(one_way) == best_objective(one_way) == 10 * 1_200
    assert proved(problem) <= best_objective(problem)


def test_nothing_to_do_costs_nothing() -> None:
    assert proved(build([[0]], [], 1)) == 0
    assert proved(build(ROW, [[(5, [])]] * 3, 1)) == 15


def test_days_alike_are_counted_as_one_kind() -> None:
    options = [[on(0, 2), on(1, 3)], [on(0), on(1), on(2), on(3)], [on(1)]]
    kinds = slot_kinds(build(ROW, options, 4))
    assert [kind.slots for kind in kinds] == [(0, 2, 3), (1,)]
    assert [kind.stores.tolist() for kind in kinds] == [[0, 1], [0, 1, 2]]


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_no_solution_is_better_than_the_bound(seed: int) -> None:
    rng = Random(seed)
    problem = random_problem(rng, rng.randint(1, 5), rng.randint(1, 4))
    assert proved(problem) <= best_objective(problem)


def day_with_lunch(rng: Random) -> Problem:
    """One day of two to four stores that open about noon, many of them for minutes only."""

    def around_noon() -> tuple[int, int]:
        lo = rng.randrange(9 * HOUR, 15 * HOUR, 900)
        return lo, lo + rng.choice((0, 900, 3600, 4 * HOUR))

    options = [[(0, [(0, *around_noon())])] for _ in range(rng.randint(2, 4))]
    return build(
        random_travel(rng, len(options) + 1),
        options,
        1,
        slot_shift_hi=[rng.randrange(12 * HOUR, 16 * HOUR, 300)],
        slot_overtime_s=[rng.choice((0, 600))],
        slot_lunch_s=[rng.choice((1800, HOUR))],
        slot_lunch_lo=[rng.randrange(11 * HOUR, 13 * HOUR, 900)],
        slot_lunch_hi=[rng.randrange(13 * HOUR, 15 * HOUR, 900)],
        cost_wait=0,
    )


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_no_day_with_lunch_is_better_than_the_bound(seed: int) -> None:
    problem = day_with_lunch(Random(seed))
    assert proved(problem) <= best_objective(problem)


PLAIN = {
    "slot_lunch_s": [0] * 3,
    "slot_overtime_s": [0] * 3,
    "slot_in_store_limit_s": [2**40] * 3,
    "slot_capacity": [2**40] * 3,
    "slot_balance_target_s": [2**40] * 3,
    "slot_vehicles": [1] * 3,
    "cost_route": 0,
    "cost_wait": 0,
}


@pytest.mark.parametrize("feature", [None, *PLAIN])
def test_no_solution_is_better_than_the_bound_with_one_feature(feature: str | None) -> None:
    fixed = {name: value for name, value in PLAIN.items() if name != feature}
    for seed in range(4):
        problem = random_problem(Random(seed), 4, 3, **fixed)
        assert proved(problem) <= best_objective(problem), seed


def test_any_number_of_rounds_gives_a_valid_bound() -> None:
    problem = random_problem(Random(3), 5, 4)
    best = best_objective(problem)
    values = [lower_bound(problem, ALWAYS, rounds=rounds).value for rounds in range(1, 12)]
    found = [value for value in values if value is not None]
    assert found == sorted(found)
    assert found[-1] <= best


def test_late_rounds_prove_something_before_all_is_found() -> None:
    """A clock that jumps half the time ahead: the next round is exact, under prizes so far."""
    ticks = iter([0.0, 0.0, 0.0, 0.0, *[60.0] * 1_000])
    problem = random_problem(Random(3), 5, 4)
    bound = lower_bound(problem, 100.0, rounds=2, clock=lambda: next(ticks))
    assert bound.value is not None
    assert bound.value <= best_objective(problem)


def test_slices_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(Random(3), 5, 4)
    whole = [lower_bound(problem, ALWAYS, rounds=rounds) for rounds in (3, 6, 1000)]
    monkeypatch.setattr(label_search, "_SLICE", 1)
    sliced = [lower_bound(problem, ALWAYS, rounds=rounds) for rounds in (3, 6, 1000)]
    for one, other in zip(whole, sliced, strict=True):
        assert replace(one, seconds=0.0) == replace(other, seconds=0.0)


def test_a_bound_that_is_canceled_is_valid_and_not_final(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(Random(3), 5, 4)
    monkeypatch.setattr(label_search, "_SLICE", 1)
    best, found = proved(problem), [lower_bound(problem, ALWAYS, is_canceled=after(0))]
    while not found[-1].is_final:  # nothing is left to stop
        found.append(lower_bound(problem, ALWAYS, is_canceled=after(len(found))))
    values = [bound.value for bound in found]
    assert (values[0], values[-1]) == (None, best)
    assert all(value is None or value <= best for value in values)
    assert len(set(values)) > 2


def test_the_share_of_the_time_that_is_over_is_told() -> None:
    problem = build(ROW, [[on(0)]] * 3, 1)
    ticks, shares = count(), list[float]()
    lower_bound(problem, 40.0, clock=lambda: next(ticks), progress=shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1


def test_a_known_solution_changes_the_way_and_not_the_bound() -> None:
    problem = random_problem(Random(11), 5, 4)
    known = solve(problem, "insertion", MaxIterations(20)).solution
    assert abs(proved(problem, known) - proved(problem)) <= 5  # prizes are rounded


def test_a_run_repeats() -> None:
    problem = random_problem(Random(5), 5, 4)
    assert lower_bound(problem, ALWAYS).value == lower_bound(problem, ALWAYS).value


def test_what_is_too_large_is_not_tried() -> None:
    n = MOST_STORES + 1
    problem = build(np.ones((n + 1, n + 1), int), [[on(0)]] * n, 1)
    bound = lower_bound(problem, ALWAYS)
    assert (bound.value, bound.reason, bound.rounds) == (None, "too_large", 0)


def test_no_time_proves_nothing() -> None:
    bound = lower_bound(build(ROW, [[on(0)]] * 3, 1), 0.0)
    assert (bound.value, bound.reason) == (None, "out_of_time")


def test_what_is_left_out_is_named() -> None:
    two_windows = [(0, [(0, 9 * HOUR, 10 * HOUR)]), (0, [(0, 14 * HOUR, 15 * HOUR)])]
    plain = build(ROW, [[(0, [(0, 0, 18 * HOUR)])]] * 3, 1)
    assert lower_bound(plain, 0).relaxed == ()
    later = [(0, [(0, 10 * HOUR, 15 * HOUR)])]
    assert lower_bound(build(ROW, [later] * 3, 1), 0).relaxed == ()  # nobody waits at the first
    assert lower_bound(build(ROW, [later, [on(0)], [on(0)]], 1), 0).relaxed == ("waiting",)
    full = build(ROW, [two_windows] * 3, 1, slot_lunch_s=[HOUR], slot_lunch_hi=[13 * HOUR])
    assert lower_bound(full, 0).relaxed == ("waiting", "several_windows")
    hungry = build(ROW, [[(0, [(0, 0, 18 * HOUR)])]] * 3, 1, slot_lunch_s=[HOUR])
    assert lower_bound(hungry, 0).relaxed == ("waiting",)  # until lunch may begin


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_the_cheapest_way_of_a_store_is_that_of_all_its_choices(seed: int) -> None:
    rng = Random(seed)
    problem = random_problem(rng, 3, 4, slot_max_work_s=[24 * HOUR] * 4, slot_shift_hi=[2**40] * 4)
    kinds = slot_kinds(problem)
    kind_of_slot = {slot: k for k, kind in enumerate(kinds) for slot in kind.slots}
    for store, ways in enumerate(store_ways(problem, kinds)):
        prices = np.array([rng.choice((0, 400, 30_000)) for _ in ways.kinds], dtype=np.int64)
        price_of = dict(zip(ways.kinds.tolist(), prices.tolist(), strict=True))
        wanted = min(
            cost + sum(price_of.get(kind_of_slot.get(slot, -1), 2**50) for _, slot, _, _ in made)
            for made, cost in store_choices(problem, store)
        )
        found, way = ways.cheapest(prices)
        assert found == wanted
        assert found == way.cost + int(np.dot(way.made, prices))


def published(name: str) -> tuple[Instance, float]:
    """An instance, and the verified cost of its published solution."""
    rows = (PVRP / "best_known.csv").read_text(encoding="utf-8").splitlines()
    costs = {row.split(",")[0]: float(row.split(",")[6]) for row in rows[1:]}
    return read_instance(PVRP / f"{name}.txt"), costs[name]


def bounded(name: str, rounds: int) -> tuple[Bound, float]:
    instance, cost = published(name)
    return lower_bound(instance.problem, ALWAYS, rounds=rounds), 10_000 * cost


@pytest.mark.parametrize(("name", "most_gap"), [("p14", 0.001), ("p17", 0.3), ("p26", 0.1)])
def test_published_solutions_are_not_below_the_bound(name: str, most_gap: float) -> None:
    bound, cost = bounded(name, 300)
    assert bound.is_final
    assert bound.value is not None
    assert bound.value <= cost + 200  # every leg is rounded up to a whole unit
    assert 100 * (1 - bound.value / cost) < most_gap
