"""Documentation that cannot drift: what the code knows, the pages name."""

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from routeplanner.cli import main
from routeplanner.domain.dated import LostDayAction, Obstacle
from routeplanner.domain.keeping import Keeping
from routeplanner.domain.kpi import ExclusionReason
from routeplanner.domain.measures import Measures
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_bound import PlanBound
from routeplanner.domain.plan_changes import ChangeKind
from routeplanner.domain.policy import Policy, VisitRule
from routeplanner.domain.visit import EventKind, Reason, VisitStatus
from routeplanner.files.csv_tables import (
    CLASS_COLUMNS,
    ROUTE_COLUMNS,
    STORE_CHANGE_COLUMNS,
    UNSERVED_COLUMNS,
)
from routeplanner.files.dated import CHANGE_COLUMNS, DATED_COLUMNS, FREQUENCY_COLUMNS
from routeplanner.files.exports import WRITERS
from routeplanner.operations.kpis import KPIS, compute_kpis
from routeplanner.settings import Settings
from tests.operations.example_week import BERLIN, REP_DAYS, SPANS, VISITS, WEEK

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def policy_keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    keys = set()
    for name, field in model.model_fields.items():
        if name in ("visit_rules", "routes"):
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys |= policy_keys(kind, f"{prefix}{name}.")
        else:
            keys.add(prefix + name)
    return keys


def test_every_policy_key_is_explained() -> None:
    words = page("policy.md")
    keys = policy_keys(Policy) | {f"visit_rules.A.{name}" for name in VisitRule.model_fields}
    assert {key for key in keys if f"`{key}`" not in words} == set()


def test_every_input_column_is_explained() -> None:
    words = page("columns.md")
    headers = tomllib.loads((ROOT / "routeplanner/files/headers.toml").read_text(encoding="utf-8"))
    missing = {
        f"{kind}.{field}"
        for kind, fields in headers.items()
        for field in fields
        if f"`{field}`" not in words
    }
    assert missing == set()


@pytest.mark.parametrize("columns", [ROUTE_COLUMNS, UNSERVED_COLUMNS, CLASS_COLUMNS])
def test_every_output_column_is_explained(columns: tuple[str, ...]) -> None:
    words = page("columns.md")
    assert [name for name in columns if f"`{name}`" not in words] == []


def test_every_column_and_option_of_changing_a_plan_is_explained() -> None:
    words = page("replan.md")
    names = [*STORE_CHANGE_COLUMNS, *Keeping.model_fields, *get_args(ChangeKind)]
    assert [name for name in names if f"`{name}`" not in words] == []


@pytest.mark.parametrize("columns", [DATED_COLUMNS, CHANGE_COLUMNS, FREQUENCY_COLUMNS])
def test_every_column_of_dates_is_explained(columns: tuple[str, ...]) -> None:
    words = page("publishing.md")
    assert [name for name in columns if f"`{name}`" not in words] == []


@pytest.mark.parametrize(
    "values", [LostDayAction, Obstacle, VisitStatus, EventKind, Reason], ids=str
)
def test_every_word_of_publishing_is_explained(values: object) -> None:
    words = page("publishing.md")
    assert [value for value in get_args(values) if f"`{value}`" not in words] == []


def test_every_kpi_and_exclusion_is_explained() -> None:
    words = page("kpis.md")
    for code, definition in KPIS.items():
        name = f"{definition.names['en']} {definition.names['zh']}"
        assert re.search(rf"^\| `{code}` \| {name} \| .* \| {definition.version} \|$", words, re.M)
    assert [v for v in get_args(ExclusionReason) if f"| `{v}` |" not in words] == []


def test_the_worked_example_of_kpis_is_computed() -> None:
    results = compute_kpis(VISITS, REP_DAYS, WEEK, BERLIN, spans=SPANS)
    assert len(results) == len(KPIS)
    for result in results:
        row = rf"^\| `{result.definition.code}` \| (\d+)\b.* \| (\d+)\b.* \| ([\d.]+) % \|$"
        found = re.search(row, page("kpis.md"), re.M)
        assert found is not None, result.definition.code
        value = f"{100 * (result.value or 0):.1f}"
        assert found.groups() == (f"{result.numerator:g}", f"{result.denominator:g}", value)


def test_every_member_of_a_bound_is_explained() -> None:
    words = page("bound.md")
    names = [*PlanBound.model_fields, *PlanBound.model_computed_fields]
    assert [name for name in names if f"`{name}`" not in words] == []


def test_every_key_of_a_plan_is_explained() -> None:
    words = page("plan-schema.md")
    assert [name for name in Plan.model_fields if f"`{name}`" not in words] == []
    assert "measures" in Plan.model_fields
    assert Measures.model_fields


def test_every_reason_is_explained() -> None:
    reasons = tomllib.loads((ROOT / "routeplanner/texts/reasons.toml").read_text(encoding="utf-8"))
    codes = {name for name in reasons if not name.endswith("_hint")}
    assert {code for code in codes if f"`{code}`" not in page("columns.md")} == set()


def test_every_text_has_both_languages_with_the_same_placeholders() -> None:
    for path in (ROOT / "routeplanner/texts").glob("*.toml"):
        for key, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            assert set(words) == {"en", "zh"}, f"{path.name}: {key}"
            names = [set(re.findall(r"\{(\w+)", words[language])) for language in ("en", "zh")]
            assert names[0] == names[1], f"{path.name}: {key}"


def test_every_setting_of_the_service_is_explained() -> None:
    words = page("operations.md")
    names = {f"ROUTEPLANNER_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in names if f"`{name}`" not in words} == set()


def test_every_resource_of_the_service_is_explained() -> None:
    words = page("api.md")
    document = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    for path in document["paths"]:
        part = re.split(r"[/:]", path.removeprefix("/v1").strip("/"))[0]
        assert part in words, path


def test_links_lead_to_files() -> None:
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_readme_is_short_and_names_every_command() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    assert 450 <= len(words.split()) <= 770
    for name in main.list_commands(None):  # type: ignore[arg-type]
        assert name in words
    for name in ("ics", "geojson", "gpx", "kml"):
        assert name in words
        assert name in WRITERS


def test_decisions_are_short() -> None:
    decisions = sorted((DOCS / "decisions").glob("[0-9][0-9][0-9][0-9]-*.md"))
    assert decisions
    for path in decisions:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name
