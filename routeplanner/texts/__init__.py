"""Texts that users read, in English and Chinese; one TOML file a part of the product.

A file `map.toml` holds `title = { en = "Route map", zh = "拜访线路图" }`, read as
`text("map.title", "zh")`. Values may hold `{placeholders}`.
"""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _catalog() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in files(__name__).iterdir():
        if entry.name.endswith(".toml"):
            part = entry.name.removesuffix(".toml")
            for key, by_language in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                found[f"{part}.{key}"] = by_language
    return found


def has_text(key: str) -> bool:
    """Whether there is a text of a key."""
    return key in _catalog()


def counted(key: str, n: float, language: str, **values: object) -> str:
    """The text of a key where it counts `n` things: of `key_one` where it is one."""
    return text(f"{key}_one" if n == 1 else key, language, n=n, **values)


def text(key: str, language: str, **values: object) -> str:
    """The text of a key in a language, its placeholders filled in; KeyError for an unknown key."""
    return _catalog()[key][language].format(**values)
