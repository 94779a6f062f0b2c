"""Rules that the bound leaves out, where a problem has them: what its gap may be made of."""

from typing import Literal

import numpy as np

from solvers.problem import UNLIMITED, Problem

Relaxed = Literal["waiting", "several_windows"]


def relaxed_rules(problem: Problem) -> tuple[Relaxed, ...]:
    """
    Return what a bound does not count in full.

    "waiting": its cost, and its part of the work. "several_windows": of a store on one slot, as if
    open in between.
    """
    found: list[Relaxed] = []
    if _may_wait(problem):
        found.append("waiting")
    if _has_several_windows(problem):
        found.append("several_windows")
    return tuple(found)


def _may_wait(problem: Problem) -> bool:
    """Whether lunch is awaited, or stores of a slot open one after the other and not at once."""
    if np.any(problem.slot_lunch_s > 0):
        return True
    first = np.full(problem.n_slots, UNLIMITED)
    last = problem.slot_shift_lo.copy()
    np.minimum.at(first, problem.entry_slot, problem.entry_lo)
    np.maximum.at(last, problem.entry_slot, problem.entry_lo)
    return bool(np.any(last > np.maximum(first, problem.slot_shift_lo)))


def _has_several_windows(problem: Problem) -> bool:
    store_of_option = np.repeat(np.arange(problem.n_stores), np.diff(problem.option_ptr))
    store = np.repeat(store_of_option, np.diff(problem.entry_ptr))
    rows = np.stack([store, problem.entry_slot, problem.entry_lo, problem.entry_hi], axis=1)
    windows = np.unique(rows, axis=0)
    return len(np.unique(windows[:, :2], axis=0)) < len(windows)
