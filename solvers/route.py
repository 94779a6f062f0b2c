"""Routes that know their cost and what the cheapest insertion of a visit would add to it."""

from collections.abc import Sequence
from itertools import pairwise

from solvers.segments import Segments
from solvers.tables import SlotTable, Tables, Visit

Insertion = tuple[int, int]  # added cost, position


class Route:
    """An immutable route of a slot; equal routes are one object, so that its findings last."""

    __slots__ = (
        "_best",
        "_segments",
        "cost",
        "in_store",
        "is_feasible",
        "is_open",
        "legs",
        "load",
        "overtime",
        "places",
        "service",
        "slot",
        "travel",
        "visits",
        "wait",
        "work",
    )

    def __init__(self, slot: SlotTable, visits: Sequence[Visit]) -> None:
        self.slot, self.visits = slot, tuple(visits)
        self._best: dict[int, Insertion | None] = {}
        self._segments: Segments | None = None
        self.places = [slot.start_place, *[v.place for v in visits], slot.end_place]
        self.legs = [slot.to[a][b] for a, b in pairwise(self.places)]
        self.travel = sum(self.legs) if visits else 0
        self.service = sum([v.service for v in visits])
        self.load = sum([v.demand for v in visits])
        self.in_store = sum([v.in_store for v in visits])
        self.is_open = not slot.lunch and all(v.is_open for v in visits)
        self.cost = self.wait = self.overtime = self.work = 0
        self.is_feasible = True
        if visits:
            self._judge()

    def _judge(self) -> None:
        slot, needed = self.slot, self.travel + self.service
        found = open_times(slot, needed) if self.is_open else self.segments.whole()
        self.is_feasible = (
            found is not None
            and self.load <= slot.capacity
            and self.in_store <= slot.in_store_limit
        )
        if found is not None:
            self.overtime, self.work = found
            self.wait = self.work - needed
            self.cost = slot.cost(self.travel, self.work, self.wait, self.overtime)

    @property
    def segments(self) -> Segments:
        """The runs of the route."""
        if self._segments is None:
            self._segments = Segments(self.slot, self.visits, self.legs)
        return self._segments

    def insertion(self, visit: Visit) -> Insertion | None:
        """The cheapest feasible insertion of a visit: what it adds to the cost, and where."""
        key = visit.index
        if key not in self._best:
            self._best[key] = self.find(visit, range(len(self.visits) + 1))
        return self._best[key]

    def find(self, visit: Visit, positions: Sequence[int]) -> Insertion | None:
        """The cheapest feasible insertion at one of the given positions."""
        slot = self.slot
        if self.load + visit.demand > slot.capacity or (
            self.in_store + visit.in_store > slot.in_store_limit
        ):
            return None
        detours = self.detours(visit, positions)
        if self.is_open and visit.is_open:
            least = min(detours)
            needed = self.travel + self.service + visit.service + least
            found = open_times(slot, needed)
            if found is None:
                return None
            cost = slot.cost(self.travel + least, needed, 0, found[0])
            return cost - self.cost, positions[detours.index(least)]
        return self._find_timed(visit, positions, detours)

    def detours(self, visit: Visit, positions: Sequence[int]) -> list[int]:
        """Travel that a visit adds at each of the given positions."""
        to, fro, place = self.slot.to[visit.place], self.slot.fro[visit.place], self.places
        if not self.visits:
            return [fro[place[0]] + to[place[1]]]
        legs = self.legs
        return [fro[place[p]] + to[place[p + 1]] - legs[p] for p in positions]

    def _find_timed(
        self, visit: Visit, positions: Sequence[int], detours: list[int]
    ) -> Insertion | None:
        """Positions by detour, until what a detour costs at least is above the best found."""
        slot, place = self.slot, self.places
        to, fro = slot.to[visit.place], slot.fro[visit.place]
        needed = self.travel + self.service + visit.service
        best: Insertion | None = None
        for rank in sorted(range(len(detours)), key=detours.__getitem__):
            travel, work = self.travel + detours[rank], needed + detours[rank]
            if work > slot.longest_work:
                break
            bound = slot.cost(travel, work, 0, max(0, work - slot.max_work)) - self.cost
            if best is not None and bound >= best[0]:
                break
            p = positions[rank]
            found = self.segments.having(visit, p, fro[place[p]], to[place[p + 1]])
            if found is not None:
                overtime, length = found
                added = slot.cost(travel, length, length - work, overtime) - self.cost
                if best is None or added < best[0]:
                    best = added, p
        return best


def open_times(slot: SlotTable, work: int) -> tuple[int, int] | None:
    """Overtime and work of a route without windows and lunch; none: too long."""
    if work > slot.longest_work or slot.shift_lo + work > slot.latest_back:
        return None
    return max(0, work - slot.max_work, slot.shift_lo + work - slot.shift_hi), work


class RouteBook:
    """Hands out routes, one object per (slot, order of visits), as long as there is room."""

    def __init__(self, tables: Tables, room: int = 50_000) -> None:
        self._tables, self._room = tables, room
        self._routes: dict[tuple[int, ...], Route] = {}
        self._empty = [Route(slot, ()) for slot in tables.slots]

    def empty(self, slot: int) -> Route:
        """The route of a slot without visits."""
        return self._empty[slot]

    def route(self, slot: int, visits: tuple[Visit, ...]) -> Route:
        """The route of a slot with visits in this order."""
        if not visits:
            return self._empty[slot]
        key = tuple([visit.index for visit in visits])
        route = self._routes.get(key)
        if route is None:
            if len(self._routes) >= self._room:
                self._routes.clear()
            route = self._routes[key] = Route(self._tables.slots[slot], visits)
        return route

    def without(self, route: Route, visit: Visit) -> Route:
        """The route with a visit taken out."""
        rest = tuple([v for v in route.visits if v is not visit])
        return self.route(route.slot.index, rest)

    def having(self, route: Route, visit: Visit, position: int) -> Route:
        """The route with a visit put in."""
        visits = route.visits
        return self.route(route.slot.index, (*visits[:position], visit, *visits[position:]))
