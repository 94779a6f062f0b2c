"""The problem of one route alone: given visits of one slot, of which only the order is open."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from solvers.problem import Problem

Windows = Sequence[tuple[int, int]]
"""Intervals within which a service may start, seconds since midnight."""

_DAY_S = 86_400
_EXCESS_FACTOR = 1000
"""How much dearer than travel it is to exceed a day that need not be kept."""


def one_slot_problem(
    problem: Problem,
    slot: int,
    stores: Sequence[int],
    windows: Sequence[Windows],
    *,
    is_limited: bool = True,
) -> Problem:
    """
    Return the problem of visiting given stores on one slot, each of them once.

    Parameters
    ----------
    problem, slot
        Where the places, times, limits and prices come from.
    stores
        Store i of the result is `stores[i]` of the problem.
    windows
        Per store the intervals within which its service may start, an option each.
    is_limited
        Whether the slot's longest work and its shift hold. Else they may be exceeded, at a price
        above all others, so that the best order is the one with the least excess.

    Notes
    -----
    The limits that no order changes (minutes in store, capacity) do not hold.
    """
    n, unlimited = len(stores), np.array([2**40])
    values: dict[str, Any] = {field.name: getattr(problem, field.name) for field in fields(problem)}
    for name in values:
        if name.startswith("slot_"):
            values[name] = values[name][slot : slot + 1]
    for name in ("place_of_store", "service_s", "in_store_s", "demand"):
        values[name] = values[name][list(stores)]
    values |= _own_places(values)
    values |= {"slot_weight": np.ones(1, np.int64), "slot_vehicles": np.ones(1, np.int32)}
    values |= {"slot_in_store_limit_s": unlimited, "slot_capacity": unlimited}
    if not is_limited:
        values |= _without_limits(problem, slot)
    entries = [window for intervals in windows for window in intervals]
    values |= {
        "required": np.ones(n, np.int64),
        "miss_price": np.full(n, _prohibitive(values)),
        "dear_price": np.zeros(n, np.int64),
        "dear_visits": np.zeros(n, np.int64),
        "option_ptr": np.cumsum([0, *(len(intervals) for intervals in windows)]),
        "option_cost": np.zeros(len(entries), np.int64),
        "entry_ptr": np.arange(len(entries) + 1),
        "entry_slot": np.zeros(len(entries), np.int32),
        "entry_lo": np.array([lo for lo, _ in entries], np.int64),
        "entry_hi": np.array([hi for _, hi in entries], np.int64),
    }
    return Problem(**values)


def _own_places(values: dict[str, Any]) -> dict[str, Any]:
    """The places of one route alone: how long a search takes grows with the square of them."""
    named = ("place_of_store", "slot_start_place", "slot_end_place")
    places = np.unique(np.concatenate([values[name] for name in named]))
    places = places[places >= 0]
    renumbered = {
        name: np.where(values[name] < 0, -1, np.searchsorted(places, values[name]))
        for name in named
    }
    profile = int(values["slot_profile"][0])
    travel = values["travel_s"][profile : profile + 1][:, places][:, :, places]
    return renumbered | {"travel_s": travel, "slot_profile": np.zeros(1, np.int32)}


def _without_limits(problem: Problem, slot: int) -> dict[str, Any]:
    """What is allowed stays free of the price of excess, overtime as well."""
    allowed = problem.slot_overtime_s[slot : slot + 1]
    return {
        "slot_max_work_s": problem.slot_max_work_s[slot : slot + 1] + allowed,
        "slot_shift_hi": problem.slot_shift_hi[slot : slot + 1] + allowed,
        "slot_overtime_s": np.array([_DAY_S]),
        "cost_overtime": _EXCESS_FACTOR * max(problem.cost_travel, 1),
    }


def _prohibitive(values: dict[str, Any]) -> int:
    """More than any route of a day can cost."""
    a_second = sum(int(values[f"cost_{name}"]) for name in ("travel", "wait", "overtime"))
    return _DAY_S * (a_second + int(values["cost_balance"])) + int(values["cost_route"])
