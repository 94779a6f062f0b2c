"""OR-Tools' routing library as a peer, in two formulations.

`solve_by_days`, the method "ortools": days are fixed by our insertion, and each slot is a routing
model of its own, improved by guided local search from insertion's routes.

`solve_linked`, the method "ortools-linked": one routing model of all slots from the same start,
a node a visit, whose vehicles are tied to the patterns by constraints.

Ten CPU seconds, one seed, gap to the best known cost in percent:

    ==============  ====  ====  ====  =====  ====  ====  =====
    instance         p02   p04   p08    p23  pr03  pr07   mean
    ==============  ====  ====  ====  =====  ====  ====  =====
    ortools         3.87  1.77  7.57  13.50  5.34  0.37   5.40
    ortools-linked  3.87  1.77  7.51  13.19  5.41  1.12   5.48
    ==============  ====  ====  ====  =====  ====  ====  =====

With windows the linked model costs 0.0 % more on pr01, 0.2 % less on pr03, 1.9 % more on pr17. So
days first is the better formulation. Both owe most to insertion: the linked model alone, from a
bare construction, was 12 to 29 % above after six to eight seconds on p02, p04 and p08. A node for
each (store, day), of which a pattern's are active, was tried too and is worse than a node a visit:
30 % where that had 12 % (p04, six seconds).
"""

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers.fixed_days import construct, improve_slots
from benchmarks.peers.one_slot import made_feasible, one_slot, with_routes
from benchmarks.peers.routing_model import RoutingModel
from solvers import Problem, Solution, evaluate

SHARE = 0.8  # of the time, for insertion
MOST_NODES = 3000  # of a linked model: its matrices take memory by the square


def solve_by_days(problem: Problem, seconds: float, seed: int) -> Solution:
    """
    Fix days by insertion, then route each slot.

    Everything of a problem is modeled except: a working day is either priced for overtime or for
    balance; lunch may be laid into a drive. What breaks a rule thereby goes to its bin.
    """
    clock = CpuSeconds(seconds)
    start = construct(problem, clock, seed, SHARE)
    return improve_slots(problem, start, clock, seed, route_by_ortools)


def route_by_ortools(problem: Problem, start: Solution, limit: CpuSeconds, seed: int) -> Solution:
    """Better routes of a one-slot problem; visits are optional only where one is missing now."""
    is_complete = sum(map(len, start.routes[0])) == problem.n_stores
    return RoutingModel(problem, start, is_complete).search(limit, seed) or start


def solve_linked(problem: Problem, seconds: float, seed: int) -> Solution:
    """
    Choose options and routes in one model, from a start by insertion.

    Beyond what `solve_by_days` leaves out: options dearer than the start's are not tried, and where
    weights differ a missing visit has their mean.
    """
    clock = CpuSeconds(seconds)
    start = construct(problem, clock, seed, SHARE)
    before = evaluate(problem, start)
    model = RoutingModel(problem, start, before.missing_visits == 0)
    if len(model.nodes) > MOST_NODES:
        return start
    found = model.search(clock, seed)
    if found is None:
        return start
    for slot in range(problem.n_slots):
        part = one_slot(problem, found, slot)
        if not evaluate(part.problem, part.start).is_feasible:
            mended = made_feasible(part.problem, part.start)
            found = with_routes(found, slot, part.back(mended))
    after = evaluate(problem, found)
    return found if after.is_feasible and after.objective < before.objective else start
