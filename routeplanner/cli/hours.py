"""`routeplanner hours`: hours needed against hours there are, in seconds, without planning."""

from pathlib import Path
from typing import Any

import click

from routeplanner.cli.hours_report import hours_table, print_hours
from routeplanner.cli.inputs import input_options, read_scenario_from
from routeplanner.cli.report import console, print_warnings, told_plainly
from routeplanner.travel.source import travel_matrix


@click.command(name="hours")
@input_options
def command(stores: Path, skip_bad_rows: bool, **options: Any) -> None:
    """Compare the hours that STORES need with the hours there are, and name what would fit."""
    with told_plainly():
        scenario = read_scenario_from(stores, skip_bad_rows=skip_bad_rows, **options)
        matrix = travel_matrix(scenario)
    print_warnings(scenario.warnings)
    found = print_hours(scenario, matrix)
    console.print(hours_table(found, scenario.language))
