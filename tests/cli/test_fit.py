"""`routeplanner fit`: its answers, its exit codes, and that `plan` agrees with them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.domain.fit import Fit
from routeplanner.files.plan_json import read_plan, write_scenario
from tests.planning.fit.test_find import never_open, one_house

QUICK = ("--iterations", "20")


def run(command: str, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [command, *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def over_full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "scenario.json"
    write_scenario(one_house(5, 24), path)
    return path


def test_the_set_is_told_with_its_lines_and_what_less_would_do(
    over_full: Path, tmp_path: Path
) -> None:
    result = run("fit", over_full, "--allow", "A.frequency reps", *QUICK, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "It fits with: A weekly (6 points)." in result.stdout
    assert 'visit_rules.A.frequency = "1/week"' in result.stdout
    assert "does not fit: 4 visits not scheduled" in result.stdout
    assert "No set of fewer points fits, as found by solving." in result.stdout
    assert read_plan(tmp_path / "plan.json").is_complete
    found = Fit.model_validate_json((tmp_path / "fit.json").read_text(encoding="utf-8"))
    assert found.status == "fitted"
    assert run("check", tmp_path, tmp_path).exit_code == 0


def test_what_fits_exits_0_and_what_cannot_be_made_to_fit_exits_3(
    over_full: Path, tmp_path: Path
) -> None:
    fitting = tmp_path / "scenario.json"
    write_scenario(one_house(5, 20), fitting)
    result = run("fit", fitting, *QUICK)
    assert result.exit_code == 0
    assert "It fits as it is: all 30 required visits are scheduled." in result.stdout
    result = run("fit", over_full, "--allow", "B.minutes", "--solves", 1, *QUICK)
    assert result.exit_code == 3
    assert "Nothing was found that fits within the time." in result.stdout
    assert "At most 1 plan of 20 steps." in result.stderr
    hopeless = tmp_path / "hopeless.json"
    write_scenario(one_house(5, 60), hopeless)
    result = run("fit", hopeless, "--allow", "A.frequency", *QUICK)
    assert result.exit_code == 3
    assert "Not even all that is allowed together" in result.stdout


def test_stores_that_can_never_be_placed_are_told_with_why(tmp_path: Path) -> None:
    path, out = tmp_path / "scenario.json", tmp_path / "out"
    write_scenario(never_open(one_house(2, 3)), path)
    result = run("fit", path, "--allow", "frequency A.stores", *QUICK, "--out", out)
    assert result.exit_code == 3
    for words in (
        "Nothing that is allowed makes it fit.",
        "1 store finds too few days whatever is allowed, so no plan can be complete:",
        "Store B02 (B02): 1 of 1 visits not scheduled; the store is closed on too many",
        'or let them be put out: --allow "frequency A.stores B.stores".',
        "only the scenario as it is was solved",
    ):
        assert words in result.stdout, words
    found = Fit.model_validate_json((out / "fit.json").read_text(encoding="utf-8"))
    assert [each.store_id for each in found.stores_without_days] == ["B02"]
    assert not (out / "plan.json").exists()
    result = run("fit", path, "--allow", "frequency stores", *QUICK, "--out", out)
    assert result.exit_code == 0
    assert "It fits with: without store B02 (1 point)." in result.stdout
    assert "1 store finds too few days whatever is allowed, and can only be put out:" in (
        result.stdout
    )
    assert run("fit", path, "--allow", "reps", *QUICK, "--out", out).exit_code == 3
    assert read_plan(out / "plan.json").is_complete  # of the time before


def test_what_is_found_is_told_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    write_scenario(one_house(5, 24).model_copy(update={"language": "zh"}), path)
    result = run("fit", path, "--allow", "reps", *QUICK)
    for words in ("增加1名客户主任（共20点）", "不作任何调整", "可放宽的项目"):
        assert words in result.stdout
    write_scenario(never_open(one_house(2, 3)).model_copy(update={"language": "zh"}), path)
    result = run("fit", path, "--allow", "reps", *QUICK)
    assert "有1家门店即使采用全部允许的调整也没有足够的可拜访日期" in result.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--allow", "coffee"), "'coffee' is no lever"),
        (("--allow", "Z.frequency"), "'Z.frequency' is no lever"),
        (("--points", "reps=none"), "'reps=none' is not such as reps=6"),
    ],
)
def test_wrong_levers_are_refused(over_full: Path, options: tuple[str, ...], told: str) -> None:
    result = run("fit", over_full, *options)
    assert result.exit_code == 2
    assert told in result.stderr
