"""Where a policy's keys come from: a preset, or a TOML file and what it extends."""

import tomllib
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from routeplanner.domain.findings import Findings, Origin
from routeplanner.files.policy_lines import Place, PolicyKeys, read_lines
from routeplanner.files.policy_words import EXTENDS, is_key
from routeplanner.files.tables import TableFault, not_opened
from routeplanner.files.text_encoding import WINDOWS_1252, decode
from routeplanner.texts import text

PRESETS = ("handbook", "handbook-example", "five-day")
_MAX_BYTES = 1_000_000


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
        content, encoding = decode(path.read_bytes())
    except TableFault:
        findings.error("WRONG_ENCODING", origin)
        return None
    except (OSError, ValueError):
        name = str(path)
        if path.suffix or len(path.parts) > 1 or path.is_dir():
            not_opened(path).tell(findings, origin.file)
        else:
            findings.error("UNKNOWN_PRESET", origin, None, **_unknown_preset(name))
        return None
    if encoding == WINDOWS_1252:
        findings.warn("READ_AS_WINDOWS_1252", origin)
    return content


def _unknown_preset(name: str) -> dict[str, object]:
    close = get_close_matches(name, PRESETS, n=1, cutoff=0.4)
    nearest = close[0] if close else PRESETS[0]
    return {"value": name, "presets": ", ".join(PRESETS), "nearest": nearest}


def keys_of_file(
    path: Path, origin: Origin, findings: Findings, below: tuple[Path, ...]
) -> PolicyKeys | None:
    """The keys of a file over those of what it extends; `below` are the files that extend it."""
    content = _content(path, origin, findings)
    if content is None:
        return None
    keys = _keys_of_text(content, origin.file, findings)
    base = keys.values.get((EXTENDS,))
    if base is None:
        return keys
    place = keys.places[EXTENDS,]
    keys.drop((EXTENDS,))
    if base in PRESETS:
        extended = PolicyKeys()
        extended.put((), preset_data(str(base)), Place(origin.file, None))
    else:
        found = _extended_file(base, path, place, findings, (*below, path.resolve()))
        if found is None:
            return None
        extended = found
    extended.values[("name",)] = "custom"
    extended.places[("name",)] = place
    extended.overlay(keys)
    return extended


def _extended_file(
    base: object, path: Path, place: Place, findings: Findings, below: tuple[Path, ...]
) -> PolicyKeys | None:
    target = path.parent / str(base)
    try:
        is_file = isinstance(base, str) and target.is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file and target.resolve() in below:
        tell(findings, "EXTENDS_ITSELF", place, EXTENDS, value=base)
        return None
    if not is_file:
        tell(findings, "UNKNOWN_PRESET", place, EXTENDS, **_unknown_preset(str(base)))
        return None
    return keys_of_file(target, Origin(target.name), findings, below)


def _keys_of_text(content: str, file: str, findings: Findings) -> PolicyKeys:
    """The keys of a file by their full paths.

    A line pasted below a table to which it does not belong (`objective.visit_rules.A.frequency`)
    is the key of the whole policy that it names, and replaces an earlier one.
    """
    read = read_lines(content)
    for line, reason in read.faults:
        words = reason or text("issues.REASON_UNCLOSED", findings.language)
        findings.error("TOML_SYNTAX", Origin(file, line), reason=words)
    keys = PolicyKeys()
    for entry in read.lines:
        if entry.is_head:
            keys.heads.setdefault(entry.table, Place(file, entry.number))
            continue
        path = (*entry.table, *entry.key)
        is_moved = bool(entry.table) and not is_key(path) and is_key(entry.key)
        path = entry.key if is_moved else path
        place = Place(file, entry.number)
        clash = keys.put(path, entry.value, place, replaces=is_moved)
        if clash is not None:
            told = {"name": ".".join(clash[0]), "first": clash[1].line, "row": entry.number}
            tell(findings, "DUPLICATE_KEY", place, ".".join(path), **told)
    return keys


def tell(findings: Findings, code: str, place: Place, at: str | None, **values: object) -> None:
    """Notes an issue; its path stays `policy.toml:visit_rules.A.frequency`, with its line."""
    before = len(findings.issues)
    findings.error(code, Origin(place.file), at, **values)
    findings.issues[before] = findings.issues[before].model_copy(update={"row": place.line})
