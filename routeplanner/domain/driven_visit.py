"""A visit as it was made: how long it took, and the way to it where that can be told."""

import datetime as dt

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
