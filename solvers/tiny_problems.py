"""Two problems of a few stores: enough to run every kernel once."""

from typing import Any

import numpy as np

from solvers.problem import UNLIMITED, Problem

_HOUR = 3600
_SIDE = 2  # places lie on a grid of such width


def tiny_problems() -> tuple[Problem, Problem]:
    """One without times that bind, and one with windows and lunch."""
    untimed = _tiny(window=(9 * _HOUR, 17 * _HOUR), lunch_s=0)
    return untimed, _tiny(window=(10 * _HOUR, 15 * _HOUR), lunch_s=_HOUR // 2)


def _tiny(window: tuple[int, int], lunch_s: int) -> Problem:
    """Four stores, each on one of two days, but the first on both."""
    n = 4
    place = np.arange(n + 1)
    x, y = place % _SIDE, place // _SIDE
    travel_s = 300 * (abs(x - x[:, None]) + abs(y - y[:, None]))
    n_entries = 2 * n
    return Problem(
        travel_s=travel_s[None],
        place_of_store=np.arange(1, n + 1, dtype=np.int32),
        option_ptr=np.array([0, *range(1, n_entries, 2)]),
        option_cost=np.zeros(n_entries - 1, int),
        entry_ptr=np.array([0, *range(2, n_entries + 1)]),
        entry_slot=np.arange(n_entries, dtype=np.int32) % 2,
        entry_lo=np.full(n_entries, window[0]),
        entry_hi=np.full(n_entries, window[1]),
        cost_travel=10,
        cost_wait=2,
        cost_overtime=30,
        cost_balance=5,
        **_stores(n),
        **_slots(lunch_s),
    )


def _stores(n: int) -> dict[str, Any]:
    required = np.ones(n, int)
    required[0] = 2
    return {
        "service_s": np.full(n, 900),
        "in_store_s": np.full(n, 900),
        "demand": np.ones(n, int),
        "required": required,
        "miss_price": np.full(n, 100_000),
        "dear_price": np.full(n, 100_000),
        "dear_visits": np.ones(n, int),
    }


def _slots(lunch_s: int) -> dict[str, Any]:
    values = {
        "weight": 1,
        "profile": 0,
        "start_place": 0,
        "end_place": 0,
        "shift_lo": 9 * _HOUR,
        "shift_hi": 17 * _HOUR,
        "max_work_s": 7 * _HOUR,
        "overtime_s": _HOUR,
        "in_store_limit_s": UNLIMITED,
        "balance_target_s": _HOUR,
        "lunch_s": lunch_s,
        "lunch_lo": 12 * _HOUR,
        "lunch_hi": 14 * _HOUR,
        "vehicles": 2,
        "capacity": 6,
    }
    return {f"slot_{name}": np.full(2, value) for name, value in values.items()}
