from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.field import KINDS, Territory, TerritoryRules, territory
from benchmarks.field.layout import PARK_S, WALK_S
from benchmarks.field.planted import break_ground
from solvers import Problem, evaluate

BIG = {"stores": 120, "seed": 3}


def arrays(problem: Problem) -> list[tuple[str, bytes]]:
    return [(f.name, np.asarray(getattr(problem, f.name)).tobytes()) for f in fields(problem)]


def assert_planted_is_whole(made: Territory) -> None:
    assert made.planted is not None
    evaluation = evaluate(made.problem, made.planted)
    assert evaluation.infeasibilities == ()
    assert evaluation.missing_visits == 0
    assert evaluation.terms["missing"] == 0


def slot_sets(problem: Problem, store: int) -> list[tuple[int, ...]]:
    """Slots of each option of a store."""
    return [
        tuple(slot for slot, _, _ in problem.entries_of(option))
        for option in problem.options_of(store)
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", ["five-day", "six-day"])
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_plan_keeps_all_rules_and_makes_all_visits(kind, policy, seed):
    made = territory(kind=kind, policy=policy, seed=seed, stores=90, reps=2)
    assert_planted_is_whole(made)
    assert made.needed_s <= made.available_s


@settings(max_examples=25)
@given(
    st.builds(
        TerritoryRules,
        kind=st.sampled_from(KINDS),
        stores=st.integers(3, 50),
        reps=st.integers(0, 3),
        seed=st.integers(0, 10**6),
        policy=st.sampled_from(["five-day", "six-day"]),
        weeks=st.sampled_from([1, 2, 3, 4, 8]),
        daily_stores=st.integers(0, 3),
        mall_share=st.sampled_from([0.0, 0.3, 1.0]),
        midday_share=st.sampled_from([0.0, 0.3, 1.0]),
        narrow_share=st.sampled_from([0.0, 0.3, 1.0]),
        closed_share=st.sampled_from([0.0, 0.3, 1.0]),
        appointments=st.integers(0, 2),
        is_tied=st.booleans(),
    )
)
def test_planted_plan_is_whole_whatever_the_rules(rules):
    assert_planted_is_whole(territory(rules))


def test_same_rules_give_the_same_arrays_and_other_seeds_others():
    rules = TerritoryRules(stores=60, reps=2, seed=5, appointments=1)
    first, again, other = territory(rules), territory(rules), territory(replace(rules, seed=6))
    assert arrays(first.problem) == arrays(again.problem)
    assert first.planted == again.planted
    assert arrays(first.problem) != arrays(other.problem)
    assert rules.name != replace(rules, seed=6).name


@pytest.mark.parametrize("wrong", [{"kind": "desert"}, {"stores": 0}, {"stores": 2, "reps": 3}])
def test_rules_that_make_no_territory_are_refused(wrong):
    with pytest.raises(ValueError, match=r"territory|share"):
        TerritoryRules(**wrong)


def test_saturday_of_the_six_day_policy_is_a_half_day():
    problem = territory(policy="six-day", **BIG).problem
    saturdays = np.arange(problem.n_slots) % 6 == 5
    assert np.all(problem.slot_lunch_s[saturdays] == 0)
    assert np.all(problem.slot_lunch_s[~saturdays] == 3600)
    assert problem.slot_shift_hi[saturdays].max() < problem.slot_shift_hi[~saturdays].min()
    assert problem.slot_max_work_s[saturdays].max() < problem.slot_max_work_s[~saturdays].min()


def test_daily_stores_stand_on_every_route():
    made = territory(daily_stores=2, **BIG)
    daily = np.flatnonzero(made.problem.required == made.problem.n_slots)
    assert len(daily) == 2
    assert np.all(made.class_of_store[daily] == 0)
    for routes in made.planted.routes:
        assert set(daily.tolist()) <= set(routes[0])


def test_midday_closings_give_a_morning_and_an_afternoon_variant():
    problem = territory(midday_share=0.5, **BIG).problem
    parted = 0
    for store in range(problem.n_stores):
        windows = {entry for option in problem.options_of(store)
                   for entry in problem.entries_of(option)}  # fmt: skip
        first_day = sorted((lo, hi) for slot, lo, hi in windows if slot == 0)
        parted += len(first_day) == 2
        assert all(hi < lo for (_, hi), (lo, _) in pairwise(first_day))
    assert 0.25 * problem.n_stores < parted < 0.75 * problem.n_stores
    assert all(
        len({slot for slot, _, _ in problem.entries_of(option)})
        == len(list(problem.entries_of(option)))
        for option in range(len(problem.option_cost))
    )


def test_hours_differ_by_weekday_and_some_stores_close_on_one():
    problem = territory(**BIG).problem
    windows = {}
    for store in range(problem.n_stores):
        for option in problem.options_of(store):
            for slot, lo, hi in problem.entries_of(option):
                windows.setdefault(store, {}).setdefault(slot % 5, set()).add((lo, hi))
    differing = [days for days in windows.values() if len(set(map(frozenset, days.values()))) > 1]
    closed = [days for days in windows.values() if len(days) < 5]
    assert len(differing) > 5
    assert len(closed) > 5


def test_stores_of_a_mall_share_a_place_or_are_a_walk_apart():
    ground = break_ground(TerritoryRules(mall_share=0.5, **BIG))
    layout, travel = ground.layout, ground.travel_s
    malls = layout.mall_of_store
    assert malls.max() > 5
    shared = 0
    for mall in range(malls.max() + 1):
        members = np.flatnonzero(malls == mall)
        assert 3 <= len(members) <= 6
        places = np.unique(layout.place_of_store[members])
        shared += len(places) == 1
        apart = travel[np.ix_(places, places)]
        assert np.all(apart[~np.eye(len(places), dtype=bool)] == WALK_S)
    assert 0 < shared <= malls.max()


def test_travel_is_positive_parks_at_stores_and_takes_no_detour():
    ground = break_ground(TerritoryRules(kind="rural", mall_share=0, **BIG))
    travel, base = ground.travel_s, int(ground.base_of_rep[0])
    stores = ground.layout.place_of_store
    assert np.all(travel[base, stores] - travel[stores, base] == PARK_S)
    rounding_s = 2
    for middle in (0, 7, base):
        assert np.all(travel <= travel[:, middle, None] + travel[None, middle] + rounding_s)


def test_an_option_never_mixes_reps_and_offers_at_most_the_near_ones():
    rules = TerritoryRules(stores=200, reps=5, near_reps=3)
    made = territory(rules)
    tied = territory(replace(rules, is_tied=True))
    n_reps = set()
    for store in range(200):
        reps = [{slot // 20 for slot in slots} for slots in slot_sets(made.problem, store)]
        assert all(len(one) == 1 for one in reps)
        n_reps.add(len(set().union(*reps)))
        assert len({slots[0] // 20 for slots in slot_sets(tied.problem, store)}) == 1
    assert n_reps == {3}
    assert_planted_is_whole(tied)


def test_appointments_are_stops_at_an_exact_time():
    made = territory(appointments=2, **BIG)
    problem, n = made.problem, BIG["stores"]
    assert problem.n_stores == n + 2 * 4
    assert np.all(made.class_of_store[n:] == -1)
    for store in range(n, problem.n_stores):
        (option,) = problem.options_of(store)
        ((_, lo, hi),) = problem.entries_of(option)
        assert lo == hi
        assert problem.in_store_s[store] == 0


def test_large_territories_hold_travel_in_32_bits(monkeypatch):
    monkeypatch.setattr("benchmarks.field.layout.LARGEST_INT64", 100)
    ground = break_ground(TerritoryRules(**BIG))
    assert ground.travel_s.dtype == np.int32
    monkeypatch.undo()
    assert np.array_equal(ground.travel_s, break_ground(TerritoryRules(**BIG)).travel_s)
