"""Reads a list of stores alone, as an import does: good rows and faulty ones, told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.domain.store import Store
from routeplanner.errors import Issue
from routeplanner.files.stores import read_stores
from routeplanner.files.tables_rows import read_table


@dataclass(frozen=True, slots=True)
class StoreList:
    """The readable stores of a file, parallel to their origins, and everything that is wrong."""

    stores: tuple[Store, ...]
    origins: tuple[Origin, ...]
    fields: frozenset[str]  # that the file has a column for
    faulty_ids: frozenset[str]  # of rows that could not be read whole
    n_rows: int
    issues: tuple[Issue, ...]
    is_table: bool  # false: the file as a whole cannot be read, issues say why


def read_store_list(
    path: Path,
    *,
    coordinates: CoordinateSystem = "wgs84",
    language: Language = "en",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> StoreList:
    """Return the stores of a CSV or workbook; faults are in `issues`, never raised."""
    findings = Findings(language)
    table = read_table(path, "stores", findings, mapping=columns or {}, sheet=sheet)
    if table is None:
        issues = tuple(findings.issues)
        return StoreList((), (), frozenset(), frozenset(), 0, issues, is_table=False)
    read = read_stores(table, findings, coordinates=coordinates)
    ids = (row.fields.get("id") for row in read.faulty)
    return StoreList(
        stores=tuple(read.stores),
        origins=tuple(read.origins),
        fields=frozenset(table.headers.columns),
        faulty_ids=frozenset(str(id_) for id_ in ids if id_),
        n_rows=len(table.rows),
        issues=tuple(findings.issues),
        is_table=True,
    )
