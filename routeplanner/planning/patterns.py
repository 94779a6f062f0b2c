"""Day patterns of a frequency, cheapest spacing first; used by encode where every day is free."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

from routeplanner.domain.hours import WEEKDAYS, Weekday

MAX_OPTIONS = 500
"""Most choices of days that a store and rep get."""


_BEAM = 3000
_Node = tuple[float, int, tuple[int, ...], float]  # bound, scatter, days, days off


@dataclass(frozen=True, slots=True)
class Pattern:
    """Working days within a block of n weeks, and how far their gaps are from even."""

    days: tuple[int, ...]  # 0-based working days of the block
    days_off: float  # sum over the ring of |gap - ideal gap| in calendar days


@lru_cache(maxsize=4096)
def spaced_patterns(
    visits: int,
    weeks: int,
    workdays: tuple[Weekday, ...],
    allowed: frozenset[int],
    required: frozenset[int] = frozenset(),
    largest_gap: int | None = None,
) -> tuple[Pattern, ...]:
    """Return up to `MAX_OPTIONS` patterns of k visits in n weeks, most even first.

    Parameters
    ----------
    visits, weeks
        The frequency k/n.
    workdays
        Weekdays of a working week, in order.
    allowed
        Working days of the block (0-based, `week x len(workdays) + place`) that may be used.
    required
        Days that every pattern must hold (pinned days, where fewer than k).
    largest_gap
        Calendar days between two visits that no pattern may exceed, round the ring.

    Notes
    -----
    Beam search over the days in order. The rest of the ring, r calendar days in m whole gaps,
    deviates least when spread evenly, which bounds every partial pattern from below. Equals are
    taken in a scattered order, so that a cut leaves no weekday out. Exact where fewer than
    `_BEAM` partial patterns exist (k <= 3 in four weeks of six days).
    """
    search = _Search(visits, weeks, workdays, tuple(sorted(allowed)), required, largest_gap)
    if largest_gap is not None and visits == 1 and search.ring > largest_gap:
        return ()
    beam = [_node(0.0, (day,), 0.0) for day in search.days if not _skips(required, -1, day)]
    for _ in range(visits - 1):
        longer = [node for _, _, chosen, off in beam for node in search.extend(chosen, off)]
        beam = sorted(longer)[:_BEAM]
    complete = [
        Pattern(chosen, search.whole(chosen, off))
        for _, _, chosen, off in beam
        if required <= set(chosen)
    ]
    complete.sort(key=lambda pattern: pattern.days_off)
    return tuple(complete[:MAX_OPTIONS])


class _Search:
    """Partial patterns of one call and how they grow."""

    def __init__(
        self,
        visits: int,
        weeks: int,
        workdays: tuple[Weekday, ...],
        days: tuple[int, ...],
        required: frozenset[int],
        largest_gap: int | None,
    ) -> None:
        self.visits, self.days, self.required = visits, days, required
        self.ring = 7 * weeks
        self.ideal = self.ring / visits
        self.largest_gap = self.ring if largest_gap is None else largest_gap
        self.calendar = {day: _calendar_day(day, workdays) for day in days}
        self.n_after = {day: len(days) - place - 1 for place, day in enumerate(days)}

    def extend(self, chosen: tuple[int, ...], off: float) -> list[_Node]:
        first, last = self.calendar[chosen[0]], self.calendar[chosen[-1]]
        n_gaps = self.visits - len(chosen)
        extended = []
        for day in self.days:
            gap = self.calendar[day] - last
            rest = first + self.ring - self.calendar[day]
            if (
                gap <= 0
                or gap > self.largest_gap
                or rest > n_gaps * self.largest_gap
                or self.n_after[day] < n_gaps - 1
                or _skips(self.required, chosen[-1], day)
            ):
                continue
            gone = off + abs(gap - self.ideal)
            bound = gone + _least_off(rest, n_gaps, self.ideal)
            extended.append(_node(bound, (*chosen, day), gone))
        return extended

    def whole(self, chosen: tuple[int, ...], off: float) -> float:
        last_gap = self.calendar[chosen[0]] + self.ring - self.calendar[chosen[-1]]
        return round(off + abs(last_gap - self.ideal), 6)


def _skips(required: frozenset[int], last: int, day: int) -> bool:
    return any(last < pinned < day for pinned in required)


def _node(bound: float, chosen: tuple[int, ...], off: float) -> _Node:
    return (round(bound, 9), zlib.crc32(bytes(chosen)), chosen, off)


def _least_off(rest: int, n_gaps: int, ideal: float) -> float:
    short, n_long = divmod(rest, n_gaps)
    return n_long * abs(short + 1 - ideal) + (n_gaps - n_long) * abs(short - ideal)


def days_off_ideal(calendar_days: list[int], ring: int) -> float:
    """Return the sum over the ring of |gap - ideal gap| in calendar days."""
    if not calendar_days:
        return 0.0
    ideal = ring / len(calendar_days)
    return sum(abs(gap - ideal) for gap in gaps(calendar_days, ring))


def gaps(calendar_days: list[int], ring: int) -> list[int]:
    """Return calendar days between neighboring visits, round the ring."""
    ordered = sorted(calendar_days)
    following = [*ordered[1:], ordered[0] + ring]
    return [after - day for day, after in zip(ordered, following, strict=True)]


def _calendar_day(day: int, workdays: tuple[Weekday, ...]) -> int:
    week, place = divmod(day, len(workdays))
    return week * 7 + WEEKDAYS.index(workdays[place])
