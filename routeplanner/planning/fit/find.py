"""Finds the smallest set of relaxations: estimate and CP-SAT propose, solved plans decide.

1. The cheapest set that the estimate says fits is solved. Where its plan is not complete, neither
   is one with less: a cut; and the estimate is held to be too low by that much.
2. From the first set that fits, levers are taken back by a step while the plan stays complete.
3. With the time that is left cheaper sets that are not known to fail are solved, emptiest first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from routeplanner.domain.fit import Allowed, Fit, LeverName, Relaxation
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.fit.ladders import POINTS, Ladder, ladders_of, merged
from routeplanner.planning.fit.model import (
    Ways,
    available_minutes,
    candidates,
    relaxations,
    ways_of,
)
from routeplanner.planning.fit.trials import Patience, Solved, Trials
from routeplanner.planning.plan import make_plan
from routeplanner.planning.share_out import visits_per_week
from routeplanner.planning.what_if.figures import figures_of
from routeplanner.planning.what_if.run import Effort, Trial
from routeplanner.travel.source import travel_matrix
from solvers.relaxations import Levels, Relaxations, cheapest, cost_of, needs_of
from solvers.tour_estimate import FloatArray

DEFAULT_PATIENCE = Patience(solves=40, seconds=180.0)
_LEAST_MARGIN = 0.01
"""How much less full the next set must be estimated after one that fails, as a share."""

_HOPELESS = 0.10
"""Cheaper sets that are estimated to be over by more than this are not solved."""


@dataclass(frozen=True, slots=True)
class FitRun:
    """The answer, with the scenario that it makes and its complete plan."""

    result: Fit
    scenario: Scenario | None = None
    plan: Plan | None = None


def find_fit(
    scenario: Scenario,
    allow: Sequence[str],
    effort: Effort,
    *,
    points: Mapping[LeverName, int] = POINTS,
    patience: Patience = DEFAULT_PATIENCE,
    start: Plan | None = None,
    progress: Callable[[Trial], None] | None = None,
) -> FitRun | None:
    """Return the set of relaxations of fewest points whose plan is complete.

    None where canceled before the scenario as it is was solved.

    Parameters
    ----------
    allow
        Levers that may be used: `A.frequency`, `minutes` (of every class), `classes`,
        `longest_day`, `calendar`, `reps`, `stores`.
    effort
        Of each plan; with several seeds a set fits where one of them makes a complete plan.
    points
        Of a step of each lever.
    start
        A plan that every search begins with, as far as it fits.
    """
    matrix = travel_matrix(scenario)
    base = Trials(scenario, (), effort, patience, start, progress).solve(())
    if base is None:
        return None
    ways = ways_of(scenario, matrix)
    every = ladders_of(scenario, {**POINTS, **points}, candidates(scenario, ways))
    ladders = [ladder for ladder in every if _is_allowed(ladder.key, allow)]
    trials = Trials(scenario, ladders, effort, patience, start or base.plan, progress)
    nothing = (0,) * len(ladders)
    trials.done[nothing] = Solved(nothing, scenario, base.plan)
    search = _Search(scenario, ways, trials)
    found = search.find(trials.done[nothing])
    return _answer(search, found, effort)


@dataclass(slots=True)
class _Search:
    scenario: Scenario
    ways: Ways
    trials: Trials
    factor: float = 1.0  # of travel in plans to travel in the estimate
    margin: float = 0.0  # share of their minutes that reps must be under for a set to be proposed
    is_smallest: bool = False
    least_excess: float | None = None  # of the cheaper sets that were not solved
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
            levels = cheapest(self.problem, limit, self._known())
            if levels is None:  # nothing is thought to fit: what relaxes most has the last word
                levels = cheapest(self.problem, None, self._known())
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
            levels = cheapest(self.problem, None, self._known(), most)
            if levels is None:
                self.is_smallest = True
                return None
            self.least_excess = self.excess(levels)
            if self.least_excess > _HOPELESS:
                return None
            other = self.trials.solve(levels)
            if other is not None and other.plan.is_complete:
                return other
        return None

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
        if excess <= -self.margin:
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


def _is_allowed(key: str, allow: Sequence[str]) -> bool:
    return key in allow or key.rpartition(".")[2] in allow


def _answer(search: _Search, found: Solved | None, effort: Effort) -> FitRun:
    trials = search.trials
    base = trials.done[(0,) * len(trials.ladders)]
    if found is not None:
        found = _polished(found, effort, trials.is_canceled)
    used = _used(trials.ladders, found.levels) if found else ()
    less = (
        [each for each in search.one_less(found.levels) if search.is_allowed(each)] if found else []
    )
    result = Fit(
        status="not_found" if found is None else "fitted" if used else "fits",
        allowed=_allowed(trials.ladders),
        base=figures_of(base.plan),
        relaxations=used,
        alternative=merged(trials.steps(found.levels)) if found else None,
        figures=figures_of(found.plan) if found else None,
        smaller=tuple(trials.told(each) for each in less),
        is_smallest=search.is_smallest,
        least_excess=search.least_excess,
        is_out_of_time=trials.is_over,
        tried=tuple(trials.told(levels) for levels in trials.done if any(levels)),
        seconds=effort.seconds,
        iterations=effort.iterations,
    )
    return FitRun(result, found.scenario, found.plan) if found else FitRun(result)


def _polished(found: Solved, effort: Effort, is_canceled: Callable[[], bool]) -> Solved:
    """The plan searched for its whole time, where it ended as soon as it was complete."""
    if effort.iterations is not None:
        return found
    seed = found.plan.provenance.seed
    plan = make_plan(
        found.scenario,
        seconds=effort.seconds,
        seed=seed,
        threads=effort.threads,
        start=found.plan,
        is_canceled=is_canceled,
    )
    return replace(found, plan=plan) if plan.is_complete else found


def _used(ladders: Sequence[Ladder], levels: Levels) -> tuple[Relaxation, ...]:
    return tuple(
        Relaxation(
            key=ladder.key,
            name=ladder.steps[level - 1].name,
            steps=level,
            points=level * ladder.points,
        )
        for ladder, level in zip(ladders, levels, strict=True)
        if level
    )


def _allowed(ladders: Sequence[Ladder]) -> tuple[Allowed, ...]:
    return tuple(
        Allowed(key=x.key, points=x.points, steps=len(x.steps), last=x.steps[-1].name)
        for x in ladders
    )
