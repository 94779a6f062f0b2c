"""An island: one population and the state that its solutions are made in."""

from dataclasses import dataclass

from solvers.hgs.annealer import Annealer, Settings
from solvers.hgs.population import Population
from solvers.kernels.crossover import cross, load
from solvers.kernels.education import to_genes
from solvers.kernels.layout import Data, Genes

SLICE = 250
"""Steps of ruin and recreate between two looks at the clock."""

SAMPLE, SAMPLE_SHARE = 4 * SLICE, 0.01
"""Steps and share of the time after which the speed is known, and what there is time for."""

FOUNDERS = 2
"""First solutions, in sizes of a group."""

BEST_KEPT = 3
"""Solutions of a population of many that those annealed later are crossed with."""

ALWAYS = 2.0
"""A share of the time that is never reached."""

CHILDREN_JUDGED, FEASIBLE_SHARE = 50, 0.35
"""Children whose feasibility steers the penalties, and the share of them wanted feasible."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Many solutions are crossed first; then few are annealed for shares of the time."""

    cross_until: float  # share of the time
    first: int  # solutions annealed from nothing, before children are
    first_share: float
    child_share: float
    hot: float


class Island(Annealer):
    """Anneals one solution, or few and their children, or crosses many, as time allows."""

    def __init__(self, data: Data, width: int, seed: int, settings: Settings) -> None:
        super().__init__(data, width, seed, settings)
        self.population = Population(self._data, settings.fewest, settings.growth, settings.elite)
        self._n_made = 0
        self.n_annealed = 0  # solutions annealed to the end, children among them
        self._feasible_children: tuple[list[bool], ...] = ([], [], [])
        self._used_before = 0.0
        self._schedule: Schedule | None = None
        self._life: tuple[float, float, float] | None = None  # begin, end and heat of annealing
        self._guest: Genes | None = None

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
            share = used - self._used_before
            if self.iterations >= SAMPLE and share >= SAMPLE_SHARE:
                self._schedule = self._plan(self.iterations / share)
        elif used >= self._schedule.cross_until:
            self._live(used, min(SLICE, most))
        elif self._n_made < FOUNDERS * rules.fewest:
            self._found(min(rules.steps, most))
        else:
            self._breed(min(rules.steps, most))
        self._tell()

    def _plan(self, steps: float) -> Schedule:
        """What the steps that there is time for are best used for."""
        rules, a_visit = self.settings, steps / self._n_visits
        if a_visit >= rules.ample:
            return Schedule(ALWAYS, 0, 0.0, 0.0, rules.hot)
        if a_visit < rules.scarce:
            return Schedule(0.0, 1, 1.0, 1.0, self._hot(steps))
        return Schedule(0.25, 2, 0.06, 0.02, rules.hot)

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
        if not self.n_annealed:
            self.population = self.population.of_best(BEST_KEPT, self.penalties)
        if self.n_annealed < plan.first:
            share, hot = plan.first_share, plan.hot
            if self._n_made:
                self._start_anew()
            else:
                self._reset_child()
        else:
            share, hot = plan.child_share, self.settings.warm
            self._welcome_guest()
            self._cross()
        end = used + share
        return used, end if end + share / 2 < 1.0 else 1.0 + 1e-9, hot

    def _end_life(self) -> None:
        """Take what was annealed into the population."""
        if self._life is not None:
            self._recall_best()
            self._adopt()
            self.n_annealed += 1

    def _found(self, steps: int) -> None:
        """Make one of the first solutions of the population: any, quickly improved."""
        if self._n_made:
            self._start_anew()
        else:
            self._reset_child()
        self._educate(steps)

    def _breed(self, steps: int) -> None:
        self._cross()
        self._educate(steps)

    def _cross(self) -> None:
        """Make a child of two solutions of the population."""
        one, two = self.population.parents(self.rng, self.penalties)
        cross(self._data, self._handle, one.genes, two.genes)
        self._reset_child()

    def _educate(self, steps: int) -> None:
        """Improve, ruin and recreate, improve; then take the best of it into the population."""
        rules, scale = self.settings, self._scale
        self.state.core[0].is_adapting = 0
        self._improve()
        self._ruin_between(steps, rules.child_hot * scale, rules.child_cold * scale)
        self._recall_best()
        self._adopt()
        self._adapt()

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

    def _adopt(self) -> None:
        """Take the child into the population."""
        genes = Genes(*to_genes(self._child))
        penalties = self.penalties
        one = self.population.individual(genes, self._best.core[0], penalties)
        self.population.add(one, penalties)
        self._newest = one
        self._n_made += 1

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
