"""Rules on a plan's own counts: required = scheduled + not scheduled, in total and by store."""

from collections import Counter
from collections.abc import Iterator

from routeplanner.domain.plan import Plan, Unserved
from routeplanner.domain.store import Store
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts

_ROUNDING_MINUTES = 0.01


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
        else:
            yield from _check_row(facts, row, store, visits[store.id])


def _check_row(facts: Facts, row: Unserved, store: Store, n: int) -> Iterator[Violation]:
    due = facts.required(store)
    if (row.required, row.served) != (due, n) or n >= due:
        yield facts.broken(
            Code.COUNTS_WRONG,
            "store",
            store_id=store.id,
            stated=f"{row.served} / {row.required}",
            due=f"{n} / {due}",
        )
        return
    if row.store_class != store.store_class:
        yield facts.broken(
            Code.COUNTS_WRONG,
            "class",
            store_id=store.id,
            stated=row.store_class,
            due=store.store_class,
        )
    minutes = (due - n) * facts.service_s(store) / 60
    if not abs(row.missing_minutes - minutes) <= _ROUNDING_MINUTES:
        yield facts.broken(
            Code.COUNTS_WRONG,
            "minutes",
            store_id=store.id,
            stated=f"{row.missing_minutes:g}",
            due=f"{minutes:g}",
        )
