"""Why visits of a standing plan are missing, told anew for its days as they are."""

from routeplanner.domain.plan import Unserved
from routeplanner.planning.reasons import unserved_visits
from routeplanner.planning.standing.standing import Standing
from solvers import Solution


def missing_rows(standing: Standing) -> tuple[Unserved, ...]:
    """Return one row a store whose required visits are not all scheduled."""
    encoding = standing.encoding
    index = {store.id: number for number, store in enumerate(encoding.stores)}
    served = dict.fromkeys(index, 0)
    for key, order in zip(encoding.keys, standing.orders, strict=True):
        for store_id in order:
            served[store_id] += key.weight
    routes = tuple((tuple(index[store] for store in order),) for order in standing.orders)
    withheld = frozenset(
        row.store_id
        for row in standing.plan.unserved
        if row.code == "GUARANTEED" and not served.get(row.store_id)
    )
    return unserved_visits(
        encoding, Solution((), routes), standing.plan.routes, served, withheld, standing.matrix
    )
