"""Orders the stores of one day: nearest neighbor, then 2-opt and Or-opt, on any travel times."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.field.layout import IntArray

_LONGEST_SEGMENT = 3


@njit(cache=True, nogil=True)
def ordered(travel: NDArray[np.int64], base: int, places: IntArray) -> IntArray:
    """
    Return the order in which places are visited from the base and back.

    Parameters
    ----------
    travel
        (n_places, n_places) seconds, possibly asymmetric.
    places
        (n_visits,) place of each visit.

    Returns
    -------
    (n_visits,) indices of `places`. Each change is judged by the whole length: O(n ** 3) a round,
    for days of some tens of visits.
    """
    n = len(places)
    order = _nearest_neighbor(travel, base, places)
    best = tour_length(travel, base, places, order)
    trial = order.copy()
    improved = n > 1
    while improved:
        improved = False
        for i in range(n):
            for j in range(n):
                for kind in range(-1, _LONGEST_SEGMENT * 2):
                    if not _changed(order, trial, i, j, kind):
                        continue
                    length = tour_length(travel, base, places, trial)
                    if length < best:
                        best = length
                        order[:] = trial
                        improved = True
    return order


@njit(cache=True, nogil=True)
def _changed(order: IntArray, trial: IntArray, i: int, j: int, kind: int) -> bool:
    """Write a neighbor of an order: i..j reversed (-1), or a segment at i moved to j, or turned."""
    n = len(order)
    trial[:] = order
    if kind < 0:
        if j <= i:
            return False
        for k in range(i, j + 1):
            trial[k] = order[i + j - k]
        return True
    length, turned = kind // 2 + 1, kind % 2
    if i + length > n or j + length > n or i == j or (length == 1 and turned):
        return False
    if j < i:
        for k in range(j, i):
            trial[k + length] = order[k]
    else:
        for k in range(i + length, j + length):
            trial[k - length] = order[k]
    for k in range(length):
        trial[j + k] = order[i + length - 1 - k] if turned else order[i + k]
    return True


@njit(cache=True, nogil=True)
def tour_length(travel: NDArray[np.int64], base: int, places: IntArray, order: IntArray) -> int:
    """Return the seconds from the base through the places in an order, and back."""
    here, length = base, 0
    for k in order:
        length += travel[here, places[k]]
        here = places[k]
    return int(length + travel[here, base])


@njit(cache=True, nogil=True)
def _nearest_neighbor(travel: NDArray[np.int64], base: int, places: IntArray) -> IntArray:
    n = len(places)
    order = np.arange(n)
    here = base
    for at in range(n):
        best = at
        for k in range(at + 1, n):
            if travel[here, places[order[k]]] < travel[here, places[order[best]]]:
                best = k
        order[at], order[best] = order[best], order[at]
        here = places[order[at]]
    return order
