"""A visit as a planner wrote it into routes.csv: who goes where on which day, in which place."""

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay, Weekday


class RouteRow(Frozen):
    """One row of an edited plan; times are recomputed, `arrive` is only compared."""

    rep: str
    week: int  # 1-based
    weekday: Weekday
    store_id: str
    position: float  # visits are driven in its order; 2.5 stands between 2 and 3
    template: str = ""  # the label of the route, where it is stated
    arrive: TimeOfDay | None = None
    row: int  # as a spreadsheet shows it


class NewTime(Frozen):
    """An arrival that was computed anew and differs from the one in the file; no broken rule."""

    row: int
    store_id: str
    stated: TimeOfDay
    computed: TimeOfDay
