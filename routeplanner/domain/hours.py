"""Times of day and weekly hours, read from OpenStreetMap opening-hours syntax."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

from opening_hours import (  # type: ignore[attr-defined,unused-ignore]
    OpeningHours,
    ParserError,
)
from pydantic import (
    BeforeValidator,
    PlainSerializer,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from routeplanner.domain.base import Frozen

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OSM_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

DAY_S = 86_400
_REFERENCE_MONDAY = datetime(2026, 3, 2)  # a week without public holidays in most countries
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_OSM_WORDS = {
    "mo": "Mo", "tu": "Tu", "we": "We", "th": "Th", "fr": "Fr", "sa": "Sa", "su": "Su",
    "ph": "PH", "sh": "SH",
}  # fmt: skip


def parse_clock(value: object) -> int:
    """Seconds since midnight of `HH:MM` or `HH:MM:SS`; an integer is taken as seconds.

    Raises:
        ValueError: not a time of day between 00:00 and 24:00.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value
    else:
        match = _CLOCK.match(str(value).strip())
        if match is None:
            raise ValueError(f"'{value}' is not a time of day such as 08:30")
        hours, minutes, rest = int(match[1]), int(match[2]), int(match[3] or 0)
        if minutes > 59 or rest > 59:
            raise ValueError(f"'{value}' is not a time of day such as 08:30")
        seconds = hours * 3600 + minutes * 60 + rest
    if not 0 <= seconds <= DAY_S:
        raise ValueError(f"'{value}' lies outside 00:00 to 24:00")
    return seconds


def format_clock(seconds: int) -> str:
    """`HH:MM`, with seconds only where they are not zero."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{rest:02d}" if rest else "")


TimeOfDay = Annotated[
    int,
    BeforeValidator(parse_clock),
    PlainSerializer(format_clock, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}),
]
"""Seconds since midnight in Python, `HH:MM[:SS]` in JSON."""

Window = tuple[TimeOfDay, TimeOfDay]


def normalize_osm(text: str) -> str:
    """OpenStreetMap hours with the case and separators that the standard asks for."""
    words = re.sub(r"[A-Za-z]+", lambda m: _OSM_WORDS.get(m[0].lower(), m[0]), text.strip())
    words = words.replace("–", "-").replace("—", "-").replace("：", ":").replace("；", ";")
    return re.sub(r"\s*;\s*", "; ", words).strip("; ")


@lru_cache(maxsize=65_536)
def _parse_week(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    try:
        hours = OpeningHours(normalize_osm(text), auto_country=False, auto_timezone=False)
    except ParserError as error:
        raise ValueError(f"'{text}' is not in OpenStreetMap opening-hours syntax") from error
    days: list[list[tuple[int, int]]] = [[] for _ in WEEKDAYS]
    end_of_week = _REFERENCE_MONDAY + timedelta(days=7)
    for start, end, state, _comment in hours.intervals(_REFERENCE_MONDAY, end_of_week):
        if str(state).rsplit(".", 1)[-1].upper() != "OPEN":
            continue
        _split_by_day(days, start, min(end or end_of_week, end_of_week))
    return tuple(tuple(day) for day in days)


def _split_by_day(days: list[list[tuple[int, int]]], start: datetime, end: datetime) -> None:
    while start < end:
        midnight = datetime(start.year, start.month, start.day) + timedelta(days=1)
        until = min(end, midnight)
        index = (start - _REFERENCE_MONDAY).days
        first = int((start - (midnight - timedelta(days=1))).total_seconds())
        last = int((until - (midnight - timedelta(days=1))).total_seconds())
        days[index].append((first, last))
        start = until


class WeeklyHours(Frozen):
    """Open intervals of each weekday, Monday first, sorted and disjoint.

    Reads an OpenStreetMap string or a mapping `{"mon": [["09:00", "12:00"]], …}`; in JSON it is an
    OpenStreetMap string. Seasons and holidays are read as in an ordinary week.
    """

    days: tuple[tuple[Window, ...], ...]  # 7 weekdays

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"days": _parse_week(value)}
        if isinstance(value, Mapping) and "days" not in value:
            unknown = set(value) - set(WEEKDAYS)
            if unknown:
                raise ValueError(f"unknown weekday '{sorted(unknown)[0]}'; use mon … sun")
            return {"days": tuple(tuple(value.get(day, ())) for day in WEEKDAYS)}
        return value

    @model_validator(mode="after")
    def _is_sorted(self) -> "WeeklyHours":
        if len(self.days) != len(WEEKDAYS):
            raise ValueError("weekly hours need seven weekdays")
        for day in self.days:
            edges = [edge for window in day for edge in window]
            if edges != sorted(edges) or any(start >= end for start, end in day):
                raise ValueError("the intervals of a day must be in order and not overlap")
        return self

    @model_serializer
    def _write(self) -> str:
        return self.to_osm()

    def on(self, weekday: int) -> tuple[tuple[int, int], ...]:
        """Intervals (start, end) in seconds since midnight; weekday 0 is Monday."""
        return self.days[weekday]

    def to_osm(self) -> str:
        """The hours as an OpenStreetMap string; `off` where never open."""
        parts: list[str] = []
        index = 0
        while index < len(WEEKDAYS):
            last = index
            while last + 1 < len(WEEKDAYS) and self.days[last + 1] == self.days[index]:
                last += 1
            if self.days[index]:
                times = ",".join(
                    f"{format_clock(s)[:5]}-{format_clock(e)[:5]}" for s, e in self.days[index]
                )
                name = OSM_WEEKDAYS[index] + (f"-{OSM_WEEKDAYS[last]}" if last > index else "")
                parts.append(f"{name} {times}")
            index = last + 1
        return "; ".join(parts) or "off"
