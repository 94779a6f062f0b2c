"""The hint on missing visits: the choice of days as a whole, and the day of it that is short."""

from routeplanner.domain.plan import Unserved
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.standing.missing import missing_rows
from routeplanner.planning.standing.standing import stand
from tests.planning.small_plans import (
    Orders,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_rep,
    with_store,
)

ORDERS: Orders = {("R1", 0): ("B1",), ("R1", 2): ("C1",), ("R1", 7): ("B2",)}
"""Mondays and Wednesdays of two weeks, 391.5 minutes each; any way takes 10 minutes.

B1 on the first Monday leaves 71.5 minutes, B2 on the second Wednesday 61.5.
"""


def missing(orders: Orders = ORDERS, **c1: object) -> Unserved:
    world = with_rep(small_scenario(), "R1", hours="Mo,We 08:30-17:30")
    world = Scenario.model_validate(world.model_dump(by_alias=True) | {"reps": world.reps[:1]})
    world = with_store(with_store(world, "B1", service_minutes=300), "B2", service_minutes=310)
    world = with_store(world, "C1", **({"frequency": "1/week", "service_minutes": 80} | c1))
    plan = restated(world, small_plan(world, orders), listed=True)
    rows = missing_rows(stand(world, matrix_of(world), plan))
    return next(row for row in rows if row.store_id == "C1")


def test_the_short_day_of_the_closest_choice_is_named_not_the_freest_day() -> None:
    """Wednesdays lack 28.5 minutes in week 2, Mondays 18.5 in week 1; week 2 has a free Monday."""
    row = missing()
    assert row.code == "DAY_FULL"
    assert row.message.endswith("1 of 2 visits not scheduled; no allowed choice of days has room")
    assert row.hint == (
        "of its choices of days Mon comes closest: a visit adds about 90 min to Week 1 Mon, "
        "which has 71 min left: 19 min too few"
    )


def test_an_only_choice_names_its_shortest_day_and_counts_the_others() -> None:
    row = missing(frequency="daily")
    assert "3 of 4 visits" in row.message
    assert row.hint == (
        "its only choice of days is Mon Wed: a visit adds about 90 min to Week 2 Wed, "
        "which has 61 min left: 29 min too few; one more of these days is too full"
    )


def test_hours_are_blamed_only_where_the_store_has_some() -> None:
    """Wednesdays have room: B2 is not there."""
    orders: Orders = {("R1", 0): ("B1",), ("R1", 2): ("C1",)}
    free = "of its choices of days Wed comes closest: a visit adds about 100 min to Week 2 Wed"
    row = missing(orders)
    assert row.hint == f"{free}, which has 391 min left; a longer search may find room"
    row = missing(orders, opening_hours="Mo,We 09:00-12:00")
    assert row.hint.startswith(free)
    assert "not at hours when the store is open" in row.hint
