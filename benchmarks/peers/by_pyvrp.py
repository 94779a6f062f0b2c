"""PyVRP as a peer: days are fixed by our insertion, each slot's routes by its iterated search."""

import warnings
from typing import Any

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers.fixed_days import construct, improve_slots
from benchmarks.peers.limits import is_timed, loads
from solvers import UNLIMITED, Problem, Solution

SHARE = 0.8  # of the time, for insertion
LEAST_CAP = 100_000.0  # of PyVRP's penalties, its default, too low for long legs and small loads
LEG_SHARE = 0.1  # of the cost of the longest leg, the cap where that is higher


def solve_by_days(problem: Problem, seconds: float, seed: int) -> Solution:
    """
    Fix days by insertion, then route each slot from insertion's routes.

    A slot is a vehicle routing problem with windows, capacity, in-store limit, longest work and
    prices of waiting. Visits are required where all have a place already, else each has its price
    as a prize. PyVRP knows no lunch: the clock of the model stands still while lunch lasts, as soon
    as it may begin. It has one price of long days: for overtime where the slot allows any, else for
    balance. What breaks a rule thereby goes to its bin.

    Ten CPU seconds, one seed, in percent above the best known cost: p02 3.87, p04 1.71, p08 6.21,
    p23 9.98, pr03 4.93, pr07 1.02. Of the shares 0.3, 0.5 and 0.8 for insertion the last was best
    on most instances; on large ones (pr09, with windows pr19) another was better by 1.1 %.
    """
    clock = CpuSeconds(seconds)
    start = construct(problem, clock, seed, SHARE)
    return improve_slots(problem, start, clock, seed, route_by_pyvrp)


def route_by_pyvrp(problem: Problem, start: Solution, limit: CpuSeconds, seed: int) -> Solution:
    """Better routes of a one-slot problem."""
    data = _data(problem, start)
    initial = pyvrp.Solution(data, [list(route) for route in start.routes[0] if route])
    dearest = int(problem.travel_s.max()) * data.vehicle_type(0).unit_distance_cost
    parameters = pyvrp.SolveParams(
        penalty=pyvrp.PenaltyParams(max_penalty=max(LEAST_CAP, LEG_SHARE * dearest))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        found = pyvrp.solve(
            data,
            lambda best_cost: limit.left() <= 0,
            seed,
            collect_stats=False,
            display=False,
            params=parameters,
            initial_solution=initial,
        ).best
    routes = [
        tuple(activity.idx for activity in route if activity.is_client())
        for route in found.routes()
    ]
    empty = [()] * (int(problem.slot_vehicles[0]) - len(routes))
    return Solution(start.option_of_store, ((*routes, *empty),))


def _data(problem: Problem, start: Solution) -> pyvrp.ProblemData:
    travel: Any = np.pad(
        problem.travel_s[0], ((0, 1), (0, 1))
    )  # the last place is nowhere: open ends
    np.fill_diagonal(travel, 0)
    ends = [int(problem.slot_start_place[0]), int(problem.slot_end_place[0])]
    timed = is_timed(problem)
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in travel],
        _clients(problem, start, timed),
        [pyvrp.Depot(end % len(travel)) for end in ends],
        [_vehicles(problem, timed)],
        [travel],
        [travel if timed else 0 * travel],
    )


def _clients(problem: Problem, start: Solution, timed: bool) -> list[pyvrp.Client]:
    """Visits; all of them required where all stand in routes, else each with its price as prize."""
    weight = int(problem.slot_weight[0])
    required = problem.n_stores == sum(map(len, start.routes[0]))
    clients: list[pyvrp.Client] = []
    for store in range(problem.n_stores):
        service = int(problem.service_s[store]) if timed else 0
        lo, hi = int(problem.entry_lo[store]), int(problem.entry_hi[store])
        lo, hi = (_clock(problem, max(0, lo)), _clock(problem, hi)) if timed else (0, UNLIMITED)
        missed = min(weight, int(problem.required[store])) * int(problem.miss_price[store])
        dear = min(weight, int(problem.dear_visits[store])) * int(problem.dear_price[store])
        clients.append(
            pyvrp.Client(
                int(problem.place_of_store[store]),
                delivery=[int(amounts[store]) for _, amounts, _ in loads(problem)],
                service_duration=service,
                tw_early=lo,
                tw_late=max(lo, hi),
                prize=missed + dear + weight * problem.cost_wait * service,
                required=required,
            )
        )
    return clients


def _clock(problem: Problem, time_s: int) -> int:
    """A time of day on a clock that stands still during lunch, taken as soon as it may be."""
    begin, lunch = int(problem.slot_lunch_lo[0]), int(problem.slot_lunch_s[0])
    return min(time_s, max(begin, time_s - lunch))


def _vehicles(problem: Problem, timed: bool) -> pyvrp.VehicleType:
    weight = int(problem.slot_weight[0])
    longest, overtime = int(problem.slot_max_work_s[0]), int(problem.slot_overtime_s[0])
    target = int(problem.slot_balance_target_s[0])
    free, dear, price = longest, overtime, problem.cost_overtime
    if not overtime and problem.cost_balance and target < longest:
        free, dear, price = target, longest - target, problem.cost_balance
    latest = int(problem.slot_shift_hi[0]) + overtime
    return pyvrp.VehicleType(
        num_available=int(problem.slot_vehicles[0]),
        capacity=[int(limits[0]) for _, _, limits in loads(problem)],
        start_depot=0,
        end_depot=1,
        fixed_cost=weight * problem.cost_route,
        tw_early=_clock(problem, int(problem.slot_shift_lo[0])) if timed else 0,
        tw_late=_clock(problem, latest) if timed else UNLIMITED,
        shift_duration=free if timed else UNLIMITED,
        unit_distance_cost=weight * max(0, problem.cost_travel - problem.cost_wait),
        unit_duration_cost=weight * problem.cost_wait,
        max_overtime=dear if timed else 0,
        unit_overtime_cost=weight * price,
    )
