"""Plans side by side: figures computed by hand on ten minutes and five kilometers everywhere."""

import pytest

from routeplanner.domain.comparison import Comparison, FigureCell
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.edited import RouteRow
from routeplanner.errors import InputError
from routeplanner.planning.compare import JudgedPlan, compare_plans, judged_plan, judged_rows
from tests.planning.small_plans import (
    ORDERS,
    Orders,
    matrix_of,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_rule,
    with_store,
)

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WITH_C1_ON_WEDNESDAY: Orders = {
    ("R1", 0): ("A1", "B1"),
    ("R1", 2): ("A1", "B2", "C1"),
    ("R1", 5): ("A1", "B1"),
    ("R1", 7): ("A1", "B2"),
}
WITHOUT_B1: Orders = ORDERS | {("R1", 0): ("A1",), ("R1", 5): ("A1",)}


def judged(name: str = "a", scenario=None, orders: Orders | None = None) -> JudgedPlan:
    scenario = scenario or small_scenario()
    return judged_plan(name, small_plan(scenario, orders), scenario, matrix_of(scenario))


def cell(found: Comparison, figure: str, subject: str = "", plan: int = 1) -> FigureCell:
    (row,) = (row for row in found.rows if (row.figure, row.subject) == (figure, subject))
    return row.cells[plan]


def test_every_figure_of_a_plan_computed_by_hand() -> None:
    found = compare_plans([judged(), judged("b")])
    values = {(row.figure, row.subject): row.cells[0].value for row in found.rows}
    assert values == pytest.approx(
        {
            # A1 twice a week, B1 and B2 weekly, C1 once in the two weeks of the cycle.
            ("scheduled_visits", ""): 9,
            ("missing_visits", "A"): 0,
            ("missing_visits", "B"): 0,
            ("missing_visits", "C"): 0,
            ("stores_without_visit", ""): 0,
            # Four days of 60 + 45 minutes and three ways, one of 30 minutes and two ways.
            ("in_store_hours", ""): 450 / 60,
            ("travel_hours", ""): 140 / 60,
            ("waiting_hours", ""): 0,
            ("work_hours", ""): 590 / 60,
            ("kilometers", ""): 70,
            ("travel_minutes_per_visit", ""): 140 / 9,
            ("driven_days", ""): 5,
            ("days_over", ""): 0,
            ("minutes_over", ""): 0,
            ("most_minutes_over", ""): 0,
            ("days_broken_by_travel", ""): 0,
            # A1 on Monday and Wednesday: gaps of 2 and 5 days, 3.5 would be ideal.
            ("days_off_ideal_gap", ""): 4 * 1.5 / 8,
            ("most_days_off", ""): 1.5,
            ("longest_gap", "A"): 5,
            ("longest_gap", "B"): 7,
            ("longest_gap", "C"): 14,
            ("same_weekday", ""): 100,
            ("same_order", ""): 100,
            ("arrival_spread", ""): 0,
            ("work_spread", ""): 34,  # 135, 135, 50, 135, 135
            ("fullest_day", ""): 100 * 135 / 391.5,
            ("emptiest_day", ""): 100 * 50 / 391.5,
            ("all_violations", ""): 0,
            ("changed_stores", ""): None,
        },
        abs=0.006,
    )


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found = compare_plans([judged(), judged("again")])
    for row in found.rows:
        first, other = row.cells
        assert not first.is_best
        assert not other.is_best
        assert (other.difference or 0, other.percent or 0, other.verdict) == (0, 0, None)
    assert [plan.changed for plan in found.plans] == [(), ()]
    assert all(day.cells[0] == day.cells[1] for day in found.days)


def test_a_store_that_another_rep_takes_along() -> None:
    found = compare_plans([judged(), judged("b", orders=WITH_C1_ON_WEDNESDAY)])
    travel, km = cell(found, "travel_hours"), cell(found, "kilometers")
    assert travel.difference == pytest.approx(-10 / 60, abs=1e-4)
    assert travel.percent == pytest.approx(-100 * 10 / 140, abs=0.01)
    assert (travel.verdict, travel.is_best) == ("better", True)
    assert (km.value, km.difference, km.percent) == (65, -5, -7.14)
    assert cell(found, "driven_days").difference == -1
    assert cell(found, "changed_stores").value == 1
    assert cell(found, "changed_reps").value == 1
    (store,) = found.plans[1].changed
    assert (store.store_id, store.store_class, store.kind) == ("C1", "C", "rep")
    assert [(v.rep, v.week, v.weekday, v.position) for v in (*store.was, *store.now)] == [
        ("R2", 1, "tue", 1),
        ("R1", 1, "wed", 3),
    ]
    tuesday = next(day for day in found.days if day.rep == "R2")
    assert tuesday.cells[0] is not None
    assert (tuesday.cells[0].visits, tuesday.cells[0].work_minutes) == (1, 50)
    assert tuesday.cells[1] is None


def test_leaving_visits_out_is_no_merit() -> None:
    found = compare_plans([judged(), judged("b", orders=WITHOUT_B1)])
    assert cell(found, "missing_visits", "B").value == 2
    assert cell(found, "missing_visits", "B").verdict == "worse"
    assert cell(found, "stores_without_visit").value == 1
    travel = cell(found, "travel_hours")
    assert travel.difference == pytest.approx(-20 / 60, abs=1e-4)
    assert (travel.verdict, travel.is_best) == (None, False)
    assert cell(found, "travel_hours", plan=0).is_best
    assert [(s.store_id, s.kind) for s in found.plans[1].changed] == [("B1", "dropped")]
    # Visits that are missing are no broken rule a second time.
    assert not [v for v in judged(orders=WITHOUT_B1).violations if v.code != "FREQUENCY_SHORT"]
    assert cell(found, "all_violations").value == 0


def test_days_over_their_limit() -> None:
    scenario = with_store(small_scenario(), "A1", service_minutes=195)
    scenario = with_store(scenario, "B1", service_minutes=190)
    found = compare_plans([judged(), judged("b", scenario)])
    # Both visits and three ways are 415 minutes on two days; 391.5 are there to plan.
    assert cell(found, "days_over").value == 2
    assert cell(found, "minutes_over").value == pytest.approx(2 * 23.5)
    assert cell(found, "most_minutes_over").value == pytest.approx(23.5)
    assert cell(found, "violations", "WORK_TOO_LONG").value == 2
    assert cell(found, "violations", "WORK_TOO_LONG", plan=0).value == 0


def test_a_late_return_is_over_the_limit_too() -> None:
    scenario = with_store(small_scenario(), "C1", visit_hours="Mo-Fr 16:00-17:30")
    found = compare_plans([judged(scenario=scenario), judged("b", scenario)])
    # Back at 16:40 by the clock, twenty minutes before the office time: within the limit.
    assert cell(found, "days_over").value == 0
    late = with_store(small_scenario(), "C1", visit_hours="Mo-Fr 16:30-17:30")
    found = compare_plans([judged(), judged("b", late)])
    assert cell(found, "minutes_over").value == pytest.approx(10)  # back at 17:10, due at 17:00


def test_a_cycle_of_other_length_is_told_and_scaled() -> None:
    one_week = small_scenario(cycle=Cycle(weeks=1, workdays=WORKDAYS))
    orders: Orders = {key: ORDERS[key] for key in (("R1", 0), ("R1", 2))}
    found = compare_plans([judged(), judged("b", one_week, orders)])
    assert (found.weeks, [plan.weeks for plan in found.plans]) == (2, [2, 1])
    assert cell(found, "in_store_hours").value == pytest.approx(2 * 210 / 60)
    assert cell(found, "driven_days").value == 4
    # Repeated until both cycles end, only C1 is missing.
    assert [(s.store_id, s.kind) for s in found.plans[1].changed] == [("C1", "dropped")]
    assert [(d.kind, d.name, d.first, d.other) for d in found.plans[1].differences] == [
        ("cycle", "weeks", "2", "1")
    ]


def test_what_tells_the_tasks_apart() -> None:
    other = with_rule(small_scenario(), "C", frequency="1/week")
    other = with_store(with_store(other, "B1", **{"class": "A"}), "C1", status="closed")
    other = with_store(other, "X1", status="open")
    other = with_rep(other, "R2", hours="Mo-Fr 09:00-15:00")
    found = compare_plans([judged(), judged("b", other, {("R1", 0): ("A1",)})])
    assert found.plans[0].differences == ()
    assert [(d.kind, d.name, d.first, d.other) for d in found.plans[1].differences] == [
        ("policy", "visit_rules.C.frequency", "1/2weeks", "1/week"),
        ("rep", "R2 hours", "", "Mo-Fr 09:00-15:00"),
        ("store_gone", "C1", "", ""),
        ("store_new", "X1", "", ""),
        ("store", "B1 class", "B", "A"),
    ]


def test_a_name_or_a_phone_makes_no_other_task() -> None:
    other = with_store(small_scenario(), "A1", name="Corner", phone="12", sales=7.0)
    found = compare_plans([judged(), judged("b", other)])
    assert found.plans[1].differences == ()


def test_a_policy_by_another_name_is_the_same_task() -> None:
    other = with_policy(small_scenario(), name="ours")
    found = compare_plans([judged(), judged("b", other)])
    assert found.plans[1].differences == ()


def test_rows_by_hand_with_unknown_stores_are_compared_without_them() -> None:
    scenario = small_scenario()
    visits = [("R1", "mon", "A1"), ("R1", "wed", "A1"), ("R1", "mon", "B1"), ("R2", "tue", "Z9")]
    rows = [
        RouteRow(rep=rep, week=week, weekday=day, store_id=store, position=place, row=place + 1)
        for week in (1, 2)
        for place, (rep, day, store) in enumerate(visits, start=1)
    ]
    hand = judged_rows("today", rows, scenario, matrix_of(scenario))
    found = compare_plans([judged(), hand])
    assert found.plans[1].is_by_hand
    assert len(found.plans[1].left_out) == 2
    assert all("Z9" in words for words in found.plans[1].left_out)
    assert cell(found, "scheduled_visits").value == 6
    assert not [row for row in found.rows if row.subject == "UNKNOWN_STORE"]
    assert cell(found, "all_violations").value == 0
    assert {s.store_id: s.kind for s in found.plans[1].changed} == {
        "B2": "dropped", "C1": "dropped",
    }  # fmt: skip


def test_more_visits_than_required_have_a_row_only_where_there_are_any() -> None:
    found = compare_plans([judged(), judged("b")])
    assert "extra_visits" not in {row.figure for row in found.rows}
    more: Orders = ORDERS | {("R2", 1): ("C1",), ("R2", 6): ("C1",)}
    found = compare_plans([judged(), judged("b", orders=more)])
    assert cell(found, "extra_visits").value == 1
    assert cell(found, "scheduled_visits").difference == 0


def test_a_plan_of_other_reps_is_refused() -> None:
    scenario = small_scenario()
    stranger = scenario.model_copy(update={"reps": (scenario.reps[1],)})
    with pytest.raises(InputError) as caught:
        judged_plan("x", small_plan(scenario), stranger, matrix_of(scenario))
    assert [issue.code for issue in caught.value.issues] == ["PLAN_OF_OTHER_SCENARIO"]
