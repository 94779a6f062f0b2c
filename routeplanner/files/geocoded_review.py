"""The review list of a geocoded store list: weak matches to look at, and their corrections back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.findings import Findings
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.files.cells import cell_text, is_blank, read_degrees
from routeplanner.files.tables import Cell, Sheet, TableFault, read_sheets
from routeplanner.texts import text

REVIEW_COLUMNS = (
    "id", "name", "address", "coord_quality", "matched_address", "reason",
    "found_lat", "found_lon", "lat", "lon", "checked",
)  # fmt: skip
REVIEWED = "reviewed"
"""The quality, and the source, of a position that a person has given or confirmed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A position that a person has given or confirmed, in the system of the list."""

    lat: float
    lon: float


def read_corrections(path: Path, language: Language) -> dict[str, Correction]:
    """Corrections of a review list by the id of the store, else by its address.

    A row counts where its `lat` or `lon` differs from what was found, or where `checked` holds
    anything.

    Raises
    ------
    InputError
        The file is no review list, or a position in it cannot be read.
    """
    sheet = _review_sheet(path, language)
    header = [cell_text(cell) for cell in sheet.rows[0]] if sheet.rows else []
    missing = {"lat", "lon", "address"} - set(header)
    if missing:
        raise InputError([_issue("NO_REVIEW_LIST", path, language, column=sorted(missing)[0])])
    corrections: dict[str, Correction] = {}
    issues: list[Issue] = []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        row = dict(zip(header, cells, strict=False))
        try:
            correction = _correction(row)
        except ValueError:
            value = f"{cell_text(row.get('lat'))}, {cell_text(row.get('lon'))}"
            issues.append(
                _issue("BAD_REVIEW_POSITION", path, language, row=number, column="lat", value=value)
            )
            continue
        key = cell_text(row.get("id")) or cell_text(row.get("address"))
        if correction is not None and key:
            corrections[key] = correction
    if issues:
        raise InputError(issues)
    return corrections


def _correction(row: Mapping[str, Cell]) -> Correction | None:
    lat, lon = read_degrees(row.get("lat")), read_degrees(row.get("lon"))
    if lat is None and lon is None:
        return None
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        raise ValueError("not a position")
    found = read_degrees(row.get("found_lat")), read_degrees(row.get("found_lon"))
    if (lat, lon) == found and is_blank(row.get("checked")):
        return None
    return Correction(lat, lon)


def _review_sheet(path: Path, language: Language) -> Sheet:
    try:
        sheets = read_sheets(path, lambda cells: len(set(REVIEW_COLUMNS) & set(map(str, cells))))
    except TableFault as fault:
        findings = Findings(language)
        fault.tell(findings, path.name)
        raise InputError(findings.issues) from fault
    named = [sheet for sheet in sheets if sheet.name == "review"]
    return (named or sheets)[0]


def _issue(
    code: str,
    path: Path,
    language: Language,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
) -> Issue:
    key = f"travel.{code.lower()}"
    parts = (path.name, row, column)
    return Issue(
        code=code,
        path=":".join(str(part) for part in parts if part is not None),
        message=text(key, language, file=path.name, column=column, value=value),
        hint=text(f"{key}_hint", language),
        file=path.name,
        row=row,
        column=column,
        value=value,
    )
