"""Days of the cycle in words, as all outputs say them."""

from collections.abc import Iterable
from typing import Protocol

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import Weekday
from routeplanner.texts import text

LONG_NAMES: dict[Weekday, str] = {
    "mon": "monday",
    "tue": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}


class Day(Protocol):
    """A working day of the cycle, or a route that is driven on it."""

    @property
    def day(self) -> int:
        """Its 0-based index."""
        ...

    @property
    def week(self) -> int:
        """1-based."""
        ...

    @property
    def weekday(self) -> Weekday:
        """The day of the week."""
        ...


def days_text(days: Iterable[Day], cycle: Cycle, language: str, *, is_long: bool = False) -> str:
    """`Mon Wed Fri`, with the weeks where they are not all: `Sat (week 1)`."""
    weeks_of: dict[Weekday, list[int]] = {}
    for day in sorted(set(days), key=lambda day: day.day):
        weeks_of.setdefault(day.weekday, []).append(day.week)
    weekdays_of: dict[tuple[int, ...], list[Weekday]] = {}
    for weekday in sorted(weeks_of, key=cycle.workdays.index):
        weekdays_of.setdefault(tuple(weeks_of[weekday]), []).append(weekday)
    parts = []
    for weeks, weekdays in weekdays_of.items():
        names = [text(f"words.{LONG_NAMES[day] if is_long else day}", language) for day in weekdays]
        joined = " ".join(names)
        is_every_week = len(weeks) == cycle.weeks
        if is_long:
            parts.append(f"{joined} · {weeks_text(weeks, language)}")
        elif is_every_week:
            parts.append(joined)
        else:
            parts.append(f"{joined} ({weeks_text(weeks, language)})")
    return ", ".join(parts)


def weeks_text(weeks: Iterable[int], language: str) -> str:
    """`week 1` or `weeks 1, 2`."""
    numbers = tuple(weeks)
    key = "map.one_week" if len(numbers) == 1 else "map.some_weeks"
    return text(key, language, numbers=text("hours.and", language).join(map(str, numbers)))
