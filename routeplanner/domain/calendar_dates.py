"""Where a cycle may lie in the calendar: its weeks are those of the calendar, Monday first."""

from datetime import date, timedelta

from routeplanner.errors import Issue
from routeplanner.texts import text

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_cycle_start(day: date) -> bool:
    """Whether week 1 of a cycle may start on a day, which must be a Monday."""
    return day.weekday() == 0


def nearest_starts(day: date) -> tuple[date, date]:
    """The last day up to a given one on which a cycle may start, and the next one after it."""
    before = day - timedelta(days=day.weekday())
    return before, before + timedelta(days=7)


def cycle_start_issue(day: date, language: str) -> Issue | None:
    """What is wrong with a start date (START_NOT_MONDAY), naming the Mondays; none where good."""
    if is_cycle_start(day):
        return None
    before, after = nearest_starts(day)
    weekday = text(f"words.{_NAMES[day.weekday()]}", language)
    return Issue(
        code="START_NOT_MONDAY",
        path="start_date",
        message=text("export.start_not_monday", language, date=day, weekday=weekday),
        hint=text("export.start_not_monday_hint", language, before=before, after=after),
        value=day.isoformat(),
    )
