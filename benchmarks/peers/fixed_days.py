"""Days by our own insertion, then the routes of each day by somebody else's routing."""

from collections.abc import Callable

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers.one_slot import made_feasible, one_slot, with_routes
from solvers import FirstOf, Problem, Solution, evaluate, solve

RouteSlot = Callable[[Problem, Solution, CpuSeconds, int], Solution]
"""(one-slot problem, its routes now, time, seed) → routes, which may break rules."""


def construct(problem: Problem, clock: CpuSeconds, seed: int, share: float) -> Solution:
    """A solution by insertion, which uses a share of the time to improve its choice of days."""
    part = CpuSeconds(share * clock.left())
    part.left()
    return solve(problem, "insertion", FirstOf((part, clock)), seed).solution


def improve_slots(
    problem: Problem, start: Solution, clock: CpuSeconds, seed: int, route_slot: RouteSlot
) -> Solution:
    """
    Route slot by slot, the time that is left shared in proportion to visits.

    What breaks a rule that the peer does not know is left out of its routes, and a slot whose cost
    it does not lower stays as it was.
    """
    solution = start
    n_visits = [sum(map(len, routes)) for routes in solution.routes]
    n_left = sum(n_visits)
    for slot in sorted(range(problem.n_slots), key=n_visits.__getitem__):
        left_s = clock.left()
        if left_s <= 0:
            break
        part = one_slot(problem, solution, slot)
        if n_visits[slot] and len(part.stores) > 1:
            limit = CpuSeconds(left_s * n_visits[slot] / n_left)
            limit.left()
            found = made_feasible(part.problem, route_slot(part.problem, part.start, limit, seed))
            if _cost(part.problem, found) < _cost(part.problem, part.start):
                solution = with_routes(solution, slot, part.back(found))
        n_left -= n_visits[slot]
    return solution


def _cost(problem: Problem, solution: Solution) -> int:
    return evaluate(problem, solution).objective
