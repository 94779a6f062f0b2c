"""Puts stops back into the order of the earlier plan where that costs nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from routeplanner.planning.encode import Encoding
from routeplanner.planning.replan.worth import with_stop
from solvers import Result, Solution, evaluate, evaluate_route

Tasks = tuple[int, ...]


def in_earlier_order(
    encoding: Encoding, result: Result, earlier: Solution, freeze_weeks: int
) -> Result:
    """Return the result with each route in the order that is nearest to the earlier plan's.

    Parameters
    ----------
    earlier
        The earlier plan as a solution of the problem.
    freeze_weeks
        In these first weeks the earlier order is kept wherever it breaks no limit; in others where
        the route costs no more for it.
    """
    routes = list(result.solution.routes)
    for slot, key in enumerate(encoding.keys):
        before, now = earlier.routes[slot][0], routes[slot][0]
        is_frozen = any(day.week <= freeze_weeks for day in key.days)
        routes[slot] = (_nearest(encoding, result.solution, slot, before, now, is_frozen),)
    if tuple(routes) == result.solution.routes:
        return result
    solution = replace(result.solution, routes=tuple(routes))
    return replace(result, solution=solution, evaluation=evaluate(encoding.problem, solution))


def _nearest(
    encoding: Encoding, solution: Solution, slot: int, before: Tasks, now: Tasks, is_frozen: bool
) -> Tasks:
    """Return the order of one route; of equally good ones that with most pairs as before."""
    if n_turned(before, now) == 0:
        return now
    best, least = now, evaluate_route(encoding.problem, solution, slot, now)[0]
    for order in _orders(encoding, slot, before, now):
        cost, is_feasible = evaluate_route(encoding.problem, solution, slot, order)
        if not is_feasible or n_turned(before, order) >= n_turned(before, best):
            continue
        if cost <= least or (is_frozen and set(now) <= set(before)):
            best, least = order, min(cost, least)
    return best


def _orders(encoding: Encoding, slot: int, before: Tasks, now: Tasks) -> Iterator[Tasks]:
    """The earlier order with new stops where they are the shortest way, and the way back."""
    order = tuple(task for task in before if task in now)
    for task in now:
        if task not in before:
            order = with_stop(encoding.problem, slot, order, task)
    yield order
    yield now[::-1]


def n_turned(before: Sequence[int], now: Sequence[int]) -> int:
    """Return the pairs of stops of both routes that have changed their order."""
    place = {task: i for i, task in enumerate(before)}
    kept = [place[task] for task in now if task in place]
    return sum(a > b for i, a in enumerate(kept) for b in kept[i + 1 :])
