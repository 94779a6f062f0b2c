"""The bound by columns: a linear program over routes, and prizes that are priced exactly.

For any prizes of visits, each store's cheapest way at these prices and each slot's cheapest route
less what it earns sum up to no more than any solution costs (a Lagrangian bound). The linear
program proposes prizes; they are rounded, and the bound is summed in whole numbers, so that no
rounding of floats can lift it.
"""

from collections.abc import Callable, Iterator

import numpy as np

from solvers.bounds.kinds import SlotKind, slot_kinds
from solvers.bounds.master import Master, Prizes
from solvers.bounds.pricing import Priced, PricedRoute, Pricer
from solvers.bounds.ways import store_ways
from solvers.problem import IntArray, Problem, Solution


class Columns:
    """A bound on its way up, round by round."""

    def __init__(self, problem: Problem) -> None:
        self._kinds = slot_kinds(problem)
        self._ways = store_ways(problem, self._kinds)
        self._pricers = [Pricer(kind) for kind in self._kinds]
        self._master = Master(self._kinds, self._ways)
        for store, ways in enumerate(self._ways):
            for way in ways.whole():
                self._master.add_way(store, way)
        self._promising: Prizes | None = None  # those of the best weak bound
        self._weak: int | None = None
        self.best: int | None = None
        self.is_final = False  # whether more rounds change nothing

    def know(self, solution: Solution) -> None:
        """Begin with the routes of a solution."""
        kind_of_slot = {slot: k for k, kind in enumerate(self._kinds) for slot in kind.slots}
        for slot, routes in enumerate(solution.routes):
            k = kind_of_slot.get(slot)
            for route in filter(None, routes):
                found = None if k is None else _route(self._kinds[k], route)
                if k is not None and found is not None:
                    self._master.add_route(k, found)

    def round(self, most_checks: int, goes_on: Callable[[], bool], *, is_late: bool) -> None:
        """Price the prizes of the linear program: quickly, and exactly where that finds nothing.

        A late round is exact in any case.
        """
        prizes = self._master.prizes()
        if prizes is None:
            self.is_final = True
            return
        paid, is_new = self._pay(prizes)
        if not is_late or self.best is None:
            quick = [pricer.quick(*own) for pricer, own in self._each(prizes)]
            is_new |= self._add(quick)
            weak = paid + self._earned(quick)
            if self._weak is None or weak > self._weak:
                self._weak, self._promising = weak, prizes
        if is_late and self.best is None and self._promising is not None:
            prizes = self._promising
            paid, _ = self._pay(prizes)
        elif is_new and not is_late:
            return
        priced = [
            pricer.exact(*own, most_checks, goes_on) for pricer, own in self._each(prizes)
        ]
        is_new |= self._add(priced)
        is_exact = all(found.is_exact for found in priced)
        if is_exact:
            bound = paid + self._earned(priced)
            self.best = bound if self.best is None else max(self.best, bound)
        if not is_new:
            self.is_final = not self._master.raise_caps()

    def _each(self, prizes: Prizes) -> Iterator[tuple[Pricer, tuple[IntArray, int]]]:
        own = zip(prizes.visits, prizes.thresholds, strict=True)
        return zip(self._pricers, own, strict=True)

    def _pay(self, prizes: Prizes) -> tuple[int, bool]:
        """Return what all stores pay at least, and whether a way of doing so is new."""
        paid, is_new = 0, False
        for store, ways in enumerate(self._ways):
            own = [prizes.visits[k][place] for k, place in zip(ways.kinds, ways.places, strict=True)]
            cost, way = ways.cheapest(np.array(own, dtype=np.int64))
            paid += cost
            is_new |= self._master.add_way(store, way)
        return paid, is_new

    def _earned(self, priced: list[Priced]) -> int:
        """Return what all slots cost at least, less what they earn; 0 or below."""
        return sum(
            kind.n_routes * found.least for kind, found in zip(self._kinds, priced, strict=True)
        )

    def _add(self, priced: list[Priced]) -> bool:
        is_new = [
            self._master.add_route(k, route)
            for k, found in enumerate(priced)
            for route in found.routes
        ]
        return any(is_new)


def _route(kind: SlotKind, stores: tuple[int, ...]) -> PricedRoute | None:
    """Return a known route as a column; None where it visits what it cannot."""
    place_of = {int(store): place for place, store in enumerate(kind.stores)}
    order = [place_of[store] for store in stores if store in place_of]
    if len(set(order)) < len(stores):
        return None
    return PricedRoute(kind.cost_of(order), tuple(sorted(order)))
