"""The one way into the core: a problem in, the best solution found out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solvers.compile_ahead import is_warm, warmup
from solvers.compile_ahead import start as start_compiling
from solvers.evaluate import check_shape, evaluate
from solvers.first_plan import first_plan
from solvers.problem import Problem, Solution
from solvers.result import Result
from solvers.route import RouteBook
from solvers.search import Search
from solvers.state import State
from solvers.stop import Clock, FirstOf, MaxSeconds, Progress, Stop, iteration_limit, was_canceled
from solvers.tables import Tables
from solvers.watch import REPORT_S, ProgressCallback, StateWatch, Watch

if TYPE_CHECKING:
    from solvers.ortools_routes import RoutePolisher

METHODS = ("hgs", "insertion", "ortools")
DEFAULT_STOP = MaxSeconds(30)


def solve(
    problem: Problem,
    method: str = "hgs",
    stop: Stop = DEFAULT_STOP,
    seed: int = 0,
    *,
    threads: int = 1,
    start: Solution | None = None,
    progress: ProgressCallback | None = None,
) -> Result:
    """
    Search for the solution of least objective; there always is one, with every visit in its bin.

    Parameters
    ----------
    problem
        What to plan.
    method
        "hgs": hybrid genetic search with ruin and recreate, compiled. "insertion": construction by
        insertion, then ruin and recreate, in plain Python. "ortools": the same for the choice of
        days, OR-Tools' routing library for the routes.
    stop
        Asked between steps; `MaxIterations` alone makes a run repeatable bit for bit
        (with the same seed and threads).
    seed
        Of the random generator.
    threads
        Of "hgs": islands that search side by side and exchange their best.
    start
        A solution to begin with; what is infeasible of it is left out.
    progress
        Called at most about ten times a second, and at the end.

    Returns
    -------
    Result
        The best solution with its evaluation from scratch.

    Raises
    ------
    ValueError
        Unknown method, fewer than one thread, or a start that is no solution of this problem.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    if threads < 1:
        raise ValueError(f"{threads} threads: at least one is needed")
    if start is not None:
        check_shape(problem, start)
    if method == "hgs":
        watch, solution, method = _hybrid(problem, stop, seed, threads, start, progress)
    else:
        watch, solution = _insertion(problem, method, stop, seed, start, progress)
    return Result(
        solution=solution,
        evaluation=evaluate(problem, solution),
        status="canceled" if was_canceled(stop) else "solved",
        iterations=watch.iterations,
        seconds=watch.seconds(),
        method=method,
        seed=seed,
    )


def _hybrid(
    problem: Problem,
    stop: Stop,
    seed: int,
    threads: int,
    start: Solution | None,
    progress: ProgressCallback | None,
) -> tuple[Watch, Solution, str]:
    """Search with compiled kernels; where they are not compiled yet, plain Python goes first.

    Also returns the method that it came to.
    """
    clock = Clock()
    if not is_warm():
        compilation = start_compiling()
        until = FirstOf((stop, _Until(compilation.is_done)))
        if iteration_limit(stop) is None:
            watch, first = _insertion(problem, "insertion", until, seed, start, progress, clock)
            start = first
        else:  # with a limit of iterations a run has to repeat: nothing is searched meanwhile
            watch = Watch(until, progress, clock)
            first = first_plan(problem, watch, start)
            while watch.goes_on():
                compilation.wait(REPORT_S)
        if not compilation.is_done():
            return watch, first, "insertion"
        if not is_warm():
            warmup()  # the child failed
    # Loading compiled code takes a moment that other methods need not wait for.
    from solvers.hgs.search import hybrid_genetic_search  # noqa: PLC0415

    watch = Watch(stop, progress, clock)
    solution = hybrid_genetic_search(problem, stop, watch, seed, threads, start)
    return watch, solution, "hgs"


@dataclass(frozen=True, slots=True)
class _Until:
    """Ends a search when something else is done."""

    is_done: Callable[[], bool]

    def __call__(self, progress: Progress) -> bool:
        return self.is_done()


def _insertion(
    problem: Problem,
    method: str,
    stop: Stop,
    seed: int,
    start: Solution | None,
    progress: ProgressCallback | None,
    clock: Clock | None = None,
) -> tuple[Watch, Solution]:
    tables = Tables(problem)
    state = State(tables, RouteBook(tables))
    if start is not None:
        state.adopt(start)
    watch = StateWatch(state, stop, progress, clock)
    search = Search(state, watch, seed)
    search.construct()
    search.improve(_polisher() if method == "ortools" else None)
    state.load(watch.best)
    return watch, state.solution()


def _polisher() -> "RoutePolisher":
    # OR-Tools takes a moment to load that other methods need not wait for.
    from solvers.ortools_routes import RoutePolisher  # noqa: PLC0415

    return RoutePolisher()
