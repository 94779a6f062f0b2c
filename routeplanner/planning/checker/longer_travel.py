"""Whether a day's order of stops still keeps all hours where travel takes a fifth longer.

Decided here without the timing of the solver, which the plan was made with: by trying the few
leaving times that can matter. Over the leaving time, the return is constant or rises one to one,
but for jumps where a window is missed; so either the earliest leaving will do, or one with which
the rep comes to a window just at its opening, just before its end, or just after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Route
from routeplanner.domain.store import Store
from routeplanner.planning.checker.facts import Facts, Shift, Span, gaps_between

LONGER = 1.2
_BEFORE, _AFTER = -2, -1  # lunch before leaving, after returning; from 0: after that call


@dataclass(frozen=True, slots=True)
class _Call:
    """A visit or an appointment with the way to it; seconds."""

    travel: int
    service: int
    starts: tuple[Span, ...]  # earliest and latest start, in order


def breaks_with_longer_travel(facts: Facts, route: Route, shift: Shift) -> bool:
    """Whether no leaving time and no lunch keep the hours; the reserve may be used up."""
    calls, home = _calls(facts, route)
    if not calls:
        return False
    if not all(call.starts for call in calls):
        return True
    lunches = range(_BEFORE, len(calls)) if shift.lunch else [_AFTER]
    day = _Day(calls, home, shift, _longest(facts, route, shift))
    return not any(day.fits(leave, lunch) for lunch in lunches for leave in day.leavings(lunch))


def _longest(facts: Facts, route: Route, shift: Shift) -> int:
    rep, rules = facts.reps[route.rep], facts.scenario.policy.working_day
    stated = rep.max_work_minutes or rules.max_work_minutes
    whole = shift.latest - shift.earliest - shift.lunch
    return whole if stated is None else min(whole, round(stated * 60))


@dataclass(frozen=True, slots=True)
class _Day:
    calls: Sequence[_Call]
    home: int  # travel from the last call
    shift: Shift
    longest: int

    def leavings(self, lunch: int) -> Iterator[int]:
        """Leaving times of which one fits if any does."""
        shift, ahead = self.shift, 0
        first = shift.earliest
        if lunch == _BEFORE:
            first = max(first, shift.lunch_between[0] + shift.lunch)
        yield first
        for place, call in enumerate(self.calls):
            ahead += call.travel
            events = [time - ahead for lo, hi in call.starts for time in (lo, hi, hi + 1)]
            ahead += call.service
            if place == lunch:
                events.append(shift.lunch_between[0] - ahead)
                ahead += shift.lunch
            yield from (leave for leave in events if leave > first)

    def fits(self, leave: int, lunch: int) -> bool:
        """Whether the day keeps windows, lunch, longest work and return."""
        shift, now, eaten = self.shift, leave, 0
        lo, hi = shift.lunch_between
        for place, call in enumerate(self.calls):
            now += call.travel
            start = next((max(now, a) for a, b in call.starts if now <= b), None)
            if start is None:
                return False
            now = start + call.service
            if place == lunch:
                now, eaten = max(now, lo) + shift.lunch, shift.lunch
                if now > hi:
                    return False
        back = now + self.home
        if shift.lunch and lunch == _AFTER and back > hi - shift.lunch:
            return False
        work = back - leave - eaten
        return work <= self.longest + shift.overtime and back <= shift.latest + shift.overtime


def _calls(facts: Facts, route: Route) -> tuple[list[_Call], int]:
    """The stops of a day that take time at a place, and the longer way home."""
    rep, day = facts.reps[route.rep], facts.scenario.cycle.day(route.day)
    due = sorted(facts.appointments_on(rep.id, day), key=lambda item: (item[1].start, item[0]))
    base = f"rep:{rep.id}"
    here = base if rep.start_at == "base" else None
    calls = []
    for stop in route.stops:
        if stop.kind == "visit" and stop.store_id in facts.stores:
            store = facts.stores[stop.store_id]
            place, service = store.id, facts.service_s(store)
            starts = _starts(facts, store, route)
        elif stop.kind == "appointment" and due:
            index, meeting = due.pop(0)
            is_at_base = meeting.lat is None or meeting.lon is None
            place = base if is_at_base else f"appointment:{index}"
            service, starts = meeting.end - meeting.start, ((meeting.start, meeting.start),)
        else:
            continue
        calls.append(_Call(_longer(facts, rep.mode, here, place), service, starts))
        here = place
    return calls, _longer(facts, rep.mode, here, base) if rep.end_at == "base" else 0


def _longer(facts: Facts, mode: str, origin: str | None, target: str) -> int:
    seconds = 0 if origin is None else facts.seconds(mode, origin, target)
    return round((seconds or 0) * LONGER)


def _starts(facts: Facts, store: Store, route: Route) -> tuple[Span, ...]:
    if route.weekday in store.closed_days:
        return ()
    free: list[Span] = [(0, 24 * 3600)]
    weekday, service = WEEKDAYS.index(route.weekday), facts.service_s(store)
    for hours in (store.opening_hours, store.visit_hours):
        if hours is not None:
            free = _common(free, hours.on(weekday))
    if store.avoid_hours is not None:
        free = _common(free, gaps_between(store.avoid_hours.on(weekday)))
    return tuple((a, b - service) for a, b in sorted(free) if b - a >= service)


def _common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    pairs = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(a, b) for a, b in pairs if a < b]
