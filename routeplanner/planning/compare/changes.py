"""Stores whose days or rep are not those of another plan."""

from math import lcm

from routeplanner.domain.comparison import ChangedStore, ComparedVisit
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.plan_changes import Visits, kind_of_change, visits_by_store
from routeplanner.planning.compare.judged import JudgedPlan


def changed_stores(first: JudgedPlan, other: JudgedPlan) -> tuple[ChangedStore, ...]:
    """Return the stores that change, in the order of the first plan's stores.

    Cycles of different length are repeated until both end. A store that only comes at another time
    or in another order does not change.
    """
    weeks = lcm(first.plan.cycle.weeks, other.plan.cycle.weeks)
    was = visits_by_store(_repeated(first.plan, weeks))
    now = visits_by_store(_repeated(other.plan, weeks))
    stores = {store.id: store for plan in (other, first) for store in plan.scenario.stores}
    ids = [store.id for store in first.scenario.stores]
    ids += [store.id for store in other.scenario.stores if store.id not in set(ids)]
    found = []
    for store_id in ids:
        before, after = was.get(store_id, []), now.get(store_id, [])
        kind = kind_of_change(before, after)
        if kind is not None and kind != "time":
            store = stores[store_id]
            found.append(
                ChangedStore(
                    store_id=store_id,
                    name=store.name,
                    store_class=store.store_class or "",
                    kind=kind,
                    was=_visits(before),
                    now=_visits(after),
                )
            )
    return tuple(found)


def _repeated(plan: Plan, weeks: int) -> list[Route]:
    cycle = plan.cycle
    return [
        route.model_copy(
            update={
                "week": route.week + turn * cycle.weeks,
                "day": route.day + turn * cycle.n_days,
            }
        )
        for turn in range(weeks // cycle.weeks)
        for route in plan.routes
    ]


def _visits(visits: Visits) -> tuple[ComparedVisit, ...]:
    return tuple(
        ComparedVisit(
            rep=route.rep, week=route.week, weekday=route.weekday, position=stop.position or 0
        )
        for route, stop in visits
    )
