"""Finds the smallest set of relaxations: estimate and CP-SAT propose, solved plans decide.

1. The cheapest set that the estimate says fits, and that leaves no store without days, is solved.
   Where its plan is not complete, neither is one with less: a cut; and the estimate is held to be
   too low by that much.
2. From the first set that fits, levers are taken back by a step while the plan stays complete.
3. With the time that is left cheaper sets that are not known to fail are solved, emptiest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.fit.days import Days
from routeplanner.planning.fit.model import Ways, available_minutes, relaxations
from routeplanner.planning.fit.trials import Solved, Trials
from routeplanner.planning.share_out import visits_per_week
from routeplanner.planning.what_if.figures import figures_of
from solvers.relaxations import Levels, Pairs, Relaxations, cheapest, cost_of, needs_of
from solvers.tour_estimate import FloatArray

_LEAST_MARGIN = 0.01
"""How much less full the next set must be estimated after one that fails, as a share."""

_HOPELESS = 0.10
"""Cheaper sets that are estimated to be over by more than this are not solved."""


@dataclass(slots=True)
class Search:
    """The search for the smallest set, with what it has learned."""

    scenario: Scenario
    ways: Ways
    days: Days  # under the first of the ladders, those of rules and reps
    trials: Trials
    factor: float = 1.0  # of travel in plans to travel in the estimate
    margin: float = 0.0  # share of their minutes that reps must be under for a set to be proposed
    is_smallest: bool = False
    least_excess: float | None = None  # of the cheaper sets that were not solved
    ways_out: list[Pairs] = field(default_factory=list)  # of stores that found too few days
    there: FloatArray = field(init=False)  # minutes a week by rep, as the scenario is
    problem: Relaxations = field(init=False)

    def __post_init__(self) -> None:
        self.there = available_minutes(self.scenario, self.scenario.policy)
        self.problem = self._problem()

    def find(self, base: Solved) -> Solved | None:
        """The smallest set that fits, as far as time allows; none where none was found."""
        if base.plan.is_complete:
            return base
        self._learn(base)
        found = self._first()
        while found is not None:
            found = self._stepped_back(found)
            cheaper = self._cheaper(found)
            if cheaper is None:
                break
            found = cheaper
        return found

    def _first(self) -> Solved | None:
        """The first set that fits, of those that the estimate proposes."""
        while not self.trials.is_over:
            limit = [-round(minutes * self.margin) for minutes in self.there]
            levels = self._cheapest(limit)
            if levels is None:  # nothing is thought to fit: what relaxes most has the last word
                levels = self._cheapest(None)
                if levels is None:
                    return None
            found = self.trials.solve(levels)
            if found is not None and found.plan.is_complete:
                return found
            if found is not None:
                self._learn(found)
        return None

    def _stepped_back(self, found: Solved) -> Solved:
        """Take levers back one step after another while plans stay complete, dearest first."""
        is_less = True
        while is_less:
            is_less = False
            for levels in self.one_less(found.levels):
                if self.trials.cover_of(levels) or not self.is_allowed(levels):
                    continue
                if self.without_days(levels):
                    continue
                less = self.trials.solve(levels)
                if less is not None and less.plan.is_complete:
                    found, is_less = less, True
                    break
        return found

    def one_less(self, levels: Levels) -> list[Levels]:
        """The sets with one step less of one lever, the dearest step first."""
        places = [i for i, level in enumerate(levels) if level]
        places.sort(key=lambda i: -self.problem.step_cost[i])
        return [(*levels[:i], levels[i] - 1, *levels[i + 1 :]) for i in places]

    def _cheaper(self, found: Solved) -> Solved | None:
        """A cheaper set that fits; none left to try means that the found one is the smallest."""
        most = cost_of(self.problem, found.levels) - 1
        while not self.trials.is_over:
            levels = self._cheapest(None, most)
            if levels is None:
                self.is_smallest = not self.trials.is_canceled()
                return None
            self.least_excess = self.excess(levels)
            if self.least_excess > _HOPELESS:
                return None
            other = self.trials.solve(levels)
            if other is not None and other.plan.is_complete:
                return other
        return None

    def _cheapest(self, limit: Sequence[int] | None, most: int | None = None) -> Levels | None:
        """The cheapest set within limits that is not known to fail and leaves no store short."""
        while not self.trials.is_canceled():
            levels = cheapest(self.problem, limit, self._known(), most, self.ways_out)
            if levels is None:
                return None
            short = self.without_days(levels)
            if not short:
                return levels
            self.ways_out += dict.fromkeys(self._ways_out(store, levels) for store in short)
        return None

    def without_days(self, levels: Levels) -> tuple[Store, ...]:
        """The stores that are left in and find too few days, so that no plan is complete."""
        rules = levels[: len(self.days.ladders)]
        return tuple(
            store
            for store in self.days.short(rules)
            if not any(levels[place] >= level for place, level in self._out(store))
        )

    def _ways_out(self, store: Store, levels: Levels) -> Pairs:
        """The (ladder, level) of which a set needs one at least to be complete."""
        rules = levels[: len(self.days.ladders)]
        return (*self.days.ways_out(store, rules), *self._out(store))

    def _out(self, store: Store) -> Pairs:
        """The (ladder, level) with which the store is put out."""
        for place, ladder in enumerate(self.trials.ladders):
            ids = [change.store for change in ladder.steps[-1].stores]
            if store.id in ids:
                return tuple((place, n) for n in range(ids.index(store.id) + 1, len(ids) + 1))
        return ()

    def _known(self) -> list[Levels]:
        """Sets that do not fit, and those that no plan can be asked for."""
        return [*self.trials.failed, *self.trials.refused]

    def _learn(self, solved: Solved) -> None:
        """Correct the estimate by a plan that is not complete."""
        figures = figures_of(solved.plan)
        if figures.scheduled_visits:
            served = figures.scheduled_visits / figures.required_visits
            self._correct_travel(solved, figures.travel_hours / served / figures.weeks * 60)
        excess = self.excess(solved.levels)
        if excess <= -self.margin and not self.without_days(solved.levels):
            lacking = figures.missing_hours / (figures.available_hours or 1.0) / 2
            self.margin = max(_LEAST_MARGIN, lacking) - excess

    def _correct_travel(self, solved: Solved, minutes: float) -> None:
        """Scale the ways so that the estimate has the travel of a plan, its missing visits too."""
        policy, cycle = solved.scenario.policy, solved.scenario.cycle
        planned = [store for store in solved.scenario.stores if store.is_planned]
        estimated = sum(
            self.ways.minutes[s.id] * visits_per_week(s, policy, cycle) for s in planned
        )
        if estimated:
            self.factor = minutes / estimated
            self.problem = self._problem()

    def excess(self, levels: Levels) -> float:
        """By what share of their minutes the fullest rep is over, estimated; below 0: under."""
        return float((needs_of(self.problem, levels) / self.there).max())

    def _problem(self) -> Relaxations:
        return relaxations(self.scenario, self.trials.ladders, self.ways, self.factor)

    def is_allowed(self, levels: Levels) -> bool:
        """Whether no class would be visited more often than a better one."""
        chosen = set(enumerate(levels))
        return not any(set(pairs) <= chosen for pairs in self.problem.forbidden)
