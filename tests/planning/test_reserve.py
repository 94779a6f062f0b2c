"""Reserve: ten minutes between any two places make every lateness a sum that can be checked."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.reserve import ReserveReport
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.actual_minutes import actual_minutes
from routeplanner.planning.checker.booked import shift_of
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.longer_travel import breaks_with_longer_travel
from routeplanner.planning.reserve import reserve_report
from tests.planning.small_plans import (
    ORDERS,
    Orders,
    matrix_of,
    small_plan,
    small_scenario,
    with_rep,
    with_store,
)
from tests.planning.small_plans import with_working_day as with_day


def report(
    scenario: Scenario, visits: tuple[DrivenVisit, ...] = (), orders: Orders | None = None
) -> ReserveReport:
    return reserve_report(scenario, small_plan(scenario, orders), matrix_of(scenario), visits)


def visit(store_id: str, minutes: float) -> DrivenVisit:
    return DrivenVisit(store_id=store_id, minutes_in_store=minutes, row=0)


def test_days_with_room_hold() -> None:
    found = report(small_scenario())
    assert [total.days_broken for total in found.totals] == [0, 0, 0]
    assert [total.strain.percent for total in found.totals] == [10, 20, 30]
    # Three ways of ten minutes beside 105 minutes in store; of C1 two ways beside 30.
    assert [day.work_minutes for day in found.days] == [135, 135, 135, 135, 50]
    assert [day.room_minutes for day in found.days] == [300, 300, 300, 300, 385]
    assert [total.longer_minutes for total in found.totals] == pytest.approx([14, 28, 42])
    # The day of C1 grows most: 50 minutes by 2, 4, 6.
    needed = [1 - 50 / 52, 1 - 50 / 54, 1 - 50 / 56]
    assert [total.needed_reserve for total in found.totals] == pytest.approx(needed, abs=1e-4)
    assert found.reserve == 0.1


def test_a_full_day_breaks_by_what_it_takes_longer() -> None:
    # 435 minutes are there, reserve used up: 400 in stores and 30 on the way leave five.
    scenario = with_store(small_scenario(), "A1", service_minutes=200)
    scenario = with_store(scenario, "B1", service_minutes=200)
    found = report(scenario)
    late = [[outcome.late_minutes for outcome in day.outcomes] for day in found.days]
    assert late == [[0, 1, 4], [0, 0, 0], [0, 1, 4], [0, 0, 0], [0, 0, 0]]
    assert [total.days_broken for total in found.totals] == [0, 2, 2]
    assert [total.late_minutes for total in found.totals] == [0, 2, 8]
    # Either store would do; the last one of the day is left out.
    assert [outcome.left_out for outcome in found.days[0].outcomes] == [(), ("B1",), ("B1",)]
    assert found.totals[2].visits_left_out == 2


def test_a_store_that_closes_is_the_one_that_is_left_out() -> None:
    # R1 leaves at 8:45 and is at A1 at 8:55; by 1.3 times the way, at 8:58.
    scenario = with_store(small_scenario(), "A1", opening_hours="Mo-Fr 08:00-09:56")
    found = report(scenario)
    monday = found.days[0]
    assert [outcome.late_minutes for outcome in monday.outcomes] == [0, 1, 2]
    assert [outcome.left_out for outcome in monday.outcomes] == [(), ("A1",), ("A1",)]
    assert monday.room_minutes == 300  # no reserve cures that


def test_the_reserve_that_is_needed_holds_every_day_filled_to_it() -> None:
    """A day of the worst mix, filled to what the reserve leaves, just fits when it is longer."""
    scenario = small_scenario()
    for percent, total in zip((10, 20, 30), report(scenario).totals, strict=True):
        work = 435 * (1 - total.needed_reserve)
        assert work * (50 + 20 * percent / 100) / 50 == pytest.approx(435, abs=0.1)


@pytest.mark.parametrize(
    ("visits", "minutes"),
    [
        ([visit("B1", 60), visit("B1", 70), visit("B1", 500)], {"B1": 70, "B2": 45}),
        ([visit("B1", 60), visit("B1", 70)], {"B1": 45, "B2": 45}),
        ([visit("B1", m) for m in (50, 51, 52, 53, 54)], {"B1": 52, "B2": 52}),
        ([visit("B1", 50)] * 4 + [visit("B2", 80)], {"B1": 50, "B2": 50}),
    ],
)
def test_what_a_visit_takes(visits: list[DrivenVisit], minutes: dict[str, float]) -> None:
    found = actual_minutes(small_scenario(), visits)
    assert {store: found.by_store[store] for store in minutes} == minutes
    (b,) = (row for row in found.classes if row.store_class == "B")
    assert (b.planned_minutes, b.visits) == (45, len(visits))


def test_visits_that_take_their_real_minutes() -> None:
    visits = tuple(visit("A1", 200) for _ in range(3)) + tuple(visit("B1", 220) for _ in range(3))
    found = report(small_scenario(), (*visits, visit("Z9", 5), visit("X1", 5)))
    total = found.totals[-1]
    assert total.strain.kind == "visits"
    # A1 and B1: 30 + 200 + 220 are 450 of 435 minutes. B2 takes what is planned, since three
    # visits tell too little of its class.
    assert [day.outcomes[-1].late_minutes for day in found.days] == [15, 0, 15, 0, 0]
    assert found.days[0].outcomes[-1].longer_minutes == 140 + 175
    assert total.needed_reserve == pytest.approx(1 - 135 / 450, abs=1e-4)
    assert found.unknown_stores == ("Z9",)  # X1 is closed, but known


def test_visits_that_are_shorter_need_no_reserve() -> None:
    visits = tuple(visit(store, 5) for store in ("A1", "B1", "B2", "C1") for _ in range(3))
    total = report(small_scenario(), visits).totals[-1]
    assert (total.days_broken, total.needed_reserve) == (0, 0)
    assert total.longer_minutes < 0


def test_appointments_stay_and_a_day_without_visits_is_no_day() -> None:
    meeting = {"rep": "R2", "weekday": "tue", "start": "12:00", "end": "13:00", "title": "Office"}
    scenario = small_scenario(appointments=[meeting])
    found = report(scenario, orders=ORDERS | {("R2", 6): ()})
    assert [(day.rep, day.week) for day in found.days].count(("R2", 2)) == 0
    assert found.totals[0].days_broken == 0


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_days_that_break_are_those_that_the_checker_finds(seed: int) -> None:
    chance = random.Random(seed)
    scenario = with_day(small_scenario(), reserve=0)
    for store in ("A1", "B1", "B2", "C1"):
        opens = chance.choice((8, 9, 14))
        closes = opens + chance.choice((2, 4, 8))
        hours = f"Mo-Fr {opens:02d}:00-{closes:02d}:{chance.choice((0, 7)):02d}"
        minutes = chance.choice((20, 100, 130, 190))
        scenario = with_store(scenario, store, service_minutes=minutes, opening_hours=hours)
    if chance.random() < 0.5:
        scenario = with_rep(scenario, "R1", max_work_minutes=chance.choice((200, 300)))
    stores = ["A1", "B1", "B2", "C1"]
    orders = {("R1", day): tuple(chance.sample(stores, chance.randint(1, 4))) for day in (0, 2, 5)}
    plan = small_plan(scenario, orders)
    facts = Facts(scenario, matrix_of(scenario))
    found = reserve_report(scenario, plan, facts.matrix, percents=(20,))
    for route, day in zip(plan.routes, found.days, strict=True):
        shift = shift_of(facts, route)
        assert shift is not None
        outcome = day.outcomes[0]
        assert (outcome.late_minutes > 0) == breaks_with_longer_travel(facts, route, shift)
        # Without the stores that are left out the day holds, and not one too many is.
        assert bool(outcome.left_out) == (outcome.late_minutes > 0)
        kept = tuple(s.store_id for s in route.visits if s.store_id not in outcome.left_out)
        if kept:
            rest = small_plan(scenario, {("R1", route.day): kept})
            again = reserve_report(scenario, rest, facts.matrix, percents=(20,))
            assert again.days[0].outcomes[0].late_minutes == 0
