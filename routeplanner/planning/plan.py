"""Makes a plan: encode, solve, decode, measure; with a route calendar, without, or choosing one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from routeplanner import __version__
from routeplanner.domain.plan import CalendarChoice, Plan, Provenance
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.planning.calendars import ranked_calendars
from routeplanner.planning.decode import decode, served_visits
from routeplanner.planning.encode import COST_PER_MINUTE, Encoding, encode
from routeplanner.planning.measures import measure
from routeplanner.planning.reasons import unserved_visits
from routeplanner.planning.warm_start import start_of
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix, travel_matrix
from solvers import (
    Canceled,
    FirstOf,
    MaxIterations,
    MaxSeconds,
    Progress,
    Result,
    StandsStill,
    Stop,
    evaluate,
    solve,
)

DEFAULT_SECONDS = 20.0
_CALENDARS_SOLVED = 5
_MOST_ROUTES = 24
_NUMBERS_NAMED = 8


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is: shown while it is computed."""

    share: float  # of the time or iterations allowed, 0 to 1
    score: float  # equivalent minutes per cycle of the best plan so far
    missing_visits: int
    iterations: int
    calendar: int = 0  # 1-based number of the calendar tried, 0: only one
    calendars: int = 0
    # Makes the best plan so far, where the search can tell it in mid-way; to be called while the
    # progress is being reported.
    plan: Callable[[], Plan] | None = None


ProgressCallback = Callable[[PlanProgress], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search, and when to give up."""

    seconds: float | None
    iterations: int | None
    is_canceled: Callable[[], bool] | None
    unimproved_seconds: float | None = None

    def part(self, share: float) -> "Budget":
        """A share of the time and iterations."""
        return Budget(
            None if self.seconds is None else self.seconds * share,
            None if self.iterations is None else max(1, round(self.iterations * share)),
            self.is_canceled,
            None if self.unimproved_seconds is None else self.unimproved_seconds * share,
        )

    def stop(self) -> Stop:
        """The criterion that the solver asks."""
        criteria: list[Stop] = []
        if self.seconds is not None:
            criteria.append(MaxSeconds(self.seconds))
        if self.iterations is not None:
            criteria.append(MaxIterations(self.iterations))
        if self.unimproved_seconds is not None:
            criteria.append(StandsStill(self.unimproved_seconds))
        if self.is_canceled is not None:
            criteria.append(Canceled(self.is_canceled))
        return FirstOf(tuple(criteria))

    def share(self, progress: Progress) -> float:
        """How much of the budget is used."""
        by_time = progress.seconds / self.seconds if self.seconds else 0.0
        by_steps = progress.iterations / self.iterations if self.iterations else 0.0
        return min(1.0, max(by_time, by_steps))


def make_plan(
    scenario: Scenario,
    *,
    method: str = "hgs",
    seconds: float | None = None,
    iterations: int | None = None,
    unimproved_seconds: float | None = None,
    seed: int = 0,
    threads: int = 1,
    start: Plan | None = None,
    progress: ProgressCallback | None = None,
    is_canceled: Callable[[], bool] | None = None,
    matrix: TravelMatrix | None = None,
    version: int = 1,
    created_at: datetime | None = None,
) -> Plan:
    """Return the best plan found; there always is one, and it says what it could not schedule.

    Parameters
    ----------
    scenario
        Judged and classified (`planning.scenario.build_scenario`).
    method
        One of `solvers.METHODS`.
    seconds, iterations
        When to end; 20 s where neither is given. With iterations alone a run repeats exactly.
    unimproved_seconds
        Ends earlier, when the best plan has stood for so long.
    threads
        Of the search; with iterations alone a run repeats with the same number of them.
    start
        A plan to begin with, as far as it still fits the scenario.
    progress, is_canceled
        Called several times a second; a canceled search still returns its best plan.
    matrix
        The scenario's travel matrix, where the caller has it already.
    version
        Of the plan; one more than that of the plan it replaces.
    created_at
        Time stamp of the plan; now where not given.

    Raises
    ------
    InputError
        `calendar = "auto"` and no calendar of so many routes serves every class (NO_CALENDAR).
    """
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    matrix = matrix or travel_matrix(scenario)
    planner = _Planner(scenario, matrix, method, seed, threads, start, progress)
    budget = Budget(seconds, iterations, is_canceled, unimproved_seconds)
    calendar = scenario.policy.calendar
    if calendar == "auto":
        outcome, tried = planner.best_calendar(budget)
    else:
        outcome, tried = planner.solve(calendar, budget), ()
    plan = planner.plan(outcome, tried, created_at or datetime.now(UTC))
    return plan.model_copy(update={"version": version})


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A solved calendar (or none)."""

    encoding: Encoding
    result: Result
    withheld: frozenset[str]  # guaranteed stores that did not fit whole


@dataclass(frozen=True, slots=True)
class _Planner:
    scenario: Scenario
    matrix: TravelMatrix
    method: str
    seed: int
    threads: int
    start: Plan | None
    progress: ProgressCallback | None

    def best_calendar(self, budget: Budget) -> tuple[_Outcome, tuple[CalendarChoice, ...]]:
        """Solve the most promising calendars at equal shares and take the best."""
        ranked = ranked_calendars(self.scenario, self.matrix)
        if not ranked:
            raise InputError([_no_calendar(self.scenario, self.matrix)])
        first = ranked[:_CALENDARS_SOLVED]
        outcomes = [
            self.solve(choice.rows, budget.part(1 / len(first)), (number, len(first)))
            for number, choice in enumerate(first, start=1)
        ]
        best = min(range(len(first)), key=lambda i: outcomes[i].result.evaluation.objective)
        solved = [
            choice.model_copy(
                update={
                    "missing_visits": outcome.result.evaluation.missing_visits,
                    "score": outcome.result.evaluation.objective / COST_PER_MINUTE,
                    "is_chosen": number == best,
                }
            )
            for number, (choice, outcome) in enumerate(zip(first, outcomes, strict=True))
        ]
        solved.sort(key=lambda choice: (not choice.is_chosen, choice.score))
        return outcomes[best], (*solved, *ranked[_CALENDARS_SOLVED:])

    def solve(
        self, calendar: CalendarRows | None, budget: Budget, turn: tuple[int, int] = (0, 0)
    ) -> _Outcome:
        """Solve one calendar; guaranteed stores that fit only partly are withheld, step by step."""
        encoding = encode(self.scenario, self.matrix, calendar)
        if not encoding.guaranteed:
            return _Outcome(encoding, self._search(encoding, budget, turn), frozenset())
        result = self._search(encoding, budget.part(0.6), turn)
        withheld: frozenset[str] = frozenset()
        while partly := self._served_partly(encoding, result):
            # The lesser half first: what they leave free may let the others in whole.
            withheld |= frozenset(partly[: (len(partly) + 1) // 2])
            encoding = encode(self.scenario, self.matrix, calendar, withheld)
            result = self._search(encoding, budget.part(0.1), turn)
        return _Outcome(encoding, result, withheld)

    def _served_partly(self, encoding: Encoding, result: Result) -> list[str]:
        """Return guaranteed stores with some of their visits, the least served first."""
        served = served_visits(encoding, result.solution)
        shares = {
            encoding.stores[i].id: served[encoding.stores[i].id] / encoding.choices[i].required
            for i in encoding.guaranteed
            if encoding.choices[i].required
        }
        return sorted((s for s in shares if 0 < shares[s] < 1), key=lambda s: (shares[s], s))

    def _search(self, encoding: Encoding, budget: Budget, turn: tuple[int, int]) -> Result:
        def report(progress: Progress) -> None:
            if self.progress is not None:
                self.progress(
                    PlanProgress(
                        share=budget.share(progress),
                        score=progress.objective / COST_PER_MINUTE,
                        missing_visits=progress.missing_visits,
                        iterations=progress.iterations,
                        calendar=turn[0],
                        calendars=turn[1],
                        plan=self._plan_so_far(encoding, progress),
                    )
                )

        return solve(
            encoding.problem,
            method=self.method,
            stop=budget.stop(),
            seed=self.seed,
            threads=self.threads,
            start=None if self.start is None else start_of(encoding, self.start),
            progress=report,
        )

    def _plan_so_far(self, encoding: Encoding, progress: Progress) -> Callable[[], Plan] | None:
        solution_of = progress.solution
        if solution_of is None:
            return None

        def plan() -> Plan:
            solution = solution_of()
            result = Result(
                solution=solution,
                evaluation=evaluate(encoding.problem, solution),
                status="solved",
                iterations=progress.iterations,
                seconds=progress.seconds,
                method=self.method,
                seed=self.seed,
            )
            return self.plan(_Outcome(encoding, result, frozenset()), (), datetime.now(UTC))

        return plan

    def plan(
        self, outcome: _Outcome, tried: tuple[CalendarChoice, ...], created_at: datetime
    ) -> Plan:
        """Decode an outcome into the plan that users see."""
        encoding, result = outcome.encoding, outcome.result
        routes = decode(encoding, result.solution, self.matrix)
        served = served_visits(encoding, result.solution)
        unserved = unserved_visits(
            encoding, result.solution, routes, served, outcome.withheld, self.matrix
        )
        provenance = Provenance(
            scenario_hash=self.scenario.content_hash(),
            matrix_hash=self.matrix.content_hash(),
            travel_source=self.matrix.source,
            method=result.method,
            seed=result.seed,
            threads=self.threads,
            iterations=result.iterations,
            version=__version__,
            created_at=created_at,
        )
        terms = result.evaluation.terms
        return Plan(
            id=_plan_id(provenance),
            cycle=self.scenario.cycle,
            start_date=self.scenario.start_date,
            calendar=encoding.calendar,
            calendars_tried=tried,
            routes=routes,
            unserved=unserved,
            required_visits=sum(choices.required for choices in encoding.choices),
            scheduled_visits=sum(served.values()),
            score={name: round(cost / COST_PER_MINUTE, 2) for name, cost in terms.items()},
            measures=measure(self.scenario, routes, self.matrix),
            provenance=provenance,
        )


def _no_calendar(scenario: Scenario, matrix: TravelMatrix) -> Issue:
    """Name the numbers of routes for which there is a calendar."""
    wanted = scenario.policy.templates
    most = min(_MOST_ROUTES, scenario.cycle.n_days)
    possible = (
        n for n in range(1, most + 1) if ranked_calendars(_with_routes(scenario, n), matrix)
    )
    numbers = ", ".join(str(n) for n in islice(possible, _NUMBERS_NAMED)) or "-"
    return Issue(
        code="NO_CALENDAR",
        path="policy:templates",
        message=text("issues.NO_CALENDAR", scenario.language, n=wanted),
        hint=text("issues.NO_CALENDAR_HINT", scenario.language, possible=numbers),
        column="templates",
        value=str(wanted),
    )


def _with_routes(scenario: Scenario, n: int) -> Scenario:
    policy = scenario.policy.model_copy(update={"templates": n})
    return scenario.model_copy(update={"policy": policy})


def _plan_id(provenance: Provenance) -> str:
    """Same input, method, seed and iterations: the same id."""
    content = provenance.model_dump_json(exclude={"created_at", "travel_source"})
    return hashlib.sha256(content.encode()).hexdigest()[:8]
