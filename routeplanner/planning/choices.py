"""The choices of days that a store has: which slots, in which window, how far from even spacing.

Everything special ends here: closed days, midday closings, pinned days, routes that serve one
class, frequencies that cannot be reached. `encode` turns the choices into options of the solver.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import (
    class_of,
    frequency_of,
    required_visits,
    service_s,
    visit_intervals,
)
from routeplanner.planning.patterns import MAX_OPTIONS, days_off_ideal, gaps, spaced_patterns
from routeplanner.planning.slots import Shift, SlotKey, slot_keys, tightest_shift
from routeplanner.travel.source import TravelMatrix

StartWindows = tuple[tuple[int, int], ...]
"""Intervals within which a visit may start; seconds since midnight."""

_MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """Slots that a store may take together, each with a window of the start of service."""

    entries: tuple[tuple[int, int, int], ...]  # (slot, earliest start, latest start)
    days_off: float  # calendar days off the ideal gap, summed over the cycle
    weight: int  # visits per cycle
    moved: int = 0  # of these, visits on a day or by a rep that the earlier plan did not have


HeldBy = Literal["MAX_CHANGES", "FROZEN_WEEKS", "DROPPED"]


@dataclass(frozen=True, slots=True)
class StoreChoices:
    """What `encode` and the reasons need to know of a store."""

    required: int
    choices: tuple[Choice, ...]
    closed_slots: dict[int, str]  # slot → why the store cannot be visited there
    held_by: HeldBy | None = None  # why the earlier plan has left it fewer choices than there were
    most_free: int = 0  # where held: visits per cycle of the choices there were
    by_hand: tuple[Choice, ...] = ()  # days that a hand has left it, whatever the rules say of them


class ChoiceFinder:
    """Finds the choices of stores in one scenario under one route calendar (or none)."""

    def __init__(
        self, scenario: Scenario, matrix: TravelMatrix, calendar: CalendarRows | None
    ) -> None:
        self.scenario, self.matrix, self.calendar = scenario, matrix, calendar
        self.keys = slot_keys(scenario, calendar)
        self.shifts = tuple(tightest_shift(scenario, key, matrix) for key in self.keys)

    @cached_property
    def slots_of_rep(self) -> dict[str, tuple[int, ...]]:
        """Slot ids by rep."""
        return {
            rep.id: tuple(i for i, key in enumerate(self.keys) if key.rep.id == rep.id)
            for rep in self.scenario.reps
        }

    def choices_of(self, store: Store, within: frozenset[int] | None = None) -> StoreChoices:
        """Return all choices of a store, most even first a rep; none where there is no way.

        `within`: of these slots only.
        """
        reps = [rep for rep in self.scenario.reps if store.rep in (None, rep.id)]
        required = required_visits(
            store, self.scenario.policy, self.scenario.cycle, self.scenario.reps
        )
        closed: dict[int, str] = {}
        windows_of: dict[str, dict[int, StartWindows]] = {}
        for rep in reps:
            windows = windows_of.setdefault(rep.id, {})
            for slot in self.slots_of_rep[rep.id]:
                if within is not None and slot not in within:
                    continue
                spans = self._start_windows(store, slot)
                if isinstance(spans, str):
                    closed[slot] = spans
                else:
                    windows[slot] = spans
        found: list[Choice] = []
        for windows in self._best_for_pins(store, windows_of).values():
            sets = (
                self._unions(store, required, windows)
                if self.calendar
                else self._patterns(store, windows)
            )
            found += _variants(sets, windows, self.keys)
        most = max((choice.weight for choice in found), default=0)
        kept = tuple(choice for choice in found if choice.weight == most)
        return StoreChoices(required, kept, closed)

    def exactly(self, store: Store, slots: frozenset[int]) -> tuple[Choice, ...]:
        """Return the choices of just some slots, whether or not the rules on days allow them.

        Slots on which the store cannot be visited are left out.
        """
        windows: dict[int, StartWindows] = {}
        for slot in sorted(slots):
            spans = self._start_windows(store, slot)
            if store.rep in (None, self.keys[slot].rep.id) and not isinstance(spans, str):
                windows[slot] = spans
        taken = tuple(windows)
        sets = [(taken, self._days_off(taken))] if taken else []
        return tuple(_variants(sets, windows, self.keys))

    def _start_windows(self, store: Store, slot: int) -> StartWindows | str:
        """Return the windows that hold on every driven day, or the code of what excludes it."""
        key, shift = self.keys[slot], self.shifts[slot]
        if not self._serves(store, key):
            return "NOT_ON_ROUTE"
        service = service_s(store, self.scenario.policy)
        spans: tuple[tuple[int, int], ...] = ((0, 86_400),)
        for weekday in dict.fromkeys(day.weekday for day in key.days):
            own = visit_intervals(store, weekday)
            spans = tuple(
                (max(a, c), min(b, d)) for a, b in spans for c, d in own if max(a, c) < min(b, d)
            )
        if not spans:
            return "CLOSED_ON_TEMPLATE_DAYS" if key.template else "CLOSED_ON_ALLOWED_DAYS"
        longest = shift.available + shift.overtime
        if service > longest:
            return "VISIT_TOO_LONG"
        out, home = self._way(store, key.rep)
        if out + service + home > longest:
            return "TOO_FAR"
        first = shift.visits_lo + out
        last = shift.visits_hi + shift.overtime - home - service
        starts = ((max(a, first), min(b - service, last)) for a, b in spans)
        return tuple((a, b) for a, b in starts if a <= b) or "TIME_WINDOW"

    def _serves(self, store: Store, key: SlotKey) -> bool:
        if key.template is None:
            return True
        route = self.scenario.policy.routes.get(key.template)
        return route is None or not route.classes or class_of(store) in route.classes

    def _way(self, store: Store, rep: Rep) -> tuple[int, int]:
        base = f"rep:{rep.id}"
        out = self.matrix.seconds(rep.mode, base, store.id) if rep.start_at == "base" else 0
        home = self.matrix.seconds(rep.mode, store.id, base) if rep.end_at == "base" else 0
        return out, home

    def _largest_gap(self, store: Store) -> int | None:
        return self.scenario.policy.visit_rules[class_of(store)].largest_gap_days

    def _patterns(
        self, store: Store, windows: dict[int, StartWindows]
    ) -> list[tuple[tuple[int, ...], float]]:
        """Return (slots, days off) where every day is free."""
        cycle, frequency = self.scenario.cycle, frequency_of(store, self.scenario.policy)
        slot_of_day = {self.keys[slot].days[0].day: slot for slot in windows}
        if frequency.is_daily:
            slots = self._within_pins(store, tuple(windows))
            return [(slots, self._days_off(slots))] if slots else []
        n_block = frequency.weeks * len(cycle.workdays)
        repeats = cycle.weeks // frequency.weeks
        allowed = frozenset(
            day
            for day in range(n_block)
            if all(day + n_block * turn in slot_of_day for turn in range(repeats))
        )
        pins = frozenset(day % n_block for day in self._pinned(store)) & allowed
        for visits in range(frequency.visits, 0, -1):
            inside = pins if len(pins) >= visits else allowed
            demanded = frozenset() if len(pins) >= visits else pins
            patterns = spaced_patterns(
                visits,
                frequency.weeks,
                cycle.workdays,
                inside,
                demanded,
                self._largest_gap(store),
            )
            if patterns:
                return [
                    (
                        tuple(
                            slot_of_day[day + n_block * turn]
                            for turn in range(repeats)
                            for day in pattern.days
                        ),
                        pattern.days_off * repeats,
                    )
                    for pattern in patterns
                ]
        return []

    def _unions(
        self, store: Store, required: int, windows: dict[int, StartWindows]
    ) -> list[tuple[tuple[int, ...], float]]:
        """Return (slots, days off the best) of routes whose driven days add up to the frequency."""
        weights = [(slot, self.keys[slot].weight) for slot in windows]
        for target in range(required, 0, -1):
            sets = [
                (slots, self._days_off(slots))
                for slots in _subsets(weights, target)
                if self._keeps_rules(store, slots)
            ]
            if sets:
                sets.sort(key=lambda item: item[1])
                best = sets[0][1]
                return [(slots, off - best) for slots, off in sets[:MAX_OPTIONS]]
        return []

    def _keeps_rules(self, store: Store, slots: tuple[int, ...]) -> bool:
        days = {day.day for slot in slots for day in self.keys[slot].days}
        pins = self._pinned(store)
        if pins and not (days <= pins or pins <= days):
            return False
        largest = self._largest_gap(store)
        cycle = self.scenario.cycle
        calendar_days = [cycle.calendar_day(day) for day in days]
        return largest is None or max(gaps(calendar_days, cycle.n_calendar_days)) <= largest

    def _best_for_pins(
        self, store: Store, windows_of: dict[str, dict[int, StartWindows]]
    ) -> dict[str, dict[int, StartWindows]]:
        """Return the reps who can be there on the most pinned days; all reps without pins."""
        pins = self._pinned(store)
        kept = {
            rep: len(pins & {day.day for slot in windows for day in self.keys[slot].days})
            for rep, windows in windows_of.items()
        }
        most = max(kept.values(), default=0)
        return {rep: windows for rep, windows in windows_of.items() if kept[rep] == most}

    def _within_pins(self, store: Store, slots: tuple[int, ...]) -> tuple[int, ...]:
        pins = self._pinned(store)
        inside = tuple(slot for slot in slots if self.keys[slot].days[0].day in pins)
        return inside if pins else slots

    def _pinned(self, store: Store) -> set[int]:
        return {
            day.day
            for day in self.scenario.cycle.days()
            for pin in store.pinned_days
            if pin.weekday == day.weekday and pin.week in (None, day.week)
        }

    def _days_off(self, slots: tuple[int, ...]) -> float:
        cycle = self.scenario.cycle
        days = [cycle.calendar_day(day.day) for slot in slots for day in self.keys[slot].days]
        return days_off_ideal(days, cycle.n_calendar_days)


def _subsets(weights: Sequence[tuple[int, int]], target: int) -> Iterator[tuple[int, ...]]:
    """Yield the sets of slots whose weights add up to a target."""
    rest = [0]
    for _, weight in reversed(weights):
        rest.append(rest[-1] + weight)
    rest.reverse()

    def extend(place: int, chosen: tuple[int, ...], missing: int) -> Iterator[tuple[int, ...]]:
        if missing == 0:
            yield chosen
            return
        if missing < 0 or missing > rest[place]:
            return
        slot, weight = weights[place]
        yield from extend(place + 1, (*chosen, slot), missing - weight)
        yield from extend(place + 1, chosen, missing)

    yield from extend(0, (), target)


def _variants(
    sets: Sequence[tuple[tuple[int, ...], float]],
    windows: dict[int, StartWindows],
    keys: Sequence[SlotKey],
) -> list[Choice]:
    """Return one choice a combination of open intervals: mornings, afternoons."""
    found: list[Choice] = []
    for slots, days_off in sets:
        weight = sum(keys[slot].weight for slot in slots)
        n_variants = 1
        for slot in slots:
            n_variants *= len(windows[slot])
        if n_variants <= _MOST_VARIANTS:
            combinations = list(product(*(windows[slot] for slot in slots)))
        else:
            most = max(len(windows[slot]) for slot in slots)
            combinations = [
                tuple(windows[slot][min(turn, len(windows[slot]) - 1)] for slot in slots)
                for turn in range(most)
            ]
        found += [
            Choice(
                tuple((slot, *window) for slot, window in zip(slots, combination, strict=True)),
                days_off,
                weight,
            )
            for combination in combinations
        ]
    return sorted(found, key=lambda choice: choice.days_off)[:MAX_OPTIONS]


__all__ = ["Choice", "ChoiceFinder", "Shift", "StoreChoices"]
