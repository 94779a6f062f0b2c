"""The routes of one slot by OR-Tools' routing library, in place of those that a state has."""

from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solvers.problem import UNLIMITED
from solvers.state import State
from solvers.tables import SlotTable, Visit
from solvers.watch import StateWatch

CHECKS_A_VISIT = 400  # how often the library may ask for its limit; a count, so that runs repeat
NEVER_REACHED_S = 3600  # the library warns of a search without any time limit
ASK_EVERY = 16  # of these, how often the watch is asked in turn


class RoutePolisher:
    """Resequences and reselects the visits of slots; remembers which routes it has seen."""

    def __init__(self) -> None:
        self._seen: set[tuple[tuple[int, ...], ...]] = set()

    def __call__(self, state: State, watch: StateWatch) -> None:
        """Polish every slot whose routes are new; what does not lower the objective is undone."""
        for slot in range(len(state.routes)):
            if not watch.goes_on():
                return
            key = _key(state, slot)
            if key in self._seen or not any(route.visits for route in state.routes[slot]):
                continue
            self._seen.add(key)
            before = state.save()
            routes = solve_slot(state, slot, watch)
            watch.iterations += 1
            if routes is None:
                continue
            state.replace(slot, routes)
            feasible = all(route.is_feasible for route in state.routes[slot])
            if not feasible or state.objective >= before[0]:
                state.load(before)
            self._seen.add(_key(state, slot))


def _key(state: State, slot: int) -> tuple[tuple[int, ...], ...]:
    routes = state.routes[slot]
    return ((slot,), *[tuple([v.index for v in route.visits]) for route in routes])


def solve_slot(state: State, slot: int, watch: StateWatch) -> list[tuple[Visit, ...]] | None:
    """
    Search for better routes of a slot with the visits that its stores' options have there.

    Visits may stay out at the price of their bin. Lunch is a break that the library may also lay
    into a drive, and longest work counts it as taken; so the result has to be timed anew.

    Returns
    -------
    list of tuple of Visit or None
        A route per vehicle, feasible or not; none where nothing was found.
    """
    day = state.tables.slots[slot]
    visits = _visits_of(state, slot)
    index_of = {visit: node for node, visit in enumerate(visits)}
    n, cars = len(visits), day.vehicles
    manager = pywrapcp.RoutingIndexManager(n + 2, cars, [n] * cars, [n + 1] * cars)
    model = pywrapcp.RoutingModel(manager)
    _add_times(model, manager, day, visits)
    _add_loads(model, day, visits)
    for node, visit in enumerate(visits):
        price = _bin_price(state, visit) + day.cost_wait * visit.service
        model.AddDisjunction([manager.NodeToIndex(node)], price)
    _add_limit(model, watch, CHECKS_A_VISIT * n)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    heuristics = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = heuristics.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = NEVER_REACHED_S
    model.CloseModelWithParameters(parameters)
    current = [[index_of[visit] for visit in route.visits] for route in state.routes[slot]]
    first = model.ReadAssignmentFromRoutes(current, True)
    found = (
        model.SolveFromAssignmentWithParameters(first, parameters)
        if first is not None
        else model.SolveWithParameters(parameters)
    )
    return None if found is None else [_path(model, manager, found, visits, k) for k in range(cars)]


def _visits_of(state: State, slot: int) -> list[Visit]:
    """Visits that stand in the slot's routes, and those of its bin."""
    visits = [visit for route in state.routes[slot] for visit in route.visits]
    for store, option in enumerate(state.option):
        waiting = (state.tables.visits[index] for index in option.visits)
        visits += [v for v in waiting if v.slot == slot and v not in state.placed[store]]
    return visits


def _bin_price(state: State, visit: Visit) -> int:
    served, price = state.served(visit.store), state.tables.price
    others = served - visit.weight if visit in state.placed[visit.store] else served
    return price(visit.store, others) - price(visit.store, others + visit.weight)


def _add_times(model: Any, manager: Any, day: SlotTable, visits: list[Visit]) -> None:
    places = [*[visit.place for visit in visits], day.start_place, day.end_place]
    service = [*[visit.service for visit in visits], 0, 0]
    travel = [[day.to[a][b] for b in places] for a in places]
    # Waiting is what a day's span has beyond driving and service: its price goes on the span.
    rate = max(0, day.cost_travel - day.cost_wait)
    costs = model.RegisterTransitMatrix([[rate * seconds for seconds in row] for row in travel])
    model.SetArcCostEvaluatorOfAllVehicles(costs)
    spent = [[service[i] + seconds for seconds in row] for i, row in enumerate(travel)]
    horizon = day.latest_back
    model.AddDimension(model.RegisterTransitMatrix(spent), horizon, horizon, False, "time")
    time = model.GetDimensionOrDie("time")
    time.SetSpanCostCoefficientForAllVehicles(day.cost_wait)
    for node, visit in enumerate(visits):
        latest = max(visit.lo, min(visit.hi, horizon))
        time.CumulVar(manager.NodeToIndex(node)).SetRange(min(visit.lo, horizon), latest)
    model.SetFixedCostOfAllVehicles(day.cost_route)
    for car in range(day.vehicles):
        time.CumulVar(model.Start(car)).SetRange(day.shift_lo, horizon)
        time.SetSpanUpperBoundForVehicle(min(horizon, day.longest_work + day.lunch), car)
        if day.overtime:
            bound = pywrapcp.BoundCost(day.max_work + day.lunch, day.cost_overtime)
            time.SetSoftSpanUpperBoundForVehicle(bound, car)
        elif day.cost_balance and day.target < UNLIMITED:
            bound = pywrapcp.BoundCost(day.target + day.lunch, day.cost_balance)
            time.SetSoftSpanUpperBoundForVehicle(bound, car)
        if day.lunch and day.lunch_lo <= day.lunch_latest:
            lunch = model.solver().FixedDurationIntervalVar(
                day.lunch_lo, day.lunch_latest, day.lunch, False, f"lunch {car}"
            )
            # One length per index of the model; starts and ends stay for no time.
            stays = [service[manager.IndexToNode(i)] for i in range(model.Size())]
            time.SetBreakIntervalsOfVehicle([lunch], car, stays)


def _add_loads(model: Any, day: SlotTable, visits: list[Visit]) -> None:
    loads = (
        ("load", day.capacity, [visit.demand for visit in visits]),
        ("in store", day.in_store_limit, [visit.in_store for visit in visits]),
    )
    for name, limit, amounts in loads:
        if sum(amounts) > limit:
            transit = model.RegisterUnaryTransitVector([*amounts, 0, 0])
            model.AddDimension(transit, 0, limit, True, name)


def _add_limit(model: Any, watch: StateWatch, most: int) -> None:
    """Ends the library's search, which holds the interpreter's lock, by count or by the watch."""
    count = 0

    def is_over() -> bool:
        nonlocal count
        count += 1
        return count > most or (count % ASK_EVERY == 0 and not watch.goes_on())

    model.AddSearchMonitor(model.solver().CustomLimit(is_over))


def _path(model: Any, manager: Any, found: Any, visits: list[Visit], car: int) -> tuple[Visit, ...]:
    path, index = [], found.Value(model.NextVar(model.Start(car)))
    while not model.IsEnd(index):
        path.append(visits[manager.IndexToNode(index)])
        index = found.Value(model.NextVar(index))
    return tuple(path)
