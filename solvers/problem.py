"""The array form of a periodic planning problem: checked once at construction, then read-only."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
IndexArray = NDArray[np.int32]

UNLIMITED = 2**40
"""Larger than any time, load or distance of a problem."""


class ProblemError(ValueError):
    """Arrays that do not form a problem; a programming mistake of the caller."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Stores that each choose one option, slots that carry routes, and prices.

    A slot is one rep on one day, or one rep on one template that is driven on `slot_weight` days.
    An option of a store is a list of entries (slot, window of the start of service) and a cost.
    An entry whose visit stands in no route of its slot lies in the slot's overflow bin.
    Fixed appointments are stores with one option, `in_store_s` 0 and a prohibitive `miss_price`.

    Times in seconds, costs in any integer unit. A route's cost is
    `slot_weight x (cost_travel x travel + cost_wait x waiting + cost_overtime x overtime
    + cost_balance x work above the slot's target + cost_route)`, 0 where the route has no visit; a
    store's is its option's cost plus
    `miss_price x missing + dear_price x max(0, dear_visits - served)`, where served is the weight
    of its visits in routes and missing = max(0, required - served).
    """

    travel_s: IntArray  # (n_profiles, n_places, n_places); of int32 where it is given so
    place_of_store: IndexArray  # (n_stores,)
    service_s: IntArray  # (n_stores,)
    in_store_s: IntArray  # (n_stores,) what counts for the in-store limit
    demand: IntArray  # (n_stores,) per visit
    required: IntArray  # (n_stores,) visits per cycle
    miss_price: IntArray  # (n_stores,) of each missing visit
    dear_price: IntArray  # (n_stores,) of each visit missing below dear_visits, on top
    dear_visits: IntArray  # (n_stores,)
    option_ptr: IntArray  # (n_stores + 1,) options of store i: option_ptr[i] .. option_ptr[i + 1]
    option_cost: IntArray  # (n_options,)
    entry_ptr: IntArray  # (n_options + 1,)
    entry_slot: IndexArray  # (n_entries,) each slot at most once an option
    entry_lo: IntArray  # (n_entries,) earliest start of service
    entry_hi: IntArray  # (n_entries,) latest start of service
    slot_weight: IntArray  # (n_slots,) days of the cycle on which the slot's route is driven
    slot_profile: IndexArray  # (n_slots,) row of travel_s
    slot_start_place: IndexArray  # (n_slots,) -1: the day starts at its first store
    slot_end_place: IndexArray  # (n_slots,) -1: the day ends at its last store
    slot_shift_lo: IntArray  # (n_slots,) earliest leaving
    slot_shift_hi: IntArray  # (n_slots,) latest returning
    slot_max_work_s: IntArray  # (n_slots,) longest work: leaving to returning without lunch
    slot_overtime_s: IntArray  # (n_slots,) how far work and return may exceed both, at a cost
    slot_in_store_limit_s: IntArray  # (n_slots,) largest sum of in_store_s a route
    slot_balance_target_s: IntArray  # (n_slots,) work above it costs cost_balance a second
    slot_lunch_s: IntArray  # (n_slots,) 0: none
    slot_lunch_lo: IntArray  # (n_slots,) lunch lies within [lo, hi]
    slot_lunch_hi: IntArray  # (n_slots,)
    slot_vehicles: IndexArray  # (n_slots,) identical vehicles, a route each
    slot_capacity: IntArray  # (n_slots,) largest sum of demand a route
    cost_travel: int
    cost_wait: int
    cost_overtime: int
    cost_balance: int
    cost_route: int = 0  # of each route that is driven, a day of it

    def __post_init__(self) -> None:
        for field in fields(self):
            value: Any = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                dtype = np.int32 if field.type in (IndexArray, "IndexArray") else np.int64
                if field.name == "travel_s" and value.dtype == np.int32:
                    dtype = np.int32
                array = np.ascontiguousarray(value, dtype=dtype)
                if not np.can_cast(value.dtype, dtype) and not np.array_equal(array, value):
                    raise ProblemError(f"{field.name} must hold whole numbers of {dtype.__name__}")
                if array is value and array.flags.writeable:
                    array = array.copy()
                array.flags.writeable = False
                object.__setattr__(self, field.name, array)
        self._check_shapes()
        self._check_ranges()

    @property
    def n_stores(self) -> int:
        """Stores, appointments included."""
        return len(self.place_of_store)

    @property
    def n_slots(self) -> int:
        """Slots."""
        return len(self.slot_weight)

    @property
    def n_places(self) -> int:
        """Places of the travel matrix."""
        return int(self.travel_s.shape[1])

    def options_of(self, store: int) -> range:
        """Option ids of a store."""
        return range(int(self.option_ptr[store]), int(self.option_ptr[store + 1]))

    def entries_of(self, option: int) -> Iterator[tuple[int, int, int]]:
        """(slot, earliest start, latest start) of each visit of an option."""
        for entry in range(int(self.entry_ptr[option]), int(self.entry_ptr[option + 1])):
            yield int(self.entry_slot[entry]), int(self.entry_lo[entry]), int(self.entry_hi[entry])

    def _check_shapes(self) -> None:
        if self.travel_s.ndim != 3 or self.travel_s.shape[1] != self.travel_s.shape[2]:
            raise ProblemError("travel_s must be (n_profiles, n_places, n_places)")
        n_options, n_entries = len(self.option_cost), len(self.entry_slot)
        wanted = {"option_ptr": self.n_stores + 1, "entry_ptr": n_options + 1}
        wanted |= dict.fromkeys(("entry_lo", "entry_hi"), n_entries)
        stores = (
            "service_s",
            "in_store_s",
            "demand",
            "required",
            "miss_price",
            "dear_price",
            "dear_visits",
        )
        wanted |= dict.fromkeys(stores, self.n_stores)
        slots = [f.name for f in fields(self) if f.name.startswith("slot_")]
        wanted |= dict.fromkeys(slots, self.n_slots)
        for name, length in wanted.items():
            if getattr(self, name).shape != (length,):
                raise ProblemError(f"{name} must have shape ({length},)")
        for name, n in (("option_ptr", n_options), ("entry_ptr", n_entries)):
            ptr = getattr(self, name)
            if ptr[0] != 0 or ptr[-1] != n or np.any(np.diff(ptr) < 0):
                raise ProblemError(f"{name} must rise from 0 to {n}")
        if np.any(np.diff(self.option_ptr) < 1):
            raise ProblemError("every store needs at least one option; an empty one will do")

    def _check_ranges(self) -> None:
        indices = (
            ("place_of_store", 0, self.n_places),
            ("entry_slot", 0, self.n_slots),
            ("slot_profile", 0, self.travel_s.shape[0]),
            ("slot_start_place", -1, self.n_places),
            ("slot_end_place", -1, self.n_places),
            ("slot_vehicles", 1, UNLIMITED),
        )
        for name, low, high in indices:
            array = getattr(self, name)
            if array.size and (array.min() < low or array.max() >= high):
                raise ProblemError(f"{name} must lie in [{low}, {high})")
        for field in fields(self):
            value: Any = getattr(self, field.name)
            if field.name in ("slot_start_place", "slot_end_place", "option_cost"):
                continue
            if np.any(np.asarray(value) < 0):
                raise ProblemError(f"{field.name} must not be negative")
        option = np.repeat(np.arange(len(self.option_cost)), np.diff(self.entry_ptr))
        key = np.sort(option * self.n_slots + self.entry_slot)
        twice = key[1:][key[1:] == key[:-1]]
        if len(twice):
            raise ProblemError(f"option {twice[0] // self.n_slots} names a slot twice")


@dataclass(frozen=True, slots=True)
class Solution:
    """One option a store and the ordered stores of every route.

    A store may stand only in routes of its option's slots, at most once a slot; where it stands in
    none of a slot's routes, that visit is in the slot's bin.
    """

    option_of_store: tuple[int, ...]  # (n_stores,) option ids
    routes: tuple[tuple[tuple[int, ...], ...], ...]  # (n_slots, slot_vehicles) → store ids
