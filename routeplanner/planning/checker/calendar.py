"""Rules of a route calendar: which route is driven when, whom it serves, in one order."""

from collections import defaultdict
from collections.abc import Iterator

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts


def check_calendar(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Labels, classes and orders of the routes are those of the calendar, where there is one."""
    policy, cycle = facts.scenario.policy, facts.scenario.cycle
    if policy.calendar is None:
        if plan.calendar is not None:
            yield facts.broken(Code.CALENDAR_BROKEN, "none")
        return
    rows = plan.calendar if policy.calendar == "auto" else policy.calendar
    lengths = {len(row) for row in rows or ()}
    if not rows or rows != plan.calendar or lengths != {len(cycle.workdays)}:
        yield facts.broken(Code.CALENDAR_BROKEN, "differs")
        return
    by_label: dict[tuple[str, str], list[Route]] = defaultdict(list)
    for route in plan.routes:
        if not 0 <= route.day < cycle.n_days:
            continue
        week, place = divmod(route.day, len(cycle.workdays))
        due = rows[week % len(rows)][place]  # a calendar shorter than the cycle repeats
        if route.template != due:
            yield facts.broken(Code.CALENDAR_BROKEN, route=route, stated=route.template, due=due)
            continue
        by_label[route.rep, route.template].append(route)
        yield from _check_classes(facts, route)
    for routes in by_label.values():
        yield from _check_orders(facts, routes)


def _check_classes(facts: Facts, route: Route) -> Iterator[Violation]:
    template = facts.scenario.policy.routes.get(route.template)
    if template is None or not template.classes:
        return
    for stop in route.visits:
        store = facts.stores.get(stop.store_id or "")
        if store is not None and store.is_planned and store.store_class not in template.classes:
            yield facts.broken(
                Code.CALENDAR_BROKEN,
                "class",
                route=route,
                store_id=store.id,
                stated=store.store_class,
                label=route.template,
                due=", ".join(template.classes),
            )


def _check_orders(facts: Facts, routes: list[Route]) -> Iterator[Violation]:
    first = [stop.store_id for stop in routes[0].visits]
    for route in routes[1:]:
        if [stop.store_id for stop in route.visits] != first:
            yield facts.broken(
                Code.CALENDAR_BROKEN,
                "order",
                route=route,
                label=route.template,
                other=facts.when(routes[0].day),
            )
