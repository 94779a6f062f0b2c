"""Makes a plan: encode, solve, decode, measure; with a route calendar, without, or choosing one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from routeplanner import __version__
from routeplanner.domain.keeping import Keeping, Kept
from routeplanner.domain.plan import CalendarChoice, Plan, Provenance
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.planning.budget import Budget, PlanProgress, ProgressCallback
from routeplanner.planning.calendars import ranked_calendars
from routeplanner.planning.decode import decode, score_of, served_visits
from routeplanner.planning.encode import COST_PER_MINUTE, Encoding, encode
from routeplanner.planning.measures import measure
from routeplanner.planning.no_calendar import no_calendar
from routeplanner.planning.reasons import unserved_visits
from routeplanner.planning.replan.few_changes import FewChanges
from routeplanner.planning.replan.kept import kept_of
from routeplanner.planning.replan.limits import frozen
from routeplanner.planning.replan.order import in_earlier_order
from routeplanner.planning.replan.task import Replan, kept_calendar, replan_of
from routeplanner.planning.warm_start import start_of
from routeplanner.travel.source import TravelMatrix, travel_matrix
from solvers import MaxIterations, Progress, Result, Solution, evaluate, solve

__all__ = ["PlanProgress", "ProgressCallback", "make_plan"]

DEFAULT_SECONDS = 20.0
_CALENDARS_SOLVED = 5


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
    previous: Plan | None = None,
    keeping: Keeping | None = None,
    progress: ProgressCallback | None = None,
    is_canceled: Callable[[], bool] | None = None,
    matrix: TravelMatrix | None = None,
    version: int | None = None,
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
    previous, keeping
        The plan before, and what shall be kept of it; by default changes of days have a price.
    progress, is_canceled
        Called several times a second; a canceled search still returns its best plan.
    matrix
        The scenario's travel matrix, where the caller has it already.
    version
        Of the plan; where not given, one more than that of the plan before.
    created_at
        Time stamp of the plan; now where not given.

    Raises
    ------
    InputError
        `calendar = "auto"` and no calendar of so many routes serves every class (NO_CALENDAR); the
        plan before does not fit the scenario (see `planning.replan.task.replan_of`).
    """
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    matrix = matrix or travel_matrix(scenario)
    replan = None
    if previous is not None:
        replan = replan_of(scenario, previous, keeping or Keeping())
        version = version or previous.version + 1
    begin = start or previous
    planner = _Planner(scenario, matrix, method, seed, threads, begin, replan, progress)
    budget = Budget(seconds, iterations, is_canceled, unimproved_seconds)
    calendar = scenario.policy.calendar
    if calendar == "auto" and previous is not None:
        calendar = kept_calendar(scenario, previous) or "auto"
    if calendar == "auto":
        outcome, tried = planner.best_calendar(budget)
    else:
        outcome, tried = planner.solve(calendar, budget), ()
    plan = planner.plan(outcome, tried, created_at or datetime.now(UTC))
    return plan.model_copy(update={"version": version or 1})


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
    replan: Replan | None
    progress: ProgressCallback | None

    def best_calendar(self, budget: Budget) -> tuple[_Outcome, tuple[CalendarChoice, ...]]:
        """Solve the most promising calendars at equal shares and take the best."""
        ranked = ranked_calendars(self.scenario, self.matrix)
        if not ranked:
            raise InputError([no_calendar(self.scenario, self.matrix)])
        first = ranked[:_CALENDARS_SOLVED]
        outcomes = [
            self.solve(choice.rows, budget.part(1 / len(first)).alone(), (number, len(first)))
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
        encoding = self._encode(calendar)
        if not encoding.guaranteed:
            return _Outcome(*self._search(encoding, budget, turn), frozenset())
        used, share = 0.6, 0.1
        encoding, result = self._search(encoding, budget.part(used), turn)
        withheld: frozenset[str] = frozenset()
        while partly := self._served_partly(encoding, result):
            # The lesser half first: what they leave free may let the others in whole.
            withheld |= frozenset(partly[: (len(partly) + 1) // 2])
            encoding = self._encode(calendar, withheld)
            encoding, result = self._search(encoding, budget.part(share, used), turn)
            used = min(used + share, 1 - share)
        return _Outcome(encoding, result, withheld)

    def _encode(
        self, calendar: CalendarRows | None, withheld: frozenset[str] = frozenset()
    ) -> Encoding:
        if self.replan is None:
            return encode(self.scenario, self.matrix, calendar, withheld)
        earlier, keeping = self.replan.earlier, self.replan.keeping
        stability = keeping.stability
        encoding = encode(self.scenario, self.matrix, calendar, withheld, earlier, stability)
        return frozen(encoding, earlier, keeping.freeze_weeks)

    def _served_partly(self, encoding: Encoding, result: Result) -> list[str]:
        """Return guaranteed stores with some of their visits, the least served first."""
        served = served_visits(encoding, result.solution)
        shares = {
            encoding.stores[i].id: served[encoding.stores[i].id] / encoding.choices[i].required
            for i in encoding.guaranteed
            if encoding.choices[i].required
        }
        return sorted((s for s in shares if 0 < shares[s] < 1), key=lambda s: (shares[s], s))

    def _search(
        self, encoding: Encoding, budget: Budget, turn: tuple[int, int]
    ) -> tuple[Encoding, Result]:
        """Return the result with its problem, which may leave stores fewer choices of days."""
        start = None if self.start is None else start_of(encoding, self.start)

        if self.replan is None or start is None:
            return encoding, self._run(encoding, budget, turn, start)

        def run(
            encoding: Encoding, budget: Budget, start: Solution, *, is_allowed: bool = True
        ) -> Result:
            return self._run(encoding, budget, turn, self._whole(encoding, start), is_allowed)

        keeping = self.replan.keeping
        if keeping.max_changes is None:
            result = run(encoding, budget, start)
        else:
            few = FewChanges(encoding, self.replan.earlier, keeping.max_changes, run)
            encoding, result = few.search(budget, start)
        before = start_of(encoding, self.replan.previous)
        return encoding, in_earlier_order(encoding, result, before, keeping.freeze_weeks)

    def _whole(self, encoding: Encoding, start: Solution) -> Solution:
        """An earlier plan made feasible and whole: so nothing is lost before the search begins."""
        found = evaluate(encoding.problem, start)
        if found.is_feasible and not found.missing_visits:
            return start
        no_steps = MaxIterations(0)
        return solve(encoding.problem, "insertion", no_steps, self.seed, start=start).solution

    def _run(
        self,
        encoding: Encoding,
        budget: Budget,
        turn: tuple[int, int],
        start: Solution | None,
        is_allowed: bool = True,
    ) -> Result:
        """Search one problem; `is_allowed`: its plans may be shown while it goes on."""

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
                        plan=self._plan_so_far(encoding, progress) if is_allowed else None,
                    )
                )

        return solve(
            encoding.problem,
            method=self.method,
            stop=budget.stop(),
            seed=self.seed,
            threads=self.threads,
            start=start,
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
        kept = None
        if self.replan is not None:
            previous, keeping = self.replan.previous, self.replan.keeping
            kept = kept_of(encoding, self.replan.earlier, previous, keeping, routes)
        return Plan(
            id=_plan_id(provenance, kept),
            cycle=self.scenario.cycle,
            start_date=self.scenario.start_date,
            calendar=encoding.calendar,
            calendars_tried=tried,
            routes=routes,
            unserved=unserved,
            required_visits=sum(choices.required for choices in encoding.choices),
            scheduled_visits=sum(served.values()),
            score=score_of(encoding, result),
            measures=measure(self.scenario, routes, self.matrix),
            provenance=provenance,
            kept=kept,
        )


def _plan_id(provenance: Provenance, kept: Kept | None) -> str:
    """Same input, method, seed and iterations: the same id; also the same plan before."""
    content = provenance.model_dump_json(exclude={"created_at", "travel_source"})
    if kept is not None:
        content += kept.model_dump_json(exclude={"warnings"})
    return hashlib.sha256(content.encode()).hexdigest()[:8]
