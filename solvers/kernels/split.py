"""Split: cuts a giant tour into the routes of a slot's vehicles (Prins 2004, limited fleet).

doi 10.1016/S0305-0548(03)00158-8
"""

from typing import Any

import numpy as np

from solvers.kernels.compiled import kernel
from solvers.kernels.layout import FAR
from solvers.kernels.routes import open_total, over_limits, write_route
from solvers.kernels.timing import ended, join, stay, time_cost

_MOST = 2.0
"""How far above its limits a route may be that is looked at."""


@kernel
def split(data: Any, state: Any, d: int, tour: Any, n: int) -> None:
    """Write the routes of a slot from the giant tour tour[0 … n - 1]."""
    day = data.slots[d]
    m, first = day.vehicles, day.first_route
    line = state.trial[0]
    cuts = np.zeros(m + 1, np.int64)
    if m == 1:
        cuts[1] = n
    elif not _best_cuts(data, state, day, tour, n, cuts):
        for k in range(m + 1):
            cuts[k] = n * k // m
    for k in range(m):
        size = min(cuts[k + 1] - cuts[k], state.stops.shape[1] - 2)
        for i in range(size):
            line[1 + i].visit = tour[cuts[k] + i]
        write_route(data, state, first + k, line, size)


@kernel
def _best_cuts(data: Any, state: Any, day: Any, tour: Any, n: int, cuts: Any) -> bool:
    """Fill the cuts of least penalized cost; false where no way reaches the end of the tour."""
    m = len(cuts) - 1
    least = np.full((m + 1, n + 1), FAR * 8)
    comes_from = np.zeros((m + 1, n + 1), np.int64)
    least[0, 0] = 0
    for i in range(n):
        is_reached = False
        for k in range(m):
            is_reached = is_reached or least[k, i] < FAR * 8
        if is_reached:
            _extend(data, state, day, tour, n, i, least, comes_from)
    used = 0
    for k in range(1, m + 1):
        if used == 0 or least[k, n] < least[used, n]:
            used = k
    if least[used, n] >= FAR * 8:
        return False
    cuts[:] = n
    here = n
    for k in range(used, 0, -1):
        cuts[k] = here
        here = comes_from[k, here]
    cuts[0] = 0
    return True


@kernel
def _extend(
    data: Any, state: Any, day: Any, tour: Any, n: int, i: int, least: Any, comes_from: Any
) -> None:
    """Judge all routes that begin with the tour's visit i."""
    m = least.shape[0] - 1
    travel = data.travel[day.profile]
    length, service, load, in_store = 0, 0, 0, 0
    sd, sw, se, sl = 0, 0, day.shift_lo, FAR
    here = day.start
    for j in range(i, min(n, i + state.stops.shape[1] - 2)):
        visit = data.visits[tour[j]]
        gap = travel[here, visit.place]
        length += gap
        service += visit.service
        load += visit.demand
        in_store += visit.in_store
        here = visit.place
        if j > i and (load > _MOST * day.capacity or length + service > _MOST * day.longest_work):
            return
        whole = length + travel[here, day.end]
        if day.is_timed:
            vd, vw, ve, vl = stay(visit.service, visit.lo, visit.hi)
            sd, sw, se, sl = join(sd, sw, se, sl, gap, vd, vw, ve, vl)
            d, w, e, _ = join(sd, sw, se, sl, whole - length, 0, 0, -FAR, day.latest_back)
            late, over, work = ended(day, d, w, e, False)
            cost = day.route_cost + day.travel_cost * whole
            cost += day.wait_cost * (work - whole - service)
            cost += time_cost(day, state.core[0].time_penalty, late, over, work)
            cost += over_limits(day, state.core[0], load, in_store)
        else:
            cost = open_total(day, state.core[0], whole, service, load, in_store)
        for k in range(m):
            if least[k, i] + cost < least[k + 1, j + 1]:
                least[k + 1, j + 1] = least[k, i] + cost
                comes_from[k + 1, j + 1] = i
