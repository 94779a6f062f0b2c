"""The one way into the core: a problem in, the best solution found out."""

from solvers.evaluate import evaluate
from solvers.ortools_routes import RoutePolisher
from solvers.problem import Problem, Solution
from solvers.result import Result
from solvers.route import RouteBook
from solvers.search import Search
from solvers.state import State
from solvers.stop import MaxSeconds, Stop, was_canceled
from solvers.tables import Tables
from solvers.watch import ProgressCallback, Watch

METHODS = ("insertion", "ortools")
DEFAULT_STOP = MaxSeconds(30)


def solve(
    problem: Problem,
    method: str = "ortools",
    stop: Stop = DEFAULT_STOP,
    seed: int = 0,
    *,
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
        "insertion": construction by insertion, then ruin and recreate. "ortools": the same for
        the choice of days, OR-Tools' routing library for the routes.
    stop
        Asked between steps; `MaxIterations` alone makes a run repeatable bit for bit.
    seed
        Of the random generator.
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
        Unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    tables = Tables(problem)
    state = State(tables, RouteBook(tables))
    if start is not None:
        state.adopt(start)
    watch = Watch(state, stop, progress)
    search = Search(state, watch, seed)
    search.construct()
    search.improve(RoutePolisher() if method == "ortools" else None)
    state.load(watch.best)
    solution = state.solution()
    return Result(
        solution=solution,
        evaluation=evaluate(problem, solution),
        status="canceled" if was_canceled(stop) else "solved",
        iterations=watch.iterations,
        seconds=watch.seconds(),
        method=method,
        seed=seed,
    )
