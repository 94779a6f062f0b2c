"""Judges a `.res` by the raw text of its instance alone; shares no code with anything else here.

`python -m benchmarks.recheck INSTANCE RES …` prints what is wrong; exit code 1 if anything is.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, inf, isfinite
from pathlib import Path

LENIENCE = 1e-6  # for sums of floats
ROUNDED = 0.01  # durations and loads of published solutions have two decimals


@dataclass(frozen=True)
class Violation:
    """A broken rule."""

    kind: str  # format, customer, pattern, repeated, vehicles, capacity, duration, window, …
    message: str


@dataclass(frozen=True)
class Verdict:
    """The cost computed anew and every broken rule."""

    cost: float
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class _Customer:
    x: float
    y: float
    service: float
    demand: float
    patterns: tuple[str, ...]  # of '0' and '1', day 1 first
    open: float
    close: float


@dataclass(frozen=True)
class _Text:
    n_vehicles: int
    limits: list[tuple[float, float]]  # by day: longest duration, capacity
    customers: list[_Customer]  # depot first


@dataclass(frozen=True)
class _Route:
    day: int  # from 1
    vehicle: int
    duration: float
    load: float
    stops: list[int]  # without the depot

    def __str__(self) -> str:
        return f"day {self.day}, vehicle {self.vehicle}"


def recheck(instance_text: str, res_text: str, cost_tolerance: float = 1e-4) -> Verdict:
    """
    Check a solution against everything that its instance demands.

    Parameters
    ----------
    instance_text, res_text
        What the two files hold. A customer at the depot who has one pattern and stands in no route
        is taken for p01's dummy: it takes a vehicle away on its days.
    cost_tolerance
        How far the stated cost may be from the computed one; published ones have two decimals.
    """
    text = _read_instance(instance_text)
    try:
        stated, routes = _read_res(res_text)
    except ValueError as error:
        return Verdict(inf, (Violation("format", str(error)),))
    n, n_days = len(text.customers) - 1, len(text.limits)
    foreign = [
        Violation("customer", f"{route}: no such day or customer")
        for route in routes
        if not 1 <= route.day <= n_days or any(not 1 <= stop <= n for stop in route.stops)
    ]
    if foreign:
        return Verdict(inf, tuple(foreign))
    routes += _dummies(text, routes)
    broken = _check_days(text, routes) + _check_vehicles(text, routes)
    cost = 0.0
    for route in routes:
        cost += _length(text, route.stops)
        broken += _check_route(text, route)
    if not abs(cost - stated) <= cost_tolerance:
        broken.append(Violation("cost", f"the cost is {cost:.6f}, not {stated}"))
    return Verdict(cost, tuple(broken))


def _read_instance(text: str) -> _Text:
    text = text.strip("\ufeff\x1a \r\n")
    words = iter(text.split())
    _, m, n, t = (int(next(words)) for _ in range(4))
    limits = [(float(next(words)) or inf, float(next(words))) for _ in range(t)]
    rows = [line.split() for line in text.splitlines() if line.strip()][1 + t :]
    assert len(rows) == n + 1
    customers = []
    for row in rows:
        x, y, service, demand = map(float, row[1:5])
        n_codes = int(row[6])
        patterns = tuple(f"{int(code):0{t}b}" for code in row[7 : 7 + n_codes])
        window = [float(word) for word in row[7 + n_codes :]] or [0.0, inf]
        customers.append(_Customer(x, y, service, demand, patterns, *window))
    return _Text(m, limits, customers)


def _read_res(text: str) -> tuple[float, list[_Route]]:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if not lines or len(lines[0]) != 1:
        raise ValueError("the first line must be the cost")
    routes = []
    for words in lines[1:]:
        if len(words) < 5 or words[4] != "0" or words[-1] != "0":
            raise ValueError(f"no route: {' '.join(words)}")
        stops = [int(word) for word in words[5:-1]]
        route = _Route(int(words[0]), int(words[1]), float(words[2]), float(words[3]), stops)
        routes.append(route)
    stated = float(lines[0][0])
    if not all(isfinite(v) for v in [stated, *(r.duration + r.load for r in routes)]):
        raise ValueError("a number is not finite")
    return stated, routes


def _dummies(text: _Text, routes: list[_Route]) -> list[_Route]:
    seen = {stop for route in routes for stop in route.stops}
    depot = text.customers[0]
    added: list[_Route] = []
    for customer, place in enumerate(text.customers):
        is_at_depot = (place.x, place.y) == (depot.x, depot.y)
        if customer and customer not in seen and is_at_depot and len(set(place.patterns)) == 1:
            for day in _days(place.patterns[0]):
                used = {route.vehicle for route in routes + added if route.day == day}
                vehicle = next(v for v in range(1, len(used) + 2) if v not in used)
                added.append(_Route(day, vehicle, place.service, place.demand, [customer]))
    return added


def _days(pattern: str) -> set[int]:
    return {day for day, bit in enumerate(pattern, 1) if bit == "1"}


def _check_days(text: _Text, routes: list[_Route]) -> list[Violation]:
    broken = []
    visits = Counter((stop, route.day) for route in routes for stop in route.stops)
    days_of: dict[int, set[int]] = {}
    for (customer, day), times in visits.items():
        days_of.setdefault(customer, set()).add(day)
        if times > 1:
            message = f"customer {customer} is visited {times} times on day {day}"
            broken.append(Violation("repeated", message))
    for customer, place in enumerate(text.customers):
        if customer:
            days = days_of.get(customer, set())
            if days not in [_days(pattern) for pattern in place.patterns or ("",)]:
                message = f"customer {customer} on days {sorted(days)}: none of its patterns"
                broken.append(Violation("pattern", message))
    return broken


def _check_vehicles(text: _Text, routes: list[_Route]) -> list[Violation]:
    broken = []
    used = Counter((route.day, route.vehicle) for route in routes if route.stops)
    for (day, vehicle), times in used.items():
        if times > 1:
            message = f"day {day}: vehicle {vehicle} has {times} routes"
            broken.append(Violation("vehicles", message))
        if not 1 <= vehicle <= text.n_vehicles:
            message = f"day {day}: there is no vehicle {vehicle}"
            broken.append(Violation("vehicles", message))
    for day, n in Counter(day for day, _ in used.elements()).items():
        if n > text.n_vehicles:
            message = f"day {day}: {n} routes for {text.n_vehicles} vehicles"
            broken.append(Violation("vehicles", message))
    return broken


def _check_route(text: _Text, route: _Route) -> list[Violation]:
    if not route.stops:
        return []
    broken = []
    longest, capacity = text.limits[route.day - 1]
    load = sum(text.customers[stop].demand for stop in route.stops)
    if load > capacity + LENIENCE:
        broken.append(Violation("capacity", f"{route}: carries {load:g} of {capacity:g}"))
    shortest, late = _shortest_duration(text, route.stops)
    broken += [Violation("window", f"{route}: {message}") for message in late]
    if shortest > longest + LENIENCE:
        message = f"{route}: takes {shortest:.6f}, longer than {longest:g}"
        broken.append(Violation("duration", message))
    if abs(route.load - load) > ROUNDED:
        broken.append(Violation("stated", f"{route}: load {load:g}, not {route.load:g}"))
    has_windows = text.customers[0].close < inf
    too_short = route.duration < shortest - ROUNDED
    if too_short or (not has_windows and route.duration > shortest + ROUNDED):
        message = f"{route}: duration {shortest:.4f}, not {route.duration:g}"
        broken.append(Violation("stated", message))
    return broken


def _shortest_duration(text: _Text, stops: list[int]) -> tuple[float, list[str]]:
    """How long the route takes at least, waiting included, and what begins too late.

    Forward for the earliest return; backward from it for the latest leaving.
    """
    depot = text.customers[0]
    path = [text.customers[stop] for stop in stops]
    late = []
    now, here = depot.open, depot
    for stop, place in zip(stops, path, strict=True):
        now = max(now + here.service + _distance(here, place), place.open)
        if now > place.close + LENIENCE:
            late.append(f"customer {stop} from {now:.6f}, after {place.close:g}")
        here = place
    back = now + here.service + _distance(here, depot)
    if back > depot.close + LENIENCE:
        late.append(f"back at {back:.6f}, after {depot.close:g}")
    leave, there = back, depot
    for place in reversed(path):
        latest = inf if late else place.close
        leave = min(leave - _distance(place, there) - place.service, latest)
        there = place
    leave -= _distance(depot, there)
    return back - leave, late


def _length(text: _Text, stops: list[int]) -> float:
    return sum(_distance(text.customers[a], text.customers[b]) for a, b in pairwise([0, *stops, 0]))


def _distance(a: _Customer, b: _Customer) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def main() -> int:
    """Check files given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recheck", description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("res", type=Path, nargs="+")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="of the cost")
    arguments = parser.parse_args()
    instance = arguments.instance.read_text(encoding="utf-8")
    n_broken = 0
    for path in arguments.res:
        verdict = recheck(instance, path.read_text(encoding="utf-8"), arguments.tolerance)
        print(f"{path.name}: {verdict.cost:.4f}, {len(verdict.violations)} violations")
        for violation in verdict.violations:
            print(f"  {violation.kind}: {violation.message}")
        n_broken += len(verdict.violations)
    return 1 if n_broken else 0


if __name__ == "__main__":
    sys.exit(main())
