"""`routeplanner whatif`: from a plan's folder or a list, and what it refuses."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.domain.what_if import WhatIf
from routeplanner.files.plan_json import read_plan, write_plan, write_scenario
from tests.planning.small_plans import small_plan, small_scenario


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["whatif", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plan")
    scenario = small_scenario()
    write_scenario(scenario, made / "scenario.json")
    write_plan(small_plan(scenario), made / "plan.json")
    return made


def test_alternatives_stand_side_by_side_and_their_plans_in_folders(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = run(
        folder, "--set", "A.frequency=1/week", "--set", "One rep: reps=1", "--iterations", 10,
        "--seeds", 2, "--out", out,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "One rep: without rep R2, whose stores are open to all others" in result.stdout
    assert "Every search, also as it is, began with the given plan." in result.stdout
    names = ["0-base", "1-A.frequency=1-week", "2-One-rep"]
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == names
    content = (out / "what-if.json").read_text(encoding="utf-8")
    found = WhatIf.model_validate_json(content)
    every = (found.base, *found.alternatives)
    assert [read_plan(out / n / "plan.json").id for n in names] == [s.best.plan for s in every]
    check = CliRunner().invoke(main, ["check", str(out / names[1]), str(out / names[1])])
    assert check.exit_code == 0, check.output


def test_a_list_in_chinese_is_told_in_chinese(tmp_path: Path) -> None:
    stores = tmp_path / "门店.csv"
    stores.write_text("门店编号,纬度,经度,分类\n1,52.5,13.4,A\n2,52.51,13.41,C\n", encoding="utf-8")
    result = run(
        stores, "--policy", "five-day", "--set", "少去：A.frequency=两周一次", "--iterations", 5,
        "--seeds", 1,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    for words in ("每周期的工时、公里与拜访", "现状", "少去", "各只求解一次"):
        assert words in result.stdout


def test_faults_are_told_in_one_table(folder: Path) -> None:
    result = run(folder, "--set", "A.frequenzy=1/week", "--set", "lunch=long")
    assert result.exit_code == 2
    assert "UNKNOWN_SET_KEY" in result.stderr
    assert "WRONG_SET_VALUE" in result.stderr
    assert "A.frequency" in result.stderr


def test_options_of_a_list_are_refused_with_a_plan(folder: Path) -> None:
    result = run(folder / "plan.json", "--policy", "five-day", "--set", "lunch=30")
    assert result.exit_code == 2
    assert "goes with a list of stores" in result.stderr


def test_a_scenario_without_a_plan_is_solved_first(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "scenario.json"
    alone.write_bytes((folder / "scenario.json").read_bytes())
    result = run(alone, "--set", "spacing=0", "--iterations", 5, "--seeds", 1)
    assert result.exit_code == 0, result.output
    assert "one first plan of the rules as they are" in result.stdout
    assert "3 plans of 5 steps each" in result.stderr
