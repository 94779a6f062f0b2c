"""Plans with sets of relaxations: which are complete, and which need not be tried any more."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from routeplanner.domain.fit import TriedSet
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.what_if import Alternative
from routeplanner.errors import InputError
from routeplanner.planning.fit.ladders import Ladder, merged
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.figures import figures_of
from routeplanner.planning.what_if.run import Effort, Trial, repeated
from routeplanner.travel.source import travel_matrix
from solvers.relaxations import Levels


@dataclass(frozen=True, slots=True)
class Solved:
    """A set that was solved, with the scenario that it makes and the best plan of it."""

    levels: Levels
    scenario: Scenario
    plan: Plan


@dataclass(frozen=True, slots=True)
class Patience:
    """When to give up: so many plans, so many seconds, or when canceled."""

    solves: int
    seconds: float | None
    is_canceled: Callable[[], bool] | None = None


@dataclass(slots=True)
class Trials:
    """Solves sets one by one and remembers them."""

    scenario: Scenario
    ladders: Sequence[Ladder]
    effort: Effort
    patience: Patience
    start: Plan | None = None
    progress: Callable[[Trial], None] | None = None
    done: dict[Levels, Solved] = field(default_factory=dict)
    refused: list[Levels] = field(default_factory=list)  # no plan can be asked for with these
    began: float = field(default_factory=time.monotonic)

    def solve(self, levels: Levels) -> Solved | None:
        """Solve a set with one seed after another until a plan is complete.

        None where time is up, or where the set makes no scenario that can be planned.
        """
        if levels in self.done:
            return self.done[levels]
        if self.is_over:
            return None
        alternative = merged(self.steps(levels))
        try:
            scenario = changed(self.scenario, alternative)
        except InputError:
            self.refused.append(levels)
            return None
        plan = self._best_plan(scenario, alternative.name)
        if self.is_canceled() and not plan.is_complete:
            return None
        self.done[levels] = Solved(levels, scenario, plan)
        return self.done[levels]

    @property
    def is_over(self) -> bool:
        """Whether time is up or all plans are used."""
        limit = self.patience.seconds
        is_late = limit is not None and time.monotonic() - self.began >= limit
        return is_late or self.is_canceled() or len(self.done) >= self.patience.solves

    @property
    def failed(self) -> list[Levels]:
        """Sets that were solved and do not fit."""
        return [levels for levels, found in self.done.items() if not found.plan.is_complete]

    def steps(self, levels: Levels) -> list[Alternative]:
        """The steps of a set."""
        pairs = zip(self.ladders, levels, strict=True)
        return [ladder.steps[level - 1] for ladder, level in pairs if level]

    def told(self, levels: Levels) -> TriedSet:
        """A set as users read it: by what it is known to fit or not."""
        found = self.done.get(levels)
        cover = None if found else self.cover_of(levels)
        return TriedSet(
            name=self.name(levels),
            points=sum(n * x.points for n, x in zip(levels, self.ladders, strict=True)),
            fits=found.plan.is_complete if found else (False if cover else None),
            missing_visits=figures_of(found.plan).missing_visits if found else None,
            covered_by=self.name(cover) if cover else None,
        )

    def cover_of(self, levels: Levels) -> Levels | None:
        """A failed set that is nowhere lower: with less the plan cannot be complete either."""
        return next((each for each in self.failed if is_within(levels, each)), None)

    def name(self, levels: Levels) -> str:
        """The set in words; empty for nothing at all."""
        return merged(self.steps(levels)).name

    def _best_plan(self, scenario: Scenario, name: str) -> Plan:
        matrix = travel_matrix(scenario)
        start = None if self.start is None else repeated(self.start, scenario.cycle)
        plans: list[Plan] = []
        for seed in self.effort.seeds:
            watch = _Watch(self, name)
            plan = make_plan(
                scenario,
                seconds=self.effort.seconds,
                iterations=self.effort.iterations,
                seed=seed,
                threads=self.effort.threads,
                start=start,
                progress=watch.tell,
                is_canceled=watch.is_enough,
                matrix=matrix,
            )
            if plan.is_complete or self.is_canceled():
                return plan
            plans.append(plan)
        return min(plans, key=lambda plan: plan.required_visits - plan.scheduled_visits)

    def is_canceled(self) -> bool:
        """Whether the user has ended it."""
        return self.patience.is_canceled is not None and self.patience.is_canceled()


@dataclass(slots=True)
class _Watch:
    """Ends a search that is limited by time as soon as its plan is complete."""

    trials: Trials
    name: str
    is_complete: bool = False

    def tell(self, progress: PlanProgress) -> None:
        self.is_complete = progress.missing_visits == 0
        if self.trials.progress is not None:
            share = (len(self.trials.done) + progress.share) / self.trials.patience.solves
            self.trials.progress(Trial(self.name, min(1.0, share)))

    def is_enough(self) -> bool:
        # A run of so many steps has to repeat exactly, which no end in mid-way does.
        is_timed = self.trials.effort.iterations is None
        return self.trials.is_canceled() or (is_timed and self.is_complete)


def is_within(levels: Levels, other: Levels) -> bool:
    """Whether a set relaxes nowhere more than another one."""
    return all(n <= m for n, m in zip(levels, other, strict=True))
