"""The bound by columns: a linear program over routes, and prizes that are priced exactly.

For any prizes of visits, each store's cheapest way at these prices and each slot's cheapest route
less what it earns sum up to no more than any solution costs (a Lagrangian bound). The linear
program proposes prizes; they are rounded, and the bound is summed in whole numbers, so that no
rounding of floats can lift it.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from solvers.bounds.kinds import SlotKind, slot_kinds
from solvers.bounds.master import Master, Prizes
from solvers.bounds.pricing import Priced, PricedRoute, Pricer
from solvers.bounds.ways import store_ways
from solvers.problem import IntArray, Problem, Solution

_NEAR = 0.01  # of the program's value: closer than that, ruling out brings more than pricing


class Columns:
    """A bound on its way up, round by round; stopped, a round ends with what is proved by then."""

    def __init__(self, problem: Problem, is_stopped: Callable[[], bool]) -> None:
        self._is_stopped = is_stopped
        self._kinds = slot_kinds(problem)
        self._ways = store_ways(problem, self._kinds)
        self._pricers = [Pricer(kind, is_stopped) for kind in self._kinds]
        self._master = Master(self._kinds, self._ways)
        for store, ways in enumerate(self._ways):
            for way in ways.whole():
                self._master.add_way(store, way)
        self.n_kinds = len(self._kinds)
        self.least_paid = sum(int(ways.cost.min()) for ways in self._ways)  # if visits were free
        self.best: int | None = None
        self.is_over = False  # whether more rounds change nothing
        self.is_final = False  # whether that is because all was searched

    def know(self, solution: Solution) -> None:
        """Begin with the routes of a solution, whatever it may break."""
        kind_of_slot = {slot: k for k, kind in enumerate(self._kinds) for slot in kind.slots}
        for slot, routes in enumerate(solution.routes):
            k = kind_of_slot.get(slot)
            for route in routes:
                found = None if k is None else _known_route(self._kinds[k], route)
                if k is not None and found is not None:
                    self._master.add_route(k, found)

    def round(self, most_checks: int, *, is_late: bool) -> None:
        """
        Price the prizes of the linear program: quickly, and exactly where that finds nothing.

        Parameters
        ----------
        most_checks
            Comparisons of labels that an exact search may take.
        is_late
            Whether to be exact in any case.
        """
        prizes = self._master.prizes()
        if prizes is None:  # the program is numerically lost
            self.is_over = True
        elif is_late or not self._propose(prizes):
            self._prove(prizes, most_checks)

    def _propose(self, prizes: Prizes) -> bool:
        """Add ways and routes that are found quickly; whether any is new."""
        _, is_new = self._pay(prizes)
        return is_new | self._add([pricer.quick(own) for pricer, (own, _) in self._each(prizes)])

    def _prove(self, prizes: Prizes, most_checks: int) -> None:
        """Price exactly; where that is near to the program, rule out its loose routes."""
        paid, is_new = self._pay(prizes)
        found = [pricer.exact(*own, most_checks) for pricer, own in self._each(prizes)]
        bound = paid + self._earned(found)
        self.best = bound if self.best is None else max(self.best, bound)
        is_new |= self._add(found)
        if self._is_stopped():
            return
        if is_new and prizes.value - bound > _NEAR * prizes.value:
            return
        if not (self._tighten(prizes) or is_new):
            self.is_over = not self._master.raise_caps()
            self.is_final = self.is_over and not any(prizes.loose)

    def _tighten(self, prizes: Prizes) -> bool:
        """Rule out the loose routes that are in use; whether there are any."""
        is_tighter = False
        for k, (pricer, loose) in enumerate(zip(self._pricers, prizes.loose, strict=True)):
            if pricer.tighten(loose):
                self._master.drop_loose(k, pricer.allows)
                is_tighter = True
        return is_tighter

    def _each(self, prizes: Prizes) -> Iterator[tuple[Pricer, tuple[IntArray, int]]]:
        own = zip(prizes.visits, prizes.thresholds, strict=True)
        return zip(self._pricers, own, strict=True)

    def _pay(self, prizes: Prizes) -> tuple[int, bool]:
        """Return what all stores pay at least, and whether a way of doing so is new."""
        paid, is_new = 0, False
        for store, ways in enumerate(self._ways):
            own = [
                prizes.visits[k][place] for k, place in zip(ways.kinds, ways.places, strict=True)
            ]
            cost, way = ways.cheapest(np.array(own, dtype=np.int64))
            paid += cost
            is_new |= self._master.add_way(store, way)
        return paid, is_new

    def _earned(self, found: Sequence[Priced]) -> int:
        """Return what all slots cost at least, less what they earn; 0 or below."""
        return sum(
            kind.n_routes * priced.least for kind, priced in zip(self._kinds, found, strict=True)
        )

    def _add(self, found: Sequence[Priced]) -> bool:
        """Add routes; whether any is new."""
        are_new = [
            self._master.add_route(k, route, is_loose=is_loose)
            for k, priced in enumerate(found)
            for is_loose, routes in ((False, priced.routes), (True, priced.loose))
            for route in routes
        ]
        return any(are_new)


def _known_route(kind: SlotKind, stores: Sequence[int]) -> PricedRoute | None:
    """Return a known route as a column; None where it is empty or visits what it cannot."""
    place_of = {int(store): place for place, store in enumerate(kind.stores)}
    order = [place_of[store] for store in stores if store in place_of]
    if not order or len(set(order)) < len(stores):
        return None
    return PricedRoute(kind.cost_of(order), tuple(sorted(order)))
