"""How different two solutions are: other options, and other neighbors on the routes."""

from typing import Any

import numpy as np

from solvers.kernels.compiled import entry


@entry
def links_of(data: Any, genes: Any) -> Any:
    """(first link of each store, store after, store before) of every visit of a solution.

    A store's links stand in the order of its option's visits; -1: an end of the route, -2: a bin.
    """
    n_stores = len(data.stores)
    first = np.zeros(n_stores + 1, np.int32)
    for s in range(n_stores):
        o = genes.option[s]
        first[s + 1] = first[s] + data.options[o].end - data.options[o].first
    after = np.full(first[n_stores], -2, np.int32)
    before = np.full(first[n_stores], -2, np.int32)
    for r in range(len(genes.ptr) - 1):
        start, end = genes.ptr[r], genes.ptr[r + 1]
        for i in range(start, end):
            v = genes.seq[i]
            s = data.visits[v].store
            e = data.options[genes.option[s]].first
            k = first[s]
            while data.option_visit[e] != v:
                e += 1
                k += 1
            after[k] = data.visits[genes.seq[i + 1]].store if i + 1 < end else -1
            before[k] = data.visits[genes.seq[i - 1]].store if i > start else -1
    return first, after, before


@entry
def distance(
    option: Any, first: Any, after: Any, before: Any,
    option2: Any, first2: Any, after2: Any, before2: Any,
) -> float:  # fmt: skip
    """0 … 1: stores with another option count 1, with the same one by their broken links."""
    n_stores = len(option)
    total = 0.0
    for s in range(n_stores):
        if option[s] != option2[s]:
            total += 1.0
            continue
        size = first[s + 1] - first[s]
        broken = 0
        for k in range(size):
            a, b = after[first[s] + k], before[first[s] + k]
            c, d = after2[first2[s] + k], before2[first2[s] + k]
            if a != c and a != d:
                broken += 1
            if b != c and b != d:
                broken += 1
        if size > 0:
            total += 0.5 * broken / (2.0 * size)
    return total / max(1, n_stores)
