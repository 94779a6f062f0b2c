import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.files.placing import RECORD

ROOT = Path(__file__).parents[2]
BERLIN = ROOT / "data/samples/berlin"
CHINA = ROOT / "data/samples/china"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("china")
    result = run(
        "plan", CHINA / "门店.csv", "--reps", CHINA / "业务员.csv", "--policy", "handbook-example",
        "--coordinates", "gcj02", "--iterations", "60", "--out", folder,
    )  # fmt: skip
    return folder, result


def test_plan_writes_every_output(china: tuple[Path, Result]) -> None:
    folder, result = china
    assert result.exit_code == 0, result.output
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "scenario.json", "plan.json", "routes.csv", "unserved.csv", "plan.xlsx", "map.html", "days",
        RECORD,
    }  # fmt: skip
    assert "全部104次应拜访均已排入" in result.output
    assert (folder / "days" / "index.html").exists()


def test_written_plan_checks_clean(china: tuple[Path, Result]) -> None:
    folder, _ = china
    for name in ("plan.json", "routes.csv", ""):
        result = run("check", folder / "scenario.json" if name else folder, folder / name)
        assert result.exit_code == 0, result.output
    assert run("check", folder).exit_code == 0


def test_edited_routes_are_judged(china: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = china
    changed = edited(folder, tmp_path / "routes.csv", moved)
    result = run("check", folder / "scenario.json", changed)
    assert result.exit_code == 1
    assert "CALENDAR_BROKEN" in result.output


@pytest.mark.parametrize("name", ["geojson", "gpx", "kml", "csv", "xlsx", "html", "days"])
def test_export_again(china: tuple[Path, Result], tmp_path: Path, name: str) -> None:
    folder, _ = china
    target = tmp_path / f"again.{name}"
    result = run("export", folder / "plan.json", "--format", name, "--out", target)
    assert result.exit_code == 0, result.output
    assert target.exists()


def edited(folder: Path, target: Path, change: Callable[[list[dict[str, str]]], None]) -> Path:
    """The routes.csv of a plan, edited as a planner does in a spreadsheet."""
    with (folder / "routes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    change(rows)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def turned(rows: list[dict[str, str]]) -> None:
    """The first visit of every T2 day goes to its end, as a calendar asks of all its days."""
    for row in rows:
        if row["template"] == "T2" and row["position"] == "1":
            row["position"] = "99"


def moved(rows: list[dict[str, str]]) -> None:
    rows[0]["weekday"] = "tue"


def test_an_edit_that_keeps_the_rules_is_clean_and_tells_the_new_times(
    china: tuple[Path, Result], tmp_path: Path
) -> None:
    folder, _ = china
    result = run("check", folder, edited(folder, tmp_path / "new.csv", turned))
    assert result.exit_code == 0, result.output
    assert "重新计算后不同" in result.output
    assert "另有" in result.output
    scenario = folder / "scenario.json"
    assert f"routeplanner export {tmp_path / 'new.csv'} --scenario {scenario}" in result.output


@pytest.mark.parametrize("name", ["xlsx", "html", "days", "ics", "json", "csv", "gpx"])
def test_export_of_an_edited_file(china: tuple[Path, Result], tmp_path: Path, name: str) -> None:
    folder, _ = china
    target = tmp_path / f"new.{name}"
    result = run(
        "export", edited(folder, tmp_path / "edited.csv", turned), "--scenario",
        folder / "scenario.json", "--format", name, "--out", target, "--start", "2026-03-02",
        "--timezone", "Asia/Shanghai",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert target.exists()
    if name == "json":
        assert json.loads(target.read_text(encoding="utf-8"))["version"] == 2
        assert run("check", folder / "scenario.json", target).exit_code == 0


def test_export_of_an_edited_file_that_breaks_rules_warns_and_writes(
    china: tuple[Path, Result], tmp_path: Path
) -> None:
    folder, _ = china
    result = run(
        "export", edited(folder, tmp_path / "edited.csv", moved), "--scenario",
        folder / "scenario.json", "--format", "xlsx",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "CALENDAR_BROKEN" in result.stderr
    assert (tmp_path / "plan.xlsx").exists()


def test_export_names_files_as_plan_does(china: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = china
    for name in ("plan.json", "scenario.json"):
        shutil.copy(folder / name, tmp_path / name)
    formats = ("csv", "unserved", "xlsx", "html", "days", "geojson", "gpx", "kml")
    for name in formats:
        assert run("export", tmp_path / "plan.json", "--format", name).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "plan.json", "scenario.json", "routes.csv", "unserved.csv", "plan.xlsx", "map.html", "days",
        "plan.geojson", "plan.gpx", "plan.kml", RECORD,
    }  # fmt: skip
    own = run("export", tmp_path / "routes.csv", "--format", "csv")
    assert own.exit_code == 2
    assert "--out" in own.output


def test_files_in_the_wrong_place_are_told_plainly(china: tuple[Path, Result]) -> None:
    folder, _ = china
    result = run("check", folder / "plan.json", folder / "scenario.json")
    assert result.exit_code == 2
    assert result.output.count("FILES_SWAPPED") == 1
    assert "scenario.json first" in result.output
    result = run("check", folder / "routes.csv", folder / "scenario.json")
    assert result.exit_code == 2
    assert result.output.count("FILES_SWAPPED") == 1
    result = run("export", folder / "scenario.json", "--format", "csv")
    assert result.exit_code == 2
    assert result.output.count("FILES_SWAPPED") == 1


def test_calendar_export_asks_for_a_start(china: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = china
    target = tmp_path / "plan.ics"
    result = run("export", folder / "plan.json", "--format", "ics", "--out", target)
    assert result.exit_code == 2
    assert "--start" in result.stderr
    assert not target.exists()
    result = run(
        "export", folder / "plan.json", "--format", "ics", "--out", target, "--start", "2026-03-02",
        "--timezone", "Asia/Shanghai",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert target.read_text(encoding="utf-8").count("BEGIN:VEVENT") == 12


def test_export_does_not_overwrite_the_plan(china: tuple[Path, Result]) -> None:
    folder, _ = china
    before = (folder / "plan.json").read_bytes()
    assert run("export", folder / "plan.json", "--format", "json").exit_code == 2
    assert (folder / "plan.json").read_bytes() == before


def test_planning_again_makes_the_next_version(china: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = china
    out = tmp_path / "again"
    shutil.copytree(folder, out)
    arguments = [
        "--reps", CHINA / "业务员.csv", "--policy", "handbook-example", "--coordinates", "gcj02",
        "--iterations", "5", "--out", out,
    ]  # fmt: skip
    assert run("plan", CHINA / "门店.csv", *arguments).exit_code in (0, 3)
    assert json.loads((out / "plan.json").read_text(encoding="utf-8"))["version"] == 2
    other = run("plan", BERLIN / "stores.csv", "--iterations", "1", "--out", out)
    assert other.exit_code in (0, 3)
    assert json.loads((out / "plan.json").read_text(encoding="utf-8"))["version"] == 1


def test_a_start_that_is_no_monday_is_refused_with_the_mondays_beside_it() -> None:
    result = run("plan", BERLIN / "stores.csv", "--start", "2026-03-03")
    assert result.exit_code == 2
    assert "2026-03-02" in result.output
    assert "2026-03-09" in result.output


def test_a_place_that_cannot_be_written_is_told_before_planning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("plan", BERLIN / "stores.csv", "--out", tmp_path / "file" / "plan")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_plan_that_falls_short_exits_with_3(tmp_path: Path) -> None:
    result = run(
        "plan", BERLIN / "stores.csv", "--reps", BERLIN / "reps.csv", "--policy", "handbook",
        "--iterations", "1", "--out", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 3, result.output
    assert "This plan falls short" in result.output
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    missing = sum(item["required"] - item["served"] for item in plan["unserved"])
    assert plan["scheduled_visits"] + missing == plan["required_visits"]
    with (tmp_path / "unserved.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(plan["unserved"])


def test_bad_input_exits_with_2_and_writes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "stores.csv"
    bad.write_text("id,name,lat,lon,sales\n1,One,52.5,13.4,10\n1,Two,x,13.4,10\n", encoding="utf-8")
    result = run("plan", bad, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "UNREADABLE_COORDINATES" in result.output
    assert "DUPLICATE_ID" in result.output
    assert not (tmp_path / "out").exists()


def test_faults_of_chinese_lists_are_told_in_chinese_throughout(tmp_path: Path) -> None:
    bad = tmp_path / "门店.csv"
    bad.write_text("门店编号,门店名称,纬度,经度\n1,一店,x,104.1\n", encoding="utf-8")
    result = run("hours", bad)
    assert result.exit_code == 2
    assert "处理方法" in result.stderr
    assert "输入有1处错误" in result.stderr
    assert "what to do" not in result.stderr


def test_skip_bad_rows_plans_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "stores.csv"
    bad.write_text("id,name,lat,lon,sales\n1,One,52.5,13.4,10\n2,Two,x,13.4,10\n", encoding="utf-8")
    result = run("plan", bad, "--skip-bad-rows", "--iterations", "5", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "UNREADABLE_COORDINATES" in result.output


def test_hours_answers_without_planning() -> None:
    result = run(
        "hours", BERLIN / "stores.csv", "--reps", BERLIN / "reps.csv", "--policy", "handbook"
    )
    assert result.exit_code == 0, result.output
    assert 'visit_rules.A.frequency = "1/week"' in result.output


def test_classify_writes_the_ranking(tmp_path: Path) -> None:
    out = tmp_path / "classes.csv"
    result = run("classify", BERLIN / "stores.csv", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""  # that no reps were given does not matter here
    assert result.stdout.startswith(
        "Policy handbook: a store is A while under 40 % of sales stand before it, "
        "B while under 80 %, else C."
    )
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 150
    a_share = max(float(row["cumulative_share"]) for row in rows if row["class"] == "A")
    assert a_share >= 40


def test_classify_against_an_earlier_list(tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    words = (BERLIN / "stores.csv").read_text(encoding="utf-8").splitlines()
    later.write_text("\n".join([words[0], *words[31:]]), encoding="utf-8")
    result = run(
        "classify", later, "--before", BERLIN / "stores.csv", "--out", tmp_path / "classes.csv"
    )
    assert result.exit_code == 0, result.output
    assert "30" in result.output
    assert "gone" in result.output


def test_init_writes_a_template_once(tmp_path: Path) -> None:
    assert run("init", tmp_path / "new").exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"stores.xlsx", "policy.toml"}
    assert run("init", tmp_path / "new").exit_code == 2


@pytest.mark.parametrize("value", ["Filialnummer", "=id", "Filialnummer="])
def test_map_needs_header_and_field(value: str) -> None:
    result = run("hours", BERLIN / "stores.csv", "--map", value)
    assert result.exit_code == 2
    assert "HEADER=FIELD" in result.output


def test_help_lists_every_command() -> None:
    result = run("--help")
    for name in ("plan", "hours", "classify", "check", "export", "geocode", "init"):
        assert f"  {name} " in result.output
        assert run(name, "--help").exit_code == 0


def test_ctrl_c_ends_the_search_and_writes_the_plan(tmp_path: Path) -> None:
    command = [
        sys.executable, "-c", "from routeplanner.cli import main; main()", "plan",
        str(BERLIN / "stores.csv"), "--reps", str(BERLIN / "reps.csv"), "--policy", "five-day",
        "--seconds", "500", "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    # As on a terminal, where progress is shown.
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "FORCE_COLOR": "1", "COLUMNS": "200"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    assert process.stdout is not None
    seen = ""
    while not re.search(r"(?!246 )\b\d+ visits not scheduled", seen):  # there is a plan
        chunk = os.read(process.stdout.fileno(), 4096).decode(errors="replace")
        assert chunk, seen
        seen += chunk
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode in (0, 3), output
    assert (tmp_path / "out" / "plan.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "nowhere", "nowhere"], ["explain", "nowhere", "S1"],
        ["move", "nowhere", "S1", "T1"], ["compare", "nowhere", "nix"], ["reserve", "nowhere"],
        ["export", "nowhere", "--format", "csv"],
        ["calendar", "nowhere", "--start", "2026-03-02", "--until", "2026-03-28"],
        ["learn", "visits.csv", "--plan", "nowhere"],
        ["learn", "visits.csv", "--scenario", "nowhere"],
        ["hours", "nowhere"], ["fit", "nowhere.json"],
    ],
)  # fmt: skip
def test_a_plan_that_is_not_there_is_named(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert re.search(r"nowhere(.json)? is not there \[FILE_NOT_FOUND\]", result.output)
    assert ("nix is not there" in result.output) == ("nix" in arguments)


def test_warnings_of_the_same_words_stand_in_one_line(tmp_path: Path) -> None:
    hours = ["closed?"] * 6 + ["maybe", "Mo-Fr 9-18"]
    rows = [f"S{n},52.5{n},13.4,{words}" for n, words in enumerate(hours)]
    path = tmp_path / "stores.csv"
    path.write_text("\n".join(["id,lat,lon,opening_hours", *rows]), encoding="utf-8")
    told = run("hours", path, "--policy", "five-day").output
    assert "2, 3, 4 and 3 more" in told
    assert told.count("'closed?'") == 1
    assert told.count("'maybe'") == 1


def test_a_latitude_with_the_letter_of_a_longitude_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stores.csv"
    path.write_text("id,lat,lon\nS1,53.55N,9.99E\nS2,53.55E,9.99\n", encoding="utf-8")
    result = run("hours", path)
    assert result.exit_code == 2
    assert result.output.count("UNREADABLE_COORDINATES") == 1
    assert "53.55E" in result.output


def test_a_mistyped_command_is_told_with_the_one_meant() -> None:
    result = run("plna", "stores.csv")
    assert result.exit_code == 2
    assert "No such command 'plna'. Did you mean plan?" in result.output
    assert "Did you mean" not in run("xyz").output
