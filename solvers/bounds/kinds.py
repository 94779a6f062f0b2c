"""Slots that are alike, counted together: a kind of slot is priced once, however many it has.

Prizes of visits that are equal on all slots of a kind give a bound like any others, and where the
weeks of a cycle can change places none are better.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solvers.problem import IntArray, Problem

_ALIKE = (
    "weight",
    "profile",
    "start_place",
    "end_place",
    "shift_lo",
    "shift_hi",
    "max_work_s",
    "overtime_s",
    "in_store_limit_s",
    "lunch_s",
    "lunch_lo",
    "lunch_hi",
    "capacity",
)
"""What the slots of a kind share; of their targets of balance the loosest counts."""

_NEVER = 2**60

Windows = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class SlotKind:
    """Slots of the same rules, stores and windows; costs are those of all days of a slot."""

    slots: tuple[int, ...]
    n_routes: int  # vehicles of all slots
    stores: IntArray  # (n,) that a route can visit
    lo: IntArray  # (n,)
    hi: IntArray  # (n,)
    service: IntArray  # (n,)
    demand: IntArray  # (n,)
    in_store: IntArray  # (n,)
    first: IntArray  # (n,) travel from the start
    between: IntArray  # (n, n)
    last: IntArray  # (n,) travel to the end
    earliest: int  # leaving
    free_work: int  # longest work without overtime
    free_back: int  # latest return without overtime
    overtime: int
    target: int  # of balance
    capacity: int
    most_in_store: int
    lunch: tuple[int, int, int]  # length, earliest, latest end
    cost_travel: int
    cost_overtime: int
    cost_balance: int
    cost_route: int

    def alone(self, place: int) -> int:
        """Return what a route to one store costs, waiting and what depends on its length aside."""
        return self.cost_route + self.cost_travel * int(self.first[place] + self.last[place])

    def cost_of(self, order: Sequence[int]) -> int:
        """Return what a route to these places of stores costs at least; waiting is left out."""
        travel = int(self.first[order[0]] + self.last[order[-1]])
        travel += sum(int(self.between[i, j]) for i, j in pairwise(order))
        work = travel + int(self.service[order].sum())
        return (
            self.cost_route
            + self.cost_travel * travel
            + self.cost_overtime * max(0, work - self.free_work)
            + self.cost_balance * max(0, work - self.target)
        )

    def is_in_time(self, order: Sequence[int]) -> bool:
        """Whether a route to these places of stores keeps hours, lunch and loads; work aside."""
        stores = list(order)
        length, lunch_lo, end = self.lunch
        left, before = self.earliest, -1
        fed = max(left, lunch_lo + length)
        for store in stores:
            travel = int(self.first[store] if before < 0 else self.between[before, store])
            left, fed = (self._departure(at + travel, store) for at in (left, fed))
            if max(left, lunch_lo) <= end - length:
                fed = min(fed, max(left, lunch_lo) + length)
            before = store
        left, fed = left + int(self.last[before]), fed + int(self.last[before])
        back = left if length == 0 or left <= end - length else fed
        return (
            back <= self.free_back
            and int(self.demand[stores].sum()) <= self.capacity
            and int(self.in_store[stores].sum()) <= self.most_in_store
        )

    def _departure(self, arrive: int, store: int) -> int:
        """Return when a store is left at the earliest; never where it is reached too late."""
        if arrive > self.hi[store]:
            return _NEVER
        return max(arrive, int(self.lo[store])) + int(self.service[store])


def slot_kinds(problem: Problem) -> list[SlotKind]:
    """Return the kinds of all slots on which a store can be visited."""
    found = _windows(problem)
    slots_of_key: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for slot, windows in enumerate(found):
        rules = (int(getattr(problem, f"slot_{name}")[slot]) for name in _ALIKE)
        slots_of_key[(*rules, *sorted(windows.items()))].append(slot)
    kinds = [_kind(problem, slots, found[slots[0]]) for slots in slots_of_key.values()]
    return [kind for kind in kinds if len(kind.stores)]


def _windows(problem: Problem) -> list[Windows]:
    """Return, by slot and store, the hull of the windows of all options."""
    windows: list[Windows] = [{} for _ in range(problem.n_slots)]
    for store in range(problem.n_stores):
        for option in problem.options_of(store):
            for slot, lo, hi in problem.entries_of(option):
                if lo <= hi and problem.slot_weight[slot] > 0:
                    lowest, highest = windows[slot].get(store, (lo, hi))
                    windows[slot][store] = min(lo, lowest), max(hi, highest)
    return windows


def _kind(problem: Problem, slots: list[int], windows: Windows) -> SlotKind:
    slot, weight = slots[0], int(problem.slot_weight[slots[0]])
    stores = np.array(_stores_in_reach(problem, slot, windows), dtype=np.int64)
    travel = problem.travel_s[int(problem.slot_profile[slot])].astype(np.int64)
    places = problem.place_of_store[stores]
    start, end = int(problem.slot_start_place[slot]), int(problem.slot_end_place[slot])
    none = np.zeros(len(stores), np.int64)
    return SlotKind(
        slots=tuple(slots),
        n_routes=int(problem.slot_vehicles[slots].sum()),
        stores=stores,
        lo=np.array([windows[int(store)][0] for store in stores], dtype=np.int64),
        hi=np.array([windows[int(store)][1] for store in stores], dtype=np.int64),
        service=problem.service_s[stores],
        demand=problem.demand[stores],
        in_store=problem.in_store_s[stores],
        first=travel[start, places] if start >= 0 else none,
        between=travel[np.ix_(places, places)],
        last=travel[places, end] if end >= 0 else none,
        earliest=int(problem.slot_shift_lo[slot]),
        free_work=int(problem.slot_max_work_s[slot]),
        free_back=int(problem.slot_shift_hi[slot]),
        overtime=int(problem.slot_overtime_s[slot]),
        target=max(int(problem.slot_balance_target_s[s]) for s in slots),
        capacity=int(problem.slot_capacity[slot]),
        most_in_store=int(problem.slot_in_store_limit_s[slot]),
        lunch=(
            int(problem.slot_lunch_s[slot]),
            int(problem.slot_lunch_lo[slot]),
            int(problem.slot_lunch_hi[slot]),
        ),
        cost_travel=weight * problem.cost_travel,
        cost_overtime=weight * problem.cost_overtime,
        cost_balance=weight * problem.cost_balance,
        cost_route=weight * problem.cost_route,
    )


def _stores_in_reach(problem: Problem, slot: int, windows: Windows) -> list[int]:
    """Return the stores that a route can get to and back from in time, lunch aside."""
    travel = _quickest(problem.travel_s[int(problem.slot_profile[slot])])
    start, end = int(problem.slot_start_place[slot]), int(problem.slot_end_place[slot])
    overtime = int(problem.slot_overtime_s[slot])
    found = []
    for store, (lo, hi) in sorted(windows.items()):
        place, service = int(problem.place_of_store[store]), int(problem.service_s[store])
        first = int(travel[start, place]) if start >= 0 else 0
        last = int(travel[place, end]) if end >= 0 else 0
        arrive = int(problem.slot_shift_lo[slot]) + first
        if (
            arrive <= hi
            and max(arrive, lo) + service + last <= problem.slot_shift_hi[slot] + overtime
            and first + service + last <= problem.slot_max_work_s[slot] + overtime
            and problem.demand[store] <= problem.slot_capacity[slot]
            and problem.in_store_s[store] <= problem.slot_in_store_limit_s[slot]
        ):
            found.append(store)
    return found


def _quickest(travel: IntArray) -> IntArray:
    """Return travel by way of any places, which may be quicker than straight (Floyd 1962)."""
    ways = travel.astype(np.int64)
    for place in range(len(ways)):
        ways = np.minimum(ways, ways[:, place, None] + ways[place])
    return ways
