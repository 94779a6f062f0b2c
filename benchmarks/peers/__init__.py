"""Other people's routing libraries in their best formulation, on our problems, in equal time.

Each is a function (problem, CPU seconds, seed) → solution that breaks no rule of the problem. A
library is imported when it is asked for: both serve development alone.
"""

from collections.abc import Callable

from solvers import Problem, Solution

PeerSolve = Callable[[Problem, float, int], Solution]

__all__ = ["PEERS", "PeerSolve", "solve_ortools", "solve_ortools_linked", "solve_pyvrp"]


def solve_ortools(problem: Problem, seconds: float, seed: int) -> Solution:
    """Days by our insertion, each day's routes by OR-Tools; see `by_ortools`."""
    from benchmarks.peers import by_ortools  # noqa: PLC0415

    return by_ortools.solve_by_days(problem, seconds, seed)


def solve_ortools_linked(problem: Problem, seconds: float, seed: int) -> Solution:
    """Days and routes in one model of OR-Tools; see `by_ortools`."""
    from benchmarks.peers import by_ortools  # noqa: PLC0415

    return by_ortools.solve_linked(problem, seconds, seed)


def solve_pyvrp(problem: Problem, seconds: float, seed: int) -> Solution:
    """Days by our insertion, each day's routes by PyVRP; see `by_pyvrp`."""
    from benchmarks.peers import by_pyvrp  # noqa: PLC0415

    return by_pyvrp.solve_by_days(problem, seconds, seed)


PEERS: dict[str, PeerSolve] = {
    "ortools": solve_ortools,
    "ortools-linked": solve_ortools_linked,
    "pyvrp": solve_pyvrp,
}
