"""The policy: a preset by name, or a TOML file; every wrong key of it is told at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.policy import Policy, TravelRules
from routeplanner.domain.policy_faults import policy_faults
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError
from routeplanner.files.cells_days import read_frequency, read_weekdays
from routeplanner.files.policy_lines import Path as KeyPath
from routeplanner.files.policy_lines import Place, PolicyKeys
from routeplanner.files.policy_source import PRESETS, keys_of_file, preset_data, preset_text, tell
from routeplanner.files.policy_words import (
    clock_faults,
    may_be_none,
    nearest_key,
    plain_reason,
    shown_value,
)
from routeplanner.texts import text

__all__ = [
    "PRESETS",
    "PolicyRead",
    "changed_policy",
    "load_policy",
    "preset_data",
    "preset_text",
    "read_policy",
]

_STAND_IN = "handbook"  # for what of a policy could not be read


def load_policy(name_or_path: str | Path, language: Language = "en") -> Policy:
    """The policy of a preset or a TOML file.

    Raises
    ------
    InputError
        With one issue for each wrong key; paths are such as `policy.toml:visit_rules.A.frequency`.
    """
    findings = Findings(language)
    read = read_policy(name_or_path, findings)
    if not read.is_sound:
        raise InputError(findings.issues)
    return read.policy


@dataclass(frozen=True, slots=True)
class PolicyRead:
    """A policy and where it stands; where it is not sound, issues say why."""

    policy: Policy
    origin: Origin
    is_sound: bool  # false: the handbook's values stand in for those that could not be read


def read_policy(name_or_path: str | Path, findings: Findings) -> PolicyRead:
    """The policy of a preset or a file, with an issue for each wrong key."""
    if str(name_or_path) in PRESETS:
        return PolicyRead(_preset(str(name_or_path)), Origin(str(name_or_path)), is_sound=True)
    path = Path(name_or_path)
    origin = Origin(path.name or str(name_or_path))
    own = Findings(findings.language)
    keys = keys_of_file(path, origin, own, ())
    if keys is None or any(issue.code == "TOML_SYNTAX" for issue in own.issues):
        policy = _preset(_STAND_IN)
    else:
        policy = _Reading(keys, origin, own).policy()
    findings.issues += own.issues
    return PolicyRead(policy, origin, is_sound=not own.has_errors)


def changed_policy(
    policy: Policy, changes: Mapping[KeyPath, Any], origin: Origin, findings: Findings
) -> PolicyRead:
    """The policy with keys set as a file would set them, with an issue for each wrong key."""
    keys = PolicyKeys()
    keys.put((), policy.model_dump(mode="json"), Place(origin.file, None))
    for path, value in changes.items():
        keys.put(path, value, Place(origin.file, None), replaces=True)
    own = Findings(findings.language)
    found = _Reading(keys, origin, own).policy()
    findings.issues += own.issues
    return PolicyRead(found, origin, is_sound=not own.has_errors)


def _preset(name: str) -> Policy:
    return Policy.model_validate(preset_data(name))


class _Reading:
    """The keys of a policy file on their way to a `Policy`."""

    def __init__(self, keys: PolicyKeys, origin: Origin, findings: Findings) -> None:
        self.keys = keys
        self.origin = origin
        self.findings = findings
        for path, value in list(keys.values.items()):
            if isinstance(value, str) and value.strip().lower() == "none" and may_be_none(path):
                keys.drop(path)
        self.data = keys.data()

    def policy(self) -> Policy:
        """The policy, with every fault noted; what is wrong is as the handbook has it."""
        self._translate()
        policy = self._validate()
        for path, reason in policy_faults(policy):
            words = text(reason, self.findings.language)
            self._fault("WRONG_VALUE", tuple(path.split(".")), reason=words)
        return policy

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

    def _validate(self) -> Policy:
        clocks = list(clock_faults(self.data))
        for path in clocks:
            words = text("issues.REASON_CLOCK", self.findings.language)
            self._fault("WRONG_VALUE", path, reason=words)
        try:
            policy = Policy.model_validate(self.data)
        except ValidationError as error:
            reasons: dict[tuple[str, KeyPath], list[str]] = {}
            for each in error.errors(include_url=False):
                path = self._path(each["loc"], each["msg"])
                code = "UNKNOWN_KEY" if each["type"] == "extra_forbidden" else "WRONG_VALUE"
                if each["type"] == "missing" and not isinstance(each["loc"][-1], int):
                    code = "MISSING_KEY"
                if not any(path[: len(clock)] == clock for clock in clocks):
                    words = plain_reason(path, each, self.findings.language)
                    reasons.setdefault((code, path), []).append(words)
            for (code, path), found in reasons.items():
                words = "; ".join(dict.fromkeys(found))
                self._fault(code, path, reason=words, nearest=nearest_key(path))
            return self._repaired([*clocks, *(path for _, path in reasons)])
        return self._repaired(clocks) if clocks else policy

    def _repaired(self, faulty: Sequence[KeyPath]) -> Policy:
        """The policy without its wrong keys, so that the others can be judged in the same run."""
        keys = PolicyKeys()
        keys.put((), preset_data(_STAND_IN), Place("", None))
        own = PolicyKeys()
        own.put((), self.data, Place("", None))
        for path in faulty:
            own.drop(path)
        keys.overlay(own)
        try:
            return Policy.model_validate(keys.data())
        except ValidationError:
            return _preset(_STAND_IN)

    def _path(self, loc: tuple[int | str, ...], message: str) -> KeyPath:
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
        if parts:
            # A value of several kinds: pydantic tells of each kind that it is not.
            return tuple(parts[:1] if parts[0] == "calendar" else parts)
        if route := re.match(r"Value error, route (\S+) serves", message):
            return "routes", route[1], "classes"
        named = re.findall(r"\w+", message)
        return next(((word,) for word in named if word in Policy.model_fields), ())

    def _fault(self, code: str, path: KeyPath, **values: object) -> None:
        place = self.keys.place(path) or Place(self.origin.file, None)
        name = ".".join(path)
        told = {"value": self._value(path), "name": name or place.file} | values
        tell(self.findings, code, place, name or None, **told)

    def _value(self, path: KeyPath) -> str | None:
        node: Any = self.data
        for part in path:
            if isinstance(node, Mapping) and part in node:
                node = node[part]
            elif isinstance(node, list) and part.isdigit() and int(part) <= len(node):
                node = node[int(part) - 1]
            else:
                return None
        return shown_value(node)
