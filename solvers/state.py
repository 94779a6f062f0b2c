"""A solution under change: options, routes, running cost; always whole, as bins take the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

from solvers.problem import Solution
from solvers.route import Route, RouteBook
from solvers.tables import Option, Tables, Visit

Snapshot = tuple[int, list[Option], list[tuple[Visit, ...]], list[tuple[Route, ...]]]


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a visit goes: vehicle and position in its slot, and what that adds to the cost.

    Visits to be thrown out of that route for it are counted in, and the position is that after.
    """

    added: int
    visit: Visit
    vehicle: int
    position: int
    thrown_out: tuple[Visit, ...] = ()


class State:
    """Stores with their option and placed visits, slots with their routes, and the objective."""

    def __init__(self, tables: Tables, book: RouteBook) -> None:
        self.tables, self.book = tables, book
        self.option = [min(options, key=lambda o: (o.cost, o.index)) for options in tables.options]
        self.placed: list[tuple[Visit, ...]] = [()] * len(tables.options)
        self.routes = [(book.empty(slot.index),) * slot.vehicles for slot in tables.slots]
        self.objective = sum(self.store_cost(store) for store in range(len(self.option)))

    def served(self, store: int) -> int:
        """Days of the cycle on which a store is visited."""
        return sum([visit.weight for visit in self.placed[store]])

    def store_cost(self, store: int) -> int:
        """A store's option and missing visits."""
        return self.option[store].cost + self.tables.price(store, self.served(store))

    def missing(self, store: int) -> int:
        """Missing visits of a store."""
        return max(0, self.tables.required[store] - self.served(store))

    def save(self) -> Snapshot:
        """What `load` brings back."""
        return self.objective, self.option[:], self.placed[:], self.routes[:]

    def load(self, snapshot: Snapshot) -> None:
        """Return to a saved state."""
        self.objective, option, placed, routes = snapshot
        self.option, self.placed, self.routes = option[:], placed[:], routes[:]

    def vehicle_of(self, visit: Visit) -> int:
        """The vehicle that drives a placed visit."""
        routes = self.routes[visit.slot]
        return next(k for k, route in enumerate(routes) if visit in route.visits)

    def set_route(self, slot: int, vehicle: int, route: Route) -> None:
        """Replace one route; the caller keeps `placed` in step."""
        routes = self.routes[slot]
        self.objective += route.cost - routes[vehicle].cost
        self.routes[slot] = (*routes[:vehicle], route, *routes[vehicle + 1 :])

    def place(self, store: int, option: Option, placings: Iterable[Placing]) -> None:
        """Give a store without visits an option and put visits of it into routes."""
        self.objective -= self.store_cost(store)
        self.option[store] = option
        self.objective += self.store_cost(store)
        for placing in placings:
            self.put(placing)

    def adopt(self, solution: Solution) -> None:
        """Take over a solution into a state without visits, as far as it is feasible."""
        for store, index in enumerate(solution.option_of_store):
            option = next((o for o in self.tables.options[store] if o.index == index), None)
            if option is not None:
                self.place(store, option, ())
        for slot, routes in enumerate(solution.routes[: len(self.routes)]):
            for vehicle, stores in enumerate(routes[: len(self.routes[slot])]):
                for store in stores:
                    self._append(slot, vehicle, store)

    def _append(self, slot: int, vehicle: int, store: int) -> None:
        visits = (self.tables.visits[index] for index in self.option[store].visits)
        visit = next((v for v in visits if v.slot == slot), None)
        if visit is None or visit in self.placed[store]:
            return
        route = self.routes[slot][vehicle]
        longer = self.book.having(route, visit, len(route.visits))
        if longer.is_feasible:
            self.put(Placing(longer.cost - route.cost, visit, vehicle, len(route.visits)))

    def remove(self, store: int) -> list[int]:
        """Take a store out of all its routes; returns all stores taken out, it first.

        Where travel times break the triangle inequality, a route may be infeasible without a visit;
        its other stores then leave with it.
        """
        removed, stack = [], [store]
        while stack:
            one = stack.pop()
            removed.append(one)
            for visit in self._unplace(one, self.placed[one]):
                routes = self.routes[visit.slot]
                rest = {v.store for route in routes if not route.is_feasible for v in route.visits}
                stack += [other for other in sorted(rest) if other not in (*removed, *stack)]
        return removed

    def drop(self, visit: Visit) -> None:
        """Move one visit from its route to the bin."""
        self._unplace(visit.store, (visit,))

    def _unplace(self, store: int, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
        self.objective -= self.store_cost(store)
        self.placed[store] = tuple([v for v in self.placed[store] if v not in visits])
        self.objective += self.store_cost(store)
        for visit in visits:
            vehicle = self.vehicle_of(visit)
            route = self.book.without(self.routes[visit.slot][vehicle], visit)
            self.set_route(visit.slot, vehicle, route)
        return visits

    def put(self, placing: Placing) -> None:
        """Move one visit of the store's option from the bin into a route."""
        for visit in placing.thrown_out:
            self.drop(visit)
        store = placing.visit.store
        self.objective -= self.store_cost(store)
        self.placed[store] = (*self.placed[store], placing.visit)
        self.objective += self.store_cost(store)
        slot, vehicle = placing.visit.slot, placing.vehicle
        route = self.book.having(self.routes[slot][vehicle], placing.visit, placing.position)
        self.set_route(slot, vehicle, route)

    def replace(self, slot: int, routes: list[tuple[Visit, ...]]) -> None:
        """Replace all routes of a slot; visits that are in none of them go to the bin."""
        before = {v for route in self.routes[slot] for v in route.visits}
        after = {v for visits in routes for v in visits}
        for visit in sorted(before ^ after, key=lambda v: v.index):
            store = visit.store
            self.objective -= self.store_cost(store)
            rest = tuple(v for v in self.placed[store] if v is not visit)
            self.placed[store] = (*rest, visit) if visit in after else rest
            self.objective += self.store_cost(store)
        for vehicle, visits in enumerate(routes):
            self.set_route(slot, vehicle, self.book.route(slot, visits))

    def terms(self) -> dict[str, int]:
        """The objective by the terms of `evaluate`."""
        tables, problem = self.tables, self.tables.problem
        terms = dict.fromkeys(("travel", "waiting", "overtime", "balance", "routes"), 0)
        for routes in self.routes:
            for route in routes:
                slot = route.slot
                terms["travel"] += slot.cost_travel * route.travel
                terms["waiting"] += slot.cost_wait * route.wait
                terms["overtime"] += slot.cost_overtime * route.overtime
                terms["balance"] += slot.cost_balance * max(0, route.work - slot.target)
                terms["routes"] += slot.cost_route if route.visits else 0
        terms["options"] = sum(option.cost for option in self.option)
        stores = range(problem.n_stores)
        terms["missing"] = sum(tables.price(store, self.served(store)) for store in stores)
        return terms

    def solution(self) -> Solution:
        """The array-free form that leaves the search."""
        return solution_of(self.save())


def solution_of(snapshot: Snapshot) -> Solution:
    """The array-free form of a saved state."""
    _, option, _, slots = snapshot
    return Solution(
        tuple(chosen.index for chosen in option),
        tuple(
            tuple(tuple(visit.store for visit in route.visits) for route in routes)
            for routes in slots
        ),
    )
