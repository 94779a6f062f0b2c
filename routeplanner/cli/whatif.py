"""`routeplanner whatif`: changes of the rules side by side, each solved for the same time."""

from pathlib import Path
from typing import Any

import click

from routeplanner.cli.inputs import input_options
from routeplanner.cli.many_plans import open_scenario, plan_by_plan, search_options
from routeplanner.cli.report import print_warnings, print_written, told_plainly
from routeplanner.cli.searching import end_canceled, searching
from routeplanner.cli.whatif_report import announce, print_what_if
from routeplanner.files.solved_plans import folder_names, write_solved
from routeplanner.files.what_if_sets import read_sets
from routeplanner.planning.what_if.run import Effort, WhatIfRun, what_if


@click.command(name="whatif")
@input_options
@click.option(
    "--set",
    "sets",
    multiple=True,
    required=True,
    metavar="KEY=VALUE",
    help="An alternative: one change, or several apart by spaces or ; (--set 'A.frequency=2/week "
    "C.minutes=8'), with a name before a colon if wanted. May be repeated.",
)
@search_options(seconds=10)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the best plan of each into a folder of its own, and all figures as what-if.json.",
)
def command(
    stores: Path,
    sets: tuple[str, ...],
    effort: Effort,
    out: Path | None,
    skip_bad_rows: bool,
    **options: Any,
) -> None:
    """Solve what would be under other rules, beside what is: frequencies, minutes, reps, hours, …

    STORES is a folder that `plan` wrote, its plan.json or scenario.json, or a list of stores as
    `plan` takes it. Every plan is searched for from the same start and for the same time.
    """
    with told_plainly():
        opened = open_scenario(stores, skip_bad_rows, options)
        alternatives = read_sets(sets, opened.scenario)
    scenario = opened.scenario
    print_warnings(scenario.warnings)
    announce(
        len(alternatives) + 1, effort, scenario.language, is_start_given=opened.plan is not None
    )
    with searching(scenario.language) as search:
        progress = plan_by_plan(search.show, scenario.language)
        run = what_if(
            scenario, alternatives, effort,
            start=opened.plan, progress=progress, is_canceled=search.is_canceled,
        )  # fmt: skip
    if run is None:
        end_canceled(scenario.language)
    print_what_if(run.result, scenario)
    if out is not None:
        _write(run, out, scenario.language)


def _write(run: WhatIfRun, out: Path, language: str) -> None:
    names = folder_names([case.alternative.name or "base" for case in run.cases])
    plans = {name: (c.scenario, c.plan) for name, c in zip(names, run.cases, strict=True)}
    with told_plainly():
        write_solved(out, plans, run.result, "what-if.json", language)
    print_written(out, (*names, "what-if.json"), language)
