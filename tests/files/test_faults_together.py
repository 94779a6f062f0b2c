"""Faults of several rows and files at once: told in one run, or left out with `--skip-bad-rows`."""

from pathlib import Path

import pytest

from routeplanner.errors import InputError, Severity
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.scenario import build_scenario
from tests.files.fault_files import (
    APPOINTMENTS,
    POLICY,
    REPS,
    STORE_CELLS,
    as_csv,
    judged,
    sound_files,
    store_rows,
)


def test_all_faults_of_all_files_in_one_run(tmp_path: Path) -> None:
    rows = store_rows()
    planted = STORE_CELLS[3:10] + STORE_CELLS[11:13] + STORE_CELLS[15:22]
    expected = {
        ("reps.csv", 3, "mode", "UNKNOWN_MODE"),
        ("appointments.csv", 2, "rep", "UNKNOWN_REP"),
    }
    rows += [row | {"id": f"T{row['id']}", "name": f"Other {row['id']}"} for row in store_rows()]
    for place, (column, value, code, at) in enumerate(planted):
        rows[place][column] = value
        expected.add(("stores.csv", place + 2, at, code))
    rows[0]["id"] = rows[9]["id"]  # a second fault in a row, and one of two rows
    expected.add(("stores.csv", 11, "id", "DUPLICATE_ID"))
    files = sound_files() | {
        "stores.csv": as_csv(rows),
        "reps.csv": REPS.replace("walk", "fly"),
        "appointments.csv": APPOINTMENTS.replace("R1,", "R8,"),
    }
    issues = judged(tmp_path, files)
    errors = {(i.file, i.row, i.column, i.code) for i in issues if i.severity is Severity.ERROR}
    assert errors == expected


def test_skip_bad_rows_plans_the_rest(tmp_path: Path) -> None:
    rows = store_rows()
    rows[2]["lat"] = "north"
    rows[3]["id"] = "S00"
    rows[4]["rep"] = "R9"
    (tmp_path / "stores.csv").write_text(as_csv(rows), encoding="utf-8")
    (tmp_path / "reps.csv").write_text(REPS, encoding="utf-8")
    draft = read_inputs(tmp_path / "stores.csv", reps=tmp_path / "reps.csv", policy="five-day")
    with pytest.raises(InputError):
        build_scenario(draft)
    scenario = build_scenario(draft, skip_bad_rows=True)
    assert [s.id for s in scenario.stores] == [f"S{n:02d}" for n in range(12) if n not in (2, 3, 4)]
    assert [(w.row, w.code) for w in scenario.warnings] == [
        (4, "UNREADABLE_COORDINATES"),
        (5, "DUPLICATE_ID"),
        (6, "UNKNOWN_REP"),
    ]
    assert all(w.severity is Severity.WARNING for w in scenario.warnings)


def test_skip_bad_rows_does_not_skip_faults_of_the_policy(tmp_path: Path) -> None:
    for name, content in (
        sound_files() | {"policy.toml": POLICY.replace("3/week", "9/week")}
    ).items():
        (tmp_path / name).write_text(str(content), encoding="utf-8")
    draft = read_inputs(tmp_path / "stores.csv", policy=tmp_path / "policy.toml")
    with pytest.raises(InputError):
        build_scenario(draft, skip_bad_rows=True)


def test_a_skipped_row_makes_no_duplicate_and_rows_are_listed_in_order(tmp_path: Path) -> None:
    rows = store_rows()
    rows[0]["sales"] = "many"
    rows[1]["id"] = rows[0]["id"]
    rows[2]["id"] = rows[3]["id"]  # of these two the first is planned
    rows[5]["sales"] = "-1"
    rows[7]["lat"] = "north"
    (tmp_path / "stores.csv").write_text(as_csv(rows), encoding="utf-8")
    (tmp_path / "reps.csv").write_text(REPS, encoding="utf-8")
    draft = read_inputs(tmp_path / "stores.csv", reps=tmp_path / "reps.csv", policy="five-day")
    scenario = build_scenario(draft, skip_bad_rows=True)
    assert [(w.row, w.code) for w in scenario.warnings] == [
        (2, "UNREADABLE_SALES"),
        (5, "DUPLICATE_ID"),
        (7, "NEGATIVE_SALES"),
        (9, "UNREADABLE_COORDINATES"),
    ]
    assert [s.id for s in scenario.stores][:3] == ["S00", "S03", "S04"]


@pytest.mark.parametrize(
    "stores",
    [
        as_csv([row | {"lat": "north"} for row in store_rows()]),
        "id,name\nS1,x\n",
        "",
        as_csv([store_rows()[0] | {"frequency": "1/3weeks", "sales": "x"}, *store_rows()[1:]]),
    ],
)
def test_faults_of_policy_reps_and_appointments_are_told_beside_those_of_stores(
    tmp_path: Path, stores: str
) -> None:
    files = sound_files() | {
        "stores.csv": stores,
        "policy.toml": POLICY.replace("3/week", "9/week"),
        "reps.csv": REPS.replace("Mo-Sa 08:30-17:30", "Su 08:30-17:30"),
        "appointments.csv": APPOINTMENTS.replace("R1,", "R8,"),
    }
    found = {(issue.code, issue.file) for issue in judged(tmp_path, files)}
    assert found >= {
        ("FREQUENCY_EXCEEDS_WORKDAYS", "policy.toml"),
        ("REP_NEVER_WORKS", "reps.csv"),
        ("UNKNOWN_REP", "appointments.csv"),
    }
    assert any(file == "stores.csv" for _, file in found)


def test_a_row_with_another_fault_is_held_against_the_cycle_too(tmp_path: Path) -> None:
    rows = store_rows()
    rows[0] |= {"frequency": "1/3weeks", "pinned_days": "w9-mon", "sales": "x"}
    issues = judged(tmp_path, sound_files() | {"stores.csv": as_csv(rows)})
    assert {(i.code, i.row) for i in issues} >= {
        ("UNREADABLE_SALES", 2),
        ("FREQUENCY_NOT_IN_CYCLE", 2),
        ("PINNED_WEEK_OUTSIDE_CYCLE", 2),
    }


def test_a_rule_no_week_can_hold_is_told_beside_a_wrong_key(tmp_path: Path) -> None:
    policy = POLICY.replace("3/week", "9/week") + "\n[travel]\ndetour = 0\nspeed = 3\n"
    issues = judged(tmp_path, sound_files() | {"policy.toml": policy})
    assert {i.code for i in issues} == {
        "FREQUENCY_EXCEEDS_WORKDAYS",
        "WRONG_VALUE",
        "UNKNOWN_KEY",
    }
