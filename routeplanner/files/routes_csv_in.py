"""Reads routes by hand: an edited routes.csv, or a list of who visits which store on which day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.findings import Findings
from routeplanner.domain.hours import format_clock, parse_clock
from routeplanner.domain.scenario import Language
from routeplanner.domain.store import PinnedDay
from routeplanner.errors import InputError, Issue
from routeplanner.files.cells_days import folded, read_pinned_days, read_weeks
from routeplanner.files.csv_tables import unguard_formula
from routeplanner.files.headers import Headers, count_known, match_headers
from routeplanner.files.tables import Cell, TableFault, read_sheets
from routeplanner.texts import text

_NEEDED = {"rep": ("rep",), "day": ("weekday", "day"), "store": ("store_id", "store_name")}
"""What a visit must tell, and the fields that tell it; the first that the file has counts."""

_ODD = {"odd", "odd weeks", "ungerade", "ungerade wochen", "单周", "单", "奇数周"}
_EVEN = {"even", "even weeks", "gerade", "gerade wochen", "双周", "双", "偶数周"}
_T = TypeVar("_T")


def read_route_rows(
    path: Path, language: Language = "en", n_weeks: int | None = None
) -> tuple[RouteRow, ...]:
    """Return the visits of a CSV or XLSX file, its headers in English, Chinese or German.

    Parameters
    ----------
    path
        A row a visit with rep, day and store. Without a column for the order that of the rows
        counts. A day is a weekday beside a column for the week, or holds both (`w2-mon`). Columns
        of other names are ignored.
    language
        That of the messages.
    n_weeks
        Weeks of the cycle, where they are known: of one week none need be named, and a row may
        stand for all weeks, or for the odd ones.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or has cells that are no week, day, position or
        time; all of them at once, with file, row and column.
    """
    try:
        sheets = read_sheets(path, lambda cells: count_known(cells, "routes", {}))
    except TableFault as fault:
        findings = Findings(language)
        fault.tell(findings, path.name)
        raise InputError(findings.issues) from fault
    fewest = list(_NEEDED)
    for sheet in sheets:
        for index, cells in enumerate(sheet.rows):
            headers = match_headers(cells, "routes", {})
            lacking = [need for need in _NEEDED if _field(headers, need) is None]
            if not lacking:
                table = _Table(path.name, headers, language, n_weeks)
                return table.read(sheet.rows[index + 1 :], index + 2)
            fewest = min(fewest, lacking, key=len)
    names = ("、" if language == "zh" else ", ").join(
        text(f"routes_csv.need_{need}", language) for need in fewest
    )
    raise InputError([_issue("NO_HEADER", path.name, language, columns=names)])


def _field(headers: Headers, need: str) -> str | None:
    return next((name for name in _NEEDED[need] if name in headers.columns), None)


class _Table:
    """Reads the rows below the header and gathers their faults."""

    def __init__(
        self, file: str, headers: Headers, language: Language, n_weeks: int | None
    ) -> None:
        self._file, self._headers, self._language = file, headers, language
        self._n_weeks = n_weeks
        self._day = _field(headers, "day") or "day"
        self._store = _field(headers, "store") or "store_id"
        self._needed = [
            name
            for name in ("rep", "week", self._day, "position", self._store)
            if name in headers.columns
        ]
        self._issues: list[Issue] = []
        self._is_week_told = False

    def read(self, rows: Sequence[Sequence[Cell]], first: int) -> tuple[RouteRow, ...]:
        found = [row for n, cells in enumerate(rows, first) for row in self._read_row(cells, n)]
        if self._issues:
            raise InputError(self._issues)
        return tuple(found)

    def _read_row(self, cells: Sequence[Cell], row: int) -> Iterator[RouteRow]:
        """The visits of a row: one a week that it names."""
        values = {
            name: _plain(cells[index]) if index < len(cells) else ""
            for name, index in self._headers.columns.items()
        }
        if not any(values.values()):
            return
        n_before = len(self._issues)
        day = self._parse("BAD_WEEKDAY", row, self._day, values, _one_day)
        weeks = self._weeks(row, values, day)
        for name in self._needed:
            is_told = name == "week" and day is not None and day.week is not None
            if not values[name] and not is_told:
                self._fault("VALUE_MISSING", row, name, "")
        position = self._parse("BAD_POSITION", row, "position", values, _position)
        arrive = self._parse("BAD_ARRIVE", row, "arrive", values, parse_clock)
        if len(self._issues) > n_before or day is None or weeks is None:
            return
        for week in weeks:
            yield RouteRow(
                rep=values["rep"],
                week=week,
                weekday=day.weekday,
                store_id=values[self._store],
                position=row if position is None else position,
                template=values.get("template", ""),
                arrive=arrive,
                row=row,
            )

    def _weeks(
        self, row: int, values: Mapping[str, str], day: PinnedDay | None
    ) -> Sequence[int] | None:
        """The weeks of the column, else the one in the day's own words."""
        own = day.week if day is not None else None
        stated = self._parse("BAD_WEEK", row, "week", values, self._weeks_of)
        if stated is not None:
            if own is not None and own not in stated:
                self._fault("BAD_WEEK", row, "week", values["week"])
            return stated if own is None else [own]
        if own is not None:
            return [own]
        if "week" in self._headers.columns or day is None:
            return None
        if self._n_weeks == 1:
            return [1]
        if not self._is_week_told:
            self._is_week_told = True
            weeks = "?" if self._n_weeks is None else self._n_weeks
            self._issues.append(_issue("NO_WEEK", self._file, self._language, weeks=weeks))
        return None

    def _weeks_of(self, value: str) -> Sequence[int]:
        """Weeks such as `1`, `1;3`, `w2`; every, odd or even ones where the cycle is known."""
        plain = folded(value)
        if plain in _ODD | _EVEN:
            return self._every(1 if plain in _ODD else 2, 2)
        try:
            return read_weeks(plain) or self._every(1, 1)
        except ValueError:
            week = float(plain)
            if week < 1 or not week.is_integer():
                raise
            return [int(week)]

    def _every(self, first: int, step: int) -> Sequence[int]:
        if self._n_weeks is None:
            raise ValueError("the weeks of the cycle are not known")
        return range(first, self._n_weeks + 1, step)

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
        header = self._headers.names.get(column, column)
        self._issues.append(
            _issue(code, self._file, self._language, row=row, column=header, value=value)
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
    if isinstance(cell, datetime) and cell.time() == time() and cell.year > 1900:
        return cell.date().isoformat()
    if isinstance(cell, datetime | time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return format_clock(round(cell.total_seconds()))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unguard_formula(str(cell)).strip()


def _one_day(value: str) -> PinnedDay:
    days = read_pinned_days(value)
    if len(days) != 1:
        raise ValueError(value)
    return days[0]


def _position(value: str) -> float:
    position = float(value.replace(",", "."))
    if not 0 < position < float("inf"):
        raise ValueError(value)
    return position
