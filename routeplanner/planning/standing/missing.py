"""Why visits of a standing plan are missing, told anew for its days as they are."""

from routeplanner.domain.plan import Unserved
from routeplanner.planning.reasons import unserved_visits
from routeplanner.planning.standing.standing import Standing
from solvers import Solution


def missing_rows(standing: Standing, dropped: frozenset[str] | None = None) -> tuple[Unserved, ...]:
    """
    Return one row a store whose required visits are not all scheduled.

    Parameters
    ----------
    dropped
        Stores whose visits a hand has dropped; those of which the plan says so where not given.
    """
    encoding, served = standing.encoding, scheduled_visits(standing)
    index = {store.id: number for number, store in enumerate(encoding.stores)}
    routes = tuple((tuple(index[store] for store in order),) for order in standing.orders)
    withheld = frozenset(
        row.store_id
        for row in standing.plan.unserved
        if row.code == "GUARANTEED" and not served.get(row.store_id)
    )
    return unserved_visits(
        encoding,
        Solution((), routes),
        standing.plan.routes,
        served,
        withheld,
        standing.matrix,
        standing.plan.stores_dropped if dropped is None else dropped,
    )


def scheduled_visits(standing: Standing) -> dict[str, int]:
    """Return how often a cycle each store is visited."""
    served = {store.id: 0 for store in standing.encoding.stores}
    for key, order in zip(standing.encoding.keys, standing.orders, strict=True):
        for store_id in order:
            served[store_id] += key.weight
    return served
