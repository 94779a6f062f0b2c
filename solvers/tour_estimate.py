"""Short tours quickly: nearest neighbor, then 2-opt and Or-opt on whole numpy matrices.

Used where many lengths are wanted in little time (estimates, bounds), not for plans. Distances are
symmetric here; node 0 is the start and end of a tour.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IndexList = list[int]

_WINDOW = 240
_LONGEST_SEGMENT = 3
_EPSILON = 1e-6


def nearest_neighbor(distance: FloatArray, nodes: IndexList) -> IndexList:
    """The nodes in order of nearest neighbors, from node 0; ties by position in `nodes`."""
    left = np.array(nodes, dtype=np.intp)
    order: IndexList = []
    here = 0
    while left.size:
        place = int(np.argmin(distance[here, left]))
        here = int(left[place])
        order.append(here)
        left = np.delete(left, place)
    return order


def improve_tour(distance: FloatArray, order: IndexList) -> IndexList:
    """The order improved by 2-opt and Or-opt until neither helps; long tours window by window."""
    if len(order) <= _WINDOW:
        return _improved(distance, [0, *order])[1:]
    order = list(order)
    for first in range(0, len(order) - _WINDOW // 2, _WINDOW // 2):
        part = order[first : first + _WINDOW]
        order[first : first + _WINDOW] = _improved_path(distance, part)
    return order


def tour_length(distance: FloatArray, order: IndexList) -> float:
    """From node 0 through the order and back."""
    if not order:
        return 0.0
    tour = np.array([0, *order], dtype=np.intp)
    return float(distance[tour, np.roll(tour, -1)].sum())


def _improved_path(distance: FloatArray, path: IndexList) -> IndexList:
    """A path improved between its fixed ends: the edge that closes it can never be given up."""
    local = distance[np.ix_(path, path)].copy()
    local[0, -1] = local[-1, 0] = -1e9
    tour = _improved(local, list(range(len(path))))
    if tour[-1] != len(path) - 1:  # the closing edge stands at the other side of node 0
        tour = [0, *reversed(tour[1:])]
    return [path[node] for node in tour]


def _improved(distance: FloatArray, tour: IndexList) -> IndexList:
    nodes = np.array(tour, dtype=np.intp)
    while len(nodes) > 3:
        better = _two_opt(distance, nodes)
        if better is None:
            better = _or_opt(distance, nodes)
        if better is None:
            break
        nodes = better
    return [int(node) for node in nodes]


def _two_opt(distance: FloatArray, nodes: NDArray[np.intp]) -> NDArray[np.intp] | None:
    following = np.roll(nodes, -1)
    edge = distance[nodes, following]
    change = distance[np.ix_(nodes, nodes)] + distance[np.ix_(following, following)]
    change -= edge[:, None]
    change -= edge[None, :]
    # A pair of edges counts once, and an edge not with itself.
    change[np.tril_indices(len(nodes))] = 0.0
    i, j = divmod(int(np.argmin(change)), len(nodes))
    if change[i, j] > -_EPSILON:
        return None
    better = nodes.copy()
    better[i + 1 : j + 1] = nodes[i + 1 : j + 1][::-1]
    return better


def _or_opt(distance: FloatArray, nodes: NDArray[np.intp]) -> NDArray[np.intp] | None:
    n = len(nodes)
    best, move = -_EPSILON, None
    following = np.roll(nodes, -1)
    edge = distance[nodes, following]
    for length in range(1, min(_LONGEST_SEGMENT, n - 3) + 1):
        starts = np.arange(1, n - length + 1)  # node 0 stays in front
        first, last = nodes[starts], nodes[starts + length - 1]
        before, after = nodes[starts - 1], nodes[(starts + length) % n]
        gain = distance[before, first] + distance[last, after] - distance[before, after]
        forward = distance[np.ix_(first, nodes)] + distance[np.ix_(last, following)]
        backward = distance[np.ix_(last, nodes)] + distance[np.ix_(first, following)]
        change = np.minimum(forward, backward) - edge[None, :] - gain[:, None]
        for offset in range(-1, length):  # edges that touch the segment itself
            change[np.arange(len(starts)), starts + offset] = 0.0
        place = int(np.argmin(change))
        row, target = divmod(place, n)
        if change[row, target] < best:
            best = float(change[row, target])
            turned = bool(backward[row, target] < forward[row, target])
            move = (int(starts[row]), length, target, turned)
    return None if move is None else _moved(nodes, *move)


def _moved(
    nodes: NDArray[np.intp], start: int, length: int, target: int, turned: bool
) -> NDArray[np.intp]:
    segment = nodes[start : start + length]
    if turned:
        segment = segment[::-1]
    rest = np.delete(nodes, np.s_[start : start + length])
    place = target + 1 if target < start else target + 1 - length
    return np.concatenate([rest[:place], segment, rest[place:]])
