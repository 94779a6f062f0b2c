"""What a policy's key may hold, and in plain words why a value cannot stand there."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from routeplanner.domain.policy import (
    ClassLines,
    ObjectiveWeights,
    Policy,
    RouteTemplate,
    TravelRules,
    VisitRule,
    WorkingDay,
)
from routeplanner.files.policy_lines import Path
from routeplanner.texts import text

EXTENDS = "extends"  # a file may name the preset or file whose other keys it keeps

# Tables of a policy; none: any name is a key of it.
_TABLES: dict[Path, type[BaseModel] | None] = {
    (): Policy,
    ("classes",): ClassLines,
    ("visit_rules",): None,
    ("visit_rules", "*"): VisitRule,
    ("working_day",): WorkingDay,
    ("travel",): TravelRules,
    ("travel", "speed_kmh"): None,
    ("objective",): ObjectiveWeights,
    ("routes",): None,
    ("routes", "*"): RouteTemplate,
}
_EXAMPLES = {
    ("travel", "speed_kmh"): "{ car = 18 }",
    ("visit_rules",): 'visit_rules.A.frequency = "1/week"',
    ("routes",): 'routes.T1.classes = ["A"]',
    ("classes", "labels"): '["A", "B", "C"]',
    ("classes", "lines"): "[40, 80]",
    ("working_day", "lunch_between"): '["11:30", "13:30"]',
    ("workdays",): '["mon", "tue", "wed", "thu", "fri"]',
}
_CLOCKS = (("working_day", "start"), ("working_day", "end"), ("working_day", "lunch_between"))
_REASONS = (  # of pydantic's names of errors, the first that fits
    (r"^(?:model|dict|mapping)", "TABLE"),
    (r"^(?:tuple|list|too_|missing|sequence)", "LIST"),
    (r"^int", "WHOLE"),
    (r"^(?:float|decimal|finite)", "NUMBER"),
    (r"^string", "TEXT"),
    (r"^(?:literal|enum)", "CHOICE"),
    (r"^greater_than_equal", "LEAST"),
    (r"^greater_than", "ABOVE"),
    (r"^less_than_equal", "MOST"),
    (r"^less_than", "BELOW"),
)


def is_key(path: Path) -> bool:
    """Whether a policy has this key or table."""
    for index, name in enumerate(path):
        if not _is_table(path[:index]):
            return False
        table = _model(path[:index])
        # Labels are free, but none is called as a part of the policy is.
        if (name in (table or Policy).model_fields) == (table is None):
            return False
    return True


def may_be_none(path: Path) -> bool:
    """Whether `"none"` takes the key out: it is optional, and left out means none."""
    if path == ("routes",):
        return True
    table = _model(path[:-1]) if _is_table(path[:-1]) else None
    if table is None or path[-1] not in table.model_fields:
        return False
    field = table.model_fields[path[-1]]
    return not field.is_required() and field.default is None


def nearest_key(path: Path) -> str:
    """The key of the same table whose name is nearest, or all of them."""
    table = _model(path[:-1]) if _is_table(path[:-1]) else None
    names = list((table or Policy).model_fields)
    close = get_close_matches(path[-1] if path else "", [*names, EXTENDS], n=1, cutoff=0.3)
    return close[0] if close else ", ".join(names)


def shown_value(value: Any) -> str | None:
    """A value about as the file has it."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return ", ".join(str(key) for key in value)
    if isinstance(value, (list, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def plain_reason(path: Path, error: Mapping[str, Any], language: str) -> str:
    """Why a value cannot stand there, in the user's words; `error` is one of pydantic's."""
    message: str = error["msg"]
    if path[:1] == ("calendar",) and error["type"] != "value_error":
        return text("issues.REASON_CALENDAR", language)
    if path[-1:] == ("minimum_frequency",):
        return text("issues.REASON_MINIMUM", language)
    if path[-1:] == ("frequency",):
        return text("issues.REASON_FREQUENCY", language)
    if path in _CLOCKS[:2] or (path[:2] == _CLOCKS[2] and len(path) == 3):
        return text("issues.REASON_CLOCK", language)
    for pattern, name in _REASONS:
        if re.match(pattern, error["type"]):
            return text(f"issues.REASON_{name}", language, **_values(path, name, error))
    return message.removeprefix("Value error, ")


def _values(path: Path, name: str, error: Mapping[str, Any]) -> dict[str, object]:
    context = error.get("ctx") or {}
    limit = next((f"{context[key]:g}" for key in ("gt", "ge", "lt", "le") if key in context), "")
    known = {
        "LEAST": {"limit": limit}, "ABOVE": {"limit": limit}, "MOST": {"limit": limit},
        "BELOW": {"limit": limit},
        "CHOICE": {"choices": str(context.get("expected", "")).replace("'", '"')},
        "TABLE": {"example": _EXAMPLES.get(path) or _example(path)},
        "LIST": {"example": _EXAMPLES.get(path) or _EXAMPLES.get(path[:-1]) or '["A"]'},
    }  # fmt: skip
    return dict(known.get(name, {}))


def _example(path: Path) -> str:
    table = _model(path) if _is_table(path) else None
    if table is None:
        return "[" + ".".join(path) + "]"
    name = next(iter(table.model_fields))
    return ".".join((*path, name)) + " = …"


def clock_faults(data: Mapping[str, Any]) -> Iterable[Path]:
    """Times of day that are bare numbers, of which nobody knows the unit."""
    day = data.get("working_day")
    for path in _CLOCKS:
        value = day.get(path[1]) if isinstance(day, Mapping) else None
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(entry, (int, float)) for entry in entries):
            yield path


def _is_table(path: Path) -> bool:
    return path in _TABLES or (*path[:-1], "*") in _TABLES


def _model(path: Path) -> type[BaseModel] | None:
    """The keys of a table; none where any name is one."""
    return _TABLES[path if path in _TABLES else (*path[:-1], "*")]
