"""Watches a search: knows how good the best is, asks when to stop, tells how far it is."""

from collections.abc import Callable
from dataclasses import replace

from solvers.problem import Solution
from solvers.state import Snapshot, State, solution_of
from solvers.stop import Clock, Progress, Stop, used_of

REPORT_S = 0.1  # at most ten reports a second

ProgressCallback = Callable[[Progress], None]


class Watch:
    """Asked by a search after every step whether it goes on."""

    def __init__(
        self, stop: Stop, progress: ProgressCallback | None, clock: Clock | None = None
    ) -> None:
        self._stop, self._report = stop, progress
        self._clock = clock or Clock()
        self.iterations = 0
        self._objective: int | None = None
        self._terms: dict[str, int] = {}
        self._missing = 0
        self._best_iteration, self._best_s, self._reported = 0, 0.0, -REPORT_S
        self._ended = False
        self.solution: Callable[[], Solution] | None = None  # makes the best so far

    def note(self, objective: int, terms: dict[str, int], missing_visits: int) -> None:
        """Take note of a solution that is better than all before."""
        if self._objective is not None:
            self._best_iteration, self._best_s = self.iterations, self.seconds()
        self._objective, self._terms, self._missing = objective, terms, missing_visits

    def goes_on(self) -> bool:
        """Whether the search may take another step; once not, never again."""
        if not self._ended:
            progress = self._progress()
            self._ended = self._stop(progress)
            if self._report and (self._ended or progress.seconds - self._reported >= REPORT_S):
                self._reported = progress.seconds
                self._report(progress)
        return not self._ended

    @property
    def objective(self) -> int:
        """Of the best solution so far."""
        return self._objective or 0

    def tell(self) -> None:
        """Report once more, after what was done when the search had ended."""
        if self._report:
            self._report(self._progress())

    def used(self, iterations: int) -> float:
        """How much of the time or iterations there are is used, as seen by a part of a search."""
        progress = replace(self._progress(), iterations=iterations)
        return used_of(self._stop, progress)

    def seconds(self) -> float:
        """Wall seconds so far."""
        return self._clock.seconds()

    def _progress(self) -> Progress:
        seconds = self.seconds()
        return Progress(
            iterations=self.iterations,
            seconds=seconds,
            objective=self._objective or 0,
            terms=self._terms,
            missing_visits=self._missing,
            iterations_unimproved=self.iterations - self._best_iteration,
            seconds_unimproved=seconds - self._best_s,
            solution=self.solution,
        )


class StateWatch(Watch):
    """Watches a `State` and keeps the best that it was."""

    def __init__(
        self,
        state: State,
        stop: Stop,
        progress: ProgressCallback | None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(stop, progress, clock)
        self._state = state
        self.best: Snapshot = state.save()
        self.solution = lambda: solution_of(self.best)
        self._note_state()

    def goes_on(self) -> bool:
        """Whether the search may take another step; the state is looked at first."""
        if not self._ended and self._state.objective < self.best[0]:
            self.best = self._state.save()
            self._note_state()
        return super().goes_on()

    def _note_state(self) -> None:
        state = self._state
        missing = sum(state.missing(store) for store in range(len(state.option)))
        self.note(state.objective, state.terms(), missing)
