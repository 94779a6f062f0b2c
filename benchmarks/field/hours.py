"""The reps' hours: what the planted plan needs, cut where a territory shall be overloaded."""

from dataclasses import dataclass

import numpy as np

from benchmarks.field.layout import IntArray
from benchmarks.field.planted import (
    LUNCH_HI,
    LUNCH_LO,
    LUNCH_S,
    SHIFT_LO,
    Ground,
    Planted,
    has_lunch,
)
from benchmarks.field.rules import DAY
from routeplanner.domain.workday import SHORTEST_DAY_WITH_LUNCH_S

_FIVE_MINUTES = 300
_HALF_DAY_HI = 13 * 3600
_OFFICE_S = round((DAY.prepare_minutes + DAY.summary_minutes) * 60)
_FULL_DAY_HI = round(DAY.end - DAY.summary_minutes * 60)


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """The hours of every slot, in seconds; slot = rep x n_days + day."""

    lo: IntArray  # (n_slots,) earliest leaving
    hi: IntArray  # (n_slots,) latest returning
    longest: IntArray  # (n_slots,) longest work
    lunch: IntArray  # (n_slots,) 0: none
    visits_lo: IntArray  # (n_slots,) leaving for a store; appointments may be earlier
    visits_hi: IntArray  # (n_slots,) returning from a store
    available: IntArray  # (n_slots,) longest work without what appointments alone add


def needed_hours(ground: Ground, planted: Planted) -> Hours:
    """Return hours under which the planted plan is feasible: a rep's longest day of each kind."""
    rules = ground.rules
    shape = (rules.n_reps, rules.n_days)
    work = np.array([timing.work_s for timing in planted.timings]).reshape(shape)
    back = np.array([timing.back for timing in planted.timings]).reshape(shape)
    full = np.array([has_lunch(rules, day) for day in range(rules.n_days)])
    longest, hi = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for kind, usual_hi in ((full, _FULL_DAY_HI), (~full, _HALF_DAY_HI)):
        if kind.any():
            longest[:, kind] = _rounded_up(work[:, kind].max(axis=1))[:, None]
            latest = _rounded_up(back[:, kind].max(axis=1))
            hi[:, kind] = np.maximum(usual_hi, latest)[:, None]
    lunch = np.where(full, LUNCH_S, 0)[None].repeat(rules.n_reps, axis=0)
    lo = np.full(shape, SHIFT_LO)
    return _hours(lo, hi, longest, lunch)


def cut_hours(ground: Ground, planted: Planted, hours: Hours) -> Hours:
    """
    Return hours that the planted plan's work exceeds by the rules' overload.

    The shift loses as much at both ends as the longest work does; lunch goes where too little is
    left. Appointments are kept: their day reaches as far as they alone need.
    """
    needed = sum(timing.work_s for timing in planted.timings)
    share = needed / (1 + ground.rules.overload / 100) / int(hours.longest.sum())
    longest = np.floor(hours.longest * share).astype(np.int64)
    taken = (hours.longest - longest) // 2
    lo, hi = hours.lo + taken, hours.hi - taken
    is_long = hi - lo + _OFFICE_S >= SHORTEST_DAY_WITH_LUNCH_S
    fits = (LUNCH_LO + hours.lunch <= hi) & (lo <= LUNCH_HI - hours.lunch)
    cut = _hours(lo, hi, longest, np.where(is_long & fits, hours.lunch, 0))
    travel = ground.travel_s
    for stay in planted.stays:
        base = int(ground.base_of_rep[stay.slot // ground.rules.n_days])
        first = stay.start - int(travel[base, stay.place])
        last = stay.start + stay.service_s + int(travel[stay.place, base])
        cut.lo[stay.slot] = min(cut.lo[stay.slot], first)
        cut.hi[stay.slot] = max(cut.hi[stay.slot], last)
        cut.longest[stay.slot] = max(cut.longest[stay.slot], last - first)
    return cut


def _hours(lo: IntArray, hi: IntArray, longest: IntArray, lunch: IntArray) -> Hours:
    lo, hi, longest, lunch = (a.reshape(-1).astype(np.int64) for a in (lo, hi, longest, lunch))
    return Hours(lo, hi, longest, lunch, lo.copy(), hi.copy(), longest.copy())


def _rounded_up(seconds: IntArray) -> IntArray:
    return -(-seconds // _FIVE_MINUTES) * _FIVE_MINUTES
