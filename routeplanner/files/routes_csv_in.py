"""Reads an edited routes.csv: rep, week, weekday, store and position are the plan."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.findings import Findings
from routeplanner.domain.hours import Weekday, format_clock, parse_clock
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.files.cells_days import read_weekdays
from routeplanner.files.csv_tables import unguard_formula
from routeplanner.files.headers import normalize
from routeplanner.files.tables import Cell, TableFault, read_sheets
from routeplanner.texts import text

NEEDED = ("rep", "week", "weekday", "position", "store_id")
OPTIONAL = ("template", "arrive")

_FIELD_OF_HEADER = {normalize(name): name for name in NEEDED + OPTIONAL}
_T = TypeVar("_T")


def read_route_rows(path: Path, language: Language = "en") -> tuple[RouteRow, ...]:
    """Return the rows of a CSV or XLSX file as `routes.csv` is written; other columns are ignored.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or has cells that are no week, weekday, position or
        time; all of them at once, with file, row and column.
    """
    try:
        sheets = read_sheets(path, _count_known)
    except TableFault as fault:
        findings = Findings(language)
        fault.tell(findings, path.name)
        raise InputError(findings.issues) from fault
    for sheet in sheets:
        for index, cells in enumerate(sheet.rows):
            columns = _columns(cells)
            if set(NEEDED) <= set(columns):
                return _Table(path.name, columns, language).read(sheet.rows[index + 1 :], index + 2)
    names = ", ".join(NEEDED)
    raise InputError([_issue("NO_HEADER", path.name, language, columns=names)])


def _count_known(cells: Sequence[object]) -> int:
    return len(_columns(cells))


def _columns(cells: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = _FIELD_OF_HEADER.get(normalize(cell)) if isinstance(cell, str) else None
        if name is not None:
            found.setdefault(name, index)
    return found


class _Table:
    """Reads the rows below the header and gathers their faults."""

    def __init__(self, file: str, columns: Mapping[str, int], language: Language) -> None:
        self._file, self._columns, self._language = file, columns, language
        self._issues: list[Issue] = []

    def read(self, rows: Sequence[Sequence[Cell]], first: int) -> tuple[RouteRow, ...]:
        found = [self._read_row(cells, row) for row, cells in enumerate(rows, start=first)]
        if self._issues:
            raise InputError(self._issues)
        return tuple(row for row in found if row is not None)

    def _read_row(self, cells: Sequence[Cell], row: int) -> RouteRow | None:
        values = {
            name: _plain(cells[index]) if index < len(cells) else ""
            for name, index in self._columns.items()
        }
        if not any(values.values()):
            return None
        n_before = len(self._issues)
        for name in NEEDED:
            if not values[name]:
                self._fault("VALUE_MISSING", row, name, "")
        week = self._parse("BAD_WEEK", row, "week", values, _week)
        weekday = self._parse("BAD_WEEKDAY", row, "weekday", values, _weekday)
        position = self._parse("BAD_POSITION", row, "position", values, _position)
        arrive = self._parse("BAD_ARRIVE", row, "arrive", values, parse_clock)
        if len(self._issues) > n_before or week is None or weekday is None or position is None:
            return None
        return RouteRow(
            rep=values["rep"],
            week=week,
            weekday=weekday,
            store_id=values["store_id"],
            position=position,
            template=values.get("template", ""),
            arrive=arrive,
            row=row,
        )

    def _parse(
        self,
        code: str,
        row: int,
        column: str,
        values: Mapping[str, str],
        read: Callable[[str], _T],
    ) -> _T | None:
        value = values.get(column, "")
        if not value:
            return None
        try:
            return read(value)
        except (KeyError, ValueError):
            self._fault(code, row, column, value)
            return None

    def _fault(self, code: str, row: int, column: str, value: str) -> None:
        self._issues.append(
            _issue(code, self._file, self._language, row=row, column=column, value=value)
        )


def _issue(code: str, file: str, language: Language, **values: object) -> Issue:
    place = {key: values[key] for key in ("row", "column", "value") if key in values}
    known = {"file": file} | values
    return Issue.model_validate(
        {
            "code": code,
            "path": ":".join(str(part) for part in (file, *list(place.values())[:2])),
            "message": text(f"routes_csv.{code}", language, **known),
            "hint": text(f"routes_csv.{code}_HINT", language, **known),
            "file": file,
        }
        | place
    )


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime | time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, timedelta):
        return format_clock(round(cell.total_seconds()))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unguard_formula(str(cell)).strip()


def _week(value: str) -> int:
    week = float(value.lower().removeprefix("w"))
    if week < 1 or not week.is_integer():
        raise ValueError(value)
    return int(week)


def _position(value: str) -> float:
    position = float(value.replace(",", "."))
    if not 0 < position < float("inf"):
        raise ValueError(value)
    return position


def _weekday(value: str) -> Weekday:
    days = read_weekdays(value)
    if len(days) != 1:
        raise ValueError(value)
    return days[0]
