"""`routeplanner check`: judges a plan, or routes edited by hand, against its scenario."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from routeplanner.cli.plan_files import (
    edited_plan_of,
    is_edited,
    plan_in,
    plan_of,
    scenario_in,
    scenario_of,
)
from routeplanner.cli.report import EXIT_FOUND, console, errors, print_violations, told_plainly
from routeplanner.domain.edited import NewTime
from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker import check_plan
from routeplanner.planning.edited import check_edited
from routeplanner.texts import text
from routeplanner.travel.source import travel_matrix

_MOST_TIMES = 10


@click.command(name="check")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path), required=False)
def command(scenario: Path, plan: Path | None) -> None:
    """Check PLAN (plan.json, or an edited routes.csv) against SCENARIO (scenario.json).

    A folder that `plan` wrote stands for either file, alone for both.

    In an edited file rep, week, weekday, store_id and position are the plan; times are computed
    anew, and those that differ are listed, which is no fault. Exit code 0: clean. 1: rules are
    broken. `routeplanner export` then makes all outputs of an edited file.
    """
    with told_plainly():
        plan, scenario = plan_in(plan or scenario), scenario_in(scenario)
        given = scenario_of(scenario)
        found, violations, new_times = _judged(plan, scenario, given)
    if violations:
        words = text("cli.violations", given.language, n=len(violations))
        errors.print(f"[bold red]{words}[/]")
        print_violations(violations, given.language)
    else:
        counts = {"scheduled": found.scheduled_visits, "required": found.required_visits}
        console.print(text("cli.clean", given.language, **counts))
    _print_new_times(new_times, given.language)
    if violations:
        sys.exit(EXIT_FOUND)
    if is_edited(plan):
        console.print(text("cli.export_next", given.language))
        is_beside = scenario.resolve() == plan.with_name("scenario.json").resolve()
        where = "" if is_beside else f" --scenario {scenario}"
        words = f"  routeplanner export {plan}{where} --format xlsx"
        console.print(words, soft_wrap=True, markup=False)


def _judged(
    path: Path, scenario_path: Path, scenario: Scenario
) -> tuple[Plan, Sequence[Violation], Sequence[NewTime]]:
    if not is_edited(path):
        plan = plan_of(path)
        return plan, check_plan(scenario, plan, travel_matrix(scenario)), ()
    matrix = travel_matrix(scenario)
    edited, _ = edited_plan_of(path, scenario, scenario_path.parent, matrix)
    return edited.plan, check_edited(scenario, edited, matrix), edited.new_times


def _print_new_times(new_times: Sequence[NewTime], language: str) -> None:
    if not new_times:
        return
    console.print(text("cli.new_times", language, n=len(new_times)))
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for key in ("new_times_row", "store", "new_times_stated", "new_times_computed"):
        table.add_column(text(f"cli.{key}", language), overflow="fold")
    for item in new_times[:_MOST_TIMES]:
        times = (format_clock(item.stated), format_clock(item.computed))
        table.add_row(str(item.row), Text(item.store_id), *times)
    console.print(table)
    if len(new_times) > _MOST_TIMES:
        console.print(text("cli.new_times_more", language, n=len(new_times) - _MOST_TIMES))
