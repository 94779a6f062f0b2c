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


def test_week_one_holds_the_start_date_and_nothing_lies_before_it(tmp_path: Path) -> None:
    scenario = sample_scenario()
    thursday = date(2026, 3, 5)
    events = _export(sample_plan(scenario), scenario, tmp_path / "a.ics", start_date=thursday)
    starts = [event.start.date() for event in events]
    assert starts[:3] == [date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18)]
    assert starts[3] == thursday
    assert min(starts) == thursday
    assert max(starts) < thursday + timedelta(weeks=2)


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
    for options, code in (
        ({"timezone": BERLIN}, "NO_START_DATE"),
        ({"start_date": date(2026, 3, 2)}, "NO_TIME_ZONE"),
        ({"start_date": date(2026, 3, 2), "timezone": "Mars/Base"}, "UNKNOWN_TIME_ZONE"),
        ({"start_date": date(2026, 3, 2), "timezone": "../etc"}, "UNKNOWN_TIME_ZONE"),
    ):
        with pytest.raises(InputError) as caught:
            export(plan, scenario, "ics", path, **options)  # type: ignore[arg-type]
        assert [issue.code for issue in caught.value.issues] == [code]
        assert caught.value.issues[0].hint
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
