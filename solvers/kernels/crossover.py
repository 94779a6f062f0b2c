"""Periodic crossover with insertions, PIX (Vidal et al. 2012, doi 10.1287/opre.1120.1048).

Some slots come whole from one parent, some from the other, some are mixed; visits are inherited as
long as an option of their store holds all of them; what is missing then is inserted.
"""

from math import atan2
from typing import Any

import numpy as np

from solvers.kernels.chance import below, shuffle
from solvers.kernels.compiled import entry, kernel
from solvers.kernels.insertion import insert
from solvers.kernels.routes import begin, clear, price, write_route
from solvers.kernels.split import split


@entry
def load(data: Any, state: Any, genes: Any) -> None:
    """Make a solution the state."""
    clear(data, state)
    line = state.trial[0]
    for r in range(len(state.routes)):
        n = genes.ptr[r + 1] - genes.ptr[r]
        for i in range(n):
            line[1 + i].visit = genes.seq[genes.ptr[r] + i]
        write_route(data, state, r, line, n)
    for s in range(len(data.stores)):
        state.stores[s].option = genes.option[s]
        if state.stores[s].option >= 0:
            state.core[0].objective += data.options[state.stores[s].option].cost
        _count(data, state, s)
    begin(state)


@kernel
def _count(data: Any, state: Any, s: int) -> None:
    """Bring a store's price in step with the visits written into routes."""
    store = data.stores[s]
    served = 0
    for v in range(store.first_visit, store.end_visit):
        if state.visits[v].route >= 0:
            served += data.visits[v].weight
    state.core[0].objective += price(store, served) - price(store, state.stores[s].served)
    state.stores[s].served = served


@entry
def cross(data: Any, state: Any, one: Any, two: Any) -> None:
    """Make a child of two solutions the state."""
    clear(data, state)
    n_slots = len(data.slots)
    order = np.arange(n_slots)
    shuffle(state.core[0], order, n_slots)
    a, b = below(state.core[0], n_slots + 1), below(state.core[0], n_slots + 1)
    from_one, from_two = min(a, b), max(a, b)
    ends = np.zeros(n_slots + 1, np.int64)
    for d in range(n_slots):
        first, end = data.slots[d].first_route, data.slots[d].first_route + data.slots[d].vehicles
        ends[d + 1] = one.ptr[end] - one.ptr[first] + two.ptr[end] - two.ptr[first]
    for d in range(n_slots):
        ends[d + 1] += ends[d]
    tours = np.empty(ends[n_slots], np.int32)
    size = np.zeros(n_slots, np.int64)
    tour = np.empty(len(one.seq) + len(two.seq), np.int32)
    # Inherited visits are marked by a `route`, until routes are written.
    for k in range(n_slots):
        d = order[k]
        if from_one <= k < from_two:
            continue
        n = _giant_tour(data, d, one, tour)
        start, length = 0, n
        if k >= from_two and n > 0:
            start, length = below(state.core[0], n), below(state.core[0], n + 1)
        for i in range(length):
            v = tour[(start + i) % n]
            tours[ends[d] + i] = v
            state.visits[v].route = 0
        size[d] = length
    for k in range(from_one, n_slots):
        d = order[k]
        n = _giant_tour(data, d, two, tour)
        for i in range(n):
            v = tour[i]
            if state.visits[v].route < 0 and _fits(data, state, v):
                tours[ends[d] + size[d]] = v
                state.visits[v].route = 0
                size[d] += 1
    for v in range(len(data.visits)):
        state.visits[v].route = -1
    for d in range(n_slots):
        split(data, state, d, tours[ends[d] :], size[d])
    complete(data, state)


@kernel
def complete(data: Any, state: Any) -> None:
    """Give every store an option that holds the visits it has in routes, and insert the rest."""
    n_stores = len(data.stores)
    order = np.arange(n_stores)
    shuffle(state.core[0], order, n_stores)
    for s in range(n_stores):
        _count(data, state, s)
    for k in range(n_stores):
        insert(data, state, order[k], 0)
    begin(state)


@kernel
def _fits(data: Any, state: Any, v: int) -> bool:
    """Whether an option of the store holds its inherited visits and this one."""
    store = data.stores[data.visits[v].store]
    kept = 0
    for w in range(store.first_visit, store.end_visit):
        if state.visits[w].route >= 0:
            kept += 1
    for o in range(store.first_option, store.end_option):
        hits, holds = 0, False
        for e in range(data.options[o].first, data.options[o].end):
            w = data.option_visit[e]
            if w == v:
                holds = True
            elif state.visits[w].route >= 0:
                hits += 1
        if holds and hits == kept:
            return True
    return False


@kernel
def _giant_tour(data: Any, d: int, genes: Any, tour: Any) -> int:
    """Write the routes of a slot one behind another, by their direction from the start."""
    day = data.slots[d]
    m = day.vehicles
    angle = np.zeros(m)
    for k in range(m):
        r = day.first_route + k
        x = y = 0.0
        for i in range(genes.ptr[r], genes.ptr[r + 1]):
            place = data.visits[genes.seq[i]].place
            x += data.point[place, 0] - data.point[day.start, 0]
            y += data.point[place, 1] - data.point[day.start, 1]
        angle[k] = atan2(y, x)
    n = 0
    for k in np.argsort(angle, kind="mergesort"):
        r = day.first_route + k
        for i in range(genes.ptr[r], genes.ptr[r + 1]):
            tour[n] = genes.seq[i]
            n += 1
    return n
