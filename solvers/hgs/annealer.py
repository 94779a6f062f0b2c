"""One solution under change, the best states that it was, and what is done to it."""

from dataclasses import dataclass
from random import Random

import numpy as np

from solvers.hgs.arrays import places_in_order, prices_in_order, snapshot_of, state_of
from solvers.kernels.crossover import load
from solvers.kernels.education import (
    construct,
    improve_options,
    improve_routes,
    recall,
    repair,
    to_genes,
)
from solvers.kernels.force import fill
from solvers.kernels.handles import handle
from solvers.kernels.layout import Data, Genes
from solvers.kernels.routes import reprice
from solvers.kernels.ruin import keep_best, ruin_and_recreate
from solvers.problem import IntArray

Penalties = tuple[int, int, int]
"""Costs of a second, a unit of load and a second in store beyond the limits."""

PATTERN_ROUNDS = 2
"""Turns of all stores in pattern improvement."""

ROOMY = 0.02
"""Share of the longest work by which a first plan with all visits may exceed limits."""

SLOW = 300
"""Steps a visit from which on annealing begins at its full temperature."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an island searches; temperatures in costs of an average visit."""

    fewest: int = 12  # solutions of a group that survive a selection
    growth: int = 20  # solutions added between two selections
    elite: int = 4
    steps: int = 600  # of ruin and recreate, for a child
    most: int = 24  # visits taken out at a time
    a_slot: float = 0.2  # share of the steps in which only visits of one slot are taken out
    child_hot: float = 0.3
    child_cold: float = 0.02
    hot: float = 1.0
    warm: float = 0.1  # for a child that is annealed for long
    cold: float = 0.01
    ample: float = 20_000  # steps a visit with which many children of few steps do best
    scarce: float = 7_000  # steps a visit below which annealing alone does best


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best feasible solution so far, as it is told to others."""

    objective: int
    terms: tuple[int, ...]
    missing_visits: int
    genes: Genes


class Annealer:
    """Always has a best feasible solution; that under change may exceed limits, at penalties."""

    def __init__(self, data: Data, width: int, seed: int, settings: Settings) -> None:
        self.settings = settings
        self.rng = Random(seed)
        self.state = state_of(data, width, seed)
        self._best, self._feasible = snapshot_of(self.state), snapshot_of(self.state)
        self.data, self._data, self._handle = data, handle(data), handle(self.state)
        self._child, self._top = handle(self._best), handle(self._feasible)
        self.iterations = 0
        self.is_roomy = False
        self._n_visits = max(1, int(data.stores.required.sum()))
        self._scale = 1.0
        self._set_bounds(data)
        self.incumbent = Incumbent(2**61, (), 0, Genes(*(np.zeros(0, np.int32),) * 3))  # none yet

    def _set_bounds(self, data: Data) -> None:
        """Penalties begin at the price of travel, and end where no bin is dearer than a unit."""
        stores, slots, visits = data.stores, data.slots, data.visits
        core = self.state.core[0]
        dearest = stores.required * stores.miss + stores.dear_visits * stores.dear
        core.hardest = 1 + int(dearest.max(initial=0))
        travel = max(1, int(slots.travel_cost.max(initial=1)))
        demand = max(1, int(visits.demand.max(initial=0)))
        self._usual = (travel, max(1, travel * int(data.travel.max(initial=0)) // demand), travel)
        usual = self._usual
        self._softest = tuple(max(1, penalty // 100) for penalty in usual)
        core.time_softest, core.load_softest, core.in_store_softest = self._softest

    def begin(self, start: Genes | None) -> None:
        """Make a first feasible solution, from a given one as far as that is feasible."""
        draft = start or self.draft()
        self._harden()
        load(self._data, self._handle, draft)
        repair(self._data, self._handle)
        self._keep()
        fill(self._data, self._handle)
        self._keep()
        n_visits = max(1, int(self.state.routes.n.sum()))
        self._scale = max(1.0, float(self.state.routes["cost"].sum()) / n_visits)
        if self.is_roomy:
            self.resume(draft, self._usual)
        elif not self._feasible.terms[7]:
            # Where visits are missing, limits stay hard until steps show that they need not be.
            self._set_penalties(self._usual)
        self._reset_child()
        self._tell()

    def draft(self) -> Genes:
        """Insert neighbors one behind another; limits are soft where that hardly exceeds them.

        Where it does, the dearest visits are inserted first, within hard limits.
        """
        self._set_penalties(self._usual)
        self._construct(places_in_order(self.data))
        self._improve()
        core = self._best.core[0]
        room = (self.data.slots.weight * self.data.slots.max_work).sum()
        self.is_roomy = not self._best.terms[7] and core.over_time <= ROOMY * room
        if not self.is_roomy:
            self._harden()
            self._construct(prices_in_order(self.data))
        return self.current()

    def resume(self, genes: Genes, penalties: Penalties) -> None:
        """Go on from a solution that may exceed limits."""
        self._set_penalties(penalties)
        load(self._data, self._handle, genes)
        self._reset_child()
        self._keep()

    def anneal(self, at: float, in_all: float, steps: int) -> None:
        """Steps at one moment, 0 to 1, of a long annealing of so many steps in all."""
        hot, cold = self._hot(in_all), self.settings.cold
        self._ruin(steps, self._scale * hot * (cold / hot) ** at)
        self._tell()

    def _hot(self, steps: float) -> float:
        """The temperature to begin with: lower where there are few steps to cool down in."""
        return self.settings.hot * min(1.0, max(0.1, steps / self._n_visits / SLOW))

    def _construct(self, order: IntArray) -> None:
        construct(self._data, self._handle, order)
        self._reset_child()
        self._keep()

    def _start_anew(self) -> None:
        order = list(range(len(self.data.stores)))
        self.rng.shuffle(order)
        self._construct(np.array(order, np.int64))

    def _ruin(self, steps: int, heat: float) -> None:
        self.state.core[0].is_adapting = 1
        self._ruin_between(steps, heat, heat)

    def _ruin_between(self, steps: int, hot: float, cold: float) -> None:
        ruin_and_recreate(
            self._data, self._handle, self._child, self._top,
            steps, hot, cold, self.settings.most, self.settings.a_slot,
        )  # fmt: skip
        self.iterations += steps

    def _improve(self) -> None:
        """Route improvement, pattern improvement, route improvement."""
        improve_routes(self._data, self._handle)
        improve_options(self._data, self._handle, PATTERN_ROUNDS)
        improve_routes(self._data, self._handle)
        self._keep()

    def _recall_best(self) -> None:
        """Go back to the best by penalized objective, its routes improved."""
        recall(self._data, self._handle, self._child)
        improve_routes(self._data, self._handle)
        self._keep()

    def finish(self) -> None:
        """Put what is missing into the best feasible solution, visits of less worth aside."""
        recall(self._data, self._handle, self._top)
        self._harden()
        fill(self._data, self._handle)
        self._reset_child()
        self._improve()
        self._tell()

    def current(self) -> Genes:
        """The best solution by penalized objective since the search last began anew."""
        return Genes(*to_genes(self._child))

    @property
    def penalties(self) -> Penalties:
        """As they are now."""
        core = self.state.core[0]
        return int(core.time_penalty), int(core.load_penalty), int(core.in_store_penalty)

    def _set_penalties(self, penalties: Penalties) -> None:
        core = self.state.core[0]
        hardest = int(core.hardest)
        core.time_penalty, core.load_penalty, core.in_store_penalty = (
            min(penalty, hardest) for penalty in penalties
        )
        reprice(self._handle)

    def _harden(self) -> None:
        self._set_penalties((int(self.state.core[0].hardest),) * 3)

    def _reset_child(self) -> None:
        self._best.core[0].objective = 2**60

    def _keep(self) -> None:
        keep_best(self._data, self._handle, self._child, self._top)

    def _tell(self) -> None:
        """Say how good the best feasible solution is, and which one, where it is a new one."""
        objective = int(self._feasible.core[0].objective)
        if objective != self.incumbent.objective:
            terms, genes = self._feasible.terms.tolist(), Genes(*to_genes(self._top))
            self.incumbent = Incumbent(objective, tuple(terms[:7]), terms[7], genes)
