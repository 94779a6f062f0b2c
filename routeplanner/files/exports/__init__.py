"""`export`: writes a plan in any format by name; a new format is one writer and one line here."""

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What some formats need beyond the plan; the others ignore it."""

    per_visit: bool = False  # calendar: one event a visit in place of one a day
    timezone: str | None = None  # calendar: IANA name, such as Europe/Berlin
    start_date: date | None = None  # calendar: wins over the plan's
    navigation: tuple[str, ...] | None = None  # day sheets
    previous: Plan | None = (
        None  # calendar: its events that are gone are canceled; workbook: Changes
    )
    previous_scenario: Scenario | None = None  # knows stores that the plan's lacks


class Writer(Protocol):
    """Writes one format to a file, or to a folder for several files."""

    def __call__(
        self, plan: Plan, scenario: Scenario, path: Path, options: ExportOptions
    ) -> None: ...


# Loaded when asked for: some writers bring libraries that take seconds to import.
WRITERS: dict[str, str] = {
    "ics": "ics.write_ics",
    "geojson": "geojson.write_geojson",
    "gpx": "gpx.write_gpx",
    "kml": "kml.write_kml",
    "csv": "outputs_again.write_routes_csv",
    "unserved": "outputs_again.write_unserved_csv",
    "changes": "outputs_again.write_changes_csv",
    "changes_ics": "ics_changes.write_changes_ics",
    "xlsx": "outputs_again.write_xlsx",
    "json": "outputs_again.write_json",
    "html": "outputs_again.write_html",
    "days": "outputs_again.write_days",
}


def export(
    plan: Plan,
    scenario: Scenario,
    format: str,  # noqa: A002  # the word of the command line
    path: Path,
    *,
    per_visit: bool = False,
    timezone: str | None = None,
    start_date: date | None = None,
    navigation: tuple[str, ...] | None = None,
    previous: Plan | None = None,
    previous_scenario: Scenario | None = None,
) -> None:
    """Write a plan to `path` in a format of `WRITERS`; `days` writes a folder.

    Raises
    ------
    InputError
        unknown format (UNKNOWN_FORMAT); for a calendar no usable start date (NO_START_DATE,
        START_NOT_MONDAY) or time zone (NO_TIME_ZONE, UNKNOWN_TIME_ZONE), both at once; for a list
        of changes no earlier plan (NO_EARLIER_PLAN).
    """
    if format not in WRITERS:
        known = {"format": format, "known": ", ".join(WRITERS)}
        raise InputError([export_issue("UNKNOWN_FORMAT", scenario, format, known)])
    module, function = WRITERS[format].split(".")
    writer = cast("Writer", getattr(import_module(f"{__name__}.{module}"), function))
    options = ExportOptions(
        per_visit, timezone, start_date, navigation, previous, previous_scenario
    )
    writer(plan, scenario, Path(path), options)


def plan_before(scenario: Scenario, options: ExportOptions) -> Plan:
    """Return the plan that a list of changes needs; InputError (NO_EARLIER_PLAN) without it."""
    if options.previous is None:
        raise InputError([export_issue("NO_EARLIER_PLAN", scenario)])
    return options.previous


def export_issue(
    code: str, scenario: Scenario, value: str | None = None, words: dict[str, str] | None = None
) -> Issue:
    """The fault of a code, worded by the text of the same name."""
    key = f"export.{code.lower()}"
    return Issue(
        code=code,
        path="export",
        message=text(key, scenario.language, **(words or {})),
        hint=text(f"{key}_hint", scenario.language, **(words or {})),
        value=value,
    )
