"""Which calendar week drives which week of the cycle, for one rep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.dated import CycleDates

WEEK = timedelta(days=7)
_LONGEST_PAUSE = 60  # weeks in a row; a rep who is away longer drives nothing more in the period


def monday_of(day: date) -> date:
    """The first day of a date's calendar week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class RepWeeks:
    """Calendar weeks of one rep, counted as weeks of the cycle that are driven.

    Week 0 is the one of the start date. The unbroken cycle drives week n in calendar week n; where
    the cycle pauses, weeks without a working day count for nothing and the rest comes later.
    """

    cycle: Cycle
    dates: CycleDates
    driven: dict[date, int]  # Monday → week that it drives; a paused week is not there

    def nominal(self, number: int) -> date:
        """The Monday on which the unbroken cycle begins a driven week."""
        return monday_of(self.dates.start_date) + number * WEEK

    def week_of_cycle(self, number: int) -> int:
        """The 1-based week of the cycle of a driven week."""
        return (self.dates.first_week - 1 + number) % self.cycle.weeks + 1


def rep_weeks(
    cycle: Cycle, dates: CycleDates, until: date, works_on: Callable[[date], bool]
) -> RepWeeks:
    """Return the weeks of a rep up to a date, and on until every week of the period is driven.

    Parameters
    ----------
    cycle, dates
        What is laid where.
    until
        The last date that somebody asks for; make-up days reach beyond the period.
    works_on
        Whether the rep works on a date.
    """
    first = monday_of(dates.start_date)
    wanted = (monday_of(dates.until) - first) // WEEK
    driven: dict[date, int] = {}
    number, monday, paused = 0, first, 0
    while (number <= wanted or monday <= until) and paused <= _LONGEST_PAUSE:
        days = (monday + timedelta(days=offset) for offset in range(7))
        is_lost = not any(works_on(day) for day in days if day >= dates.start_date)
        if is_lost and dates.lost_weeks == "pause":
            paused += 1
        else:
            driven[monday] = number
            number, paused = number + 1, 0
        monday += WEEK
    return RepWeeks(cycle, dates, driven)
