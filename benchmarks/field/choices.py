"""The options of generated stores, as `routeplanner.planning.choices` writes them, in arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.field.demand import DAILY
from benchmarks.field.hours import Hours
from benchmarks.field.layout import IndexArray, IntArray
from benchmarks.field.opening import Opening
from benchmarks.field.planted import Ground
from benchmarks.field.rules import WEIGHTS
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.planning.encode import COST_PER_MINUTE
from routeplanner.planning.patterns import MAX_OPTIONS, days_off_ideal, spaced_patterns

_MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Options of a store with one rep: the same for all whose windows number the same."""

    weight: int  # visits of each option
    cost: IntArray  # (n_options,)
    length: IntArray  # (n_options,)
    day: IndexArray  # (n_entries,) of the cycle
    turn: IndexArray  # (n_entries,) which window of the weekday

    def entries(self, option: int) -> tuple[IndexArray, IndexArray]:
        """Days and window turns of an option."""
        begin = int(self.length[:option].sum())
        part = slice(begin, begin + int(self.length[option]))
        return self.day[part], self.turn[part]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every store with every rep near it, and when a visit may start on each weekday."""

    store: IndexArray  # (n_pairs,) in order
    rep: IndexArray  # (n_pairs,) the planted rep first
    n_windows: IndexArray  # (n_pairs, n_weekdays)
    lo: IntArray  # (n_pairs, n_weekdays, 2) the first n_windows count
    hi: IntArray  # (n_pairs, n_weekdays, 2)
    longest_way: int  # seconds out and home of the farthest pair


def pair_up(ground: Ground, hours: Hours, opening: Opening) -> Pairs:
    """Return the start windows of all stores with all reps near them."""
    rules, n_weekdays = ground.rules, len(ground.rules.workdays)
    reps = _near_reps(ground)
    rep = reps.reshape(-1)
    store = np.repeat(np.arange(rules.stores, dtype=np.int32), reps.shape[1])
    place, base = ground.layout.place_of_store[store], ground.base_of_rep[rep]
    out = ground.travel_s[base, place].astype(np.int64)[:, None, None]
    home = ground.travel_s[place, base].astype(np.int64)[:, None, None]
    service = ground.demand.service_s[store][:, None, None]
    slot = rep[:, None, None] * rules.n_days + np.arange(n_weekdays)[None, :, None]
    lo = np.maximum(opening.begin[store], hours.visits_lo[slot] + out)
    hi = np.minimum(opening.end[store] - service, hours.visits_hi[slot] - home - service)
    is_open = (lo <= hi) & (out + service + home <= hours.available[slot])
    # A day that has its second window only keeps that one as its first.
    only_second = ~is_open[:, :, :1] & is_open[:, :, 1:]
    lo[:, :, :1] = np.where(only_second, lo[:, :, 1:], lo[:, :, :1])
    hi[:, :, :1] = np.where(only_second, hi[:, :, 1:], hi[:, :, :1])
    n_windows = is_open.sum(axis=2, dtype=np.int32)
    return Pairs(store, rep, n_windows, lo, hi, int((out + home).max(initial=0)))


def _near_reps(ground: Ground) -> IndexArray:
    """Return the reps who may visit each store, the planted one first: (n_stores, n_near)."""
    rules = ground.rules
    nearest = np.empty((rules.stores, rules.n_near), dtype=np.int32)
    for store, position in enumerate(ground.layout.position):
        away = np.square(ground.base_position - position).sum(axis=1)
        away[ground.rep_of_store[store]] = -1
        nearest[store] = np.argsort(away, kind="stable")[: rules.n_near]
    return nearest


def open_days(ground: Ground, hours: Hours, opening: Opening, pairs: Pairs) -> IntArray:
    """Return the days of the cycle on which a daily store can be visited by some rep near it."""
    rules, n_weekdays = ground.rules, len(ground.rules.workdays)
    slot = pairs.rep[:, None, None] * rules.n_days + np.arange(n_weekdays)[None, :, None]
    begin = np.maximum(opening.begin[pairs.store], hours.lo[slot])
    end = np.minimum(opening.end[pairs.store], hours.hi[slot])
    service = ground.demand.service_s[pairs.store][:, None, None]
    n_open = (end - begin >= service).any(axis=2).sum(axis=1) * rules.weeks
    most: IntArray = n_open.reshape(rules.stores, -1).max(axis=1)
    return most


@lru_cache(maxsize=65_536)
def choices_of(
    visits: int,
    weeks: int,
    cycle_weeks: int,
    workdays: tuple[Weekday, ...],
    n_windows: tuple[int, ...],
) -> Choices | None:
    """Return the options of a frequency where each weekday has so many windows; None for none."""
    allowed = [day for day, n in enumerate(n_windows) if n]
    sets: list[tuple[tuple[int, ...], float]] = []
    n_days = len(workdays)
    if visits == DAILY:
        days = tuple(w * n_days + day for w in range(cycle_weeks) for day in allowed)
        sets = [(days, _days_off(days, workdays, cycle_weeks))] if days else []
    else:
        block = frozenset(w * n_days + day for w in range(weeks) for day in allowed)
        for fewer in range(visits, 0, -1):
            patterns = spaced_patterns(fewer, weeks, workdays, block)
            turns = range(cycle_weeks // weeks)
            sets = [
                (
                    tuple(day + weeks * n_days * turn for turn in turns for day in p.days),
                    p.days_off * len(turns),
                )
                for p in patterns
            ]
            if sets:
                break
    found = [(off, days, turns) for days, off in sets for turns in _turns(days, n_windows)]
    found = sorted(found, key=lambda choice: choice[0])[:MAX_OPTIONS]
    return _as_arrays(found) if found else None


def _as_arrays(found: list[tuple[float, tuple[int, ...], tuple[int, ...]]]) -> Choices:
    return Choices(
        weight=len(found[0][1]),
        cost=np.array([round(off * WEIGHTS.spacing * COST_PER_MINUTE) for off, _, _ in found]),
        length=np.array([len(days) for _, days, _ in found], dtype=np.int64),
        day=np.array([day for _, days, _ in found for day in days], dtype=np.int32),
        turn=np.array([turn for _, _, turns in found for turn in turns], dtype=np.int32),
    )


def _turns(days: tuple[int, ...], n_windows: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the combinations of mornings and afternoons; only uniform ones where they are many."""
    numbers = [n_windows[day % len(n_windows)] for day in days]
    if int(np.prod(numbers, dtype=float)) <= _MOST_VARIANTS:
        yield from product(*(range(n) for n in numbers))
        return
    for turn in range(max(numbers)):
        yield tuple(min(turn, n - 1) for n in numbers)


def _days_off(days: tuple[int, ...], workdays: tuple[Weekday, ...], cycle_weeks: int) -> float:
    place = [WEEKDAYS.index(day) for day in workdays]
    calendar = [day // len(workdays) * 7 + place[day % len(workdays)] for day in days]
    return days_off_ideal(calendar, 7 * cycle_weeks)


def choices_of_pairs(ground: Ground, pairs: Pairs) -> list[Choices | None]:
    """Return each pair's options; none with a rep who manages fewer visits than another does."""
    rules, demand = ground.rules, ground.demand
    found = [
        choices_of(
            int(demand.visits[store]),
            int(demand.weeks[store]),
            rules.weeks,
            rules.workdays,
            tuple(n_windows),
        )
        for store, n_windows in zip(pairs.store, pairs.n_windows.tolist(), strict=True)
    ]
    most: NDArray[np.int64] = np.zeros(rules.stores, dtype=np.int64)
    for store, choices in zip(pairs.store, found, strict=True):
        if choices is not None:
            most[store] = max(most[store], choices.weight)
    return [
        choices if choices is not None and choices.weight == most[store] else None
        for store, choices in zip(pairs.store, found, strict=True)
    ]
