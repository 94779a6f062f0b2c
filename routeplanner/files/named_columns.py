"""Columns that the user names: headers of a file for fields of ours."""

from collections.abc import Mapping
from difflib import get_close_matches

from routeplanner.domain.findings import Findings, Origin
from routeplanner.files.headers import TableKind, fields_of

_KINDS: tuple[TableKind, ...] = ("stores", "reps", "appointments", "matrix")


def known_columns(columns: Mapping[str, str], findings: Findings, named_by: str) -> dict[str, str]:
    """Header → field, without those that are no field of any table, which are noted.

    `named_by` is the option or parameter by which columns are named.
    """
    known = {name: name for kind in _KINDS for name in fields_of(kind)}
    found: dict[str, str] = {}
    for header, name in columns.items():
        plain = known.get(name.strip().casefold())
        if plain is not None:
            found[header] = plain
            continue
        close = get_close_matches(name, list(known), n=1, cutoff=0.0)
        findings.error(
            "UNKNOWN_FIELD",
            Origin(named_by),
            value=f"{header}={name}",
            nearest=close[0] if close else "id",
            fields=", ".join(fields_of("stores")),
        )
    return found
