"""Compiled search for the cheapest route of a slot under prizes of visits.

Routes may come back to a store once they were far enough away (ng-routes: Baldacci, Mingozzi and
Roberti 2011, doi 10.1287/opre.1110.0975), so that the least cost found is at most that of any real
route. All costs are whole numbers: nothing hangs on rounding.
"""

from typing import Any

import numpy as np

from solvers.bounds.folder import entry, inner

FAR = 2**60

# Rows of `visits`, one column a store.
LO, HI, SERVICE, DEMAND, IN_STORE, LAST_COST, LAST_S = range(7)
# Rows of `legs` (3, n, n) and of `first` (3, n); those of `first` hold for the way from the start.
LEG_COST, LEG_SPENT, LEG_WORK = range(3)
# Items of `limits`.
(
    MOST_SPENT,
    MOST_WORK,
    LATEST_BACK,
    CAPACITY,
    MOST_IN_STORE,
    STEP,
    EARLIEST,
    FREE_WORK,
    FREE_BACK,
    OVERTIME_COST,
    TARGET,
    BALANCE_COST,
    LUNCH_S,
    LUNCH_LO,
    LUNCH_HI,
) = range(15)
N_LIMITS = 15
# Columns of a label's sums, of which less is better.
COST, SPENT, WORK, LEFT, LOAD, STAYED = range(6)


@entry
def completions(
    steps: Any, ends: Any, between: Any, best: Any, following: Any, other: Any
) -> None:
    """
    Least cost of finishing a route from each store, by the steps spent so far.

    Routes may come back to any store, but for going to and fro between two.

    Parameters
    ----------
    steps
        (n, n) how many steps of the scarcest resource each leg takes, at least 1.
    ends
        (n, n_steps) cost of ending at a store; FAR where it is too late.
    between
        (n, n) cost of each leg, less the prize of the visit at its end.
    best, following, other
        (n, n_steps) to fill: the least cost, the next store with it (-1: none), and the least cost
        by way of another.
    """
    n, n_steps = best.shape
    for step in range(n_steps - 1, -1, -1):
        for i in range(n):
            first, second, to = ends[i, step], FAR, -1
            for j in range(n):
                then = step + steps[i, j]
                if j == i or then >= n_steps:
                    continue
                rest = other[j, then] if following[j, then] == i else best[j, then]
                if rest >= FAR:
                    continue
                cost = between[i, j] + rest
                if cost < first:
                    first, second, to = cost, first, j
                elif cost < second:
                    second = cost
            best[i, step], other[i, step], following[i, step] = first, second, to


@inner
def _end_cost(limits: Any, work: int, left: int, last_s: int) -> int:
    """Overtime and balance of a route that ends; FAR where it is too late."""
    work += last_s
    back = left + last_s
    lunch = limits[LUNCH_S]
    if lunch > 0 and back > limits[LUNCH_HI] - lunch:
        # Lunch is eaten on the way, or before leaving.
        back = min(back + lunch, max(back, limits[LUNCH_LO] + lunch + work))
    if work > limits[MOST_WORK] or back > limits[LATEST_BACK]:
        return FAR
    over = max(0, work - limits[FREE_WORK], back - limits[FREE_BACK])
    above = max(0, work - limits[TARGET])
    return limits[OVERTIME_COST] * over + limits[BALANCE_COST] * above


@inner
def _dominates(sums: Any, seen: Any, a: int, b: int, is_exact: bool) -> bool:
    """Whether whatever completes label b completes label a at no more cost."""
    for column in range(6):
        if sums[a, column] > sums[b, column]:
            return False
    if not is_exact:
        return True
    return (seen[a, 0] & ~seen[b, 0]) == 0 and (seen[a, 1] & ~seen[b, 1]) == 0


@entry
def cheapest_routes(
    visits: Any,
    first: Any,
    legs: Any,
    limits: Any,
    near: Any,
    best: Any,
    following: Any,
    other: Any,
    threshold: int,
    is_exact: bool,
    most_labels: int,
    most_checks: int,
) -> tuple[Any, Any, Any, bool]:
    """
    Cheapest routes below a threshold, the best one for each last store.

    Parameters
    ----------
    visits, first, legs, limits
        (7, n), (3, n), (3, n, n) and (N_LIMITS,), see the names above. Costs of legs are less the
        prize of the visit at their end.
    near
        (n, 2) 128 bits a store: the stores whose visits are remembered there, itself among them.
    best, following, other
        From `completions`.
    is_exact
        Else a label that was elsewhere may take the place of one that is dearer, which is quick.
    most_labels, most_checks
        When to give up: labels, and comparisons of two.

    Returns
    -------
    Costs (n,), lengths (n,) and routes (n, longest) by last store, and whether all was searched:
    with `is_exact` then no route is cheaper than the least of these costs and the threshold.
    """
    n = visits.shape[1]
    n_steps = best.shape[1]
    sums = np.empty((most_labels, 6), np.int64)
    seen = np.empty((most_labels, 2), np.uint64)
    node = np.empty(most_labels, np.int32)
    parent = np.empty(most_labels, np.int32)
    is_alive = np.empty(most_labels, np.bool_)
    next_in_step = np.empty(most_labels, np.int32)
    next_at_node = np.empty(most_labels, np.int32)
    head_of_step = np.full(n_steps, -1, np.int32)
    head_of_node = np.full(n, -1, np.int32)
    costs = np.full(n, FAR, np.int64)
    ends = np.full(n, -1, np.int64)
    count = 0
    is_complete = True
    least, checks = threshold, 0
    # Label -1 stands for the start; then the labels by what they have spent.
    for step in range(-1, n_steps):
        label = -1 if step < 0 else head_of_step[step]
        while label >= 0 or step < 0:
            if step < 0 or is_alive[label]:
                at = -1 if step < 0 else node[label]
                if at >= 0:
                    more = _end_cost(limits, sums[label, WORK], sums[label, LEFT], visits[LAST_S, at])
                    cost = sums[label, COST] + visits[LAST_COST, at] + more
                    if more < FAR and cost < min(threshold, costs[at]):
                        costs[at] = cost
                        ends[at] = label
                        if is_exact:
                            least = min(least, cost)
                for j in range(n):
                    if j == at or count >= most_labels:
                        continue
                    word, bit = j >> 6, np.uint64(1) << np.uint64(j & 63)
                    if at >= 0:
                        if seen[label, word] & bit:
                            continue
                        cost = sums[label, COST] + legs[LEG_COST, at, j]
                        spent = sums[label, SPENT] + legs[LEG_SPENT, at, j]
                        work = sums[label, WORK] + legs[LEG_WORK, at, j]
                        left = sums[label, LEFT] + legs[LEG_WORK, at, j] - visits[SERVICE, j]
                        load = sums[label, LOAD] + visits[DEMAND, j]
                        stayed = sums[label, STAYED] + visits[IN_STORE, j]
                    else:
                        cost, spent = first[LEG_COST, j], first[LEG_SPENT, j]
                        work = first[LEG_WORK, j]
                        left = limits[EARLIEST] + first[LEG_WORK, j] - visits[SERVICE, j]
                        load, stayed = visits[DEMAND, j], visits[IN_STORE, j]
                    then = spent // limits[STEP]
                    if then >= n_steps or spent > limits[MOST_SPENT]:
                        continue
                    if left > visits[HI, j] or work + visits[LAST_S, j] > limits[MOST_WORK]:
                        continue
                    if load > limits[CAPACITY] or stayed > limits[MOST_IN_STORE]:
                        continue
                    left = max(left, visits[LO, j]) + visits[SERVICE, j]
                    seen0, seen1 = np.uint64(0), np.uint64(0)
                    if at >= 0:
                        seen0, seen1 = seen[label, 0], seen[label, 1]
                    seen0, seen1 = seen0 & near[j, 0], seen1 & near[j, 1]
                    rest = best[j, then]
                    to = following[j, then]
                    if to >= 0:
                        was = seen0 if to < 64 else seen1
                        if was >> np.uint64(to & 63) & np.uint64(1):
                            rest = other[j, then]
                    if rest >= FAR or cost + rest >= least:
                        continue
                    if word == 0:
                        seen0 |= bit
                    else:
                        seen1 |= bit
                    sums[count, COST], sums[count, SPENT], sums[count, WORK] = cost, spent, work
                    sums[count, LEFT], sums[count, LOAD], sums[count, STAYED] = left, load, stayed
                    seen[count, 0], seen[count, 1] = seen0, seen1
                    # Dominated by an earlier one, or the end of earlier ones.
                    before, earlier = -1, head_of_node[j]
                    is_new = True
                    while earlier >= 0:
                        after = next_at_node[earlier]
                        checks += 1
                        if _dominates(sums, seen, earlier, count, is_exact):
                            is_new = False
                            break
                        if _dominates(sums, seen, count, earlier, is_exact):
                            is_alive[earlier] = False
                            if before < 0:
                                head_of_node[j] = after
                            else:
                                next_at_node[before] = after
                        else:
                            before = earlier
                        earlier = after
                    if not is_new:
                        continue
                    node[count], parent[count], is_alive[count] = j, label, True
                    next_at_node[count] = head_of_node[j]
                    head_of_node[j] = count
                    next_in_step[count] = head_of_step[then]
                    head_of_step[then] = count
                    count += 1
                if count >= most_labels or checks >= most_checks:
                    is_complete = False
            if step < 0 or not is_complete:
                break
            label = next_in_step[label]
        if not is_complete:
            break
    lengths = np.zeros(n, np.int64)
    for i in range(n):
        label = ends[i]
        while label >= 0:
            lengths[i] += 1
            label = parent[label]
    routes = np.full((n, max(1, lengths.max() if n else 1)), -1, np.int32)
    for i in range(n):
        label, place = ends[i], lengths[i]
        while label >= 0:
            place -= 1
            routes[i, place] = node[label]
            label = parent[label]
    return costs, lengths, routes, is_complete
