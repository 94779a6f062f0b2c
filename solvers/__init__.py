"""The optimization core: arrays in, arrays out; knows no store list, HTTP, database or file."""

from solvers.evaluate import TERMS, Evaluation, evaluate, evaluate_route
from solvers.problem import UNLIMITED, Problem, ProblemError, Solution
from solvers.result import Result
from solvers.schedule import Frame, Timing, time_route
from solvers.solve import METHODS, solve
from solvers.stop import (
    Canceled,
    FirstOf,
    MaxIterations,
    MaxSeconds,
    NoImprovement,
    Progress,
    StandsStill,
    Stop,
    Target,
)

__all__ = [
    "METHODS",
    "TERMS",
    "UNLIMITED",
    "Canceled",
    "Evaluation",
    "FirstOf",
    "Frame",
    "MaxIterations",
    "MaxSeconds",
    "NoImprovement",
    "Problem",
    "ProblemError",
    "Progress",
    "Result",
    "Solution",
    "StandsStill",
    "Stop",
    "Target",
    "Timing",
    "evaluate",
    "evaluate_route",
    "solve",
    "time_route",
    "warmup",
]


def warmup() -> None:
    """Compile all kernels, or load them where that was done before, so that a search starts."""
    # Only who calls it waits for what it imports.
    from solvers.compile_ahead import warmup as compile_or_load  # noqa: PLC0415

    compile_or_load()
