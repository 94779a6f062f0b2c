"""Writes a policy as TOML: the preset that is nearest to it, and only what differs."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from routeplanner.domain.policy import Policy
from routeplanner.files.policy_lines import Path
from routeplanner.files.policy_source import PRESETS, preset_data
from routeplanner.files.policy_words import EXTENDS, may_be_none

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The preset that a policy extends (none: it stands alone) and its other keys by their path."""

    extends: str | None
    values: Mapping[Path, Any]


def policy_text(policy: Policy) -> PolicyText:
    """The shortest form of a policy; its name is left out."""
    own = _keys(policy)
    found = [PolicyText(None, {path: value for path, value in own.items() if value is not None})]
    for name in PRESETS:
        base = _keys(Policy.model_validate(preset_data(name)))
        gone = [path for path, value in base.items() if value is not None and own.get(path) is None]
        if all(may_be_none(path) for path in gone):
            values = {
                path: value
                for path, value in own.items()
                if value is not None and value != base.get(path)
            }
            found.append(PolicyText(name, values | dict.fromkeys(gone, _NONE)))
    return min(found, key=lambda text: len(text.values))


def head_line(extends: str) -> str:
    """The line that names what a policy extends."""
    return toml_line((EXTENDS,), extends)


def toml_line(path: Path, value: Any) -> str:
    """A key with its full path and its value."""
    return f"{'.'.join(_key(part) for part in path)} = {_value(value)}"


def _keys(policy: Policy) -> dict[Path, Any]:
    return dict(_flat((), policy.model_dump(mode="json", exclude={"name"})))


def _flat(path: Path, value: Any) -> Iterable[tuple[Path, Any]]:
    if not isinstance(value, Mapping):
        yield path, value
        return
    for name, inner in value.items():
        yield from _flat((*path, name), inner)


def _key(name: str) -> str:
    return name if _BARE.match(name) else _string(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
