"""What happens to whole solutions: construction, repair, improvement, return to a snapshot."""

from typing import Any

import numpy as np

from solvers.kernels.chance import shuffle
from solvers.kernels.compiled import entry
from solvers.kernels.crossover import load
from solvers.kernels.improve import improve_slot
from solvers.kernels.insertion import drop, insert, remove
from solvers.kernels.layout import FAR, Genes
from solvers.kernels.routes import begin, clear, price, roll_back


@entry
def construct(data: Any, state: Any, order: Any) -> None:
    """Insert all stores into an empty state in the given order, int64 (n_stores,)."""
    clear(data, state)
    for s in order:
        insert(data, state, s, 0)
    begin(state)


@entry
def repair(data: Any, state: Any) -> None:
    """Drop visits from routes that exceed a limit, the least loss first, until none does."""
    begin(state)
    for r in range(len(state.routes)):
        route = state.routes[r]
        while route.over_time + route.over_load + route.over_in_store > 0 and route.n > 0:
            least, out = FAR * 1024, 1
            for i in range(1, route.n + 1):
                v = state.stops[r, i].visit
                visit = data.visits[v]
                store, served = data.stores[visit.store], state.stores[visit.store].served
                loss = price(store, served - visit.weight) - price(store, served)
                if loss < least:
                    least, out = loss, i
            drop(data, state, state.stops[r, out].visit)


@entry
def improve_options(data: Any, state: Any, rounds: int) -> None:
    """Pattern improvement: every store in turn leaves and returns with its best option."""
    n = len(data.stores)
    order = np.arange(n)
    for _ in range(rounds):
        shuffle(state.core[0], order, n)
        start = state.core[0].objective
        for k in range(n):
            s = order[k]
            begin(state)
            before = state.core[0].objective
            remove(data, state, s)
            insert(data, state, s, 0)
            if state.core[0].objective >= before:
                roll_back(data, state)
        if state.core[0].objective >= start:
            break
    begin(state)


@entry
def improve_routes(data: Any, state: Any) -> None:
    """Route improvement in every slot."""
    for d in range(len(data.slots)):
        improve_slot(data, state, d)
    begin(state)


@entry
def recall(data: Any, state: Any, best: Any) -> None:
    """Make a snapshot the state."""
    load(data, state, to_genes(best))


@entry
def to_genes(best: Any) -> Any:
    """The arrays of `Genes` from a snapshot."""
    n_routes = len(best.n)
    ptr = np.zeros(n_routes + 1, np.int32)
    for r in range(n_routes):
        ptr[r + 1] = ptr[r] + best.n[r]
    seq = np.empty(ptr[n_routes], np.int32)
    for r in range(n_routes):
        for i in range(best.n[r]):
            seq[ptr[r] + i] = best.seq[r, 1 + i]
    return Genes(best.option.copy(), seq, ptr)
