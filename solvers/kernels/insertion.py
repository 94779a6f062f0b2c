"""Insertion: gives a store the option and the places that cost least, bins counted in."""

from typing import Any

from solvers.kernels.chance import below
from solvers.kernels.compiled import kernel
from solvers.kernels.layout import FAR, GONE, HEAD, HEAD_FED, TAIL, TAIL_FED
from solvers.kernels.routes import (
    fill_segments,
    least_total,
    open_total,
    over_limits,
    price,
    put_in,
    take_out,
    touch_store,
)
from solvers.kernels.timing import ended, join, join_to, join_with, stay, time_cost

NOWHERE = FAR * 1024
"""The cost of an insertion that cannot be made."""

ANY = 2**63 - 1
"""No cost is above it."""


@kernel
def look(data: Any, state: Any, v: int, r: int, known: Any) -> None:
    """Note the shortest detour of a visit into a route, and what it adds at least.

    Where the route has no windows and no lunch, that is what it adds.
    """
    route, visit = state.routes[r], data.visits[v]
    day = data.slots[route.slot]
    known.version, known.is_exact = route.version, 1 - day.is_timed
    if route.n + 3 > state.stops.shape[1]:
        known.added, known.position, known.is_exact = NOWHERE, 1, 1
        return
    to, fro = data.travel[day.profile, visit.place], data.back[day.profile, visit.place]
    stops = state.stops[r]
    detour, at = FAR, 0
    for i in range(route.n + 1):
        way = fro[stops[i].place] + to[stops[i + 1].place] - stops[i].leg
        if way < detour:
            detour, at = way, i + 1
    service, load = route.service + visit.service, route.load + visit.demand
    in_store, travel = route.in_store + visit.in_store, route.travel + detour
    if day.is_timed:
        total = least_total(day, state.core[0], travel, service, load, in_store)
    else:
        total = open_total(day, state.core[0], travel, service, load, in_store)
    known.added, known.position = total - route.total, at


@kernel
def look_closely(data: Any, state: Any, v: int, r: int, known: Any) -> None:
    """Time the insertions of a visit into a route of which the shortest detour is known."""
    route, visit = state.routes[r], data.visits[v]
    day = data.slots[route.slot]
    to, fro = data.travel[day.profile, visit.place], data.back[day.profile, visit.place]
    stops = state.stops[r]
    service, load = route.service + visit.service, route.load + visit.demand
    in_store = route.in_store + visit.in_store
    core, shortest = state.core[0], known.position - 1
    limits = day.route_cost + over_limits(day, core, load, in_store)
    fill_segments(data, state, r, day)
    best, at = NOWHERE, 1
    # The shortest detour first: it is mostly the best, and then rules out the others at a glance.
    for k in range(-1, route.n + 1):
        i = shortest if k < 0 else k
        into, out = fro[stops[i].place], to[stops[i + 1].place]
        travel = route.travel + into + out - stops[i].leg
        bound = least_total(day, core, travel, service, load, in_store) - route.total
        if bound >= best:
            continue
        late, over, work = passing(state, day, visit, r, i, i + 1, into, out)
        cost = limits + day.travel_cost * travel + day.wait_cost * (work - travel - service)
        cost += time_cost(day, core.time_penalty, late, over, work) - route.total
        if cost < best:
            best, at = cost, i + 1
    known.added, known.position, known.is_exact = best, at, 1


@kernel
def passing(state: Any, day: Any, visit: Any, r: int, i: int, j: int, into: int, out: int) -> Any:
    """(late, overtime, work) of a timed route with a visit between its positions i and j."""
    d0, w0, e0, l0 = stay(visit.service, visit.lo, visit.hi)
    d1, w1, e1, l1 = join_to(state.segments[r, HEAD, i], into, d0, w0, e0, l0)
    d, w, e, _ = join_with(d1, w1, e1, l1, out, state.segments[r, TAIL, j])
    best = ended(day, d, w, e, False)
    if day.lunch == 0:
        return best
    d, w, e, _ = join_with(d1, w1, e1, l1, out, state.segments[r, TAIL_FED, j])
    way = ended(day, d, w, e, True)
    if way < best:
        best = way
    d, w, e, t = stay(day.lunch, day.lunch_lo, day.lunch_latest)
    d, w, e, t = join(d1, w1, e1, l1, 0, d, w, e, t)
    d, w, e, _ = join_with(d, w, e, t, out, state.segments[r, TAIL, j])
    way = ended(day, d, w, e, True)
    if way < best:
        best = way
    d, w, e, t = join_to(state.segments[r, HEAD_FED, i], into, d0, w0, e0, l0)
    d, w, e, _ = join_with(d, w, e, t, out, state.segments[r, TAIL, j])
    way = ended(day, d, w, e, True)
    if way < best:
        best = way
    return best


@kernel
def find(data: Any, state: Any, v: int, blink: int) -> None:
    """Note the cheapest insertion of a visit into its slot; blind for some routes by chance."""
    visit, seen = data.visits[v], state.visits[v]
    day = data.slots[visit.slot]
    seen.added, seen.into, seen.at, seen.instead, seen.is_exact = NOWHERE, -1, 1, -1, 1
    was_empty = False
    for k in range(day.vehicles):
        r = day.first_route + k
        if state.routes[r].n == 0:
            if was_empty:
                continue
            was_empty = True
        if blink > 0 and below(state.core[0], 1024) < blink:
            continue
        known = state.found[visit.first_found + k]
        if known.version != state.routes[r].version:
            look(data, state, v, r, known)
        if known.added < seen.added:
            seen.added, seen.at, seen.is_exact = known.added, known.position, known.is_exact
            seen.into = r


@kernel
def sharpen(data: Any, state: Any, v: int) -> None:
    """Make sure that the cheapest insertion of a visit adds what is noted."""
    visit, seen = data.visits[v], state.visits[v]
    first = data.slots[visit.slot].first_route
    while not seen.is_exact:
        look_closely(data, state, v, seen.into, state.found[visit.first_found + seen.into - first])
        find(data, state, v, 0)


@kernel
def choose(data: Any, state: Any, s: int) -> Any:
    """(option, total cost) of the cheapest option that holds the visits the store has already.

    Needs `added` of the store's other visits; sets `goes_in` of those that go into routes.
    """
    store = data.stores[s]
    kept = 0
    for v in range(store.first_visit, store.end_visit):
        if state.visits[v].route >= 0:
            kept += 1
    best, chosen = NOWHERE * 4, -1
    for o in range(store.first_option, store.end_option):
        total = price_option(data, state, s, o, kept, best)
        if total < best:
            best, chosen = total, o
    if chosen >= 0:
        price_option(data, state, s, chosen, kept, ANY)
    return chosen, best


@kernel
def price_option(data: Any, state: Any, s: int, o: int, kept: int, enough: int) -> int:
    """The cost of an option with its visits placed or binned; sets `goes_in`."""
    store, factor = data.stores[s], state.core[0].generosity
    total = data.options[o].cost + factor * price(store, data.options[o].weight)
    if total >= enough:
        return enough
    is_short = data.options[o].weight > store.required
    hits = 0
    for e in range(data.options[o].first, data.options[o].end):
        v = data.option_visit[e]
        if state.visits[v].route >= 0:
            hits += 1
            state.visits[v].goes_in = 0
            continue
        state.visits[v].goes_in = 1
        in_bin = factor * store.miss * data.visits[v].weight
        if state.visits[v].added > in_bin:
            is_short = True
            total += in_bin
        else:
            total += state.visits[v].added
        if total >= enough and not is_short:
            return enough
    if hits < kept:
        return NOWHERE * 4
    return _worthwhile(data, state, s, o) if is_short else total


@kernel
def _worthwhile(data: Any, state: Any, s: int, o: int) -> int:
    """Take the cheapest visits a day of an option, as many as lower the total most; or just one."""
    store, factor = data.stores[s], state.core[0].generosity
    first, end = data.options[o].first, data.options[o].end
    kept = 0
    for e in range(first, end):
        v = data.option_visit[e]
        state.visits[v].goes_in = 0
        if state.visits[v].route >= 0:
            kept += data.visits[v].weight
    best = data.options[o].cost + factor * price(store, kept)
    added, served, n_best, n, alone = 0, kept, 0, 0, -1
    for _ in range(first, end):
        pick = _cheapest_a_day(data, state, o)
        if pick < 0:
            break
        n += 1
        state.visits[pick].goes_in = n
        added += state.visits[pick].added
        served += data.visits[pick].weight
        total = data.options[o].cost + added + factor * price(store, served)
        if total < best:
            best, n_best, alone = total, n, -1
        total = data.options[o].cost + state.visits[pick].added
        total += factor * price(store, kept + data.visits[pick].weight)
        if total < best:
            best, alone = total, pick
    for e in range(first, end):
        v = data.option_visit[e]
        if (alone < 0 and state.visits[v].goes_in > n_best) or (alone >= 0 and v != alone):
            state.visits[v].goes_in = 0
    return best


@kernel
def _cheapest_a_day(data: Any, state: Any, o: int) -> int:
    """The visit of an option that adds least a day, of those not gone in yet; -1: none."""
    least, pick = NOWHERE * 1.0, -1
    for e in range(data.options[o].first, data.options[o].end):
        v = data.option_visit[e]
        seen = state.visits[v]
        if seen.route < 0 and seen.goes_in == 0 and seen.added < NOWHERE:
            a_day = seen.added / data.visits[v].weight
            if a_day < least:
                least, pick = a_day, v
    return pick


@kernel
def insert(data: Any, state: Any, s: int, blink: int) -> None:
    """Give a store its cheapest option, keeping the visits that it has."""
    store = data.stores[s]
    for v in range(store.first_visit, store.end_visit):
        if state.visits[v].route < 0:
            find(data, state, v, blink)
    option, _ = choose_exactly(data, state, s)
    if option >= 0:
        settle_choice(data, state, s, option)


@kernel
def choose_exactly(data: Any, state: Any, s: int) -> Any:
    """(option, total cost) of the cheapest option, whose insertions alone are timed."""
    while True:
        option, total = choose(data, state, s)
        if option < 0:
            return option, total
        is_exact = True
        for e in range(data.options[option].first, data.options[option].end):
            v = data.option_visit[e]
            if state.visits[v].goes_in > 0 and not state.visits[v].is_exact:
                is_exact = False
                sharpen(data, state, v)
        if is_exact:
            return option, total


@kernel
def settle_choice(data: Any, state: Any, s: int, option: int) -> None:
    """Carry out a choice: the option, and the visits marked by `goes_in`."""
    touch_store(data, state, s)
    store = data.stores[s]
    before = state.stores[s].served
    state.core[0].objective -= price(store, before)
    if state.stores[s].option >= 0:
        state.core[0].objective -= data.options[state.stores[s].option].cost
    state.stores[s].option = option
    state.core[0].objective += data.options[option].cost
    for e in range(data.options[option].first, data.options[option].end):
        v = data.option_visit[e]
        if state.visits[v].goes_in > 0:
            if state.visits[v].instead >= 0:
                drop(data, state, state.visits[v].instead)
            put_in(data, state, v, state.visits[v].into, state.visits[v].at)
            state.stores[s].served += data.visits[v].weight
    state.core[0].objective += price(store, state.stores[s].served)


@kernel
def drop(data: Any, state: Any, v: int) -> None:
    """Move one visit from its route to the bin."""
    s = data.visits[v].store
    touch_store(data, state, s)
    store = data.stores[s]
    state.core[0].objective -= price(store, state.stores[s].served)
    take_out(data, state, v)
    state.stores[s].served -= data.visits[v].weight
    state.core[0].objective += price(store, state.stores[s].served)


@kernel
def remove(data: Any, state: Any, s: int) -> None:
    """Take a store out of all its routes."""
    touch_store(data, state, s)
    store = data.stores[s]
    option = state.stores[s].option
    if option < 0:
        return
    state.core[0].objective -= price(store, state.stores[s].served) + data.options[option].cost
    for e in range(data.options[option].first, data.options[option].end):
        v = data.option_visit[e]
        if state.visits[v].route >= 0:
            take_out(data, state, v)
    state.stores[s].served = 0
    state.stores[s].option = -1
    state.core[0].objective += price(store, 0)


@kernel
def force(data: Any, state: Any, s: int) -> int:
    """Insert missing visits of a store in place of visits worth less; returns how many left."""
    store = data.stores[s]
    served = state.stores[s].served
    had = state.stores[s].option
    remove(data, state, s)
    for v in range(store.first_visit, store.end_visit):
        find(data, state, v, 0)
        sharpen(data, state, v)
        _find_instead(data, state, v, served)
    option, _ = choose(data, state, s)
    gone = 0
    if option < 0:
        option = had
    for e in range(data.options[option].first, data.options[option].end):
        v = data.option_visit[e]
        if state.visits[v].goes_in > 0 and state.visits[v].instead >= 0:
            state.lists[GONE, gone] = data.visits[state.visits[v].instead].store
            gone += 1
    settle_choice(data, state, s, option)
    return gone


@kernel
def _find_instead(data: Any, state: Any, v: int, served: int) -> None:
    """Note the cheapest insertion in which one visit of less worth makes way."""
    visit = data.visits[v]
    store = data.stores[visit.store]
    day = data.slots[visit.slot]
    low = served - visit.weight if served >= visit.weight else 0
    worth = price(store, low) - price(store, low + visit.weight)
    for r in range(day.first_route, day.first_route + day.vehicles):
        for i in range(1, state.routes[r].n + 1):
            out = state.stops[r, i].visit
            other = data.visits[out]
            if other.store == visit.store:
                continue
            has = state.stores[other.store].served
            loss = price(data.stores[other.store], has - other.weight)
            loss -= price(data.stores[other.store], has)
            if loss >= worth or loss >= state.visits[v].added:
                continue
            added = _replaced(data, state, v, r, i)
            if added + loss < state.visits[v].added:
                state.visits[v].added = added + loss
                state.visits[v].into = r
                state.visits[v].at = i
                state.visits[v].instead = out


@kernel
def _replaced(data: Any, state: Any, v: int, r: int, i: int) -> int:
    """The least that a visit adds to a route's cost in the very place of another."""
    route, visit, other = state.routes[r], data.visits[v], data.visits[state.stops[r, i].visit]
    day = data.slots[route.slot]
    travel = data.travel[day.profile]
    a, b = state.stops[r, i - 1].place, state.stops[r, i + 1].place
    length = route.travel - state.stops[r, i - 1].leg - state.stops[r, i].leg
    length += travel[a, visit.place] + travel[visit.place, b]
    service = route.service - other.service + visit.service
    load = route.load - other.demand + visit.demand
    in_store = route.in_store - other.in_store + visit.in_store
    if not day.is_timed:
        return open_total(day, state.core[0], length, service, load, in_store) - route.total
    fill_segments(data, state, r, day)
    late, over, work = passing(
        state, day, visit, r, i - 1, i + 1, travel[a, visit.place], travel[visit.place, b]
    )
    total = day.route_cost + day.travel_cost * length
    total += day.wait_cost * (work - length - service)
    total += time_cost(day, state.core[0].time_penalty, late, over, work)
    return total + over_limits(day, state.core[0], load, in_store) - route.total
