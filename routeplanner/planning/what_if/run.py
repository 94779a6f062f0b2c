"""Solves alternatives beside the scenario as it is: one start, one time, the same seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.what_if import Alternative, Figures, Per, Solved, WhatIf
from routeplanner.errors import InputError, Issue
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.figures import best_of, difference, figures_of
from routeplanner.planning.what_if.notes import notes_on
from routeplanner.travel.source import TravelMatrix, is_travel_alike, travel_matrix

DEFAULT_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each plan is searched for, and with which seeds."""

    seconds: float | None = None
    iterations: int | None = None
    seeds: tuple[int, ...] = tuple(range(DEFAULT_SEEDS))
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a run stands."""

    name: str  # of the alternative being solved, empty for the scenario as it is
    share: float  # of all plans


@dataclass(frozen=True, slots=True)
class SolvedCase:
    """A scenario with the best of its plans."""

    alternative: Alternative
    scenario: Scenario
    plan: Plan


@dataclass(frozen=True, slots=True)
class WhatIfRun:
    """The comparison, and the plans that it compares, that of the scenario as it is first."""

    result: WhatIf
    cases: tuple[SolvedCase, ...]


@dataclass(slots=True)
class _Case:
    """An alternative on its way; plans come one a seed."""

    alternative: Alternative
    scenario: Scenario
    matrix: TravelMatrix
    start: Plan | None = None
    plan: Plan | None = None  # the best so far
    by_seed: list[Figures] = field(default_factory=list)

    def take(self, plan: Plan) -> None:
        """Note a plan; keep it where it is the best."""
        self.by_seed.append(figures_of(plan))
        if best_of(self.by_seed) is self.by_seed[-1]:
            self.plan = plan


def what_if(
    scenario: Scenario,
    alternatives: Sequence[Alternative],
    effort: Effort,
    *,
    start: Plan | None = None,
    progress: Callable[[Trial], None] | None = None,
    is_canceled: Callable[[], bool] | None = None,
) -> WhatIfRun | None:
    """Return the alternatives beside the scenario; none where canceled before a seed was through.

    Parameters
    ----------
    scenario
        As it is; its plan is the one that all others are held against.
    effort
        Of each plan: there are (alternatives + 1) x seeds of them, and one more without a start.
    start
        A plan of the scenario that every search begins with, as far as it fits what is changed.
    is_canceled
        Asked during the search; seeds that every alternative has been solved with still count.

    Raises
    ------
    InputError
        A changed scenario cannot be planned (with every issue of every alternative).
    """
    runner = _Runner(effort, progress, is_canceled, len(alternatives) + 1, start is None)
    base = _Case(Alternative(name=""), scenario, travel_matrix(scenario))
    cases = [base, *cases_of(base, alternatives)]
    begin = start or runner.plan(cases[0], effort.seeds[0])
    if begin is None:
        return None
    for case in cases:
        case.start = repeated(begin, case.scenario.cycle)
    for seed in effort.seeds:
        plans = runner.round(cases, seed)
        if plans is None:
            break
        for case, plan in zip(cases, plans, strict=True):
            case.take(plan)
    if not cases[0].by_seed:
        return None
    return _finished(cases, effort, is_start_given=start is not None)


def cases_of(base: _Case, alternatives: Sequence[Alternative]) -> list[_Case]:
    """Change the scenario by every alternative; InputError with the issues of all."""
    cases: list[_Case] = []
    issues: list[Issue] = []
    for alternative in alternatives:
        try:
            cases.append(_changed_case(base, alternative))
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    return cases


def repeated(plan: Plan, cycle: Cycle) -> Plan:
    """Return a plan as a start for another cycle: its weeks go round, weekdays stay."""
    if plan.cycle == cycle:
        return plan
    by_day: dict[tuple[int, str], list[Route]] = {}
    for route in plan.routes:
        by_day.setdefault((route.week, route.weekday), []).append(route)
    routes = [
        route.model_copy(update={"day": day.day, "week": day.week})
        for day in cycle.days()
        for route in by_day.get(((day.week - 1) % plan.cycle.weeks + 1, day.weekday), ())
    ]
    return plan.model_copy(update={"cycle": cycle, "routes": tuple(routes)})


def _changed_case(base: _Case, alternative: Alternative) -> _Case:
    """The case of an alternative; most change nothing of the travel, whose matrix may be large."""
    scenario = changed(base.scenario, alternative)
    is_alike = is_travel_alike(base.scenario, scenario)
    return _Case(alternative, scenario, base.matrix if is_alike else travel_matrix(scenario))


@dataclass(slots=True)
class _Runner:
    """Makes one plan after another and tells how far it is."""

    effort: Effort
    progress: Callable[[Trial], None] | None
    is_canceled: Callable[[], bool] | None
    n_cases: int
    solves_start: bool
    n_done: int = 0

    @property
    def n_plans(self) -> int:
        return self.n_cases * len(self.effort.seeds) + self.solves_start

    def round(self, cases: Sequence[_Case], seed: int) -> list[Plan] | None:
        """The plans of all cases with one seed; none where canceled on the way."""
        plans: list[Plan] = []
        for case in cases:
            plan = self.plan(case, seed)
            if plan is None:
                return None
            plans.append(plan)
        return plans

    def plan(self, case: _Case, seed: int) -> Plan | None:
        """The plan of a case; none where canceled."""

        def tell(progress: PlanProgress) -> None:
            if self.progress is not None:
                share = (self.n_done + progress.share) / self.n_plans
                self.progress(Trial(case.alternative.name, share))

        plan = make_plan(
            case.scenario,
            seconds=self.effort.seconds,
            iterations=self.effort.iterations,
            seed=seed,
            threads=self.effort.threads,
            start=case.start,
            progress=tell,
            is_canceled=self.is_canceled,
            matrix=case.matrix,
        )
        self.n_done += 1
        return None if self.is_canceled is not None and self.is_canceled() else plan


def _finished(cases: Sequence[_Case], effort: Effort, *, is_start_given: bool) -> WhatIfRun:
    base = cases[0]
    weeks = {case.scenario.cycle.weeks for case in cases}
    per: Per = "cycle" if len(weeks) == 1 else "week"
    solved = tuple(_solved(case, base, per) for case in cases)
    result = WhatIf(
        base=solved[0],
        alternatives=solved[1:],
        per=per,
        seeds=effort.seeds[: len(base.by_seed)],
        seconds=effort.seconds,
        iterations=effort.iterations,
        is_start_given=is_start_given,
    )
    plans = tuple(
        SolvedCase(case.alternative, case.scenario, case.plan) for case in cases if case.plan
    )
    return WhatIfRun(result, plans)


def _solved(case: _Case, base: _Case, per: Per) -> Solved:
    is_base = case is base
    broken = check_plan(case.scenario, case.plan, case.matrix) if case.plan else ()
    return Solved(
        alternative=case.alternative,
        best=best_of(case.by_seed),
        by_seed=tuple(case.by_seed),
        notes=() if is_base else notes_on(base.scenario, case.scenario),
        hours=None if is_base else difference(base.by_seed, case.by_seed, per),
        broken_rules=len(broken),
    )
