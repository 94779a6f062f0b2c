"""Rules on a plan's own figures: required = scheduled + not scheduled, and totals that are true."""

from collections import Counter
from collections.abc import Iterator

from routeplanner.domain.plan import Plan
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts

_ROUNDING = 0.02  # minutes or kilometers a stop


def check_counts(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """The counts of the plan and of its rows of visits not scheduled are those of its routes."""
    visits = Counter(stop.store_id or "" for route in plan.routes for stop in route.visits)
    required = sum(facts.required(store) for store in facts.scenario.stores)
    stated = (plan.required_visits, plan.scheduled_visits)
    if stated != (required, visits.total()):
        yield facts.broken(
            Code.COUNTS_WRONG,
            stated=f"{stated[1]} / {stated[0]}",
            due=f"{visits.total()} / {required}",
        )
    for store_id, n in Counter(row.store_id for row in plan.unserved).items():
        if n > 1:
            yield facts.broken(Code.COUNTS_WRONG, "twice", store_id=store_id)
    for row in plan.unserved:
        store = facts.stores.get(row.store_id)
        if store is None:
            yield facts.broken(Code.UNKNOWN_STORE, "unserved", store_id=row.store_id)
            continue
        due, n = facts.required(store), visits[store.id]
        if (row.required, row.served) != (due, n) or n >= due:
            yield facts.broken(
                Code.COUNTS_WRONG,
                "store",
                store_id=store.id,
                stated=f"{row.served} / {row.required}",
                due=f"{n} / {due}",
            )


def check_measures(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Visits, minutes in store, travel minutes and km in the measures are sums over the stops."""
    stops = [stop for route in plan.routes for stop in route.stops]
    visits = [stop for stop in stops if stop.kind == "visit"]
    measures = plan.measures
    totals = {
        "visits": (sum(row.scheduled for row in measures.by_class.values()), _known(facts, plan)),
        "in_store_minutes": (
            measures.in_store_minutes,
            sum(stop.depart - stop.start for stop in visits) / 60,
        ),
        "travel_minutes": (measures.travel_minutes, sum(stop.travel_minutes for stop in stops)),
        "travel_km": (measures.travel_km, sum(stop.travel_km for stop in stops)),
    }
    for name, (stated, due) in totals.items():
        if abs(stated - due) > _ROUNDING * (len(stops) + 1):
            yield facts.broken(
                Code.MEASURES_WRONG, name=name, stated=f"{stated:g}", due=f"{due:.2f}"
            )


def _known(facts: Facts, plan: Plan) -> int:
    """Visits of stores that are planned; others stand in no class."""
    return sum(
        stop.store_id in facts.stores and facts.stores[stop.store_id].is_planned
        for route in plan.routes
        for stop in route.visits
    )
