"""Splits a policy's TOML into its lines, each with its number, so that every fault can be placed.

A policy is mended by pasting lines into it. Read line by line, a key may stand before or after the
table that it belongs to, and one that stands twice is told with both of its lines.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str, ...]

_NEXT_KEY = re.compile(r"^\s*(?:[\w\"'-]+\s*\.\s*)*[\w\"'-]+\s*=|^\s*\[\s*[A-Za-z_][\w.\s-]*\]")
_TOKEN = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|[\[\]{}=#]|\"|'")
_PLACE_IN_REASON = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A key with its value, or a table's head (`value` is then empty)."""

    number: int
    table: Path  # the head above it
    key: Path
    value: Any = None
    is_head: bool = False


@dataclass(slots=True)
class PolicyLines:
    """All lines that could be read, and what is wrong with the others."""

    lines: list[PolicyLine] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)  # line, reason (none: left open)


def read_lines(content: str) -> PolicyLines:
    """The keys of a TOML text in order; a line that is no TOML becomes a fault."""
    found = PolicyLines()
    table: Path = ()
    for number, statement in _statements(content):
        is_head = statement.lstrip().startswith("[")
        try:
            if is_head:
                table = _head(statement)
                found.lines.append(PolicyLine(number, table, (), is_head=True))
            else:
                key = _key(statement)
                value = _at(tomllib.loads(statement), key)
                found.lines.append(PolicyLine(number, table, key, value))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            is_open = not is_head and _goes_on(statement)
            reason = "" if is_open else _PLACE_IN_REASON.sub("", str(error))
            found.faults.append((number, reason))
    return found


def _statements(content: str) -> Iterator[tuple[int, str]]:
    """Heads and keys with the line on which each begins; a list may go on over several lines."""
    lines = content.replace("\r\n", "\n").split("\n")
    index = 0
    while index < len(lines):
        first = index
        statement = lines[index]
        index += 1
        if not statement.strip() or statement.lstrip().startswith("#"):
            continue
        if not statement.lstrip().startswith("["):
            while index < len(lines) and (goes_on := _goes_on(statement)):
                # A bracket that is never closed must not swallow the keys below it.
                if goes_on == "[" and _NEXT_KEY.match(lines[index]):
                    break
                statement += "\n" + lines[index]
                index += 1
        yield first + 1, statement


def _goes_on(statement: str) -> str:
    """What is still open at the end of a statement: a bracket, a text of several lines, nothing."""
    depth, position = 0, 0
    while token := _TOKEN.search(statement, position):
        position = token.end()
        if token[0] == "#":
            position = statement.find("\n", position)
            if position < 0:
                break
        elif token[0] in ('"""', "'''"):
            end = statement.find(token[0], position)
            if end < 0:
                return token[0]
            position = end + 3
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
    return "[" if depth > 0 else ""


def _head(statement: str) -> Path:
    return _only_path(tomllib.loads(statement))


def _key(statement: str) -> Path:
    """The dotted key before the first equals sign outside of quotation marks."""
    equals = next((t for t in _TOKEN.finditer(statement) if t[0] in "=#"), None)
    if equals is None or equals[0] == "#":
        tomllib.loads(statement)  # tells what is wrong
        return ()
    return _only_path(tomllib.loads(statement[: equals.start()] + "= 0"))


def _only_path(data: Any) -> Path:
    path: list[str] = []
    while data and isinstance(data, (dict, list)):
        if isinstance(data, list):
            data = data[0]
            continue
        name, data = next(iter(data.items()))
        path.append(name)
    return tuple(path)


def _at(data: Any, path: Path) -> Any:
    for name in path:
        data = data[name]
    return data


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands; no line where a preset says it."""

    file: str
    line: int | None


@dataclass(slots=True)
class PolicyKeys:
    """The values of a policy by their full paths, and where each stands."""

    values: dict[Path, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    heads: dict[Path, Place] = field(default_factory=dict)
    _tables: set[Path] = field(default_factory=set)  # every path that some key ever lay below

    def put(
        self, path: Path, value: Any, place: Place, *, replaces: bool = False
    ) -> tuple[Path, Place] | None:
        """Set a key; returns an earlier key that says it too, unless this one replaces it."""
        if isinstance(value, Mapping) and value:
            clashes = [
                self.put((*path, str(name)), inner, place, replaces=replaces)
                for name, inner in value.items()
            ]
            return next((clash for clash in clashes if clash), None)
        if not path:
            return None  # an empty policy
        rivals = [above for n in range(len(path)) if (above := path[: n + 1]) in self.values]
        if path in self._tables:
            rivals += [p for p in self.values if len(p) > len(path) and p[: len(path)] == path]
        if rivals and not replaces:
            return rivals[0], self.places[rivals[0]]
        for rival in rivals:
            del self.values[rival], self.places[rival]
        self.values[path], self.places[path] = value, place
        self._tables |= {path[:n] for n in range(1, len(path))}
        return None

    def drop(self, path: Path) -> None:
        """Take a key out, with all below it, or the list whose entry it is."""
        path = next((path[:n] for n in range(1, len(path)) if path[:n] in self.values), path)
        for known in [p for p in self.values if p[: len(path)] == path]:
            del self.values[known], self.places[known]

    def overlay(self, changes: "PolicyKeys") -> None:
        """Put the keys of a file over those that it extends."""
        for path, value in changes.values.items():
            self.put(path, value, changes.places[path], replaces=True)
        self.heads |= changes.heads

    def data(self) -> dict[str, Any]:
        """The keys as nested tables, as TOML would give them."""
        data: dict[str, Any] = {}
        for path in self.heads:
            _table_of(data, path)
        for path, value in self.values.items():
            table = _table_of(data, path[:-1])
            if table is not None:
                table[path[-1]] = value
        return data

    def place(self, path: Path) -> Place | None:
        """Where a key stands; for a table its head or first key, else the nearest table above."""
        for n in range(len(path), 0, -1):
            above = path[:n]
            if above in self.places:
                return self.places[above]
            if above in self.heads:
                return self.heads[above]
            within = [place for p, place in self.places.items() if p[:n] == above]
            if within:
                return min(within, key=lambda place: (place.line is None, place.line or 0))
        return None


def _table_of(data: dict[str, Any], path: Path) -> dict[str, Any] | None:
    for name in path:
        inner = data.setdefault(name, {})
        if not isinstance(inner, dict):
            return None
        data = inner
    return data
