"""Reads what `--set` says: `A.frequency=2/week C.minutes=8`, an alternative of several changes.

The HTTP service takes the same keys and values, as JSON.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.hours import Window
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.study import AlternativeFields, SetValue
from routeplanner.domain.what_if import Alternative, RepChange, RepKey, StoreFieldChange
from routeplanner.domain.workload import PolicyChange
from routeplanner.errors import InputError, Issue
from routeplanner.files.cells import read_number
from routeplanner.files.cells_days import read_clock_pair, read_minutes
from routeplanner.files.policy import changed_policy
from routeplanner.files.policy_lines import Path
from routeplanner.files.what_if_keys import (
    DAY_KEYS,
    EVERY_STORE,
    STORE_KEYS,
    nearest_keys,
    policy_path,
)
from routeplanner.files.what_if_stores import read_store_changes
from routeplanner.texts import text

_OPTION = Origin("--set")
_Pairs = Sequence[tuple[str, str]]
# A key begins a word and ends at its equals sign; ids with spaces stand in quotation marks.
_KEY = re.compile(r"""(?:^|[;\s])\s*((?:"[^"]+"|'[^']+'|[^\s;="'])+)\s*=(?!=)\s*""")
_NAME = re.compile(r"^\s*([^=:]+?)\s*:\s*(?=\S)")
_WIDE = str.maketrans("：；＝＋％／　", ":;=+%/ ")  # signs as a Chinese keyboard writes them
_SHARES = {("working_day", "reserve"), ("working_day", "in_store_limit"),
           ("working_day", "in_store_target")}  # fmt: skip
_CLOCK = re.compile(r"^\d{1,2}:\d{2}")
_OFFICE: tuple[RepKey, RepKey] = ("prepare_minutes", "summary_minutes")


def read_sets(sets: Sequence[str], scenario: Scenario) -> tuple[Alternative, ...]:
    """The alternatives of several `--set`, each of one or more changes.

    Raises
    ------
    InputError
        With an issue for everything that cannot be read, of all of them.
    """
    findings = Findings(scenario.language)
    found = [
        _Reading(scenario, findings, _OPTION).alternative(*_split(words, findings))
        for words in sets
    ]
    if findings.has_errors:
        raise InputError(findings.issues)
    return tuple(found)


def read_alternatives(
    given: Sequence[AlternativeFields], scenario: Scenario
) -> tuple[Alternative, ...]:
    """The alternatives of a request, their keys and values as those of `--set`.

    Raises
    ------
    InputError
        With an issue for everything that cannot be read, of all of them.
    """
    findings = Findings(scenario.language)
    found: list[Alternative] = []
    for number, each in enumerate(given):
        pairs = [(key, _words(value)) for key, value in each.changes.items()]
        name = each.name or " ".join(f"{key}={value}" for key, value in pairs)
        origin = Origin(f"alternatives[{number}].changes")
        found.append(_Reading(scenario, findings, origin).alternative(name, pairs))
    if findings.has_errors:
        raise InputError([_placed(issue) for issue in findings.issues])
    return tuple(found)


def _words(value: SetValue) -> str:
    """A value of JSON as `--set` has it."""
    if isinstance(value, str):
        return value.translate(_WIDE)
    if isinstance(value, tuple) and all(_CLOCK.match(str(each)) for each in value):
        return "-".join(str(each) for each in value)
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


def _placed(issue: Issue) -> Issue:
    """An issue of a request, where its key stands."""
    place = issue.file if issue.column is None else f"{issue.file}.{issue.column}"
    return issue.model_copy(update={"path": place, "file": None, "row": None, "column": None})


def _split(words: str, findings: Findings) -> tuple[str, _Pairs]:
    """The name of an alternative and its keys and values."""
    plain = words.translate(_WIDE)
    named = _NAME.match(plain)
    body = plain[named.end() :] if named else plain
    starts = list(_KEY.finditer(body))
    if not starts or body[: starts[0].start()].strip(" ;"):
        findings.error("UNREADABLE_SET", _OPTION, value=words)
    ends = [match.start() for match in starts[1:]] + [len(body)] * bool(starts)
    pairs = [
        (match[1], body[match.end() : end].strip().rstrip(";").strip())
        for match, end in zip(starts, ends, strict=True)
    ]
    return named[1] if named else " ".join(body.split()), pairs


@dataclass(slots=True)
class _Reading:
    """The keys and values of an alternative on their way to it."""

    scenario: Scenario
    findings: Findings
    origin: Origin
    policy: dict[Path, Any] = field(default_factory=dict)
    stores: list[StoreFieldChange] = field(default_factory=list)
    reps: list[RepChange] = field(default_factory=list)
    hours: Window | None = None
    more_reps: int = 0

    def alternative(self, name: str, pairs: _Pairs) -> Alternative:
        """Read all of it; what cannot be read is noted and left out."""
        for key, value in pairs:
            self._take(key, value)
        return Alternative(
            name=name,
            policy=self._policy_changes(),
            stores=tuple(self.stores),
            reps=tuple(self.reps),
            hours=self.hours,
            more_reps=self.more_reps,
        )

    def _take(self, key: str, value: str) -> None:
        """One key with its value."""
        labels = self.scenario.policy.classes.labels
        owner, _, name = key.rpartition(".")
        store = owner.strip("\"'")
        path = policy_path(key, labels)
        if key == "reps":
            self._try(key, value, self._reps)
        elif key in DAY_KEYS:
            self._try(key, value, getattr(self, f"_{key}"))
        elif owner == "classes" and name in labels[:-1]:
            self._try(key, value, lambda words: self._line(labels.index(name), words))
        elif path is not None:
            self._try(
                key, value, lambda words: self.policy.update({path: _read_value(path, words)})
            )
        elif name in STORE_KEYS and self._knows(store):
            at = None if store == EVERY_STORE else store
            change = read_store_changes(self.scenario, at, name)
            self._try(key, value, lambda words: self.stores.extend(change(words)))
        else:
            nearest = nearest_keys(f"{store}.{name}" if store else name, self.scenario)
            self.findings.error("UNKNOWN_SET_KEY", self.origin, key, value=key, nearest=nearest)

    def _try(self, key: str, value: str, read: Callable[[str], None]) -> None:
        try:
            read(value)
        except ValueError as error:
            language = self.findings.language
            name = str(error)
            reason = text(f"whatif.{name}", language) if name.startswith("needs_") else name
            self.findings.error("WRONG_SET_VALUE", self.origin, key, value=value, reason=reason)

    def _knows(self, store: str) -> bool:
        return store == EVERY_STORE or any(each.id == store for each in self.scenario.stores)

    def _reps(self, value: str) -> None:
        match = re.fullmatch(r"([+-]?)\s*(\d+)", value)
        if match is None:
            raise ValueError("needs_reps")
        now, n = len(self.scenario.reps), int(match[2])
        more = {"+": n, "-": -n, "": n - now}[match[1]]
        if now + more < 1:
            raise ValueError("needs_one_rep")
        self.more_reps = more

    def _lunch(self, value: str) -> None:
        self.policy["working_day", "lunch_minutes"] = _minutes(value)
        self._clear("lunch_minutes")

    def _office(self, value: str) -> None:
        """Minutes before leaving and after returning, or of both together, shared as they are."""
        day = self.scenario.policy.working_day
        before, _, after = value.partition("+")
        if after:
            minutes = (_minutes(before), _minutes(after))
        else:
            whole = day.prepare_minutes + day.summary_minutes
            share = day.prepare_minutes / whole if whole else 0.0
            minutes = (_minutes(value) * share, _minutes(value) * (1 - share))
        for key, each in zip(_OFFICE, minutes, strict=True):
            self.policy["working_day", key] = each
            self._clear(key)

    def _longest_day(self, value: str) -> None:
        self.policy["working_day", "max_work_minutes"] = (
            "none" if _is_none(value) else _minutes(value)
        )
        self._clear("max_work_minutes")

    def _hours(self, value: str) -> None:
        try:
            hours = read_clock_pair(value)
        except ValueError:
            raise ValueError("needs_hours") from None
        if hours is None or hours[1] <= hours[0]:
            raise ValueError("needs_hours")
        self.hours = hours
        for key, clock in zip(("start", "end"), hours, strict=True):
            self.policy["working_day", key] = f"{clock // 3600:02d}:{clock % 3600 // 60:02d}"

    def _line(self, index: int, value: str) -> None:
        number = read_number(value.rstrip("% "))
        if number is None:
            raise ValueError("needs_percent")
        lines = list(self.policy.get(("classes", "lines"), self.scenario.policy.classes.lines))
        lines[index] = number
        self.policy["classes", "lines"] = lines

    def _clear(self, key: RepKey) -> None:
        if any(getattr(rep, key) is not None for rep in self.scenario.reps):
            self.reps.append(RepChange(key=key))

    def _policy_changes(self) -> tuple[PolicyChange, ...]:
        """The keys of the policy, judged together, as the policy then has them."""
        if not self.policy:
            return ()
        read = changed_policy(self.scenario.policy, self.policy, self.origin, self.findings)
        if not read.is_sound:
            return ()
        return tuple(
            PolicyChange(key=".".join(path), value=_value_at(read.policy, path))
            for path in self.policy
        )


def _is_none(value: str) -> bool:
    return value.strip().lower() in ("none", "无", "")


def _minutes(value: str) -> float:
    if _is_none(value):
        return 0.0
    try:
        minutes = read_minutes(value)
    except ValueError:
        raise ValueError("needs_minutes") from None
    if minutes is None or minutes < 0:
        raise ValueError("needs_minutes")
    return minutes


def _read_value(path: Path, value: str) -> Any:
    """A value as a policy file would have it; texts need no quotation marks here."""
    if _is_none(value):
        return "none"
    if value.endswith("%") and (number := read_number(value.rstrip("% "))) is not None:
        return number / 100 if path in _SHARES else number
    if path == ("working_day", "lunch_between") and (pair := read_clock_pair(value)):
        return [f"{clock // 3600:02d}:{clock % 3600 // 60:02d}" for clock in pair]
    if _CLOCK.match(value):
        return value
    try:
        return tomllib.loads(f"x = {value}")["x"]
    except tomllib.TOMLDecodeError:
        return value


def _value_at(policy: Policy, path: Path) -> Any:
    node: Any = policy.model_dump(mode="json")
    for name in path:
        node = node[name]
    return _frozen(node)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
