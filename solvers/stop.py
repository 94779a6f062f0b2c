"""When to end a search: one-method criteria, asked between iterations."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from solvers.problem import Solution


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is; handed to stop criteria and to progress callbacks."""

    iterations: int
    seconds: float
    objective: int
    terms: dict[str, int]
    missing_visits: int
    iterations_unimproved: int
    seconds_unimproved: float
    # Makes the best solution so far, where the search can tell it in mid-way; to be called while
    # the progress is being reported.
    solution: Callable[[], Solution] | None = None


class Stop(Protocol):
    """A stop criterion."""

    def __call__(self, progress: Progress) -> bool:
        """Whether the search should end now."""
        ...


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Ends after n iterations; the only limit under which a run repeats bit for bit."""

    iterations: int

    def __call__(self, progress: Progress) -> bool:
        return progress.iterations >= self.iterations

    def used(self, progress: Progress) -> float:
        """How much of the limit is used, 0 to 1."""
        return progress.iterations / self.iterations if self.iterations else 1.0


@dataclass(frozen=True, slots=True)
class MaxSeconds:
    """Ends after wall seconds."""

    seconds: float

    def __call__(self, progress: Progress) -> bool:
        return progress.seconds >= self.seconds

    def used(self, progress: Progress) -> float:
        """How much of the limit is used, 0 to 1."""
        return progress.seconds / self.seconds if self.seconds else 1.0


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Ends when the best solution has stood for so many iterations."""

    iterations: int

    def __call__(self, progress: Progress) -> bool:
        return progress.iterations_unimproved >= self.iterations


@dataclass(frozen=True, slots=True)
class StandsStill:
    """Ends when the best solution has stood for so many wall seconds."""

    seconds: float

    def __call__(self, progress: Progress) -> bool:
        return progress.seconds_unimproved >= self.seconds


@dataclass(frozen=True, slots=True)
class Target:
    """Ends at an objective that is good enough."""

    objective: int

    def __call__(self, progress: Progress) -> bool:
        return progress.objective <= self.objective


@dataclass(frozen=True, slots=True)
class Canceled:
    """Ends when the caller's function says so, e.g. `threading.Event().is_set`."""

    is_set: Callable[[], bool]

    def __call__(self, progress: Progress) -> bool:
        return self.is_set()


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Ends when any of several criteria does."""

    criteria: tuple[Stop, ...]

    def __call__(self, progress: Progress) -> bool:
        return any(criterion(progress) for criterion in self.criteria)

    def used(self, progress: Progress) -> float:
        """How much of the limit that is nearest is used, 0 to 1; 0 where none is a limit."""
        return max((used_of(criterion, progress) for criterion in self.criteria), default=0.0)


@dataclass(slots=True)
class Clock:
    """Wall seconds since construction."""

    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Elapsed wall seconds."""
        return time.monotonic() - self.started


def used_of(stop: Stop, progress: Progress) -> float:
    """How much of a criterion's time or iterations is used; 0 where it is no such limit."""
    used = getattr(stop, "used", None)
    return min(1.0, float(used(progress))) if used else 0.0


def has_limit(stop: Stop) -> bool:
    """Whether a criterion limits time or iterations."""
    if isinstance(stop, FirstOf):
        return any(has_limit(part) for part in stop.criteria)
    return hasattr(stop, "used")


def iteration_limit(stop: Stop) -> int | None:
    """The least number of iterations at which a criterion ends a search; none: no limit."""
    if isinstance(stop, FirstOf):
        limits = [limit for part in stop.criteria if (limit := iteration_limit(part)) is not None]
        return min(limits, default=None)
    return stop.iterations if isinstance(stop, MaxIterations) else None


def was_canceled(stop: Stop) -> bool:
    """Whether a criterion, or one that it is made of, is a cancellation that has been called."""
    if isinstance(stop, FirstOf):
        return any(was_canceled(criterion) for criterion in stop.criteria)
    return isinstance(stop, Canceled) and stop.is_set()
