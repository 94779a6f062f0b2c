"""Scenario and plan as UTF-8 JSON files, and the schemas of both."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from routeplanner.domain.base import Frozen
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue

_Model = TypeVar("_Model", bound=Frozen)
_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HINTS = {
    "plan": "give a plan.json that routeplanner plan wrote, unchanged in its structure",
    "scenario": "give a scenario.json that routeplanner plan wrote, unchanged in its structure",
}
_LINE = 220  # what fits on a line of this length stays on one, such as a stop


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario; keys keep the order of the model."""
    _write(scenario, path)


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan; keys keep the order of the model."""
    _write(plan, path)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        InputError: the file cannot be read or is no scenario (UNREADABLE_SCENARIO).
    """
    return _read(Scenario, path, "scenario")


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        InputError: the file cannot be read or is no plan (UNREADABLE_PLAN).
    """
    return _read(Plan, path, "plan")


def earlier_plan(folder: Path, scenario: Scenario) -> Plan | None:
    """Return the plan of an earlier run that a folder holds.

    None where it cannot be read or is of another territory: most of its stores are not known.
    """
    path = Path(folder) / "plan.json"
    try:
        plan = read_plan(path) if path.exists() else None
    except InputError:
        return None
    if plan is None:
        return None
    known = {store.id for store in scenario.stores}
    planned = {stop.store_id for route in plan.routes for stop in route.visits}
    planned |= {item.store_id for item in plan.unserved}
    return plan if 2 * len(planned & known) > len(planned) else None


def plan_schema() -> dict[str, Any]:
    """The JSON schema of plan.json."""
    return _schema(Plan)


def scenario_schema() -> dict[str, Any]:
    """The JSON schema of scenario.json."""
    return _schema(Scenario)


def write_schemas(folder: Path) -> None:
    """Write `plan.schema.json` and `scenario.schema.json`, as they stand in docs/schema."""
    for name, schema in (("plan", plan_schema()), ("scenario", scenario_schema())):
        path = folder / f"{name}.schema.json"
        path.write_text(render_json(schema), encoding="utf-8", newline="\n")


def render_json(value: Any) -> str:
    """JSON text in which short values and rows of numbers stand on one line each."""
    return "".join(_render(value, "")) + "\n"


def _schema(model: type[Frozen]) -> dict[str, Any]:
    return {"$schema": _SCHEMA_DIALECT} | model.model_json_schema(mode="serialization")


def _write(model: Frozen, path: Path) -> None:
    content = model.model_dump(mode="json", by_alias=True)
    path.write_text(render_json(content), encoding="utf-8", newline="\n")


def _render(value: Any, indent: str) -> list[str]:
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or len(indent) + len(line) <= _LINE or _is_row(value):
        return [line]
    inner = indent + "  "
    if isinstance(value, dict):
        items = [
            [json.dumps(k, ensure_ascii=False), ": ", *_render(value[k], inner)] for k in value
        ]
        opening, closing = "{", "}"
    else:
        items = [_render(item, inner) for item in value]
        opening, closing = "[", "]"
    parts = [opening]
    for place, item in enumerate(items):
        parts += [",\n" if place else "\n", inner, *item]
    return [*parts, "\n", indent, closing]


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value)


def _read(model: type[_Model], path: Path, kind: str) -> _Model:
    try:
        content = path.read_bytes()
    except OSError as error:
        issue = _issue(kind, path, "", error.strerror or str(error))
        raise InputError([issue]) from error
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        faults = {fault["loc"]: fault["msg"] for fault in error.errors(include_url=False)}
        issues = [
            _issue(kind, path, _place(place), message)
            for place, message in faults.items()
            if not any(other[: len(place)] == place != other for other in faults)
        ]
        raise InputError(issues) from error


def _issue(kind: str, path: Path, place: str, message: str) -> Issue:
    return Issue(
        code=f"UNREADABLE_{kind.upper()}",
        path=f"{path.name}:{place}" if place else path.name,
        message=message,
        hint=_HINTS[kind],
        file=str(path),
    )


def _place(location: tuple[int | str, ...]) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return place.lstrip(".")
