"""The target of work of each slot, above which the balance of days has its price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routeplanner.planning.slots import Shift, SlotKey
from routeplanner.travel.source import TravelMatrix

_FULL_ENOUGH = 0.5
"""Days up to this full need no relief: nobody wants two half-empty days in place of one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a store or an appointment wants of the slots that are open to it."""

    place: int
    visits: int  # per cycle
    in_store: int  # seconds a visit
    slots: frozenset[int]


def fair_shares(
    matrix: TravelMatrix,
    keys: Sequence[SlotKey],
    shifts: Sequence[Shift],
    wishes: Iterable[Wish],
) -> list[int]:
    """Return the target of each slot: every store's work spread over the slots open to it.

    The spread is in proportion to the hours there are. Travel to a visit is taken as the mean to
    the three nearest places, in the first mode.
    """
    wishes = list(wishes)
    travel = matrix.travel_s[0]
    nearest = np.sort(travel[:, [wish.place for wish in wishes]], axis=0)[1:4].mean(axis=0)
    hours = np.array([k.weight * s.available for k, s in zip(keys, shifts, strict=True)])
    shares = np.zeros(len(keys))
    for wish, way in zip(wishes, nearest, strict=True):
        slots = sorted(wish.slots)
        if slots:
            work = wish.visits * (wish.in_store + float(way))
            shares[slots] += work * hours[slots] / hours[slots].sum()
    least = [
        0.0 if key.template else _FULL_ENOUGH * s.available
        for key, s in zip(keys, shifts, strict=True)
    ]
    return [
        round(min(shift.available, max(low, share / key.weight)))
        for key, shift, share, low in zip(keys, shifts, shares, least, strict=True)
    ]
