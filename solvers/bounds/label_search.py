"""The search for cheap routes of a slot, in short slices between which it may be stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.bounds.kernels import labels
from solvers.problem import IntArray

_SLICE = 20_000_000  # comparisons and ways on, which take less than a second


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The cheapest routes that were found, by last store."""

    costs: IntArray  # (n,) less prizes; the threshold where no route was below it
    lengths: IntArray  # (n,)
    routes: IntArray  # (n, longest) places of stores
    is_complete: bool  # whether all was searched


def cheapest_routes(
    visits: IntArray,
    legs: IntArray,
    limits: IntArray,
    near: Any,
    rests: tuple[IntArray, IntArray, IntArray],
    threshold: int,
    care: int,
    most_labels: int,
    most_checks: int,
    is_stopped: Callable[[], bool],
) -> Cheapest:
    """
    Return the cheapest routes below a threshold; see `labels.take_up` for what is not told here.

    Parameters
    ----------
    most_labels, most_checks
        When to give up: labels, and comparisons of two.
    is_stopped
        Asked before every slice: whether to give up at once.
    """
    n, n_steps = rests[0].shape
    sums = np.empty((most_labels, labels.N_SUMS), np.int64)
    seen = np.empty((most_labels, 2), np.uint64)
    links = np.empty((most_labels, labels.N_LINKS), np.int32)
    head_of_step = np.full(n_steps, labels.NONE, np.int32)
    head_of_node = np.full(n, labels.NONE, np.int32)
    costs, ends = np.full(n, threshold, np.int64), np.full(n, labels.NONE, np.int64)
    earliest, fed = limits[labels.EARLIEST], limits[labels.LUNCH_LO] + limits[labels.LUNCH_S]
    sums[0], seen[0], links[0] = 0, 0, labels.NONE
    sums[0, labels.LEFT], sums[0, labels.FED] = earliest, max(earliest, fed)
    links[0, labels.NODE], links[0, labels.IS_ALIVE] = n, 1
    head_of_step[0] = 0
    state = np.zeros(labels.N_STATE, np.int64)
    state[labels.N_LABELS], state[labels.LEAST] = 1, threshold
    stands = sums, seen, links, head_of_step, head_of_node, costs, ends
    end = labels.PAUSED
    while end == labels.PAUSED and not is_stopped():
        end = labels.take_up(
            visits, legs, limits, near, rests, stands, state, care, most_checks, _SLICE
        )
    lengths, routes = labels.orders(ends, links)
    return Cheapest(costs, lengths, routes, is_complete=end == labels.ENDED)
