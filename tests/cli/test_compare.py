"""`compare` on the command line: plans in every form, what is told beside the table."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.cli.compared_plans import plan_names
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.scenario import Scenario
from routeplanner.files.csv_tables import write_routes
from routeplanner.files.plan_json import write_plan, write_scenario
from tests.planning.small_plans import ORDERS, Orders, small_plan, small_scenario, with_store


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["compare", *(str(argument) for argument in arguments)])


def folder(
    path: Path, scenario: Scenario | None = None, orders: Orders | None = None
) -> tuple[Path, Scenario]:
    """A folder as `plan` writes it, of the files that `compare` reads."""
    scenario = scenario or small_scenario()
    plan = small_plan(scenario, orders)
    path.mkdir()
    write_scenario(scenario, path / "scenario.json")
    write_plan(plan, path / "plan.json")
    write_routes(plan, scenario, path / "routes.csv")
    return path, scenario


def by_hand(path: Path, rows: str) -> Path:
    path.write_text(f"业务员,周次,星期,门店\n{rows}", encoding="utf-8")
    return path


EVERY_DAY = "R1,每周,周一,A1\nR1,每周,周一,B1\nR1,每周,周三,A1\nR1,每周,周三,B2\nR2,1,周二,C1\n"


def test_a_folder_its_own_table_and_a_list_by_hand_are_alike(tmp_path: Path) -> None:
    ours, _ = folder(tmp_path / "ours")
    today = by_hand(tmp_path / "today.csv", EVERY_DAY)
    out = tmp_path / "out"
    result = run(ours, ours / "plan.json", ours / "routes.csv", today, "--out", out)
    assert result.exit_code == 0, result.output
    with (out / "compare.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    differences = {
        float(row[f"{name} difference"] or 0)
        for row in rows
        for name in ("ours (2)", "routes", "today")
    }
    assert differences == {0}
    changed = next(row for row in rows if row["figure"] == "changed_stores")
    assert [changed[f"{name} value"] for name in ("ours (2)", "routes", "today")] == ["0"] * 3


def test_today_may_be_the_yardstick(tmp_path: Path) -> None:
    ours, _ = folder(tmp_path / "ours")
    today = by_hand(tmp_path / "today.csv", EVERY_DAY + "R2,1,周二,Z9\n")
    result = run(today, ours, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    head = result.output.splitlines()[0]
    assert head.index("today") < head.index("ours")
    assert "store Z9 is not in the scenario" in result.output
    assert "Left out of today: 1" in result.output


def test_broken_rules_are_named_in_words(tmp_path: Path) -> None:
    ours, _ = folder(tmp_path / "ours", with_store(small_scenario(), "C1", rep="R2"))
    today = by_hand(tmp_path / "today.csv", EVERY_DAY.replace("R2,1,周二,C1", "R1,1,周二,C1"))
    result = run(ours, today, "--out", tmp_path / "out")
    assert "  Store of another rep" in result.output
    assert "WRONG_REP" not in result.output


def test_another_task_is_told(tmp_path: Path) -> None:
    ours, scenario = folder(tmp_path / "ours")
    other = with_store(with_store(scenario, "B1", **{"class": "A"}), "X1", status="open")
    theirs, _ = folder(tmp_path / "theirs", other)
    result = run(ours, theirs, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "theirs answers another task than ours" in result.output
    assert "stores only in this one (1): X1" in result.output
    assert "store B1 class: B → A" in result.output


def test_another_cycle_is_told(tmp_path: Path) -> None:
    ours, _ = folder(tmp_path / "ours")
    week = small_scenario(cycle=Cycle(weeks=1, workdays=("mon", "tue", "wed", "thu", "fri")))
    orders: Orders = {("R1", 0): ORDERS["R1", 0]}
    theirs, _ = folder(tmp_path / "theirs", week, orders)
    result = run(ours, theirs, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "theirs has a cycle of 1 week: its sums are shown per 2 weeks" in result.output


def test_a_plan_without_its_scenario_is_refused_unless_one_is_named(tmp_path: Path) -> None:
    ours, scenario = folder(tmp_path / "ours")
    other = with_store(scenario, "B1", service_minutes=20)
    theirs, _ = folder(tmp_path / "theirs", other)
    (theirs / "scenario.json").unlink()
    result = run(ours, theirs, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "FILE_NOT_FOUND" in result.output
    assert not (tmp_path / "out").exists()
    named = run(ours, theirs, "--scenario", ours, "--out", tmp_path / "out")
    assert named.exit_code == 0, named.output
    assert "  Other scenario" in named.output


def test_lists_alone_ask_for_a_scenario(tmp_path: Path) -> None:
    today = by_hand(tmp_path / "today.csv", EVERY_DAY)
    result = run(today, today, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "NO_SCENARIO" in result.output
    ours, _ = folder(tmp_path / "ours")
    named = run(today, today, "--scenario", ours, "--out", tmp_path / "out")
    assert named.exit_code == 0, named.output


@pytest.mark.parametrize("n", [1, 7])
def test_two_to_six_plans(tmp_path: Path, n: int) -> None:
    ours, _ = folder(tmp_path / "ours")
    assert run(*[ours] * n).exit_code == 2


def test_without_out_a_new_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, _ = folder(tmp_path / "ours")
    monkeypatch.chdir(tmp_path)
    for name in ("compare", "compare-2"):
        assert run(ours, ours).exit_code == 0
        assert (tmp_path / name / "difference.html").exists()


def test_chinese_throughout(tmp_path: Path) -> None:
    scenario = small_scenario(language="zh")
    ours, _ = folder(tmp_path / "ours", scenario)
    rows = EVERY_DAY.replace("R2,1,周二,C1", "R2,2,周二,C1")
    result = run(ours, by_hand(tmp_path / "today.csv", rows), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "日期或客户主任有变的门店" in result.output
    assert "周二 (第1周)" in result.output
    page = (tmp_path / "out" / "difference.html").read_text(encoding="utf-8")
    assert (
        json.loads(page.split('id="difference-data">')[1].split("</script>")[0])["kinds"]["same"]
        == "不变"
    )


def test_names_tell_plans_apart() -> None:
    paths = ("a/plan.json", "b/routes.csv", "c/routes.csv", "a/plan.json", "x/a/plan.json")
    root = Path("/plans")
    assert plan_names([root / path for path in paths]) == [
        "a", "b/routes", "c/routes", "a (2)", "a (3)",
    ]  # fmt: skip
    assert plan_names([root / paths[0], root / paths[4]]) == ["plans/a", "x/a"]
