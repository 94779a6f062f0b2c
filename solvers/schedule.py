"""Times one route: when to leave, where to eat, what is waited, worked and late."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from solvers.problem import IntArray, Problem


@dataclass(frozen=True, slots=True)
class Frame:
    """What a route is driven in: places to leave from and return to, shift, longest work, lunch."""

    travel_s: IntArray  # (n_places, n_places)
    start_place: int  # -1: the route starts at its first store
    end_place: int  # -1: the route ends at its last store
    shift_lo: int  # earliest leaving
    shift_hi: int  # latest returning without overtime
    max_work_s: int  # longest work without overtime
    overtime_s: int  # how far work and return may exceed both
    lunch_s: int  # 0: none
    lunch_lo: int  # lunch lies within [lunch_lo, lunch_hi]
    lunch_hi: int

    @classmethod
    def of_slot(cls, problem: Problem, slot: int) -> Self:
        """The frame of a slot's routes."""
        return cls(
            travel_s=problem.travel_s[int(problem.slot_profile[slot])],
            start_place=int(problem.slot_start_place[slot]),
            end_place=int(problem.slot_end_place[slot]),
            shift_lo=int(problem.slot_shift_lo[slot]),
            shift_hi=int(problem.slot_shift_hi[slot]),
            max_work_s=int(problem.slot_max_work_s[slot]),
            overtime_s=int(problem.slot_overtime_s[slot]),
            lunch_s=int(problem.slot_lunch_s[slot]),
            lunch_lo=int(problem.slot_lunch_lo[slot]),
            lunch_hi=int(problem.slot_lunch_hi[slot]),
        )


@dataclass(frozen=True, slots=True)
class Timing:
    """A timed route; all in seconds, a tuple item per visit in the given order."""

    leave: int
    arrive: tuple[int, ...]
    start: tuple[int, ...]  # of service
    depart: tuple[int, ...]  # after service, and after lunch where it is taken there
    lunch_after: int  # index of the visit after whose service lunch is taken; -1: none on the way
    lunch_start: int  # -1: none on the way
    back: int
    travel_s: int
    wait_s: int  # idle before services and before lunch
    work_s: int  # leaving to returning, without lunch
    overtime_s: int  # work or return beyond the limits, as far as allowed
    late_s: int  # seconds by which windows and limits are broken

    @property
    def is_feasible(self) -> bool:
        """Whether no window and no limit is broken."""
        return self.late_s == 0


@dataclass(frozen=True, slots=True)
class _Visits:
    legs: list[int]  # (n_visits + 1,) travel to each visit and to the end
    service_s: Sequence[int]
    lo: Sequence[int]
    hi: Sequence[int]


def time_route(
    frame: Frame,
    places: Sequence[int],
    service_s: Sequence[int],
    lo: Sequence[int],
    hi: Sequence[int],
) -> Timing:
    """
    Time visits in the given order, with as little work as possible.

    The route leaves at the earliest time with which its work is shortest. Lunch is eaten at a visit
    after its service; none is needed on the way where the route is back by `lunch_hi - lunch_s`
    (it is eaten after) or leaves at `lunch_lo + lunch_s` or later (it is eaten before). Of all
    these the one with the least lateness is taken, then the least overtime, the least waiting, the
    earliest return. Complexity O(n_visits ** 2) with lunch, else O(n_visits).

    Parameters
    ----------
    frame
        Shift, limits, lunch, travel times in seconds.
    places, service_s, lo, hi
        Per visit: its place, its seconds of service, the earliest and latest start of service.

    Returns
    -------
    Timing
        Where no order of leaving and lunch keeps all windows and limits, services are late, in the
        given order, and `late_s` is above 0.
    """
    if not places:
        return _empty(frame)
    visits = _Visits(_legs(frame, places), service_s, lo, hi)
    if not frame.lunch_s:
        return _shortest(frame, visits, frame.shift_lo, -1)
    cases = [_shortest(frame, visits, max(frame.shift_lo, frame.lunch_lo + frame.lunch_s), -1)]
    early = _shortest(frame, visits, frame.shift_lo, -1)
    if early.back <= frame.lunch_hi - frame.lunch_s:
        cases.append(early)
    cases += [_shortest(frame, visits, frame.shift_lo, k) for k in range(len(places))]
    return min(cases, key=_preference)


def _preference(timing: Timing) -> tuple[int, ...]:
    return timing.late_s, timing.overtime_s, timing.wait_s, timing.back, timing.lunch_after


def _empty(frame: Frame) -> Timing:
    at = frame.shift_lo
    return Timing(at, (), (), (), -1, -1, at, 0, 0, 0, 0, 0)


def _legs(frame: Frame, places: Sequence[int]) -> list[int]:
    travel = frame.travel_s
    first = int(travel[frame.start_place, places[0]]) if frame.start_place >= 0 else 0
    last = int(travel[places[-1], frame.end_place]) if frame.end_place >= 0 else 0
    between = [int(travel[a, b]) for a, b in pairwise(places)]
    return [first, *between, last]


def _shortest(frame: Frame, visits: _Visits, leave: int, lunch_after: int) -> Timing:
    _, delay = _drive(frame, visits, leave, lunch_after)
    return _drive(frame, visits, leave + delay, lunch_after)[0]


def _drive(frame: Frame, visits: _Visits, leave: int, lunch_after: int) -> tuple[Timing, int]:
    """Drive from a leaving time; also how much later it may leave to wait less, at no lateness."""
    arrive, start, depart = [], [], []
    lunch_start, late, waited, slack = -1, 0, 0, 2**60
    now = leave
    for i, (leg, service) in enumerate(zip(visits.legs, visits.service_s, strict=False)):
        now += leg
        arrive.append(now)
        begin = max(now, visits.lo[i])
        start.append(begin)
        waited += begin - now
        late += max(0, begin - visits.hi[i])
        # A delay of leaving is swallowed by the waiting so far, then by the window's rest.
        slack = min(slack, waited + max(0, visits.hi[i] - begin))
        now = begin + service
        if i == lunch_after:
            lunch_start = max(now, frame.lunch_lo)
            latest = frame.lunch_hi - frame.lunch_s
            waited += lunch_start - now
            late += max(0, lunch_start - latest)
            slack = min(slack, waited + max(0, latest - lunch_start))
            now = lunch_start + frame.lunch_s
        depart.append(now)
    back = now + visits.legs[-1]
    work = back - leave - (frame.lunch_s if lunch_after >= 0 else 0)
    over_work, over_shift = max(0, work - frame.max_work_s), max(0, back - frame.shift_hi)
    late += max(0, over_work - frame.overtime_s) + max(0, over_shift - frame.overtime_s)
    timing = Timing(
        leave=leave,
        arrive=tuple(arrive),
        start=tuple(start),
        depart=tuple(depart),
        lunch_after=lunch_after,
        lunch_start=lunch_start,
        back=back,
        travel_s=sum(visits.legs),
        wait_s=waited,
        work_s=work,
        overtime_s=min(frame.overtime_s, max(over_work, over_shift)),
        late_s=late,
    )
    return timing, min(slack, waited)
