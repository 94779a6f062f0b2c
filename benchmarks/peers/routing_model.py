"""Slots of a problem as one OR-Tools routing model, patterns linked by constraints."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers.limits import has_clock, is_timed, loads
from solvers import UNLIMITED, Problem, Solution

NEVER_REACHED_S = 10**6  # wall time; the library warns of a search without any
MOST_SUBSETS = 6  # visits of an option of which any may be missing; of more, one or all but one
Entry = tuple[int, int, int]  # slot, earliest and latest start


@dataclass(frozen=True)
class RoutingModel:
    """
    A node for each visit of a store, a vehicle for each route of a slot.

    The slots of a store's nodes are one of its options, as a constraint on their vehicles. Options
    that cost more than the start's are left out: the library's objective has no place for them.
    """

    problem: Problem
    start: Solution
    is_complete: bool  # every visit has to stand in a route

    @cached_property
    def options(self) -> list[dict[int, list[Entry]]]:
        """By store: option id → entries in the order of slots."""
        p = self.problem
        return [
            {
                option: sorted(p.entries_of(option))
                for option in p.options_of(store)
                if p.option_cost[option] <= p.option_cost[chosen]
            }
            for store, chosen in enumerate(self.start.option_of_store)
        ]

    @cached_property
    def nodes(self) -> list[tuple[int, int]]:
        """(store, which of its visits), store by store."""
        return [
            (store, k)
            for store, options in enumerate(self.options)
            for k in range(max(map(len, options.values())))
        ]

    @cached_property
    def slot_of_vehicle(self) -> list[int]:
        """Slot by vehicle."""
        vehicles = self.problem.slot_vehicles
        return [slot for slot, n in enumerate(vehicles.tolist()) for _ in range(n)]

    @cached_property
    def bases(self) -> list[int]:
        """Places where routes start or end, -1 for nowhere; nodes after those of visits."""
        p = self.problem
        return sorted({*p.slot_start_place.tolist(), *p.slot_end_place.tolist()})

    def search(self, limit: CpuSeconds, seed: int) -> Solution | None:
        """The best found by guided local search from the start; none where nothing was found."""
        starts, ends = (
            [len(self.nodes) + self.bases.index(int(place[slot])) for slot in self.slot_of_vehicle]
            for place in (self.problem.slot_start_place, self.problem.slot_end_place)
        )
        n_nodes = len(self.nodes) + len(self.bases)
        manager = pywrapcp.RoutingIndexManager(n_nodes, len(starts), starts, ends)
        model = pywrapcp.RoutingModel(manager)
        model.solver().ReSeed(seed)
        self._add_travel(model)
        self._add_loads(model)
        self._add_choices(model, manager)
        if is_timed(self.problem):
            self._add_times(model, manager)
        model.AddSearchMonitor(model.solver().CustomLimit(limit))
        found = _search(model, self._routes_of_start(manager))
        return None if found is None else self._solution(model, manager, found)

    def _travel(self, profile: int) -> NDArray[np.int64]:
        places = [int(self.problem.place_of_store[store]) for store, _ in self.nodes]
        travel = np.pad(self.problem.travel_s[profile], ((0, 1), (0, 1)))
        return travel[np.ix_([*places, *self.bases], [*places, *self.bases])]

    def _add_travel(self, model: Any) -> None:
        """Waiting is what a route's span has beyond driving and service: it is priced there."""
        p = self.problem
        known: dict[tuple[int, int], int] = {}
        for vehicle, slot in enumerate(self.slot_of_vehicle):
            weight = int(p.slot_weight[slot])
            key = int(p.slot_profile[slot]), weight * max(0, p.cost_travel - p.cost_wait)
            if key not in known:
                costs = key[1] * self._travel(key[0])
                known[key] = model.RegisterTransitMatrix(costs.tolist())
            model.SetArcCostEvaluatorOfVehicle(known[key], vehicle)
            model.SetFixedCostOfVehicle(weight * p.cost_route, vehicle)

    def _add_loads(self, model: Any) -> None:
        stores = [store for store, _ in self.nodes]
        for name, amounts, limits in loads(self.problem):
            each = [*amounts[stores].tolist(), *[0] * len(self.bases)]
            transit = model.RegisterUnaryTransitVector(each)
            most = limits[self.slot_of_vehicle].tolist()
            model.AddDimensionWithVehicleCapacity(transit, 0, most, True, name)

    def _add_choices(self, model: Any, manager: Any) -> None:
        """Which slots the visits of a store may have together, and what it costs to leave one."""
        solver = model.solver()
        slot_after_none = [-1, *self.slot_of_vehicle]
        indices: list[list[int]] = [[] for _ in self.options]
        for node, (store, k) in enumerate(self.nodes):
            index = manager.NodeToIndex(node)
            indices[store].append(index)
            if not self.is_complete:
                model.AddDisjunction([index], self._price(store, k))
        if self.problem.n_slots == 1:
            return
        for store, options in enumerate(self.options):
            slots = [
                solver.Element(slot_after_none, model.VehicleVar(i) + 1).Var()
                for i in indices[store]
            ]
            allowed = self._allowed(list(options.values()), len(slots))
            if slots:
                solver.Add(solver.AllowedAssignments(slots, allowed))

    def _allowed(self, options: list[list[Entry]], n: int) -> list[tuple[int, ...]]:
        """Slots by visit, -1 for a visit that is missing."""
        allowed: dict[tuple[int, ...], None] = {}
        for entries in options:
            whole = (*(slot for slot, _, _ in entries), *[-1] * (n - len(entries)))
            allowed[whole] = None
            if not self.is_complete:
                some = range(n + 1) if n <= MOST_SUBSETS else (0, 1, n - 1)
                for size in some:
                    for kept in combinations(range(n), size):
                        allowed[tuple(s if k in kept else -1 for k, s in enumerate(whole))] = None
        return list(allowed)

    def _price(self, store: int, k: int) -> int:
        """What a missing visit costs; exact where a store has one, else the first is dearest."""
        p = self.problem
        n = max(map(len, self.options[store].values()))
        weight = max(1, int(p.required[store]) // n)
        price = min(weight, int(p.required[store])) * int(p.miss_price[store])
        if k == 0:
            price += min(weight, int(p.dear_visits[store])) * int(p.dear_price[store])
        return price + weight * p.cost_wait * int(p.service_s[store])

    def _add_times(self, model: Any, manager: Any) -> None:
        p, bases = self.problem, self.bases
        service = np.array(
            [*(int(p.service_s[store]) for store, _ in self.nodes), *[0] * len(bases)]
        )
        spent = [
            model.RegisterTransitMatrix((service[:, None] + self._travel(profile)).tolist())
            for profile in range(len(p.travel_s))
        ]
        transits = [spent[int(p.slot_profile[slot])] for slot in self.slot_of_vehicle]
        clock = has_clock(p)
        horizon = int(np.max(p.slot_shift_hi + p.slot_overtime_s)) if clock else UNLIMITED
        slack = horizon if clock else 0
        model.AddDimensionWithVehicleTransits(transits, slack, horizon, not clock, "time")
        if clock:
            for node, (store, k) in enumerate(self.nodes):
                self._add_windows(model, manager.NodeToIndex(node), store, k, horizon)
        stays = [int(service[manager.IndexToNode(index)]) for index in range(model.Size())]
        for vehicle, slot in enumerate(self.slot_of_vehicle):
            self._add_working_day(model, vehicle, slot, stays, clock)

    def _add_windows(self, model: Any, index: int, store: int, k: int, horizon: int) -> None:
        """The hull of a visit's windows, and the one of its slot where slots differ."""
        windows: dict[int, list[tuple[int, int]]] = {}
        for entries in self.options[store].values():
            for slot, lo, hi in entries[k : k + 1]:
                earliest, latest = min(lo, horizon), min(hi, horizon)
                windows.setdefault(slot, []).append((earliest, max(earliest, latest)))
        of_slot = {
            slot: (min(lo for lo, _ in some), max(max(window) for window in some))
            for slot, some in windows.items()
        }
        earliest = min(lo for lo, _ in of_slot.values())
        latest = max(hi for _, hi in of_slot.values())
        start = model.GetDimensionOrDie("time").CumulVar(index)
        start.SetRange(earliest, latest)
        if len(set(of_slot.values())) > 1:
            solver, vehicle = model.solver(), model.VehicleVar(index) + 1
            bounds = [of_slot.get(slot, (earliest, latest)) for slot in self.slot_of_vehicle]
            solver.Add(start >= solver.Element([earliest, *(lo for lo, _ in bounds)], vehicle))
            solver.Add(start <= solver.Element([latest, *(hi for _, hi in bounds)], vehicle))

    def _add_working_day(
        self, model: Any, vehicle: int, slot: int, stays: list[int], clock: bool
    ) -> None:
        p, weight = self.problem, int(self.problem.slot_weight[slot])
        time = model.GetDimensionOrDie("time")
        lunch, overtime = int(p.slot_lunch_s[slot]), int(p.slot_overtime_s[slot])
        longest, target = int(p.slot_max_work_s[slot]), int(p.slot_balance_target_s[slot])
        if clock:
            earliest, latest = int(p.slot_shift_lo[slot]), int(p.slot_shift_hi[slot]) + overtime
            for end in (model.Start(vehicle), model.End(vehicle)):
                time.CumulVar(end).SetRange(earliest, latest)
        if longest < UNLIMITED:
            time.SetSpanUpperBoundForVehicle(longest + overtime + lunch, vehicle)
        time.SetSpanCostCoefficientForVehicle(weight * p.cost_wait, vehicle)
        if overtime:
            bound = pywrapcp.BoundCost(longest + lunch, weight * p.cost_overtime)
            time.SetSoftSpanUpperBoundForVehicle(bound, vehicle)
        elif p.cost_balance and target < UNLIMITED:
            bound = pywrapcp.BoundCost(target + lunch, weight * p.cost_balance)
            time.SetSoftSpanUpperBoundForVehicle(bound, vehicle)
        first, last = int(p.slot_lunch_lo[slot]), int(p.slot_lunch_hi[slot]) - lunch
        if lunch and first <= last:
            name = f"lunch {vehicle}"
            pause = model.solver().FixedDurationIntervalVar(first, last, lunch, False, name)
            time.SetBreakIntervalsOfVehicle([pause], vehicle, stays)

    def _routes_of_start(self, manager: Any) -> list[list[int]]:
        node_of = {visit: node for node, visit in enumerate(self.nodes)}
        chosen = [
            {entry[0]: k for k, entry in enumerate(self.options[store][option])}
            for store, option in enumerate(self.start.option_of_store)
        ]
        return [
            [manager.NodeToIndex(node_of[store, chosen[store][slot]]) for store in route]
            for slot, routes in enumerate(self.start.routes)
            for route in routes
        ]

    def _solution(self, model: Any, manager: Any, found: Any) -> Solution:
        """Routes, and the cheapest options that have their visits."""
        p = self.problem
        time = model.GetDimensionOrDie("time") if has_clock(p) else None
        routes: list[list[tuple[int, ...]]] = [[] for _ in range(p.n_slots)]
        starts: list[dict[int, int]] = [{} for _ in range(p.n_stores)]  # by slot
        for vehicle, slot in enumerate(self.slot_of_vehicle):
            path, index = [], found.Value(model.NextVar(model.Start(vehicle)))
            while not model.IsEnd(index):
                store, _ = self.nodes[manager.IndexToNode(index)]
                at = found.Min(time.CumulVar(index)) if time else 0
                starts[store][slot] = at
                path.append(store)
                index = found.Value(model.NextVar(index))
            routes[slot].append(tuple(path))
        options = [self._option(store, at) for store, at in enumerate(starts)]
        return Solution(tuple(options), tuple(map(tuple, routes)))

    def _option(self, store: int, starts: dict[int, int]) -> int:
        def misfit(option: int) -> tuple[bool, int, int, bool]:
            windows = {slot: (lo, hi) for slot, lo, hi in self.options[store][option]}
            fits = [
                windows[slot][0] <= at <= windows[slot][1]
                for slot, at in starts.items()
                if slot in windows
            ]
            cost = int(self.problem.option_cost[option])
            is_other = option != self.start.option_of_store[store]
            return len(fits) < len(starts), -sum(fits), cost, is_other

        return min(self.options[store], key=misfit)


def _search(model: Any, routes: list[list[int]]) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    heuristics = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = heuristics.GUIDED_LOCAL_SEARCH
    parameters.local_search_operators.use_relocate_neighbors = pywrapcp.BOOL_TRUE
    parameters.local_search_operators.use_cross_exchange = pywrapcp.BOOL_TRUE
    parameters.time_limit.seconds = NEVER_REACHED_S
    model.CloseModelWithParameters(parameters)
    first = model.ReadAssignmentFromRoutes(routes, True)
    if first is None:
        return model.SolveWithParameters(parameters)
    return model.SolveFromAssignmentWithParameters(first, parameters)
