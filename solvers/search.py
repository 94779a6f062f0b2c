"""The search: construction by insertion, then ruin and recreate with cooling in growing rounds."""

from collections.abc import Callable
from math import log
from random import Random

from solvers.insertion import Inserter
from solvers.ruin import Ruin
from solvers.state import State
from solvers.tables import Tables
from solvers.watch import StateWatch

FIRST_ROUND = 300  # iterations; each round is longer than the one before
GROWTH = 1.5
HOT, COLD = 0.6, 0.005  # temperature at the start and end of a round, in costs of an average visit
GENEROUS = 0.05  # share of iterations in which bins cost more

Polish = Callable[[State, StateWatch], None]


class Search:
    """
    Improves a state until its watch ends it.

    Ruin and recreate after Schrimpf, Schneider, Stamm-Wilbrandt, Dueck (2000, doi
    10.1006/jcph.1999.6413) and Christiaens, Vanden Berghe (2020, doi 10.1287/trsc.2019.0914), with
    stores in place of visits: a store leaves all its routes and returns with its best option.
    Rounds follow iterations, not the clock, so that a run can be repeated.
    """

    def __init__(self, state: State, watch: StateWatch, seed: int) -> None:
        self.state, self.watch, self.rng = state, watch, Random(seed)
        self.tables: Tables = state.tables
        self.inserter = Inserter(state, self.rng)
        self._far = [self._distance(store) for store in range(len(state.option))]

    def construct(self) -> None:
        """Insert every store that has no visit yet, the dearest and least movable first."""
        tables, state = self.tables, self.state
        stores = [s for s in range(len(tables.options)) if not state.placed[s]]
        stores.sort(key=lambda s: (-tables.miss[s], len(tables.options[s]), -self._far[s], s))
        self.inserter.insert_all(stores, self.watch.goes_on)

    def improve(self, polish: Polish | None) -> None:
        """Run rounds of ruin and recreate; each starts from the best so far, polished."""
        length = FIRST_ROUND
        if not self.tables.options:
            return
        ruin = Ruin(self.tables, self.rng)
        while self.watch.goes_on():
            if polish is not None:
                polish(self.state, self.watch)
            self._round(ruin, length)
            self.state.load(self.watch.best)
            length = round(length * GROWTH)

    def _round(self, ruin: Ruin, length: int) -> None:
        state, watch = self.state, self.watch
        scale = self._visit_cost()
        for step in range(length):
            if not watch.goes_on():
                return
            heat = scale * HOT * (COLD / HOT) ** (step / length)
            before = state.save()
            removed: dict[int, None] = {}
            for store in ruin.pick(state):
                if store not in removed:
                    removed |= dict.fromkeys(state.remove(store))
            self.inserter.bin_factor = 4 if self.rng.random() < GENEROUS else 1
            self.inserter.insert_all(self._order(list(removed)), _always)
            watch.iterations += 1
            if state.objective - before[0] > -heat * log(1.0 - self.rng.random()):
                state.load(before)

    def _order(self, stores: list[int]) -> list[int]:
        tables = self.tables
        self.rng.shuffle(stores)
        kind = self.rng.random()
        if kind < 0.25:
            stores.sort(key=lambda s: -self._far[s])
        elif kind < 0.45:
            stores.sort(key=lambda s: -tables.required[s])
        elif kind < 0.6:
            stores.sort(key=lambda s: -tables.miss[s])
        return stores

    def _distance(self, store: int) -> int:
        """How far a store lies from where its first option's first day starts."""
        visits = self.tables.options[store][0].visits
        if not visits:
            return 0
        visit = self.tables.visits[visits[0]]
        slot = self.tables.slots[visit.slot]
        return slot.to[slot.start_place][visit.place]

    def _visit_cost(self) -> float:
        routes = [route for routes in self.state.routes for route in routes]
        return sum(r.cost for r in routes) / max(1, sum(len(r.visits) for r in routes))


def _always() -> bool:
    return True
