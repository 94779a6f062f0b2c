"""Which choice of days comes closest to giving a store its visits, and which day of it is short."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from routeplanner.domain.day_words import days_text
from routeplanner.domain.plan import Route
from routeplanner.domain.visits import visit_intervals
from routeplanner.planning.choices import StoreChoices
from routeplanner.planning.encode import Encoding
from routeplanner.texts import text
from solvers import Solution

Slots = frozenset[int]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A choice of days for which least is missing, as the sentences need it."""

    values: dict[str, object]  # minutes of the day that is shortest, the days in words
    is_short: bool  # a day of it lacks minutes
    is_filled_by_limit: bool  # it lacks minutes in store alone
    has_hours: bool  # the store has hours of its own on these days


@dataclass(frozen=True, slots=True)
class _Day:
    """What one more visit needs on a slot and what is left there; seconds."""

    slot: int
    need: int  # detour and service
    left: int  # of the longest work, overtime included
    in_store: int
    in_store_left: int

    @property
    def lack_of_work(self) -> int:
        return max(0, self.need - self.left)

    @property
    def lack(self) -> int:
        return max(self.lack_of_work, self.in_store - self.in_store_left)


class Room:
    """What is left of each slot's longest work, and what one more visit would add."""

    def __init__(self, encoding: Encoding, solution: Solution, routes: Sequence[Route]) -> None:
        self.encoding, self.solution = encoding, solution
        work = {(route.rep, route.day): _work_s(route) for route in routes}
        self.work_s = [
            max(work.get((key.rep.id, day.day), 0) for day in key.days) for key in encoding.keys
        ]

    def nearest(self, store: int, choices: StoreChoices) -> Nearest:
        """
        Return the choice of days that lacks the fewest minutes in all; of equals the first.

        Days on which the store is visited already lack nothing. Visits are put where the detour is
        least, whatever the hours of the stores of that day.
        """
        sets = list(
            dict.fromkeys(
                frozenset(slot for slot, _, _ in choice.entries) for choice in choices.choices
            )
        )
        days = {slot: self._day(store, slot) for slot in frozenset().union(*sets)}
        missing = {
            slots: [days[slot] for slot in sorted(slots) if not self._is_visited(store, slot)]
            for slots in sets
        }

        def lacks(slots: Slots) -> tuple[int, int]:
            weights = [self.encoding.keys[day.slot].weight for day in missing[slots]]
            parts = list(zip(missing[slots], weights, strict=True))
            return sum(day.lack * n for day, n in parts), sum(day.need * n for day, n in parts)

        slots = min(sets, key=lacks)
        worst = max(missing[slots] or [days[min(slots)]], key=lambda day: day.lack)
        short = [day for day in missing[slots] if day.lack > 0]
        return Nearest(
            values=self._values(slots, worst, len(short), is_only=len(sets) == 1),
            is_short=bool(short),
            is_filled_by_limit=bool(short) and not any(day.lack_of_work for day in short),
            has_hours=self._has_hours(store, slots),
        )

    def _is_visited(self, store: int, slot: int) -> bool:
        return any(store in route for route in self.solution.routes[slot])

    def _day(self, store: int, slot: int) -> _Day:
        problem, shift = self.encoding.problem, self.encoding.shifts[slot]
        service = int(problem.service_s[store])
        spent = sum(
            int(problem.in_store_s[v]) for route in self.solution.routes[slot] for v in route
        )
        return _Day(
            slot=slot,
            need=self._detour(store, slot) + service,
            left=shift.available + shift.overtime - self.work_s[slot],
            in_store=service,
            in_store_left=int(problem.slot_in_store_limit_s[slot]) - spent,
        )

    def _detour(self, store: int, slot: int) -> int:
        problem = self.encoding.problem
        travel = problem.travel_s[problem.slot_profile[slot]]
        here = int(problem.place_of_store[store])
        route = [visit for route in self.solution.routes[slot] for visit in route]
        places = [
            int(problem.slot_start_place[slot]),
            *(int(problem.place_of_store[visit]) for visit in route),
            int(problem.slot_end_place[slot]),
        ]
        places = [place for place in places if place >= 0]
        if len(places) < 2:
            return 2 * int(travel[places[0], here]) if places else 0
        return min(
            int(travel[a, here] + travel[here, b] - travel[a, b]) for a, b in pairwise(places)
        )

    def _values(
        self, slots: Slots, worst: _Day, n_short: int, *, is_only: bool
    ) -> dict[str, object]:
        language = self.encoding.scenario.language
        need, left = ceil(worst.need / 60), max(0, worst.left // 60)
        others = n_short - 1
        key = "others_none" if others < 1 else "others_one" if others == 1 else "others_some"
        return {
            "choice": text(
                f"nearest_choice.choice_{'only' if is_only else 'closest'}",
                language,
                days=self._words(slots),
            ),
            "day": self._name(worst.slot),
            "need": need,
            "left": left,
            "lack": need - left,
            "others": text(f"nearest_choice.{key}", language, n=others),
            "service": round(worst.in_store / 60),
            "in_store_left": max(0, worst.in_store_left // 60),
            "limit": int(self.encoding.problem.slot_in_store_limit_s[worst.slot]) // 60,
        }

    def _words(self, slots: Slots) -> str:
        """The days of a choice, with the routes of the calendar and the rep where they matter."""
        scenario = self.encoding.scenario
        keys = [self.encoding.keys[slot] for slot in sorted(slots)]
        rep = keys[0].rep.id if len(scenario.reps) > 1 else ""
        routes = " ".join(key.template for key in keys if key.template is not None)
        days = days_text(
            (day for key in keys for day in key.days), scenario.cycle, scenario.language
        )
        return " · ".join(part for part in (rep, routes, days) if part)

    def _name(self, slot: int) -> str:
        key, language = self.encoding.keys[slot], self.encoding.scenario.language
        if key.template is not None:
            return key.template
        day = key.days[0]
        return (
            f"{text('words.week', language, n=day.week)} {text(f'words.{day.weekday}', language)}"
        )

    def _has_hours(self, store: int, slots: Slots) -> bool:
        weekdays = {day.weekday for slot in slots for day in self.encoding.keys[slot].days}
        whole_day = ((0, 86_400),)
        return any(
            visit_intervals(self.encoding.stores[store], weekday) != whole_day
            for weekday in weekdays
        )


def _work_s(route: Route) -> int:
    """Leaving to returning without lunch."""
    clock = {stop.kind: stop for stop in route.stops}
    eaten = clock["lunch"].depart - clock["lunch"].start if "lunch" in clock else 0
    return clock["end"].start - clock["start"].start - eaten
