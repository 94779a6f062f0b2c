"""Whether a visit fits into a rep's day: timed and checked as any other day of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import pairwise

from routeplanner.domain.plan import Route
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s
from routeplanner.domain.workday import work_day_on
from routeplanner.operations.laying.due import DrivenDay, is_open, weekday_of
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.hours import check_visits, check_working_day
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix


@dataclass(frozen=True)
class Room:
    """Times visits into days; the rest of a day keeps its order."""

    scenario: Scenario
    matrix: TravelMatrix

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.scenario, self.matrix)

    @cached_property
    def stores(self) -> dict[str, Store]:
        """Stores by id."""
        return {store.id: store for store in self.scenario.stores}

    def timed(self, rep: Rep, day: int, template: str, store_ids: Sequence[str]) -> Route:
        """The timeline of visits in an order on a day of the cycle."""
        return time_day(self.scenario, self.matrix, rep, day, template, store_ids)[0]

    def inserted(
        self, rep: Rep, driven: DrivenDay, route: Route | None, template: str, store_id: str
    ) -> Route | None:
        """The day with one visit more, at the place with the least detour that keeps all rules.

        None where there is no such place: hours of the rep and of stores, longest work, lunch and
        the largest share in stores hold as in every plan.
        """
        longest_s = self._longest_work_s(rep, driven.day)
        if longest_s is None:
            return None
        order = [stop.store_id or "" for stop in route.visits] if route is not None else []
        label = route.template if route is not None and order else template
        busy_s = _busy_s(route) + service_s(self.stores[store_id], self.scenario.policy)
        is_bound = route is None or not any(stop.kind == "appointment" for stop in route.stops)
        for place, detour_s in self._places_by_detour(rep, order, store_id):
            if is_bound and busy_s + detour_s > longest_s:
                return None
            stores = [*order[:place], store_id, *order[place:]]
            timed, late_s = time_day(self.scenario, self.matrix, rep, driven.day, label, stores)
            if late_s == 0 and self._keeps_rules(timed, driven.date):
                return timed
        return None

    def _longest_work_s(self, rep: Rep, day: int) -> int | None:
        """The longest work of a rep on a day of the cycle; none where the rep does not work."""
        scenario = self.scenario
        travel = partial(self.matrix.seconds, rep.mode)
        place = scenario.cycle.day(day)
        found = work_day_on(scenario.policy, rep, place, scenario.appointments, travel)
        return None if found is None else found.available + found.overtime

    def _keeps_rules(self, route: Route, day: date) -> bool:
        facts = self._facts
        if any(check_visits(facts, route)) or any(check_working_day(facts, route)):
            return False
        # A make-up day has the hours of the day that it replaces, but stores open by its weekday.
        return route.weekday == weekday_of(day) or all(
            is_open(self.stores[stop.store_id or ""], day, stop.start, stop.depart)
            for stop in route.visits
        )

    def _places_by_detour(
        self, rep: Rep, order: Sequence[str], store_id: str
    ) -> list[tuple[int, int]]:
        """Places in an order of visits with the travel that each adds, the least first."""

        def leg(origin: str | None, target: str | None) -> int:
            if origin is None or target is None or origin == target:
                return 0
            return self.matrix.seconds(rep.mode, origin, target)

        base = f"rep:{rep.id}"
        first = base if rep.start_at == "base" else None
        last = base if rep.end_at == "base" else None
        detours = [
            (leg(a, store_id) + leg(store_id, b) - leg(a, b), place)
            for place, (a, b) in enumerate(pairwise([first, *order, last]))
        ]
        return [(place, detour_s) for detour_s, place in sorted(detours)]


def _busy_s(route: Route | None) -> int:
    """Seconds of a route that no other order of leaving or waiting saves, a little less."""
    if route is None:
        return 0
    visits = sum(stop.depart - stop.start for stop in route.visits)
    return visits + sum(int(stop.travel_minutes * 60) for stop in route.stops)


def work_s(route: Route | None) -> int:
    """Seconds from leaving to returning without lunch, 0 where nothing is driven."""
    if route is None:
        return 0
    left = next(stop.depart for stop in route.stops if stop.kind == "start")
    back = next(stop.arrive for stop in route.stops if stop.kind == "end")
    lunch = sum(stop.depart - stop.start for stop in route.stops if stop.kind == "lunch")
    return back - left - lunch
