"""The days on which reps are to work, with their minutes: what an in-store share is measured by."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from routeplanner.domain.dated import CycleDates
from routeplanner.domain.kpi import RepDay
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.domain.workday import work_day
from routeplanner.operations.laying.due import RepCalendar, weekday_of


def rep_days(
    scenario: Scenario,
    first: date,
    last: date,
    calendar: WorkCalendar,
    *,
    absences: Sequence[Absence] = (),
    own_days: Mapping[str, Sequence[CalendarDay]] | None = None,
) -> tuple[RepDay, ...]:
    """Return the working days of all reps between two dates, both included.

    A make-up day has the minutes of the weekday that it replaces. Days of absence are there and
    marked; days off are not.

    Parameters
    ----------
    calendar, absences
        As in `lay_cycle`.
    own_days
        Days of single reps, which win (`rep_days` of `lay_cycle`).
    """
    return tuple(
        day
        for rep in scenario.reps
        for day in _days_of(
            scenario,
            rep,
            CycleDates(first, last),
            calendar,
            [absence for absence in absences if absence.rep == rep.id],
            (own_days or {}).get(rep.id, ()),
        )
    )


def _days_of(
    scenario: Scenario,
    rep: Rep,
    dates: CycleDates,
    calendar: WorkCalendar,
    absences: Sequence[Absence],
    own_days: Sequence[CalendarDay],
) -> Iterator[RepDay]:
    if dates.until < dates.start_date:
        return
    present = RepCalendar(scenario, rep, dates, calendar.overlaid(own_days), routes={})
    days_off_of = {day: off for off, day in present.make_up.items()}
    own = calendar.without(absences).overlaid(own_days)
    for offset in range((dates.until - dates.start_date).days + 1):
        day = dates.start_date + timedelta(days=offset)
        weekday = weekday_of(days_off_of.get(day, day))
        workday = work_day(scenario.policy, rep, weekday)
        if workday is not None and present.works_on(day):
            minutes = (workday.end - workday.start - workday.lunch) / 60
            yield RepDay(rep.id, day, minutes, is_absent=own.day_off(day) is not None)
