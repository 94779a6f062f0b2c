"""An island: one population and the state that its solutions are made in."""

from dataclasses import dataclass
from random import Random

import numpy as np

from solvers.hgs.arrays import places_in_order, prices_in_order, snapshot_of, state_of
from solvers.hgs.population import Population
from solvers.kernels.crossover import cross, load
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

SLICE = 250
"""Steps of ruin and recreate between two looks at the clock."""

Penalties = tuple[int, int, int]
"""Costs of a second, a unit of load and a second in store beyond the limits."""

FOUNDERS = 2
"""First solutions, in sizes of a group."""

PATTERN_ROUNDS = 2
"""Turns of all stores in pattern improvement."""

CHILDREN_JUDGED, FEASIBLE_SHARE = 50, 0.35
"""Children whose feasibility steers the penalties, and the share of them wanted feasible."""

ROOMY = 0.02
"""Share of the longest work by which a first plan with all visits may exceed limits."""

SAMPLE = 4 * SLICE
"""Steps after which the speed is known, and with it what there is time for."""


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
    scarce: float = 8_000  # steps a visit below which annealing alone does best


@dataclass(frozen=True, slots=True)
class Schedule:
    """Solutions annealed for shares of the time: the first ones from nothing, then children."""

    first: int
    first_share: float
    child_share: float
    hot: float


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The best feasible solution so far, as it is told to others."""

    objective: int
    terms: tuple[int, ...]
    missing_visits: int


class Island:
    """Crosses solutions, or anneals one, or both in turn; always has a best feasible one."""

    def __init__(self, data: Data, width: int, seed: int, settings: Settings) -> None:
        self.settings = settings
        self.rng = Random(seed)
        self.state = state_of(data, width, seed)
        self._best, self._feasible = snapshot_of(self.state), snapshot_of(self.state)
        self.data, self._data, self._handle = data, handle(data), handle(self.state)
        self._child, self._top = handle(self._best), handle(self._feasible)
        self.population = Population(self._data, settings.fewest, settings.growth, settings.elite)
        self.iterations = 0
        self._n_made = 0
        self._feasible_children: tuple[list[bool], ...] = ([], [], [])
        self._used_before = 0.0
        self._schedule: Schedule | None = None
        self._life: tuple[float, float, float] | None = None  # begin, end and heat of annealing
        self._guest: Genes | None = None
        self._scale = 1.0
        self.is_roomy = False
        self._n_visits = max(1, int(data.stores.required.sum()))
        self._set_bounds(data)
        self.incumbent = self._tell()

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

    def _set_penalties(self, penalties: Penalties) -> None:
        core = self.state.core[0]
        hardest = int(core.hardest)
        core.time_penalty, core.load_penalty, core.in_store_penalty = (
            min(penalty, hardest) for penalty in penalties
        )
        reprice(self._handle)

    def _harden(self) -> None:
        self._set_penalties((int(self.state.core[0].hardest),) * 3)

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
        self.incumbent = self._tell()

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
        self.incumbent = self._tell()
        return self.current()

    def step(self, used: float, most: int) -> None:
        """Do the next piece of work, of at most so many steps.

        Parameters
        ----------
        used
            How much of the time or iterations there are is used, 0 to 1.
        """
        rules = self.settings
        if self._schedule is None:
            if not self.iterations:
                self._used_before = used
            self._ruin(min(SLICE, most), rules.hot * self._scale)
            if self.iterations >= SAMPLE and used > self._used_before:
                self._schedule = self._plan(self.iterations / (used - self._used_before))
        elif self._schedule.first:
            self._live(used, min(SLICE, most))
        elif self._n_made < FOUNDERS * rules.fewest:
            self._found(min(rules.steps, most))
        else:
            self._breed(min(rules.steps, most))
        self.incumbent = self._tell()

    def _plan(self, steps: float) -> Schedule:
        """What the steps that there is time for are best used for."""
        rules, a_visit = self.settings, steps / self._n_visits
        if a_visit >= rules.ample:
            return Schedule(0, 0.0, 0.0, rules.hot)
        if a_visit < rules.scarce:
            return Schedule(1, 1.0, 1.0, self._hot(steps))
        self.population = Population(self._data, fewest=6, growth=6, elite=2)
        return Schedule(4, 0.06, 0.02, rules.hot)

    def _hot(self, steps: float) -> float:
        """The temperature to begin with: lower where there are few steps to cool down in."""
        return self.settings.hot * min(1.0, max(0.1, steps / self._n_visits / 300))

    def anneal(self, at: float, in_all: float, steps: int) -> None:
        """Steps at one moment, 0 to 1, of a long annealing of so many steps in all."""
        hot, cold = self._hot(in_all), self.settings.cold
        self._ruin(steps, self._scale * hot * (cold / hot) ** at)
        self.incumbent = self._tell()

    def resume(self, genes: Genes, penalties: Penalties) -> None:
        """Go on from a solution that may exceed limits."""
        self._set_penalties(penalties)
        load(self._data, self._handle, genes)
        self._reset_child()
        self._keep()

    def _found(self, steps: int) -> None:
        """Make one of the first solutions of the population: any, quickly improved."""
        if self._n_made:
            self._start_anew()
        else:
            self._reset_child()
        self._educate(steps)

    def _live(self, used: float, steps: int) -> None:
        """Anneal one solution after the other, each for its share of the time."""
        if self._life is None or used >= self._life[1]:
            self._end_life()
            self._life = self._begin_life(used)
        begin, end, hot = self._life
        part, cold = min(1.0, (used - begin) / (end - begin)), self.settings.cold
        self._ruin(steps, self._scale * hot * (cold / hot) ** part)

    def _begin_life(self, used: float) -> tuple[float, float, float]:
        """Make what is annealed next; returns its begin, end and first temperature."""
        assert self._schedule is not None
        plan = self._schedule
        if self._n_made < plan.first:
            share, hot = plan.first_share, plan.hot
            if self._n_made:
                self._start_anew()
            else:
                self._reset_child()
        else:
            share, hot = plan.child_share, self.settings.warm
            self._welcome_guest()
            one, two = self.population.parents(self.rng, self.penalties)
            cross(self._data, self._handle, one.genes, two.genes)
            self._reset_child()
        end = used + share
        return used, end if end + share / 2 < 1.0 else 1.0 + 1e-9, hot

    def _end_life(self) -> None:
        """Take what was annealed into the population."""
        if self._life is not None:
            recall(self._data, self._handle, self._child)
            improve_routes(self._data, self._handle)
            self._keep()
            self._adopt()

    def _start_anew(self) -> None:
        order = list(range(len(self.data.stores)))
        self.rng.shuffle(order)
        self._construct(np.array(order, np.int64))

    def _construct(self, order: IntArray) -> None:
        construct(self._data, self._handle, order)
        self._reset_child()
        self._keep()

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

    def _adapt(self) -> None:
        """Let a third of the children be feasible: raise or lower the penalties to that end."""
        one = self._newest
        for kind, excess in enumerate(one.excess):
            self._feasible_children[kind].append(excess == 0)
        if len(self._feasible_children[0]) < CHILDREN_JUDGED:
            return
        penalties = list(self.penalties)
        softest = self._softest
        for kind, judged in enumerate(self._feasible_children):
            share = sum(judged) / len(judged)
            if share < FEASIBLE_SHARE - 0.05:
                penalties[kind] += penalties[kind] // 5 + 1
            elif share > FEASIBLE_SHARE + 0.05:
                penalties[kind] = max(softest[kind], penalties[kind] - penalties[kind] // 7)
            del judged[: CHILDREN_JUDGED // 5]
        self._set_penalties((penalties[0], penalties[1], penalties[2]))

    def _breed(self, steps: int) -> None:
        one, two = self.population.parents(self.rng, self.penalties)
        cross(self._data, self._handle, one.genes, two.genes)
        self._reset_child()
        self._educate(steps)

    def _educate(self, steps: int) -> None:
        """Improve, ruin and recreate, improve; then take the best of it into the population."""
        rules, scale = self.settings, self._scale
        self.state.core[0].is_adapting = 0
        self._improve()
        self._ruin_between(steps, rules.child_hot * scale, rules.child_cold * scale)
        recall(self._data, self._handle, self._child)
        improve_routes(self._data, self._handle)
        self._keep()
        self._adopt()
        self._adapt()

    def _adopt(self) -> None:
        """Take the child into the population."""
        genes = Genes(*to_genes(self._child))
        penalties = self.penalties
        one = self.population.individual(genes, self._best.core[0], penalties)
        self.population.add(one, penalties)
        self._newest = one
        self._n_made += 1

    def finish(self) -> None:
        """Put what is missing into the best feasible solution, visits of less worth aside."""
        recall(self._data, self._handle, self._top)
        self._harden()
        fill(self._data, self._handle)
        self._reset_child()
        self._improve()
        self.incumbent = self._tell()

    def best(self) -> Genes:
        """The best feasible solution."""
        return Genes(*to_genes(self._top))

    def current(self) -> Genes:
        """The best solution by penalized objective since the search last began anew."""
        return Genes(*to_genes(self._child))

    def welcome(self, genes: Genes) -> None:
        """Take in another island's best, as soon as there is a population to take it into."""
        self._guest = genes
        if self._life is None and self._n_made >= FOUNDERS * self.settings.fewest:
            self._welcome_guest()

    def _welcome_guest(self) -> None:
        if self._guest is not None:
            load(self._data, self._handle, self._guest)
            self._guest = None
            self._reset_child()
            self._keep()
            self._adopt()

    @property
    def penalties(self) -> Penalties:
        """As they are now."""
        core = self.state.core[0]
        return int(core.time_penalty), int(core.load_penalty), int(core.in_store_penalty)

    def _reset_child(self) -> None:
        self._best.core[0].objective = 2**60

    def _keep(self) -> None:
        keep_best(self._data, self._handle, self._child, self._top)

    def _tell(self) -> Incumbent:
        terms = self._feasible.terms.tolist()
        return Incumbent(int(self._feasible.core[0].objective), tuple(terms[:7]), terms[7])
