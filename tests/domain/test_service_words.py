"""Callers of the service are told nothing of the command line's options."""

import re
import tomllib
from importlib.resources import files

import pytest

from routeplanner.domain.service_words import for_service
from routeplanner.errors import Issue
from routeplanner.texts import text

CATALOG = tomllib.loads(files("routeplanner.texts").joinpath("issues.toml").read_text("utf-8"))
COMMAND_LINE_ALONE = {"CHECK_COORDINATE_SYSTEM", "UNREADABLE_SET"}
"""Told where coordinates may be left open (the service takes them as WGS84 where none are named),
and of cases of `whatif`, which is not there over HTTP."""

NAMING_OPTIONS = sorted(
    {key.removesuffix("_HINT") for key, words in CATALOG.items() if re.search(r"--\w", str(words))}
    - COMMAND_LINE_ALONE
    - {"GEOCODE"}  # a part of the hint of MISSING_COLUMN
)


def issue(code: str) -> Issue:
    values = dict.fromkeys(re.findall(r"\{(\w+)", str(CATALOG)), "x")
    words = [text(f"issues.{key}", "en", **values) for key in (code, f"{code}_HINT")]
    return Issue(code=code, path="x", message=words[0], hint=words[1], column="lon", value="v")


@pytest.mark.parametrize("code", NAMING_OPTIONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_option_is_named(code: str, language: str) -> None:
    told = for_service(issue(code), language)  # type: ignore[arg-type]
    assert "--" not in told.message + told.hint


def test_another_issue_stays_as_it_is() -> None:
    assert for_service(issue("NEGATIVE_SALES"), "en") == issue("NEGATIVE_SALES")
