"""plan.json and scenario.json: round trip, schema, and what is said of an unreadable file."""

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from routeplanner.domain.scenario import GivenMatrix
from routeplanner.errors import InputError
from routeplanner.files.plan_json import (
    plan_schema,
    read_plan,
    read_scenario,
    scenario_schema,
    write_plan,
    write_scenario,
    write_schemas,
)
from tests.sample_plans import sample_plan, sample_scenario

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize(("language", "n_reps", "system"), [("en", 1, "wgs84"), ("zh", 2, "bd09")])
def test_written_files_read_back_equal(
    tmp_path: Path, language: str, n_reps: int, system: str
) -> None:
    scenario = sample_scenario(language, n_reps, system)
    plan = sample_plan(scenario)
    write_scenario(scenario, tmp_path / "scenario.json")
    write_plan(plan, tmp_path / "plan.json")
    assert read_scenario(tmp_path / "scenario.json") == scenario
    assert read_plan(tmp_path / "plan.json") == plan
    assert read_scenario(tmp_path / "scenario.json").content_hash() == scenario.content_hash()


def test_chinese_is_written_as_it_is_and_a_stop_takes_one_line(tmp_path: Path) -> None:
    scenario = sample_scenario("zh")
    write_scenario(scenario, tmp_path / "scenario.json")
    write_plan(sample_plan(scenario), tmp_path / "plan.json")
    assert "城西手机城" in (tmp_path / "scenario.json").read_text(encoding="utf-8")
    lines = (tmp_path / "plan.json").read_text(encoding="utf-8").splitlines()
    visits = [line for line in lines if '"kind": "visit"' in line]
    assert len(visits) == sample_plan(scenario).scheduled_visits
    assert all(line.strip().rstrip(",").endswith("}") for line in visits)


def test_matrix_rows_stand_on_one_line_each(tmp_path: Path) -> None:
    ids = tuple(f"S{i:02d}" for i in range(1, 40))
    row = tuple(float(i) + 0.25 for i in range(len(ids)))
    matrix = GivenMatrix(
        source="times.csv", ids=ids, minutes=(row,) * len(ids), km=(row,) * len(ids)
    )
    scenario = sample_scenario().model_copy(update={"matrix": matrix})
    write_scenario(scenario, tmp_path / "scenario.json")
    text = (tmp_path / "scenario.json").read_text(encoding="utf-8")
    assert sum(line.strip().startswith("[0.25, 1.25,") for line in text.splitlines()) == 2 * len(
        ids
    )
    assert read_scenario(tmp_path / "scenario.json").matrix == matrix


@pytest.mark.parametrize("name", ["plan", "scenario"])
def test_committed_schema_is_that_of_the_models(name: str, tmp_path: Path) -> None:
    write_schemas(tmp_path)
    committed = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8") == committed, (
        "the models changed: call write_schemas(Path('docs/schema')) and look at the difference"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_written_files_fit_the_schemas(tmp_path: Path, language: str) -> None:
    scenario = sample_scenario(language, 2, "gcj02")
    write_scenario(scenario, tmp_path / "scenario.json")
    write_plan(sample_plan(scenario), tmp_path / "plan.json")
    for name, schema in (("plan", plan_schema()), ("scenario", scenario_schema())):
        jsonschema.Draft202012Validator.check_schema(schema)
        content = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema.validate(content, schema)


def test_schema_refuses_an_unknown_kind_of_stop() -> None:
    content = sample_plan(sample_scenario()).model_dump(mode="json", by_alias=True)
    content["routes"][0]["stops"][0]["kind"] = "pause"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, plan_schema())


def test_a_missing_file_is_one_issue(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_plan(tmp_path / "plan.json")
    (issue,) = caught.value.issues
    assert (issue.code, issue.path) == ("UNREADABLE_PLAN", "plan.json")
    assert issue.hint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"id": "x"}'])
def test_a_file_that_is_no_plan_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert {issue.code for issue in caught.value.issues} == {"UNREADABLE_PLAN"}
    assert not isinstance(caught.value, ValidationError)


def test_a_broken_field_is_named_by_its_path(tmp_path: Path) -> None:
    content = sample_scenario().model_dump(mode="json", by_alias=True)
    content["stores"][3]["lat"] = 91
    content["reps"][0]["mode"] = "boat"
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    assert [issue.path for issue in caught.value.issues] == [
        "scenario.json:stores[3].lat",
        "scenario.json:reps[0].mode",
    ]
    assert {issue.code for issue in caught.value.issues} == {"UNREADABLE_SCENARIO"}
