"""What it is worth that a store was moved: what taking the move back would cost."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from routeplanner.planning.encode import Encoding
from solvers import Problem, Solution, evaluate_route

CANNOT_STAY = 2**60
"""Worth of the move of a store that has no choice on its earlier days."""


def worth_of_move(encoding: Encoding, solution: Solution, store: int) -> int:
    """Return the added cost of one store on its earlier days in place of those of a solution.

    Parameters
    ----------
    store
        Index among the stores of the encoding. All others stay where the solution has them.
    """
    problem = encoding.problem
    stay = _option_of_staying(encoding, store)
    if stay is None:
        return CANNOT_STAY
    options = list(solution.option_of_store)
    own = options[store]
    options[store] = stay
    back = replace(solution, option_of_store=tuple(options))
    added = int(problem.option_cost[stay] - problem.option_cost[own])
    slots = {slot for slot, _, _ in problem.entries_of(stay)}
    for slot, routes in enumerate(solution.routes):
        route = routes[0]
        if store in route:
            rest = tuple(task for task in route if task != store)
            added -= evaluate_route(problem, solution, slot, route)[0]
            added += evaluate_route(problem, solution, slot, rest)[0]
        else:
            rest = route
        if slot in slots:
            longer, is_feasible = evaluate_route(
                problem, back, slot, with_stop(problem, slot, rest, store)
            )
            missing = int(problem.miss_price[store]) * int(problem.slot_weight[slot])
            shorter = evaluate_route(problem, back, slot, rest)[0]
            added += longer - shorter if is_feasible else missing
    return added


def with_stop(problem: Problem, slot: int, route: Sequence[int], task: int) -> tuple[int, ...]:
    """Return a route with one more stop where that is the shortest way."""
    travel = problem.travel_s[problem.slot_profile[slot]]
    here = int(problem.place_of_store[task])
    places = [
        int(problem.slot_start_place[slot]),
        *(int(problem.place_of_store[stop]) for stop in route),
        int(problem.slot_end_place[slot]),
    ]

    def way(a: int, b: int) -> int:
        return int(travel[a, b]) if a >= 0 and b >= 0 else 0

    detours = [way(a, here) + way(here, b) - way(a, b) for a, b in pairwise(places)]
    position = detours.index(min(detours))
    return (*route[:position], task, *route[position:])


def _option_of_staying(encoding: Encoding, store: int) -> int | None:
    """The cheapest option without a visit out of place that has all visits a store can have."""
    choices = encoding.choices[store].choices
    options = encoding.problem.options_of(store)
    staying = [
        option for option, choice in zip(options, choices, strict=False) if choice.moved == 0
    ]
    return min(staying, key=lambda option: int(encoding.problem.option_cost[option]), default=None)
