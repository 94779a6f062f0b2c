"""One driven day: times computed by hand, midday closings, appointments, days that do not fit."""

import pytest

from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Route
from routeplanner.planning.timetable import lateness, time_day
from tests.planning.small_plans import (
    matrix_of,
    small_scenario,
    with_rep,
    with_store,
    with_working_day,
)


def timed(scenario, store_ids, day=0, windows=None):
    return time_day(scenario, matrix_of(scenario), scenario.reps[0], day, "T1", store_ids, windows)


def rows(route: Route) -> list[tuple[str, ...]]:
    return [
        (
            stop.kind,
            stop.store_id or stop.title,
            *(format_clock(t) for t in (stop.arrive, stop.start, stop.depart)),
        )
        for stop in route.stops
    ]


def test_a_short_day_eats_after_returning():
    route, late = timed(small_scenario(), ["A1", "B1"])
    assert late == 0
    assert rows(route) == [
        ("office", "", "08:30", "08:30", "08:45"),
        ("start", "", "08:45", "08:45", "08:45"),
        ("visit", "A1", "08:55", "08:55", "09:55"),
        ("visit", "B1", "10:05", "10:05", "10:50"),
        ("end", "", "11:00", "11:00", "11:00"),
        ("office", "", "11:00", "11:00", "11:30"),
    ]
    assert [stop.position for stop in route.visits] == [1, 2]
    assert [stop.travel_minutes for stop in route.stops] == [0, 0, 10, 10, 10, 0]
    assert [stop.travel_km for stop in route.stops] == [0, 0, 5, 5, 5, 0]
    assert (route.rep, route.day, route.week, route.weekday) == ("R1", 0, 1, "mon")


def test_lunch_follows_a_visit_and_a_day_leaves_late_not_to_wait():
    scenario = with_store(small_scenario(), "A1", opening_hours="Mo-Fr 11:00-18:00")
    route, late = timed(scenario, ["A1", "B1"])
    assert late == 0
    assert rows(route)[1:6] == [
        ("start", "", "10:50", "10:50", "10:50"),
        ("visit", "A1", "11:00", "11:00", "12:00"),
        ("lunch", "", "12:00", "12:00", "13:00"),
        ("visit", "B1", "13:10", "13:10", "13:55"),
        ("end", "", "14:05", "14:05", "14:05"),
    ]


def test_a_day_from_first_to_last_store():
    scenario = with_rep(small_scenario(), "R1", start_at="store", end_at="store")
    route, _ = timed(scenario, ["A1", "B1"])
    assert rows(route)[1:5] == [
        ("start", "", "08:45", "08:45", "08:45"),
        ("visit", "A1", "08:45", "08:45", "09:45"),
        ("visit", "B1", "09:55", "09:55", "10:40"),
        ("end", "", "10:40", "10:40", "10:40"),
    ]
    assert [stop.travel_minutes for stop in route.stops] == [0, 0, 0, 10, 0, 0]


def test_a_midday_closing_takes_the_interval_that_fits():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 08:00-10:00,15:00-18:00")
    route, late = timed(scenario, ["B1", "A1"])
    assert late == 0
    assert route.visits[0].arrive == 8 * 3600 + 55 * 60
    route, late = timed(scenario, ["A1", "B1"])
    assert late == 0
    assert route.visits[1].start == 15 * 3600
    # A1 is visited just before B1 opens, instead of in the morning.
    assert route.visits[0].start == 15 * 3600 - 70 * 60


def test_the_later_interval_is_taken_where_the_earlier_makes_the_day_too_long():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 08:00-10:00,14:00-18:00")
    scenario = with_store(scenario, "C1", opening_hours="Mo-Fr 16:00-18:00")
    scenario = with_working_day(scenario, max_work_minutes=200)
    route, late = timed(scenario, ["B1", "C1"])
    assert late == 0
    assert route.visits[0].start >= 14 * 3600


def test_a_given_window_is_kept():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 08:00-10:00,14:00-18:00")
    window = (14 * 3600, 17 * 3600 + 900)
    route, late = timed(scenario, ["B1"], windows=[window])
    assert late == 0
    assert route.visits[0].start == 14 * 3600


def test_appointments_stand_at_their_times_between_the_stores():
    meetings = [
        {"rep": "R1", "weekday": "mon", "start": "10:30", "end": "11:00", "title": "Meeting"}
        | {"lat": 50, "lon": 9},
        {"rep": "R1", "weekday": "mon", "weeks": [2], "start": "15:00", "end": "16:00"},
        {"rep": "R2", "weekday": "mon", "start": "15:00", "end": "16:00"},
    ]
    scenario = small_scenario(appointments=meetings)
    route, late = timed(scenario, ["A1", "B1"])
    assert late == 0
    assert [stop.store_id or stop.title for stop in route.stops if stop.kind != "office"] == [
        "", "A1", "Meeting", "B1", ""
    ]  # fmt: skip
    meeting = next(stop for stop in route.stops if stop.kind == "appointment")
    assert (meeting.start, meeting.depart) == (10 * 3600 + 1800, 11 * 3600)
    assert meeting.travel_minutes == 10
    second_week, _ = timed(scenario, ["A1", "B1"], day=5)
    assert [s.kind for s in second_week.stops].count("appointment") == 2


def test_an_appointment_with_a_place_is_driven_to():
    meeting = {
        "rep": "R1", "weekday": "mon", "start": "10:00", "end": "11:00", "lat": 50, "lon": 9
    }  # fmt: skip
    route, late = timed(small_scenario(appointments=[meeting]), [])
    assert late == 0
    assert [
        (s.kind, s.travel_minutes) for s in route.stops if s.kind in ("appointment", "end")
    ] == [
        ("appointment", 10),
        ("end", 10),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"opening_hours": "Mo 08:00-09:00"},
        {"closed_days": ["mon"]},
        {"service_minutes": 600},
    ],
)
def test_a_day_that_cannot_be_still_has_a_timeline(changes):
    scenario = with_store(small_scenario(), "A1", **changes)
    route, late = timed(scenario, ["B1", "A1"])
    assert late > 0
    times = [t for stop in route.stops for t in (stop.arrive, stop.start, stop.depart)]
    assert times == sorted(times)
    assert [stop.store_id for stop in route.visits] == ["B1", "A1"]


def test_longer_travel_breaks_a_tight_day_but_may_use_the_reserve():
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 08:00-10:50")
    route, late = timed(scenario, ["A1", "B1"])
    assert late == 0
    assert lateness(scenario, matrix_of(scenario), route, 1.0) == 0
    assert lateness(scenario, matrix_of(scenario), route, 1.2) == 4 * 60
    # 375 minutes of visits and 30 of travel are more than the 391.5 to plan, less than the day.
    full = with_store(small_scenario(), "A1", service_minutes=150)
    full = with_store(full, "B1", service_minutes=225)
    route, late = timed(full, ["A1", "B1"])
    assert late == round(13.5 * 60)
    assert lateness(full, matrix_of(full), route, 1.2) == 0
