"""The policy: a preset by name, or a TOML file; every wrong key of it is told at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.policy import (
    ClassLines,
    ObjectiveWeights,
    Policy,
    RouteTemplate,
    TravelRules,
    VisitRule,
    WorkingDay,
)
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError
from routeplanner.files.cells_days import read_frequency, read_weekdays
from routeplanner.files.tables import TableFault
from routeplanner.files.tables_text import decode
from routeplanner.texts import text

PRESETS = ("handbook", "handbook-example", "five-day")
_EXTENDS = "extends"  # a file may name the preset whose other keys it keeps
_MODELS: dict[str, type[BaseModel]] = {
    "": Policy,
    "classes": ClassLines,
    "visit_rules.*": VisitRule,
    "working_day": WorkingDay,
    "travel": TravelRules,
    "objective": ObjectiveWeights,
    "routes.*": RouteTemplate,
}
_MAX_BYTES = 1_000_000


def load_policy(name_or_path: str | Path, language: Language = "en") -> Policy:
    """The policy of a preset or a TOML file.

    Raises
    ------
    InputError
        With one issue for each wrong key; paths are such as `policy.toml:visit_rules.A.frequency`.
    """
    findings = Findings(language)
    policy, _ = read_policy(name_or_path, findings)
    if policy is None:
        raise InputError(findings.issues)
    return policy


def read_policy(name_or_path: str | Path, findings: Findings) -> tuple[Policy | None, Origin]:
    """The policy and where it stands; none where an issue says why there is none."""
    if str(name_or_path) in PRESETS:
        return Policy.model_validate(preset_data(str(name_or_path))), Origin(str(name_or_path))
    path = Path(name_or_path)
    origin = Origin(path.name or str(name_or_path))
    content = _content(path, origin, findings)
    if content is None:
        return None, origin
    try:
        data = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        where = Origin(origin.file, int(line[1]) if line else None)
        findings.error("TOML_SYNTAX", where, reason=str(error))
        return None, origin
    return _Reading(data, content, origin, findings).policy(), origin


def preset_text(name: str) -> str:
    """The commented TOML of a preset."""
    return files(__package__).joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")


def preset_data(name: str) -> dict[str, Any]:
    """The keys of a preset."""
    return tomllib.loads(preset_text(name))


def _content(path: Path, origin: Origin, findings: Findings) -> str | None:
    try:
        if path.stat().st_size > _MAX_BYTES:
            findings.error("FILE_TOO_LARGE", origin, megabytes=1)
            return None
        return decode(path.read_bytes())
    except TableFault:
        findings.error("WRONG_ENCODING", origin)
    except (OSError, ValueError):
        name = str(path)
        if path.suffix or len(path.parts) > 1:
            findings.error("FILE_NOT_FOUND", origin)
        else:
            close = get_close_matches(name, PRESETS, n=1, cutoff=0.4)
            findings.error(
                "UNKNOWN_PRESET",
                origin,
                value=name,
                presets=", ".join(PRESETS),
                nearest=close[0] if close else PRESETS[0],
            )
    return None


class _Reading:
    """One policy file on its way from TOML to a `Policy`."""

    def __init__(
        self, data: dict[str, Any], content: str, origin: Origin, findings: Findings
    ) -> None:
        self.data = data
        self.content = content
        self.origin = origin
        self.findings = findings

    def policy(self) -> Policy | None:
        before = len(self.findings.issues)
        self._extend()
        self._translate()
        policy = self._validate()
        if policy is not None:
            for path, reason, values in _nonsense(policy):
                self._fault(
                    "WRONG_VALUE", path, reason=text(reason, self.findings.language, **values)
                )
        return policy if len(self.findings.issues) == before else None

    def _extend(self) -> None:
        base = self.data.pop(_EXTENDS, None)
        if base is None:
            return
        if base in PRESETS:
            self.data = _merge(preset_data(base), {"name": "custom"} | self.data)
            return
        close = get_close_matches(str(base), PRESETS, n=1, cutoff=0.0)
        self._fault(
            "UNKNOWN_PRESET", _EXTENDS, value=base, presets=", ".join(PRESETS), nearest=close[0]
        )

    def _translate(self) -> None:
        """Reads frequencies and weekdays in any of the three languages."""
        rules = self.data.get("visit_rules")
        for rule in rules.values() if isinstance(rules, dict) else ():
            for name in ("frequency", "minimum_frequency"):
                value = rule.get(name) if isinstance(rule, dict) else None
                if isinstance(value, str) and value != "guaranteed":
                    try:
                        rule[name] = str(read_frequency(value))
                    except ValueError:
                        continue  # validation tells it with its path
        days = self.data.get("workdays")
        try:
            if isinstance(days, str) or (
                isinstance(days, list) and all(isinstance(day, str) for day in days)
            ):
                named = [days] if isinstance(days, str) else days
                self.data["workdays"] = [day for entry in named for day in read_weekdays(entry)]
        except ValueError:
            pass  # validation tells it with its path
        travel = self.data.get("travel")
        if isinstance(travel, dict) and isinstance(travel.get("speed_kmh"), dict):
            travel["speed_kmh"] = {**TravelRules().speed_kmh, **travel["speed_kmh"]}

    def _validate(self) -> Policy | None:
        try:
            return Policy.model_validate(self.data)
        except ValidationError as error:
            reasons: dict[tuple[str, str], list[str]] = {}
            for each in error.errors(include_url=False, include_context=False):
                path = self._path(each["loc"], each["msg"])
                code = {"extra_forbidden": "UNKNOWN_KEY", "missing": "MISSING_KEY"}.get(
                    each["type"], "WRONG_VALUE"
                )
                reasons.setdefault((code, path), []).append(
                    each["msg"].removeprefix("Value error, ")
                )
            for (code, path), found in reasons.items():
                self._fault(
                    code, path, reason="; ".join(dict.fromkeys(found)), nearest=self._nearest(path)
                )
            return None

    def _path(self, loc: tuple[int | str, ...], message: str) -> str:
        """The keys of a location that the file really has, without the names of types."""
        node: Any = self.data
        parts: list[str] = []
        for index, part in enumerate(loc):
            if isinstance(node, Mapping):
                if part not in node and index < len(loc) - 1:
                    continue
                parts.append(str(part))
                node = node.get(part)
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                parts.append(str(part + 1))
                node = node[part]
        if not parts:
            first = message.removeprefix("Value error, ").split(" ", 1)[0]
            parts = [first] if first in Policy.model_fields else []
        return ".".join(parts)

    def _nearest(self, path: str) -> str:
        section, _, key = path.rpartition(".")
        model = _MODELS.get(section) or _MODELS.get(section.partition(".")[0] + ".*", Policy)
        close = get_close_matches(key, [*model.model_fields, _EXTENDS], n=1, cutoff=0.3)
        return close[0] if close else ", ".join(model.model_fields)

    def _fault(self, code: str, path: str, **values: object) -> None:
        if "value" not in values:
            values["value"] = self._value(path)
        where = Origin(self.origin.file, None, raw={})
        key = path or self.origin.file
        before = len(self.findings.issues)
        self.findings.error(code, where, path or None, name=key, **values)
        # The path stays `policy.toml:visit_rules.A.frequency`; the line is told beside it.
        issue = self.findings.issues[before]
        self.findings.issues[before] = issue.model_copy(update={"row": self._line(path)})

    def _value(self, path: str) -> str | None:
        node: Any = self.data
        for part in path.split("."):
            if isinstance(node, Mapping) and part in node:
                node = node[part]
            elif isinstance(node, list) and part.isdigit() and int(part) <= len(node):
                node = node[int(part) - 1]
            else:
                return None
        return str(node)

    def _line(self, path: str) -> int | None:
        section, _, key = path.rpartition(".")
        current, fallback = "", None
        for number, line in enumerate(self.content.splitlines(), start=1):
            head = re.match(r"^\s*\[\[?\s*([^\]]+?)\s*\]", line)
            if head:
                current = head[1].replace('"', "").replace("'", "").replace(" ", "")
                if current == path:
                    return number
                fallback = number if current == section else fallback
            name = re.match(r"""^\s*["']?([^"'=\s.]+)["']?\s*[=.]""", line)
            if name and current == section and name[1] == key:
                return number
            if name and f"{current}.{name[1]}".lstrip(".") == section:
                fallback = number
        return fallback


def _merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both_tables else value
    return merged


def _nonsense(policy: Policy) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Values that are right each by itself and wrong together: path, reason, its values."""
    day = policy.working_day
    if day.end <= day.start:
        yield "working_day.end", "issues.REASON_END_BEFORE_START", {}
    first, last = day.lunch_between
    if last <= first:
        yield "working_day.lunch_between", "issues.REASON_END_BEFORE_START", {}
    elif last - first < day.lunch_minutes * 60:
        yield "working_day.lunch_minutes", "issues.REASON_LUNCH_TOO_LONG", {}
    for mode, speed in policy.travel.speed_kmh.items():
        if not 0 < speed < 1000:
            yield f"travel.speed_kmh.{mode}", "issues.REASON_SPEED", {}
    if isinstance(policy.calendar, tuple) and not policy.calendar:
        yield "calendar", "issues.REASON_EMPTY_CALENDAR", {}
    if isinstance(policy.calendar, tuple) and len(policy.calendar) > 12:
        yield "calendar", "issues.REASON_LONG_CALENDAR", {}
