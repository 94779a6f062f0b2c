"""Cuts one slot out of a problem and a solution: what is left when days are fixed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from solvers import Problem, Solution, evaluate

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class OneSlot:
    """A slot as a problem of its own, with what its routes are now.

    Its evaluation differs from the whole by what does not depend on the slot's routes, and by
    options, which are free here.
    """

    problem: Problem
    stores: list[int]  # of the whole problem, by store of this one
    start: Solution

    def back(self, solution: Solution) -> Routes:
        """Routes in terms of the whole problem."""
        return tuple(tuple(self.stores[store] for store in route) for route in solution.routes[0])


def one_slot(problem: Problem, solution: Solution, slot: int) -> OneSlot:
    """The stores whose options have a visit in the slot, those in its bin included."""
    windows: dict[int, tuple[int, int]] = {}
    for store, option in enumerate(solution.option_of_store):
        for entry_slot, lo, hi in problem.entries_of(option):
            if entry_slot == slot:
                windows[store] = lo, hi
    stores = list(windows)
    n = len(stores)
    elsewhere = _served_elsewhere(problem, solution, slot)[stores]
    ends = [int(problem.slot_start_place[slot]), int(problem.slot_end_place[slot])]
    places = sorted({int(p) for p in [*problem.place_of_store[stores], *ends] if p >= 0})
    index_of = {place: index for index, place in enumerate(places)} | {-1: -1}
    values = {field.name: _cut(problem, field.name, slot, stores) for field in fields(problem)}
    values |= {
        "travel_s": problem.travel_s[int(problem.slot_profile[slot])][np.ix_(places, places)][None],
        "slot_profile": np.zeros(1, int),
        "slot_start_place": np.array([index_of[ends[0]]]),
        "slot_end_place": np.array([index_of[ends[1]]]),
        "place_of_store": np.array([index_of[int(p)] for p in problem.place_of_store[stores]], int),
        "required": np.maximum(0, problem.required[stores] - elsewhere),
        "dear_visits": np.maximum(0, problem.dear_visits[stores] - elsewhere),
        "option_ptr": np.arange(n + 1),
        "option_cost": np.zeros(n, int),
        "entry_ptr": np.arange(n + 1),
        "entry_slot": np.zeros(n, int),
        "entry_lo": np.array([lo for lo, _ in windows.values()], int),
        "entry_hi": np.array([hi for _, hi in windows.values()], int),
    }
    of_store = {store: index for index, store in enumerate(stores)}
    routes = tuple(tuple(of_store[store] for store in route) for route in solution.routes[slot])
    return OneSlot(Problem(**values), stores, Solution(tuple(range(n)), (routes,)))


def _cut(problem: Problem, name: str, slot: int, stores: list[int]) -> Any:
    value = getattr(problem, name)
    if not isinstance(value, np.ndarray):
        return value
    if name.startswith("slot_"):
        return value[[slot]]
    return value[stores] if len(value) == problem.n_stores else value


def _served_elsewhere(problem: Problem, solution: Solution, slot: int) -> Any:
    served = np.zeros(problem.n_stores, np.int64)
    for other, routes in enumerate(solution.routes):
        if other != slot:
            for route in routes:
                served[list(route)] += problem.slot_weight[other]
    return served


def with_routes(solution: Solution, slot: int, routes: Routes) -> Solution:
    """The solution with other routes in a slot."""
    return Solution(
        solution.option_of_store, (*solution.routes[:slot], routes, *solution.routes[slot + 1 :])
    )


def made_feasible(problem: Problem, solution: Solution) -> Solution:
    """
    A solution of one slot without the visits that break its limits.

    A peer whose model lacks a rule may overfill a route; one visit after another goes to the bin,
    that of least loss whose leaving mends the route, else the cheapest to leave out.
    """
    routes = [list(route) for route in solution.routes[0]]
    for vehicle, route in enumerate(routes):
        while route and not _judge(problem, vehicle, route)[0]:
            judged = [
                (_judge(problem, vehicle, route[:i] + route[i + 1 :]), i) for i in range(len(route))
            ]
            mending = [(cost, i) for (is_feasible, cost), i in judged if is_feasible]
            leaving = mending or [(_price(problem, store), i) for i, store in enumerate(route)]
            del route[min(leaving)[1]]
    return Solution(solution.option_of_store, (tuple(tuple(route) for route in routes),))


def _judge(problem: Problem, vehicle: int, route: Sequence[int]) -> tuple[bool, int]:
    empty: list[tuple[int, ...]] = [()] * int(problem.slot_vehicles[0])
    empty[vehicle] = tuple(route)
    judged = evaluate(problem, Solution(tuple(range(problem.n_stores)), (tuple(empty),)))
    return judged.is_feasible, judged.objective


def _price(problem: Problem, store: int) -> int:
    first = int(problem.dear_price[store]) if problem.dear_visits[store] else 0
    return int(problem.miss_price[store]) + first
