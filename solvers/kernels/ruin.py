"""Ruin and recreate of stores over all their days, with cooling.

After Schrimpf et al. (2000, doi 10.1006/jcph.1999.6413) and Christiaens, Vanden Berghe (2020, doi
10.1287/trsc.2019.0914), with stores in place of visits.
"""

from math import log
from typing import Any

import numpy as np

from solvers.kernels.chance import below, share, shuffle
from solvers.kernels.compiled import entry, kernel
from solvers.kernels.insertion import drop, force, insert, remove
from solvers.kernels.layout import GONE, QUEUE
from solvers.kernels.routes import begin, copy_cost, position, price, reprice, roll_back


@entry
def ruin_and_recreate(
    data: Any, state: Any, best: Any, feasible: Any,
    steps: int, hot: float, cold: float, most: int, a_slot: float,
) -> None:  # fmt: skip
    """Take so many steps; `best` and `feasible` hold the best states seen, by penalized objective.

    Parameters
    ----------
    hot, cold
        Temperature of the first and last step, in units of cost.
    most
        Largest number of visits taken out at a time.
    a_slot
        Share of the steps in which visits of one slot leave, and stores keep their other visits.
    """
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    heat = hot
    core = state.core[0]
    for _ in range(steps):
        if core.n_steps >= PATIENCE:
            adapt(state, best)
        begin(state)
        before = state.core[0].objective
        if share(core) < a_slot:
            n = drop_strings(data, state, most)
        else:
            n = pick(data, state, most)
            for k in range(n):
                remove(data, state, state.lists[QUEUE, k])
        arrange(data, state, n)
        # At times visits go on a route before it pays, for others to join them.
        core.generosity = GENEROUS if below(core, 1024) < 50 else 1
        recreate(data, state, n)
        core.generosity = 1
        if state.core[0].objective < before - heat * log(1.0 - share(state.core[0])):
            keep_best(data, state, best, feasible)
        else:
            roll_back(data, state)
        heat *= cooling
        core.n_steps += core.is_adapting
        core.n_over_time += core.is_adapting * (core.over_time > 0)
        core.n_over_load += core.is_adapting * (core.over_load > 0)
        core.n_over_in_store += core.is_adapting * (core.over_in_store > 0)


PATIENCE = 200
"""Steps between changes of the penalties."""


@kernel
def adapt(state: Any, best: Any) -> None:
    """Raise the penalty of what is exceeded most of the time, lower that of what rarely is."""
    core, kept = state.core[0], best.core[0]
    time, load, in_store = core.time_penalty, core.load_penalty, core.in_store_penalty
    core.time_penalty = _adapted(time, core.n_over_time, core.time_softest, core.hardest)
    core.load_penalty = _adapted(load, core.n_over_load, core.load_softest, core.hardest)
    core.in_store_penalty = _adapted(
        in_store, core.n_over_in_store, core.in_store_softest, core.hardest
    )
    kept.objective += (core.time_penalty - time) * kept.over_time
    kept.objective += (core.load_penalty - load) * kept.over_load
    kept.objective += (core.in_store_penalty - in_store) * kept.over_in_store
    core.n_steps = core.n_over_time = core.n_over_load = core.n_over_in_store = 0
    if core.time_penalty != time or core.load_penalty != load or core.in_store_penalty != in_store:
        reprice(state)


@kernel
def _adapted(penalty: int, over: int, softest: int, hardest: int) -> int:
    if over >= PATIENCE:
        return min(hardest, 2 * penalty + 1)
    if over > 0.6 * PATIENCE:
        return min(hardest, penalty + penalty // 8 + 1)
    if over < 0.4 * PATIENCE:
        return max(softest, penalty - penalty // 10)
    return penalty


@entry
def keep_best(data: Any, state: Any, best: Any, feasible: Any) -> None:
    """Save a state that is better than the best, or than the best feasible one."""
    if state.core[0].objective < best.core[0].objective:
        save(data, state, best)
    if state.core[0].objective < feasible.core[0].objective and is_feasible(state):
        save(data, state, feasible)


@kernel
def is_feasible(state: Any) -> bool:
    """Whether no limit is exceeded."""
    core = state.core[0]
    return core.over_time == 0 and core.over_load == 0 and core.over_in_store == 0


@kernel
def save(data: Any, state: Any, snapshot: Any) -> None:
    """Copy a state; only rows that differ by version."""
    for s in range(len(state.stores)):
        snapshot.option[s] = state.stores[s].option
    for r in range(len(state.routes)):
        route = state.routes[r]
        if snapshot.version[r] != route.version:
            snapshot.version[r] = route.version
            snapshot.n[r] = route.n
            for i in range(1, route.n + 1):
                snapshot.seq[r, i] = state.stops[r, i].visit
    copy_cost(snapshot.core[0], state.core[0])
    _sum_terms(data, state, snapshot.terms)


@kernel
def _sum_terms(data: Any, state: Any, terms: Any) -> None:
    """The objective by terms, and the missing visits."""
    terms[:] = 0
    for r in range(len(state.routes)):
        route = state.routes[r]
        if route.n > 0:
            day = data.slots[route.slot]
            terms[0] += day.travel_cost * route.travel
            terms[1] += day.wait_cost * route.waited
            terms[2] += day.overtime_cost * route.overtime
            terms[3] += day.balance_cost * route.above
            terms[4] += day.route_cost
    for s in range(len(state.stores)):
        store, served = data.stores[s], state.stores[s].served
        if state.stores[s].option >= 0:
            terms[5] += data.options[state.stores[s].option].cost
        terms[6] += price(store, served)
        terms[7] += max(0, store.required - served)


@kernel
def recreate(data: Any, state: Any, n: int) -> None:
    """Insert the stores of the queue in order; those that others throw out follow once."""
    n_all = n
    for k in range(n):
        s = state.lists[QUEUE, k]
        insert(data, state, s, BLINK)
        if state.stores[s].served < data.stores[s].required:
            gone = force(data, state, s)
            for g in range(gone):
                if n_all < state.lists.shape[1]:
                    state.lists[QUEUE, n_all] = state.lists[GONE, g]
                    n_all += 1
    for k in range(n, n_all):
        insert(data, state, state.lists[QUEUE, k], 0)


GENEROUS = 4
"""By how much bins are dearer in a twentieth of the steps."""

BLINK = 10
"""Chance of 1,024 that an insertion does not see a route."""


@kernel
def pick(data: Any, state: Any, most: int) -> int:
    """Put stores to take out into the queue; returns their number."""
    rng = state.core[0]
    n_stores = len(data.stores)
    visits = 1 + below(rng, most)
    seed = below(rng, n_stores)
    kind = share(rng)
    state.core[0].flag += 1
    if kind < 0.35:
        return _cluster(data, state, seed, visits)
    if kind < 0.9:
        return _strings(data, state, seed, visits)
    return _route(data, state, seed, visits)


@kernel
def _add(data: Any, state: Any, n: int, s: int) -> int:
    """Add a store to the queue unless it is there; returns the visits that leave with it."""
    if state.stores[s].flag == state.core[0].flag:
        return 0
    state.stores[s].flag = state.core[0].flag
    state.lists[QUEUE, n] = s
    option = state.stores[s].option
    return max(1, data.options[option].end - data.options[option].first)


@kernel
def _cluster(data: Any, state: Any, seed: int, visits: int) -> int:
    """The seed and its nearest, some of them skipped."""
    visits -= _add(data, state, 0, seed)
    n = 1
    for k in range(data.near.shape[1]):
        s = data.near[seed, k]
        if visits <= 0 or s < 0:
            break
        if share(state.core[0]) < 0.8:
            visits -= _add(data, state, n, s)
            n += 1
    return n


@kernel
def _strings(data: Any, state: Any, seed: int, visits: int) -> int:
    """Neighboring stores in strings of routes that pass near the seed."""
    length = 1 + below(state.core[0], min(visits, 10))
    n = 0
    for k in range(-1, data.near.shape[1]):
        s = seed if k < 0 else data.near[seed, k]
        if visits <= 0 or s < 0:
            break
        if state.stores[s].flag == state.core[0].flag:
            continue
        v = _random_visit(data, state, s)
        if v < 0:
            visits -= _add(data, state, n, s)
            n += 1
            continue
        r = state.visits[v].route
        size = state.routes[r].n
        at = position(state, r, v)
        first = at - below(state.core[0], length)
        first = max(1, min(first, size - length + 1))
        for i in range(first, min(first + length, size + 1)):
            other = data.visits[state.stops[r, i].visit].store
            taken = _add(data, state, n, other)
            if taken > 0:
                n += 1
                visits -= taken
            if visits <= 0:
                break
    return n


@kernel
def _route(data: Any, state: Any, seed: int, visits: int) -> int:
    """Stores of one route of the seed, from a random place on."""
    v = _random_visit(data, state, seed)
    if v < 0:
        return _cluster(data, state, seed, visits)
    r = state.visits[v].route
    size = state.routes[r].n
    first = below(state.core[0], size)
    n = 0
    for k in range(size):
        if visits <= 0:
            break
        s = data.visits[state.stops[r, 1 + (first + k) % size].visit].store
        visits -= _add(data, state, n, s)
        n += 1
    return n


@kernel
def drop_strings(data: Any, state: Any, most: int) -> int:
    """Drop strings of one slot's routes near a seed; returns how many stores are in the queue."""
    core = state.core[0]
    visits = 1 + below(core, most)
    length = 1 + below(core, min(visits, 10))
    seed = below(core, len(data.stores))
    core.flag += 1
    v = _random_visit(data, state, seed)
    if v < 0:
        return 0
    slot = data.visits[v].slot
    n = 0
    for k in range(-1, data.near.shape[1]):
        s = seed if k < 0 else data.near[seed, k]
        if n >= visits or s < 0:
            break
        if k >= 0:
            v = _visit_in(data, state, s, slot)
        if v < 0 or state.visits[v].route < 0 or state.stores[s].flag == core.flag:
            continue
        r = state.visits[v].route
        size = state.routes[r].n
        at = position(state, r, v)
        first = at - below(core, length)
        first = max(1, min(first, size - length + 1))
        for _ in range(min(length, size, visits - n)):
            out = state.stops[r, first].visit
            other = data.visits[out].store
            state.stores[other].flag = core.flag
            state.lists[QUEUE, n] = other
            n += 1
            drop(data, state, out)
    return n


@kernel
def _visit_in(data: Any, state: Any, s: int, slot: int) -> int:
    """The visit of a store's option in a slot; -1: none."""
    option = state.stores[s].option
    for e in range(data.options[option].first, data.options[option].end):
        v = data.option_visit[e]
        if data.visits[v].slot == slot:
            return v
    return -1


@kernel
def _random_visit(data: Any, state: Any, s: int) -> int:
    """A random visit of a store that stands in a route; -1: none does."""
    option = state.stores[s].option
    first = data.options[option].first
    size = data.options[option].end - first
    if size == 0:
        return -1
    turn = below(state.core[0], size)
    for k in range(size):
        v = data.option_visit[first + (turn + k) % size]
        if state.visits[v].route >= 0:
            return v
    return -1


@kernel
def arrange(data: Any, state: Any, n: int) -> None:
    """Order the queue for insertion: at random, far, near, frequent or dear first."""
    shuffle(state.core[0], state.lists[QUEUE], n)
    kind = share(state.core[0])
    if kind < 0.35:
        return
    rank = np.empty(n)
    for k in range(n):
        s = state.lists[QUEUE, k]
        store = data.stores[s]
        if store.end_visit == store.first_visit:
            rank[k] = 0.0
            continue
        first = data.visits[store.first_visit]
        if kind < 0.5:
            rank[k] = -_way(data, first)
        elif kind < 0.6:
            rank[k] = _way(data, first)
        elif kind < 0.75:
            rank[k] = -float(first.demand * 1000 + first.service)
        elif kind < 0.9:
            rank[k] = -float(store.required)
        else:
            rank[k] = -float(price(store, 0))
    order = np.argsort(rank, kind="mergesort")
    for k in range(n):
        state.lists[GONE, k] = state.lists[QUEUE, order[k]]
    for k in range(n):
        state.lists[QUEUE, k] = state.lists[GONE, k]


@kernel
def _way(data: Any, visit: Any) -> float:
    """How far a visit lies from where its day starts."""
    day = data.slots[visit.slot]
    return float(data.travel[day.profile, day.start, visit.place])
