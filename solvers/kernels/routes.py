"""Routes under change: insert, remove, replace; each keeps its cost and the state's in step."""

from typing import Any

from solvers.kernels.compiled import entry, kernel
from solvers.kernels.layout import HEAD, HEAD_FED, TAIL, TAIL_FED, TOUCHED, TOUCHED_STORES
from solvers.kernels.timing import drive, drive_back, feed, open_time, time_cost


@kernel
def price(store: Any, served: int) -> int:
    """What the missing visits of a store cost when so many are served."""
    cost = 0
    if served < store.required:
        cost = store.miss * (store.required - served)
    if served < store.dear_visits:
        cost += store.dear * (store.dear_visits - served)
    return cost


@kernel
def over_limits(day: Any, core: Any, load: int, in_store: int) -> int:
    """Penalties of a route's load and in-store time."""
    cost = 0
    if load > day.capacity:
        cost += core.load_penalty * day.weight * (load - day.capacity)
    if in_store > day.in_store_limit:
        cost += core.in_store_penalty * day.weight * (in_store - day.in_store_limit)
    return cost


@kernel
def open_total(day: Any, core: Any, travel: int, service: int, load: int, in_store: int) -> int:
    """The penalized cost of a route without windows and lunch that has visits."""
    work = travel + service
    late, over = open_time(day, work)
    cost = day.route_cost + day.travel_cost * travel
    cost += time_cost(day, core.time_penalty, late, over, work)
    return cost + over_limits(day, core, load, in_store)


@kernel
def least_total(day: Any, core: Any, travel: int, service: int, load: int, in_store: int) -> int:
    """No more than the penalized cost of any route with these sums, whatever its windows."""
    work = travel + service
    late = work - day.longest_work
    late = max(late, 0)
    over = work - day.max_work
    over = max(over, 0)
    over = min(over, day.overtime)
    cost = day.route_cost + day.travel_cost * travel
    cost += time_cost(day, core.time_penalty, late, over, work)
    return cost + over_limits(day, core, load, in_store)


@kernel
def touch(state: Any, r: int) -> None:
    """Note a route in the journal before it changes."""
    route = state.routes[r]
    if route.mark == state.core[0].mark:
        return
    route.mark = state.core[0].mark
    for i in range(route.n + 2):
        state.old_stops[r, i] = state.stops[r, i]
    state.old_routes[r] = route
    state.lists[TOUCHED, state.core[0].n_touched] = r
    state.core[0].n_touched += 1


@kernel
def touch_store(data: Any, state: Any, s: int) -> None:
    """Note a store in the journal before it changes."""
    if state.stores[s].mark == state.core[0].mark:
        return
    state.stores[s].mark = state.core[0].mark
    state.stores[s].old_option = state.stores[s].option
    state.stores[s].old_served = state.stores[s].served
    for v in range(data.stores[s].first_visit, data.stores[s].end_visit):
        state.visits[v].old_route = state.visits[v].route
    state.lists[TOUCHED_STORES, state.core[0].n_touched_stores] = s
    state.core[0].n_touched_stores += 1


@kernel
def copy_cost(to: Any, core: Any) -> None:
    """Copy the objective and its excess."""
    to.objective = core.objective
    to.over_time = core.over_time
    to.over_load = core.over_load
    to.over_in_store = core.over_in_store


@kernel
def count(core: Any, route: Any, times: int) -> None:
    """Count a route's cost and excess into the state's, or out of it with -1."""
    core.objective += times * route.total
    core.over_time += times * route.over_time
    core.over_load += times * route.over_load
    core.over_in_store += times * route.over_in_store


@kernel
def begin(state: Any) -> None:
    """Open a new journal."""
    state.core[0].mark += 1
    state.core[0].n_touched = 0
    state.core[0].n_touched_stores = 0
    copy_cost(state.old_core[0], state.core[0])


@kernel
def roll_back(data: Any, state: Any) -> None:
    """Return to where the journal was opened."""
    for k in range(state.core[0].n_touched):
        r = state.lists[TOUCHED, k]
        state.routes[r] = state.old_routes[r]
        n = state.routes[r].n
        for i in range(n + 2):
            state.stops[r, i] = state.old_stops[r, i]
        state.routes[r].timed = 0
    for k in range(state.core[0].n_touched_stores):
        s = state.lists[TOUCHED_STORES, k]
        state.stores[s].option = state.stores[s].old_option
        state.stores[s].served = state.stores[s].old_served
        for v in range(data.stores[s].first_visit, data.stores[s].end_visit):
            state.visits[v].route = state.visits[v].old_route
    copy_cost(state.core[0], state.old_core[0])
    begin(state)


@kernel
def time_route(data: Any, state: Any, r: int, day: Any) -> Any:
    """Return the (late, overtime, work) of a route with windows or lunch."""
    route = state.routes[r]
    route.timed = 1
    travel = data.travel[day.profile]
    heads, tails = state.segments[r, HEAD], state.segments[r, TAIL]
    return drive(day, data.visits, travel, state.stops[r], route.n, heads, tails)


@kernel
def fill_segments(data: Any, state: Any, r: int, day: Any) -> None:
    """Fill all segments of a route, by which insertions are judged, unless they stand."""
    route = state.routes[r]
    if route.timed == 2:
        return
    if route.timed == 0:
        time_route(data, state, r, day)
    route.timed = 2
    stops, tails = state.stops[r], state.segments[r, TAIL]
    if day.lunch > 0:
        heads, heads_fed = state.segments[r, HEAD], state.segments[r, HEAD_FED]
        tails_fed = state.segments[r, TAIL_FED]
        feed(day, data.visits, stops, route.n, heads, heads_fed, tails, tails_fed)
    else:
        drive_back(day, data.visits, data.travel[day.profile], stops, route.n, tails)


@kernel
def settle(data: Any, state: Any, r: int) -> None:
    """Compute a changed route's cost from its sums and bring the state's up to date."""
    route = state.routes[r]
    day = data.slots[route.slot]
    core = state.core[0]
    count(core, route, -1)
    work = route.travel + route.service
    if day.is_timed:
        late, over, work = time_route(data, state, r, day)
    else:
        late, over = open_time(day, work)
    route.waited = route.overtime = route.above = route.cost = 0
    route.over_time = route.over_load = route.over_in_store = 0
    if route.n > 0:
        route.waited = work - route.travel - route.service
        route.overtime = over
        route.above = max(0, work - day.target)
        route.cost = day.route_cost + day.travel_cost * route.travel
        route.cost += day.wait_cost * route.waited + time_cost(day, 0, 0, over, work)
        route.over_time = day.weight * late
        route.over_load = day.weight * max(0, route.load - day.capacity)
        route.over_in_store = day.weight * max(0, route.in_store - day.in_store_limit)
    route.total = penalized(route, core)
    count(core, route, 1)
    core.version += 1
    route.version = core.version


@kernel
def penalized(route: Any, core: Any) -> int:
    """The cost of a route with its penalties."""
    total = route.cost + core.time_penalty * route.over_time + core.load_penalty * route.over_load
    return total + core.in_store_penalty * route.over_in_store


@entry
def reprice(state: Any) -> None:
    """Compute all costs anew after a change of penalties."""
    for r in range(len(state.routes)):
        route = state.routes[r]
        total = penalized(route, state.core[0])
        state.core[0].objective += total - route.total
        route.total = total
        state.core[0].version += 1
        route.version = state.core[0].version


@kernel
def write_route(data: Any, state: Any, r: int, line: Any, n: int) -> None:
    """Replace a route's visits by line[1 … n]; prices are the caller's."""
    route = state.routes[r]
    day = data.slots[route.slot]
    travel = data.travel[day.profile]
    stops = state.stops[r]
    route.n = n
    route.travel = route.service = route.load = route.in_store = 0
    stops[0].place = day.start
    for i in range(1, n + 1):
        v = line[i].visit
        visit = data.visits[v]
        stops[i].visit = v
        stops[i].place = visit.place
        stops[i - 1].leg = travel[stops[i - 1].place, visit.place]
        route.travel += stops[i - 1].leg
        route.service += visit.service
        route.load += visit.demand
        route.in_store += visit.in_store
        state.visits[v].route = r
    stops[n + 1].place = day.end
    stops[n].leg = travel[stops[n].place, day.end] if n else 0
    route.travel += stops[n].leg
    settle(data, state, r)


@kernel
def position(state: Any, r: int, v: int) -> int:
    """Where a visit stands in its route."""
    i = 1
    while state.stops[r, i].visit != v:
        i += 1
    return i


@kernel
def take_out(data: Any, state: Any, v: int) -> None:
    """Move a visit out of its route; prices are the caller's."""
    r = state.visits[v].route
    touch(state, r)
    route, visit = state.routes[r], data.visits[v]
    day = data.slots[route.slot]
    stops = state.stops[r]
    i = position(state, r, v)
    straight = 0
    if route.n > 1:
        straight = data.travel[day.profile, stops[i - 1].place, stops[i + 1].place]
    route.travel += straight - stops[i - 1].leg - stops[i].leg
    for k in range(i, route.n + 1):
        stops[k] = stops[k + 1]
    stops[i - 1].leg = straight
    route.n -= 1
    route.service -= visit.service
    route.load -= visit.demand
    route.in_store -= visit.in_store
    state.visits[v].route = -1
    settle(data, state, r)


@kernel
def put_in(data: Any, state: Any, v: int, r: int, i: int) -> None:
    """Put a visit at position i of a route; prices are the caller's."""
    touch(state, r)
    route, visit = state.routes[r], data.visits[v]
    travel = data.travel[data.slots[route.slot].profile]
    stops = state.stops[r]
    before, after = stops[i - 1].place, stops[i].place
    into, out = travel[before, visit.place], travel[visit.place, after]
    route.travel += into + out - stops[i - 1].leg
    for k in range(route.n + 1, i - 1, -1):
        stops[k + 1] = stops[k]
    stops[i].visit = v
    stops[i].place = visit.place
    stops[i - 1].leg = into
    stops[i].leg = out
    route.n += 1
    route.service += visit.service
    route.load += visit.demand
    route.in_store += visit.in_store
    state.visits[v].route = r
    settle(data, state, r)


@kernel
def clear(data: Any, state: Any) -> None:
    """Empty all routes and give every store no option; the objective is that of the bins."""
    core = state.core[0]
    core.objective = core.over_time = core.over_load = core.over_in_store = 0
    for v in range(len(data.visits)):
        state.visits[v].route = -1
    for r in range(len(state.routes)):
        route = state.routes[r]
        route.total = route.over_time = route.over_load = route.over_in_store = 0
        write_route(data, state, r, state.trial[0], 0)
    for s in range(len(data.stores)):
        state.stores[s].option = -1
        state.stores[s].served = 0
        core.objective += price(data.stores[s], 0)
    begin(state)
