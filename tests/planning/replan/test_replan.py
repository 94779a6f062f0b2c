"""Planning again: what stays, what may move, and that nothing of the earlier plan is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.domain.keeping import Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.planning.checker import check_plan
from routeplanner.planning.encode import COST_PER_MINUTE, encode
from routeplanner.planning.plan import make_plan
from routeplanner.planning.replan.earlier import earlier_of
from routeplanner.travel.source import travel_matrix
from tests.planning.replan.changed import days_of, moved
from tests.planning.small_plans import small_plan, small_scenario, with_rule, with_store
from tests.territories import policy, rep, scenario, store, stores

FEW = {"method": "insertion", "iterations": 20}


def replanned(world: Scenario, previous: Plan, iterations: int = 20, **keeping: Any) -> Plan:
    plan = make_plan(
        world, method="insertion", iterations=iterations, previous=previous,
        keeping=Keeping(**keeping),
    )  # fmt: skip
    assert check_plan(world, plan, travel_matrix(world)) == ()
    return plan


def without(world: Scenario, *store_ids: str) -> Scenario:
    rest = tuple(each for each in world.stores if each.id not in store_ids)
    return world.model_copy(update={"stores": rest})


def test_a_plan_that_could_be_cheaper_stays_where_changes_have_a_price() -> None:
    world = small_scenario()
    previous = small_plan(world)
    plan = replanned(world, previous, stability=1000)
    assert days_of(plan) == days_of(previous)
    assert plan.kept is not None
    assert (plan.kept.remaining, plan.kept.changed) == (4, 0)
    assert plan.score["stability"] == 0
    assert plan.version == previous.version + 1


def test_a_change_that_is_free_is_made_and_one_that_has_its_price_pays_it() -> None:
    """C1 alone on R2's Tuesday costs a day (15) and two ways (20); elsewhere it adds one (10)."""
    world = small_scenario()
    previous = small_plan(world)
    free = replanned(world, previous, stability=0)
    assert "C1" in moved(previous, free)
    assert "stability" not in free.score
    cheap = replanned(world, previous, stability=2)
    was = days_of(previous)
    n_moved = sum(len(days - was[i]) for i, days in days_of(cheap).items())
    assert n_moved > 0
    assert cheap.score["stability"] == 2 * n_moved
    assert moved(previous, replanned(world, previous, stability=30)) == set()


def test_choices_of_one_day_with_other_hours_cost_the_same() -> None:
    place = store("C01", opening_hours="mo-sa 08:00-10:00,14:00-17:00")
    world = scenario([place])
    previous = make_plan(world, **FEW)
    earlier = earlier_of(world, previous)
    encoding = encode(world, travel_matrix(world), earlier=earlier, stability=7)
    (day,) = {day for _, day in days_of(previous)["C01"]}
    costs: dict[int, set[int]] = {}
    for choice, cost in zip(encoding.choices[0].choices, encoding.problem.option_cost, strict=True):
        costs.setdefault(encoding.keys[choice.entries[0][0]].days[0].day, set()).add(int(cost))
    assert len(encoding.choices[0].choices) == 2 * len(costs)
    assert all(values == {0 if at == day else 7 * COST_PER_MINUTE} for at, values in costs.items())


def test_no_change_at_all_even_where_a_new_store_then_finds_no_place() -> None:
    world = small_scenario()
    previous = small_plan(world)
    opened = with_store(world, "X1", status="open")
    plan = replanned(opened, previous, max_changes=0, stability=0)
    was, now = days_of(previous), days_of(plan)
    assert {i: now[i] for i in was} == was
    assert "X1" in now
    assert plan.kept is not None
    assert (plan.kept.new, plan.kept.changed, plan.kept.gone) == (1, 0, 0)


def test_a_store_whose_day_is_closed_now_is_not_scheduled_rather_than_moved() -> None:
    world = small_scenario()
    previous = small_plan(world)
    closed = with_store(world, "C1", closed_days=["tue"])
    plan = replanned(closed, previous, max_changes=0)
    (short,) = plan.unserved
    assert (short.store_id, short.code, short.served) == ("C1", "MAX_CHANGES", 0)
    assert moved(previous, plan) == set()
    one = replanned(closed, previous, max_changes=1)
    assert moved(previous, one) == {"C1"}
    assert one.is_complete


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), most=st.integers(0, 4), price=st.sampled_from((0.0, 3.0)))
def test_no_plan_has_more_changes_than_allowed(seed: int, most: int, price: float) -> None:
    rules = policy(workdays=["mon", "tue", "wed"])
    places = stores({"A": 1, "B": 2, "C": 5}, seed=seed)
    before = scenario(places, rules, reps=[rep("R01"), rep("R02", base_lon=13.5)])
    previous = make_plan(before, method="insertion", iterations=1, seed=seed)
    gone, later = places[seed % 8], places[(seed + 3) % 8]
    after = without(before, gone.id)
    after = with_store(after, later.id, closed_days=["mon"])
    new = store("N01", "B", lat=places[0].lat + 0.01, lon=places[0].lon)
    after = after.model_copy(update={"stores": (*after.stores, new)})
    plan = make_plan(
        after, method="insertion", iterations=10, seed=seed, previous=previous,
        keeping=Keeping(max_changes=most, stability=price),
    )  # fmt: skip
    assert plan.kept is not None
    assert len(moved(previous, plan)) == plan.kept.changed <= most
    assert plan.kept.remaining == 7
    assert check_plan(after, plan, travel_matrix(after)) == ()


def test_frozen_weeks_stay_and_new_stores_wait() -> None:
    world = small_scenario()
    previous = small_plan(world)
    opened = with_store(world, "X1", status="open", **{"class": "B"})
    plan = replanned(opened, previous, freeze_weeks=1, stability=0)
    first = {(i, r, d) for i, days in days_of(previous).items() for r, d in days if d < 5}
    assert {(i, r, d) for i, days in days_of(plan).items() for r, d in days if d < 5} == first
    (short,) = plan.unserved
    assert (short.store_id, short.code, short.served) == ("X1", "FROZEN_WEEKS", 1)
    assert plan.kept is not None
    assert plan.kept.warnings == ()


def test_a_whole_frozen_cycle_is_the_earlier_plan() -> None:
    world = small_scenario()
    previous = small_plan(world)
    plan = replanned(world, previous, freeze_weeks=2, stability=0)
    assert [(r.rep, r.day, [s.store_id for s in r.visits]) for r in plan.routes] == [
        (r.rep, r.day, [s.store_id for s in r.visits]) for r in previous.routes
    ]


def test_what_cannot_stay_frozen_is_told() -> None:
    world = small_scenario()
    previous = small_plan(world)
    changed = with_store(world, "B1", status="closed")
    changed = with_store(changed, "C1", closed_days=["tue"])
    plan = replanned(changed, previous, freeze_weeks=1)
    assert plan.kept is not None
    told = {issue.value: issue.message for issue in plan.kept.warnings}
    assert set(told) == {"B1", "C1"}
    assert "no longer visited" in told["B1"]
    assert "opening hours" in told["C1"]
    assert {issue.code for issue in plan.kept.warnings} == {"FROZEN_VISIT_LOST"}


def test_stores_of_a_rep_who_is_gone_keep_their_days_and_count_for_nothing() -> None:
    world = small_scenario()
    previous = small_plan(world)
    (stays,) = [one for one in world.reps if one.id == "R1"]
    alone = world.model_copy(update={"reps": (stays,)})
    plan = replanned(alone, previous, max_changes=0, stability=30)
    assert days_of(plan)["C1"] == {("R1", 1)}
    assert plan.kept is not None
    assert (plan.kept.rep_gone, plan.kept.changed, plan.kept.remaining) == (1, 0, 3)


def test_a_new_rep_takes_nothing_away_that_is_not_worth_it() -> None:
    world = small_scenario()
    previous = small_plan(world)
    alone = world.model_copy(update={"reps": world.reps[:1]})
    start = replanned(alone, previous)
    back = replanned(world, start)
    assert moved(start, back) == set()


def test_a_reclassed_store_changes_and_keeps_the_days_it_can() -> None:
    world = small_scenario()
    previous = small_plan(world)
    more = with_store(world, "C1", **{"class": "B"})
    plan = replanned(more, previous, max_changes=0, stability=100)
    assert plan.is_complete
    assert ("R2", 1) in days_of(plan)["C1"]
    assert plan.kept is not None
    assert (plan.kept.reclassed, plan.kept.changed) == (1, 0)


def test_other_minutes_are_no_other_class() -> None:
    world = small_scenario()
    previous = small_plan(world)
    longer = with_rule(world, "A", service_minutes=70)
    plan = replanned(longer, previous)
    assert plan.kept is not None
    assert (plan.kept.reclassed, plan.kept.remaining) == (0, 4)


@pytest.mark.parametrize("keeping", [Keeping(), Keeping(max_changes=2, stability=0)])
def test_with_iterations_a_run_repeats(keeping: Keeping) -> None:
    before = scenario(stores({"A": 2, "B": 3, "C": 8}), weeks=2)
    previous = make_plan(before, method="insertion", iterations=5, seed=3)
    after = without(before, "C01", "B02")
    one, two = (
        make_plan(after, iterations=40, seed=1, previous=previous, keeping=keeping)
        for _ in range(2)
    )
    assert one.routes == two.routes
    assert one.id == two.id
    assert one.score == two.score


def test_the_earlier_plan_is_not_lost_where_there_is_no_time_to_search() -> None:
    world = scenario(stores({"A": 2, "B": 3, "C": 8}))
    previous = make_plan(world, **FEW)
    plan = replanned(world, previous, iterations=1, stability=0)
    assert sum(plan.score.values()) <= sum(previous.score.values()) + 0.1
    assert plan.is_complete


def test_a_cycle_that_goes_into_the_new_one_is_laid_out_twice() -> None:
    world = small_scenario()
    previous = small_plan(world)
    cycle = world.cycle.model_copy(update={"weeks": 4})
    longer = world.model_copy(update={"cycle": cycle})
    plan = replanned(longer, previous, stability=1000)
    was = days_of(previous)
    assert days_of(plan) == {
        i: {(r, d + turn) for r, d in days for turn in (0, 10)} for i, days in was.items()
    }


def test_plans_that_cannot_be_kept_are_refused_at_once() -> None:
    world = small_scenario()
    previous = small_plan(world)
    cycle = world.cycle.model_copy(update={"weeks": 3})
    other = world.model_copy(update={"cycle": cycle})
    with pytest.raises(InputError) as told:
        replanned(other, previous, freeze_weeks=4)
    assert [issue.code for issue in told.value.issues] == ["PREVIOUS_CYCLE", "FREEZE_TOO_LONG"]
    renamed = world.model_copy(
        update={
            "stores": tuple(s.model_copy(update={"id": f"Z{s.id}"}) for s in world.stores),
        }
    )
    with pytest.raises(InputError) as strange:
        make_plan(renamed, previous=previous, matrix=travel_matrix(world))
    assert [issue.code for issue in strange.value.issues] == ["PREVIOUS_OTHER_STORES"]
