"""What becomes different for a store from one plan to the next."""

from collections.abc import Iterable
from typing import Literal

from routeplanner.domain.plan import Route, Stop

ChangeKind = Literal["new", "dropped", "rep", "days", "number", "time"]
Visits = list[tuple[Route, Stop]]

_NOTABLE_S = 30 * 60  # an arrival that moves less needs no word to the store


def visits_by_store(routes: Iterable[Route]) -> dict[str, Visits]:
    """The visits of each store of a plan in order of the days."""
    found: dict[str, Visits] = {}
    for route in sorted(routes, key=lambda route: route.day):
        for stop in route.visits:
            found.setdefault(stop.store_id or "", []).append((route, stop))
    return found


def kind_of_change(was: Visits, now: Visits) -> ChangeKind | None:
    """What changed for a store, the weightiest first; none where nothing that matters did."""
    if not was and not now:
        return None
    if not was:
        return "new"
    if not now:
        return "dropped"
    if {route.rep for route, _ in was} != {route.rep for route, _ in now}:
        return "rep"
    if _days(was) != _days(now):
        return "days" if len(was) == len(now) else "number"
    moved = (abs(a.arrive - b.arrive) for (_, a), (_, b) in zip(was, now, strict=True))
    return "time" if max(moved) > _NOTABLE_S else None


def _days(visits: Visits) -> list[tuple[int, str]]:
    return [(route.week, route.weekday) for route, _ in visits]
