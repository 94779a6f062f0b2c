"""An island: one population and the state that its solutions are made in."""

from dataclasses import dataclass
from random import Random

from solvers.hgs.arrays import snapshot_of, state_of
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

SLICE = 250
"""Steps of ruin and recreate between two looks at the clock."""

FOUNDERS = 2
"""First solutions, in sizes of a group."""

PATTERN_ROUNDS = 2
"""Turns of all stores in pattern improvement."""

CHILDREN_JUDGED, FEASIBLE_SHARE = 50, 0.35
"""Children whose feasibility steers the penalties, and the share of them wanted feasible."""

SAMPLE = 4 * SLICE
"""Steps after which the speed is known, and with it what there is time for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an island searches; temperatures in costs of an average visit."""

    fewest: int = 12  # solutions of a group that survive a selection
    growth: int = 20  # solutions added between two selections
    elite: int = 4
    steps: int = 150  # of ruin and recreate, for a child
    most: int = 24  # visits taken out at a time
    child_hot: float = 0.3
    child_cold: float = 0.02
    hot: float = 1.0
    cold: float = 0.01
    ample: float = 14_000  # steps a visit with which a population alone does best
    scarce: float = 6_000  # steps a visit below which annealing alone does best
    mixed_share: float = 0.25  # of the time, for the population in between


@dataclass(frozen=True, slots=True)
class Schedule:
    """Shares of the time: crossing until one, annealing a single solution from there on."""

    cross_until: float
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
        self._data, self._handle = handle(data), handle(self.state)
        self._child, self._top = handle(self._best), handle(self._feasible)
        self.population = Population(self._data, settings.fewest, settings.growth, settings.elite)
        self.iterations = 0
        self._n_made = 0
        self._feasible_children: tuple[list[bool], ...] = ([], [], [])
        self._used_before = 0.0
        self._schedule: Schedule | None = None
        self._anneal_from, self._anneal_until = 0.0, 0.0
        self._scale = 1.0
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

    def _set_penalties(self, penalties: tuple[int, int, int]) -> None:
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
        self._harden()
        if start is None:
            construct(self._data, self._handle, False)
        else:
            load(self._data, self._handle, start)
            repair(self._data, self._handle)
        self._keep()
        fill(self._data, self._handle)
        self._keep()
        n_visits = max(1, int(self.state.routes.n.sum()))
        self._scale = max(1.0, float(self.state.routes["cost"].sum()) / n_visits)
        if not self._feasible.terms[7]:
            # Where visits are missing, limits stay hard until steps show that they need not be.
            self._set_penalties(self._usual)
        self._reset_child()
        self.incumbent = self._tell()

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
                self._anneal_from = self._anneal_until = 0.0
        elif used >= self._schedule.cross_until:
            self._anneal_last(used, min(SLICE, most))
        elif self._n_made < FOUNDERS * rules.fewest:
            self._found(min(rules.steps, most))
        else:
            self._breed(min(rules.steps, most))
        self.incumbent = self._tell()

    def _plan(self, steps: float) -> Schedule:
        """What the steps that there is time for are best used for."""
        rules, a_visit = self.settings, steps / self._n_visits
        if a_visit >= rules.ample:
            return Schedule(1.0, rules.hot)
        if a_visit >= rules.scarce:
            return Schedule(rules.mixed_share, rules.hot)
        return Schedule(0.0, rules.hot * min(1.0, max(0.1, a_visit / 300)))

    def _found(self, steps: int) -> None:
        """Make one of the first solutions of the population: any, quickly improved."""
        if self._n_made:
            self._start_anew()
        else:
            self._reset_child()
        self._educate(steps)

    def _anneal_last(self, used: float, steps: int) -> None:
        """Anneal a single solution for all the time that is left."""
        assert self._schedule is not None
        if self._anneal_until < 1.0:
            self._anneal_from, self._anneal_until = used, 1.0
            if self._n_made:
                self._start_anew()
        part = (used - self._anneal_from) / max(1e-9, self._anneal_until - self._anneal_from)
        hot, cold = self._schedule.hot, self.settings.cold
        self._ruin(steps, self._scale * hot * (cold / hot) ** min(1.0, max(0.0, part)))

    def _start_anew(self) -> None:
        construct(self._data, self._handle, True)
        self._reset_child()

    def _ruin(self, steps: int, heat: float) -> None:
        self.state.core[0].is_adapting = 1
        self._ruin_between(steps, heat, heat)

    def _ruin_between(self, steps: int, hot: float, cold: float) -> None:
        ruin_and_recreate(
            self._data, self._handle, self._child, self._top, steps, hot, cold, self.settings.most
        )
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
        penalties = list(self._penalties())
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
        one, two = self.population.parents(self.rng, self._penalties())
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
        penalties = self._penalties()
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

    def welcome(self, genes: Genes) -> None:
        """Take in another island's best, once there is a population."""
        if self._n_made < FOUNDERS * self.settings.fewest:
            return
        load(self._data, self._handle, genes)
        self._reset_child()
        self._keep()
        self._adopt()

    def _penalties(self) -> tuple[int, int, int]:
        core = self.state.core[0]
        return int(core.time_penalty), int(core.load_penalty), int(core.in_store_penalty)

    def _reset_child(self) -> None:
        self._best.core[0].objective = 2**60

    def _keep(self) -> None:
        keep_best(self._data, self._handle, self._child, self._top)

    def _tell(self) -> Incumbent:
        terms = self._feasible.terms.tolist()
        return Incumbent(int(self._feasible.core[0].objective), tuple(terms[:7]), terms[7])
