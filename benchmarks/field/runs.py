"""One method on one instance, with the cost that it had reached after so many CPU seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.field.instance import Instance
from benchmarks.peers import PEERS
from solvers import (
    METHODS,
    Evaluation,
    Problem,
    Progress,
    Result,
    Solution,
    evaluate,
    solve,
    warmup,
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a method found; seconds are CPU seconds per search thread, without compiling."""

    method: str
    threads: int
    solution: Solution
    evaluation: Evaluation
    iterations: int  # 0 of peers
    seconds: float
    wall_s: float
    trace: tuple[tuple[float, int], ...]  # (seconds, objective) at each better one; peers: the end

    def objective_after(self, seconds: float, limit: float) -> int | None:
        """The best objective by then; at the end of the time allowed the final one."""
        if seconds >= limit:
            return self.evaluation.objective
        return next((cost for at, cost in reversed(self.trace) if at <= seconds), None)

    def seconds_to(self, objective: float) -> float | None:
        """Seconds until an objective was reached; None where it was not."""
        return next((at for at, cost in self.trace if cost <= objective), None)


def known_methods() -> tuple[str, ...]:
    """Methods of the product, then peers; a name of both means the peer."""
    return (*(method for method in METHODS if method not in PEERS), *PEERS)


def run(instance: Instance, method: str, seconds: float, threads: int, seed: int) -> Run:
    """
    Return the run of one method; the clock starts when everything is compiled.

    Raises
    ------
    ValueError
        Unknown method.
    """
    if method not in known_methods():
        raise ValueError(f"method {method!r} is none of {', '.join(known_methods())}")
    if method in PEERS:
        return _run_peer(instance, method, seconds, seed)
    warmup()
    trace: list[tuple[float, int]] = []
    clock, wall_since = CpuSeconds(seconds, threads), time.monotonic()
    clock.left()

    def note(progress: Progress) -> None:
        if not trace or progress.objective < trace[-1][1]:
            trace.append((seconds - clock.left(), progress.objective))

    result = _solve(instance.problem, method, clock, threads, seed, note)
    used = seconds - clock.left(), time.monotonic() - wall_since
    end = used[0], result.evaluation.objective
    return Run(
        result.method,
        threads,
        result.solution,
        result.evaluation,
        result.iterations,
        *used,
        (*trace, end),
    )


def _run_peer(instance: Instance, method: str, seconds: float, seed: int) -> Run:
    clock, wall_since = CpuSeconds(seconds), time.monotonic()
    clock.left()
    solution = PEERS[method](instance.problem, seconds, seed)
    used = seconds - clock.left(), time.monotonic() - wall_since
    evaluation = evaluate(instance.problem, solution)
    end = used[0], evaluation.objective
    return Run(method, 1, solution, evaluation, 0, *used, (end,))


def _solve(
    problem: Problem,
    method: str,
    stop: CpuSeconds,
    threads: int,
    seed: int,
    note: Callable[[Progress], None] | None = None,
) -> Result:
    more: dict[str, Any] = {"threads": threads} if threads > 1 else {}
    return solve(problem, method=method, stop=stop, seed=seed, progress=note, **more)
