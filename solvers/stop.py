"""When to end a search: one-method criteria, asked between iterations."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


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


@dataclass(frozen=True, slots=True)
class MaxSeconds:
    """Ends after wall seconds."""

    seconds: float

    def __call__(self, progress: Progress) -> bool:
        return progress.seconds >= self.seconds


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Ends when the best solution has stood for so many iterations."""

    iterations: int

    def __call__(self, progress: Progress) -> bool:
        return progress.iterations_unimproved >= self.iterations


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


@dataclass(slots=True)
class Clock:
    """Wall seconds since construction."""

    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Elapsed wall seconds."""
        return time.monotonic() - self.started


def was_canceled(stop: Stop) -> bool:
    """Whether a criterion, or one that it is made of, is a cancellation that has been called."""
    if isinstance(stop, FirstOf):
        return any(was_canceled(criterion) for criterion in stop.criteria)
    return isinstance(stop, Canceled) and stop.is_set()
