"""Writes and reads solutions in the published `.res` format: cost, then a line a route."""

from collections.abc import Sequence

from benchmarks.cordeau import SCALE, CordeauError, Instance
from solvers import Frame, Solution, time_route

Routes = list[list[tuple[int, ...]]]  # by day


def write_solution(instance: Instance, solution: Solution) -> str:
    """The text of a solution; vehicles are numbered from 1 a day, those that stay do not appear."""
    lines = [f"{instance.cost(solution):.4f}"]
    for day, routes in enumerate(solution.routes):
        for vehicle, route in enumerate(filter(None, routes), 1):
            stops = " ".join(str(store + 1) for store in route)
            duration = _duration(instance, solution, day, route)
            load = sum(int(instance.problem.demand[store]) for store in route)
            load_text = f"{load / instance.load_scale:g}"
            lines.append(f"{day + 1} {vehicle} {duration:.4f} {load_text} 0 {stops} 0")
    return "\n".join(lines) + "\n"


def _duration(instance: Instance, solution: Solution, day: int, route: Sequence[int]) -> float:
    """Unrounded travel and service, and the waiting of the integer schedule."""
    problem = instance.problem
    windows = [
        next((lo, hi) for slot, lo, hi in problem.entries_of(option) if slot == day)
        for option in (solution.option_of_store[store] for store in route)
    ]
    timing = time_route(
        Frame.of_slot(problem, day),
        [int(problem.place_of_store[store]) for store in route],
        [int(problem.service_s[store]) for store in route],
        [lo for lo, _ in windows],
        [hi for _, hi in windows],
    )
    service = sum(instance.service[store] for store in route)
    return instance.length(route) + service + timing.wait_s / SCALE


def read_solution(instance: Instance, text: str, name: str = "solution") -> tuple[float, Solution]:
    """
    Read the text of a solution: the cost that it states, and its routes.

    A customer at the depot who has one pattern and stands in no route takes a vehicle of its own:
    published solutions leave p01's dummy out.

    Raises
    ------
    CordeauError
        Where the text has another form, or is no solution of the instance's days and vehicles.
    """
    lines = [
        (f"{name}:{number}", tokens)
        for number, line in enumerate(text.splitlines(), 1)
        if (tokens := line.split())
    ]
    if not lines:
        raise CordeauError(f"{name}:1: the cost is missing")
    (where, first), *rest = lines
    try:
        (cost,) = map(float, first)
    except ValueError:
        raise CordeauError(f"{where}: the first line must be the cost alone") from None
    routes: Routes = [[] for _ in range(instance.problem.n_slots)]
    for where, tokens in rest:
        day, route = _route(where, tokens)
        if not 0 <= day < len(routes):
            raise CordeauError(f"{where}: there is no day {day + 1}")
        if any(not 0 <= store < instance.problem.n_stores for store in route):
            raise CordeauError(f"{where}: there is no such customer")
        if route:
            routes[day].append(route)
    return cost, _solution(instance, routes, name)


def _route(where: str, tokens: list[str]) -> tuple[int, tuple[int, ...]]:
    try:
        day, _, _, _, begin, *stops, end = tokens
        if begin == end == "0":
            return int(day) - 1, tuple(int(stop) - 1 for stop in stops)
    except ValueError:
        pass
    raise CordeauError(f"{where}: a route must be 'day vehicle duration load 0 c1 c2 … 0'")


def _solution(instance: Instance, routes: Routes, name: str) -> Solution:
    problem = instance.problem
    days_of: list[set[int]] = [set() for _ in range(problem.n_stores)]
    for day, of_day in enumerate(routes):
        for store in (store for route in of_day for store in route):
            days_of[store].add(day)
    for store, patterns in enumerate(instance.days):
        if not days_of[store] and instance.points[store + 1] == instance.points[0]:
            only, *others = patterns.values()
            if not others:
                days_of[store] = set(only)
                for day in only:
                    routes[day].append((store,))
    options = []
    for store, patterns in enumerate(instance.days):
        fitting = [option for option, days in patterns.items() if days == days_of[store]]
        if not fitting:
            days = ", ".join(str(day + 1) for day in sorted(days_of[store])) or "no day"
            raise CordeauError(f"{name}: customer {store + 1} on {days} fits none of its patterns")
        options.append(fitting[0])
    vehicles = problem.slot_vehicles.tolist()
    if any(len(of_day) > n for of_day, n in zip(routes, vehicles, strict=True)):
        raise CordeauError(f"{name}: a day has more routes than vehicles")
    filled = tuple(
        (*of_day, *[()] * (n - len(of_day))) for of_day, n in zip(routes, vehicles, strict=True)
    )
    return Solution(tuple(options), filled)
