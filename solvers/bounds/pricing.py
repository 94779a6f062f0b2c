"""Prices a kind of slot: routes that are cheap under prizes of visits, and how cheap any can be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.kernels import labels
from solvers.bounds.kinds import SlotKind
from solvers.bounds.label_search import cheapest_routes
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
    """A route, or a loose one: that breaks a rule, as by visiting a store twice."""

    cost: int  # without prizes
    stores: tuple[int, ...]  # places of stores in the kind; ascending, loose ones as driven


@dataclass(frozen=True, slots=True)
class Priced:
    """Routes whose cost less prizes is below a threshold, and how low that of any may be."""

    routes: tuple[PricedRoute, ...]
    least: int  # at most the threshold
    is_exact: bool  # whether `least` was searched for; else it comes from routes that go in circles
    loose: tuple[PricedRoute, ...] = ()  # in the order of driving, which breaks a rule


@dataclass(frozen=True, slots=True)
class _Level:
    """How much of the rules a search keeps."""

    near: Bits  # (n, 2) stores whose visits are remembered at each
    is_timeless: bool  # whether only the scarcest resource and work count


class Pricer:
    """A kind of slot in the form that `labels` takes; stopped, its searches end at once."""

    def __init__(self, kind: SlotKind, is_stopped: Callable[[], bool]) -> None:
        n = len(kind.stores)
        self._kind, self._is_stopped = kind, is_stopped
        work_first, work = kind.first + kind.service, kind.between + kind.service
        longest = np.maximum(work_first, work.max(axis=0, initial=0)).sum()
        longest += kind.last.max(initial=0)
        most_work = min(kind.free_work + kind.overtime, int(longest))
        scarce = scarcest(kind, most_work)
        stores = [kind.lo, kind.hi, kind.service, kind.demand, kind.in_store]
        self._visits = np.array([*stores, kind.cost_travel * kind.last, kind.last])
        if kind.demand.sum() <= kind.capacity:
            self._visits[labels.DEMAND] = 0
        if kind.in_store.sum() <= kind.most_in_store:
            self._visits[labels.IN_STORE] = 0
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
        self._timeless = _timeless(self._visits, self._limits)
        self._ends = _ends(kind, scarce.work_at(), most_work)
        self._n_steps = scarce.n_steps
        shape = (n, scarce.n_steps)
        self._rests = (
            np.empty(shape, np.int64),
            np.empty(shape, np.int64),
            np.empty(shape, np.int64),
        )
        self._all = _bits(np.ones((n, n), bool))
        self._levels = [_Level(_bits(_nearest(kind.between, _REMEMBERED)), is_timeless=True)]
        self._may_tighten = True

    def quick(self, prizes: IntArray) -> Priced:
        """Return some routes of negative cost under prizes (n,), and a weak bound."""
        level = _Level(self._all, is_timeless=False)
        return self._search(prizes, 0, level, _QUICK, labels.HASTY)

    def exact(self, prizes: IntArray, threshold: int, most_checks: int) -> Priced:
        """
        Return the bound under prizes (n,), and routes below a threshold that were met.

        The bound is at most the threshold, which must not be above 0: dearer routes are not looked
        for.
        """
        limits = _MOST_LABELS, most_checks
        found = self._search(prizes, threshold, self._levels[-1], limits, labels.EXACT)
        if found.is_exact or len(self._levels) == 1 or self._is_stopped():
            return found
        self._levels.pop()
        self._may_tighten = False
        return self._search(prizes, threshold, self._levels[-1], limits, labels.EXACT)

    def tighten(self, loose: Sequence[PricedRoute]) -> bool:
        """
        Rule out loose routes: remember more where they go in circles, else keep hours; if any.

        See Righini and Salani 2008, doi 10.1002/net.20212.
        """
        if not (self._may_tighten and loose):
            return False
        level = self._levels[-1]
        near = level.near.copy()
        for route in loose:
            last_place: dict[int, int] = {}
            for place, store in enumerate(route.stores):
                for between in route.stores[last_place.get(store, place) + 1 : place]:
                    near[between, store >> 6] |= np.uint64(1 << (store & 63))
                last_place[store] = place
        is_circular = bool((near != level.near).any())
        self._levels.append(_Level(near, level.is_timeless and is_circular))
        return True

    def allows(self, loose: PricedRoute) -> bool:
        """Whether a loose route is still within what is searched."""
        level, seen = self._levels[-1], 0
        for store in loose.stores:
            if seen >> store & 1:
                return False
            seen &= int(level.near[store, 0]) | int(level.near[store, 1]) << 64
            seen |= 1 << store
        return level.is_timeless

    def _search(
        self,
        prizes: IntArray,
        threshold: int,
        level: _Level,
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
        visits, limits = self._timeless if level.is_timeless else (self._visits, self._limits)
        found = cheapest_routes(
            visits, legs, limits, level.near, self._rests, threshold, care, *most, self._is_stopped
        )
        firm, loose = [], []
        for end in np.nonzero(found.costs < threshold)[0]:
            order = found.routes[end, : found.lengths[end]].tolist()
            cost = int(found.costs[end] + prizes[order].sum())
            is_firm = len(set(order)) == len(order)
            if level.is_timeless:
                is_firm = is_firm and self._kind.is_in_time(order)
            if is_firm:
                firm.append(PricedRoute(cost, tuple(sorted(order))))
            else:
                loose.append(PricedRoute(cost, tuple(order)))
        is_known = care == labels.EXACT and found.is_complete
        return Priced(
            routes=tuple(firm),
            least=int(found.costs.min()) if is_known else int(least),
            is_exact=is_known,
            loose=tuple(loose),
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


def _timeless(visits: IntArray, limits: IntArray) -> tuple[IntArray, IntArray]:
    """Return visits and limits without hours, lunch, capacity and time in stores."""
    visits, limits = visits.copy(), limits.copy()
    visits[[labels.LO, labels.DEMAND, labels.IN_STORE]] = 0
    visits[labels.HI] = labels.FAR
    limits[[labels.LUNCH_S, labels.LUNCH_LO]] = 0
    limits[[labels.LATEST_LUNCH, labels.LATEST_BACK, labels.FREE_BACK]] = labels.FAR
    return visits, limits


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
