"""The figures of a small plan, computed by hand."""

import pytest

from routeplanner.planning.measures import measure
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    small_plan,
    small_scenario,
    with_store,
    with_working_day,
)


def measured(scenario, orders=None, labels=None):
    plan = small_plan(scenario, orders, labels)
    return measure(scenario, plan.routes, matrix_of(scenario))


def test_totals_of_the_small_plan():
    # Four days of A1 + a B store: 60 + 45 in store, 3 x 10 travel; one day of C1: 30 + 2 x 10.
    figures = measured(small_scenario(), labels={("R1", 2): "T2", ("R1", 7): "T2"})
    assert figures.routes == 5
    assert figures.distinct_routes == 3
    assert figures.in_store_minutes == 4 * 105 + 30
    assert figures.travel_minutes == 4 * 30 + 20
    assert figures.travel_km == 4 * 15 + 10
    assert figures.waiting_minutes == 0
    assert figures.in_store_share == round(450 / (5 * 480), 4)  # nine hours less lunch
    # 540 - 60 lunch - 45 office = 435 minutes, of which 391.5 are there to plan.
    assert figures.filled_max == round(135 / 391.5, 4)
    assert figures.filled_min == round(50 / 391.5, 4)
    assert figures.filled_mean == round((4 * 135 + 50) / 5 / 391.5, 4)
    assert figures.work_spread_minutes == 34  # 135 four times and 50: deviations 17 and 68
    assert figures.days_broken_at_120_percent_travel == 0


def test_figures_by_rep_day_and_class():
    figures = measured(small_scenario())
    first, second = figures.by_rep
    assert (first.rep, first.stores, first.routes) == ("R1", 3, 4)
    assert first.available_minutes == 3915
    assert first.free_minutes == 3915 - 4 * 135
    assert first.in_store_share == round(105 / 480, 4)
    assert (second.rep, second.stores, second.routes) == ("R2", 1, 1)
    day = figures.by_day[1]
    assert (day.rep, day.day, day.week, day.weekday, day.template) == ("R1", 2, 1, "wed", "T2")
    assert (day.visits, day.visits_by_class) == (2, {"A": 1, "B": 1, "C": 0})
    assert (day.in_store_minutes, day.travel_minutes, day.travel_km) == (105, 30, 15)
    assert (day.work_minutes, day.available_minutes) == (135, 391.5)
    assert day.filled == round(135 / 391.5, 4)
    assert {label: row.model_dump() for label, row in figures.by_class.items()} == {
        "A": _reached(1, 4, 4),
        "B": _reached(2, 4, 4),
        "C": _reached(1, 1, 1),
    }


def _reached(stores, required, scheduled, reached=None, without=0):
    return {
        "stores": stores,
        "required": required,
        "scheduled": scheduled,
        "stores_reached": stores if reached is None else reached,
        "stores_without_visit": without,
    }


def test_classes_that_fall_short():
    orders = {key: ids for key, ids in ORDERS.items() if key[0] == "R1" and key[1] != 7}
    figures = measured(small_scenario(), orders)
    assert figures.by_class["A"].model_dump() == _reached(1, 4, 3, reached=0)
    assert figures.by_class["B"].model_dump() == _reached(2, 4, 3, reached=1)
    assert figures.by_class["C"].model_dump() == _reached(1, 1, 0, reached=0, without=1)


def test_gaps_weekdays_and_order():
    # A1 on Monday and Wednesday: gaps 2, 5, 2, 5 against 3.5; B1 and B2 have gaps of 7.
    figures = measured(small_scenario())
    assert figures.days_off_ideal_gap_max == 1.5
    assert figures.days_off_ideal_gap_mean == 0.75  # 4 x 1.5 over 8 visits
    assert figures.same_weekday_share == 1
    assert figures.same_order_share == 1
    assert figures.arrival_spread_minutes == 0


def test_irregular_days():
    # A1 Mon, Wed, Mon, Thu; the pair A1 and B1 turns round; A1 at 8:55 three times, else at 9:50.
    orders = {key: ids for key, ids in ORDERS.items() if key != ("R1", 7)}
    figures = measured(
        small_scenario(), orders | {("R1", 5): ("B1", "A1"), ("R1", 8): ("A1", "B2")}
    )
    assert figures.same_weekday_share == round((2 + 1 + 2 + 1) / 8, 4)
    assert figures.same_order_share == 0.5  # A1 with B1 turns, A1 with B2 does not
    # A1 deviates by 55 x sqrt(3) / 4 minutes, B1 (10:05 and 8:55) by 35, B2 not at all.
    assert figures.arrival_spread_minutes == pytest.approx((23.816 + 35 + 0) / 3, abs=0.01)


def test_waiting_counts_as_work_and_lunch_does_not():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 12:00-18:00")
    scenario = with_store(scenario, "A1", opening_hours="Mo-Fr 08:00-11:00")
    day = measured(scenario).by_day[0]
    # A1 10:00-11:00 as late as it may be, lunch 11:30-12:30 after half an hour of waiting, or
    # B1 at 12:00 after 50 minutes: 60 + 45 + 30 minutes and the lesser waiting.
    assert day.waiting_minutes == 30
    assert day.work_minutes == 165


def test_days_that_break_when_travel_takes_longer():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 08:00-10:50")
    assert measured(scenario).days_broken_at_120_percent_travel == 2
    # The day is full up to its reserve; a fifth more travel eats into the reserve alone.
    full = with_working_day(small_scenario(), reserve=1 - 135 / 435)
    assert measured(full).days_broken_at_120_percent_travel == 0
    longest = with_working_day(small_scenario(), max_work_minutes=135)
    assert measured(longest).days_broken_at_120_percent_travel == 4


def test_no_routes():
    figures = measured(small_scenario(), {})
    assert figures.routes == 0
    assert figures.in_store_share == 0
    assert figures.same_order_share == 1
    assert figures.by_class["A"].stores_without_visit == 1
