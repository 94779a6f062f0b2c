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

    def round(self, most_checks: int, goes_on: Callable[[], bool], *, is_late: bool) -> None:
        """
        Price the prizes of the linear program: quickly, and exactly where that finds nothing.

        Parameters
        ----------
        most_checks
            Comparisons of labels that an exact search may take.
        goes_on
            Whether there is time for another one.
        is_late
            Whether to be exact in any case.
        """
        prizes = self._master.prizes()
        if prizes is None:  # the program is numerically lost
            self.is_over = True
        elif is_late:
            self._prove(prizes, most_checks, goes_on, is_late=True)
        elif not self._propose(prizes):
            self._prove(prizes, most_checks, goes_on, is_late=False)

    def _propose(self, prizes: Prizes) -> bool:
        """Add ways and routes that are found quickly; whether any is new."""
        _, is_new = self._pay(prizes)
        for is_careful in (False, True):
            is_new |= self._add(
                [
                    pricer.quick(own, is_careful=is_careful)
                    for pricer, (own, _) in self._each(prizes)
                ]
            )
            if is_new:
                break
        return is_new

    def _prove(
        self, prizes: Prizes, most_checks: int, goes_on: Callable[[], bool], *, is_late: bool
    ) -> None:
        """Price exactly, and closer until a route is new, or late in any case."""
        paid, is_new = self._pay(prizes)
        found = [pricer.exact(*own, most_checks) for pricer, own in self._each(prizes)]
        while True:
            is_exact = all(priced.is_exact for priced in found)
            if is_exact:
                bound = paid + self._earned(found)
                self.best = bound if self.best is None else max(self.best, bound)
            is_new |= self._add(found)
            if (is_new and not is_late) or not goes_on():
                return
            if not self._look_closer(prizes, found, most_checks, goes_on):
                break
        if not is_new:
            self.is_over = not self._master.raise_caps()
            self.is_final = self.is_over and is_exact

    def _look_closer(
        self, prizes: Prizes, found: list[Priced], most_checks: int, goes_on: Callable[[], bool]
    ) -> bool:
        """Price anew what is too low because it goes in circles; whether anything does."""
        is_closer = False
        for k, (pricer, own) in enumerate(self._each(prizes)):
            if goes_on() and pricer.remember(found[k]):
                again = pricer.exact(*own, most_checks)
                if again.is_exact and again.least >= found[k].least:
                    found[k] = again
                    is_closer = True
        return is_closer

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
            self._master.add_route(k, route)
            for k, priced in enumerate(found)
            for route in priced.routes
        ]
        return any(are_new)


def _known_route(kind: SlotKind, stores: Sequence[int]) -> PricedRoute | None:
    """Return a known route as a column; None where it is empty or visits what it cannot."""
    place_of = {int(store): place for place, store in enumerate(kind.stores)}
    order = [place_of[store] for store in stores if store in place_of]
    if not order or len(set(order)) < len(stores):
        return None
    return PricedRoute(kind.cost_of(order), tuple(sorted(order)))
