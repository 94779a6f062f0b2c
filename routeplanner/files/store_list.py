"""Reads a list of stores alone, as an import does: good rows and faulty ones, told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.draft import FaultyRow
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.domain.store import Store
from routeplanner.errors import Issue
from routeplanner.files.named_columns import known_columns
from routeplanner.files.stores import read_stores
from routeplanner.files.tables_rows import read_table


@dataclass(frozen=True, slots=True)
class StoreList:
    """The readable stores of a file, parallel to their origins, and everything that is wrong."""

    stores: tuple[Store, ...]
    origins: tuple[Origin, ...]
    fields: frozenset[str]  # that the file has a column for
    faulty: tuple[FaultyRow, ...]  # that could not be read whole
    n_rows: int
    issues: tuple[Issue, ...]
    is_table: bool  # false: the file as a whole cannot be read, issues say why

    @property
    def faulty_ids(self) -> frozenset[str]:
        """The ids of rows that could not be read whole, as far as they have one."""
        return frozenset(store_id for store_id, _ in _named(self.faulty))

    @property
    def first_rows(self) -> dict[str, int]:
        """The first row of each id, be it readable or not."""
        rows = [
            *_named(self.faulty),
            *((s.id, o.row or 0) for s, o in zip(self.stores, self.origins, strict=True)),
        ]
        return {store_id: row for store_id, row in sorted(rows, reverse=True)}  # noqa: C416


def read_store_list(
    path: Path,
    *,
    coordinates: CoordinateSystem = "wgs84",
    language: Language = "en",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    labels: Sequence[str] = (),
) -> StoreList:
    """Return the stores of a CSV or workbook; faults are in `issues`, never raised.

    `columns` maps headers of the file to fields, `labels` are the classes of the policy.
    """
    findings = Findings(language)
    mapping = known_columns(columns or {}, findings, "column")
    table = read_table(path, "stores", findings, mapping=mapping, sheet=sheet)
    if table is None or findings.has_errors:
        issues = tuple(findings.issues)
        return StoreList((), (), frozenset(), (), 0, issues, is_table=False)
    read = read_stores(table, findings, coordinates=coordinates, labels=labels)
    return StoreList(
        stores=tuple(read.stores),
        origins=tuple(read.origins),
        fields=frozenset(table.headers.columns),
        faulty=tuple(read.faulty),
        n_rows=len(table.rows),
        issues=tuple(findings.issues),
        is_table=True,
    )


def _named(rows: Iterable[FaultyRow]) -> list[tuple[str, int]]:
    return [(str(row.fields["id"]), row.origin.row or 0) for row in rows if row.fields.get("id")]
