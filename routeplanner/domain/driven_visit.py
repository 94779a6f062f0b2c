"""A visit as it was made: how long it took, and the way to it where that can be told."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay


class DrivenVisit(Frozen):
    """One visit from a list of visits that were made; what the list does not tell is none."""

    store_id: str
    rep: str | None = None
    date: dt.date | None = None
    arrived: TimeOfDay | None = None
    started: TimeOfDay | None = None
    ended: TimeOfDay | None = None
    minutes_in_store: float
    # From the end of the rep's visit before on that day to coming here; a break is part of it.
    travel_minutes: float | None = None
    before_store_id: str | None = None  # where that way began
    row: int  # as a spreadsheet shows it


def with_ways(visits: Iterable[DrivenVisit]) -> tuple[DrivenVisit, ...]:
    """Add the way from the rep's visit before, where both say when, on one day."""
    visits = tuple(visits)
    ways: dict[int, tuple[float, str]] = {}
    days: dict[tuple[str, dt.date], list[DrivenVisit]] = {}
    for visit in visits:
        if visit.rep is not None and visit.date is not None and _coming(visit) is not None:
            days.setdefault((visit.rep, visit.date), []).append(visit)
    for own in days.values():
        own.sort(key=lambda visit: (_coming(visit) or 0, visit.row))
        for before, visit in pairwise(own):
            way = None if before.ended is None else (_coming(visit) or 0) - before.ended
            if way is not None and way >= 0:
                ways[visit.row] = (round(way / 60, 2), before.store_id)
    return tuple(
        visit.model_copy(
            update=dict(zip(("travel_minutes", "before_store_id"), ways[visit.row], strict=True))
        )
        if visit.row in ways
        else visit
        for visit in visits
    )


def _coming(visit: DrivenVisit) -> int | None:
    return visit.started if visit.arrived is None else visit.arrived
