"""Cuts a problem into parts that can be searched side by side: groups of slots with their stores.

Slots that share an option, such as the days of one rep, form a group. A part is one or more groups
with the stores that are served there now; a store may change only among the groups of its part.
"""

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

import numpy as np

from solvers.problem import IndexArray, IntArray, Problem, Solution

_STORES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A problem of some slots and stores of another, and which ones these are."""

    problem: Problem
    stores: IntArray  # (n_stores of the part,) in the whole
    options: IntArray  # (n_options of the part,)
    slots: IntArray  # (n_slots of the part,)

    @property
    def size(self) -> int:
        """What its share of the time goes by: visits, and one a store and part."""
        return int(self.problem.required.sum()) + len(self.stores) + 1

    def take(self, whole: Solution) -> Solution:
        """What a solution of the whole is in this part."""
        index = {int(option): k for k, option in enumerate(self.options)}
        number = {int(store): k for k, store in enumerate(self.stores)}
        return Solution(
            tuple(index[whole.option_of_store[store]] for store in self.stores),
            tuple(
                tuple(tuple(number[store] for store in route) for route in whole.routes[slot])
                for slot in self.slots
            ),
        )


def put_together(whole: Solution, parts: list[Part], solutions: list[Solution]) -> Solution:
    """A solution of the whole in which parts are replaced by theirs."""
    option, routes = list(whole.option_of_store), list(whole.routes)
    for part, one in zip(parts, solutions, strict=True):
        for store, chosen in zip(part.stores, one.option_of_store, strict=True):
            option[store] = int(part.options[chosen])
        for slot, vehicles in zip(part.slots, one.routes, strict=True):
            routes[slot] = tuple(tuple(int(part.stores[s]) for s in route) for route in vehicles)
    return Solution(tuple(option), tuple(routes))


class Groups:
    """The groups of slots of a problem, and how many stores each pair of them can exchange."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        entries = np.diff(problem.entry_ptr)
        first = np.append(problem.entry_slot, 0)[problem.entry_ptr[:-1]]
        pairs = np.unique(np.stack([np.repeat(first, entries), problem.entry_slot]), axis=1).T
        self.of_slot = _joined(problem.n_slots, pairs)
        self.n = int(self.of_slot.max(initial=-1)) + 1
        self._of_option = np.full(len(entries), -1)  # -1: no visits
        self._of_option[entries > 0] = self.of_slot[first[entries > 0]]
        self._store_of_option = np.repeat(np.arange(problem.n_stores), np.diff(problem.option_ptr))
        self._home = np.full(problem.n_stores, 0)
        some = self._of_option >= 0
        self._home[self._store_of_option[some][::-1]] = self._of_option[some][::-1]
        self.shared = _pairs(self._store_of_option[some], self._of_option[some], self.n)
        np.fill_diagonal(self.shared, 0)

    @property
    def are_linked(self) -> bool:
        """Whether a store could change from one group to another."""
        return bool(self.shared.any())

    def cut(self, solution: Solution, rng: Random, visits: int) -> list[Part]:
        """Parts of neighboring groups with about so many visits, two groups at least if linked.

        They hold every store once, and every slot that has stores.
        """
        chosen = self._of_option[list(solution.option_of_store)]
        group = np.where(chosen >= 0, chosen, self._home)
        weight = np.bincount(group, self.problem.required, self.n)
        left, parts = set(group.tolist()), []
        while left:
            part = [rng.choice(sorted(left))]
            left -= set(part)
            while left and (len(part) < 2 or weight[part].sum() < visits):
                ties = self.shared[part].sum(axis=0)
                best = max(sorted(left), key=lambda other: ties[other])
                if not ties[best] or (len(part) > 1 and weight[[*part, best]].sum() > 1.2 * visits):
                    break
                part.append(best)
                left.remove(best)
            parts.append(self._part(np.array(sorted(part)), group))
        return parts

    def _part(self, chosen: IntArray, group: IntArray) -> Part:
        p = self.problem
        stores = np.flatnonzero(np.isin(group, chosen))
        slots = np.flatnonzero(np.isin(self.of_slot, chosen))
        is_open = np.isin(self._of_option, [*chosen, -1])
        options = np.flatnonzero(is_open & np.isin(self._store_of_option, stores))
        return Part(_restricted(p, stores, options, slots), stores, options, slots)


def _pairs(store: IntArray, group: IntArray, n: int) -> IntArray:
    """By pair of groups how many stores could be in either; given in the order of stores."""
    shared = np.zeros((n, n))
    stores = np.unique(store)
    for first in range(0, len(stores), _STORES_AT_ONCE):
        some = stores[first : first + _STORES_AT_ONCE]
        here = slice(*np.searchsorted(store, [some[0], some[-1] + 1]))
        could = np.zeros((len(some), n))  # floats: multiplied by BLAS
        could[np.searchsorted(some, store[here]), group[here]] = 1
        shared += could.T @ could
    return shared.astype(np.int64)


def _joined(n: int, pairs: Any) -> IntArray:
    """Numbers of the groups that n things form when those of each pair belong together."""
    root = list(range(n))

    def find(a: int) -> int:
        while root[a] != a:
            root[a] = a = root[root[a]]
        return a

    for a, b in pairs.tolist():
        root[max(find(a), find(b))] = min(find(a), find(b))
    group: IntArray = np.unique([find(a) for a in range(n)], return_inverse=True)[1].reshape(-1)
    return group


def _restricted(p: Problem, stores: IntArray, options: IntArray, slots: IntArray) -> Problem:
    """The problem of some stores, options and slots; places that it does not need are left out."""
    ends = np.concatenate([p.slot_start_place[slots], p.slot_end_place[slots]])
    places = np.unique(np.concatenate([p.place_of_store[stores], ends[ends >= 0]]))
    place = _numbers(places, p.n_places)
    entries = _ranges(p.entry_ptr, options)
    owner = np.searchsorted(p.option_ptr, options, side="right") - 1
    columns: dict[str, Any] = {}
    for field in fields(p):
        if field.name.startswith("slot_"):
            columns[field.name] = getattr(p, field.name)[slots]
    for name in (
        "service_s", "in_store_s", "demand", "required", "miss_price", "dear_price", "dear_visits",
    ):  # fmt: skip
        columns[name] = getattr(p, name)[stores]
    for name in ("slot_start_place", "slot_end_place"):
        columns[name] = np.where(columns[name] < 0, -1, place[columns[name]])
    return replace(
        p,
        travel_s=p.travel_s[:, places[:, None], places],
        place_of_store=place[p.place_of_store[stores]],
        option_ptr=np.searchsorted(owner, np.append(stores, p.n_stores)),
        option_cost=p.option_cost[options],
        entry_ptr=np.concatenate([[0], np.cumsum(np.diff(p.entry_ptr)[options])]),
        entry_slot=_numbers(slots, p.n_slots)[p.entry_slot[entries]],
        entry_lo=p.entry_lo[entries],
        entry_hi=p.entry_hi[entries],
        **columns,
    )


def _numbers(chosen: IntArray, n: int) -> IndexArray:
    """By thing its number among the chosen ones."""
    number = np.full(n, -1, np.int32)
    number[chosen] = np.arange(len(chosen))
    return number


def _ranges(ptr: IntArray, chosen: IntArray) -> IntArray:
    """All numbers ptr[i] … ptr[i + 1] - 1 of the chosen i, in order."""
    sizes = np.diff(ptr)[chosen]
    before = np.cumsum(sizes) - sizes
    return np.repeat(ptr[chosen] - before, sizes) + np.arange(sizes.sum())
