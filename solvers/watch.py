"""Watches a search: keeps the best solution, asks when to stop, tells how far it is."""

from collections.abc import Callable

from solvers.state import Snapshot, State
from solvers.stop import Clock, Progress, Stop

REPORT_S = 0.1  # at most ten reports a second

ProgressCallback = Callable[[Progress], None]


class Watch:
    """Knows the best state so far; a search asks `goes_on` after every step."""

    def __init__(self, state: State, stop: Stop, progress: ProgressCallback | None) -> None:
        self._state, self._stop, self._report = state, stop, progress
        self._clock = Clock()
        self.iterations = 0
        self.best: Snapshot = state.save()
        self._terms = state.terms()
        self._missing = self._missing_visits()
        self._best_iteration, self._best_s, self._reported = 0, 0.0, -REPORT_S
        self._ended = False

    def goes_on(self) -> bool:
        """Whether the search may take another step; once not, never again."""
        if not self._ended:
            self._note_best()
            progress = self._progress()
            self._ended = self._stop(progress)
            if self._report and (self._ended or progress.seconds - self._reported >= REPORT_S):
                self._reported = progress.seconds
                self._report(progress)
        return not self._ended

    def seconds(self) -> float:
        """Wall seconds so far."""
        return self._clock.seconds()

    def _note_best(self) -> None:
        state = self._state
        if state.objective < self.best[0]:
            self.best = state.save()
            self._terms, self._missing = state.terms(), self._missing_visits()
            self._best_iteration, self._best_s = self.iterations, self.seconds()

    def _missing_visits(self) -> int:
        return sum(self._state.missing(store) for store in range(len(self._state.option)))

    def _progress(self) -> Progress:
        seconds = self.seconds()
        return Progress(
            iterations=self.iterations,
            seconds=seconds,
            objective=self.best[0],
            terms=self._terms,
            missing_visits=self._missing,
            iterations_unimproved=self.iterations - self._best_iteration,
            seconds_unimproved=seconds - self._best_s,
        )
