"""What the raw fields of a scenario ask of a plan, derived here a second time.

The planner derives the same rules in `domain.visits` and `domain.workday`; the checker does not
look there, so that a mistake on one side shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import DAY_S, WEEKDAYS, Weekday
from routeplanner.domain.plan import Route
from routeplanner.domain.policy import VisitRule
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix

Span = tuple[int, int]

TOLERANCE_S = 1  # of rounding, per stop
_LUNCH_NEEDS_DAY_S = 6 * 3600


@dataclass(frozen=True, slots=True)
class Shift:
    """A rep's day in seconds since midnight and lengths in seconds."""

    opens: int  # of the working hours
    closes: int
    earliest: int  # leaving
    latest: int  # returning
    lunch: int  # 0: none is due
    lunch_between: Span
    longest_work: int
    overtime: int

    @property
    def without_lunch(self) -> int:
        """The working hours, office time included, of which the share in stores is counted."""
        return self.closes - self.opens - self.lunch


@dataclass(frozen=True)
class Facts:
    """The scenario and the travel matrix, asked the questions of the rules."""

    scenario: Scenario
    matrix: TravelMatrix

    @cached_property
    def stores(self) -> dict[str, Store]:
        """Stores by id."""
        return {store.id: store for store in self.scenario.stores}

    @cached_property
    def reps(self) -> dict[str, Rep]:
        """Reps by id."""
        return {rep.id: rep for rep in self.scenario.reps}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {place: index for index, place in enumerate(self.matrix.ids)}

    @cached_property
    def _shifts(self) -> dict[tuple[str, Weekday], Shift | None]:
        return {
            (rep.id, weekday): self._derive_shift(rep, weekday)
            for rep in self.scenario.reps
            for weekday in WEEKDAYS
        }

    def broken(
        self,
        code: ViolationCode,
        detail: str = "",
        *,
        route: Route | None = None,
        rep: str | None = None,
        day: int | None = None,
        store_id: str | None = None,
        **values: object,
    ) -> Violation:
        """A violation with its message in the language of the scenario."""
        rep = route.rep if route is not None else rep
        day = route.day if route is not None else day
        store = self.stores.get(store_id or "")
        named = f"{store_id} {store.name}".strip() if store is not None else store_id
        key = "violations." + "_".join(part for part in (code.lower(), detail) if part)
        message = text(
            key, self.scenario.language, store=named, rep=rep, when=self.when(day), **values
        )
        return Violation(code=code, message=message, rep=rep, day=day, store_id=store_id)

    def when(self, day: int | None) -> str:
        """A day of the cycle in words, e.g. `week 1 Tue`."""
        if day is None:
            return ""
        language, cycle = self.scenario.language, self.scenario.cycle
        if not 0 <= day < cycle.n_days:
            return text("violations.day", language, day=day)
        place = cycle.day(day)
        weekday = text(f"words.{place.weekday}", language)
        return text("violations.when", language, week=place.week, weekday=weekday)

    def seconds(self, mode: str, origin: str, target: str) -> int | None:
        """Travel seconds; none where a place is not in the matrix."""
        if origin == target:
            return 0
        if origin not in self._places or target not in self._places:
            return None
        row = self.matrix.modes.index(mode)
        return int(self.matrix.travel_s[row, self._places[origin], self._places[target]])

    def meters(self, origin: str, target: str) -> int:
        """Travel meters between two places of the matrix."""
        if origin == target:
            return 0
        return int(self.matrix.travel_m[self._places[origin], self._places[target]])

    def rule(self, store: Store) -> VisitRule | None:
        """The visit rule of the store's class."""
        return self.scenario.policy.visit_rules.get(store.store_class or "")

    def service_s(self, store: Store) -> int:
        """Seconds that a visit must last."""
        rule = self.rule(store)
        if store.service_minutes is not None:
            return round(store.service_minutes * 60)
        return round(rule.service_minutes * 60) if rule is not None else 0

    def frequency(self, store: Store) -> Frequency | None:
        """The store's own frequency, else that of its class."""
        rule = self.rule(store)
        return store.frequency or (rule.frequency if rule is not None else None)

    def required(self, store: Store) -> int:
        """Visits that are due in one cycle; none for a closed or suspended store."""
        frequency = self.frequency(store)
        if frequency is None or store.status in ("closed", "suspended"):
            return 0
        cycle = self.scenario.cycle
        if not frequency.is_daily:
            return frequency.visits * cycle.weeks // frequency.weeks
        by_rep = [
            sum(self.can_visit(store, rep, day) for day in cycle.workdays)
            for rep in self.reps_of(store)
        ]
        return max(by_rep) * cycle.weeks

    def reps_of(self, store: Store) -> tuple[Rep, ...]:
        """Who may visit a store: the rep that it names, else all."""
        return (self.reps[store.rep],) if store.rep is not None else self.scenario.reps

    def shift(self, rep_id: str, weekday: Weekday) -> Shift | None:
        """The working day of a rep; none where there is none."""
        return self._shifts.get((rep_id, weekday))

    def appointments_on(self, rep_id: str, day: CycleDay) -> list[tuple[int, Appointment]]:
        """Appointments (with their index) that a rep holds on a day of the cycle."""
        return [
            (index, meeting)
            for index, meeting in enumerate(self.scenario.appointments)
            if meeting.rep == rep_id
            and meeting.weekday == day.weekday
            and (not meeting.weeks or day.week in meeting.weeks)
        ]

    def _derive_shift(self, rep: Rep, weekday: Weekday) -> Shift | None:
        policy = self.scenario.policy
        rules = policy.working_day
        if weekday not in policy.workdays:
            return None
        opens, closes = rules.start, rules.end
        if rep.hours is not None:
            spans = rep.hours.on(WEEKDAYS.index(weekday))
            if not spans:
                return None
            opens, closes = spans[0][0], spans[-1][1]
        earliest = opens + round(60 * _own(rep.prepare_minutes, rules.prepare_minutes))
        latest = closes - round(60 * _own(rep.summary_minutes, rules.summary_minutes))
        lunch = round(60 * _own(rep.lunch_minutes, rules.lunch_minutes))
        between = rules.lunch_between if rep.lunch_between is None else rep.lunch_between
        is_over_noon = earliest <= between[1] - lunch and latest >= between[0] + lunch
        if closes - opens < _LUNCH_NEEDS_DAY_S or not is_over_noon:
            lunch = 0
        net = latest - earliest - lunch
        if net <= 0:
            return None
        longest = round(net * (1 - rules.reserve))
        limit = rep.max_work_minutes if rep.max_work_minutes is not None else rules.max_work_minutes
        if limit is not None:
            longest = min(longest, round(limit * 60))
        overtime = round(rules.overtime_minutes * 60)
        return Shift(opens, closes, earliest, latest, lunch, between, longest, overtime)

    def can_visit(self, store: Store, rep: Rep, weekday: Weekday) -> bool:
        """Whether a whole visit fits into the hours of both on a weekday."""
        shift = self.shift(rep.id, weekday)
        if shift is None or weekday in store.closed_days:
            return False
        free = [(shift.earliest, shift.latest)]
        for hours in (store.opening_hours, store.visit_hours):
            if hours is not None:
                free = overlap(free, hours.on(WEEKDAYS.index(weekday)))
        if store.avoid_hours is not None:
            free = overlap(free, gaps_between(store.avoid_hours.on(WEEKDAYS.index(weekday))))
        return any(end - start >= self.service_s(store) for start, end in free)


def _own(own: float | None, shared: float) -> float:
    return shared if own is None else own


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def overlap(first: Iterable[Span], second: Iterable[Span]) -> list[Span]:
    """What lies in a span of both."""
    others = merged(second)
    pairs = [(max(a, c), min(b, d)) for a, b in merged(first) for c, d in others]
    return [(start, end) for start, end in pairs if start < end]


def gaps_between(spans: Iterable[Span]) -> list[Span]:
    """The parts of a day outside the spans."""
    gaps, free_from = [], 0
    for start, end in merged(spans):
        gaps.append((free_from, start))
        free_from = end
    gaps.append((free_from, DAY_S))
    return [(start, end) for start, end in gaps if start < end]


def is_within(visit: Span, spans: Iterable[Span]) -> bool:
    """Whether a visit lies wholly in one span, but for rounding."""
    start, end = visit
    return any(a - TOLERANCE_S <= start and end <= b + TOLERANCE_S for a, b in merged(spans))
