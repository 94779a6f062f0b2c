"""What `init` writes reads back, and the presets are what the handbook and the issue say."""

from pathlib import Path

import openpyxl
import pytest

from routeplanner.domain.policy import Policy
from routeplanner.errors import InputError
from routeplanner.files.headers import TableKind, fields_of
from routeplanner.files.inputs import read_inputs
from routeplanner.files.policy import PRESETS, load_policy, preset_data, preset_text
from routeplanner.files.template import write_template
from routeplanner.planning.scenario import build_scenario

RULES = {
    "handbook": {"A": ("daily", 30), "B": ("1/week", 15), "C": ("1/2weeks", 10)},
    "handbook-example": {"A": ("3/week", 30), "B": ("2/week", 15), "C": ("1/2weeks", 10)},
    "five-day": {"A": ("1/week", 20), "B": ("1/2weeks", 15), "C": ("1/4weeks", 10)},
}


@pytest.mark.parametrize("name", PRESETS)
def test_preset(name: str) -> None:
    policy = load_policy(name)
    found = {k: (str(r.frequency), r.service_minutes) for k, r in policy.visit_rules.items()}
    assert found == RULES[name]
    assert policy.name == name
    assert len(policy.workdays) == (5 if name == "five-day" else 6)
    assert (policy.working_day.start, policy.working_day.end) == (30600, 63000)
    assert policy.working_day.prepare_minutes + policy.working_day.summary_minutes == 45


def test_calendar_of_the_handbook_example() -> None:
    policy = load_policy("handbook-example")
    first = ("T1", "T2", "T1", "T2", "T1")
    assert policy.calendar == ((*first, "T3"), (*first, "T4"))
    assert [policy.routes[f"T{n}"].classes for n in (1, 2, 3, 4)] == [
        ("A",),
        ("B",),
        ("C",),
        ("C",),
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_presets_write_every_assumed_value_out(name: str) -> None:
    data, whole = preset_data(name), load_policy(name).model_dump(mode="json")
    for section in ("working_day", "travel", "objective", "classes"):
        stated = {key for key, value in whole[section].items() if value is not None}
        assert stated == set(data[section])


def test_init_policy_is_the_handbook(tmp_path: Path) -> None:
    _, policy = write_template(tmp_path)
    assert load_policy(policy) == load_policy("handbook")
    assert policy.read_text(encoding="utf-8") == preset_text("handbook")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_init_workbook_is_empty_but_recognized(tmp_path: Path, language: str) -> None:
    book, _ = write_template(tmp_path / "new", language)  # type: ignore[arg-type]
    assert [issue.code for issue in read_inputs(book).issues] == ["EMPTY_FILE"]
    workbook = openpyxl.load_workbook(book)
    for cell in workbook["stores"][1]:
        assert cell.comment is not None


def test_init_does_not_overwrite(tmp_path: Path) -> None:
    write_template(tmp_path)
    with pytest.raises(InputError) as caught:
        write_template(tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["FILE_EXISTS", "FILE_EXISTS"]


def test_filled_workbook_reads_back(tmp_path: Path) -> None:
    path, policy = write_template(tmp_path)
    workbook = openpyxl.load_workbook(path)
    rows = {
        "stores": {"id": "007", "name": "Shop", "lat": 52.5, "lon": 13.4, "sales": 5, "rep": "R1",
                   "frequency": "1/2weeks", "closed_days": "tue", "kind": "store"},
        "reps": {"id": "R1", "base_lat": 52.51, "base_lon": 13.41, "hours": "Mo-Fr 08:00-17:00"},
        "appointments": {"rep": "R1", "weekday": "mon", "start": "09:00", "end": "10:00"},
    }  # fmt: skip
    for name, values in rows.items():
        headers = [cell.value for cell in workbook[name][1]]
        workbook[name].append([values.get(header) for header in headers])
    workbook.save(path)
    scenario = build_scenario(read_inputs(path, policy=policy))
    assert [(s.id, str(s.frequency), s.rep) for s in scenario.stores] == [("007", "1/2weeks", "R1")]
    assert [rep.id for rep in scenario.reps] == ["R1"]
    assert len(scenario.appointments) == 1
    assert scenario.warnings == ()


@pytest.mark.parametrize("kind", ["stores", "reps", "appointments"])
def test_every_column_has_an_explanation(kind: TableKind, tmp_path: Path) -> None:
    book, _ = write_template(tmp_path)
    offered = [cell.value for cell in openpyxl.load_workbook(book)[kind][1]]
    assert set(offered) <= set(fields_of(kind))


def test_policy_that_extends_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        'extends = "five-day"\nworkdays = "Mo-Do"\n[visit_rules.A]\nfrequency = "每周两次"\n'
    )
    policy = load_policy(path)
    assert str(policy.visit_rules["A"].frequency) == "2/week"
    assert policy.visit_rules["A"].service_minutes == 20
    assert policy.workdays == ("mon", "tue", "wed", "thu")
    assert (policy.name, policy.cycle_weeks) == ("custom", 4)


def test_policy_issue_tells_key_and_line(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('extends = "handbook"\n\n[working_day]\nstart = "8 o clock"\nlunch = 5\n')
    with pytest.raises(InputError) as caught:
        load_policy(path)
    found = {(i.code, i.path, i.row) for i in caught.value.issues}
    assert found == {
        ("WRONG_VALUE", "p.toml:working_day.start", 4),
        ("UNKNOWN_KEY", "p.toml:working_day.lunch", 5),
    }
    assert any("lunch_minutes" in i.hint or "lunch_between" in i.hint for i in caught.value.issues)


def test_policy_round_trip_through_json() -> None:
    for name in PRESETS:
        policy = load_policy(name)
        assert Policy.model_validate_json(policy.model_dump_json()) == policy
