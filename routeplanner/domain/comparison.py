"""Plans side by side: their figures, the stores that change, and what tells their tasks apart."""

from typing import Literal

from pydantic import Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import Weekday
from routeplanner.domain.plan_changes import ChangeKind

FigureGroup = Literal[
    "visits", "hours", "limits", "gaps", "regularity", "balance", "violations", "changes"
]
Unit = Literal["hours", "minutes", "km", "count", "days", "percent"]
Direction = Literal["less", "more"]
Verdict = Literal["better", "worse"]
DifferenceKind = Literal[
    "cycle", "policy", "travel", "appointments", "rep_gone", "rep_new", "rep", "store_gone",
    "store_new", "store",
]  # fmt: skip


class FigureCell(Frozen):
    """A figure of one plan beside that of the first; none where a plan has no such figure."""

    value: float | None
    difference: float | None = None
    percent: float | None = None  # where a share of the first plan's figure says something
    verdict: Verdict | None = None
    is_best: bool = False  # of all plans, where they are not all alike


class FigureRow(Frozen):
    """One figure of all plans; `subject` is the class or the code that it counts."""

    group: FigureGroup
    figure: str
    subject: str = ""
    unit: Unit
    digits: int  # decimals that say something; a smaller difference is none
    better: Direction | None = None
    cells: tuple[FigureCell, ...]


class ComparedVisit(Frozen):
    """When a store is visited, and as which visit of the day."""

    rep: str
    week: int
    weekday: Weekday
    position: int


class ChangedStore(Frozen):
    """A store whose days, number of visits or rep are not those of the first plan."""

    store_id: str
    name: str
    store_class: str = Field(alias="class")
    kind: ChangeKind
    was: tuple[ComparedVisit, ...]
    now: tuple[ComparedVisit, ...]


class ScenarioDifference(Frozen):
    """What a plan's task has otherwise than that of the first plan; empty where it has nothing."""

    kind: DifferenceKind
    name: str  # of a store or rep with the field, or the key of the policy
    first: str = ""
    other: str = ""


class ComparedPlan(Frozen):
    """One of the plans; all but the first tell what they change."""

    name: str
    plan_id: str
    version: int
    weeks: int
    is_by_hand: bool
    left_out: tuple[str, ...] = ()  # rows of a list by hand that could not be compared, and why
    differences: tuple[ScenarioDifference, ...] = ()
    changed: tuple[ChangedStore, ...] = ()


class DayCell(Frozen):
    """A day of one plan."""

    visits: int
    work_minutes: float
    over_minutes: float  # above the limit


class ComparedDay(Frozen):
    """A day of a rep in all plans; none where it is not driven."""

    rep: str
    week: int
    weekday: Weekday
    cells: tuple[DayCell | None, ...]


class Comparison(Frozen):
    """Plans side by side; the first is the yardstick. Sums are those of its cycle's weeks."""

    weeks: int
    plans: tuple[ComparedPlan, ...]
    rows: tuple[FigureRow, ...]
    days: tuple[ComparedDay, ...]
