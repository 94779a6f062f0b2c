"""`learn` on the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.domain.hours import format_clock
from routeplanner.domain.scenario import Scenario
from routeplanner.files.plan_json import write_scenario
from routeplanner.files.policy import load_policy
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.travel.source import travel_matrix
from tests.driven import driven
from tests.planning.small_plans import small_scenario
from tests.territories import scenario, stores


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["learn", *(str(argument) for argument in arguments)])


def written(given: Scenario, folder: Path) -> Path:
    write_scenario(given, folder / "scenario.json")
    return folder


def visits_file(given: Scenario, folder: Path, days: int = 30) -> Path:
    """Visits as a phone would write them, to the second."""
    visits = driven(given, {"A": 40, "B": 15, "C": 10}, kmh=12, park_minutes=6, days=days)
    lines = ["rep,date,store,started,ended"]
    lines += [
        f"{v.rep},{v.date},{v.store_id},{format_clock(v.started or 0)},{format_clock(v.ended or 0)}"
        for v in visits
    ]
    path = folder / "visits.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_is_proposed_is_written_and_plans(tmp_path: Path) -> None:
    given = scenario(stores({"A": 2, "B": 3, "C": 5}, spread=0.06))
    folder = written(given, tmp_path)
    before = (folder / "scenario.json").read_bytes()
    out = tmp_path / "out"
    result = run(visits_file(given, tmp_path), "--scenario", folder, "--out", out)
    assert result.exit_code == 0, result.output
    assert f"--policy {out / 'learned.toml'}" in result.output
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        "learned-groups.csv",
        "learned-stores.csv",
        "learned.toml",
    ]
    told = ("learned-groups.csv", "learned-stores.csv", "learned.toml")
    files = "".join(f"  {out / name}\n" for name in told)
    assert f"Written to {out}\n{files}" in result.output
    row = next(line for line in result.output.splitlines() if line.startswith("Class A"))
    assert row.count("│") == 6  # minutes in store and travel, each with its middle half and n
    assert (folder / "scenario.json").read_bytes() == before
    policy = load_policy(out / "learned.toml")
    assert policy.visit_rules["A"].service_minutes == pytest.approx(40, abs=3)
    assert policy.travel.speed_kmh["car"] == pytest.approx(12, abs=1.5)
    agreed = given.model_copy(update={"policy": policy})
    plan = make_plan(agreed, iterations=20)
    assert check_plan(agreed, plan, travel_matrix(agreed)) == ()


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    given = scenario(stores({"A": 2, "B": 3, "C": 5}, spread=0.06))
    folder = written(given, tmp_path)
    visits = visits_file(given, tmp_path)
    result = run(visits, "--plan", folder)
    assert result.exit_code == 0, result.output
    assert "--out DIR" in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"scenario.json", "visits.csv"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Too few visits: nothing can be proposed yet.\n\nWritten to "), ("zh", "拜访次数不足")],
)
def test_too_few_visits_are_told_plainly(tmp_path: Path, language: str, words: str) -> None:
    folder = written(small_scenario(language=language), tmp_path)
    visits = tmp_path / "visits.csv"
    visits.write_text("store,minutes\nA1,20\n[b]Z9,10\n", encoding="utf-8")
    result = run(visits, "--scenario", folder / "scenario.json", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert words in result.output
    assert "[b]Z9" in result.output
    assert f"  {tmp_path / 'out' / 'learned-stores.csv'}\n" in result.output
    assert not (tmp_path / "out" / "learned.toml").exists()


@pytest.mark.parametrize(
    ("content", "code"), [("store,minutes\nZ9,10\n", "NO_KNOWN_STORE"), ("a,b\n1,2\n", "NO_HEADER")]
)
def test_visits_of_nothing_known(tmp_path: Path, content: str, code: str) -> None:
    folder = written(small_scenario(), tmp_path)
    visits = tmp_path / "visits.csv"
    visits.write_text(content, encoding="utf-8")
    result = run(visits, "--scenario", folder)
    assert result.exit_code == 2
    assert code in result.output


def test_either_a_plan_or_a_scenario(tmp_path: Path) -> None:
    assert run(tmp_path / "visits.csv").exit_code == 2
    both = ("--plan", tmp_path, "--scenario", tmp_path)
    assert run(tmp_path / "visits.csv", *both).exit_code == 2
