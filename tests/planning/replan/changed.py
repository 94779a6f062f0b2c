"""What tests of re-planning count, from plans alone."""

from routeplanner.domain.plan import Plan


def days_of(plan: Plan) -> dict[str, set[tuple[str, int]]]:
    """(rep, day) of every visit, by store."""
    found: dict[str, set[tuple[str, int]]] = {}
    for route in plan.routes:
        for stop in route.visits:
            found.setdefault(stop.store_id or "", set()).add((route.rep, route.day))
    return found


def moved(before: Plan, after: Plan) -> set[str]:
    """Stores of both plans with a visit where they had none."""
    was, now = days_of(before), days_of(after)
    return {store for store in was.keys() & now.keys() if now[store] - was[store]}
