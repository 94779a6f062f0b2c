"""Reads Cordeau's periodic instances and their published solutions into the array form."""

from dataclasses import dataclass
from math import ceil, hypot
from pathlib import Path

import numpy as np

from solvers import UNLIMITED, Problem, Solution

SCALE = 10_000
FOLDER = Path(__file__).parents[2] / "data" / "pvrp"


@dataclass(frozen=True)
class Instance:
    problem: Problem
    points: list[tuple[float, float]]  # depot first
    days: list[dict[int, frozenset[int]]]  # by store: option id → days

    def cost(self, solution: Solution) -> float:
        """Unrounded length of all routes."""
        legs = (
            zip([0, *(s + 1 for s in route)], [*(s + 1 for s in route), 0], strict=True)
            for routes in solution.routes
            for route in routes
        )
        return sum(self._length(a, b) for route in legs for a, b in route)

    def _length(self, a: int, b: int) -> float:
        (x, y), (u, v) = self.points[a], self.points[b]
        return hypot(x - u, y - v)


def read_instance(name: str, folder: Path = FOLDER) -> Instance:
    tokens = iter((folder / f"{name}.txt").read_text().split())
    kind, m, n, t = (int(next(tokens)) for _ in range(4))
    limits = [(float(next(tokens)), int(next(tokens))) for _ in range(t)]
    rows = []
    for _ in range(n + 1):
        _, x, y, d, q = int(next(tokens)), *(float(next(tokens)) for _ in range(4))
        f, a = int(next(tokens)), int(next(tokens))
        codes = [int(next(tokens)) for _ in range(a)]
        window = (0.0, float(UNLIMITED))
        if kind == 5:
            window = float(next(tokens)), float(next(tokens))
        rows.append((x, y, d, int(q), f, codes, window))
    return _build(rows, m, t, limits)


def _build(rows: list[tuple], m: int, t: int, limits: list[tuple[float, int]]) -> Instance:
    points = [(row[0], row[1]) for row in rows]
    travel = np.array(
        [[ceil(SCALE * hypot(x - u, y - v) - 1e-9) for u, v in points] for x, y in points]
    )
    option_ptr, entry_ptr, slots, days = [0], [0], [], []
    lo, hi = [], []
    for row in rows[1:]:
        days.append({})
        for code in row[5]:
            on = [k for k in range(t) if code >> (t - 1 - k) & 1]
            days[-1][len(entry_ptr) - 1] = frozenset(on)
            slots += on
            lo += [ceil(SCALE * row[6][0])] * len(on)
            hi += [min(UNLIMITED, int(SCALE * row[6][1]))] * len(on)
            entry_ptr.append(len(slots))
        option_ptr.append(len(entry_ptr) - 1)
    n, ones = len(rows) - 1, np.ones(t, int)
    longest = [int(SCALE * d) or UNLIMITED for d, _ in limits]
    problem = Problem(
        travel_s=travel[None],
        place_of_store=np.arange(1, n + 1),
        service_s=np.array([round(SCALE * row[2]) for row in rows[1:]]),
        in_store_s=np.zeros(n, int),
        demand=np.array([row[3] for row in rows[1:]]),
        required=np.array([max(1, row[4]) for row in rows[1:]]),
        miss_price=np.full(n, 10 * int(travel.max())),
        dear_price=np.zeros(n, int),
        dear_visits=np.zeros(n, int),
        option_ptr=np.array(option_ptr),
        option_cost=np.zeros(len(entry_ptr) - 1, int),
        entry_ptr=np.array(entry_ptr),
        entry_slot=np.array(slots),
        entry_lo=np.array(lo),
        entry_hi=np.array(hi),
        slot_weight=ones,
        slot_profile=0 * ones,
        slot_start_place=0 * ones,
        slot_end_place=0 * ones,
        slot_shift_lo=0 * ones,
        slot_shift_hi=UNLIMITED * ones,
        slot_max_work_s=np.array(longest),
        slot_overtime_s=0 * ones,
        slot_in_store_limit_s=UNLIMITED * ones,
        slot_balance_target_s=UNLIMITED * ones,
        slot_lunch_s=0 * ones,
        slot_lunch_lo=0 * ones,
        slot_lunch_hi=0 * ones,
        slot_vehicles=m * ones,
        slot_capacity=np.array([q for _, q in limits]),
        cost_travel=1,
        cost_wait=0,
        cost_overtime=0,
        cost_balance=0,
    )
    return Instance(problem, points, days)


def read_solution(instance: Instance, name: str, folder: Path = FOLDER) -> tuple[float, Solution]:
    lines = (folder / f"{name}.res").read_text().splitlines()
    n_slots = instance.problem.n_slots
    routes: list[list[tuple[int, ...]]] = [[] for _ in range(n_slots)]
    on: dict[int, set[int]] = {}
    for line in filter(str.strip, lines[1:]):
        day, _, _, _, *stops = line.split()
        route = tuple(int(c) - 1 for c in stops[1:-1])
        routes[int(day) - 1].append(route)
        for store in route:
            on.setdefault(store, set()).add(int(day) - 1)
    for store in set(range(instance.problem.n_stores)) - set(on):
        # p01's last customer sits at the depot and stands in no published route.
        (days,) = instance.days[store].values()
        on[store] = set(days)
        for day in days:
            routes[day].append((store,))
    vehicles = int(instance.problem.slot_vehicles[0])
    options = tuple(
        next(option for option, days in patterns.items() if days == on[store])
        for store, patterns in enumerate(instance.days)
    )
    filled = tuple(tuple(day + [()] * (vehicles - len(day))) for day in routes)
    return float(lines[0]), Solution(options, filled)
