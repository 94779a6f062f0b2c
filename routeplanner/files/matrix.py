"""Travel as the user measured it: a long table `from_id, to_id, minutes, km`, one row a pair."""

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.draft import DraftMatrix
from routeplanner.domain.findings import Findings, Origin
from routeplanner.files.cells import decimal_mark, read_id, read_number
from routeplanner.files.tables_rows import Row, Table

_MAX_PLACES = 8_000  # (n, n) tables of minutes and km: 1 GB at this size


def read_matrix(table: Table, findings: Findings) -> DraftMatrix | None:
    """The pairs of a table; a pair that no row names is nan, a place to itself 0."""
    ids: dict[str, int] = {}
    pairs: dict[tuple[int, int], tuple[int, float, float]] = {}
    marks = {n: decimal_mark(table.column(n)) for n in ("minutes", "km")}
    for row in table.rows:
        ends = [_place(table, row, name, findings) for name in ("from_id", "to_id")]
        values = [_amount(table, row, name, marks[name], findings) for name in ("minutes", "km")]
        start, end = ends
        if start is None or end is None:
            continue
        pair = (ids.setdefault(start, len(ids)), ids.setdefault(end, len(ids)))
        minutes, km = values
        if minutes is None or km is None:
            minutes = km = np.inf  # noted above; not missing as well
        if pair in pairs and pair[0] != pair[1]:
            findings.error(
                "DUPLICATE_PAIR", table.origin(row), "to_id", pair=f"{start} → {end}",
                first=pairs[pair][0],
            )  # fmt: skip
            continue
        pairs[pair] = (row.number, minutes, km)
    if len(ids) > _MAX_PLACES:
        findings.error("MATRIX_TOO_LARGE", Origin(table.file), n=len(ids), limit=_MAX_PLACES)
        return None
    return _dense(Origin(table.file), tuple(ids), pairs)


def _dense(
    origin: Origin, ids: tuple[str, ...], pairs: dict[tuple[int, int], tuple[int, float, float]]
) -> DraftMatrix:
    minutes: NDArray[np.float64] = np.full((len(ids), len(ids)), np.nan)
    km: NDArray[np.float64] = np.full((len(ids), len(ids)), np.nan)
    if pairs:
        rows, columns = np.array(list(pairs)).T
        values = np.array([entry[1:] for entry in pairs.values()])
        minutes[rows, columns] = values[:, 0]
        km[rows, columns] = values[:, 1]
    np.fill_diagonal(minutes, 0)
    np.fill_diagonal(km, 0)
    return DraftMatrix(origin, ids, minutes, km)


def _place(table: Table, row: Row, name: str, findings: Findings) -> str | None:
    place = read_id(table.cell(row, name))
    if place is None:
        findings.error("MISSING_ID", table.origin(row), name)
        return None
    return f"rep:{place[4:].strip()}" if place[:4].lower() == "rep:" else place


def _amount(table: Table, row: Row, name: str, mark: str, findings: Findings) -> float | None:
    try:
        value = read_number(table.cell(row, name), mark)
    except ValueError:
        findings.error("UNREADABLE_NUMBER", table.origin(row), name)
        return None
    if value is None:
        findings.error("UNREADABLE_NUMBER", table.origin(row), name)
    elif value < 0:
        findings.error("NEGATIVE_NUMBER", table.origin(row), name)
        return None
    return value
