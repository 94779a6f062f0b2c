"""A problem as plain Python lists, laid out for a search that reads single numbers very often."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvers.problem import Problem

BOXED_PLACES = 1500  # up to here a matrix of Python ints is affordable (about 36 bytes a pair)


@dataclass(slots=True)
class SlotTable:
    """A slot's limits; times in seconds, costs already multiplied by the slot's weight."""

    index: int
    weight: int
    to: Sequence[Sequence[int]]  # travel by [from][to]; place -1 costs nothing
    fro: Sequence[Sequence[int]]  # travel by [to][from]
    start_place: int
    end_place: int
    shift_lo: int
    shift_hi: int
    latest_back: int  # with overtime
    max_work: int
    longest_work: int  # with overtime
    overtime: int
    lunch: int
    lunch_lo: int
    lunch_latest: int  # start of lunch; also return, where it is eaten after
    vehicles: int
    capacity: int
    in_store_limit: int
    target: int
    cost_travel: int
    cost_wait: int
    cost_overtime: int
    cost_balance: int
    cost_route: int

    def cost(self, travel: int, work: int, wait: int, overtime: int) -> int:
        """The cost of a route with visits on all days of the slot."""
        cost = self.cost_travel * travel + self.cost_wait * wait + self.cost_overtime * overtime
        cost += self.cost_route
        if work > self.target:
            cost += self.cost_balance * (work - self.target)
        return cost


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A store in a slot with a window: what an option is made of and a route consists of."""

    index: int
    store: int
    slot: int
    weight: int
    place: int
    service: int
    lo: int
    hi: int
    is_open: bool  # the window binds nowhere within the shift
    demand: int
    in_store: int


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A store's option: its id in the problem, cost, visits and their days of the cycle."""

    index: int
    cost: int
    visits: tuple[int, ...]  # indices of Visit
    weight: int


@dataclass(slots=True)
class Tables:
    """The whole problem for the search."""

    problem: Problem
    slots: list[SlotTable] = field(init=False)
    visits: list[Visit] = field(init=False)
    options: list[list[Option]] = field(init=False)  # by store
    required: list[int] = field(init=False)
    miss: list[int] = field(init=False)
    dear: list[int] = field(init=False)
    dear_visits: list[int] = field(init=False)

    def __post_init__(self) -> None:
        p = self.problem
        self.required, self.miss = p.required.tolist(), p.miss_price.tolist()
        self.dear, self.dear_visits = p.dear_price.tolist(), p.dear_visits.tolist()
        travel = [_boxed(p, profile) for profile in range(len(p.travel_s))]
        self.slots = [_slot_table(p, slot, *travel[p.slot_profile[slot]])
                      for slot in range(p.n_slots)]  # fmt: skip
        self.visits, self.options = [], []
        known: dict[tuple[int, int, int, int], int] = {}
        for store in range(p.n_stores):
            self.options.append([])
            for option in p.options_of(store):
                indices = []
                for slot, lo, hi in p.entries_of(option):
                    key = store, slot, lo, hi
                    if key not in known:
                        known[key] = len(self.visits)
                        self.visits.append(self._visit(len(self.visits), store, slot, lo, hi))
                    indices.append(known[key])
                weight = sum(self.visits[i].weight for i in indices)
                cost = int(p.option_cost[option])
                self.options[-1].append(Option(option, cost, tuple(indices), weight))

    def price(self, store: int, served: int) -> int:
        """What the missing visits of a store cost when so many are served."""
        missing, dear = self.required[store] - served, self.dear_visits[store] - served
        price = self.miss[store] * missing if missing > 0 else 0
        return price + self.dear[store] * dear if dear > 0 else price

    def _visit(self, index: int, store: int, slot: int, lo: int, hi: int) -> Visit:
        p, day = self.problem, self.slots[slot]
        service = int(p.service_s[store])
        return Visit(
            index=index,
            store=store,
            slot=slot,
            weight=day.weight,
            place=int(p.place_of_store[store]),
            service=service,
            lo=lo,
            hi=hi,
            is_open=lo <= min(hi, day.shift_lo) and hi >= day.latest_back - service,
            demand=int(p.demand[store]),
            in_store=int(p.in_store_s[store]),
        )


def _boxed(problem: Problem, profile: int) -> tuple[Sequence[Any], Sequence[Any]]:
    """Travel by [from][to] and by [to][from], with a place at the end that costs nothing.

    Python's index -1 is that last place, so that open starts and ends need no case of their own.
    """
    travel = np.pad(problem.travel_s[profile], ((0, 1), (0, 1)))
    is_symmetric = bool(np.array_equal(travel, travel.T))
    if len(travel) <= BOXED_PLACES:
        to: Sequence[Any] = travel.tolist()
        return to, to if is_symmetric else travel.T.tolist()
    to = [memoryview(row) for row in travel]
    back = to if is_symmetric else [memoryview(row) for row in np.ascontiguousarray(travel.T)]
    return to, back


def _slot_table(problem: Problem, slot: int, to: Sequence[Any], fro: Sequence[Any]) -> SlotTable:
    p, weight = problem, int(problem.slot_weight[slot])
    overtime, lunch = int(p.slot_overtime_s[slot]), int(p.slot_lunch_s[slot])
    shift_hi, max_work = int(p.slot_shift_hi[slot]), int(p.slot_max_work_s[slot])
    return SlotTable(
        index=slot,
        weight=weight,
        to=to,
        fro=fro,
        start_place=int(p.slot_start_place[slot]),
        end_place=int(p.slot_end_place[slot]),
        shift_lo=int(p.slot_shift_lo[slot]),
        shift_hi=shift_hi,
        latest_back=shift_hi + overtime,
        max_work=max_work,
        longest_work=max_work + overtime,
        overtime=overtime,
        lunch=lunch,
        lunch_lo=int(p.slot_lunch_lo[slot]),
        lunch_latest=int(p.slot_lunch_hi[slot]) - lunch,
        vehicles=int(p.slot_vehicles[slot]),
        capacity=int(p.slot_capacity[slot]),
        in_store_limit=int(p.slot_in_store_limit_s[slot]),
        target=int(p.slot_balance_target_s[slot]),
        cost_travel=weight * p.cost_travel,
        cost_wait=weight * p.cost_wait,
        cost_overtime=weight * p.cost_overtime,
        cost_balance=weight * p.cost_balance,
        cost_route=weight * p.cost_route,
    )
