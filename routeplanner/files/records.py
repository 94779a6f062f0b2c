"""Reads one row of a table field by field; every wrong cell becomes an issue, the rest is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from routeplanner.domain.draft import FaultyRow, RecordKind
from routeplanner.domain.findings import Findings, Origin
from routeplanner.files.cells import cell_text, is_blank, read_degrees, split_pair
from routeplanner.files.tables import Cell
from routeplanner.files.tables_rows import Row, Table

_Value = TypeVar("_Value")

_MOST_KNOWN = 10_000  # texts of a field whose meaning is remembered


@dataclass(slots=True)
class RowReader:
    """The fields of a row that could be read, and whether any could not."""

    table: Table
    row: Row
    findings: Findings
    origin: Origin
    fields: dict[str, object] = field(default_factory=dict)
    is_faulty: bool = False

    def take(
        self,
        name: str,
        read: Callable[[Cell], _Value | None],
        code: str,
        *,
        is_warning: bool = False,
        allowed: str = "",
    ) -> _Value | None:
        """The value of a field, put into `fields` too; an unreadable one is noted as `code`."""
        index = self.table.headers.columns.get(name)
        if index is None:
            return None
        cell = self.row.cells[index] if index < len(self.row.cells) else None
        try:
            value = self._meaning(name, cell, read)
        except ValueError:
            if is_warning:
                self.findings.warn(code, self.origin, name, allowed=allowed)
            else:
                self.fault(code, name, allowed=allowed)
            return None
        if value is not None:
            self.fields[name] = value
        return value

    def _meaning(
        self, name: str, cell: Cell, read: Callable[[Cell], _Value | None]
    ) -> _Value | None:
        """What a cell says; a text that many rows have is read once."""
        if not isinstance(cell, str):
            return read(cell)
        known = self.table.known.get(name)
        if known is None:
            known = self.table.known[name] = {}
        if cell in known:
            return cast("_Value | None", known[cell])
        value = read(cell)
        if len(known) < _MOST_KNOWN:
            known[cell] = value
        return value

    def fault(self, code: str, name: str, **values: object) -> None:
        """Notes an error of the row at a field."""
        self.is_faulty = True
        self.findings.error(code, self.origin, name, **values)

    def check_width(self) -> bool:
        """Whether a text row fits under its header; a decimal comma in a CSV makes it too wide."""
        if not self.table.is_text:
            return True
        width = self.table.n_columns
        spare = [cell_text(cell) for cell in self.row.cells[width:] if not is_blank(cell)]
        if not spare:
            return True
        self.is_faulty = True
        self.findings.error(
            "TOO_MANY_CELLS",
            self.origin,
            n_cells=len(self.row.cells),
            n_columns=width,
            value=spare[0],
        )
        return False

    def faulty(self, kind: RecordKind) -> FaultyRow:
        """The row as one that could not be read whole."""
        return FaultyRow(kind, self.origin, self.fields)


@dataclass(frozen=True, slots=True)
class PositionColumns:
    """Names of the fields that hold a position, and the order inside a combined column."""

    lat: str
    lon: str
    both: str
    is_lon_first: bool = False


def position_columns(table: Table, lat: str, lon: str, both: str) -> PositionColumns:
    """Looks through a combined column once: values beyond 90 can only be longitudes."""
    if both not in table.headers.columns:
        return PositionColumns(lat, lon, both)
    header = table.headers.names[both].casefold()
    for cell in table.column(both):
        try:
            pair = split_pair(cell)
            first, second = (abs(read_degrees(part) or 0) for part in pair or ("0", "0"))
        except ValueError:
            continue
        if max(first, second) > 90:
            return PositionColumns(lat, lon, both, is_lon_first=first > second)
    is_lon_first = header.startswith(("lon", "lng", "经", "x"))
    return PositionColumns(lat, lon, both, is_lon_first=is_lon_first)


_HEMISPHERES = ("NS", "EWO")
"""Letters at a latitude and at a longitude; O is east in German."""


def take_position(
    reader: RowReader, columns: PositionColumns, *, is_required: bool = True
) -> tuple[float, float] | None:
    """Latitude and longitude of a row in range, or none with the issue noted."""
    found = _degrees_of(reader, columns)
    if found is None:
        return None
    lat, lon, lat_at, lon_at = found
    if (lat is None and lon is None) or (lat == 0 and lon == 0):
        if is_required:
            reader.fault("MISSING_COORDINATES", lat_at)
        return None
    if lat is None or lon is None:
        reader.fault("MISSING_COORDINATES", lat_at if lat is None else lon_at)
        return None
    return lat, lon


def check_range(reader: RowReader, columns: PositionColumns, position: tuple[float, float]) -> bool:
    """Whether a position lies on the globe; each part that does not is noted."""
    is_combined = columns.both in reader.table.headers.columns
    is_sound = True
    for name, degrees, limit in ((columns.lat, position[0], 90), (columns.lon, position[1], 180)):
        if abs(degrees) > limit:
            is_sound = False
            at = columns.both if is_combined else name
            reader.fault("COORDINATES_OUT_OF_RANGE", at, limit=limit, field=name)
    return is_sound


def _degrees_of(
    reader: RowReader, columns: PositionColumns
) -> tuple[float | None, float | None, str, str] | None:
    table, row = reader.table, reader.row
    if columns.both in table.headers.columns:
        try:
            pair = split_pair(table.cell(row, columns.both))
            axes = reversed(_HEMISPHERES) if columns.is_lon_first else _HEMISPHERES
            parts: Sequence[float | None] = (
                [read_degrees(*part) for part in zip(pair, axes, strict=True)]
                if pair
                else [None] * 2
            )
        except ValueError:
            reader.fault("UNREADABLE_COORDINATES", columns.both)
            return None
        lat, lon = reversed(parts) if columns.is_lon_first else parts
        return lat, lon, columns.both, columns.both
    values: list[float | None] = []
    is_sound = True
    for name, letters in zip((columns.lat, columns.lon), _HEMISPHERES, strict=True):
        try:
            values.append(read_degrees(table.cell(row, name), letters))
        except ValueError:
            is_sound = False
            reader.fault("UNREADABLE_COORDINATES", name)
    return (values[0], values[1], columns.lat, columns.lon) if is_sound else None
