"""What would get a store in: planted cases, each way applied and checked anew."""

import re

import pytest

from routeplanner.domain.scenario import Scenario
from routeplanner.planning.checker import check_plan
from routeplanner.planning.standing.choosing import allowed_slots, choice_of, days_of
from routeplanner.planning.standing.explaining import explain_store
from routeplanner.planning.standing.forcing import forced, what_breaks
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.planning.standing.ways_in import ways_in
from tests.planning.small_plans import (
    Orders,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_store,
    with_working_day,
)

ORDERS: Orders = {
    ("R1", 0): ("A1", "B1"),
    ("R1", 2): ("A1", "B2"),
    ("R1", 5): ("A1", "B1"),
    ("R1", 7): ("A1", "B2"),
}


def one_rep(**c1: object) -> Scenario:
    """R1 alone, on Mondays and Wednesdays; C1 wants one visit in two weeks and has none.

    A1 and B take 105 minutes in store and 30 on the way: 135 of the day.
    """
    world = with_rep(with_store(small_scenario(), "C1", **c1), "R1", hours="Mo,We 08:30-17:30")
    return Scenario.model_validate(world.model_dump(by_alias=True) | {"reps": world.reps[:1]})


def standing_of(world: Scenario, orders: Orders = ORDERS) -> Standing:
    plan = restated(world, small_plan(world, orders), listed=True)
    return stand(world, matrix_of(world), plan)


def test_a_store_that_fits_as_it_is() -> None:
    (way,) = ways_in(standing_of(one_rep()), "C1")
    assert way.code == "FITS"
    assert (way.choice.extra.travel_minutes, way.choice.extra.work_minutes) == (10, 40)


def test_a_shorter_visit_and_a_longer_day_by_hand() -> None:
    """135 + 10 + 250 = 395 minutes of 391.5: 246 fit, or 4 minutes of overtime."""
    standing = standing_of(one_rep(service_minutes=250))
    ways = {way.code: way for way in ways_in(standing, "C1")}
    assert ways["SHORTER_VISIT"].minutes == 246
    assert ways["LONGER_DAY"].minutes == 4
    assert "overtime_minutes = 4" in ways["LONGER_DAY"].message
    for minutes, fits in ((246, True), (247, False)):
        other = standing_of(one_rep(service_minutes=minutes))
        slots = allowed_slots(other, "C1")[0]
        assert choice_of(other, "C1", slots).is_clean is fits
    for overtime, fits in ((4, True), (3, False)):
        other = standing_of(
            with_working_day(one_rep(service_minutes=250), overtime_minutes=overtime)
        )
        assert choice_of(other, "C1", allowed_slots(other, "C1")[0]).is_clean is fits


def test_one_store_that_moves_makes_room() -> None:
    """C1 of 350 minutes fits on a day of 445.5 without B1 (60 + 350 + 30), which goes to Wednesday.

    A1 has nowhere else to go: Mondays and Wednesdays are all that the rep works.
    """
    world = with_rep(one_rep(service_minutes=350, closed_days=["wed"]), "R1", lunch_minutes=0)
    standing = standing_of(world)
    way = next(w for w in ways_in(standing, "C1") if w.code == "OTHER_STORE")
    assert way.other_store_id == "B1"
    assert way.other_choice is not None
    assert way.other_choice.days == (2, 7)
    # B1 leaves w1 Mon to C1 (0) and w2 Mon (-10), and joins two Wednesdays (+10 each)
    assert way.choice.extra.travel_minutes == pytest.approx(10)
    target = next(s for s in allowed_slots(standing, "B1") if days_of(standing, s) == (2, 7))
    moved = forced(standing, "B1", target)
    after = stand(standing.scenario, standing.matrix, moved)
    slots = next(s for s in allowed_slots(after, "C1") if days_of(after, s) == way.choice.days)
    plan = forced(after, "C1", slots)
    assert what_breaks(after, plan) == ()
    assert check_plan(standing.scenario, plan, standing.matrix) == ()
    travel = plan.measures.travel_minutes - standing.plan.measures.travel_minutes
    assert way.choice.extra.travel_minutes == pytest.approx(travel)


def test_other_hours_where_hours_are_the_reason() -> None:
    standing = standing_of(one_rep(opening_hours="Mo,We 07:00-08:00; Th,Fr 09:00-17:00"))
    (way,) = ways_in(standing, "C1")
    assert way.code == "OTHER_HOURS"
    assert "Mon " in way.message
    found = explain_store(standing, "C1")
    assert found.choices == ()
    assert "TIME_WINDOW" in {rule.code for rule in found.excluded}


def test_other_hours_are_told_in_whole_minutes() -> None:
    """10 minutes and 9 seconds from a full minute on: eleven minutes of the clock."""
    hours = "Mo,We 07:00-08:00; Th,Fr 09:00-17:00"
    (way,) = ways_in(standing_of(one_rep(opening_hours=hours, service_minutes=10.15)), "C1")
    found = re.search(r"Mon (\d\d):(\d\d)–(\d\d):(\d\d), ", way.message)
    assert found is not None, way.message
    first, last = (60 * int(found[n]) + int(found[n + 1]) for n in (1, 3))
    assert last - first == 11


def test_no_way_is_named_where_none_helps() -> None:
    standing = standing_of(with_policy(one_rep(service_minutes=1000)))
    assert ways_in(standing, "C1") == ()
    found = explain_store(standing, "C1")
    assert (found.required, found.scheduled, found.rank) == (1, 0, None)
    assert found.reason


def partly_scheduled(**c1: object) -> Standing:
    """C1 wants two visits a week and is open on Tuesdays only: R2 makes two of its four."""
    world = with_store(
        small_scenario(), "C1", frequency="2/week", opening_hours="Tu 09:00-17:00", **c1
    )
    return standing_of(world, {**ORDERS, ("R2", 1): ("C1",), ("R2", 6): ("C1",)})


def test_a_choice_that_gains_no_visit_is_no_way_in() -> None:
    """R1 has time on Tuesdays too, but two visits are all that Tuesdays can hold."""
    standing = partly_scheduled()
    ways = {way.code: way for way in ways_in(standing, "C1")}
    assert set(ways) == {"OTHER_HOURS", "LOWER_FREQUENCY"}
    hours, lower = ways["OTHER_HOURS"], ways["LOWER_FREQUENCY"]
    assert len(hours.choice.days) == 4
    assert {1, 6} < set(hours.choice.days)  # a second day beside the one on which it is open
    assert hours.choice.is_clean
    assert lower.message.startswith("weekly instead of 2/week: then it fits on R2 · Tue")
    assert (lower.choice.days, lower.choice.is_present) == ((1, 6), True)


def test_what_fits_in_part_says_how_much_and_what_gives_the_rest() -> None:
    world = partly_scheduled().scenario
    first, *others = ways_in(standing_of(world), "C1")
    assert (first.code, len(first.choice.days)) == ("FITS", 2)
    assert first.message.startswith("the plan as it is has room for 2 of its 4 visits")
    assert {way.code: len(way.choice.days) for way in others} == {
        "OTHER_HOURS": 4,
        "LOWER_FREQUENCY": 2,
    }
