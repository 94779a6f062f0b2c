"""A rep's working day in seconds: what the policy and the rep's own hours leave for driving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep

SHORTEST_DAY_WITH_LUNCH_S = 6 * 3600

Seconds = Callable[[str, str], int]
"""Travel seconds of a rep from one place of the travel matrix to another."""


@dataclass(frozen=True, slots=True)
class WorkDay:
    """Seconds since midnight and lengths in seconds (handbook part 2, parameters 1-3 and 7)."""

    start: int  # of the working hours
    end: int
    prepare: int  # office time before leaving
    summary: int  # office time after returning
    lunch: int  # 0: none
    lunch_lo: int  # lunch lies within [lunch_lo, lunch_hi]
    lunch_hi: int
    available: int  # longest work: leaving to returning without lunch, reserve taken off
    overtime: int  # how far work may exceed it

    @property
    def shift_lo(self) -> int:
        """Earliest leaving."""
        return self.start + self.prepare

    @property
    def shift_hi(self) -> int:
        """Latest returning."""
        return self.end - self.summary


@dataclass(frozen=True, slots=True)
class Stay:
    """An appointment of a day: where the rep has to be, and from when to when."""

    place: str  # of the travel matrix
    start: int  # seconds since midnight
    end: int
    number: int  # of the appointment in the scenario


def work_day(policy: Policy, rep: Rep, weekday: Weekday) -> WorkDay | None:
    """The working day of a rep on a weekday; none where the rep does not work."""
    if weekday not in policy.workdays:
        return None
    rules = policy.working_day
    start, end = rules.start, rules.end
    if rep.hours is not None:
        intervals = rep.hours.on(WEEKDAYS.index(weekday))
        if not intervals:
            return None
        start, end = intervals[0][0], intervals[-1][1]
    prepare = _seconds(rep.prepare_minutes, rules.prepare_minutes)
    summary = _seconds(rep.summary_minutes, rules.summary_minutes)
    lunch = _seconds(rep.lunch_minutes, rules.lunch_minutes)
    lunch_lo, lunch_hi = rep.lunch_between or rules.lunch_between
    shift_lo, shift_hi = start + prepare, end - summary
    fits = lunch_lo + lunch <= shift_hi and shift_lo <= lunch_hi - lunch
    if not fits or end - start < SHORTEST_DAY_WITH_LUNCH_S:
        lunch = 0
    if shift_hi - shift_lo - lunch <= 0:
        return None
    available = round((shift_hi - shift_lo - lunch) * (1 - rules.reserve))
    longest = _stated_longest_s(policy, rep)
    if longest is not None:
        available = min(available, longest)
    overtime = round(rules.overtime_minutes * 60)
    return WorkDay(start, end, prepare, summary, lunch, lunch_lo, lunch_hi, available, overtime)


def work_day_on(
    policy: Policy, rep: Rep, day: CycleDay, appointments: Sequence[Appointment], travel: Seconds
) -> WorkDay | None:
    """The working day of a rep on a day of the cycle, with the appointments of that day.

    Appointments swallow the office time that they and the way to them overlap. Where they leave no
    room for lunch it is taken at the appointment. The longest work is that of the weekday, or what
    the appointments alone take (a whole day's training), at most a stated longest work.
    """
    usual = work_day(policy, rep, day.weekday)
    stays = stays_on(rep, day, appointments)
    if usual is None or not stays:
        return usual
    leave, back = reach(rep, stays, travel)
    booked = replace(
        usual,
        prepare=min(usual.prepare, max(0, leave - usual.start)),
        summary=min(usual.summary, max(0, usual.end - back)),
    )
    if not has_room_for_lunch(rep, booked, stays, travel):
        booked = replace(booked, lunch=0)
    alone = back - leave - booked.lunch
    limit = _stated_longest_s(policy, rep)
    if limit is not None:
        alone = min(alone, limit)
    return replace(booked, available=max(usual.available, alone))


def stays_on(rep: Rep, day: CycleDay, appointments: Sequence[Appointment]) -> tuple[Stay, ...]:
    """The rep's appointments on a day of the cycle, in order of their start."""
    stays = (
        Stay(
            f"rep:{rep.id}"
            if meeting.lat is None or meeting.lon is None
            else f"appointment:{number}",
            meeting.start,
            meeting.end,
            number,
        )
        for number, meeting in enumerate(appointments)
        if meeting.rep == rep.id
        and meeting.weekday == day.weekday
        and day.week in (meeting.weeks or (day.week,))
    )
    return tuple(sorted(stays, key=lambda stay: (stay.start, stay.number)))


def reach(rep: Rep, stays: Sequence[Stay], travel: Seconds) -> tuple[int, int]:
    """The latest leaving for the first of some stays and the earliest return from the last."""
    base = f"rep:{rep.id}"
    first, last = stays[0], max(stays, key=lambda stay: stay.end)
    out = travel(base, first.place) if rep.start_at == "base" else 0
    home = travel(last.place, base) if rep.end_at == "base" else 0
    return first.start - out, last.end + home


def has_room_for_lunch(rep: Rep, workday: WorkDay, stays: Sequence[Stay], travel: Seconds) -> bool:
    """Whether lunch fits into its window beside the stays and the ways to them.

    It is eaten before leaving, at a stay after it ends, or after returning.
    """
    lunch, lo, hi = workday.lunch, workday.lunch_lo, workday.lunch_hi
    if not lunch:
        return True
    leave, back = reach(rep, stays, travel)
    last = max(stays, key=lambda stay: stay.end)
    free = [(lo, leave), (back, hi), (last.end, workday.shift_hi - (back - last.end))]
    free += [(a.end, b.start - travel(a.place, b.place)) for a, b in pairwise(stays)]
    return any(min(end, hi) - max(start, lo) >= lunch for start, end in free)


def _stated_longest_s(policy: Policy, rep: Rep) -> int | None:
    minutes = rep.max_work_minutes or policy.working_day.max_work_minutes
    return None if minutes is None else round(minutes * 60)


def _seconds(own: float | None, shared: float) -> int:
    return round((shared if own is None else own) * 60)
