"""Finds the best order of given stores on one slot and times its driven days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, pairwise

from routeplanner.domain.explained import Extra
from routeplanner.domain.plan import Route
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s, visit_intervals
from routeplanner.domain.workday import stays_on
from routeplanner.planning.encode import COST_PER_MINUTE, Encoding
from routeplanner.planning.labels import NO_ROUTE
from routeplanner.planning.measures import DayFigures, day_figures
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix
from solvers import MaxIterations, Problem, solve
from solvers.one_slot import Windows, one_slot_problem

Order = tuple[str, ...]
"""Stores of one route in the order in which they are visited."""

ITERATIONS = 400
"""Steps of the search for the order of one route."""

_POSITIONS_TIMED = 3
_ALWAYS = ((0, 86_400),)


@dataclass(frozen=True, slots=True)
class SlotDays:
    """The driven days of a slot in one order, and their figures, summed over these days."""

    order: Order
    routes: tuple[Route, ...]
    late_s: int  # seconds by which hours and limits are broken
    figures: Extra

    @property
    def preference(self) -> tuple[float, ...]:
        """Less is better: keep the limits, then a low score."""
        return self.late_s, self.figures.score


class Sequencer:
    """Orders the stores of a slot; the same stores and start give the same order."""

    def __init__(self, scenario: Scenario, matrix: TravelMatrix, encoding: Encoding) -> None:
        self.scenario, self.matrix, self.encoding = scenario, matrix, encoding

    @cached_property
    def _index(self) -> dict[str, int]:
        return {store.id: number for number, store in enumerate(self.encoding.stores)}

    @cached_property
    def _appointments(self) -> tuple[range, ...]:
        """The fixed stops of each slot; in the problem they follow the stores."""
        found, first = [], len(self.encoding.stores)
        for shift in self.encoding.shifts:
            found.append(range(first, first + len(shift.stays)))
            first += len(shift.stays)
        return tuple(found)

    def best(self, slot: int, order: Order, come: str | None = None) -> SlotDays:
        """
        Return a slot's days in the best order that is found, all stores visited.

        Parameters
        ----------
        slot, order
            The slot, and its stores in the order to begin with.
        come
            A store that joins them, where it is cheapest.

        Notes
        -----
        An order that keeps all limits comes before any other, then the one with the least excess,
        then the one of the lowest score. Of equals, which a route driven the other way round often
        is, the one most like the given order is taken, so that few arrivals change.
        """
        starts = [order] if come is None else self._insertions(slot, order, come)
        first = min((self.timed(slot, start) for start in starts), key=_preference)
        if len(first.order) < 2:
            return first
        orders = [o for found in self._searched(slot, first) for o in (found, found[::-1])]

        def rank(days: SlotDays) -> tuple[float, ...]:
            return days.late_s, round(days.figures.score, 1), _turned(order, days.order)

        found = min((first, *(self.timed(slot, o) for o in orders)), key=rank)
        return self._relocated(slot, found) if self._is_late_in_store(slot, found) else found

    def timed(self, slot: int, order: Order) -> SlotDays:
        """Return a slot's days in a given order; what was timed once is remembered."""
        if (slot, order) not in self._timed:
            self._timed[slot, order] = self._time(slot, order)
        return self._timed[slot, order]

    @cached_property
    def _timed(self) -> dict[tuple[int, Order], SlotDays]:
        return {}

    def _time(self, slot: int, order: Order) -> SlotDays:
        key, routes, late = self.encoding.keys[slot], [], 0
        for day in key.days:
            if not order and not stays_on(key.rep, day, self.scenario.appointments):
                continue
            label = key.template or NO_ROUTE
            route, late_s = time_day(self.scenario, self.matrix, key.rep, day.day, label, order)
            routes.append(route)
            late += late_s
        return SlotDays(order, tuple(routes), late, self.figures(slot, routes))

    def figures(self, slot: int, routes: Iterable[Route]) -> Extra:
        """Return travel, waiting, work and score of driven days of a slot."""
        days = [day_figures(self.scenario, route, self.matrix) for route in routes]
        return Extra(
            travel_minutes=sum(day.travel_s for day in days) / 60,
            travel_km=sum(day.travel_km for day in days),
            waiting_minutes=sum(day.waiting_s for day in days) / 60,
            work_minutes=sum(day.work_s for day in days) / 60,
            score=sum(self._cost(slot, day) for day in days) / COST_PER_MINUTE,
        )

    def _cost(self, slot: int, day: DayFigures) -> float:
        problem, shift = self.encoding.problem, self.encoding.shifts[slot]
        above = max(0, day.work_s - int(problem.slot_balance_target_s[slot]))
        return (
            problem.cost_travel * day.travel_s
            + problem.cost_wait * day.waiting_s
            + problem.cost_overtime * max(0, day.work_s - shift.longest, day.back_s - shift.hi)
            + problem.cost_balance * above
            + problem.cost_route
        )

    def _insertions(self, slot: int, order: Order, come: str) -> list[Order]:
        """The orders with a further store at the places of the shortest detours."""
        orders = [(*order[:place], come, *order[place:]) for place in range(len(order) + 1)]
        return sorted(orders, key=partial(self._travel_s, slot))[:_POSITIONS_TIMED]

    def _travel_s(self, slot: int, order: Order) -> int:
        rep = self.encoding.keys[slot].rep
        base = (f"rep:{rep.id}",)
        stops = (
            *(base if rep.start_at == "base" else ()),
            *order,
            *(base if rep.end_at == "base" else ()),
        )
        return sum(self.matrix.seconds(rep.mode, a, b) for a, b in pairwise(stops))

    def _searched(self, slot: int, first: SlotDays) -> Iterator[Order]:
        """Orders that keep the stores' hours: within the day's limits, else with least excess."""
        for is_limited in (True, False):
            order = self._solved(slot, first.order, is_limited=is_limited)
            if len(order) == len(first.order):
                yield order
                return

    def _solved(self, slot: int, order: Order, *, is_limited: bool) -> Order:
        """The best order of as many of the stores as have a place in one that breaks nothing."""
        problem = self.encoding.problem
        meetings = self._appointments[slot]
        tasks = [*(self._index[store] for store in order), *meetings]
        alone: Problem = one_slot_problem(
            problem,
            slot,
            tasks,
            [*(self._windows(slot, store) for store in order), *self._meeting_windows(meetings)],
            is_limited=is_limited,
        )
        found = solve(alone, stop=MaxIterations(ITERATIONS)).solution.routes[0][0]
        return tuple(order[task] for task in found if task < len(order))

    def _windows(self, slot: int, store_id: str) -> Windows:
        """Starts that are open on every driven day; any where the store is closed on one."""
        store = self._stores[store_id]
        spans: tuple[tuple[int, int], ...] = _ALWAYS
        for weekday in dict.fromkeys(day.weekday for day in self.encoding.keys[slot].days):
            own = visit_intervals(store, weekday)
            spans = tuple(
                (max(a, c), min(b, d)) for a, b in spans for c, d in own if max(a, c) < min(b, d)
            )
        service = service_s(store, self.scenario.policy)
        starts = tuple((a, b - service) for a, b in spans if b - a >= service)
        return starts or _ALWAYS

    @cached_property
    def _stores(self) -> dict[str, Store]:
        return {store.id: store for store in self.scenario.stores}

    def _meeting_windows(self, meetings: Sequence[int]) -> list[Windows]:
        problem = self.encoding.problem
        return [
            [
                (lo, hi)
                for option in problem.options_of(task)
                for _, lo, hi in problem.entries_of(option)
            ]
            for task in meetings
        ]

    def _is_late_in_store(self, slot: int, found: SlotDays) -> bool:
        """Whether a visit lies outside the hours of its store although it need not."""
        return any(
            all(not lo <= stop.start <= hi for lo, hi in self._windows(slot, stop.store_id or ""))
            for route in found.routes
            for stop in route.visits
        )

    def _relocated(self, slot: int, found: SlotDays) -> SlotDays:
        """The order after moving single stores elsewhere as long as that lowers the excess."""
        while True:
            better = min(
                (self.timed(slot, order) for order in _relocations(found.order)), key=_preference
            )
            if better.preference >= found.preference:
                return found
            found = better


def _preference(days: SlotDays) -> tuple[float, ...]:
    return days.preference


def _turned(before: Order, after: Order) -> int:
    """Pairs of stores that come in the other order."""
    place = {store: number for number, store in enumerate(after)}
    return sum(place[first] > place[second] for first, second in combinations(before, 2))


def _relocations(order: Order) -> Iterator[Order]:
    for origin, store in enumerate(order):
        rest = (*order[:origin], *order[origin + 1 :])
        for place in range(len(order)):
            if place != origin:
                yield (*rest[:place], store, *rest[place:])
