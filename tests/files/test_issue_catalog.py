"""Every code has a message and a hint in both languages and a line in docs/issues.md."""

import ast
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from routeplanner.domain.findings import Findings, Origin
from routeplanner.texts import text

CATALOG = tomllib.loads(files("routeplanner.texts").joinpath("issues.toml").read_text("utf-8"))
CODES = sorted(key for key in CATALOG if f"{key}_HINT" in CATALOG)
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "issues.md"
NOT_CODES = {  # names in capitals, and ends of the keys of texts
    "DAY_S", "OSM_WEEKDAYS", "ROUTEPLANNER_GEOCODER_KEY", "TOO_EARLY", "TOO_LATE", "DAY_TOO_LONG",
    "TOO_FAR_APART", "ROUTE_CLASH", "ROUTE_LUNCH", "NOT_ON_ROUTE", "ROUTEPLANNER_DATABASE_URL",
    "FITS_PARTLY",
}  # fmt: skip
MADE_UP = {"UNREADABLE_PLAN", "UNREADABLE_SCENARIO"}  # put together where they are raised


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", message))


def codes_in(page: str) -> set[str]:
    words = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", words))


def codes_in_source() -> set[str]:
    """Every text in capitals that the package holds: codes of issues, violations and reasons."""
    found: set[str] = set()
    for path in (ROOT / "routeplanner").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$", node.value))
    return found - NOT_CODES


def test_docs_list_every_code_once_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(listed)) == sorted(listed)
    reasons = tomllib.loads(
        files("routeplanner.texts").joinpath("reasons.toml").read_text(encoding="utf-8")
    )
    elsewhere = codes_in("violations.md") | set(reasons)
    assert set(CODES) <= set(listed)
    assert codes_in_source() - elsewhere - set(listed) == set()
    assert set(listed) - codes_in_source() - set(CODES) == MADE_UP


@pytest.mark.parametrize("key", sorted(CATALOG))
def test_both_languages_name_only_the_same_values(key: str) -> None:
    entry = CATALOG[key]
    assert set(entry) == {"en", "zh"}
    english, chinese = placeholders(entry["en"]), placeholders(entry["zh"])
    assert chinese <= english | {"id", "value", "file", "row", "column"}
    assert any("\u4e00" <= character <= "\u9fff" for character in entry["zh"])
    text(f"issues.{key}", "zh", **dict.fromkeys(english | chinese, "x"))


def test_a_long_value_is_cut() -> None:
    findings = Findings()
    findings.error("UNREADABLE_SALES", Origin("s.csv", 2, {}, {"sales": "x" * 500}), "sales")
    value = findings.issues[0].value
    assert value is not None
    assert len(value) == 80
