"""What limits a problem has at all: what cannot bind is left out of the peers' models."""

import numpy as np
from numpy.typing import NDArray

from solvers import UNLIMITED, Problem

IntArray = NDArray[np.int64]


def is_timed(problem: Problem) -> bool:
    """Whether any limit or price of time stands; without, no times need to be computed."""
    p = problem
    is_priced = p.cost_wait > 0 or (p.cost_balance > 0 and _stands(p.slot_balance_target_s))
    return has_clock(p) or _stands(p.slot_max_work_s) or is_priced


def has_clock(problem: Problem) -> bool:
    """Whether it matters at what time of day a visit is."""
    p = problem
    return (
        _stands(p.slot_shift_hi)
        or _stands(p.entry_hi)
        or bool(np.any(p.entry_lo > p.slot_shift_lo[p.entry_slot]))
        or bool(np.any(p.slot_lunch_s > 0))
    )


def loads(problem: Problem) -> list[tuple[str, IntArray, IntArray]]:
    """(name, amount by store, limit by slot) of what a route can exceed."""
    p = problem
    both = (
        ("load", p.demand, p.slot_capacity),
        ("in_store", p.in_store_s, p.slot_in_store_limit_s),
    )
    return [
        (name, amounts, limits) for name, amounts, limits in both if amounts.sum() > limits.min()
    ]


def _stands(limits: IntArray) -> bool:
    return bool(np.any(limits < UNLIMITED))
