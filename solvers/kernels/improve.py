"""Route improvement inside a slot: moves of one or two stores, 2-opt and 2-opt* (neighbors only).

The moves of Vidal et al. (2012, doi 10.1287/opre.1120.1048). A move is judged by its travel first:
what a route costs beyond travel is the most that a move can save, so most moves end there. Routes
with windows or lunch are then timed whole.
"""

from typing import Any

import numpy as np

from solvers.kernels.chance import shuffle
from solvers.kernels.compiled import kernel
from solvers.kernels.layout import HEAD, TAIL
from solvers.kernels.routes import least_total, open_total, over_limits, touch, write_route
from solvers.kernels.timing import drive, time_cost

NEAR = 20
"""How many neighbors of a store are tried."""


@kernel
def improve_slot(data: Any, state: Any, d: int) -> None:
    """Apply improving moves to the routes of a slot until none is left."""
    day = data.slots[d]
    first, end = day.first_route, day.first_route + day.vehicles
    n = 0
    for r in range(first, end):
        n += state.routes[r].n
    visits = np.empty(n, np.int32)
    n = 0
    state.core[0].moment += 1
    for r in range(first, end):
        state.routes[r].changed = state.core[0].moment
        for i in range(1, state.routes[r].n + 1):
            v = state.stops[r, i].visit
            visits[n] = v
            n += 1
            state.visits[v].tested = 0
        _locate(data, state, r)
    shuffle(state.core[0], visits, n)
    is_better = True
    while is_better:
        is_better = False
        for k in range(n):
            v = visits[k]
            before = state.visits[v].tested
            state.core[0].moment += 1
            state.visits[v].tested = state.core[0].moment
            while _improve_visit(data, state, day, v, before):
                is_better = True
                before = 0
    for k in range(n):
        state.stores[data.visits[visits[k]].store].in_route = -1


@kernel
def _locate(data: Any, state: Any, r: int) -> None:
    for i in range(1, state.routes[r].n + 1):
        s = data.visits[state.stops[r, i].visit].store
        state.stores[s].in_route = r
        state.stores[s].in_position = i


@kernel
def _improve_visit(data: Any, state: Any, day: Any, u: int, before: int) -> bool:
    """Apply the first improving move of a visit and a neighbor changed since."""
    s = data.visits[u].store
    r, i = state.stores[s].in_route, state.stores[s].in_position
    for k in range(min(NEAR, data.near.shape[1])):
        other = data.near[s, k]
        if other < 0:
            break
        q, j = state.stores[other].in_route, state.stores[other].in_position
        if q < 0 or max(state.routes[r].changed, state.routes[q].changed) <= before:
            continue
        if q == r:
            if _within(data, state, day, r, i, j):
                return True
        elif _between(data, state, day, r, i, q, j):
            return True
    if day.vehicles > 1 and state.routes[r].changed > before and state.routes[r].n > 1:
        for q in range(day.first_route, day.first_route + day.vehicles):
            if state.routes[q].n == 0:
                if _exchange(data, state, day, r, i, 1, False, q, 1, 0, False):
                    return True
                return _exchange_tails(data, state, day, r, i, q, 0)
    return False


@kernel
def _between(data: Any, state: Any, day: Any, r: int, i: int, q: int, j: int) -> bool:
    """Moves of a visit at (r, i) and a neighbor at (q, j) of another route."""
    has_next = i < state.routes[r].n
    other_next = j < state.routes[q].n
    if _exchange(data, state, day, r, i, 1, False, q, j + 1, 0, False):
        return True
    if _exchange(data, state, day, r, i, 1, False, q, j, 0, False):
        return True
    if has_next:
        if _exchange(data, state, day, r, i, 2, False, q, j + 1, 0, False):
            return True
        if _exchange(data, state, day, r, i, 2, True, q, j, 0, False):
            return True
    if _exchange(data, state, day, r, i, 1, False, q, j, 1, False):
        return True
    if has_next and _exchange(data, state, day, r, i, 2, False, q, j, 1, False):
        return True
    if has_next and other_next and _exchange(data, state, day, r, i, 2, False, q, j, 2, False):
        return True
    if _exchange_tails(data, state, day, r, i, q, j - 1):
        return True
    return day.is_symmetric == 1 and _exchange_turned(data, state, day, r, i, q, j)


@kernel
def _exchange(
    data: Any, state: Any, day: Any, r: int, i: int, a: int, turn_a: bool,
    q: int, j: int, b: int, turn_b: bool,
) -> bool:  # fmt: skip
    """Exchange a visits from (r, i) with b visits from (q, j), each turned or not."""
    one, two = state.routes[r], state.routes[q]
    p, o = state.stops[r], state.stops[q]
    travel = data.travel[day.profile]
    length_r, length_q = one.travel, two.travel
    for k in range(i - 1, i + a):
        length_r -= state.stops[r, k].leg
    for k in range(j - 1, j + b):
        length_q -= state.stops[q, k].leg
    n_r, n_q = one.n - a + b, two.n - b + a
    length_r += _via(travel, p[i - 1].place, o, j, b, turn_b, p[i + a].place) if n_r > 0 else 0
    length_q += _via(travel, o[j - 1].place, p, i, a, turn_a, o[j + b].place) if n_q > 0 else 0
    if _is_hopeless(day, one, two, length_r + length_q, n_r, n_q):
        return False
    if max(n_r, n_q) + 2 > state.stops.shape[1]:
        return False
    lines = state.trial
    _splice(lines[0], state.stops[r], one.n, i, a, state.stops[q], j, b, turn_b)
    _splice(lines[1], state.stops[q], two.n, j, b, state.stops[r], i, a, turn_a)
    return _accept(data, state, day, r, n_r, length_r, q, n_q, length_q)


@kernel
def _via(travel: Any, a: int, places: Any, i: int, n: int, turn: bool, b: int) -> int:
    """Travel from a through n places from i on to b."""
    if n == 0:
        return travel[a, b]
    total = 0
    if turn:
        for k in range(i + n - 1, i - 1, -1):
            total += travel[a, places[k].place]
            a = places[k].place
    else:
        for k in range(i, i + n):
            total += travel[a, places[k].place]
            a = places[k].place
    return total + travel[a, b]


@kernel
def _splice(
    line: Any, seq: Any, n: int, i: int, a: int, other: Any, j: int, b: int, turn: bool
) -> None:
    """Write a route with a visits from i on replaced by b others."""
    for k in range(1, i):
        line[k].visit = seq[k].visit
    for k in range(b):
        line[i + k].visit = other[j + b - 1 - k].visit if turn else other[j + k].visit
    for k in range(i + a, n + 1):
        line[k - a + b].visit = seq[k].visit


@kernel
def _is_hopeless(day: Any, one: Any, two: Any, length: int, n_r: int, n_q: int) -> bool:
    """Whether travel alone costs no less than both routes do now."""
    least = day.travel_cost * length + day.route_cost * (min(1, n_r) + min(1, n_q))
    return least >= one.total + two.total


@kernel
def _accept(
    data: Any, state: Any, day: Any,
    r: int, n_r: int, length_r: int, q: int, n_q: int, length_q: int,
) -> bool:  # fmt: skip
    """Replace two routes by the lines under trial if that costs less."""
    now = state.routes[r].total + state.routes[q].total
    first = _line_total(data, state, day, state.trial[0], n_r, length_r, now)
    if first >= now:
        return False
    second = _line_total(data, state, day, state.trial[1], n_q, length_q, now - first)
    if first + second >= now:
        return False
    _replace(data, state, r, state.trial[0], n_r)
    _replace(data, state, q, state.trial[1], n_q)
    return True


@kernel
def _replace(data: Any, state: Any, r: int, line: Any, n: int) -> None:
    touch(state, r)
    write_route(data, state, r, line, n)
    state.core[0].moment += 1
    state.routes[r].changed = state.core[0].moment
    _locate(data, state, r)


@kernel
def _line_total(
    data: Any, state: Any, day: Any, line: Any, n: int, length: int, enough: int
) -> int:
    """The penalized cost of a line of visits; any value from `enough` on where it is no less."""
    if n == 0:
        return 0
    service = load = in_store = 0
    for k in range(1, n + 1):
        visit = data.visits[line[k].visit]
        service += visit.service
        load += visit.demand
        in_store += visit.in_store
    if not day.is_timed:
        return open_total(day, state.core[0], length, service, load, in_store)
    bound = least_total(day, state.core[0], length, service, load, in_store)
    if bound >= enough:
        return bound
    late, over, work = drive(
        day,
        data.visits,
        data.travel[day.profile],
        line,
        n,
        state.segments[-1, HEAD],
        state.segments[-1, TAIL],
    )
    total = day.route_cost + day.travel_cost * length
    total += day.wait_cost * (work - length - service)
    total += time_cost(day, state.core[0].time_penalty, late, over, work)
    return total + over_limits(day, state.core[0], load, in_store)


@kernel
def _exchange_tails(data: Any, state: Any, day: Any, r: int, i: int, q: int, j: int) -> bool:
    """2-opt*: what follows position i of one route and position j of the other change places."""
    one, two = state.routes[r], state.routes[q]
    p, o = state.stops[r], state.stops[q]
    travel = data.travel[day.profile]
    n_r, n_q = i + two.n - j, j + one.n - i
    # Quick look: the edges given up and gained; an empty route has none.
    change = -state.stops[r, i].leg - state.stops[q, j].leg
    if n_r > 0:
        change += travel[p[i].place, o[j + 1].place]
    if n_q > 0:
        change += travel[o[j].place, p[i + 1].place]
    if _is_hopeless(day, one, two, one.travel + two.travel + change, n_r, n_q):
        return False
    if max(n_r, n_q) + 2 > state.stops.shape[1]:
        return False
    lines = state.trial
    for k in range(1, i + 1):
        lines[0, k].visit = state.stops[r, k].visit
    for k in range(j + 1, two.n + 1):
        lines[0, i + k - j].visit = state.stops[q, k].visit
    for k in range(1, j + 1):
        lines[1, k].visit = state.stops[q, k].visit
    for k in range(i + 1, one.n + 1):
        lines[1, j + k - i].visit = state.stops[r, k].visit
    length_r = _length(data, day, lines[0], n_r)
    length_q = one.travel + two.travel + change - length_r
    return _accept(data, state, day, r, n_r, length_r, q, n_q, length_q)


@kernel
def _exchange_turned(data: Any, state: Any, day: Any, r: int, i: int, q: int, j: int) -> bool:
    """2-opt* with turns: heads i and j meet in one route, the tails behind them in the other."""
    one, two = state.routes[r], state.routes[q]
    p, o = state.stops[r], state.stops[q]
    travel = data.travel[day.profile]
    n_r, n_q = i + j, one.n - i + two.n - j
    change = travel[p[i].place, o[j].place] - state.stops[r, i].leg - state.stops[q, j].leg
    if n_q > 0:
        change += travel[p[i + 1].place, o[j + 1].place]
    if _is_hopeless(day, one, two, one.travel + two.travel + change, n_r, n_q):
        return False
    if max(n_r, n_q) + 2 > state.stops.shape[1]:
        return False
    lines = state.trial
    for k in range(1, i + 1):
        lines[0, k].visit = state.stops[r, k].visit
    for k in range(j):
        lines[0, i + 1 + k].visit = state.stops[q, j - k].visit
    for k in range(one.n - i):
        lines[1, 1 + k].visit = state.stops[r, one.n - k].visit
    for k in range(j + 1, two.n + 1):
        lines[1, one.n - i + k - j].visit = state.stops[q, k].visit
    length_r = _length(data, day, lines[0], n_r)
    length_q = _length(data, day, lines[1], n_q)
    return _accept(data, state, day, r, n_r, length_r, q, n_q, length_q)


@kernel
def _length(data: Any, day: Any, line: Any, n: int) -> int:
    """Travel of a line of visits from the start of the day to its end."""
    if n == 0:
        return 0
    travel = data.travel[day.profile]
    here = day.start
    total = 0
    for k in range(1, n + 1):
        place = data.visits[line[k].visit].place
        total += travel[here, place]
        here = place
    return total + travel[here, day.end]


@kernel
def _within(data: Any, state: Any, day: Any, r: int, i: int, j: int) -> bool:
    """Moves of two visits of one route."""
    n = state.routes[r].n
    if _move(data, state, day, r, i, 1, False, j):
        return True
    if _move(data, state, day, r, i, 1, False, j - 1):
        return True
    if i < n:
        if _move(data, state, day, r, i, 2, False, j):
            return True
        if _move(data, state, day, r, i, 2, True, j - 1):
            return True
    if i < j:
        if _turn(data, state, day, r, i + 1, j):
            return True
        return _swap(data, state, day, r, i, j)
    return _turn(data, state, day, r, j + 1, i)


@kernel
def _move(data: Any, state: Any, day: Any, r: int, i: int, a: int, turn: bool, j: int) -> bool:
    """Move a visits from position i on behind position j, turned or not."""
    if i - 1 <= j < i + a:
        return False
    p = state.stops[r]
    travel = data.travel[day.profile]
    change = travel[p[i - 1].place, p[i + a].place] - p[j].leg
    for k in range(i - 1, i + a):
        change -= p[k].leg
    change += _via(travel, p[j].place, p, i, a, turn, p[j + 1].place)
    if _is_worse(state, day, r, change):
        return False
    line, n = state.trial[0], 0
    for k in range(state.routes[r].n + 1):
        if k > 0 and not i <= k < i + a:
            n += 1
            line[n].visit = p[k].visit
        if k == j:
            for m in range(a):
                n += 1
                line[n].visit = p[i + a - 1 - m].visit if turn else p[i + m].visit
    return _accept_one(data, state, day, r, change)


@kernel
def _turn(data: Any, state: Any, day: Any, r: int, i: int, j: int) -> bool:
    """2-opt: drive positions i … j the other way round."""
    if i >= j:
        return False
    p = state.stops[r]
    travel = data.travel[day.profile]
    if day.is_symmetric:
        change = (
            travel[p[i - 1].place, p[j].place]
            + travel[p[i].place, p[j + 1].place]
            - p[i - 1].leg
            - p[j].leg
        )
    else:
        change = _via(travel, p[i - 1].place, p, i, j - i + 1, True, p[j + 1].place)
        for k in range(i - 1, j + 1):
            change -= p[k].leg
    if _is_worse(state, day, r, change):
        return False
    line = state.trial[0]
    for k in range(1, state.routes[r].n + 1):
        line[k].visit = p[i + j - k].visit if i <= k <= j else p[k].visit
    return _accept_one(data, state, day, r, change)


@kernel
def _swap(data: Any, state: Any, day: Any, r: int, i: int, j: int) -> bool:
    """Two visits of a route that do not follow each other change places."""
    if j <= i + 1:
        return False
    p = state.stops[r]
    travel = data.travel[day.profile]
    change = -p[i - 1].leg - p[i].leg - p[j - 1].leg - p[j].leg
    change += travel[p[i - 1].place, p[j].place] + travel[p[j].place, p[i + 1].place]
    change += travel[p[j - 1].place, p[i].place] + travel[p[i].place, p[j + 1].place]
    if _is_worse(state, day, r, change):
        return False
    line = state.trial[0]
    for k in range(1, state.routes[r].n + 1):
        line[k].visit = p[k].visit
    line[i].visit, line[j].visit = p[j].visit, p[i].visit
    return _accept_one(data, state, day, r, change)


@kernel
def _is_worse(state: Any, day: Any, r: int, change: int) -> bool:
    """Whether travel alone costs no less than the route does now."""
    route = state.routes[r]
    return day.route_cost + day.travel_cost * (route.travel + change) >= route.total


@kernel
def _accept_one(data: Any, state: Any, day: Any, r: int, change: int) -> bool:
    route = state.routes[r]
    n = route.n
    total = _line_total(data, state, day, state.trial[0], n, route.travel + change, route.total)
    if total >= route.total:
        return False
    _replace(data, state, r, state.trial[0], n)
    return True
