"""How stores were classed by sales, row by row, and what changed against an earlier list."""

from routeplanner.domain.base import Frozen
from routeplanner.domain.store import ClassSource


class ClassRow(Frozen):
    """One store in the ranking of its area; shares in percent of the area's sales.

    Stores that are not planned (closed, suspended) have no rank and count for no share.
    """

    area: str | None  # rep id; none: the pool of stores that name no rep
    rank: int | None  # 1 = highest sales
    store_id: str
    name: str
    sales: float | None  # as it came
    share_before: float  # accumulated by the stores ranked before
    cumulative_share: float  # with this store
    store_class: str
    class_by_sales: str  # what the sales alone say; differs only where a class was given or kept
    source: ClassSource
    is_planned: bool = True


class ClassChange(Frozen):
    """A store of another class than in the earlier list; hours per week."""

    store_id: str
    name: str
    was: str | None  # none: the store is new
    now: str | None  # none: the store is gone
    share_before: float | None
    in_store_hours: float  # more (or, negative, fewer) per week
    travel_hours: float  # estimated


class ClassChanges(Frozen):
    """All changes against an earlier list and their effect in hours per week."""

    changes: tuple[ClassChange, ...]
    kept_by_margin: tuple[ClassRow, ...]  # sales alone would have moved them
    in_store_hours: float
    travel_hours: float
    margin_percent: float

    @property
    def hours(self) -> float:
        """In store and estimated travel, per week."""
        return self.in_store_hours + self.travel_hours
