"""How long a plan may be searched, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from routeplanner.domain.plan import Plan
from solvers import Canceled, FirstOf, MaxIterations, MaxSeconds, Progress, StandsStill, Stop


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is: shown while it is computed."""

    share: float  # of the time or iterations allowed, 0 to 1
    score: float  # equivalent minutes per cycle of the best plan so far
    missing_visits: int
    iterations: int
    calendar: int = 0  # 1-based number of the calendar tried, 0: only one
    calendars: int = 0
    # Makes the best plan so far, where the search can tell it in mid-way; to be called while the
    # progress is being reported.
    plan: Callable[[], Plan] | None = None


ProgressCallback = Callable[[PlanProgress], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search, and when to give up."""

    seconds: float | None
    iterations: int | None
    is_canceled: Callable[[], bool] | None
    unimproved_seconds: float | None = None
    first: float = 0.0  # share of the whole that is used when this part begins
    last: float = 1.0  # and when it ends

    def part(self, share: float, start: float = 0.0) -> "Budget":
        """A share of the time and iterations, which begins after another share."""
        length = self.last - self.first
        return Budget(
            None if self.seconds is None else self.seconds * share,
            None if self.iterations is None else max(1, round(self.iterations * share)),
            self.is_canceled,
            None if self.unimproved_seconds is None else self.unimproved_seconds * share,
            self.first + length * start,
            min(1.0, self.first + length * (start + share)),
        )

    def alone(self) -> "Budget":
        """The same, counted as a whole."""
        return replace(self, first=0.0, last=1.0)

    def stop(self) -> Stop:
        """The criterion that the solver asks."""
        criteria: list[Stop] = []
        if self.seconds is not None:
            criteria.append(MaxSeconds(self.seconds))
        if self.iterations is not None:
            criteria.append(MaxIterations(self.iterations))
        if self.unimproved_seconds is not None:
            criteria.append(StandsStill(self.unimproved_seconds))
        if self.is_canceled is not None:
            criteria.append(Canceled(self.is_canceled))
        return FirstOf(tuple(criteria))

    def share(self, progress: Progress) -> float:
        """How much of the whole is used."""
        by_time = progress.seconds / self.seconds if self.seconds else 0.0
        by_steps = progress.iterations / self.iterations if self.iterations else 0.0
        own = min(1.0, max(by_time, by_steps))
        return self.first + (self.last - self.first) * own
