"""What a store may do: an option and those of its visits that are made, by kinds of slots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.kinds import SlotKind
from solvers.problem import IntArray, Problem

_NEVER = 2**60

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Way:
    """An option and how many visits are made on each kind of slot that the store can use."""

    cost: int  # of the option and of missing visits
    made: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoreWays:
    """A store's options; those that visit the same kinds of slots equally often count as one."""

    kinds: IntArray  # (n,) that the store can be visited on
    places: IntArray  # (n,) of the store in each kind
    weight: IntArray  # (n,) days that a visit counts
    cost: IntArray  # (n_options,)
    visits: IntArray  # (n_options, n)
    missing: IntArray  # (most + 1,) what is paid for missing visits, by days served

    def cheapest(self, prices: IntArray) -> tuple[int, Way]:
        """Return what a store pays at least at prices (n,) of a visit, and the way that does it."""
        best = np.full((len(self.cost), len(self.missing)), _NEVER)
        best[:, 0] = self.cost
        steps: list[tuple[int, Flags]] = []  # visits of a kind, and by whom they are made
        for k in range(len(self.kinds)):
            days, price = int(self.weight[k]), int(prices[k])
            for turn in range(int(self.visits[:, k].max(initial=0))):
                may = self.visits[:, k, None] > turn
                more = best[:, :-days] + price
                is_made = may & (more < best[:, days:])
                best[:, days:] = np.where(is_made, more, best[:, days:])
                steps.append((k, is_made))
        total = best + self.missing
        option, served = np.unravel_index(int(np.argmin(total)), total.shape)
        return int(total[option, served]), self._way(int(option), int(served), steps)

    def _way(self, option: int, served: int, steps: list[tuple[int, Flags]]) -> Way:
        made = [0] * len(self.kinds)
        left = served
        for k, is_made in reversed(steps):
            days = int(self.weight[k])
            if left >= days and is_made[option, left - days]:
                made[k] += 1
                left -= days
        return Way(int(self.cost[option] + self.missing[served]), tuple(made))

    def whole(self) -> list[Way]:
        """Return every option with all its visits made, and the cheapest with none."""
        served = self.visits @ self.weight
        ways = [
            Way(int(cost + self.missing[days]), tuple(int(k) for k in made))
            for cost, days, made in zip(self.cost, served, self.visits, strict=True)
        ]
        return [*ways, Way(int(self.cost.min() + self.missing[0]), (0,) * len(self.kinds))]


def store_ways(problem: Problem, kinds: Sequence[SlotKind]) -> list[StoreWays]:
    """Return the ways of all stores."""
    kind_of_slot = {slot: k for k, kind in enumerate(kinds) for slot in kind.slots}
    place_of = [{int(s): place for place, s in enumerate(kind.stores)} for kind in kinds]
    return [_ways(problem, store, kind_of_slot, place_of) for store in range(problem.n_stores)]


def _ways(
    problem: Problem, store: int, kind_of_slot: dict[int, int], place_of: list[dict[int, int]]
) -> StoreWays:
    own = [k for k, places in enumerate(place_of) if store in places]
    column = {k: place for place, k in enumerate(own)}
    cost_of: dict[tuple[int, ...], int] = {}
    weight = np.ones(len(own), np.int64)
    for option in problem.options_of(store):
        visits = [0] * len(own)
        for slot, lo, hi in problem.entries_of(option):
            k = column.get(kind_of_slot.get(slot, -1))
            if k is not None and lo <= hi:
                visits[k] += 1
                weight[k] = problem.slot_weight[slot]
        cost, key = int(problem.option_cost[option]), tuple(visits)
        cost_of[key] = min(cost, cost_of.get(key, cost))
    counts = np.array(list(cost_of), dtype=np.int64).reshape(len(cost_of), len(own))
    days = np.arange(int((counts @ weight).max(initial=0)) + 1)
    missing = int(problem.miss_price[store]) * np.maximum(0, int(problem.required[store]) - days)
    missing += int(problem.dear_price[store]) * np.maximum(
        0, int(problem.dear_visits[store]) - days
    )
    return StoreWays(
        kinds=np.array(own, dtype=np.int64),
        places=np.array([place_of[k][store] for k in own], dtype=np.int64),
        weight=weight,
        cost=np.array(list(cost_of.values()), dtype=np.int64),
        visits=counts,
        missing=missing,
    )
