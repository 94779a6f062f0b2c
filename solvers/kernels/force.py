"""Makes room on full days: visits of less worth leave for a visit of more."""

from typing import Any

import numpy as np

from solvers.kernels.compiled import entry, kernel
from solvers.kernels.insertion import NOWHERE, drop, find, force, insert, sharpen
from solvers.kernels.layout import GONE
from solvers.kernels.routes import begin, price, put_in, roll_back, touch_store

_ROUNDS = 20


@entry
def fill(data: Any, state: Any) -> None:
    """Insert missing visits, the dearest store first, in place of visits worth less if need be."""
    n = len(data.stores)
    rank = np.empty(n)
    for _ in range(_ROUNDS):
        for s in range(n):
            rank[s] = -float(price(data.stores[s], state.stores[s].served))
        start = state.core[0].objective
        for s in np.argsort(rank, kind="mergesort"):
            if state.stores[s].served < data.stores[s].required and not _fill_one(data, state, s):
                _clear_a_day(data, state, s)
        if state.core[0].objective >= start:
            break
    begin(state)


@kernel
def _fill_one(data: Any, state: Any, s: int) -> bool:
    """Insert the missing visits of a store by force, then those that it threw out elsewhere."""
    begin(state)
    before = state.core[0].objective
    gone = force(data, state, s)
    for g in range(gone):
        insert(data, state, state.lists[GONE, g], 0)
    if state.core[0].objective < before:
        return True
    roll_back(data, state)
    return False


@kernel
def _clear_a_day(data: Any, state: Any, s: int) -> None:
    """Insert a visit where several of less worth have to leave for it."""
    store = data.stores[s]
    best, visit, into = 0, -1, -1
    for v in range(store.first_visit, store.end_visit):
        day = data.slots[data.visits[v].slot]
        if state.visits[v].route >= 0:
            continue
        for r in range(day.first_route, day.first_route + day.vehicles):
            begin(state)
            before = state.core[0].objective
            if _exchange_many(data, state, s, v, r) and state.core[0].objective - before < best:
                best, visit, into = state.core[0].objective - before, v, r
            roll_back(data, state)
    if visit >= 0:
        _exchange_many(data, state, s, visit, into)
        begin(state)


@kernel
def _exchange_many(data: Any, state: Any, s: int, v: int, r: int) -> bool:
    """Drop visits of a route, the least loss for their minutes first, until one of a store fits."""
    store = data.stores[s]
    option = _option_with(data, state, s, v)
    if option < 0:
        return False
    served = state.stores[s].served
    worth = price(store, served) - price(store, served + data.visits[v].weight)
    lost = 0
    while state.routes[r].n > 0:
        least, out, loss_out = NOWHERE * 1.0, -1, 0
        for i in range(1, state.routes[r].n + 1):
            w = state.stops[r, i].visit
            other = data.visits[w]
            has = state.stores[other.store].served
            loss = price(data.stores[other.store], has - other.weight)
            loss -= price(data.stores[other.store], has)
            if other.store != s and loss / (1.0 + other.service) < least:
                least, out, loss_out = loss / (1.0 + other.service), w, loss
        lost += loss_out
        if out < 0 or lost >= worth:
            return False
        drop(data, state, out)
        find(data, state, v, 0)
        sharpen(data, state, v)
        if state.visits[v].into == r and state.visits[v].added < worth - lost:
            _place(data, state, s, v, option)
            insert(data, state, s, 0)
            return True
    return False


@kernel
def _option_with(data: Any, state: Any, s: int, v: int) -> int:
    """The cheapest option of a store that holds its visits and one more; -1: none."""
    store = data.stores[s]
    kept = 0
    for w in range(store.first_visit, store.end_visit):
        if state.visits[w].route >= 0:
            kept += 1
    best, option = NOWHERE, -1
    for o in range(store.first_option, store.end_option):
        hits, holds = 0, False
        for e in range(data.options[o].first, data.options[o].end):
            w = data.option_visit[e]
            holds = holds or w == v
            if state.visits[w].route >= 0:
                hits += 1
        if holds and hits == kept and data.options[o].cost < best:
            best, option = data.options[o].cost, o
    return option


@kernel
def _place(data: Any, state: Any, s: int, v: int, option: int) -> None:
    """Put a visit where it was found to fit, under an option that holds it."""
    touch_store(data, state, s)
    core, store, chosen = state.core[0], data.stores[s], state.stores[s]
    core.objective -= price(store, chosen.served)
    if chosen.option >= 0:
        core.objective -= data.options[chosen.option].cost
    chosen.option = option
    chosen.served += data.visits[v].weight
    core.objective += data.options[option].cost + price(store, chosen.served)
    put_in(data, state, v, state.visits[v].into, state.visits[v].at)
