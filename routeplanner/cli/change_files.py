"""The files that list what changes against an earlier plan: their time zone, and what is told."""

import click

from routeplanner.cli.report import console
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.placing import Placed
from routeplanner.texts import text

timezone_option = click.option("--timezone", help="Of changes.ics, such as Europe/Berlin.")

_LISTS = ("plan.xlsx", "changes.csv", "changes.ics")


def change_files(placed: Placed) -> list[str]:
    """Return the names of the files that hold the changes, of those that were written."""
    written = {path.name for path in placed.paths}
    return [name for name in _LISTS if name in written]


def print_missing_calendar(
    placed: Placed, plan: Plan, scenario: Scenario, timezone: str | None
) -> None:
    """Say how to get the calendar of the changes where time zone or start date alone is missing."""
    files = change_files(placed)
    if "changes.csv" not in files or "changes.ics" in files:
        return
    is_started = plan.start_date is not None or scenario.start_date is not None
    if is_started or timezone is not None:
        key = "no_change_calendar" if is_started else "no_change_start"
        console.print(text(f"cli.{key}", scenario.language), soft_wrap=True)
