"""The best objective of a tiny problem, by trying every choice and every order."""

from functools import cache
from itertools import permutations, product

from solvers import Frame, Problem, time_route

Visit = tuple[int, int, int, int]  # store, slot, earliest start, latest start


def best_objective(problem: Problem) -> int:
    """Enumerates options, which of their visits are made, and the routes of every slot."""

    @cache
    def best_route(visits: frozenset[Visit]) -> int | None:
        costs = (route_cost(problem, order) for order in permutations(sorted(visits)))
        return min((cost for cost in costs if cost is not None), default=None)

    @cache
    def best_slot(visits: frozenset[Visit], vehicles: int) -> int | None:
        if not visits:
            return 0
        if vehicles == 1:
            return best_route(visits)
        ordered = sorted(visits)
        totals = []
        for mask in range(1 << len(ordered)):
            one = frozenset(v for i, v in enumerate(ordered) if mask >> i & 1)
            first = best_route(one) if one else 0
            rest = best_slot(visits - one, vehicles - 1) if first is not None else None
            if first is not None and rest is not None:
                totals.append(first + rest)
        return min(totals, default=None)

    best = None
    for choices in product(*(store_choices(problem, s) for s in range(problem.n_stores))):
        total: int | None = sum(cost for _, cost in choices)
        placed = [visit for visits, _ in choices for visit in visits]
        for slot in range(problem.n_slots):
            if best is not None and total >= best:
                break
            here = frozenset(visit for visit in placed if visit[1] == slot)
            cost = best_slot(here, int(problem.slot_vehicles[slot]))
            if cost is None:
                break
            total += cost
        else:
            best = total if best is None else min(best, total)
    assert best is not None
    return best


def store_choices(problem: Problem, store: int) -> list[tuple[frozenset[Visit], int]]:
    """Sets of visits that a store may make, each with the least cost of option and missing."""
    costs: dict[frozenset[Visit], int] = {}
    for option in problem.options_of(store):
        entries = [(store, *entry) for entry in problem.entries_of(option)]
        for mask in range(1 << len(entries)):
            made = frozenset(e for i, e in enumerate(entries) if mask >> i & 1)
            served = sum(int(problem.slot_weight[slot]) for _, slot, _, _ in made)
            missing = max(0, int(problem.required[store]) - served)
            dear = max(0, int(problem.dear_visits[store]) - served)
            cost = int(problem.option_cost[option])
            cost += int(problem.miss_price[store]) * missing
            cost += int(problem.dear_price[store]) * dear
            costs[made] = min(cost, costs.get(made, cost))
    return list(costs.items())


def route_cost(problem: Problem, order: tuple[Visit, ...]) -> int | None:
    """The cost of a route in this order; none where it is infeasible."""
    slot, stores = order[0][1], [visit[0] for visit in order]
    if sum(int(problem.demand[s]) for s in stores) > problem.slot_capacity[slot]:
        return None
    if sum(int(problem.in_store_s[s]) for s in stores) > problem.slot_in_store_limit_s[slot]:
        return None
    longest = problem.slot_max_work_s[slot] + problem.slot_overtime_s[slot]
    if sum(int(problem.service_s[s]) for s in stores) > longest:
        return None
    timing = time_route(
        Frame.of_slot(problem, slot),
        [int(problem.place_of_store[s]) for s in stores],
        [int(problem.service_s[s]) for s in stores],
        [visit[2] for visit in order],
        [visit[3] for visit in order],
    )
    if not timing.is_feasible:
        return None
    return int(problem.slot_weight[slot]) * (
        problem.cost_route
        + problem.cost_travel * timing.travel_s
        + problem.cost_wait * timing.wait_s
        + problem.cost_overtime * timing.overtime_s
        + problem.cost_balance * max(0, timing.work_s - int(problem.slot_balance_target_s[slot]))
    )
