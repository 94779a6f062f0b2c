"""`plan --previous`: the options, what is printed and written, and bad input."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main

HEAD = "id,name,lat,lon,class,phone"
ROWS = [f"S{n},Store {n},{52.5 + n / 100:.2f},13.4,{'ABCC'[n % 4]},030 {n}" for n in range(8)]


def plan(tmp_path: Path, rows: list[str], *options: str | Path) -> Result:
    stores = tmp_path / "stores.csv"
    stores.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    usual = ["--policy", "five-day", "--method", "insertion", "--iterations", "3"]
    return CliRunner().invoke(main, ["plan", str(stores), *usual, *map(str, options)])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    result = plan(folder, ROWS, "--start", "2026-03-02", "--out", folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out"


def test_a_changed_list_gives_the_next_version_and_its_changes(first: Path, tmp_path: Path) -> None:
    rows = [*ROWS[:7], "N1,New one,52.55,13.41,C,030 99"]
    out = tmp_path / "out"
    result = plan(
        tmp_path, rows, "--previous", first, "--max-changes", "0", "--timezone", "Europe/Berlin",
        "--out", out,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "0 of 7 stores that remain change their day or rep (allowed: 0)" in result.output
    assert "1 new, 1 gone" in result.output
    assert "changes.csv" in result.output
    assert "time zone is not known" not in result.output
    written = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert (written["version"], written["start_date"]) == (2, "2026-03-02")
    assert written["kept"]["keeping"]["max_changes"] == 0
    with (out / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        changes = {row["store_id"]: row for row in csv.DictReader(file)}
    assert changes["S7"]["store_name"] == "Store 7"
    assert changes["S7"]["contact"] == "030 7"
    assert changes["N1"]["change"] == "new"
    update = (out / "changes.ics").read_bytes().replace(b"\r\n ", b"").decode()
    assert "New one" in update
    assert "SEQUENCE:2" in update
    for name, file in (("changes", "changes.csv"), ("changes_ics", "changes.ics")):
        target = tmp_path / file
        asked = ("export", out, "--format", name, "--timezone", "Europe/Berlin", "--out", target)
        again = CliRunner().invoke(main, [str(one) for one in (*asked, "--previous", first)])
        assert again.exit_code == 0, again.output
        assert target.read_bytes() == (out / file).read_bytes()
        alone = CliRunner().invoke(main, [str(one) for one in asked])
        assert (alone.exit_code, "NO_EARLIER_PLAN" in alone.stderr) == (2, True)
        assert "--previous" in alone.stderr
    listed = (out / "changes.csv").read_bytes()
    third = plan(tmp_path, rows, "--previous", out, "--out", out)
    assert "stays as changes-v2.csv, changes-v2.ics." in third.output
    assert (out / "changes-v2.csv").read_bytes() == listed


def test_an_edited_plan_can_be_the_one_before(first: Path, tmp_path: Path) -> None:
    result = plan(tmp_path, ROWS, "--previous", first / "routes.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "0 of 8 stores that remain" in result.output
    assert "changes.ics) is written, as the time zone is not known: add --timezone" in result.output


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--max-changes", "3"], 2, "--max-changes needs --previous"),
        (["--previous", "FIRST", "--freeze-weeks", "9"], 2, "FREEZE_TOO_LONG"),
        (["--previous", "FIRST", "--timezone", "Mars/North"], 2, "UNKNOWN_TIME_ZONE"),
        (["--previous", "nowhere"], 2, "nowhere is not there [FILE_NOT_FOUND]"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_searched(
    first: Path, tmp_path: Path, options: list[str], code: int, words: str
) -> None:
    given = [str(first) if option == "FIRST" else option for option in options]
    result = plan(tmp_path, ROWS, *given, "--out", tmp_path / "out")
    assert result.exit_code == code
    assert words in result.output + result.stderr
    assert not (tmp_path / "out").exists()


def test_stores_near_a_class_line_keep_their_class(tmp_path: Path) -> None:
    head = "id,name,lat,lon,sales"

    def listed(sales: str) -> list[str]:
        return [
            f"S{n},Store {n},{52.5 + n / 100:.2f},13.4,{value}"
            for n, value in enumerate(sales.split())
        ]

    def run(rows: list[str], *options: str | Path) -> Result:
        stores = tmp_path / "stores.csv"
        stores.write_text("\n".join([head, *rows]), encoding="utf-8")
        usual = ["--policy", "five-day", "--method", "insertion", "--iterations", "3"]
        return CliRunner().invoke(main, ["plan", str(stores), *usual, *map(str, options)])

    # 39 % of sales stand before S1: A. Then 41 %, within a tenth of the line at 40 %.
    before, out = tmp_path / "before", tmp_path / "out"
    assert run(listed("39 30 20 11"), "--out", before).exit_code == 0
    result = run(listed("41 30 19 10"), "--previous", before, "--out", out)
    assert result.exit_code == 0, result.output
    assert "1 store stands within the margin of 10 % of a class line" in result.output
    stores = json.loads((out / "scenario.json").read_text(encoding="utf-8"))["stores"]
    assert [store["class"] for store in stores] == ["A", "A", "B", "C"]
    again = run(listed("41 30 19 10"), "--out", tmp_path / "anew")
    assert "margin" not in again.output
    stores = json.loads((tmp_path / "anew/scenario.json").read_text(encoding="utf-8"))["stores"]
    assert [store["class"] for store in stores] == ["A", "B", "B", "C"]


def test_a_time_zone_without_a_start_date_is_answered(tmp_path: Path) -> None:
    first, out = tmp_path / "first", tmp_path / "out"
    assert plan(tmp_path, ROWS, "--out", first).exit_code == 0
    asked = ("--previous", first, "--timezone", "Europe/Berlin", "--out", out)
    result = plan(tmp_path, ROWS[:7], *asked)
    assert result.exit_code == 0, result.output
    assert "changes.ics) is written, as the plan has no start date" in result.output
