"""What a driven day breaks, as the independent check finds it, and by how many minutes."""

from collections.abc import Iterable, Iterator, Sequence

from routeplanner.domain.explained import Broken
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.violation import Violation
from routeplanner.domain.visits import Intervals, visit_intervals
from routeplanner.planning.checker.booked import shift_of
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.hours import (
    check_appointments,
    check_visits,
    check_working_day,
)

_STORE_HOURS = (Code.OUTSIDE_OPENING_HOURS, Code.OUTSIDE_VISIT_HOURS, Code.IN_AVOID_HOURS)


def broken_on(facts: Facts, plan: Plan, routes: Sequence[Route]) -> tuple[Broken, ...]:
    """Return what some driven days of a plan break: hours of stores and rep, limits of the day."""
    return tuple(told(facts, violation, routes) for violation in _violations(facts, plan, routes))


def told(facts: Facts, violation: Violation, routes: Iterable[Route]) -> Broken:
    """Return a violation with the minutes by which it is one; `routes` hold its day."""
    key = (violation.rep, violation.day)
    route = next((route for route in routes if (route.rep, route.day) == key), None)
    over = None if route is None else _over_s(facts, violation, route)
    return Broken(
        code=violation.code,
        message=violation.message,
        rep=violation.rep,
        day=violation.day,
        store_id=violation.store_id,
        over_minutes=None if over is None else round(over / 60, 1),
    )


def newly_broken(before: Iterable[Broken], after: Iterable[Broken]) -> tuple[Broken, ...]:
    """Return what is broken after a change, and was not or by less before it."""
    was = {_rule(item): item.over_minutes for item in before}

    def is_new(item: Broken) -> bool:
        if _rule(item) not in was:
            return True
        over = was[_rule(item)]
        return over is not None and item.over_minutes is not None and item.over_minutes > over

    return tuple(item for item in after if is_new(item))


def _rule(item: Broken) -> tuple[object, ...]:
    return item.code, item.rep, item.day, item.store_id


def _violations(facts: Facts, plan: Plan, routes: Sequence[Route]) -> Iterator[Violation]:
    for route in routes:
        yield from check_visits(facts, route)
        yield from check_working_day(facts, route)
    driven = {(route.rep, route.day) for route in routes}
    alone = plan.model_copy(update={"routes": tuple(routes)})
    for violation in check_appointments(facts, alone):
        if (violation.rep, violation.day) in driven:
            yield violation


def _over_s(facts: Facts, violation: Violation, route: Route) -> int | None:
    shift = shift_of(facts, route)
    if shift is None:
        return None
    left = next(stop.depart for stop in route.stops if stop.kind == "start")
    back = next(stop.arrive for stop in route.stops if stop.kind == "end")
    if violation.code == Code.WORK_TOO_LONG:
        lunch = sum(stop.depart - stop.start for stop in route.stops if stop.kind == "lunch")
        work = back - left - min(lunch, shift.lunch)
        return work - shift.longest_work - shift.overtime
    if violation.code == Code.OUTSIDE_WORKING_HOURS:
        return max(shift.earliest - left, back - shift.latest - shift.overtime)
    if violation.code == Code.IN_STORE_LIMIT:
        limit = facts.scenario.policy.working_day.in_store_limit or 1
        in_store = sum(stop.depart - stop.start for stop in route.visits)
        return in_store - round(limit * shift.without_lunch)
    if violation.code in _STORE_HOURS:
        store = facts.stores[violation.store_id or ""]
        visit = next(stop for stop in route.visits if stop.store_id == store.id)
        return _outside_s((visit.start, visit.depart), visit_intervals(store, route.weekday))
    return None


def _outside_s(visit: tuple[int, int], spans: Intervals) -> int | None:
    """How far a visit would have to move to lie within one of the spans."""
    start, end = visit
    moves = [
        max(opens - start, end - closes, 0)
        for opens, closes in spans
        if closes - opens >= end - start
    ]
    return min(moves, default=None)
