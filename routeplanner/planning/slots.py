"""The slots of a scenario: a rep's day, or a rep's route of the calendar with its driven days."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.workday import Seconds, Stay, reach, stays_on, work_day, work_day_on
from routeplanner.planning.kept_free import BookedDay, KeptFree, keep_free, visiting_hours
from routeplanner.travel.source import TravelMatrix


@dataclass(frozen=True, slots=True)
class SlotKey:
    """What a slot of the solver stands for."""

    rep: Rep
    days: tuple[CycleDay, ...]  # the days on which it is driven
    template: str | None  # label in the route calendar; none where every day is free

    @property
    def weight(self) -> int:
        """Days of the cycle on which the slot's route is driven."""
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Shift:
    """What holds on every driven day of a slot; seconds since midnight and lengths.

    Appointments of any of its days are kept free on all of them. So the slot's own hours reach as
    far as the appointments do, while visits keep to hours that every single day has.
    """

    lo: int
    hi: int
    longest: int  # work that the slot allows, appointments of all its days included
    visits_lo: int  # leaving for a visit
    visits_hi: int  # returning from a visit
    available: int  # longest work of a day
    overtime: int
    lunch: int
    lunch_lo: int
    lunch_hi: int
    in_store_limit: int | None
    stays: tuple[Stay, ...]  # kept free


def slot_keys(scenario: Scenario, calendar: CalendarRows | None) -> tuple[SlotKey, ...]:
    """Return the slots of all reps: one a working day, or one a route of the calendar."""
    keys: list[SlotKey] = []
    for rep in scenario.reps:
        days = [
            day
            for day in scenario.cycle.days()
            if work_day(scenario.policy, rep, day.weekday) is not None
        ]
        if calendar is None:
            keys += [SlotKey(rep, (day,), None) for day in days]
            continue
        by_label: dict[str, list[CycleDay]] = {}
        for day in days:
            by_label.setdefault(label_on(calendar, scenario, day), []).append(day)
        keys += [SlotKey(rep, tuple(driven), label) for label, driven in by_label.items()]
    return tuple(keys)


def label_on(calendar: CalendarRows, scenario: Scenario, day: CycleDay) -> str:
    """Return the route that the calendar names for a working day; calendars repeat."""
    row = calendar[(day.week - 1) % len(calendar)]
    return row[scenario.cycle.workdays.index(day.weekday)]


def tightest_shift(scenario: Scenario, key: SlotKey, matrix: TravelMatrix) -> Shift:
    """Return what holds on every driven day of a slot."""
    days = booked_days(scenario, key, matrix)
    workdays = [day.workday for day in days]
    share = scenario.policy.working_day.in_store_limit
    limits = [
        round(share * (day.end - day.start - day.lunch)) for day in workdays if share is not None
    ]
    lo = max(day.shift_lo for day in workdays)
    hi = min(day.shift_hi for day in workdays)
    available = min(day.available for day in workdays)
    travel = partial(matrix.seconds, key.rep.mode)
    kept = keep_free(key.rep, days, travel, _longest_approach(scenario, key.rep, days, travel))
    first, last = reach(key.rep, kept.stays, travel) if kept.stays else (lo, hi)
    is_long = bool(kept.stays) and last - first - _eaten(kept, first, last) > available
    earliest, latest = visiting_hours(days) if is_long else (lo, hi)
    return Shift(
        lo=min(lo, first),
        hi=max(hi, last),
        longest=last - first if is_long else available,
        visits_lo=max(lo, earliest, kept.visits_from),
        visits_hi=min(hi, latest),
        available=available,
        overtime=min(day.overtime for day in workdays),
        lunch=kept.lunch,
        lunch_lo=kept.lunch_lo,
        lunch_hi=kept.lunch_hi,
        in_store_limit=min(limits, default=None),
        stays=kept.stays,
    )


def booked_days(scenario: Scenario, key: SlotKey, matrix: TravelMatrix) -> list[BookedDay]:
    """Return the driven days of a slot, each on its own hours and with its appointments."""
    travel = partial(matrix.seconds, key.rep.mode)
    booked = []
    for day in key.days:
        workday = work_day_on(scenario.policy, key.rep, day, scenario.appointments, travel)
        assert workday is not None, "slots hold working days only"
        stays = stays_on(key.rep, day, scenario.appointments)
        ends = reach(key.rep, stays, travel) if stays else None
        booked.append(BookedDay(workday, stays, ends))
    return booked


def _longest_approach(
    scenario: Scenario, rep: Rep, days: Sequence[BookedDay], travel: Seconds
) -> int:
    """Seconds of the longest way to an appointment of some days, from the base or a store."""
    if len(days) == 1:
        return 0
    targets = {stay.place for day in days for stay in day.stays}
    origins = [
        store.id for store in scenario.stores if store.is_planned and store.rep in (None, rep.id)
    ]
    return max((travel(a, b) for b in targets for a in (f"rep:{rep.id}", *origins)), default=0)


def _eaten(kept: KeptFree, first: int, last: int) -> int:
    """Seconds of lunch that are no work in a day from `first` to `last`."""
    is_over_noon = first < kept.lunch_lo + kept.lunch and last > kept.lunch_hi - kept.lunch
    return kept.lunch if is_over_noon else 0
