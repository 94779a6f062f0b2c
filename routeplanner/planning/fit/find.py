"""Answers `fit`: sets up the levers and their search, and tells what it has found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routeplanner.domain.fit import Allowed, Fit, LeverName, Relaxation, TriedSet
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.fit.days import Days
from routeplanner.planning.fit.ladders import (
    POINTS,
    Ladder,
    merged,
    rule_ladders,
    store_ladders,
)
from routeplanner.planning.fit.model import candidates, ways_of
from routeplanner.planning.fit.search import Search
from routeplanner.planning.fit.trials import Patience, Solved, Trials
from routeplanner.planning.plan import make_plan
from routeplanner.planning.what_if.figures import figures_of
from routeplanner.planning.what_if.run import Effort, Trial
from routeplanner.travel.source import travel_matrix
from solvers.relaxations import Levels

DEFAULT_PATIENCE = Patience(solves=40, seconds=180.0)


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
    ways, points = ways_of(scenario, matrix), {**POINTS, **points}
    rules = [ladder for ladder in rule_ladders(scenario, points) if _is_allowed(ladder.key, allow)]
    days = Days(scenario, matrix, rules)
    stores = candidates(scenario, ways, _without_days(days))
    out = [x for x in store_ladders(scenario, points, stores) if _is_allowed(x.key, allow)]
    ladders = [*rules, *out]
    trials = Trials(scenario, ladders, effort, patience, start or base.plan, progress)
    nothing = (0,) * len(ladders)
    trials.done[nothing] = Solved(nothing, scenario, base.plan)
    search = Search(scenario, ways, days, trials)
    found = search.find(trials.done[nothing])
    return _answer(search, found, effort)


def _without_days(days: Days) -> tuple[Store, ...]:
    """The stores that find too few days as it is, those first that no rule can help."""
    stuck = days.stuck()
    others = (s for s in days.short((0,) * len(days.ladders)) if s not in stuck)
    return (*stuck, *others)


def _is_allowed(key: str, allow: Sequence[str]) -> bool:
    return key in allow or key.rpartition(".")[2] in allow


def _answer(search: Search, found: Solved | None, effort: Effort) -> FitRun:
    trials = search.trials
    base = trials.done[(0,) * len(trials.ladders)]
    if found is not None:
        found = _polished(found, effort, trials.is_canceled)
    used = _used(trials.ladders, found.levels) if found else ()
    less = (
        [each for each in search.one_less(found.levels) if search.is_allowed(each)] if found else []
    )
    stuck = {store.id for store in search.days.stuck()}
    result = Fit(
        status="not_found" if found is None else "fitted" if used else "fits",
        allowed=_allowed(trials.ladders),
        base=figures_of(base.plan),
        stores_without_days=tuple(each for each in base.plan.unserved if each.store_id in stuck),
        relaxations=used,
        alternative=merged(trials.steps(found.levels)) if found else None,
        figures=figures_of(found.plan) if found else None,
        smaller=tuple(_told(search, each) for each in less),
        is_smallest=search.is_smallest,
        least_excess=search.least_excess,
        is_out_of_time=trials.is_over,
        tried=tuple(trials.told(levels) for levels in trials.done if any(levels)),
        seconds=effort.seconds,
        iterations=effort.iterations,
    )
    return FitRun(result, found.scenario, found.plan) if found else FitRun(result)


def _told(search: Search, levels: Levels) -> TriedSet:
    told = search.trials.told(levels)
    short = tuple(store.id for store in search.without_days(levels))
    if not short:
        return told
    return told.model_copy(update={"fits": False, "stores_without_days": short})


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
