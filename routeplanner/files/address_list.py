"""A store list as it came, whose rows may lack positions: read for geocoding, written filled."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError
from routeplanner.files.cells import (
    cell_text,
    is_blank,
    read_degrees,
    read_id,
    read_text,
    split_pair,
)
from routeplanner.files.csv_tables import guard_formula
from routeplanner.files.headers import Headers, count_known, match_headers
from routeplanner.files.records import position_columns
from routeplanner.files.tables import Cell, Sheet, TableFault, read_sheets
from routeplanner.files.tables_rows import Row, Table
from routeplanner.travel.addresses import Address

_HEADER_SEARCH_ROWS = 40
_ADDRESS_FIELDS = ("address", "street")


@dataclass(slots=True)
class AddressList:
    """Header and rows of a list, all columns kept; columns can be added at the end."""

    header: list[str]
    rows: list[list[Cell]]
    columns: dict[str, int]  # field -> index

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        """The cell of a field; none where there is no such column."""
        index = self.columns.get(name)
        return row[index] if index is not None else None

    def add_column(self, name: str) -> int:
        """The index of a field's column, added where it is missing."""
        if name not in self.columns:
            plain = [header.strip().casefold() for header in self.header]
            if name in plain:
                self.columns[name] = plain.index(name)
            else:
                self.columns[name] = len(self.header)
                self.header.append(name)
                for row in self.rows:
                    row.append(None)
        return self.columns[name]

    def address(self, row: Sequence[Cell]) -> Address:
        """The address of a row."""
        names = ("address", "street", "house_number", "postal_code", "city")
        return Address(*(read_text(self.cell(row, name)) or "" for name in names))

    def key(self, row: Sequence[Cell]) -> str:
        """What tells a row from the others: its id, else its address."""
        return read_id(self.cell(row, "id")) or self.address(row).query


def read_address_list(
    path: Path, *, mapping: Mapping[str, str], sheet: str | None, language: Language
) -> AddressList:
    """The list in a file; a combined `lat,lon` column is also given as `lat` and `lon`.

    Raises
    ------
    InputError
        The file cannot be read, or no row names an address column.
    """
    findings = Findings(language)
    try:
        sheets = read_sheets(path, lambda cells: count_known(cells, "stores", mapping))
    except TableFault as fault:
        fault.tell(findings, path.name)
        raise InputError(findings.issues) from fault
    names = ", ".join(f"'{entry.name}'" for entry in sheets)
    if sheet is not None and not sheets[0].is_text:
        sheets = [entry for entry in sheets if entry.name == sheet]
    if not sheets:
        findings.error("UNKNOWN_SHEET", Origin(path.name), value=sheet, sheets=names)
        raise InputError(findings.issues)
    found, header_index, headers = max(
        (_with_header(entry, mapping) for entry in sheets), key=lambda entry: len(entry[2].columns)
    )
    if not any(name in headers.columns for name in _ADDRESS_FIELDS):
        header = found.rows[header_index] if found.rows else []
        findings.error(
            "MISSING_COLUMN",
            Origin(path.name, header_index + 1),
            "address",
            headers=", ".join(f"'{cell_text(cell)}'" for cell in header if not is_blank(cell)),
            example="THEIR HEADER",
            more="",
        )
        raise InputError(findings.issues)
    return _as_list(found, header_index, headers, path.name)


def _with_header(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[Sheet, int, Headers]:
    """The sheet with the row that names most fields."""
    head = sheet.rows[:_HEADER_SEARCH_ROWS]
    counts = [count_known(cells, "stores", mapping) for cells in head]
    index = counts.index(max(counts)) if counts else 0
    return sheet, index, match_headers(head[index] if head else [], "stores", mapping)


def _as_list(sheet: Sheet, header_index: int, headers: Headers, file: str) -> AddressList:
    header = [cell_text(cell) for cell in sheet.rows[header_index]]
    records = [
        Row(number, cells)
        for number, cells in enumerate(sheet.rows[header_index + 1 :], start=header_index + 2)
        if not all(map(is_blank, cells))
    ]
    width = max([len(header), *(len(row.cells) for row in records)])
    header += [""] * (width - len(header))
    rows = [[*row.cells, *[None] * (width - len(row.cells))] for row in records]
    found = AddressList(header, rows, dict(headers.columns))
    if "lat_lon" in headers.columns:
        table = Table(file, "stores", headers, header_index + 1, records, width, sheet.is_text)
        _split_positions(found, position_columns(table, "lat", "lon", "lat_lon").is_lon_first)
    return found


def _split_positions(found: AddressList, is_lon_first: bool) -> None:
    pairs = [found.cell(row, "lat_lon") for row in found.rows]
    lat_at, lon_at = found.add_column("lat"), found.add_column("lon")
    for row, cell in zip(found.rows, pairs, strict=True):
        try:
            pair = split_pair(cell)
            degrees = [read_degrees(part) for part in pair or ()]
        except ValueError:
            continue
        if len(degrees) == 2:
            row[lat_at], row[lon_at] = reversed(degrees) if is_lon_first else degrees


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A CSV with a byte order mark, in which no cell can run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([guard_formula(name) for name in header])
        for row in rows:
            writer.writerow([guard_formula(cell_text(cell)) for cell in row])


def write_book(
    path: Path, sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]]
) -> None:
    """A workbook with one table a sheet; texts stay texts, leading zeros with them."""
    import xlsxwriter  # noqa: PLC0415

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True})
        formats: dict[type, object] = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            time: book.add_format({"num_format": "hh:mm"}),
            timedelta: book.add_format({"num_format": "[hh]:mm"}),
        }
        for name, (header, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header, bold)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell, formats.get(type(cell)))
            sheet.autofit(max_width=300)
