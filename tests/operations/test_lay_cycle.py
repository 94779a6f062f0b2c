"""Edges of laying a cycle on dates, each counted by hand on the territory of `two_reps`."""

from datetime import date, timedelta

import pytest

from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayRule
from routeplanner.domain.hours import WeeklyHours
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.errors import InputError
from routeplanner.operations.laying import lay_cycle
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import ORDERS, plan_of, two_reps, with_working_day

MONDAY = date(2026, 3, 2)
EVERY_CLASS = "ABC"


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def off(*offsets: int) -> WorkCalendar:
    return WorkCalendar().overlaid(
        CalendarDay(day(n), is_worked=False, cause="company", name="stocktaking") for n in offsets
    )


def laid(
    dates: CycleDates,
    calendar: WorkCalendar | None = None,
    scenario: Scenario | None = None,
    rule: LostDayRule | None = None,
    **more: object,
) -> DatedPlan:
    used = scenario or two_reps()
    return lay_cycle(
        plan_of(used),
        used,
        travel_matrix(used),
        dates,
        calendar or WorkCalendar(),
        rules=dict.fromkeys(EVERY_CLASS, rule) if rule else None,
        **more,  # type: ignore[arg-type]
    )


def test_an_undisturbed_cycle_repeats_with_its_own_times() -> None:
    plan = plan_of(two_reps())
    dated = laid(CycleDates(MONDAY, day(27)))
    assert dated.changes == ()
    assert len(dated.visits) == 2 * sum(len(ids) for ids in ORDERS.values())
    assert all(f.required == f.reached for f in dated.frequencies)
    first = next(d for d in dated.routes if d.date == day(14) and d.route.rep == "R1")
    assert first.route == plan.routes[0]


def test_a_cycle_begins_with_the_week_and_the_day_that_are_given() -> None:
    dated = laid(CycleDates(day(2), day(8), first_week=2))  # Wednesday to Tuesday
    r1 = [(v.date, v.store_id) for v in dated.visits if v.rep == "R1"]
    assert r1 == [
        (day(2), "A1"), (day(3), "B2"), (day(4), "A1"),  # the rest of week 2
        (day(7), "A1"), (day(8), "B1"),  # week 1
    ]  # fmt: skip


def test_one_day_is_a_period() -> None:
    dated = laid(CycleDates(day(3), day(3)))
    assert [(v.rep, v.store_id) for v in dated.visits] == [("R1", "B2"), ("R1", "C1"), ("R2", "C3")]


def test_a_period_without_work_is_empty() -> None:
    dated = laid(CycleDates(day(5), day(6)))  # a weekend
    assert (dated.routes, dated.visits, dated.changes, dated.frequencies) == ((), (), (), ())


def test_a_leap_day_and_the_53rd_week_are_days_like_any_other() -> None:
    leap = laid(CycleDates(date(2028, 2, 28), date(2028, 3, 3)))  # Monday to Friday
    assert {v.date for v in leap.visits} >= {date(2028, 2, 29), date(2028, 3, 1)}
    # 28 December 2026 begins ISO week 53, the Monday after it week 1 of 2027.
    turn = laid(CycleDates(date(2026, 12, 28), date(2027, 1, 8)))
    weeks = {d.date.isocalendar().week: d.route.week for d in turn.routes}
    assert weeks == {53: 1, 1: 2}


def test_a_cycle_runs_on_over_a_lost_week() -> None:
    dated = laid(CycleDates(MONDAY, day(27)), off(7, 8, 9, 10, 11))
    r1 = [v.store_id for v in dated.visits if v.rep == "R1" and v.date >= day(14)]
    assert r1[:5] == ["A1", "B1", "A1", "B2", "C1"]  # the third week is week 1
    assert {c.changed_by for c in dated.changes} == {"skip"}
    assert len(dated.changes) == 6 + 5  # all of week 2: R1 6, R2 5


def test_a_cycle_that_pauses_comes_a_week_later() -> None:
    dated = laid(CycleDates(MONDAY, day(27), lost_weeks="pause"), off(7, 8, 9, 10, 11))
    r1 = [v.store_id for v in dated.visits if v.rep == "R1" and day(14) <= v.date <= day(18)]
    assert r1 == ["A1", "B1", "C2", "A1", "B2", "A1"]  # the third week is week 2
    assert {c.changed_by for c in dated.changes} == {"pause"}
    assert {c.to_date - c.from_date for c in dated.changes if c.to_date} == {timedelta(days=7)}
    # The last three weeks of the unbroken cycle, 11 visits each, are shifted, the very last out.
    assert len(dated.changes) == 3 * 11
    assert sum(c.to_date is not None and c.to_date > day(27) for c in dated.changes) == 11


def test_a_pause_is_each_reps_own() -> None:
    ill = Absence("R2", day(7), day(13), "ill")
    dated = laid(CycleDates(MONDAY, day(27), lost_weeks="pause"), absences=[ill])
    assert {c.rep for c in dated.changes} == {"R2"}


def test_a_lost_part_of_a_week_pauses_nothing() -> None:
    dated = laid(CycleDates(MONDAY, day(13), lost_weeks="pause"), off(7, 8, 9, 10))
    assert {c.changed_by for c in dated.changes} == {"skip"}


def test_a_pause_at_the_start_drives_the_first_week_when_work_begins() -> None:
    dated = laid(
        CycleDates(day(3), day(13), lost_weeks="pause"), off(3, 4)
    )  # Thursday and Friday are off
    r1 = [(v.date, v.store_id) for v in dated.visits if v.rep == "R1"]
    assert r1[:2] == [(day(7), "A1"), (day(8), "B1")]
    assert all(c.changed_by == "pause" for c in dated.changes)


def test_a_make_up_saturday_of_a_six_day_week_drives_its_own_route() -> None:
    workdays = ("mon", "tue", "wed", "thu", "fri", "sat")
    scenario = two_reps(workdays)
    orders = {("R1", 0): ("A1",), ("R1", 5): ("C1",)}
    calendar = off(0).overlaid(
        [CalendarDay(day(5), is_worked=True, cause="make_up", replaces=day(0))]
    )
    dates = CycleDates(MONDAY, day(6))
    dated = lay_cycle(plan_of(scenario, orders), scenario, travel_matrix(scenario), dates, calendar)
    assert [(v.date, v.store_id) for v in dated.visits] == [(day(5), "C1")]
    assert [(c.store_id, c.changed_by) for c in dated.changes] == [("A1", "skip")]


def test_a_rep_who_is_free_on_saturdays_works_on_a_make_up_saturday() -> None:
    workdays = ("mon", "tue", "wed", "thu", "fri", "sat")
    scenario = two_reps(workdays)
    hours = WeeklyHours.model_validate("Mo-Fr 08:30-17:30")
    reps = tuple(rep.model_copy(update={"hours": hours}) for rep in scenario.reps)
    five_days = scenario.model_copy(update={"reps": reps})
    plan = plan_of(five_days, {("R1", 0): ("A1",)})
    made_up = CalendarDay(day(5), is_worked=True, cause="make_up", replaces=day(0))
    dated = lay_cycle(
        plan,
        five_days,
        travel_matrix(five_days),
        CycleDates(MONDAY, day(6)),
        off(0).overlaid([made_up]),
    )
    assert [(v.date, v.store_id) for v in dated.visits] == [(day(5), "A1")]


def test_a_make_up_day_outside_the_period_belongs_to_the_other_publication() -> None:
    make_up = CalendarDay(day(12), is_worked=True, cause="make_up", replaces=day(15))
    calendar = off(15).overlaid([make_up])  # Saturday of the second week for Tuesday of the third
    before = laid(CycleDates(MONDAY, day(13)), calendar)
    after = laid(CycleDates(day(14), day(27)), calendar)
    assert [v.store_id for v in before.visits if v.date == day(12)] == ["B1", "B3"]
    assert all(v.date != day(15) for v in after.visits)
    for dated in (before, after):
        moved = [(c.store_id, c.from_date, c.to_date) for c in dated.changes]
        assert moved == [("B1", day(15), day(12)), ("B3", day(15), day(12))]


def test_a_store_that_is_closed_on_the_make_up_day_is_lost() -> None:
    scenario = two_reps(B1={"closed_days": ["sat"]})
    make_up = CalendarDay(day(5), is_worked=True, cause="make_up", replaces=day(1))
    dates = CycleDates(MONDAY, day(6))
    dated = laid(dates, off(1).overlaid([make_up]), scenario)
    assert [(c.store_id, c.to_date) for c in dated.changes] == [("B1", None), ("B3", day(5))]
    assert [c.obstacle for c in dated.changes] == ["closed", None]
    assert {d.route.rep for d in dated.routes if d.date == day(5)} == {"R2"}
    pushed = laid(dates, off(1).overlaid([make_up]), scenario, LostDayRule("push_back"))
    assert [(c.store_id, c.to_date) for c in pushed.changes] == [("B1", day(2)), ("B3", day(5))]


def test_a_rep_who_is_away_on_the_make_up_day_loses_the_route() -> None:
    make_up = CalendarDay(day(5), is_worked=True, cause="make_up", replaces=day(1))
    away = Absence("R1", day(5), day(5))
    dated = laid(CycleDates(MONDAY, day(6)), off(1).overlaid([make_up]), absences=[away])
    assert [(c.store_id, c.to_date) for c in dated.changes] == [("B1", None), ("B3", day(5))]


def test_the_companys_own_days_and_those_of_a_rep_win() -> None:
    holiday = WorkCalendar().overlaid(
        [CalendarDay(day(1), is_worked=False, cause="holiday", name="Holiday")]
    )
    worked = CalendarDay(day(1), is_worked=True, cause="company")
    assert laid(CycleDates(MONDAY, day(4)), holiday.overlaid([worked])).changes == ()
    only_r2 = laid(CycleDates(MONDAY, day(4)), holiday, rep_days={"R2": [worked]})
    assert [(c.rep, c.store_id, c.cause) for c in only_r2.changes] == [("R1", "B1", "holiday")]


def test_a_holiday_within_an_absence_stays_a_holiday() -> None:
    away = Absence("R1", MONDAY, day(4), "leave")
    dated = laid(CycleDates(MONDAY, day(4)), off(1), absences=[away])
    causes = {c.store_id: c.cause for c in dated.changes if c.rep == "R1"}
    assert causes == {"A1": "absence", "B1": "company", "B2": "absence", "C1": "absence"}


def test_a_day_without_room_takes_nothing() -> None:
    """A1 alone takes 80 minutes of Wednesday; with B1 it would be 135, with C2 120."""
    for longest, expected in ((134.0, "no_room"), (135.0, None)):
        scenario = with_working_day(two_reps(), max_work_minutes=longest, reserve=0.0)
        dated = laid(CycleDates(MONDAY, day(2)), off(1), scenario, LostDayRule("push_back"))
        found = {c.store_id: c for c in dated.changes}
        assert found["B1"].obstacle == expected
        assert (found["B1"].to_date is None) == (expected is not None)


def test_the_largest_share_in_stores_holds_for_shifted_visits() -> None:
    """Wednesday with A1 and B1 holds 105 of 480 minutes in stores: 21.9 %."""
    for limit, is_placed in ((0.21, False), (0.22, True)):
        scenario = with_working_day(two_reps(), in_store_limit=limit)
        dated = laid(CycleDates(MONDAY, day(2)), off(1), scenario, LostDayRule("push_back"))
        found = {c.store_id: c.to_date for c in dated.changes}
        assert (found["B1"] == day(2)) == is_placed


def test_a_visit_moves_as_far_as_its_rule_says() -> None:
    """C1 on Thursday; Friday is off too, so Monday is nearest, four days on."""
    for furthest, expected in ((3, None), (4, day(7))):
        rule = LostDayRule("push_back", furthest_days=furthest)
        dated = laid(CycleDates(MONDAY, day(13)), off(3, 4), rule=rule)
        assert next(c for c in dated.changes if c.store_id == "C1").to_date == expected


def test_a_visit_keeps_its_distance_from_the_stores_other_visits() -> None:
    calendar = off(3)  # Thursday: B2 could go to Friday; its next visit is on Thursday, day 10
    near = laid(CycleDates(MONDAY, day(13)), calendar, rule=LostDayRule("push_back"))
    far = laid(
        CycleDates(MONDAY, day(13)), calendar, rule=LostDayRule("push_back", least_gap_days=7)
    )
    assert next(c for c in near.changes if c.store_id == "B2").to_date == day(4)
    assert next(c for c in far.changes if c.store_id == "B2").to_date is None


def test_a_pinned_visit_moves_to_its_weekday_only() -> None:
    scenario = two_reps(B1={"pinned_days": [{"weekday": "tue"}]})
    dated = laid(CycleDates(MONDAY, day(13)), off(1), scenario, LostDayRule("push_back"))
    moved = {c.store_id: c.to_date for c in dated.changes}
    assert moved == {"B1": None, "B3": day(2)}


def test_a_store_is_not_visited_where_it_is_closed() -> None:
    scenario = two_reps(B1={"closed_days": ["wed"]})
    dated = laid(CycleDates(MONDAY, day(13)), off(1), scenario, LostDayRule("push_back"))
    moved = {c.store_id: c.to_date for c in dated.changes}
    assert moved == {"B1": day(3), "B3": day(2)}


def test_a_class_without_a_rule_is_skipped() -> None:
    scenario = two_reps()
    dated = lay_cycle(
        plan_of(scenario),
        scenario,
        travel_matrix(scenario),
        CycleDates(MONDAY, day(13)),
        off(8),  # Tuesday of week 2: B1, C2, B3
        rules={"B": LostDayRule("push_back")},
    )
    moved = {c.store_id: c.to_date for c in dated.changes}
    assert moved == {"B1": day(9), "B3": day(9), "C2": None}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        laid(
            CycleDates(day(1), MONDAY, first_week=3),
            absences=[Absence("R9", day(1), MONDAY)],
            rep_days={"R8": []},
            rule=LostDayRule("skip", furthest_days=-1),
        )
    codes = [issue.code for issue in caught.value.issues]
    assert codes == [
        "UNTIL_BEFORE_START", "WEEK_NOT_IN_CYCLE", "UNKNOWN_REP", "ABSENCE_ENDS_BEFORE_START",
        "UNKNOWN_REP", "RULE_OUT_OF_RANGE", "RULE_OUT_OF_RANGE", "RULE_OUT_OF_RANGE",
    ]  # fmt: skip


def test_a_plan_of_another_scenario_is_told() -> None:
    scenario = two_reps()
    plan = plan_of(scenario)
    fewer = [scenario.model_copy(update={"reps": scenario.reps[:1]}),
             scenario.model_copy(update={"stores": scenario.stores[1:]}),
             two_reps(("mon", "tue", "wed", "thu", "fri", "sat"))]  # fmt: skip
    for other in fewer:
        with pytest.raises(InputError) as caught:
            lay_cycle(plan, other, travel_matrix(scenario), CycleDates(MONDAY, day(6)))
        assert [issue.code for issue in caught.value.issues] == ["PLAN_OF_OTHER_SCENARIO"]


def test_a_store_without_visits_needs_no_class() -> None:
    scenario = two_reps()
    closed = scenario.stores[0].model_copy(
        update={"id": "Z1", "store_class": None, "status": "closed"}
    )
    more = scenario.model_copy(update={"stores": (*scenario.stores, closed)})
    dated = lay_cycle(
        plan_of(scenario), more, travel_matrix(scenario), CycleDates(MONDAY, day(6)), off(1)
    )
    assert len(dated.changes) == 2


def test_a_year_is_the_longest_period() -> None:
    assert laid(CycleDates(MONDAY, day(365))).visits
    with pytest.raises(InputError):
        laid(CycleDates(MONDAY, day(366)))


def test_a_plan_without_routes_is_empty() -> None:
    scenario = two_reps()
    empty = plan_of(scenario, {})
    dated = lay_cycle(empty, scenario, travel_matrix(scenario), CycleDates(MONDAY, day(13)))
    assert (dated.routes, dated.frequencies) == ((), ())


def test_stores_that_go_out_of_use_are_skipped_and_their_days_timed_without_them() -> None:
    """B2 is out of use, C2 has Monday of week 2 as its last day; C1 follows B2 on Thursday."""
    last = {"B2": date.min, "C2": day(7)}
    dated = laid(CycleDates(MONDAY, day(13)), last_days=last)
    assert [(c.store_id, c.from_date, c.to_date, c.cause, c.obstacle) for c in dated.changes] == [
        ("B2", day(3), None, "out_of_use", "out_of_use"),
        ("C2", day(8), None, "out_of_use", "out_of_use"),
        ("B2", day(10), None, "out_of_use", "out_of_use"),
    ]
    reached = {f.store_id: (f.required, f.reached) for f in dated.frequencies}
    assert (reached["B2"], reached["C2"], reached["C1"]) == ((2, 0), (1, 0), (1, 1))
    before = {v.date: v.start for v in laid(CycleDates(MONDAY, day(13))).visits if v.rep == "R1"}
    thursday = [(v.store_id, v.position, v.start) for v in dated.visits if v.date == day(3)]
    assert ("C1", 1, before[day(1)]) in thursday  # as on a day of one visit
    assert [v.store_id for v in dated.visits if v.date == day(8)] == ["B1", "B3"]


def test_a_lost_visit_moves_to_no_day_after_the_last_of_its_store() -> None:
    """B1 on Tuesday is lost; pushed back it would be made on Wednesday."""
    dates, rule = CycleDates(MONDAY, day(6)), LostDayRule("push_back")
    for last, found in ((day(2), day(2)), (day(1), None)):
        dated = laid(dates, off(1), rule=rule, last_days={"B1": last})
        [moved] = [change for change in dated.changes if change.store_id == "B1"]
        assert (moved.to_date, moved.cause) == (found, "company")
