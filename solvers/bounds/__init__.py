"""Lower bounds on the objective of small problems: how much better a plan could be at most."""

from solvers.bounds.bound import MOST_STORES, Bound, lower_bound
from solvers.bounds.relaxed import Relaxed
from solvers.tiny_problems import tiny_problems

__all__ = ["MOST_STORES", "Bound", "Relaxed", "lower_bound", "warmup"]


def warmup() -> None:
    """Compile the kernel of bounds, or load it where that was done before."""
    for problem in tiny_problems():
        lower_bound(problem, seconds=1.0)
