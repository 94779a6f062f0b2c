"""Times an order of visits on one rep's day, choosing among a store's open intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from solvers.schedule import Frame, Timing, time_route

StartWindow = tuple[int, int]
"""Earliest and latest start of a service, seconds since midnight."""

NEVER = (0, -1)  # a window that every start is too late for
_KEPT_ORDERS = 20


@dataclass(frozen=True, slots=True)
class Call:
    """A visit or an appointment on its way into the timeline."""

    place: str  # of the travel matrix
    service_s: int
    windows: tuple[StartWindow, ...]  # at least one, in order
    store_id: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """Calls in an order, and when each takes place."""

    calls: tuple[Call, ...]
    timing: Timing

    @property
    def preference(self) -> tuple[int, ...]:
        """Less is better: keep the limits, no overtime, little work, back early."""
        timing = self.timing
        return timing.late_s, timing.overtime_s, timing.work_s, timing.back


_PREFERENCE = attrgetter("preference")


@dataclass(frozen=True, slots=True)
class DayClock:
    """Times calls in a given order on one rep's day."""

    frame: Frame  # its places are those of `places`
    places: dict[str, int]

    def time(self, calls: Sequence[Call]) -> Timed:
        """The best timing of an order over the choices of open intervals."""
        places = [self.places[call.place] for call in calls]
        services = [call.service_s for call in calls]
        timings = (
            time_route(self.frame, places, services, [w[0] for w in chosen], [w[1] for w in chosen])
            for chosen in self._window_choices(calls)
        )
        return min((Timed(tuple(calls), timing) for timing in timings), key=_PREFERENCE)

    def _window_choices(self, calls: Sequence[Call]) -> list[tuple[StartWindow, ...]]:
        """Choices of one interval per call; one alone where no store closes at midday.

        For a given leaving time and lunch, the interval reachable earliest is best at every store.
        The choice changes with the leaving time only where an arrival misses the end of a window,
        so it is enough to try the earliest leaving and those just after such a miss.
        """
        if all(len(call.windows) == 1 for call in calls):
            return [tuple(call.windows[0] for call in calls)]
        legs = self._legs(calls)
        lunches = range(-1, len(calls) if self.frame.lunch_s else 0)
        choices = {
            self._choose(calls, legs, leave, lunch): None
            for lunch in lunches
            for leave in self._leaving_times(calls, legs, lunch)
        }
        return list(choices)

    def _leaving_times(
        self, calls: Sequence[Call], legs: Sequence[int], lunch_after: int
    ) -> list[int]:
        frame, ahead = self.frame, 0
        leaves = {frame.shift_lo}
        if lunch_after < 0:
            leaves.add(max(frame.shift_lo, frame.lunch_lo + frame.lunch_s))
        for i, (call, leg) in enumerate(zip(calls, legs, strict=True)):
            ahead += leg
            leaves |= {hi + 1 - ahead for _, hi in call.windows[:-1]}
            ahead += call.service_s + (frame.lunch_s if i == lunch_after else 0)
        return sorted(leave for leave in leaves if leave >= frame.shift_lo)

    def _legs(self, calls: Sequence[Call]) -> list[int]:
        travel = self.frame.travel_s
        places = [self.frame.start_place, *(self.places[call.place] for call in calls)]
        return [int(travel[a, b]) if a >= 0 else 0 for a, b in pairwise(places)]

    def _choose(
        self, calls: Sequence[Call], legs: Sequence[int], leave: int, lunch_after: int
    ) -> tuple[StartWindow, ...]:
        now, chosen = leave, []
        for i, (call, leg) in enumerate(zip(calls, legs, strict=True)):
            now += leg
            window = next((w for w in call.windows if now <= w[1]), call.windows[-1])
            chosen.append(window)
            now = max(now, window[0]) + call.service_s
            if i == lunch_after:
                now = max(now, self.frame.lunch_lo) + self.frame.lunch_s
        return tuple(chosen)


def insert_between(clock: DayClock, visits: Sequence[Call], meetings: Sequence[Call]) -> Timed:
    """The best order of visits and appointments that keeps the order of each.

    Appointments go in one by one; the most promising orders are kept, not the first alone.
    """
    orders = [(tuple(visits), 0)]
    timed = [clock.time(visits)]
    for meeting in meetings:
        longer = {
            (*calls[:place], meeting, *calls[place:]): place + 1
            for calls, first in orders
            for place in range(first, len(calls) + 1)
        }
        timed = sorted((clock.time(calls) for calls in longer), key=_PREFERENCE)[:_KEPT_ORDERS]
        orders = [(item.calls, longer[item.calls]) for item in timed]
    return timed[0]
