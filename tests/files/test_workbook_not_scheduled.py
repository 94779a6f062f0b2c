"""The sheet of what is not scheduled: reasons once, a line a store, and doubts about the input."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from routeplanner.files.workbook.not_scheduled import KNOWN_CODES
from routeplanner.texts import text
from tests.files.workbooks import all_text, complete, table, written
from tests.sample_plans import UNSERVED_ID, sample_plan, sample_scenario


def test_not_scheduled_gives_reason_remedy_and_doubts(tmp_path: Path) -> None:
    scenario = sample_scenario()
    sheet = written(tmp_path, scenario)["Not scheduled"]
    (row,) = table(sheet)
    assert row["Reason"] == "closed on a day of its route"
    assert (row["Store no."], row["Missing"], row["Minutes missing"]) == (UNSERVED_ID, 1, 10)
    assert row["Code"] == "CLOSED_ON_TEMPLATE_DAYS"
    words = all_text(sheet)
    assert "store S16 sells -20; returns count as 0" in words
    assert "stores.csv" in words


@pytest.mark.parametrize(
    "told", [set(), {"row"}, {"column"}, {"value"}, {"row", "file"}, {"row", "column", "value"}]
)
def test_doubts_without_a_place_are_listed_when_all_is_scheduled(
    tmp_path: Path, told: set[str]
) -> None:
    scenario = sample_scenario()
    nowhere = {key: None for key in ("row", "file", "column", "value") if key not in told}
    warning = scenario.warnings[0].model_copy(update=nowhere)
    scenario = scenario.model_copy(update={"warnings": (warning,)})
    sheet = written(tmp_path, scenario, complete(sample_plan(scenario)))["Not scheduled"]
    assert "store S16 sells -20; returns count as 0" in all_text(sheet)
    for letter in "ABCDEFGHIJ":
        assert sheet.column_dimensions[letter].width >= 5


def test_a_reason_and_what_would_help_stand_once_over_the_stores(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    (first,) = plan.unserved
    full = {"code": "DAY_FULL", "message": "long words", "hint": "a visit adds about 36 min"}
    many = tuple(
        first.model_copy(
            update={"store_id": f"S0{n}", "required": 4, "missing_minutes": 60, **full}
        )
        for n in range(1, 10)
    )
    other = first.model_copy(update={"code": "NEW_CODE", "message": "why", "hint": "what helps"})
    plan = plan.model_copy(update={"unserved": (*many, first, other)})
    calm = scenario.model_copy(update={"warnings": ()})
    sheet = written(tmp_path, calm, plan)["Not scheduled"]
    words = all_text(sheet).split("\n")
    assert words[0].endswith("every store gets one visit first; then A before B before C.")
    assert sum("one more rep" in line for line in words) == 1
    assert "a visit adds about 36 min" not in words
    legend = [[cell for cell in row if cell] for row in sheet.iter_rows(3, 5, values_only=True)]
    assert [row[1:4] for row in legend] == [["9", "36", "540"], ["1", "1", "10"], ["1", "1", "10"]]
    assert [row[-1] for row in legend] == ["DAY_FULL", "CLOSED_ON_TEMPLATE_DAYS", "NEW_CODE"]
    assert legend[2][0] == "why"
    assert legend[2][4] == "what helps"
    rows = table(sheet)
    assert len(rows) == 11
    assert {row["Reason"] for row in rows[:9]} == {"no room was found on the days allowed"}
    assert sheet.print_title_rows == "$7:$7"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_has_its_few_words(language: str) -> None:
    catalog = files("routeplanner.texts").joinpath("reasons.toml").read_text("utf-8")
    codes = {key for key in tomllib.loads(catalog) if not key.endswith("_hint")}
    assert codes == set(KNOWN_CODES)
    for code in codes:
        assert len(text(f"workbook.reason_{code}", language)) < 50
        assert text(f"workbook.remedy_{code}", language)
