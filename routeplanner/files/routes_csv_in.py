"""Reads routes by hand: an edited routes.csv, or a list of who visits which store on which day."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.hours import parse_clock
from routeplanner.domain.scenario import Language
from routeplanner.domain.store import PinnedDay
from routeplanner.files.cells_days import folded, read_pinned_days, read_weeks
from routeplanner.files.plain_tables import PlainTable, field_of, open_table

_NEEDED = {"rep": ("rep",), "day": ("weekday", "day"), "store": ("store_id", "store_name")}
_ODD = {"odd", "odd weeks", "ungerade", "ungerade wochen", "单周", "单", "奇数周"}
_EVEN = {"even", "even weeks", "gerade", "gerade wochen", "双周", "双", "偶数周"}


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
    reader = _Reader(open_table(path, "routes", _NEEDED, "routes_csv", language), n_weeks)
    found = [visit for row, values in reader.table.rows() for visit in reader.read(row, values)]
    reader.table.check()
    return tuple(found)


class _Reader:
    """Makes visits of rows."""

    def __init__(self, table: PlainTable, n_weeks: int | None) -> None:
        self.table, self._n_weeks = table, n_weeks
        self._day = field_of(table.headers, _NEEDED["day"]) or "day"
        self._store = field_of(table.headers, _NEEDED["store"]) or "store_id"
        columns = ("rep", "week", self._day, "position", self._store)
        self._needed = [name for name in columns if table.has(name)]
        self._is_week_told = False

    def read(self, row: int, values: Mapping[str, str]) -> Iterator[RouteRow]:
        """The visits of a row: one a week that it names."""
        table = self.table
        n_before = len(table.issues)
        day = table.parse("BAD_WEEKDAY", row, self._day, values, _one_day)
        weeks = self._weeks(row, values, day)
        for name in self._needed:
            is_told = name == "week" and day is not None and day.week is not None
            if not values[name] and not is_told:
                table.fault("VALUE_MISSING", row, name, "")
        position = table.parse("BAD_POSITION", row, "position", values, _position)
        arrive = table.parse("BAD_ARRIVE", row, "arrive", values, parse_clock)
        if len(table.issues) > n_before or day is None or weeks is None:
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
        stated = self.table.parse("BAD_WEEK", row, "week", values, self._weeks_of)
        if stated is not None:
            if own is not None and own not in stated:
                self.table.fault("BAD_WEEK", row, "week", values["week"])
            return stated if own is None else [own]
        if own is not None:
            return [own]
        if self.table.has("week") or day is None:
            return None
        if self._n_weeks == 1:
            return [1]
        if not self._is_week_told:
            self._is_week_told = True
            self.table.tell("NO_WEEK", weeks="?" if self._n_weeks is None else self._n_weeks)
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
