"""Working days of reps by hand: 08:30 to 17:30 without an hour of lunch are 480 minutes."""

from datetime import date

from routeplanner.domain.hours import WeeklyHours
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.operations.public_holidays import public_calendar
from routeplanner.operations.rep_days import rep_days
from tests.operations.two_reps import two_reps

FIRST, LAST = date(2026, 9, 28), date(2026, 10, 11)
CHINA = public_calendar("CN", FIRST, LAST)


def test_golden_week_leaves_three_days_two_days_and_a_saturday() -> None:
    days = [day for day in rep_days(two_reps(), FIRST, LAST, CHINA) if day.rep == "R1"]
    assert [(day.date.month, day.date.day) for day in days] == [
        (9, 28), (9, 29), (9, 30), (10, 8), (10, 9), (10, 10),
    ]  # fmt: skip
    assert {day.working_minutes for day in days} == {480}


def test_absences_are_marked_and_the_reps_own_days_win() -> None:
    away = Absence("R1", date(2026, 9, 29), date(2026, 10, 8))
    back = CalendarDay(date(2026, 9, 30), is_worked=True, cause="company")
    days = rep_days(two_reps(), FIRST, LAST, CHINA, absences=[away], own_days={"R1": [back]})
    absent = [day.date for day in days if day.is_absent]
    assert absent == [date(2026, 9, 29), date(2026, 10, 8)]
    assert len(days) == 12


def test_a_rep_has_the_hours_of_each_weekday() -> None:
    """Monday 09:00 to 13:00 has no lunch; the make-up Saturday is a Wednesday, which is free."""
    scenario = two_reps()
    hours = WeeklyHours.model_validate("Mo 09:00-13:00; Th 08:30-17:30")
    reps = (scenario.reps[0].model_copy(update={"hours": hours}), *scenario.reps[1:])
    part_time = scenario.model_copy(update={"reps": reps})
    days = [day for day in rep_days(part_time, FIRST, LAST, CHINA) if day.rep == "R1"]
    assert [(day.date.day, day.working_minutes) for day in days] == [(28, 240), (8, 480)]


def test_an_empty_span_has_no_days() -> None:
    assert rep_days(two_reps(), LAST, FIRST, WorkCalendar()) == ()
