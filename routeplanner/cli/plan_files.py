"""Reads the files that commands on plans are given: a scenario, and a plan in either form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.findings import Findings
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.errors import InputError, Issue
from routeplanner.files.plan_json import earlier_plan, read_plan, read_scenario
from routeplanner.files.routes_csv_in import read_route_rows
from routeplanner.files.tables import not_opened
from routeplanner.planning.edited import EditedPlan, check_edited, plan_from_rows
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix, travel_matrix


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """A plan with what it answers; of an edited file also what was edited and what it breaks."""

    plan: Plan
    scenario: Scenario
    matrix: TravelMatrix
    earlier: Plan | None
    violations: Sequence[Violation]  # of an edited file; a plan.json is not judged here


def open_plan(path: Path, scenario_path: Path | None = None) -> OpenedPlan:
    """Read a plan.json, its folder or an edited routes.csv; its scenario lies beside it.

    Raises
    ------
    InputError
        A file cannot be read, or is not what it should be.
    """
    path = plan_in(path)
    scenario_path = scenario_in(scenario_path) if scenario_path else path.with_name("scenario.json")
    scenario = scenario_of(scenario_path)
    matrix = travel_matrix(scenario)
    if not is_edited(path):
        return OpenedPlan(plan_of(path), scenario, matrix, None, ())
    edited, earlier = edited_plan_of(path, scenario, scenario_path.parent, matrix)
    found = check_edited(scenario, edited, matrix)
    return OpenedPlan(edited.plan, scenario, matrix, earlier, found)


def is_edited(path: Path) -> bool:
    """Whether a plan is a table of visits (routes.csv, or a workbook made of it)."""
    return path.suffix.lower() != ".json"


def plan_path(path: Path) -> Path:
    """The plan of a folder that `plan` wrote; any other path as it is."""
    return path / "plan.json" if path.is_dir() else path


def plan_in(path: Path) -> Path:
    """The plan of a folder that `plan` wrote, or the path itself; InputError: not there."""
    return _there(plan_path(path))


def scenario_in(path: Path) -> Path:
    """The scenario of a folder that `plan` wrote, or the path itself; InputError: not there."""
    return _there(path / "scenario.json" if path.is_dir() else path)


def plans_in(paths: Sequence[Path]) -> list[Path]:
    """The plans of several paths; InputError with all that are not there."""
    found: list[Path] = []
    issues: list[Issue] = []
    for path in paths:
        try:
            found.append(plan_in(path))
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    return found


def scenario_of(path: Path) -> Scenario:
    """Read a scenario; a plan in its place is told as that."""
    if is_edited(_there(path)):
        raise InputError([_mistaken(path, "plan_as_scenario", "en")])
    try:
        return read_scenario(path)
    except InputError:
        content = _content(path)
        if {"routes", "provenance"} <= content.keys():
            raise InputError([_mistaken(path, "plan_as_scenario", "en")]) from None
        raise


def plan_of(path: Path) -> Plan:
    """Read a plan.json; a scenario in its place is told as that."""
    try:
        return read_plan(path)
    except InputError:
        content = _content(path)
        if {"stores", "policy"} <= content.keys():
            language = "zh" if content.get("language") == "zh" else "en"
            raise InputError([_mistaken(path, "scenario_as_plan", language)]) from None
        raise


def edited_plan_of(
    path: Path, scenario: Scenario, folder: Path, matrix: TravelMatrix
) -> tuple[EditedPlan, Plan | None]:
    """Read an edited routes.csv; also the plan that was edited, where the folder holds it."""
    earlier = earlier_plan(folder, scenario)
    return plan_from_rows(scenario, rows_of(path, scenario), matrix, earlier), earlier


def rows_of(path: Path, scenario: Scenario) -> tuple[RouteRow, ...]:
    """Read the visits of an edited routes.csv or of a list by hand."""
    return read_route_rows(path, scenario.language, scenario.cycle.weeks)


def _there(path: Path) -> Path:
    """A path; InputError (FILE_NOT_FOUND) where nothing is there, as for a list of stores."""
    if not path.exists():
        findings = Findings()
        not_opened(path).tell(findings, str(path))
        raise InputError(findings.issues)
    return path


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _mistaken(path: Path, key: str, language: str) -> Issue:
    return Issue(
        code="FILES_SWAPPED",
        path=path.name,
        message=text(f"cli.{key}", language),
        hint=text("cli.swapped_hint", language),
        file=str(path),
    )
