"""Compiled search for the cheapest route of a slot under prizes of visits.

Routes may come back to a store once they were far enough away (ng-routes: Baldacci, Mingozzi and
Roberti 2011, doi 10.1287/opre.1110.0975), so that the least cost found is at most that of any real
route. All costs are whole numbers: nothing hangs on rounding.
"""

from typing import Any

import numpy as np

from solvers.bounds.kernels.folder import entry, inner

FAR = 2**60

# Rows of `visits` (7, n).
LO, HI, SERVICE, DEMAND, IN_STORE, LAST_COST, LAST_S = range(7)
# Rows of `legs` (3, n + 1, n); the last of the n + 1 is the way from the start.
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
    LATEST_LUNCH,
) = range(15)
N_LIMITS = 15
# Columns of a label's sums, of which less is better, and of its links. LEFT is when the last store
# is left at the earliest with no lunch so far, FED the same with lunch eaten: FAR where never.
COST, SPENT, WORK, LEFT, FED, LOAD, STAYED = range(7)
N_SUMS = 7
NODE, PARENT, NEXT_IN_STEP, NEXT_AT_NODE, IS_ALIVE = range(5)
N_LINKS = 5
NONE = -1
# Items of the state of a search.
STEP_AT, N_LABELS, CHECKS, LEAST = range(4)
N_STATE = 4

# How much must speak for a label to take the place of another.
HASTY, CAREFUL, EXACT = range(3)
# How a search stands after a while.
PAUSED, GIVEN_UP, ENDED = range(3)


@entry
def completions(steps: Any, ends: Any, between: Any, best: Any, following: Any, other: Any) -> None:
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


@entry
def take_up(
    visits: Any,
    legs: Any,
    limits: Any,
    near: Any,
    rests: Any,
    labels: Any,
    state: Any,
    care: int,
    most_checks: int,
    most_work: int,
) -> int:
    """
    Take up labels in search of the cheapest route to each last store; for a while.

    A label is a route so far. Labels are taken up by the steps that they have spent of the scarcest
    resource; one that is no better than another at the same store in any way is dropped.

    Parameters
    ----------
    visits, legs, limits
        See the names above. Costs of legs are less the prize of the visit at their end.
    near
        (n, 2) 128 bits a store: the stores whose visits are remembered there, itself among them.
    rests
        What `completions` filled: best, following, other.
    labels, state
        Where the search stands; see `solvers.bounds.label_search`.
    care
        HASTY: a label takes the place of another that costs and has spent more. CAREFUL: if it is
        no worse in any sum. EXACT: if besides it has seen no other store; nothing is lost.
    most_checks
        When to give up: comparisons of two labels. So it does where there is no room for more.
    most_work
        When to pause: comparisons and ways on that were looked at in this call.

    Returns
    -------
    PAUSED, GIVEN_UP, or ENDED: with EXACT then no route is cheaper than the least cost so far.
    """
    sums, seen, links, head_of_step, head_of_node, costs, ends = labels
    n, n_steps = rests[0].shape
    count, checks, least, work = state[N_LABELS], state[CHECKS], state[LEAST], 0
    for step in range(state[STEP_AT], n_steps):
        label = _next_label(head_of_step, links, step)
        while label != NONE:
            at = links[label, NODE]
            if at < n:
                cost = _end_cost(visits, limits, sums[label], at)
                if cost < costs[at]:
                    costs[at], ends[at] = cost, label
                    if care == EXACT:
                        least = min(least, cost)
            work += n
            for j in range(n):
                if count >= len(sums) or checks >= most_checks:
                    return GIVEN_UP
                if not _extend(visits, legs, limits, near, sums, seen, label, at, j, count):
                    continue
                then = sums[count, SPENT] // limits[STEP]
                if sums[count, COST] + _rest(rests, seen[count], j, then) >= least:
                    continue
                seen[count, j >> 6] |= np.uint64(1) << np.uint64(j & 63)
                is_new, done = _enter(sums, seen, links, head_of_node, j, count, care)
                checks += done
                work += done
                if is_new:
                    links[count, NODE], links[count, PARENT] = j, label
                    links[count, NEXT_IN_STEP], head_of_step[then] = head_of_step[then], count
                    count += 1
            if work >= most_work:
                state[STEP_AT], state[N_LABELS] = step, count
                state[CHECKS], state[LEAST] = checks, least
                return PAUSED
            label = _next_label(head_of_step, links, step)
    return ENDED


@inner
def _next_label(head_of_step: Any, links: Any, step: int) -> int:
    """Take the next label of a step that was not dropped; NONE where there is none."""
    label = head_of_step[step]
    while label != NONE and not links[label, IS_ALIVE]:
        label = links[label, NEXT_IN_STEP]
    head_of_step[step] = NONE if label == NONE else links[label, NEXT_IN_STEP]
    return label


@inner
def _end_cost(visits: Any, limits: Any, label: Any, at: int) -> int:
    """Cost of a route that ends now, overtime and balance included; FAR where it is too late."""
    work = label[WORK] + visits[LAST_S, at]
    back = label[LEFT] + visits[LAST_S, at]
    if back > limits[LATEST_LUNCH]:  # else lunch is eaten afterwards
        back = label[FED] + visits[LAST_S, at]
    if work > limits[MOST_WORK] or back > limits[LATEST_BACK]:
        return FAR
    over = max(0, work - limits[FREE_WORK], back - limits[FREE_BACK])
    above = max(0, work - limits[TARGET])
    more = limits[OVERTIME_COST] * over + limits[BALANCE_COST] * above
    return label[COST] + visits[LAST_COST, at] + more


@inner
def _extend(
    visits: Any,
    legs: Any,
    limits: Any,
    near: Any,
    sums: Any,
    seen: Any,
    label: int,
    at: int,
    j: int,
    to: int,
) -> bool:
    """Write label `to`: a label that goes on to store j; whether it may."""
    word, bit = j >> 6, np.uint64(1) << np.uint64(j & 63)
    if j == at or seen[label, word] & bit:
        return False
    seen[to, 0], seen[to, 1] = seen[label, 0] & near[j, 0], seen[label, 1] & near[j, 1]
    sums[to, COST] = sums[label, COST] + legs[LEG_COST, at, j]
    sums[to, SPENT] = sums[label, SPENT] + legs[LEG_SPENT, at, j]
    sums[to, WORK] = sums[label, WORK] + legs[LEG_WORK, at, j]
    sums[to, LOAD] = sums[label, LOAD] + visits[DEMAND, j]
    sums[to, STAYED] = sums[label, STAYED] + visits[IN_STORE, j]
    leg = legs[LEG_WORK, at, j] - visits[SERVICE, j]
    sums[to, LEFT] = _departure(visits, sums[label, LEFT] + leg, j)
    sums[to, FED] = _departure(visits, sums[label, FED] + leg, j)
    lunch = max(sums[to, LEFT], limits[LUNCH_LO])
    if lunch <= limits[LATEST_LUNCH]:
        sums[to, FED] = min(sums[to, FED], lunch + limits[LUNCH_S])
    return (
        min(sums[to, LEFT], sums[to, FED]) < FAR
        and sums[to, SPENT] <= limits[MOST_SPENT]
        and sums[to, WORK] <= limits[MOST_WORK]
        and sums[to, LOAD] <= limits[CAPACITY]
        and sums[to, STAYED] <= limits[MOST_IN_STORE]
    )


@inner
def _departure(visits: Any, arrive: int, j: int) -> int:
    """When store j is left at the earliest; FAR where it is reached too late."""
    return max(arrive, visits[LO, j]) + visits[SERVICE, j] if arrive <= visits[HI, j] else FAR


@inner
def _rest(rests: Any, seen: Any, j: int, step: int) -> int:
    """Least cost of finishing a route that is at store j and has seen others."""
    best, following, other = rests
    to = following[j, step]
    if to >= 0 and seen[to >> 6] >> np.uint64(to & 63) & np.uint64(1):
        return other[j, step]
    return best[j, step]


@inner
def _enter(
    sums: Any, seen: Any, links: Any, head_of_node: Any, j: int, new: int, care: int
) -> tuple[bool, int]:
    """Put a label among those at its store unless one is as good; drop those that are no better.

    They stand in the order of their costs: none is as good as a cheaper one.

    Returns whether it was put there, and how many it was compared with.
    """
    before, earlier, checks = NONE, head_of_node[j], 0
    while earlier != NONE and sums[earlier, COST] <= sums[new, COST]:
        checks += 1
        if _is_as_good(sums, seen, earlier, new, care):
            return False, checks
        before, earlier = earlier, links[earlier, NEXT_AT_NODE]
    links[new, IS_ALIVE] = 1
    if before == NONE:
        head_of_node[j] = new
    else:
        links[before, NEXT_AT_NODE] = new
    before = new
    while earlier != NONE:
        checks += 1
        if _is_as_good(sums, seen, new, earlier, care):
            links[earlier, IS_ALIVE] = 0
        else:
            links[before, NEXT_AT_NODE] = earlier
            before = earlier
        earlier = links[earlier, NEXT_AT_NODE]
    links[before, NEXT_AT_NODE] = NONE
    return True, checks


@inner
def _is_as_good(sums: Any, seen: Any, a: int, b: int, care: int) -> bool:
    """Whether whatever completes label b completes label a at no more cost; see `care`."""
    if sums[a, COST] > sums[b, COST] or sums[a, SPENT] > sums[b, SPENT]:
        return False
    if care >= CAREFUL:
        for column in range(WORK, STAYED + 1):
            if sums[a, column] > sums[b, column]:
                return False
    if care < EXACT:
        return True
    return (seen[a, 0] & ~seen[b, 0]) == 0 and (seen[a, 1] & ~seen[b, 1]) == 0


@entry
def orders(ends: Any, links: Any) -> tuple[Any, Any]:
    """Lengths (n,) and stores (n, longest) of the routes that end at labels (n,)."""
    n = len(ends)
    lengths = np.zeros(n, np.int64)
    for i in range(n):
        label = ends[i]
        while label > 0:
            lengths[i] += 1
            label = links[label, PARENT]
    routes = np.full((n, max(1, lengths.max())), NONE, np.int32)
    for i in range(n):
        label, place = ends[i], lengths[i]
        while label > 0:
            place -= 1
            routes[i, place] = links[label, NODE]
            label = links[label, PARENT]
    return lengths, routes
