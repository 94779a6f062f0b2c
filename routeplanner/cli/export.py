"""`routeplanner export`: a plan, or routes edited by hand, in any format."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from routeplanner.cli.inputs import day_of
from routeplanner.cli.plan_files import open_plan, plan_in, plan_of, scenario_of
from routeplanner.cli.report import (
    console,
    errors,
    named_by_option,
    print_placed,
    print_violations,
    told_plainly,
)
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.exports import WRITERS, export
from routeplanner.files.placing import has_record, place, writing
from routeplanner.texts import text

_NAMES = {
    "csv": "routes.csv",
    "unserved": "unserved.csv",
    "xlsx": "plan.xlsx",
    "html": "map.html",
    "days": "days",
    "changes": "changes.csv",
    "ics": "plan.ics",
    "changes_ics": "changes.ics",
    "geojson": "plan.geojson",
    "gpx": "plan.gpx",
    "kml": "plan.kml",
}

_OPTIONS = {
    "NO_START_DATE": "--start",
    "START_NOT_MONDAY": "--start",
    "NO_TIME_ZONE": "--timezone",
    "UNKNOWN_TIME_ZONE": "--timezone",
    "UNKNOWN_NAVIGATION": "--navigation",
    "NO_EARLIER_PLAN": "--previous",
}
"""The option that a fault is of, by its code."""


@click.command(name="export")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--format", "name", type=click.Choice(list(WRITERS)), required=True)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside PLAN where not given.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File (or folder for days).")
@click.option(
    "--per-visit",
    is_flag=True,
    help="ics and changes_ics: one event a visit in place of one a day.",
)
@click.option("--timezone", help="ics: time zone such as Europe/Berlin.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="ics: first Monday of the cycle.")
@click.option(
    "--navigation",
    multiple=True,
    help="days: links to geo, google, apple, amap or baidu. May be repeated.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="Earlier plan.json or its folder: changes, changes_ics and xlsx list the changes against "
    "it, ics cancels its events that are gone. "
    "For an edited file, the one beside the scenario where not given.",
)
def command(
    plan: Path,
    name: str,
    scenario: Path | None,
    out: Path | None,
    per_visit: bool,
    timezone: str | None,
    start: datetime | None,
    navigation: tuple[str, ...],
    previous: Path | None,
) -> None:
    """Write PLAN in another format; PLAN is plan.json or its folder, or an edited routes.csv.

    An edited file is timed and counted anew and becomes the next version of the plan.json beside
    its scenario; rules that it breaks are told, and the export is written all the same. Without
    --out the file gets the name that `plan` gives it, beside PLAN; what was changed there by hand
    is kept under another name.
    """
    with told_plainly(), named_by_option(_OPTIONS):
        plan = plan_in(plan)
        target = _target(plan, name, out)
        opened = open_plan(plan, scenario)
        given = opened.scenario
        earlier, its_scenario = _earlier(previous) if previous else (opened.earlier, None)

        def write(path: Path) -> None:
            export(
                opened.plan,
                given,
                name,
                path,
                per_visit=per_visit,
                timezone=timezone,
                start_date=day_of(start),
                navigation=navigation or None,
                previous=earlier,
                previous_scenario=its_scenario,
            )

        _put(target, write, is_own=out is None, language=given.language)
    if opened.violations:
        errors.print(f"[bold yellow]{text('cli.export_breaks', given.language)}[/]")
        print_violations(opened.violations, given.language, errors)
    console.print(str(target), soft_wrap=True, markup=False)


def _earlier(path: Path) -> tuple[Plan, Scenario | None]:
    """The earlier plan; its scenario where it lies beside it."""
    path = plan_in(path)
    beside = path.with_name("scenario.json")
    return plan_of(path), scenario_of(beside) if beside.exists() else None


def _put(target: Path, write: Callable[[Path], None], *, is_own: bool, language: str) -> None:
    """Write a file that is one of a plan's outputs, or one that has a place of its own."""
    if not is_own and not has_record(target.parent):
        with writing(target, language):
            write(target)
        return

    def owns(name: str) -> bool:
        return Path(name).parts[0] == target.name

    placed = place(target.parent, lambda staging: write(staging / target.name), owns, language)
    print_placed(placed, language)


def _target(plan: Path, name: str, out: Path | None) -> Path:
    if out is None and name not in _NAMES:
        raise click.UsageError(f"--format {name} needs --out, so that no plan is overwritten")
    target = out or plan.with_name(_NAMES[name])
    if target.resolve() == plan.resolve():
        raise click.UsageError("the export would overwrite the plan itself; give --out")
    return target
