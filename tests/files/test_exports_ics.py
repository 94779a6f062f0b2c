from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.files.exports import export
from tests.files.hostile import ATTACK, hostile_plan, hostile_scenario
from tests.files.meetings import with_meeting_days
from tests.sample_plans import sample_plan, sample_scenario

BERLIN = "Europe/Berlin"


def _events(path: Path) -> list[Event]:
    calendar = Calendar.from_ical(path.read_bytes())
    return [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]


def _export(plan: Plan, scenario: Scenario, path: Path, **options: object) -> list[Event]:
    export(plan, scenario, "ics", path, **{"timezone": BERLIN, **options})  # type: ignore[arg-type]
    return _events(path)


def test_one_event_a_day_that_repeats_with_the_cycle(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    events = _export(plan, scenario, tmp_path / "plan.ics")
    assert len(events) == 12
    tuesday = events[1]
    assert tuesday["summary"] == "T2 · 3 stores"
    assert tuesday.start == datetime(2026, 3, 3, 8, 30, tzinfo=ZoneInfo(BERLIN))
    assert tuesday["rrule"] == {"FREQ": ["WEEKLY"], "INTERVAL": [2], "BYDAY": ["TU"]}
    lines = str(tuesday["description"]).split("\n")
    assert lines[0].startswith("45 min in store")
    assert lines[1] == "11:00–11:15 1 Park Corner 3 (B) · 3 Main Street · +86 571 8800 0003"
    assert lines[2].endswith("Lunch, 60 min")
    assert events[6].start.date() == date(2026, 3, 9)  # Monday of week 2


def test_the_calendar_names_where_the_times_come_from(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    path = tmp_path / "plan.ics"
    export(plan, scenario, "ics", path, timezone="Europe/Berlin", start_date=date(2026, 3, 2))
    words = str(Calendar.from_ical(path.read_bytes())["x-wr-caldesc"])
    assert words == f"Times: {plan.provenance.travel_source}"


def test_clocks_that_change_leave_the_hour_of_the_visit(tmp_path: Path) -> None:
    scenario = sample_scenario()
    path = tmp_path / "plan.ics"
    (monday, *_) = _export(sample_plan(scenario), scenario, path, start_date=date(2026, 3, 23))
    text = path.read_bytes().decode()
    assert "DTSTART;TZID=Europe/Berlin:20260323T083000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert monday.start.utcoffset() == timedelta(hours=1)
    later = monday.start + timedelta(weeks=2)
    assert (later.hour, later.utcoffset()) == (8, timedelta(hours=2))


def test_week_one_is_the_week_that_begins_on_the_start_date(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    events = _export(plan, scenario, tmp_path / "a.ics", start_date=date(2026, 3, 9))
    starts = [event.start.date() for event in events]
    assert starts[:2] == [date(2026, 3, 9), date(2026, 3, 10)]
    assert starts[6] == date(2026, 3, 16)
    assert max(starts) < date(2026, 3, 9) + timedelta(weeks=2)


def test_a_start_within_a_week_is_refused_with_the_mondays_round_it(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    with pytest.raises(InputError) as caught:
        _export(plan, scenario, tmp_path / "a.ics", start_date=date(2026, 3, 5))
    (issue,) = caught.value.issues
    assert issue.code == "START_NOT_MONDAY"
    assert "2026-03-05 is a Thursday" in issue.message
    assert issue.hint == "start on 2026-03-02 or 2026-03-09"
    assert not (tmp_path / "a.ics").exists()


def test_appointments_are_named_beside_the_stores(tmp_path: Path) -> None:
    scenario = sample_scenario()
    (monday, *_) = _export(sample_plan(scenario), scenario, tmp_path / "plan.ics")
    assert monday["summary"] == "T1 · 2 stores + Team meeting 10:30"
    assert "10:30–11:30 Team meeting" in str(monday["description"]).split("\n")


def test_a_day_of_appointments_only_goes_by_their_titles(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    monday, tuesday, *_ = _export(plan, scenario, tmp_path / "plan.ics")
    assert monday["summary"] == "Team meeting 10:30–11:30"
    assert str(monday["description"]) == "10:30–11:30 Team meeting"
    assert monday["categories"].to_ical() == b"Team meeting"
    assert tuesday["summary"] == "T2 · 3 stores"
    was = _export(sample_plan(scenario), scenario, tmp_path / "was.ics")
    assert was[0]["uid"] == monday["uid"]


def test_one_event_a_visit_on_request(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    plan = sample_plan(scenario)
    events = _export(plan, scenario, tmp_path / "plan.ics", per_visit=True)
    assert len(events) == plan.scheduled_visits
    first = events[0]
    assert first["summary"] == "R01 1 Central Mall 1 (A)"
    assert first["location"] == "1 Main Street"
    assert first.end - first.start == timedelta(minutes=30)
    assert len({event["uid"] for event in events}) == len(events)


@pytest.mark.parametrize("per_visit", [False, True])
def test_a_new_plan_replaces_the_old(tmp_path: Path, per_visit: bool) -> None:
    scenario = sample_scenario()
    old = sample_plan(scenario)
    later = tuple(
        route.model_copy(
            update={
                "template": "T9",
                "stops": tuple(
                    stop.model_copy(update={"start": stop.start + 60, "depart": stop.depart + 60})
                    for stop in route.stops
                ),
            }
        )
        for route in old.routes
    )
    new = old.model_copy(update={"id": "other", "version": 2, "routes": later})
    was = _export(old, scenario, tmp_path / "old.ics", per_visit=per_visit)
    now = _export(new, scenario, tmp_path / "new.ics", per_visit=per_visit)
    assert [event["uid"] for event in was] == [event["uid"] for event in now]
    assert {event["sequence"] for event in was} == {1}
    assert {event["sequence"] for event in now} == {2}
    assert all(a.start != b.start for a, b in zip(was, now, strict=True))


def test_days_that_the_new_plan_does_not_drive_are_canceled(tmp_path: Path) -> None:
    scenario = sample_scenario()
    old = sample_plan(scenario)
    new = old.model_copy(update={"version": 2, "routes": old.routes[1:]})
    events = _export(new, scenario, tmp_path / "new.ics", previous=old)
    canceled = [event for event in events if event["status"] == "CANCELLED"]
    first = _export(old, scenario, tmp_path / "old.ics")[0]
    assert [(event["uid"], event["sequence"]) for event in canceled] == [(first["uid"], 2)]
    assert len(events) == 12


def test_reps_with_equal_labels_have_their_own_events(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    events = _export(sample_plan(scenario), scenario, tmp_path / "plan.ics")
    assert len({event["uid"] for event in events}) == 24
    assert {str(event["summary"])[:3] for event in events} == {"R01", "R02"}


def test_what_a_calendar_cannot_do_without_is_asked_for(tmp_path: Path) -> None:
    scenario = sample_scenario().model_copy(update={"start_date": None})
    plan = sample_plan(scenario)
    path = tmp_path / "plan.ics"
    for options, codes in (
        ({"timezone": BERLIN}, ["NO_START_DATE"]),
        ({"start_date": date(2026, 3, 2)}, ["NO_TIME_ZONE"]),
        ({"start_date": date(2026, 3, 2), "timezone": "Mars/Base"}, ["UNKNOWN_TIME_ZONE"]),
        ({"start_date": date(2026, 3, 2), "timezone": "../etc"}, ["UNKNOWN_TIME_ZONE"]),
        ({}, ["NO_START_DATE", "NO_TIME_ZONE"]),
        ({"start_date": date(2026, 3, 3)}, ["START_NOT_MONDAY", "NO_TIME_ZONE"]),
    ):
        with pytest.raises(InputError) as caught:
            export(plan, scenario, "ics", path, **options)  # type: ignore[arg-type]
        assert [issue.code for issue in caught.value.issues] == codes
        assert all(issue.hint for issue in caught.value.issues)
        assert not path.exists()


def test_chinese_coordinates_mean_chinese_time(tmp_path: Path) -> None:
    scenario = sample_scenario("zh", coordinates="gcj02")
    export(sample_plan(scenario), scenario, "ics", tmp_path / "plan.ics")
    event = _events(tmp_path / "plan.ics")[1]
    assert str(event.start.tzinfo) == "Asia/Shanghai"
    assert event["summary"] == "T2 · 3 家门店"


def test_words_of_the_input_come_back_as_they_were(tmp_path: Path) -> None:
    scenario = hostile_scenario()
    path = tmp_path / "plan.ics"
    events = _export(hostile_plan(scenario), scenario, path, per_visit=True)
    assert events[0]["location"] == ATTACK
    assert all(len(line) <= 75 for line in path.read_bytes().split(b"\r\n"))
