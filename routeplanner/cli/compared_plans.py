"""Opens the plans of a comparison: folders, plan.json files, and lists of visits by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from routeplanner.cli.plan_files import (
    is_edited,
    plan_of,
    plan_path,
    plans_in,
    rows_of,
    scenario_in,
    scenario_of,
)
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.files.plan_json import earlier_plan
from routeplanner.planning.compare import JudgedPlan, judged_plan, judged_rows
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix, travel_matrix


@dataclass(frozen=True, slots=True)
class _Task:
    """A scenario with its travel times and the folder that it lies in."""

    scenario: Scenario
    matrix: TravelMatrix
    folder: Path


def open_compared(paths: Sequence[Path], scenario_path: Path | None) -> list[JudgedPlan]:
    """Read and judge plans.

    Lists by hand are judged on the scenario that is named, else on that beside the first plan that
    has one; a plan.json on the one that it was made from.

    Raises
    ------
    InputError
        A file cannot be read, or no scenario is found.
    """
    plans = plans_in(paths)
    shared = _task(scenario_in(scenario_path) if scenario_path else _first_scenario(plans))
    return [
        _opened(path, name, shared, is_named=scenario_path is not None)
        for path, name in zip(plans, plan_names(paths), strict=True)
    ]


def plan_names(paths: Sequence[Path]) -> list[str]:
    """Short names that tell plans apart: of a folder or table, with the folder above if needed."""
    places = [plan_path(path).resolve() for path in paths]
    folders = [place.parent if is_edited(place) else place.parent.parent for place in places]
    short = [place.stem if is_edited(place) else place.parent.name for place in places]
    long = [f"{folder.name}/{name}" for folder, name in zip(folders, short, strict=True)]
    names: list[str] = []
    for name, whole in zip(short, long, strict=True):
        alike = [other for other, own in zip(long, short, strict=True) if own == name]
        n_before = sum(other == name for other in short[: len(names)])
        if len(alike) == len(set(alike)) > 1:
            names.append(whole)
        else:
            names.append(f"{name} ({n_before + 1})" if n_before else name)
    return names


def _first_scenario(plans: Sequence[Path]) -> Path:
    beside = [path.with_name("scenario.json") for path in plans]
    found = next((path for path in beside if path.exists()), None)
    if found is not None:
        return found
    issue = Issue(
        code="NO_SCENARIO",
        path=plans[0].name,
        message=text("compare.no_scenario", "en"),
        hint=text("compare.no_scenario_hint", "en"),
        file=str(plans[0]),
    )
    raise InputError([issue])


def _task(path: Path) -> _Task:
    scenario = scenario_of(path)
    return _Task(scenario, travel_matrix(scenario), path.parent)


def _opened(path: Path, name: str, shared: _Task, *, is_named: bool) -> JudgedPlan:
    if is_edited(path):
        rows = rows_of(path, shared.scenario)
        earlier = earlier_plan(shared.folder, shared.scenario)
        return judged_rows(name, rows, shared.scenario, shared.matrix, earlier)
    plan = plan_of(path)
    task = _own_task(path, plan, shared, is_named=is_named)
    return judged_plan(name, plan, task.scenario, task.matrix)


def _own_task(path: Path, plan: Plan, shared: _Task, *, is_named: bool) -> _Task:
    """The shared scenario where the plan was made from it, else the one beside the plan."""
    if plan.provenance.scenario_hash == shared.scenario.content_hash():
        return shared
    beside = path.with_name("scenario.json")
    if is_named and not beside.exists():
        return shared
    own = _task(beside)
    return shared if own.scenario.content_hash() == shared.scenario.content_hash() else own
