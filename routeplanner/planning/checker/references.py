"""Rules on who visits whom on which day: stores, reps and days that exist and belong together."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts


def check_scenario(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """The plan was computed from this very scenario, its travel times and its start date."""
    scenario = facts.scenario
    if plan.provenance.scenario_hash != scenario.content_hash():
        yield facts.broken(Code.SCENARIO_MISMATCH)
    elif plan.cycle != scenario.cycle:
        yield facts.broken(Code.SCENARIO_MISMATCH, "cycle")
    elif plan.provenance.matrix_hash != facts.matrix.content_hash():
        yield facts.broken(Code.MATRIX_MISMATCH)
    if scenario.start_date is not None and plan.start_date != scenario.start_date:
        yield facts.broken(
            Code.SCENARIO_MISMATCH,
            "start",
            stated=plan.start_date or "–",
            due=scenario.start_date,
        )


def check_days(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Reps exist, work on the days of their routes, and drive one route a day."""
    cycle = facts.scenario.cycle
    driven = Counter((route.rep, route.day) for route in plan.routes)
    for (rep, day), n in driven.items():
        if n > 1:
            yield facts.broken(Code.DUPLICATE_ROUTE, rep=rep, day=day, n=n)
    for route in plan.routes:
        if route.rep not in facts.reps:
            yield facts.broken(Code.UNKNOWN_REP, route=route)
        elif not 0 <= route.day < cycle.n_days:
            yield facts.broken(Code.DAY_WRONG, "outside", route=route, n=cycle.n_days)
        elif cycle.day(route.day) != (route.day, route.week, route.weekday):
            stated = f"w{route.week}-{route.weekday}"
            yield facts.broken(Code.DAY_WRONG, route=route, stated=stated)
        elif facts.shift(route.rep, route.weekday) is None:
            yield facts.broken(Code.NOT_A_WORKDAY, route=route)


def check_stores(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Stores exist, are open for business, belong to the rep, and are visited once a day by one."""
    reps_of_store: dict[str, list[str]] = defaultdict(list)
    for route in plan.routes:
        yield from _check_stores_of_day(facts, route)
        for stop in route.visits:
            if stop.store_id in facts.stores and route.rep not in reps_of_store[stop.store_id]:
                reps_of_store[stop.store_id].append(route.rep)
    for store_id, reps in reps_of_store.items():
        if len(reps) > 1 and facts.stores[store_id].rep is None:
            yield facts.broken(Code.SPLIT_REP, store_id=store_id, reps=", ".join(reps))


def _check_stores_of_day(facts: Facts, route: Route) -> Iterator[Violation]:
    visits = Counter(stop.store_id or "" for stop in route.visits)
    for store_id, n in visits.items():
        store = facts.stores.get(store_id)
        if store is None:
            yield facts.broken(Code.UNKNOWN_STORE, route=route, store_id=store_id)
            continue
        if n > 1:
            yield facts.broken(Code.DUPLICATE_VISIT, route=route, store_id=store_id, n=n)
        if store.status in ("closed", "suspended"):
            status = store.status
            yield facts.broken(
                Code.CLOSED_STORE_VISITED, route=route, store_id=store_id, status=status
            )
        if store.rep is not None and store.rep != route.rep and route.rep in facts.reps:
            yield facts.broken(Code.WRONG_REP, route=route, store_id=store_id, own=store.rep)
