"""Prices a kind of slot: routes that are cheap under prizes of visits, and how cheap any can be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.kernels import labels
from solvers.bounds.kinds import SlotKind
from solvers.bounds.scarcity import scarcest
from solvers.problem import IntArray

_REMEMBERED = 6  # stores about each, before any is added
_QUICK = 200_000, 20_000_000  # labels, comparisons
_MOST_LABELS = 1_000_000

MOST_STORES = 128
"""That a label can remember."""

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class PricedRoute:
    """A route that visits no store twice."""

    cost: int  # without prizes
    stores: tuple[int, ...]  # places of stores in the kind, in ascending order


@dataclass(frozen=True, slots=True)
class Priced:
    """Routes whose cost less prizes is below a threshold, and how low that of any may be."""

    routes: tuple[PricedRoute, ...]
    least: int  # at most the threshold
    is_exact: bool  # whether `least` was searched for; else it comes from routes that go in circles
    circles: tuple[tuple[int, ...], ...] = ()  # orders that visit a store again
    is_circular: bool = False  # whether `least` is that of such an order


class Pricer:
    """A kind of slot in the form that `labels` takes."""

    def __init__(self, kind: SlotKind) -> None:
        n = len(kind.stores)
        work_first, work = kind.first + kind.service, kind.between + kind.service
        longest = np.maximum(work_first, work.max(axis=0, initial=0)).sum()
        longest += kind.last.max(initial=0)
        most_work = min(kind.free_work + kind.overtime, int(longest))
        scarce = scarcest(kind, most_work)
        stores = [kind.lo, kind.hi, kind.service, kind.demand, kind.in_store]
        self._visits = np.array([*stores, kind.cost_travel * kind.last, kind.last])
        first_cost = kind.cost_route + kind.cost_travel * kind.first
        self._legs = np.array(
            [
                np.vstack([kind.cost_travel * kind.between, first_cost]),
                np.vstack([scarce.legs, scarce.first]),
                np.vstack([work, work_first]),
            ]
        )
        self._limits = _limits(kind, scarce.most, scarce.step, most_work)
        self._steps = scarce.legs // scarce.step
        self._ends = _ends(kind, scarce.work_at(), most_work)
        self._n_steps = scarce.n_steps
        shape = (n, scarce.n_steps)
        self._rests = (
            np.empty(shape, np.int64),
            np.empty(shape, np.int64),
            np.empty(shape, np.int64),
        )
        self._all = _bits(np.ones((n, n), bool))
        self._nears = [_bits(_nearest(kind.between, _REMEMBERED))]  # what is remembered, ever more
        self._may_remember = True

    def quick(self, prizes: IntArray, *, is_careful: bool) -> Priced:
        """Return some routes of negative cost under prizes (n,), and a weak bound."""
        care = labels.CAREFUL if is_careful else labels.HASTY
        return self._search(prizes, 0, self._all, _QUICK, care)

    def exact(self, prizes: IntArray, threshold: int, most_checks: int) -> Priced:
        """
        Return the bound under prizes (n,), and routes below a threshold that were met.

        The bound is at most the threshold, which must not be above 0: dearer routes are not looked
        for.
        """
        limits = _MOST_LABELS, most_checks
        found = self._search(prizes, threshold, self._nears[-1], limits, labels.EXACT)
        if found.is_exact or len(self._nears) == 1:
            return found
        self._nears.pop()
        self._may_remember = False
        return self._search(prizes, threshold, self._nears[-1], limits, labels.EXACT)

    def remember(self, found: Priced) -> bool:
        """
        Let routes remember more where the cheapest found goes in a circle; whether that is so.

        See Righini and Salani 2008, doi 10.1002/net.20212.
        """
        if not (self._may_remember and found.is_circular):
            return False
        near = self._nears[-1].copy()
        for order in found.circles:
            last_place: dict[int, int] = {}
            for place, store in enumerate(order):
                for between in order[last_place.get(store, place) + 1 : place]:
                    near[between, store >> 6] |= np.uint64(1 << (store & 63))
                last_place[store] = place
        self._nears.append(near)
        return True

    def _search(
        self,
        prizes: IntArray,
        threshold: int,
        near: Bits,
        most: tuple[int, int],
        care: int,
    ) -> Priced:
        legs = self._legs.copy()
        legs[labels.LEG_COST] -= prizes
        labels.completions(self._steps, self._ends, legs[labels.LEG_COST], *self._rests)
        at = np.minimum(legs[labels.LEG_SPENT, -1] // self._limits[labels.STEP], self._n_steps - 1)
        least = (legs[labels.LEG_COST, -1] + self._rests[0][np.arange(len(at)), at]).min()
        if least >= threshold:
            return Priced((), threshold, True)
        costs, lengths, routes, is_complete = labels.cheapest_routes(
            self._visits, legs, self._limits, near, self._rests, threshold, care, *most
        )
        ends = [end for end in np.argsort(costs, kind="stable") if costs[end] < threshold]
        orders = [tuple(routes[end, : lengths[end]].tolist()) for end in ends]
        plain = {
            order: PricedRoute(int(costs[end] + prizes[list(order)].sum()), tuple(sorted(order)))
            for end, order in zip(ends, orders, strict=True)
            if len(set(order)) == len(order)
        }
        is_known = bool(care == labels.EXACT and is_complete)
        return Priced(
            routes=tuple(plain.values()),
            least=min(threshold, int(costs.min())) if is_known else int(least),
            is_exact=is_known,
            circles=tuple(order for order in orders if order not in plain),
            is_circular=is_known and bool(orders) and orders[0] not in plain,
        )


def _limits(kind: SlotKind, most_spent: int, step: int, most_work: int) -> IntArray:
    limits = np.zeros(labels.N_LIMITS, np.int64)
    limits[labels.MOST_SPENT], limits[labels.STEP] = most_spent, step
    limits[labels.MOST_WORK], limits[labels.FREE_WORK] = most_work, kind.free_work
    limits[labels.EARLIEST], limits[labels.FREE_BACK] = kind.earliest, kind.free_back
    limits[labels.LATEST_BACK] = kind.free_back + kind.overtime
    limits[labels.CAPACITY], limits[labels.MOST_IN_STORE] = kind.capacity, kind.most_in_store
    limits[labels.OVERTIME_COST] = kind.cost_overtime
    limits[labels.BALANCE_COST], limits[labels.TARGET] = kind.cost_balance, kind.target
    length, earliest, end = kind.lunch
    if length:
        limits[labels.LUNCH_S], limits[labels.LUNCH_LO] = length, earliest
        limits[labels.LATEST_LUNCH] = end - length
    else:
        limits[labels.LATEST_LUNCH] = labels.FAR
    return limits


def _nearest(between: IntArray, size: int) -> NDArray[np.bool_]:
    """Return the stores next to each (n, n), itself among them."""
    apart = between + between.T
    np.fill_diagonal(apart, -1)
    places = np.argsort(np.argsort(apart, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(places < size)


def _bits(members: NDArray[np.bool_]) -> Bits:
    """Return rows of truth values as two words of 64 bits each."""
    bits = np.zeros((len(members), 2), np.uint64)
    for row, column in zip(*np.nonzero(members), strict=True):
        bits[row, column >> 6] |= np.uint64(1 << (int(column) & 63))
    return bits


def _ends(kind: SlotKind, work: IntArray, most_work: int) -> IntArray:
    """Return the least cost of ending at each store (n, n_steps) after so much work (n_steps,)."""
    total = work + kind.last[:, None]
    over = np.maximum(0, total - kind.free_work)
    above = np.maximum(0, total - kind.target)
    cost = kind.cost_travel * kind.last[:, None]
    cost = cost + kind.cost_overtime * over + kind.cost_balance * above
    return np.asarray(np.where(total <= most_work, cost, labels.FAR))
