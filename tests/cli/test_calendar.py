"""`routeplanner calendar` on the Golden Week that `tests/operations` counts by hand."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from routeplanner.cli import main
from routeplanner.files.plan_json import write_plan, write_scenario
from tests.operations.two_reps import plan_of, two_reps

PERIOD = ("--start", "2026-09-14", "--until", "2026-10-30")
GOLDEN_WEEK = (*PERIOD, "--country", "CN", "--absence", "R2=2026-10-12/2026-10-23")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    scenario = two_reps()
    write_scenario(scenario, folder / "scenario.json")
    write_plan(plan_of(scenario), folder / "plan.json")
    return folder / "plan.json"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        main, ["calendar", *(str(argument) for argument in arguments)], env={"COLUMNS": "200"}
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_changes_and_frequencies_are_printed(plan: Path) -> None:
    result = run(plan, *GOLDEN_WEEK, "--lost-days", "push_back")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("64 visits on")
    assert "12 shifted, 13 skipped" in result.output
    assert "National Day" in result.output
    assert "Thu 2026-10-08" in result.output
    assert "no working day in reach (rule push back)" in result.output
    assert "day off, worked on 2026-09-20 instead" in result.output
    assert "no rule given" not in result.output


def test_visits_skipped_for_want_of_a_rule_or_of_an_open_store_say_so(
    plan: Path, tmp_path: Path
) -> None:
    result = run(plan, *GOLDEN_WEEK, "--lost-days", "A=skip")
    assert "rule skip" in result.output
    assert "no rule given" in result.output
    assert "Where no rule is given, lost visits are skipped; --lost-days push_back" in result.output
    scenario = two_reps(B1={"closed_days": ["sun"]})
    write_scenario(scenario, tmp_path / "scenario.json")
    write_plan(plan_of(scenario), tmp_path / "plan.json")
    result = run(tmp_path, *GOLDEN_WEEK, "--out", tmp_path)
    assert "store closed on the make-up day (no rule given)" in result.output
    obstacles = {
        (c["store_id"], c["from_date"]): c["obstacle"] for c in rows(tmp_path / "changes.csv")
    }
    assert obstacles["B1", "2026-10-06"] == "closed"


def test_without_a_country_no_holiday_is_laid_and_that_is_said(plan: Path) -> None:
    assert "No public holidays are laid" in run(plan, *PERIOD).stderr
    assert "No public holidays are laid" not in run(plan, *GOLDEN_WEEK).stderr


def test_rules_by_class_win_over_those_for_all(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    rules = ("--lost-days", "push_back", "--lost-days", "A=skip")
    assert run(plan, *GOLDEN_WEEK, *rules, "--out", out).exit_code == 0
    changes = rows(out / "changes.csv")
    made = {(c["class"], c["changed_by"]) for c in changes} - {("A", "make_up"), ("B", "make_up")}
    assert made == {("A", "skip"), ("B", "push_back"), ("C", "push_back"), ("C", "make_up")}


def test_files_hold_what_was_laid(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(plan, *GOLDEN_WEEK, "--out", out, "--timezone", "Asia/Shanghai")
    assert result.exit_code == 0, result.output
    visits = rows(out / "visits.csv")
    assert len(visits) == 18 + 12 + 7 + 6 + 5 + 3 + 3 + 2 + 1
    sunday = [v for v in visits if v["date"] == "2026-09-20" and v["rep"] == "R1"]
    assert [(v["store_id"], v["weekday"], v["due"]) for v in sunday] == [
        ("B1", "sun", "2026-10-06"),
        ("C2", "sun", "2026-10-06"),
    ]
    frequencies = {
        f["store_id"]: (f["required"], f["reached"]) for f in rows(out / "frequencies.csv")
    }
    assert frequencies["A2"] == ("21", "12")
    skipped = [c for c in rows(out / "changes.csv") if not c["to_date"]]
    assert len(skipped) == 20
    events = Calendar.from_ical((out / "days.ics").read_bytes()).walk("VEVENT")
    days = {(v["rep"], v["date"]) for v in visits}
    assert len(events) == len(days) == len({event["uid"] for event in events})
    assert not any("rrule" in event for event in events)
    start = min(event.start for event in events)
    assert start == datetime(2026, 9, 14, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_own_days_win_over_the_country(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    own = ("--work-day", "2026-10-01", "--day-off", "2026-10-10=Fair", "--work-day",
           "2026-10-11=2026-10-07")  # fmt: skip
    result = run(plan, *PERIOD, "--country", "CN", *own, "--out", out)
    assert result.exit_code == 0, result.output
    changes = {(c["store_id"], c["from_date"]): c["to_date"] for c in rows(out / "changes.csv")}
    assert ("B2", "2026-10-01") not in changes
    assert changes["A1", "2026-10-07"] == "2026-10-11"


def test_a_cycle_can_pause_and_begin_with_any_week(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    monday = date(2026, 3, 9)
    off = [part for n in range(5) for part in ("--day-off", f"{monday + timedelta(days=n)}")]
    result = run(
        plan, "--start", "2026-03-02", "--until", "2026-03-22", "--week", "2", "--pause", *off,
        "--out", out,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    thursday = [v["store_id"] for v in rows(out / "visits.csv") if v["date"] == "2026-03-19"]
    assert thursday == ["B2", "C1", "C3"]  # week 1 follows week 2


def test_a_period_without_changes_says_so(plan: Path) -> None:
    result = run(plan, "--start", "2026-03-02", "--until", "2026-03-06")
    assert result.exit_code == 0
    assert "Every store gets all visits of the period." in result.output


def test_an_edited_plan_is_laid_too(plan: Path, tmp_path: Path) -> None:
    edited = tmp_path / "routes.csv"
    edited.write_text("rep,week,weekday,position,store_id\nR1,1,mon,1,C1\n", encoding="utf-8")
    scenario = plan.with_name("scenario.json")
    result = run(edited, "--scenario", scenario, "--start", "2026-03-02", "--until", "2026-03-15")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("1 visits on 1 driven days")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--day-off", "1 October"), "no date"),
        (("--work-day", "2026-10-10=soon"), "no date"),
        (("--absence", "R1"), "REP=DATE/DATE"),
        (("--absence", "R9=2026-10-01/2026-10-02"), "UNKNOWN_REP"),
        (("--absence", "R9=2026-10-01/2026-10-02"), "--absence"),
        (("--absence", "R9=2026-10-01/2026-10-02"), "reps: R1, R2."),
        (("--lost-days", "wait"), "none of skip"),
        (("--lost-days", "Z=skip"), "UNKNOWN_CLASS"),
        (("--lost-days", "Z=skip"), "class of the policy: A, B, C."),
        (("--country", "XX"), "UNKNOWN_COUNTRY"),
        (("--country", "Germany"), "Codes like it: DE."),
        (("--country", "DE-XX"), "States of DE are: BB, BE,"),
        (("--country", "CN-11"), "give CN alone"),
        (("--week", "3"), "WEEK_NOT_IN_CYCLE"),
        (("--timezone", "Europe/Berlin"), "needs --out"),
    ],
)
def test_wrong_options_are_told(plan: Path, options: tuple[str, ...], words: str) -> None:
    result = run(plan, *PERIOD, *options)
    assert result.exit_code == 2
    assert words in result.output + result.stderr


def test_a_wrong_time_zone_is_told_before_anything_is_written(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(plan, *PERIOD, "--out", out, "--timezone", "Mars")
    assert result.exit_code == 2
    assert "--timezone" in result.stderr
    assert "visits" not in result.stdout
    assert not out.exists()


def test_missing_make_up_days_are_told(plan: Path) -> None:
    result = run(plan, "--start", "2017-03-06", "--until", "2017-03-10", "--country", "HU")
    assert "make-up days of HU are not known for 2017" in result.stderr
