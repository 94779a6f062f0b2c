"""A quick spread of visits over slots and the length of every slot's tour, without windows.

The estimate behind "hours needed": stores choose an option as in a plan (see `solvers.problem`),
by stretches of one giant tour, then improved by moving one store at a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.tour_estimate import FloatArray, IndexList, improve_tour, tour_length

_OVERLOAD_PRICE = 20.0
"""Seconds of travel that one second above a slot's limit is worth."""

_COMFORT = 0.94
"""Share of a slot's limit above which that price is asked, so that full days keep some air."""

_UNEVEN_PRICE = 1.0
"""The same for a second above an even share, so that no day is full while others are not."""

_EVEN_SHARE = 1.08
"""What still counts as an even share of the whole load."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadProblem:
    """Stores 1 … n of one rep (node 0 is the base) and the slots among which they choose."""

    distance: FloatArray  # (n_nodes, n_nodes) symmetric seconds, for the search
    service: FloatArray  # (n_nodes,) seconds; 0 for the base
    members: tuple[FloatArray, ...]  # (n_nodes,) each (n_options, n_slots), 1 where it visits
    costs: tuple[FloatArray, ...]  # (n_nodes,) each (n_options,) seconds
    order: IndexList  # stores in the order of a giant tour
    weight: FloatArray  # (n_slots,) days on which a slot is driven
    limit: FloatArray  # (n_slots,) seconds of work
    fixed: tuple[IndexList, ...]  # (n_slots,) nodes that stand on a slot anyway (appointments)


def spread_by_stretches(problem: LoadProblem) -> list[int]:
    """The option of every node: stores next to each other on the giant tour share their days.

    Options of a store are expected in the order of the week, so that the stretches of a weekday
    hold the stretches of its weeks.
    """
    chosen = [0] * len(problem.service)
    load = {i: problem.service[i] * float(problem.members[i][0].sum()) for i in problem.order}
    total = sum(load[i] for i in problem.order if len(problem.members[i]) > 1) or 1.0
    passed = 0.0
    for store in problem.order:
        n_options = len(problem.members[store])
        if n_options < 2:
            continue
        cheapest = np.flatnonzero(problem.costs[store] <= problem.costs[store].min())
        place = min(int((passed + load[store] / 2) / total * len(cheapest)), len(cheapest) - 1)
        chosen[store] = int(cheapest[place])
        passed += load[store]
    return chosen


def tours_of(problem: LoadProblem, chosen: list[int]) -> list[IndexList]:
    """The stores of every slot in the order of the giant tour, improved."""
    tours = [list(nodes) for nodes in problem.fixed]
    for store in problem.order:
        for slot in np.flatnonzero(problem.members[store][chosen[store]]):
            tours[slot].append(store)
    return [improve_tour(problem.distance, tour) for tour in tours]


def improve_spread(problem: LoadProblem, chosen: list[int], rounds: int) -> list[int]:
    """Move single stores to a better option, round by round, until nothing changes."""
    chosen = list(chosen)
    for _ in range(rounds):
        board = _Board(problem, tours_of(problem, chosen))
        changed = False
        for store in problem.order:
            if len(problem.members[store]) > 1:
                option = board.move(store, chosen[store])
                changed = changed or option != chosen[store]
                chosen[store] = option
        if not changed:
            break
    return chosen


def slot_loads(problem: LoadProblem, tours: list[IndexList]) -> FloatArray:
    """Seconds of work of every slot, (n_slots,)."""
    return np.array(
        [tour_length(problem.distance, tour) + float(problem.service[tour].sum()) for tour in tours]
    )


class _Board:
    """Tours as one padded array, so that a store is priced in all slots at once."""

    def __init__(self, problem: LoadProblem, tours: list[IndexList]) -> None:
        self.problem = problem
        longest = max((len(tour) for tour in tours), default=0)
        self.nodes = np.zeros((len(tours), longest + len(problem.order) + 2), dtype=np.intp)
        self.length = [len(tour) for tour in tours]
        for slot, tour in enumerate(tours):
            self.nodes[slot, 1 : len(tour) + 1] = tour
        self.load = slot_loads(problem, tours)
        room = float((problem.weight * problem.limit).sum()) or 1.0
        filled = float((problem.weight * self.load).sum()) / room
        self.even = problem.limit * filled * _EVEN_SHARE
        # Where the whole is too much, nothing is gained by filling some slots to the limit.
        self.full = np.maximum(problem.limit * _COMFORT, problem.limit * filled)

    def move(self, store: int, option: int) -> int:
        """Take a store out and put it back at its cheapest option."""
        members = self.problem.members[store]
        for slot in np.flatnonzero(members[option]):
            self._take_out(int(slot), store)
        place, longer = self._insertion(store)
        load = self.load + longer + self.problem.service[store]
        above = self._price_above(load) - self._price_above(self.load)
        slot_cost = self.problem.weight * (longer + above)
        costs = members @ slot_cost + self.problem.costs[store]
        best = int(np.argmin(costs))
        # Equal prices keep the earlier choice, so that rounds come to rest.
        best = option if costs[option] <= costs[best] + 1e-6 else best
        for slot in np.flatnonzero(members[best]):
            self._put_in(int(slot), store, int(place[slot]), float(longer[slot]))
        return best

    def _price_above(self, load: FloatArray) -> FloatArray:
        over = np.maximum(0.0, load - self.full)
        uneven = np.maximum(0.0, load - self.even)
        return _OVERLOAD_PRICE * over + _UNEVEN_PRICE * uneven

    def _insertion(self, store: int) -> tuple[NDArray[np.intp], FloatArray]:
        """Cheapest place and added length in every slot, each (n_slots,)."""
        used = max(self.length) + 2
        nodes = self.nodes[:, :used]
        to_store = self.problem.distance[store][nodes]
        edges = self.problem.distance[nodes[:, :-1], nodes[:, 1:]]
        added = to_store[:, :-1] + to_store[:, 1:] - edges
        place = np.minimum(np.argmin(added, axis=1), np.array(self.length))
        return place, added[np.arange(len(added)), place]

    def _take_out(self, slot: int, store: int) -> None:
        row = self.nodes[slot]
        at = int(np.flatnonzero(row[: self.length[slot] + 1] == store)[0])
        before, after = row[at - 1], row[at + 1]
        distance = self.problem.distance
        saved = distance[before, store] + distance[store, after] - distance[before, after]
        row[at : self.length[slot] + 1] = row[at + 1 : self.length[slot] + 2].copy()
        self.length[slot] -= 1
        self.load[slot] -= saved + self.problem.service[store]

    def _put_in(self, slot: int, store: int, place: int, longer: float) -> None:
        row = self.nodes[slot]
        row[place + 2 : self.length[slot] + 3] = row[place + 1 : self.length[slot] + 2].copy()
        row[place + 1] = store
        self.length[slot] += 1
        self.load[slot] += longer + self.problem.service[store]
