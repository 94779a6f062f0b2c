"""What pydantic finds wrong with fields that somebody sent or set, told in the product's words."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from routeplanner.domain.scenario import Language
from routeplanner.errors import Issue
from routeplanner.texts import text

_Path = tuple[int | str, ...]
_MOST_SHOWN = 80

_NEEDED = (  # pydantic's names of faults, the first that fits; where the limit stands
    (r"^(?:model|dict|mapping|dataclass)", "OBJECT", ""),
    (r"^too_short$", "FEWEST", "min_length"),
    (r"^too_long$", "ENTRIES", "max_length"),
    (r"^(?:list|tuple|set|frozen_set|sequence|iterable)", "LIST", ""),
    (r"^string_too_short$", "SHORTEST", "min_length"),
    (r"^string_too_long$", "LONGEST", "max_length"),
    (r"^string_pattern", "PATTERN", "pattern"),
    (r"^string", "TEXT", ""),
    (r"^int", "WHOLE", ""),
    (r"^(?:float|decimal|finite)", "NUMBER", ""),
    (r"^bool", "BOOLEAN", ""),
    (r"^(?:literal|enum)", "CHOICE", "expected"),
    (r"^greater_than_equal", "LEAST", "ge"),
    (r"^greater_than", "ABOVE", "gt"),
    (r"^less_than_equal", "MOST", "le"),
    (r"^less_than", "BELOW", "lt"),
    (r"^uuid", "UUID", ""),
    (r"^(?:datetime|timezone)", "INSTANT", ""),
    (r"^date", "DATE", ""),
    (r"^time", "TIME", ""),
)


def issues_of(
    faults: Sequence[Mapping[str, Any]],
    prefix: str = "",
    *,
    sent: object = None,
    kind: object = None,
    language: Language = "en",
) -> list[Issue]:
    """The faults of a model, with paths such as `stores[17].frequency`.

    `sent` is what was validated: pydantic names the kinds that a value may have as if they were
    keys. `kind` is the type that it should have: its keys are told where one is not known.
    """
    by_path: dict[_Path, list[Mapping[str, Any]]] = {}
    for fault in faults:
        by_path.setdefault(_path(fault, sent), []).append(fault)
    return [
        _issue(path, found, prefix, _keys(kind, path[:-1]), language)
        for path, found in by_path.items()
        # Of a value of several kinds, the kind that it fits best tells more.
        if not any(other[: len(path)] == path != other for other in by_path)
    ]


def shown_path(path: Sequence[int | str], prefix: str = "") -> str:
    """`stores[17].frequency`, below a prefix."""
    steps = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return (prefix + steps).lstrip(".")


def _path(fault: Mapping[str, Any], sent: object) -> _Path:
    """The keys and places of a fault that what was sent really has."""
    location: _Path = tuple(fault["loc"])
    if sent is None:
        return tuple(part for part in location if "[" not in str(part))
    node: Any = sent
    path: list[int | str] = []
    for part in location:
        is_key = isinstance(node, Mapping) and part in node
        is_place = isinstance(node, list) and isinstance(part, int) and part < len(node)
        if is_key or is_place:
            path.append(part)
            node = node[part]
    return (*path, location[-1]) if fault["type"] == "missing" else tuple(path)


def _issue(
    path: _Path,
    faults: Sequence[Mapping[str, Any]],
    prefix: str,
    known: Sequence[str],
    language: Language,
) -> Issue:
    where = shown_path(path, prefix) or "body"
    code = {"missing": "MISSING_KEY", "extra_forbidden": "UNKNOWN_KEY"}.get(faults[0]["type"])
    if code is None:
        value = _shown(faults[0].get("input"))
        # A rule of ours says more than that the value is of none of the other kinds.
        telling = [fault for fault in faults if fault["type"] == "value_error"] or faults
        return Issue(
            code="WRONG_VALUE",
            path=where,
            message=text("fields.WRONG_VALUE", language, name=where, value=value),
            hint="; ".join(dict.fromkeys(_needed(fault, language) for fault in telling)),
            value=value,
        )
    name = str(path[-1]) if path else "body"
    place = shown_path(path[:-1], prefix) or "body"
    message = text(f"fields.{code}", language, name=name, place=place)
    hint = text(f"fields.{code}_HINT", language)
    if code == "UNKNOWN_KEY" and known:
        hint = _hint_among(name, known, language)
    return Issue(code=code, path=where, message=message, hint=hint)


def _hint_among(name: str, known: Sequence[str], language: Language) -> str:
    nearest = get_close_matches(name, known, n=1)
    listed = ", ".join(known)
    if nearest:
        return text("fields.UNKNOWN_KEY_NEAREST", language, nearest=nearest[0], known=listed)
    return text("fields.UNKNOWN_KEY_KNOWN", language, known=listed)


def _needed(fault: Mapping[str, Any], language: Language) -> str:
    """What a value must be, in the product's words."""
    for pattern, name, limit in _NEEDED:
        if re.match(pattern, fault["type"]):
            found = (fault.get("ctx") or {}).get(limit, "")
            return text(
                f"fields.{name}", language, limit=f"{found:g}" if _is_number(found) else found
            )
    return str(fault["msg"]).removeprefix("Value error, ")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _shown(value: object) -> str:
    words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _MOST_SHOWN else words[: _MOST_SHOWN - 1] + "…"


def _keys(kind: object, path: _Path) -> list[str]:
    """The keys that an object of a type may have at a path; none where that is not known."""
    kinds = list(_alternatives(kind))
    for part in path:
        kinds = [inner for each in kinds for inner in _below(each, part)]
    models = [each for each in kinds if isinstance(each, type) and issubclass(each, BaseModel)]
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _below(kind: Any, part: int | str) -> Iterator[object]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                yield from _alternatives(field.annotation)
    elif isinstance(part, int) or get_origin(kind) is dict:
        yield from (inner for argument in get_args(kind) for inner in _alternatives(argument))


def _alternatives(kind: Any) -> Iterator[object]:
    """The types that a value may have, without annotations."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif origin in (Union, UnionType):
        yield from (inner for argument in get_args(kind) for inner in _alternatives(argument))
    elif kind is not None:
        yield kind
