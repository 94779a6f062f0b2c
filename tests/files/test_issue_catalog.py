"""Every code has a message and a hint in both languages and a line in docs/issues.md."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from routeplanner.domain.findings import Findings, Origin
from routeplanner.texts import text

CATALOG = tomllib.loads(files("routeplanner.texts").joinpath("issues.toml").read_text("utf-8"))
CODES = sorted(key for key in CATALOG if f"{key}_HINT" in CATALOG)
DOCS = Path(__file__).parents[2] / "docs" / "issues.md"


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", message))


def test_docs_list_every_code_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == CODES


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
