"""The files that `plan` writes anyway, one by one under the names of `export`."""

from pathlib import Path

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import change_list
from routeplanner.domain.scenario import Scenario
from routeplanner.files.csv_tables import write_changes, write_routes, write_unserved
from routeplanner.files.day_sheets import write_day_sheets
from routeplanner.files.exports import ExportOptions, plan_before
from routeplanner.files.map import write_map
from routeplanner.files.plan_json import write_plan
from routeplanner.files.workbook import write_workbook


def write_routes_csv(plan: Plan, scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """routes.csv."""
    write_routes(plan, scenario, path)


def write_unserved_csv(
    plan: Plan, _scenario: Scenario, path: Path, _options: ExportOptions
) -> None:
    """unserved.csv."""
    write_unserved(plan, path)


def write_changes_csv(plan: Plan, scenario: Scenario, path: Path, options: ExportOptions) -> None:
    """changes.csv."""
    previous = plan_before(scenario, options)
    write_changes(change_list(plan, scenario, previous, options.previous_scenario), path)


def write_xlsx(plan: Plan, scenario: Scenario, path: Path, options: ExportOptions) -> None:
    """plan.xlsx."""
    write_workbook(plan, scenario, path, options.previous, options.previous_scenario)


def write_json(plan: Plan, _scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """plan.json."""
    write_plan(plan, path)


def write_html(plan: Plan, scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """map.html."""
    write_map(plan, scenario, path)


def write_days(plan: Plan, scenario: Scenario, path: Path, options: ExportOptions) -> None:
    """days/*.html."""
    write_day_sheets(plan, scenario, path, navigation=options.navigation)
