"""The one way in: a problem, and so much time, give a lower bound on its objective."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from solvers.bounds.columns import Columns
from solvers.bounds.relaxed import Relaxed, relaxed_rules
from solvers.problem import Problem, Solution
from solvers.tiny_problems import tiny_problems

MOST_STORES = 100
"""Of a problem that is tried at all, appointments included."""

_LATE = 0.5  # share of the time after which nothing but proving is done
_CHECKS_A_SECOND = 50_000_000  # comparisons of labels
_MOST_CHECKS = 1_000_000_000

Reason = Literal["too_large", "out_of_time"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What was proved: no solution of the problem costs less than `value`."""

    value: int | None  # None: nothing was proved
    reason: Reason | None  # why not
    is_final: bool  # whether more time would bring nothing
    relaxed: tuple[Relaxed, ...]  # rules of the problem that the bound leaves out
    rounds: int
    seconds: float


def lower_bound(
    problem: Problem,
    seconds: float = 30.0,
    *,
    known: Solution | None = None,
    rounds: int | None = None,
    clock: Callable[[], float] = time.monotonic,
    progress: Callable[[float], None] | None = None,
    is_canceled: Callable[[], bool] | None = None,
) -> Bound:
    """
    Prove that no solution costs less than so much.

    Parameters
    ----------
    problem
        Of any kind, but small: of more than `MOST_STORES` stores nothing is tried.
    seconds
        When to end; what was proved by then is returned. Compiling does not count.
    known
        A good solution, whose routes are a start. The bound is valid whatever it is.
    rounds
        Ends after so many, too; a run that ends so, or is final, repeats exactly.
    clock
        What seconds are read from.
    progress
        Told again and again which share of the time is over.
    is_canceled
        Asked as often, several times a second; once it is true, what was proved by then is
        returned.
    """
    relaxed = relaxed_rules(problem)
    if problem.n_stores > MOST_STORES:
        return Bound(None, "too_large", False, relaxed, 0, 0.0)
    _compile()
    watch = _Watch(seconds, clock, progress, is_canceled)
    columns = Columns(problem, watch.is_stopped)
    if known is not None:
        columns.know(known)
    done = 0
    while not columns.is_over and watch.left > 0 and (rounds is None or done < rounds):
        if watch.is_stopped():
            break
        checks = round(watch.left * _CHECKS_A_SECOND / max(1, columns.n_kinds))
        columns.round(min(_MOST_CHECKS, checks), is_late=watch.passed > _LATE * seconds)
        done += 1
    value = columns.best
    if value is not None and value < columns.least_paid:
        value = None  # nothing that is worth saying
    reason: Reason | None = "out_of_time" if value is None else None
    return Bound(value, reason, columns.is_final, relaxed, done, watch.passed)


class _Watch:
    """Knows what time is left, tells of it, and is asked whether to stop."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float],
        progress: Callable[[float], None] | None,
        is_canceled: Callable[[], bool] | None,
    ) -> None:
        self._seconds, self._clock, self._begin = seconds, clock, clock()
        self._progress, self._is_canceled = progress, is_canceled

    @property
    def passed(self) -> float:
        return self._clock() - self._begin

    @property
    def left(self) -> float:
        return self._seconds - self.passed

    def is_stopped(self) -> bool:
        if self._progress is not None:
            self._progress(min(1.0, self.passed / self._seconds))
        return self._is_canceled is not None and self._is_canceled()


@cache
def _compile() -> None:
    """Compile the kernels, or load them, so that the clock does not see it."""
    columns = Columns(tiny_problems()[0], lambda: False)
    while not columns.is_over:
        columns.round(_MOST_CHECKS, is_late=False)
