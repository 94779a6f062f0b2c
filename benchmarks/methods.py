"""Runs one method on one problem and measures what it took."""

import time
from dataclasses import dataclass
from typing import Any

import solvers
from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers import PEERS
from solvers import METHODS, Problem, Solution


@dataclass(frozen=True, slots=True)
class Search:
    """What a method is given: the same for all that are compared."""

    method: str
    seconds: float  # CPU seconds per search thread, without compiling
    threads: int  # of our methods; peers have one
    seed: int


@dataclass(frozen=True, slots=True)
class Found:
    """What it found, and the time that it really took."""

    solution: Solution
    cpu_s: float  # of the process, all threads together
    wall_s: float


def known_methods() -> tuple[str, ...]:
    """Our methods, then peers; where a name is both, the peer is meant."""
    return (*(method for method in METHODS if method not in PEERS), *PEERS)


def run(problem: Problem, search: Search) -> Found:
    """Search once; kernels are compiled before the clocks start."""
    solvers.warmup()
    cpu, wall = time.process_time(), time.monotonic()
    if search.method in PEERS:
        solution = PEERS[search.method](problem, search.seconds, search.seed)
    else:
        more: dict[str, Any] = {"threads": search.threads} if search.threads > 1 else {}
        clock = CpuSeconds(search.seconds, search.threads)
        clock.left()
        solution = solvers.solve(problem, search.method, clock, search.seed, **more).solution
    return Found(solution, time.process_time() - cpu, time.monotonic() - wall)
