"""Puts a territory into arrays: options, prices and targets as `routeplanner.planning.encode`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.field.choices import Choices, Pairs
from benchmarks.field.hours import Hours
from benchmarks.field.layout import FloatArray, IndexArray, IntArray
from benchmarks.field.planted import LUNCH_HI, LUNCH_LO, Ground, Stay
from benchmarks.field.rules import WEIGHTS
from routeplanner.planning.encode import COST_PER_MINUTE
from solvers import UNLIMITED, Problem

_FULL_ENOUGH = 0.5  # days up to this full need no relief
_FIRST_VISIT_FACTOR = 256  # against 16, 4, 1 for the further visits of A, B, C
_STAY_FACTOR = 16
_DAY_S = 86_400
_ROWS_AT_ONCE = 256
_UNIT = COST_PER_MINUTE // 60

NO_CHOICES = Choices(
    weight=0,
    cost=np.zeros(1, dtype=np.int64),
    length=np.zeros(1, dtype=np.int64),
    day=np.zeros(0, dtype=np.int32),
    turn=np.zeros(0, dtype=np.int32),
)
"""One option without a visit, of a store that nobody can visit."""


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Options and entries of all stores and appointments."""

    option_ptr: IntArray
    option_cost: IntArray
    entry_ptr: IntArray
    entry_slot: IndexArray
    entry_lo: IntArray
    entry_hi: IntArray
    first_of_pair: IntArray  # (n_pairs,) first option of each store and rep


def lay_options(
    ground: Ground, pairs: Pairs, found: list[Choices | None], stays: list[Stay]
) -> Options:
    """Return the arrays of all options; `found` are the choices of each pair."""
    rules, n_weekdays = ground.rules, len(ground.rules.workdays)
    kept = _with_empty(found, rules.stores)
    n_options = np.array([0 if c is None else len(c.cost) for c in kept], dtype=np.int64)
    chosen = [c for c in kept if c is not None]
    pair = np.repeat(
        np.flatnonzero(n_options), np.array([len(c.day) for c in chosen], dtype=np.int64)
    )
    day, turn = (np.concatenate([getattr(c, name) for c in chosen]) for name in ("day", "turn"))
    place = (pair, day % n_weekdays, turn)
    ends = np.array([stay.start for stay in stays], dtype=np.int64)
    of_store = n_options.reshape(rules.stores, -1).sum(axis=1)
    lengths = np.concatenate([*(c.length for c in chosen), np.ones(len(stays), dtype=np.int64)])
    stay_slots = np.array([stay.slot for stay in stays], dtype=np.int32)
    return Options(
        option_ptr=_offsets(np.concatenate([of_store, np.ones(len(stays), dtype=np.int64)])),
        option_cost=np.concatenate([*(c.cost for c in chosen), np.zeros_like(ends)]),
        entry_ptr=_offsets(lengths),
        entry_slot=np.concatenate([pairs.rep[pair] * rules.n_days + day, stay_slots]),
        entry_lo=np.concatenate([pairs.lo[place], ends]),
        entry_hi=np.concatenate([pairs.hi[place], ends]),
        first_of_pair=_offsets(n_options)[:-1],
    )


def _with_empty(found: list[Choices | None], n_stores: int) -> list[Choices | None]:
    """Give the first pair of a store without any option the empty one."""
    kept, n_near = list(found), len(found) // n_stores
    for first in range(0, len(kept), n_near):
        if all(choices is None for choices in kept[first : first + n_near]):
            kept[first] = NO_CHOICES
    return kept


def assemble(
    ground: Ground,
    hours: Hours,
    pairs: Pairs,
    options: Options,
    required: IntArray,
    stays: list[Stay],
) -> Problem:
    """Return the problem; `required` are the stores' visits in the cycle."""
    ground.travel_s.flags.writeable = False  # or the problem would copy it
    stores = _store_arrays(ground, pairs, required, stays)
    target = _fair_shares(ground, hours, options, stores["in_store_s"], stores["required"])
    return Problem(
        **stores,
        **_slot_arrays(ground, hours),
        travel_s=ground.travel_s[None],
        option_ptr=options.option_ptr,
        option_cost=options.option_cost,
        entry_ptr=options.entry_ptr,
        entry_slot=options.entry_slot,
        entry_lo=options.entry_lo,
        entry_hi=options.entry_hi,
        slot_balance_target_s=target,
        cost_travel=round(WEIGHTS.travel * _UNIT),
        cost_wait=round(WEIGHTS.waiting * _UNIT),
        cost_overtime=round(WEIGHTS.overtime * _UNIT),
        cost_balance=round(WEIGHTS.balance * _UNIT),
        cost_route=round(WEIGHTS.route * COST_PER_MINUTE),
    )


def _store_arrays(
    ground: Ground, pairs: Pairs, required: IntArray, stays: list[Stay]
) -> dict[str, Any]:
    """Return the arrays of stores, then appointments, which nothing outweighs."""
    demand, n_stores = ground.demand, ground.rules.stores
    none = np.zeros(len(stays), dtype=np.int64)
    stay_s = np.array([stay.service_s for stay in stays], dtype=np.int64)
    stay_places = np.array([stay.place for stay in stays], dtype=np.int32)
    stay_price = (pairs.longest_way + _DAY_S) * COST_PER_MINUTE * _STAY_FACTOR
    factor = 4 ** (2 - demand.class_of_store.astype(np.int64))
    miss = (demand.service_s + 2 * pairs.longest_way) * _UNIT * factor
    dear = (int(demand.service_s.max()) + 2 * pairs.longest_way) * _UNIT * _FIRST_VISIT_FACTOR
    return {
        "place_of_store": np.concatenate([ground.layout.place_of_store, stay_places]),
        "service_s": np.concatenate([demand.service_s, stay_s]),
        "in_store_s": np.concatenate([demand.service_s, none]),
        "demand": np.zeros(n_stores + len(stays), dtype=np.int64),
        "required": np.concatenate([required, none + 1]),
        "miss_price": np.concatenate([miss, none + stay_price]),
        "dear_price": np.concatenate([np.full(n_stores, dear), none]),
        "dear_visits": np.concatenate([np.minimum(1, required), none]),
    }


def _slot_arrays(ground: Ground, hours: Hours) -> dict[str, Any]:
    """Return the arrays of slots, without their targets."""
    n_slots = len(hours.lo)
    base = np.repeat(ground.base_of_rep, ground.rules.n_days)
    return {
        "slot_weight": np.ones(n_slots, dtype=np.int64),
        "slot_profile": np.zeros(n_slots, dtype=np.int32),
        "slot_start_place": base,
        "slot_end_place": base,
        "slot_shift_lo": hours.lo,
        "slot_shift_hi": hours.hi,
        "slot_max_work_s": hours.longest,
        "slot_overtime_s": np.zeros(n_slots, dtype=np.int64),
        "slot_in_store_limit_s": np.full(n_slots, UNLIMITED),
        "slot_lunch_s": hours.lunch,
        "slot_lunch_lo": np.full(n_slots, LUNCH_LO),
        "slot_lunch_hi": np.full(n_slots, LUNCH_HI),
        "slot_vehicles": np.ones(n_slots, dtype=np.int32),
        "slot_capacity": np.full(n_slots, UNLIMITED),
    }


def _fair_shares(
    ground: Ground, hours: Hours, options: Options, in_store: IntArray, required: IntArray
) -> IntArray:
    """Return each slot's target: the stores' work spread over the slots open to them."""
    n_slots, n_stores = len(hours.available), ground.rules.stores
    n_entries = np.diff(options.entry_ptr[options.option_ptr])
    store = np.repeat(np.arange(len(required)), n_entries)
    pair = np.unique(store * n_slots + options.entry_slot)
    store, slot = pair // n_slots, pair % n_slots
    way = np.concatenate([_way(ground), np.zeros(len(required) - n_stores)])
    work = required * (in_store + way)
    open_hours = np.bincount(store, weights=hours.available[slot], minlength=len(required))
    part = work[store] * hours.available[slot] / open_hours[store]
    shares = np.bincount(slot, weights=part, minlength=n_slots)
    least = _FULL_ENOUGH * hours.available
    target: FloatArray = np.minimum(hours.available, np.maximum(least, shares))
    return np.rint(target).astype(np.int64)


def _way(ground: Ground) -> FloatArray:
    """Return the mean travel to each store from its three nearest places."""
    n = ground.layout.n_places
    nearest = np.zeros(n)
    for start in range(0, n, _ROWS_AT_ONCE):
        columns = ground.travel_s[:, start : min(n, start + _ROWS_AT_ONCE)].T
        k = min(3, columns.shape[1] - 1, len(ground.travel_s) - 1)
        four = np.sort(np.partition(columns, k, axis=1)[:, : k + 1], axis=1)
        nearest[start : start + len(columns)] = four[:, 1:].mean(axis=1) if k else 0
    way: FloatArray = nearest[ground.layout.place_of_store]
    return way


def _offsets(lengths: NDArray[np.int64]) -> IntArray:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
