"""Tables read as text, cell by cell, with all their faults: routes by hand, visits made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from routeplanner.domain.findings import Findings
from routeplanner.domain.hours import format_clock
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.files.csv_tables import unguard_formula
from routeplanner.files.headers import Headers, TableKind, count_known, match_headers
from routeplanner.files.tables import Cell, Sheet, TableFault, read_sheets
from routeplanner.texts import text

Needs = Mapping[str, Sequence[str]]
"""What a row must tell, and the fields that tell it; the first that the file has counts."""

_T = TypeVar("_T")


@dataclass(slots=True)
class PlainTable:
    """The rows below a header as text by field, and what was found wrong with them.

    `texts` is the part of the texts that holds the codes of its faults.
    """

    file: str
    language: Language
    texts: str
    headers: Headers
    issues: list[Issue] = field(default_factory=list)
    _cells: Sequence[Sequence[Cell]] = ()
    _first_row: int = 1

    def has(self, name: str) -> bool:
        """Whether the file has a column for a field."""
        return name in self.headers.columns

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Number, as a spreadsheet counts, and values of each row that is not empty."""
        for row, cells in enumerate(self._cells, start=self._first_row):
            values = {
                name: _plain(cells[index]) if index < len(cells) else ""
                for name, index in self.headers.columns.items()
            }
            if any(values.values()):
                yield row, values

    def parse(
        self,
        code: str,
        row: int,
        column: str,
        values: Mapping[str, str],
        read: Callable[[str], _T],
    ) -> _T | None:
        """What a cell says; none where it is empty, or cannot be read, which is noted."""
        value = values.get(column, "")
        if not value:
            return None
        try:
            return read(value)
        except (KeyError, ValueError):
            self.fault(code, row, column, value)
            return None

    def fault(self, code: str, row: int, column: str, value: str) -> None:
        """Note a fault of a cell, under the column's name in the file."""
        header = self.headers.names.get(column, column)
        self.tell(code, row=row, column=header, value=value)

    def tell(self, code: str, **values: object) -> None:
        """Note a fault of the file."""
        self.issues.append(_issue(code, self.file, self.language, self.texts, values))

    def check(self) -> None:
        """Raise InputError with everything that was noted, if anything was."""
        if self.issues:
            raise InputError(self.issues)


def open_table(
    path: Path, kind: TableKind, needs: Needs, texts: str, language: Language
) -> PlainTable:
    """Open the first sheet that has a column for every need.

    Raises
    ------
    InputError
        The file cannot be read, or no row names what is needed (NO_HEADER).
    """
    fewest = list(needs)
    for sheet in _sheets(path, kind, language):
        for index, cells in enumerate(sheet.rows):
            headers = match_headers(cells, kind, {})
            lacking = [need for need in needs if field_of(headers, needs[need]) is None]
            if not lacking:
                table = PlainTable(path.name, language, texts, headers)
                table._cells, table._first_row = sheet.rows[index + 1 :], index + 2
                return table
            fewest = min(fewest, lacking, key=len)
    names = ("、" if language == "zh" else ", ").join(
        text(f"{texts}.need_{need}", language) for need in fewest
    )
    raise InputError([_issue("NO_HEADER", path.name, language, texts, {"columns": names})])


def field_of(headers: Headers, names: Sequence[str]) -> str | None:
    """The first of some fields that the file has a column for."""
    return next((name for name in names if name in headers.columns), None)


def _sheets(path: Path, kind: TableKind, language: Language) -> list[Sheet]:
    try:
        return read_sheets(path, lambda cells: count_known(cells, kind, {}))
    except TableFault as fault:
        findings = Findings(language)
        fault.tell(findings, path.name)
        raise InputError(findings.issues) from fault


def _issue(
    code: str, file: str, language: Language, texts: str, values: Mapping[str, object]
) -> Issue:
    place = {key: values[key] for key in ("row", "column", "value") if key in values}
    known = {"file": file} | dict(values)
    return Issue.model_validate(
        {
            "code": code,
            "path": ":".join(str(part) for part in (file, *list(place.values())[:2])),
            "message": text(f"{texts}.{code}", language, **known),
            "hint": text(f"{texts}.{code}_HINT", language, **known),
            "file": file,
        }
        | place
    )


def _plain(cell: Cell) -> str:
    """A cell as text; a point in time without a day or without a time of day as what it has."""
    if isinstance(cell, datetime) and cell.year <= 1900:
        cell = cell.time()
    elif isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, datetime | time):
        return cell.strftime("%Y-%m-%d %H:%M:%S" if isinstance(cell, datetime) else "%H:%M:%S")
    if isinstance(cell, timedelta):
        return format_clock(round(cell.total_seconds()))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unguard_formula(str(cell)).strip()
