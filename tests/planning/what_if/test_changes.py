"""Changed scenarios: classes, cycle, reps and territories, and what cannot be planned."""

import pytest

from routeplanner.domain.what_if import Alternative
from routeplanner.domain.workload import PolicyChange
from routeplanner.errors import InputError
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.more_reps import with_more_reps
from routeplanner.travel.source import travel_matrix
from tests.planning.small_plans import small_scenario
from tests.territories import policy, rep, scenario, store, stores


def setting(**keys: object) -> Alternative:
    """An alternative of keys of the policy, their dots written as two underscores."""
    changes = [
        PolicyChange.model_validate({"key": key.replace("__", "."), "value": value})
        for key, value in keys.items()
    ]
    return Alternative(name="try", policy=tuple(changes))


def test_the_cycle_follows_the_frequencies() -> None:
    world = scenario(stores({"A": 1, "C": 2}))
    assert changed(world, setting(visit_rules__C__frequency="1/4weeks")).cycle.weeks == 4


def test_classes_follow_the_lines_but_given_ones_stay() -> None:
    # Before the stores lie 0, 50 and 80 % of the sales.
    by_sales = [
        store(name, "C", sales=sales, class_source="sales")
        for name, sales in (("s1", 50.0), ("s2", 30.0), ("s3", 20.0))
    ]
    world = scenario([*by_sales, store("g", "B", rep=None, sales=None)])
    found = changed(world, setting(classes__lines=(60.0, 90.0)))
    assert [s.store_class for s in found.stores] == ["A", "A", "B", "B"]


def test_what_the_change_breaks_is_told() -> None:
    world = scenario(stores({"A": 1, "C": 2}), policy(cycle_weeks=2))
    with pytest.raises(InputError) as caught:
        changed(world, setting(visit_rules__C__frequency="1/4weeks"))
    (issue,) = caught.value.issues
    assert issue.code == "FREQUENCY_NOT_IN_CYCLE"
    assert issue.path == "try: policy:visit_rules.C.frequency"


def test_a_new_rep_shares_stores_that_are_open_to_all() -> None:
    world = scenario(stores({"C": 6}), reps=[rep(lunch_minutes=30)])
    found = with_more_reps(world, 2)
    assert [r.id for r in found.reps] == ["R01", "R01-2", "R01-3"]
    assert found.reps[2] == world.reps[0].model_copy(update={"id": "R01-3", "name": ""})
    assert found.stores == world.stores


def test_a_new_rep_takes_half_of_the_busiest_reps_stores() -> None:
    west = [store(f"w{n}", rep="R2", lon=13.30 + n / 1000) for n in range(4)]
    east = [store(f"e{n}", rep="R2", lon=13.50 + n / 1000) for n in range(4)]
    world = scenario([*west, *east, store("x", rep="R1")], reps=[rep("R1"), rep("R2")])
    found = with_more_reps(world, 1)
    theirs = {s.id for s in found.stores if s.rep == "R2-2"}
    assert theirs in ({s.id for s in west}, {s.id for s in east})
    assert next(s for s in found.stores if s.id == "x").rep == "R1"


def test_the_users_own_travel_times_know_the_new_base() -> None:
    world = small_scenario()
    found = travel_matrix(with_more_reps(world, 1))
    assert found.seconds("car", "rep:R1-2", "A1") == 600
    assert found.seconds("car", "C1", "rep:R1-2") == 600
    # Both bases are one place.
    assert found.seconds("car", "rep:R1", "rep:R1-2") == 0


def test_the_least_busy_rep_goes_and_the_stores_are_open_to_all() -> None:
    places = [store("a", rep="R1"), store("b", rep="R1"), store("c", rep="R2")]
    found = with_more_reps(scenario(places, reps=[rep("R1"), rep("R2")]), -1)
    assert [r.id for r in found.reps] == ["R1"]
    assert [s.rep for s in found.stores] == ["R1", "R1", None]
    with pytest.raises(ValueError, match="leave nobody"):
        with_more_reps(found, -1)
