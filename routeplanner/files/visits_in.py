"""Reads a list of visits that were made: which store, when, and for how long."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from routeplanner.domain.driven_visit import DrivenVisit, with_ways
from routeplanner.domain.hours import DAY_S
from routeplanner.domain.scenario import Language
from routeplanner.files.cells_days import folded, read_clock, read_minutes
from routeplanner.files.plain_tables import PlainTable, open_table

_NEEDED = {"store": ("store_id",), "minutes": ("minutes", "ended")}
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$")
_MOMENT = re.compile(r"^(?P<date>.*?\d{4}.*?)[t\s]\s*(?P<time>\d{1,2}:\d{2}.*)$")
_ZONE = re.compile(r"(?:z|[+-]\d{2}:?\d{2})$|(?<=:\d\d)[.,]\d+")


def read_driven_visits(path: Path, language: Language = "en") -> tuple[DrivenVisit, ...]:
    """Return the visits of a CSV or XLSX file, its headers in English, Chinese or German.

    Parameters
    ----------
    path
        A row a visit with the store, and either start and end or the minutes; rep and date allow
        to tell the way between two visits. Times are local; of `2026-03-02T09:05:00+01:00` date and
        time count as they stand. A row that tells no length is of a visit that was not made.
    language
        That of the messages.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, holds no length at all, or has cells that are no
        date, time or minutes; all of them at once, with file, row and column.
    """
    table = open_table(path, "visits", _NEEDED, "visits_in", language)
    read = (_visit(table, row, values) for row, values in table.rows())
    found = [visit for visit in read if visit is not None]
    if not found and not table.issues:
        table.tell("NO_MINUTES")
    table.check()
    return with_ways(found)


def _visit(table: PlainTable, row: int, values: Mapping[str, str]) -> DrivenVisit | None:
    n_before = len(table.issues)
    if not values["store_id"]:
        table.fault("VALUE_MISSING", row, "store_id", "")
    date = table.parse("BAD_DATE", row, "date", values, _date)
    moments = {
        name: table.parse("BAD_TIME", row, name, values, _moment)
        for name in ("arrived", "started", "ended")
    }
    minutes = table.parse("BAD_MINUTES", row, "minutes", values, _minutes)
    clocks = {name: moment[1] for name, moment in moments.items() if moment is not None}
    dates = [moment[0] for moment in moments.values() if moment is not None and moment[0]]
    start, end = clocks.get("started", clocks.get("arrived")), clocks.get("ended")
    if start is not None and end is not None:
        if end < start:
            table.fault("ENDS_BEFORE_START", row, "ended", values["ended"])
        minutes = (end - start) / 60
    if minutes is None or len(table.issues) > n_before:
        return None
    return DrivenVisit(
        store_id=values["store_id"],
        rep=values.get("rep") or None,
        date=date or (dates[0] if dates else None),
        minutes_in_store=round(minutes, 2),
        row=row,
        **clocks,
    )


def _date(value: str) -> dt.date:
    plain = folded(value).split("t")[0].split(" ")[0] if ":" in value else folded(value)
    if match := _YEAR_FIRST.match(plain):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(plain):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    raise ValueError(value)


def _moment(value: str) -> tuple[dt.date | None, int]:
    """A time of day, with its date where that stands before it."""
    plain = folded(value)
    date = None
    if match := _MOMENT.match(plain):
        date, plain = _date(match["date"].strip()), match["time"]
    seconds = read_clock(_ZONE.sub("", plain).strip())
    if seconds is None or not 0 <= seconds <= DAY_S:
        raise ValueError(value)
    return date, seconds


def _minutes(value: str) -> float:
    minutes = read_minutes(value)
    if minutes is None or not 0 <= minutes <= 24 * 60:
        raise ValueError(value)
    return minutes
