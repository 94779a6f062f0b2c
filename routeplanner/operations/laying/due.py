"""The visits that a rep's cycle brings, each with the date on which it is driven or lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from routeplanner.domain.dated import CycleDates
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.plan import Route, Stop
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import visit_intervals
from routeplanner.domain.work_calendar import CalendarDay, WorkCalendar
from routeplanner.domain.workday import work_day
from routeplanner.operations.laying.weeks import WEEK, RepWeeks, monday_of, rep_weeks


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit of the cycle on its way to a date."""

    rep: str
    store_id: str
    route: Route
    due: date  # where the unbroken cycle lays it
    day: date  # where this cycle lays it; later where it paused
    driven: date | None  # `day`, or its make-up day; none where the day is lost
    lost_to: CalendarDay | None = None  # why `day` is not worked
    is_closed: bool = False  # the store, on the make-up day of `day`
    is_gone: bool = False  # the store is out of use by then


@dataclass(frozen=True, slots=True)
class DrivenDay:
    """A date on which a rep works, and the day of the cycle whose hours hold on it."""

    date: date
    day: int  # 0-based working day of the cycle
    route: Route | None  # the cycle's route of that day


@dataclass(frozen=True)
class RepCalendar:
    """The routes of one rep, laid on a calendar that holds the rep's own days."""

    scenario: Scenario
    rep: Rep
    dates: CycleDates
    calendar: WorkCalendar
    routes: dict[int, Route]  # by working day of the cycle
    last_days: Mapping[str, date] = field(default_factory=dict)  # of stores that go out of use

    @cached_property
    def weekdays(self) -> frozenset[Weekday]:
        """Those on which the rep works, or drives all the same in a plan edited by hand."""
        policy = self.scenario.policy
        own = {day for day in policy.workdays if work_day(policy, self.rep, day) is not None}
        return frozenset(own | {route.weekday for route in self.routes.values()})

    @cached_property
    def make_up(self) -> dict[date, date]:
        """Days off → the make-up day that drives their route, where one of both is in the period.

        A make-up day counts where the rep does not work on its weekday anyway: in a week of six
        days a Saturday drives its own route.
        """
        return {
            off: day
            for off, day in self.calendar.make_up_days().items()
            if weekday_of(day) not in self.weekdays
            and weekday_of(off) in self.weekdays
            and (self.dates.holds(off) or self.dates.holds(day))
        }

    @cached_property
    def weeks(self) -> RepWeeks:
        """Which calendar week drives which week of the cycle."""
        until = max((self.dates.until, *self.make_up))
        return rep_weeks(self.scenario.cycle, self.dates, until, self.works_on)

    def works_on(self, day: date) -> bool:
        """Whether the rep works on a date."""
        is_worked = weekday_of(day) in self.weekdays or day in self.make_up.values()
        return is_worked and self.calendar.day_off(day) is None

    def due_visits(self) -> Iterator[DueVisit]:
        """Every visit that the cycle lays in the period or that is driven there."""
        stores = {store.id: store for store in self.scenario.stores}
        for monday, number in (*self._weeks_before(), *self.weeks.driven.items()):
            week = self.weeks.week_of_cycle(number)
            for route in (route for route in self.routes.values() if route.week == week):
                offset = timedelta(days=WEEKDAYS.index(route.weekday))
                due, day = self.weeks.nominal(number) + offset, monday + offset
                for stop in {stop.store_id: stop for stop in route.visits}.values():
                    visit = self._visit(route, stop, stores[stop.store_id or ""], due, day)
                    if any(self.dates.holds(d) for d in (due, day, visit.driven or day)):
                        yield visit

    def driven_days(self) -> Iterator[DrivenDay]:
        """The dates of the period on which the rep works, in order."""
        off_of = {day: off for off, day in self.make_up.items()}
        span = (self.dates.until - self.dates.start_date).days + 1
        for day in (self.dates.start_date + timedelta(days=n) for n in range(span)):
            of_cycle = self._day_of_cycle(off_of.get(day, day)) if self.works_on(day) else None
            if of_cycle is not None:
                yield DrivenDay(day, of_cycle, self.routes.get(of_cycle))

    def _visit(self, route: Route, stop: Stop, store: Store, due: date, day: date) -> DueVisit:
        off = self.calendar.day_off(day)
        driven = day if off is None else self.make_up.get(day)
        is_closed = (
            off is not None
            and driven is not None
            and not is_open(store, driven, stop.start, stop.depart)
        )
        if is_closed:
            driven = None
        if driven is None and not self.dates.holds(day):
            driven = day  # the publication of that date deals with it
        is_gone = (driven or day) > self.last_days.get(store.id, date.max)
        return DueVisit(self.rep.id, store.id, route, due, day, driven, off, is_closed, is_gone)

    def _weeks_before(self) -> list[tuple[date, int]]:
        """Weeks before the period of which a make-up day in it drives a route."""
        first = monday_of(self.dates.start_date)
        mondays = sorted({monday_of(off) for off in self.make_up if off < first})
        return [(monday, (monday - first) // WEEK) for monday in mondays]

    def _day_of_cycle(self, day: date) -> int | None:
        numbers = dict(self._weeks_before()) | self.weeks.driven
        number, weekday = numbers.get(monday_of(day)), weekday_of(day)
        if number is None or weekday not in self.scenario.cycle.workdays:
            return None
        return self.scenario.cycle.index(self.weeks.week_of_cycle(number), weekday)


def weekday_of(day: date) -> Weekday:
    """The weekday of a date."""
    return WEEKDAYS[day.weekday()]


def is_open(store: Store, day: date, start: int, depart: int) -> bool:
    """Whether a store can be visited from one second of a date to another, by its own hours."""
    spans = visit_intervals(store, weekday_of(day))
    return any(opens <= start and depart <= closes for opens, closes in spans)
