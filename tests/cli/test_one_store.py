"""`explain`, `insert`, `remove` and `move` as a planner runs them."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from routeplanner.cli import main
from routeplanner.files.outputs import write_outputs
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_store,
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    world = with_store(small_scenario(), "B1", name="Mill")
    write_outputs(small_plan(world), world, folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "plan"))


def stand_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_explain_a_store(written: Path) -> None:
    result = run("explain", written, "mill", "--most", "3")
    assert result.exit_code == 0, result.output
    assert "Mill (B1) · class B, weekly, 45 min in store" in result.output
    assert "Now on Mon (R1)." in result.output
    assert "← the plan" in result.output
    assert "… and" in result.output


def test_explain_in_chinese(tmp_path: Path) -> None:
    world = with_store(small_scenario(language="zh"), "C1", closed_days=["fri"])
    plan = restated(world, small_plan(world))
    for name, model in (("plan", plan), ("scenario", world)):
        (tmp_path / f"{name}.json").write_text(model.model_dump_json(by_alias=True), "utf-8")
    result = run("explain", tmp_path, "C1")
    assert result.exit_code == 0, result.output
    assert "门店不营业" in result.output
    day = run("explain", tmp_path, "--day", "第1周周一")
    assert "店内工作" in day.output
    assert day.output.count("第1周 周一") == 2  # of each rep


def test_explain_a_day(written: Path) -> None:
    result = run("explain", written, "--day", "w1-mon", "--rep", "R1")
    assert result.exit_code == 0, result.output
    assert "R1 · Week 1 Mon · route T1 · 2 stores · 15.0 km" in result.output
    for words in ("105 min", "Working hours", "Mill (B1)"):
        assert words in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explain", "Hill"], 2, "did you mean B1 (Mill)?"),
        (["explain", "--day", "w3-mon"], 2, "weeks 1 to 2"),
        (["explain"], 2, "name a STORE"),
        (["explain", "B1", "--day", "w1-mon"], 2, "name one of the two"),
        (["move", "B1", "someday"], 2, "UNKNOWN_DAY"),
        (["move", "X1", "w1-mon"], 2, "STORE_NOT_PLANNED"),
        (["insert", "B1"], 2, "ALL_VISITS_SCHEDULED"),
        (["remove", "nowhere"], 2, "UNKNOWN_STORE"),
        (["remove", "X1"], 2, "`routeplanner insert PLAN X1`"),
        (["move", "B1", "w1-mon", "w2-tue"], 1, "--force"),
    ],
)
def test_what_cannot_be_done_says_why_and_writes_nothing(
    folder: Path, arguments: list[str], code: int, words: str
) -> None:
    before = stand_of(folder)
    result = run(arguments[0], folder, *arguments[1:])
    assert result.exit_code == code, result.output
    assert words in result.output
    assert stand_of(folder) == before


@pytest.mark.parametrize(
    ("language", "arguments", "words"),
    [
        ("zh", ["explain", "X1"], "状态为“已关闭”"),
        ("en", ["explain", "X1"], "store X1 is closed and gets no visits"),
        ("zh", ["insert", "X1", "--dry-run"], "X1 原状态为“已关闭”，现恢复营业。"),
        ("en", ["insert", "X1", "--dry-run"], "X1 was closed; it is open again."),
        ("zh", ["insert", "C1", "--choice", "99"], "没有第99种日期选择，可选 1 至 "),
        ("en", ["insert", "C1", "--choice", "99"], "there is no choice 99, only 1 to "),
        ("zh", ["move", "C1", "w1-tue"], "请用 --rep 指定由谁拜访 C1：R1、R2"),
        ("en", ["move", "C1", "w1-tue"], "say with --rep who shall visit C1: R1, R2"),
        ("zh", ["move", "B1", "w1-tue", "--dry-run"], "\nB1 改期："),
        ("en", ["move", "B1", "w1-tue", "--dry-run"], "\nB1 on other days:"),
    ],
)
def test_words_are_those_of_the_language(
    tmp_path: Path, language: str, arguments: list[str], words: str
) -> None:
    world = small_scenario(language=language)
    orders = {at: stores for at, stores in ORDERS.items() if stores != ("C1",)}
    plan = small_plan(world, orders)
    for name, model in (("plan", plan), ("scenario", world)):
        (tmp_path / f"{name}.json").write_text(model.model_dump_json(by_alias=True), "utf-8")
    result = run(arguments[0], tmp_path, *arguments[1:])
    assert words in "\n" + result.output


def test_one_of_a_kind_is_no_plural(folder: Path) -> None:
    assert "· route T1 · 1 store · " in run("explain", folder, "--day", "w1-tue").output
    assert "Without C1, visited once a cycle:" in run("remove", folder, "C1", "--dry-run").output
    assert "visited 2 times" in run("remove", folder, "B1", "--dry-run").output


def test_move_writes_the_next_version(folder: Path) -> None:
    before = stand_of(folder)
    shown = run("move", folder, "B1", "w1-tue", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert stand_of(folder) == before
    result = run("move", folder, "B1", "w1-tue")
    assert result.exit_code == 0, result.output
    assert "version 2, in place of version 1" in result.output
    assert "1 on other days" in result.output
    assert run("check", folder, folder).exit_code == 0
    routes = json.loads((folder / "plan.json").read_text("utf-8"))["routes"]
    days = [r["day"] for r in routes if any(s.get("store_id") == "B1" for s in r["stops"])]
    assert days == [1, 6]


def test_every_change_keeps_the_list_of_the_one_before(tmp_path: Path) -> None:
    world = small_scenario(start_date=date(2026, 3, 2))
    write_outputs(small_plan(world), world, tmp_path)
    calendar = ("--timezone", "Europe/Berlin")
    first = run("move", tmp_path, "B1", "w1-tue", *calendar)
    assert "Changed against version 1: 1 on other days" in first.output
    assert "stays as" not in first.output
    lists = {name: (tmp_path / name).read_bytes() for name in ("changes.csv", "changes.ics")}
    assert b"B1" in lists["changes.csv"]
    second = run("remove", tmp_path, "B2", *calendar)
    assert "Changed against version 2: 1 gone" in second.output
    assert "The earlier list of changes stays as changes-v2.csv, changes-v2.ics." in second.output
    assert b"B1" not in (tmp_path / "changes.csv").read_bytes()
    (tmp_path / "changes.csv").write_text("told", encoding="utf-8")
    third = run("insert", tmp_path, "B2", *calendar)
    assert "stays as changes-v3.csv, changes-v3.ics." in third.output
    assert "changed by hand" not in third.output
    assert (tmp_path / "changes-v3.csv").read_text("utf-8") == "told"
    assert (tmp_path / "changes-v2.csv").read_bytes() == lists["changes.csv"]
    assert (tmp_path / "changes-v2.ics").read_bytes() == lists["changes.ics"]


def test_the_folder_is_named_as_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert "Written to plan: version 2" in run("move", "plan", "B1", "w1-tue").output
    monkeypatch.chdir(folder)
    assert "Written to .: version 3" in run("move", "plan.json", "B1", "w1-mon").output


def test_the_calendar_of_changes_needs_a_time_zone_and_a_line_says_so(tmp_path: Path) -> None:
    world = small_scenario(language="zh", start_date=date(2026, 3, 2))
    plan = small_plan(world)
    write_outputs(plan, world, tmp_path)
    wrong = run("move", tmp_path, "B1", "w1-tue", "--timezone", "Mars/North")
    assert wrong.exit_code == 2
    assert "UNKNOWN_TIME_ZONE" in wrong.output
    without = run("move", tmp_path, "B1", "w1-tue")
    assert "明细见 plan.xlsx、changes.csv。" in without.output
    assert "未写入变更日历 changes.ics" in without.output
    assert not (tmp_path / "changes.ics").exists()
    given = run("move", tmp_path, "B1", "w1-mon", "--timezone", "Europe/Berlin")
    assert "明细见 plan.xlsx、changes.csv、changes.ics。" in given.output
    assert "未写入变更日历" not in given.output
    assert b"SEQUENCE:3" in (tmp_path / "changes.ics").read_bytes()


@pytest.mark.parametrize("change", [("remove", "B1"), ("insert", "B1", "--choice", "2")])
def test_every_change_takes_a_time_zone(tmp_path: Path, change: tuple[str, ...]) -> None:
    world = small_scenario(start_date=date(2026, 3, 2))
    orders = {} if change[0] == "insert" else None
    plan = small_plan(world, orders)
    write_outputs(plan, world, tmp_path)
    result = run(change[0], tmp_path, *change[1:], "--timezone", "Europe/Berlin")
    assert result.exit_code == 0, result.output
    assert "The list stands in plan.xlsx, changes.csv, changes.ics." in result.output
    assert (tmp_path / "changes.ics").exists()


@pytest.mark.parametrize("change", [("move", "B1", "w1-tue"), ("remove", "B1"), ("insert", "B2")])
def test_a_start_that_only_the_plan_knows_stays(tmp_path: Path, change: tuple[str, ...]) -> None:
    world = small_scenario()
    orders = None if change[0] != "insert" else {**ORDERS, ("R1", 2): ("A1",), ("R1", 7): ("A1",)}
    plan = small_plan(world, orders).model_copy(update={"start_date": date(2026, 3, 2)})
    write_outputs(plan, world, tmp_path)
    result = run(change[0], tmp_path, *change[1:], "--timezone", "Europe/Berlin")
    assert result.exit_code == 0, result.output
    changed = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert (changed["version"], changed["start_date"]) == (2, "2026-03-02")
    assert (tmp_path / "changes.ics").exists()


def test_force_writes_what_breaks_rules(folder: Path) -> None:
    result = run("move", folder, "B1", "w1-mon", "w2-tue", "--force")
    assert result.exit_code == 0, result.output
    assert run("check", folder, folder).exit_code == 1


def test_visits_that_force_drops_are_listed_in_all_outputs(folder: Path) -> None:
    before = stand_of(folder)
    move = ("move", folder, "A1", "w1-mon", "w1-tue", "w2-wed")
    refused = run(*move)
    assert refused.exit_code == 1
    assert "A1 would keep 3 of its 4 visits" in refused.output
    assert stand_of(folder) == before
    assert "A1 would keep 3 of its 4 visits" in run(*move, "--force").output
    with (folder / "unserved.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["store_id"], row["served"], row["code"]) == ("A1", "3", "DROPPED")
    sheet = load_workbook(folder / "plan.xlsx")["Not scheduled"]
    words = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {"A1", "DROPPED", "dropped when it was moved by hand"} <= words
    checked = run("check", folder, folder)
    assert "PATTERN_NOT_REPEATED" in checked.output
    assert "FREQUENCY_SHORT" not in checked.output


def test_remove_and_insert_again(folder: Path) -> None:
    result = run("remove", folder, "Mill", "--status", "suspended")
    assert result.exit_code == 0, result.output
    assert "1 gone" in result.output
    assert run("check", folder, folder).exit_code == 0
    result = run("insert", folder, "B1", "--choice", "2")
    assert result.exit_code == 0, result.output
    assert "Number 2 of" in result.output
    assert "version 3" in result.output
    assert run("check", folder, folder).exit_code == 0


def test_insert_a_store_of_a_list(tmp_path: Path) -> None:
    world = with_policy(small_scenario(matrix=None), travel={"speed_kmh": {"car": 60}})
    stores = tuple(s.model_copy(update={"lat": 50 + n / 100}) for n, s in enumerate(world.stores))
    world = world.model_copy(update={"stores": stores})
    plan = restated(world, small_plan(world), matrix=matrix_of(world))
    for name, model in (("plan", plan), ("scenario", world)):
        (tmp_path / f"{name}.json").write_text(model.model_dump_json(by_alias=True), "utf-8")
    rows = "id,name,lat,lon,class\nN1,New,50.01,8.05,B\nN2,Lost,,,B\n"
    (tmp_path / "new.csv").write_text(rows, "utf-8")
    lost = run("insert", tmp_path, "N2", "--stores", tmp_path / "new.csv")
    assert lost.exit_code == 2
    assert "MISSING_COORDINATES" in lost.output
    absent = run("insert", tmp_path, "N3", "--stores", tmp_path / "new.csv")
    assert "UNKNOWN_STORE" in absent.output
    result = run("insert", tmp_path, "N1", "--stores", tmp_path / "new.csv")
    assert result.exit_code == 0, result.output
    assert "class B, as its row states" in result.output
    assert run("check", tmp_path, tmp_path).exit_code == 0
    scenario = json.loads((tmp_path / "scenario.json").read_text("utf-8"))
    assert scenario["stores"][-1]["id"] == "N1"


def test_insert_refuses_where_no_visit_is_gained(tmp_path: Path) -> None:
    world = with_store(small_scenario(), "C1", frequency="2/week", opening_hours="Tu 09:00-17:00")
    orders = {("R2", 1): ("C1",), ("R2", 6): ("C1",)}
    write_outputs(restated(world, small_plan(world, orders), listed=True), world, tmp_path)
    before = stand_of(tmp_path)
    result = run("insert", tmp_path, "C1")
    assert result.exit_code == 1, result.output
    assert "No choice of days gives C1 more visits than it has" in result.output
    assert "the store is closed" in result.output
    assert stand_of(tmp_path) == before
