"""What the stores want: classes by invented sales, frequencies, minutes of service."""

from dataclasses import dataclass
from math import gcd

import numpy as np

from benchmarks.field.layout import IndexArray, IntArray
from benchmarks.field.rules import PolicyName, TerritoryRules

_CLASS_LINES = (0.4, 0.8)  # cumulative sales before a store: under 40 % is A, under 80 % is B
_SALES_SIGMA = 0.95

DAILY = 0  # visits of a frequency of which every working day has one

# By class: (visits, weeks) and the share of its stores that want it.
_FREQUENCIES: dict[PolicyName, tuple[tuple[tuple[tuple[int, int], float], ...], ...]] = {
    "five-day": (
        (((1, 1), 0.8), ((2, 1), 0.15), ((3, 1), 0.05)),
        (((1, 2), 0.9), ((1, 1), 0.1)),
        (((1, 4), 0.9), ((1, 2), 0.1)),
    ),
    "six-day": (
        (((2, 1), 0.4), ((1, 1), 0.5), ((3, 1), 0.1)),
        (((1, 2), 0.85), ((1, 1), 0.15)),
        (((1, 4), 0.9), ((1, 2), 0.1)),
    ),
}
_MINUTES = ((15, 20, 25), (10, 15), (5, 10))  # by class


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What each store wants; visits 0 (`DAILY`) are made on every working day."""

    class_of_store: IndexArray  # (n_stores,) 0: A, 1: B, 2: C
    visits: IndexArray  # (n_stores,) in a block of weeks
    weeks: IndexArray  # (n_stores,) of the block, which divides the cycle
    service_s: IntArray  # (n_stores,)
    sales: IntArray  # (n_stores,)

    def visits_per_cycle(self, rules: TerritoryRules) -> IntArray:
        """Visits of each store in the cycle, a daily store being open on all days."""
        turns = rules.weeks // self.weeks.astype(np.int64)
        return np.where(self.visits == DAILY, rules.n_days, self.visits * turns)


def draw_demand(rules: TerritoryRules, rng: np.random.Generator) -> Demand:
    """Return classes, frequencies and minutes, without daily stores."""
    n = rules.stores
    sales = np.maximum(1, np.rint(1_000 * rng.lognormal(0.0, _SALES_SIGMA, n))).astype(np.int64)
    order = np.argsort(-sales, kind="stable")
    before = np.cumsum(sales[order]) - sales[order]
    classes = np.empty(n, dtype=np.int32)
    classes[order] = np.searchsorted(_CLASS_LINES, before / sales.sum(), side="right")
    visits, weeks, minutes = (np.ones(n, dtype=np.int32) for _ in range(3))
    chance = rng.random(n)
    for label, frequencies in enumerate(_FREQUENCIES[rules.policy]):
        members = np.flatnonzero(classes == label)
        bounds = np.cumsum([share for _, share in frequencies])[:-1]
        kinds = np.searchsorted(bounds, chance[members], side="right")
        table = np.array([frequency for frequency, _ in frequencies], dtype=np.int32)
        visits[members], weeks[members] = table[kinds].T
        minutes[members] = rng.choice(_MINUTES[label], size=len(members))
    divisor = np.array([gcd(int(w), rules.weeks) for w in weeks], dtype=np.int32)
    return Demand(classes, visits, divisor, minutes.astype(np.int64) * 60, sales)


def make_daily(rules: TerritoryRules, demand: Demand, rep_of_store: IndexArray) -> Demand:
    """Return the demand with the best A stores of every rep visited on every working day."""
    visits, weeks = demand.visits.copy(), demand.weeks.copy()
    for rep in range(rules.n_reps):
        members = np.flatnonzero((rep_of_store == rep) & (demand.class_of_store == 0))
        best = members[np.argsort(-demand.sales[members], kind="stable")[: rules.daily_stores]]
        visits[best], weeks[best] = DAILY, 1
    return Demand(demand.class_of_store, visits, weeks, demand.service_s, demand.sales)
