"""Divides stores into neighboring groups of given shares of the work, and these over the days."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.field.demand import DAILY, Demand
from benchmarks.field.layout import FloatArray, IndexArray, IntArray
from benchmarks.field.rules import TerritoryRules
from routeplanner.planning.patterns import spaced_patterns

HALF_DAY = 0.5


def day_hours(rules: TerritoryRules) -> FloatArray:
    """Return how long each weekday is, in whole days."""
    return np.array([HALF_DAY if day == "sat" else 1.0 for day in rules.workdays])


def divide(position: IntArray, load: FloatArray, shares: Sequence[float]) -> IndexArray:
    """
    Divide points into groups by halving their longer side again and again.

    Parameters
    ----------
    position
        (n, 2) meters.
    load
        (n,) work of each point.
    shares
        (n_groups,) how much of the work each group gets, in any unit.

    Returns
    -------
    (n,) group of each point.
    """
    group = np.zeros(len(position), dtype=np.int32)
    _halve(position, load, shares, np.arange(len(position)), 0, group)
    return group


def _halve(
    position: IntArray,
    load: FloatArray,
    shares: Sequence[float],
    members: NDArray[np.intp],
    first: int,
    group: IndexArray,
) -> None:
    """Give members the groups from `first` on."""
    if len(shares) == 1 or not len(members):
        group[members] = first
        return
    middle = len(shares) // 2
    points = position[members]
    axis = int(np.argmax(np.ptp(points, axis=0)))
    members = members[np.lexsort((points[:, 1 - axis], points[:, axis]))]
    wanted = sum(shares[:middle]) / sum(shares)
    done = np.cumsum(load[members])
    cut = int(np.searchsorted(done - load[members] / 2, wanted * done[-1]))
    # No group may stay empty where there are as many stores as groups.
    cut = min(max(cut, middle), max(middle, len(members) - (len(shares) - middle)))
    _halve(position, load, shares[:middle], members[:cut], first, group)
    _halve(position, load, shares[middle:], members[cut:], first + middle, group)


def plan_days(
    rules: TerritoryRules,
    demand: Demand,
    position: IntArray,
    rep_of_store: IndexArray,
    per_visit: FloatArray,
) -> list[tuple[int, ...]]:
    """
    Return the planted days of each store: neighbors on the same day, even spacing first.

    Parameters
    ----------
    per_visit
        (n_stores,) seconds of a visit and the way to it.
    """
    days: list[tuple[int, ...]] = [()] * rules.stores
    for rep in range(rules.n_reps):
        members = np.flatnonzero(rep_of_store == rep)
        planner = _DayPlanner(rules, demand, position, per_visit, members)
        for store, chosen in planner.chosen().items():
            days[store] = chosen
    return days


class _DayPlanner:
    """The days of one rep's stores."""

    def __init__(
        self,
        rules: TerritoryRules,
        demand: Demand,
        position: IntArray,
        per_visit: FloatArray,
        members: NDArray[np.intp],
    ) -> None:
        self.rules, self.demand, self.position = rules, demand, position
        self.per_visit, self.members = per_visit, members
        self.hours = day_hours(rules)
        self.load = np.zeros(rules.n_days)

    def chosen(self) -> dict[int, tuple[int, ...]]:
        """Return the days of every store: daily ones, then one a block by zone, then the others."""
        visits = self.demand.visits[self.members]
        found = {int(s): tuple(range(self.rules.n_days)) for s in self.members[visits == DAILY]}
        zoned = self.members[visits != DAILY]
        # A store of several visits a block counts in its home zone with one of them.
        load = self.per_visit[zoned] / self.demand.weeks[zoned]
        weekday = divide(self.position[zoned], load, list(self.hours))
        once = self.demand.visits[zoned] == 1
        for day in range(len(self.hours)):
            inside = zoned[once & (weekday == day)]
            for store, phase in zip(inside, self._phases(inside), strict=True):
                found[int(store)] = self._repeated(int(store), (phase * len(self.hours) + day,))
        for store, days in found.items():
            self.load[list(days)] += self.per_visit[store]
        for store, home in zip(zoned[~once], weekday[~once], strict=True):
            found[int(store)] = self._spaced(int(store), int(home))
        return found

    def _phases(self, stores: NDArray[np.intp]) -> list[int]:
        """Return the week of each store's block: quarters inside halves, so that days are near."""
        weeks = self.demand.weeks[stores]
        phase = np.zeros(len(stores), dtype=np.int32)
        block, step = int(weeks.max(initial=1)), 1
        while step < block:
            for begun in range(step):
                inside = np.flatnonzero((phase == begun) & (weeks > step))
                load = self.per_visit[stores[inside]] / weeks[inside]
                half = divide(self.position[stores[inside]], load, [1.0, 1.0])
                phase[inside] += half * step
            step *= 2
        return [int(p) for p in phase]

    def _repeated(self, store: int, block_days: tuple[int, ...]) -> tuple[int, ...]:
        block = int(self.demand.weeks[store])
        length = block * len(self.hours)
        turns = range(self.rules.weeks // block)
        return tuple(day + length * turn for turn in turns for day in block_days)

    def _spaced(self, store: int, home: int) -> tuple[int, ...]:
        """Return evenly spaced days, the home zone's among them, where there is most room."""
        visits, weeks = int(self.demand.visits[store]), int(self.demand.weeks[store])
        allowed = frozenset(range(weeks * len(self.hours)))
        patterns = spaced_patterns(visits, weeks, self.rules.workdays, allowed)
        least = min(p.days_off for p in patterns if home in p.days)
        hours = np.tile(self.hours, self.rules.weeks)

        def fullness(days: tuple[int, ...]) -> float:
            return float((self.load[list(days)] / hours[list(days)]).sum())

        even = [
            self._repeated(store, p.days)
            for p in patterns
            if home in p.days and p.days_off <= least
        ]
        best = min(even, key=lambda days: (fullness(days), days))
        self.load[list(best)] += self.per_visit[store]
        return best
