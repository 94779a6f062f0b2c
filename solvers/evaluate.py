"""Judges a solution from scratch: the objective as a table of named terms, and what is broken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from solvers.problem import Problem, Solution
from solvers.schedule import Frame, Timing, time_route

TERMS = ("travel", "waiting", "overtime", "balance", "routes", "options", "missing")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The value of a solution; the terms sum to the objective."""

    objective: int
    terms: dict[str, int]  # by TERMS
    missing_visits: int  # required visits that stand in no route, in days of the cycle
    infeasibilities: tuple[str, ...]  # a sentence each

    @property
    def is_feasible(self) -> bool:
        """Whether no rule of the problem is broken."""
        return not self.infeasibilities


def evaluate(problem: Problem, solution: Solution) -> Evaluation:
    """
    Evaluate a solution by the definitions of `Problem`, sharing no code with any search.

    Parameters
    ----------
    problem, solution
        A solution of the right shape; its content may be wrong in any way.

    Returns
    -------
    Evaluation
        Broken rules are `infeasibilities`, in words; the terms are computed all the same.

    Raises
    ------
    ValueError
        Where the numbers of stores, slots or vehicles are not the problem's, or a store or an
        option is none of its own.
    """
    check_shape(problem, solution)
    terms = dict.fromkeys(TERMS, 0)
    broken: list[str] = []
    served = [0] * problem.n_stores
    windows = [
        {slot: (lo, hi) for slot, lo, hi in problem.entries_of(option)}
        for option in solution.option_of_store
    ]
    for slot, routes in enumerate(solution.routes):
        weight = int(problem.slot_weight[slot])
        counts = Counter(store for route in routes for store in route)
        for store, times in counts.items():
            if times > 1:
                broken.append(f"store {store} stands {times} times in slot {slot}")
            if slot in windows[store]:
                served[store] += weight
            else:
                broken.append(f"store {store} stands in slot {slot}, not in its option")
        for route in filter(None, routes):
            wide = (int(problem.slot_shift_lo[slot]), int(problem.slot_shift_hi[slot]))
            bounds = [windows[store].get(slot, wide) for store in route]
            timing = _time(problem, slot, route, bounds)
            broken += _broken_limits(problem, slot, route, timing)
            for name, cost in _route_terms(problem, slot, timing).items():
                terms[name] += weight * cost
    missing_visits = _add_stores(problem, solution, served, terms)
    return Evaluation(sum(terms.values()), terms, missing_visits, tuple(broken))


def evaluate_route(
    problem: Problem, solution: Solution, slot: int, route: Sequence[int]
) -> tuple[int, bool]:
    """
    Return the cost of one route in a slot, all its days counted, and whether it breaks no limit.

    Stores have the windows of the solution's options; the route need not be one of the solution's.
    """
    if not route:
        return 0, True
    bounds = []
    for store in route:
        entries = problem.entries_of(solution.option_of_store[store])
        window = next(((lo, hi) for own, lo, hi in entries if own == slot), None)
        if window is None:
            return 0, False
        bounds.append(window)
    timing = _time(problem, slot, route, bounds)
    cost = sum(_route_terms(problem, slot, timing).values())
    broken = _broken_limits(problem, slot, route, timing)
    return int(problem.slot_weight[slot]) * cost, not broken


def _add_stores(
    problem: Problem, solution: Solution, served: Sequence[int], terms: dict[str, int]
) -> int:
    """Add what options and missing visits cost; returns the missing visits."""
    missing_visits = 0
    for store, option in enumerate(solution.option_of_store):
        missing = max(0, int(problem.required[store]) - served[store])
        dear = max(0, int(problem.dear_visits[store]) - served[store])
        terms["options"] += int(problem.option_cost[option])
        terms["missing"] += int(problem.miss_price[store]) * missing
        terms["missing"] += int(problem.dear_price[store]) * dear
        missing_visits += missing
    return missing_visits


def _time(
    problem: Problem, slot: int, route: Sequence[int], bounds: Sequence[tuple[int, int]]
) -> Timing:
    return time_route(
        Frame.of_slot(problem, slot),
        [int(problem.place_of_store[store]) for store in route],
        [int(problem.service_s[store]) for store in route],
        [lo for lo, _ in bounds],
        [hi for _, hi in bounds],
    )


def _route_terms(problem: Problem, slot: int, timing: Timing) -> dict[str, int]:
    above = max(0, timing.work_s - int(problem.slot_balance_target_s[slot]))
    return {
        "travel": problem.cost_travel * timing.travel_s,
        "waiting": problem.cost_wait * timing.wait_s,
        "overtime": problem.cost_overtime * timing.overtime_s,
        "balance": problem.cost_balance * above,
        "routes": problem.cost_route,
    }


def _broken_limits(problem: Problem, slot: int, route: Sequence[int], timing: Timing) -> list[str]:
    broken = []
    if timing.late_s:
        broken.append(f"the route of slot {slot} is {timing.late_s} s late")
    load = sum(int(problem.demand[store]) for store in route)
    if load > problem.slot_capacity[slot]:
        broken.append(f"a route of slot {slot} carries {load}, above its capacity")
    in_store = sum(int(problem.in_store_s[store]) for store in route)
    if in_store > problem.slot_in_store_limit_s[slot]:
        broken.append(f"a route of slot {slot} has {in_store} s in stores, above its limit")
    return broken


def check_shape(problem: Problem, solution: Solution) -> None:
    """Raise ValueError where a solution is none of this problem, whatever it breaks."""
    if len(solution.option_of_store) != problem.n_stores:
        raise ValueError(f"the solution has {len(solution.option_of_store)} stores")
    if [len(routes) for routes in solution.routes] != problem.slot_vehicles.tolist():
        raise ValueError("the solution's routes do not match the problem's slots and vehicles")
    for store, option in enumerate(solution.option_of_store):
        if option not in problem.options_of(store):
            raise ValueError(f"option {option} is none of store {store}")
    for routes in solution.routes:
        if any(not 0 <= store < problem.n_stores for route in routes for store in route):
            raise ValueError("a route names a store that the problem does not have")
