"""Which dates are worked: days that differ from the weekly ones, each with its cause."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

DayCause = Literal["holiday", "make_up", "company", "absence"]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date on which work differs from what its weekday says.

    A make-up day is worked although its weekday is not, and drives the route of the day off that
    it replaces.
    """

    date: dt.date
    is_worked: bool
    cause: DayCause
    name: str = ""
    replaces: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which one rep does not work, the last one included."""

    rep: str
    first: dt.date
    last: dt.date
    name: str = ""

    def days(self) -> Iterator[CalendarDay]:
        """The days, each off."""
        for offset in range((self.last - self.first).days + 1):
            day = self.first + dt.timedelta(days=offset)
            yield CalendarDay(day, is_worked=False, cause="absence", name=self.name)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days that differ from the weekly days, by date."""

    days: Mapping[dt.date, CalendarDay] = field(default_factory=dict)

    def overlaid(self, days: Iterable[CalendarDay]) -> "WorkCalendar":
        """The calendar with further days, which win over those of the same date."""
        return WorkCalendar({**self.days, **{day.date: day for day in days}})

    def without(self, absences: Iterable[Absence]) -> "WorkCalendar":
        """The calendar of a rep with absences; a holiday within them stays a holiday."""
        absent = (day for absence in absences for day in absence.days())
        return self.overlaid(day for day in absent if self.day_off(day.date) is None)

    def day_off(self, day: dt.date) -> CalendarDay | None:
        """Why a date is not worked; none where its weekday decides, or where it is worked."""
        found = self.days.get(day)
        return None if found is None or found.is_worked else found

    def make_up_days(self) -> dict[dt.date, dt.date]:
        """The make-up day of each day off that has one; the earliest where there are several."""
        found: dict[dt.date, dt.date] = {}
        for day in sorted(self.days.values(), key=lambda item: item.date):
            if day.is_worked and day.replaces is not None and self.day_off(day.replaces):
                found.setdefault(day.replaces, day.date)
        return found
