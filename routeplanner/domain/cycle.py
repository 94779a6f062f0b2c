"""The repeating horizon: weeks and workdays without dates."""

from typing import NamedTuple

from pydantic import Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import WEEKDAYS, Weekday


class CycleDay(NamedTuple):
    """A working day of the cycle: index, 1-based week, weekday."""

    day: int
    week: int
    weekday: Weekday


class Cycle(Frozen):
    """n weeks of the same workdays; day 0 is the first workday of week 1."""

    weeks: int = Field(ge=1)
    workdays: tuple[Weekday, ...]

    @property
    def n_days(self) -> int:
        """Working days in the cycle."""
        return self.weeks * len(self.workdays)

    @property
    def n_calendar_days(self) -> int:
        """Calendar days round the ring of the cycle."""
        return self.weeks * 7

    def day(self, index: int) -> CycleDay:
        """The working day at a 0-based index."""
        week, place = divmod(index, len(self.workdays))
        return CycleDay(index, week + 1, self.workdays[place])

    def days(self) -> tuple[CycleDay, ...]:
        """All working days in order."""
        return tuple(self.day(index) for index in range(self.n_days))

    def index(self, week: int, weekday: Weekday) -> int:
        """The index of a 1-based week's weekday; ValueError where it is no workday."""
        if not 1 <= week <= self.weeks or weekday not in self.workdays:
            raise ValueError(f"w{week}-{weekday} is not a working day of the cycle")
        return (week - 1) * len(self.workdays) + self.workdays.index(weekday)

    def calendar_day(self, index: int) -> int:
        """Calendar days from the first Monday of the cycle to a working day."""
        day = self.day(index)
        return (day.week - 1) * 7 + WEEKDAYS.index(day.weekday)
