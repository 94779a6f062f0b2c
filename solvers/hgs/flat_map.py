"""A flat map of travel times, for directions only (classical scaling on landmarks)."""

import numpy as np
from numpy.typing import NDArray

from solvers.problem import IntArray

_LANDMARKS = 60
_SIDE = 2**16  # cells of the grid in which a Hilbert curve runs


def flat_map(travel_s: IntArray) -> NDArray[np.float64]:
    """Points (n_places, 2) whose distances are near the travel times.

    Classical scaling of landmarks, the others placed by their distances to them (de Silva,
    Tenenbaum 2004, "Sparse multidimensional scaling using landmark points").
    """
    n = len(travel_s)
    if n < 3:
        return np.column_stack([np.arange(n, dtype=float), np.zeros(n)])
    marks = np.linspace(0, n - 1, min(n, _LANDMARKS)).astype(int)
    there, back = travel_s[marks].astype(float), travel_s[:, marks].T.astype(float)
    squared = ((there + back) / 2) ** 2  # (n_marks, n)
    among = squared[:, marks]
    mean = among.mean(axis=0)
    centered = -0.5 * (among - mean - mean[:, None] + among.mean())
    values, vectors = np.linalg.eigh(centered)
    # An axis may point either way: its largest part is made positive, or results would differ.
    vectors = vectors[:, -2:] * np.sign(vectors[np.abs(vectors[:, -2:]).argmax(axis=0), [-2, -1]])
    axes = vectors / np.sqrt(np.maximum(values[-2:], 1e-9))
    return np.asarray(-0.5 * (squared - mean[:, None]).T @ axes)


def hilbert_rank(points: NDArray[np.float64]) -> IntArray:
    """Where points (n, 2) lie along a Hilbert curve; near ranks are near points."""
    moved = points - points.min(axis=0, initial=0)
    x, y = (moved / max(1e-9, moved.max(initial=0)) * (_SIDE - 1)).astype(np.int64).T
    rank = np.zeros(len(points), np.int64)
    side = _SIDE // 2
    while side:
        right, up = (x & side) > 0, (y & side) > 0
        rank += side * side * ((3 * right) ^ up)
        flip = right & ~up
        x, y = np.where(flip, _SIDE - 1 - x, x), np.where(flip, _SIDE - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
        side //= 2
    return rank
