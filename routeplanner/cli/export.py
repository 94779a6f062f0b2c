"""`routeplanner export`: a plan in any format, from its plan.json and the scenario beside it."""

from datetime import datetime
from pathlib import Path

import click

from routeplanner.cli.inputs import day_of
from routeplanner.cli.report import console, told_plainly
from routeplanner.files.exports import WRITERS, export
from routeplanner.files.plan_json import read_plan, read_scenario

_SUFFIXES = {"days": "", "unserved": "-unserved.csv"}


@click.command(name="export")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--format", "name", type=click.Choice(list(WRITERS)), required=True)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside it where not given.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File (or folder for days).")
@click.option("--per-visit", is_flag=True, help="ics: one event a visit in place of one a day.")
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
    help="Earlier plan.json: ics cancels its events that are gone, xlsx lists the changes.",
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
    """Write PLAN (plan.json) in another format."""
    with told_plainly():
        target = out or plan.with_name(plan.stem + _SUFFIXES.get(name, f".{name}"))
        if target.resolve() == plan.resolve():
            raise click.UsageError("the export would overwrite the plan itself; give --out")
        export(
            read_plan(plan),
            read_scenario(scenario or plan.with_name("scenario.json")),
            name,
            target,
            per_visit=per_visit,
            timezone=timezone,
            start_date=day_of(start),
            navigation=navigation or None,
            previous=read_plan(previous) if previous else None,
        )
    console.print(str(target), soft_wrap=True)
