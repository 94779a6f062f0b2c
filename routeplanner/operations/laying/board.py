"""The dated days of all reps while lost visits find their places."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from routeplanner.domain.dated import CycleDates, DatedRoute, LostDayRule, Obstacle
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.operations.laying.due import DrivenDay, DueVisit, weekday_of
from routeplanner.operations.laying.room import Room, work_s
from routeplanner.operations.laying.weeks import monday_of


@dataclass(slots=True)
class Board:
    """What each rep drives on each date; a store has at most one visit a date."""

    dates: CycleDates
    room: Room
    days: dict[tuple[str, date], DrivenDay] = field(default_factory=dict)
    visits: dict[tuple[str, date], dict[str, DueVisit]] = field(default_factory=dict)
    visited: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))  # by store
    last_days: Mapping[str, date] = field(default_factory=dict)  # of stores that go out of use

    def add_day(self, rep: Rep, driven: DrivenDay, visits: list[DueVisit]) -> None:
        """Set what a rep drives on a date, add days in order; the route keeps these visits only."""
        route = driven.route
        order = {visit.store_id: visit for visit in visits}
        if route is not None and len(order) < len(route.visits):
            kept = dict.fromkeys(stop.store_id or "" for stop in route.visits)
            kept_ids = [store_id for store_id in kept if store_id in order]
            route = self.room.timed(rep, driven.day, route.template, kept_ids)
            has_stops = any(stop.kind in ("visit", "appointment") for stop in route.stops)
            route = route if has_stops else None
        key = rep.id, driven.date
        self.days[key] = replace(driven, route=route)
        self.visits[key] = order
        for visit in visits:
            self._note(visit.store_id, driven.date)

    def place(self, rep: Rep, visit: DueVisit, rule: LostDayRule) -> date | Obstacle:
        """Put a lost visit on another date; where there is none, tell why."""
        obstacle: Obstacle = "no_day"
        for day in self._candidates(rep, visit, rule):
            driven = self.days[rep.id, day]
            route = self.room.inserted(
                rep, driven, driven.route, visit.route.template, visit.store_id
            )
            if route is not None:
                self.days[rep.id, day] = replace(driven, route=route)
                self.visits[rep.id, day][visit.store_id] = visit
                self._note(visit.store_id, day)
                return day
            obstacle = "no_room"
        return obstacle

    def routes(self) -> Iterator[DatedRoute]:
        """The routes that have anything to drive, by rep and date."""
        for (_, day), driven in self.days.items():
            if driven.route is not None:
                yield DatedRoute(day, driven.route)

    def _candidates(self, rep: Rep, visit: DueVisit, rule: LostDayRule) -> list[date]:
        """Dates that a rule allows, the one that it likes best first."""
        store, lost = self.room.stores[visit.store_id], visit.day
        reach = range(-rule.furthest_days, rule.furthest_days + 1)
        days = [
            day
            for day in (lost + timedelta(days=offset) for offset in reach)
            if (rep.id, day) in self.days
            and day <= self.last_days.get(store.id, date.max)
            and self._is_free(visit.store_id, lost, day, rule.least_gap_days)
            and self._keeps_pins(store, self.days[rep.id, day])
        ]
        if rule.action == "pull_forward":
            return [day for day in reversed(days) if day < lost]
        if rule.action == "push_back":
            return [day for day in days if day > lost]
        in_week = (day for day in days if monday_of(day) == monday_of(lost))
        return sorted(in_week, key=lambda day: (work_s(self.days[rep.id, day].route), day))

    def _is_free(self, store_id: str, lost: date, day: date, least_gap: int) -> bool:
        """Whether a date keeps the order of the store's visits and the gap to both neighbors."""
        known = self.visited[store_id]
        place = bisect_left(known, lost)
        before, after = known[:place][-1:], known[place:][:1]
        return all((day - other).days >= least_gap for other in before) and all(
            (other - day).days >= least_gap for other in after
        )

    def _keeps_pins(self, store: Store, driven: DrivenDay) -> bool:
        place = self.room.scenario.cycle.day(driven.day)
        return not store.pinned_days or any(
            pin.weekday == weekday_of(driven.date) and pin.week in (None, place.week)
            for pin in store.pinned_days
        )

    def _note(self, store_id: str, day: date) -> None:
        known = self.visited[store_id]
        known.insert(bisect_left(known, day), day)
