"""`reserve` on the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.domain.scenario import Scenario
from routeplanner.files.plan_json import write_plan, write_scenario
from tests.planning.small_plans import small_plan, small_scenario, with_store


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["reserve", *(str(argument) for argument in arguments)])


def folder(path: Path, language: str = "en") -> Path:
    """A plan whose day of A1 and B1 has five minutes to spare."""
    scenario: Scenario = small_scenario(language=language)
    scenario = with_store(with_store(scenario, "A1", service_minutes=200), "B1", name="Corner")
    scenario = with_store(scenario, "B1", service_minutes=200)
    path.mkdir()
    write_scenario(scenario, path / "scenario.json")
    write_plan(small_plan(scenario), path / "plan.json")
    return path


def test_days_totals_and_the_reserve_that_is_needed(tmp_path: Path) -> None:
    result = run(folder(tmp_path / "plan"))
    assert result.exit_code == 0, result.output
    lines = {line.split("│")[0].strip(): line for line in result.output.splitlines()}
    assert "4 min, without Corner" in lines["R1 Week 1 Mon"]
    assert lines["R1 Week 1 Wed"].count("holds") == 3
    assert "0 of 5 days break" in lines["In all"]
    assert "2 of 5 days break" in lines["In all"]
    assert [word for word in lines["Reserve needed"].split() if word.isdigit()] == ["4", "7", "11"]


def test_real_minutes_and_other_percents(tmp_path: Path) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text(
        "store,minutes\n" + "A1,230\n" * 3 + "B2,10\n" * 5 + "Z9,10\n", encoding="utf-8"
    )
    result = run(folder(tmp_path / "plan"), "--visits", visits, "--longer", "5")
    assert result.exit_code == 0, result.output
    assert "Travel +5 %" in result.output
    assert "+20 %" not in result.output
    assert "Minutes in store of 8 visits" in result.output
    assert "Z9" in result.output


def test_chinese(tmp_path: Path) -> None:
    result = run(folder(tmp_path / "plan", "zh"))
    assert result.exit_code == 0, result.output
    assert "4 分钟，放弃 Corner" in result.output
    assert "所需预留" in result.output


@pytest.mark.parametrize(
    ("text", "code"), [("store,minutes\nZ9,10\n", "NO_KNOWN_STORE"), ("a,b\n1,2\n", "NO_HEADER")]
)
def test_visits_that_say_nothing_of_the_plan(tmp_path: Path, text: str, code: str) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text(text, encoding="utf-8")
    result = run(folder(tmp_path / "plan"), "--visits", visits)
    assert result.exit_code == 2
    assert code in result.output
