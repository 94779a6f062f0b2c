"""An iCalendar file: one event a day with its stops, or one a visit, repeated with the cycle.

An event's identity is its place in the cycle (rep, week, weekday, and the number of the visit), so
that importing a newer version of a plan moves the events of the older one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, vGeo, vRecur

from routeplanner.domain.calendar_dates import cycle_start_issue
from routeplanner.domain.hours import OSM_WEEKDAYS, WEEKDAYS
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue
from routeplanner.files.exports import ExportOptions, export_issue
from routeplanner.files.map_data import stores_text
from routeplanner.files.route_groups import (
    appointment_title,
    appointments_of,
    appointments_text,
    clock_text,
    day_title,
    duration_text,
    is_appointments_only,
    rep_title,
    service_minutes,
    span_text,
    store_title,
    travel_km,
    work_minutes,
)
from routeplanner.texts import text

CHINA = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class EventDay:
    """A date in the calendar, and whether it comes again."""

    date: date
    zone: ZoneInfo
    stamp: datetime
    version: int
    repeats: vRecur | None = None

    def at(self, seconds: int) -> datetime:
        """A moment of the day."""
        # Wall-clock time: adding to local midnight would go wrong on the day the clocks change.
        day = self.date + timedelta(days=seconds // 86_400)
        seconds %= 86_400
        clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
        return datetime.combine(day, clock, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Dates:
    """Where the cycle lies in the calendar."""

    start: date  # a Monday
    zone: ZoneInfo
    stamp: datetime
    version: int

    def day(self, route: Route, plan: Plan) -> EventDay:
        """The first time that a driven day comes, and its rhythm."""
        weekday = WEEKDAYS.index(route.weekday)
        day = self.start + timedelta(days=7 * (route.week - 1) + weekday)
        byday = OSM_WEEKDAYS[weekday].upper()
        rhythm = vRecur(freq="WEEKLY", interval=plan.cycle.weeks, byday=byday)
        return EventDay(day, self.zone, self.stamp, self.version, rhythm)


def write_ics(plan: Plan, scenario: Scenario, path: Path, options: ExportOptions) -> None:
    """Write the plan as a calendar; week 1 begins on the start date."""
    dates = dates_of(plan, scenario, options)
    calendar = new_calendar(plan, scenario)
    for _, event in events_of(plan, scenario, dates, options.per_visit):
        calendar.add_component(event)
    if options.previous is not None:
        for event in cancellations(options.previous, plan, dates, options.per_visit):
            calendar.add_component(event)
    save(calendar, dates, path)


def save(calendar: Calendar, dates: Dates, path: Path) -> None:
    """Write a calendar with the time zones that it names."""
    calendar.add_missing_timezones(first_date=date(dates.start.year, 1, 1))
    Path(path).write_bytes(calendar.to_ical())


def new_calendar(plan: Plan, scenario: Scenario) -> Calendar:
    """Return a calendar without events that says whose it is and where its times come from."""
    calendar = Calendar()
    calendar.add("prodid", "-//routeplanner//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    reps = ", ".join(rep_title(rep) for rep in scenario.reps)
    calendar.add("x-wr-calname", text("export.calendar_name", scenario.language, reps=reps))
    words = text("map.times_from", scenario.language, source=plan.provenance.travel_source)
    calendar.add("x-wr-caldesc", words)
    return calendar


def dates_of(plan: Plan, scenario: Scenario, options: ExportOptions) -> Dates:
    """Return where a plan's cycle lies; InputError with all that is missing for that."""
    start = _start(plan, scenario, options.start_date)
    zone = time_zone(scenario, options.timezone)
    if isinstance(start, Issue) or isinstance(zone, Issue):
        raise InputError([fault for fault in (start, zone) if isinstance(fault, Issue)])
    # Calendars take an update for what it is by a number above that of the earlier plan.
    above = 0 if options.previous is None else options.previous.version + 1
    return Dates(start, zone, stamp_of(plan, start), max(plan.version, above))


def stamp_of(plan: Plan, start: date) -> datetime:
    """When a plan was made; where it does not say, the day on which it starts."""
    made = plan.provenance.created_at or datetime.combine(start, time(), tzinfo=UTC)
    return made.astimezone(UTC) if made.tzinfo else made.replace(tzinfo=UTC)


def _start(plan: Plan, scenario: Scenario, given: date | None) -> date | Issue:
    start = given or plan.start_date or scenario.start_date
    if start is None:
        return export_issue("NO_START_DATE", scenario)
    return cycle_start_issue(start, scenario.language) or start


def time_zone(scenario: Scenario, name: str | None) -> ZoneInfo | Issue:
    """The time zone of a name; China's, where the map coordinates are Chinese."""
    if name is None:
        # Chinese map coordinates are used in one time zone only.
        if scenario.coordinates == "wgs84":
            return export_issue("NO_TIME_ZONE", scenario)
        name = CHINA
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return export_issue("UNKNOWN_TIME_ZONE", scenario, name, {"zone": name})


def events_of(
    plan: Plan, scenario: Scenario, dates: Dates, per_visit: bool
) -> Iterator[tuple[str, Event]]:
    """The events of a plan with their identities, one a day or one a visit."""
    stores = {store.id: store for store in scenario.stores}
    for uid, route, stop in places(plan, per_visit):
        day = dates.day(route, plan)
        if stop is None:
            yield uid, day_event(route, uid, scenario, day)
        else:
            store = stores[stop.store_id or ""]
            yield uid, _visit_event(route, stop, store, uid, scenario, day)


def cancellations(previous: Plan, plan: Plan, dates: Dates, per_visit: bool) -> Iterator[Event]:
    """The ends of an earlier plan's events that a plan does not have."""
    kept = {uid for uid, _, _ in places(plan, per_visit)}
    for uid, route, stop in places(previous, per_visit):
        if uid not in kept:
            yield _canceled(uid, route, stop, dates.day(route, plan))


def places(plan: Plan, per_visit: bool) -> Iterator[tuple[str, Route, Stop | None]]:
    """The identities of a plan's events, with the day and, where there is one, the visit."""
    for route in plan.routes:
        if not per_visit:
            yield _uid(route), route, None
            continue
        for stop in route.visits:
            yield _uid(route, str(stop.position)), route, stop


def _uid(route: Route, *more: str) -> str:
    """The same for every plan, and safe whatever the rep's id holds."""
    return event_uid(route.rep, f"w{route.week}", route.weekday, *more)


def event_uid(*place: str) -> str:
    """The identity of an event by its place."""
    name = "/".join(place)
    return f"{uuid5(NAMESPACE_URL, f'routeplanner:{name}')}@routeplanner"


def _event(uid: str, begin: int, end: int, day: EventDay) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", day.stamp)
    event.add("last-modified", day.stamp)
    event.add("sequence", day.version)
    event.add("dtstart", day.at(begin))
    event.add("dtend", day.at(end))
    if day.repeats is not None:
        event.add("rrule", day.repeats)
    event.add("status", "CONFIRMED")
    return event


def day_event(route: Route, uid: str, scenario: Scenario, day: EventDay) -> Event:
    """The event of a driven day, with its stops."""
    event = _event(uid, route.stops[0].start, route.stops[-1].depart, day)
    event.add("categories", [day_title(route, scenario.language)])
    title = _day_words(route, scenario.language)
    event.add("summary", title if len(scenario.reps) == 1 else f"{route.rep} {title}")
    event.add("description", "\n".join((*_totals(route, scenario), *_stop_lines(route, scenario))))
    return event


def _day_words(route: Route, language: str) -> str:
    """`T1 · 5 stores + Monday meeting 08:30`, or the appointments where there is nothing else."""
    if is_appointments_only(route):
        return appointments_text(route, language)
    stores = stores_text(len(route.visits), language)
    words = text("export.day_event", language, label=route.template, stores=stores)
    for stop in appointments_of(route):
        title, begin = appointment_title(stop, language), clock_text(stop.start)
        words = text("export.and_appointment", language, event=words, title=title, time=begin)
    return words


def _totals(route: Route, scenario: Scenario) -> Iterator[str]:
    language = scenario.language
    if not is_appointments_only(route):
        yield text(
            "export.totals",
            language,
            minutes=f"{service_minutes(route):.0f}",
            work=duration_text(work_minutes(route), language),
            km=f"{travel_km(route):.0f}",
        )


def _stop_lines(route: Route, scenario: Scenario) -> Iterator[str]:
    stores = {store.id: store for store in scenario.stores}
    for stop in route.stops:
        span = span_text(stop)
        if stop.kind == "visit":
            store = stores[stop.store_id or ""]
            line = text(
                "export.stop_line",
                scenario.language,
                time=span,
                number=stop.position,
                name=store_title(store),
                **{"class": store.store_class},
            )
            yield " · ".join(part for part in (line, store.address, store.phone) if part)
        elif stop.kind == "lunch":
            minutes = round((stop.depart - stop.start) / 60)
            yield f"{span} {text('day_sheet.row_lunch', scenario.language, minutes=minutes)}"
        elif stop.kind == "appointment":
            yield f"{span} {appointment_title(stop, scenario.language)}"


def _visit_event(
    route: Route,
    stop: Stop,
    store: Store,
    uid: str,
    scenario: Scenario,
    day: EventDay,
) -> Event:
    event = _event(uid, stop.start, stop.depart, day)
    event.add("categories", [route.template])
    title = text(
        "export.visit_event",
        scenario.language,
        number=stop.position,
        name=store_title(store),
        **{"class": store.store_class},
    )
    event.add("summary", title if len(scenario.reps) == 1 else f"{route.rep} {title}")
    if store.address:
        event.add("location", store.address)
    event.add("geo", vGeo((round(store.lat, 6), round(store.lon, 6))))
    known = [f"{route.template} · {store.id}", store.phone, store.note]
    event.add("description", "\n".join(part for part in known if part))
    return event


def _canceled(uid: str, route: Route, stop: Stop | None, day: EventDay) -> Event:
    """The end of an event: its stores may be known no more, and its identity is enough."""
    first, last = (stop, stop) if stop else (route.stops[0], route.stops[-1])
    event = _event(uid, first.start, last.depart, day)
    event.add("summary", f"{route.rep} {route.template}")
    event["status"] = "CANCELLED"
    return event
