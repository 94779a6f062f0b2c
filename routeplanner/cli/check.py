"""`routeplanner check`: judges a plan, or routes edited by hand, against its scenario."""

import sys
from pathlib import Path

import click

from routeplanner.cli.report import EXIT_FOUND, console, errors, print_violations, told_plainly
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.files.plan_json import read_plan, read_scenario
from routeplanner.files.routes_csv_in import read_route_rows
from routeplanner.planning.checker import check_plan
from routeplanner.planning.edited import plan_from_rows
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix, travel_matrix


@click.command(name="check")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
def command(scenario: Path, plan: Path) -> None:
    """Check PLAN (plan.json, or an edited routes.csv) against SCENARIO (scenario.json).

    In an edited file rep, week, weekday, store_id and position are the plan; times are computed
    anew, and those that differ are reported. Exit code 0: clean. 1: rules are broken.
    """
    with told_plainly():
        given = read_scenario(scenario)
        matrix = travel_matrix(given)
        found, violations = _judged(plan, scenario, given, matrix)
    if violations:
        words = text("cli.violations", given.language, n=len(violations))
        errors.print(f"[bold red]{words}[/]")
        print_violations(violations)
        sys.exit(EXIT_FOUND)
    console.print(
        text(
            "cli.clean",
            given.language,
            scheduled=found.scheduled_visits,
            required=found.required_visits,
        )
    )


def _judged(
    path: Path, scenario_path: Path, scenario: Scenario, matrix: TravelMatrix
) -> tuple[Plan, tuple[Violation, ...]]:
    if path.suffix.lower() == ".json":
        plan = read_plan(path)
        return plan, check_plan(scenario, plan, matrix)
    rows = read_route_rows(path, scenario.language)
    beside = scenario_path.with_name("plan.json")
    earlier = read_plan(beside) if beside.exists() else None
    plan, faults = plan_from_rows(scenario, rows, matrix, earlier)
    return plan, (*faults, *check_plan(scenario, plan, matrix))
