"""Times of day and weekly hours, read from OpenStreetMap opening-hours syntax."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from routeplanner.domain.base import Frozen
from routeplanner.domain.osm_hours import DAY_S, OSM_WEEKDAYS, parse_week

__all__ = [
    "DAY_S", "OSM_WEEKDAYS", "WEEKDAYS", "TimeOfDay", "Weekday", "WeeklyHours", "Window",
    "format_clock", "parse_clock",
]  # fmt: skip

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")


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


class WeeklyHours(Frozen):
    """Open intervals of each weekday, Monday first, sorted and disjoint.

    Reads an OpenStreetMap string or a mapping `{"mon": [["09:00", "12:00"]], …}`; in JSON it is an
    OpenStreetMap string. Dates and holidays are read as in an ordinary week; hours that differ by
    season, or that cannot be told for sure, are refused.
    """

    days: tuple[tuple[Window, ...], ...]  # 7 weekdays

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"days": parse_week(value)}
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
        if not _are_sorted(self.days):
            raise ValueError("the intervals of a day must be in order and not overlap")
        return self

    @model_serializer
    def _write(self) -> str:
        return self.to_osm()

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The text form, in and out; the mapping is a convenience of Python and files."""
        return {"type": "string"}

    def on(self, weekday: int) -> tuple[tuple[int, int], ...]:
        """Intervals (start, end) in seconds since midnight; weekday 0 is Monday."""
        return self.days[weekday]

    def to_osm(self) -> str:
        """The hours as an OpenStreetMap string; `off` where never open."""
        return _written(self.days)


# Of many stores few have hours that no other has: both are found out once.
@lru_cache(maxsize=65_536)
def _are_sorted(days: tuple[tuple[tuple[int, int], ...], ...]) -> bool:
    """Whether the intervals of each day are in order and disjoint."""
    edges = ([edge for window in day for edge in window] for day in days)
    is_in_order = all(day == sorted(day) for day in edges)
    return is_in_order and all(start < end for day in days for start, end in day)


@lru_cache(maxsize=65_536)
def _written(days: tuple[tuple[tuple[int, int], ...], ...]) -> str:
    parts: list[str] = []
    index = 0
    while index < len(WEEKDAYS):
        last = index
        while last + 1 < len(WEEKDAYS) and days[last + 1] == days[index]:
            last += 1
        if days[index]:
            times = ",".join(f"{format_clock(s)[:5]}-{format_clock(e)[:5]}" for s, e in days[index])
            name = OSM_WEEKDAYS[index] + (f"-{OSM_WEEKDAYS[last]}" if last > index else "")
            parts.append(f"{name} {times}")
        index = last + 1
    return "; ".join(parts) or "off"
