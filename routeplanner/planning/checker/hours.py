"""Rules on a day's limits: the store's hours, the rep's working day, lunch and appointments."""

from collections.abc import Iterator

from routeplanner.domain.hours import WEEKDAYS, Weekday, WeeklyHours, format_clock
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.store import Store
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.booked import shift_of
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import TOLERANCE_S, Facts, Shift, Span, is_within
from routeplanner.planning.checker.timeline import find_ends, match_appointments, name_of


def check_visits(facts: Facts, route: Route) -> Iterator[Violation]:
    """Every visit is long enough and lies wholly within what the store allows on that weekday."""
    for stop in route.visits:
        store = facts.stores.get(stop.store_id or "")
        if store is None:
            continue
        due = facts.service_s(store)
        if stop.depart - stop.start < due - TOLERANCE_S:
            yield facts.broken(
                Code.SERVICE_TOO_SHORT,
                route=route,
                store_id=store.id,
                stated=f"{(stop.depart - stop.start) / 60:.1f}",
                due=f"{due / 60:g}",
            )
        yield from _check_store_hours(facts, route, store, (stop.start, stop.depart))


def _check_store_hours(
    facts: Facts, route: Route, store: Store, visit: Span
) -> Iterator[Violation]:
    opening = _on(store.opening_hours, route.weekday)
    if route.weekday in store.closed_days or opening == ():
        yield facts.broken(Code.CLOSED_DAY, route=route, store_id=store.id)
        return
    rules = [
        (Code.OUTSIDE_OPENING_HOURS, opening),
        (Code.OUTSIDE_VISIT_HOURS, _on(store.visit_hours, route.weekday)),
    ]
    for code, spans in rules:
        if spans is not None and not is_within(visit, spans):
            yield _outside(facts, code, route, store, visit=visit, spans=spans)
    avoid = _on(store.avoid_hours, route.weekday) or ()
    if any(visit[0] < b - TOLERANCE_S and a + TOLERANCE_S < visit[1] for a, b in avoid):
        yield _outside(facts, Code.IN_AVOID_HOURS, route, store, visit=visit, spans=avoid)


def _on(hours: WeeklyHours | None, weekday: Weekday) -> tuple[Span, ...] | None:
    return None if hours is None else hours.on(WEEKDAYS.index(weekday))


def _outside(
    facts: Facts, code: Code, route: Route, store: Store, *, visit: Span, spans: tuple[Span, ...]
) -> Violation:
    hours = ", ".join(_clock(span) for span in spans) or "–"
    return facts.broken(code, route=route, store_id=store.id, visit=_clock(visit), hours=hours)


def check_working_day(facts: Facts, route: Route) -> Iterator[Violation]:
    """The day keeps the rep's hours, longest work, lunch and largest share in stores."""
    shift, ends = shift_of(facts, route), find_ends(route)
    if shift is None or ends is None:
        return
    left, returned = route.stops[ends[0]].depart, route.stops[ends[1]].arrive
    office = [(stop.start, stop.depart) for stop in route.stops if stop.kind == "office"]
    keeps_office = is_within(
        (min((a for a, _ in office), default=shift.opens), max((b for _, b in office), default=0)),
        [(shift.opens, shift.closes + shift.overtime)],
    )
    driving = (shift.earliest, shift.latest + shift.overtime)
    if not is_within((left, returned), [driving]) or not keeps_office:
        yield facts.broken(
            Code.OUTSIDE_WORKING_HOURS,
            route=route,
            stated=_clock((left, returned)),
            due=_clock(driving),
            hours=_clock((shift.opens, shift.closes)),
        )
    lunches = [stop for stop in route.stops if stop.kind == "lunch"]
    eaten = min(sum(stop.depart - stop.start for stop in lunches), shift.lunch)
    work, longest = returned - left - eaten, shift.longest_work + shift.overtime
    if work > longest + TOLERANCE_S:
        yield facts.broken(
            Code.WORK_TOO_LONG, route=route, stated=_hours(work), due=_hours(longest)
        )
    yield from _check_office(facts, route, shift, ends, away=(left, returned))
    yield from _check_lunch(facts, route, shift, (left, returned), lunches)
    yield from _check_in_store_limit(facts, route, shift)


def _check_office(
    facts: Facts, route: Route, shift: Shift, ends: tuple[int, int], *, away: Span
) -> Iterator[Violation]:
    """The office time that the working day sets aside stands before leaving and after returning.

    Where the rep leaves too early or returns too late that alone is told.
    """
    is_early = away[0] < shift.earliest - TOLERANCE_S
    is_late = away[1] > shift.latest + shift.overtime + TOLERANCE_S
    parts = (
        ("before", is_early, route.stops[: ends[0]], shift.earliest - shift.opens),
        ("after", is_late, route.stops[ends[1] + 1 :], shift.closes - shift.latest),
    )
    for detail, is_told, stops, due in parts:
        stated = sum(stop.depart - stop.start for stop in stops)
        if stated < due - TOLERANCE_S and not is_told:
            yield facts.broken(
                Code.OFFICE_TIME_WRONG,
                detail,
                route=route,
                stated=f"{stated / 60:g}",
                due=f"{due / 60:g}",
            )


def _check_lunch(
    facts: Facts, route: Route, shift: Shift, away: Span, lunches: list[Stop]
) -> Iterator[Violation]:
    """Lunch is due on the road unless it fits before leaving or after returning."""
    lo, hi = shift.lunch_between
    if not shift.lunch or away[1] <= hi - shift.lunch or away[0] >= lo + shift.lunch:
        return
    longest = max((stop.depart - stop.start for stop in lunches), default=0)
    if longest < shift.lunch - TOLERANCE_S:
        yield facts.broken(
            Code.LUNCH_MISSING,
            route=route,
            stated=f"{longest / 60:g}",
            due=f"{shift.lunch / 60:g}",
            between=_clock((lo, hi)),
        )
        return
    meals = [(stop.start, stop.depart) for stop in lunches]
    if not any(
        is_within(meal, [(lo, hi)]) and meal[1] - meal[0] >= shift.lunch - TOLERANCE_S
        for meal in meals
    ):
        yield facts.broken(
            Code.LUNCH_OUTSIDE_WINDOW,
            route=route,
            stated=", ".join(_clock(meal) for meal in meals),
            due=_clock((lo, hi)),
        )


def _check_in_store_limit(facts: Facts, route: Route, shift: Shift) -> Iterator[Violation]:
    limit = facts.scenario.policy.working_day.in_store_limit
    if limit is None:
        return
    in_store = sum(stop.depart - stop.start for stop in route.visits)
    if in_store > limit * shift.without_lunch + TOLERANCE_S * len(route.visits):
        share = f"{in_store / shift.without_lunch:.1%}"
        yield facts.broken(Code.IN_STORE_LIMIT, route=route, stated=share, due=f"{limit:.0%}")


def check_appointments(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Every appointment is held at its time, on every day on which it is due."""
    driven = {(route.rep, route.day) for route in plan.routes}
    for rep in facts.scenario.reps:
        for day in facts.scenario.cycle.days():
            if (rep.id, day.day) in driven or facts.shift(rep.id, day.weekday) is None:
                continue
            for _, meeting in facts.appointments_on(rep.id, day):
                yield facts.broken(
                    Code.APPOINTMENT_MISSED,
                    rep=rep.id,
                    day=day.day,
                    title=meeting.title,
                    due=_clock((meeting.start, meeting.end)),
                )
    for route in plan.routes:
        yield from _check_appointments_of_day(facts, route)


def _check_appointments_of_day(facts: Facts, route: Route) -> Iterator[Violation]:
    due, held = match_appointments(facts, route)
    if facts.shift(route.rep, route.weekday) is None:
        due = {}
    for index, meeting in due.items():
        if index not in held.values():
            yield facts.broken(
                Code.APPOINTMENT_MISSED,
                route=route,
                title=meeting.title,
                due=_clock((meeting.start, meeting.end)),
            )
    for place, stop in enumerate(route.stops):
        if stop.kind != "appointment":
            continue
        time = _clock((stop.start, stop.depart))
        if place not in held:
            title = name_of(facts, stop)
            yield facts.broken(Code.UNKNOWN_APPOINTMENT, route=route, title=title, stated=time)
            continue
        meeting = facts.scenario.appointments[held[place]]
        is_late = abs(stop.start - meeting.start) > TOLERANCE_S
        if is_late or stop.depart < meeting.end - TOLERANCE_S:
            yield facts.broken(
                Code.APPOINTMENT_MOVED,
                route=route,
                title=meeting.title,
                stated=time,
                due=_clock((meeting.start, meeting.end)),
            )


def _clock(span: Span) -> str:
    return f"{format_clock(span[0])}–{format_clock(span[1])}"


def _hours(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h {rest // 60:02d}"
