"""How the figures of a comparison read: their names, numbers, differences and days."""

from collections.abc import Iterable
from math import lcm

from routeplanner.domain.comparison import (
    ComparedPlan,
    ComparedVisit,
    Comparison,
    FigureCell,
    FigureRow,
    ScenarioDifference,
)
from routeplanner.domain.day_words import weeks_text
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.texts import text

NONE = "–"
_MINUS = "−"


def figure_title(row: FigureRow, language: str) -> str:
    """The name of a figure with its class, or of the rule that is broken."""
    if row.figure == "violations":
        return text(f"rules.{row.subject}", language)
    return text(f"compare.{row.figure}", language, subject=row.subject)


def sums_title(comparison: Comparison, language: str) -> str:
    """Of how many weeks the sums are."""
    key = "compare.figure_one" if comparison.weeks == 1 else "compare.figure"
    return text(key, language, weeks=comparison.weeks)


def value_text(row: FigureRow, cell: FigureCell) -> str:
    """A figure as the table shows it."""
    if cell.value is None:
        return NONE
    return _number(cell.value, row.digits) + (" %" if row.unit == "percent" else "")


def difference_text(row: FigureRow, cell: FigureCell) -> str:
    """The difference from the first plan, in percent too where that says something."""
    if cell.difference is None:
        return ""
    words = _signed(cell.difference, row.digits)
    if words == "0":
        return "="
    return words if cell.percent is None else f"{words} ({_signed(cell.percent, 0)} %)"


def visits_text(
    visits: Iterable[ComparedVisit], weeks: int, language: str, *, is_rep_told: bool
) -> str:
    """`Mon` for every week of the cycle, `Mon (weeks 1, 3)` else, by rep where there are several.

    `weeks` is how many the visits are spread over.
    """
    if not is_rep_told:
        return _days_text(visits, weeks, language)
    by_rep: dict[str, list[ComparedVisit]] = {}
    for visit in visits:
        by_rep.setdefault(visit.rep, []).append(visit)
    return "; ".join(f"{_days_text(own, weeks, language)} · {rep}" for rep, own in by_rep.items())


def brief_text(visits: Iterable[ComparedVisit], weeks: int, language: str) -> str:
    """`Mon 1, 3`: weekdays with the weeks where they are not all, for a label on a map."""
    return _days_text(visits, weeks, language, is_brief=True)


def changed_weeks(comparison: Comparison, plan: ComparedPlan) -> int:
    """How many weeks the visits of a plan's changed stores are spread over."""
    return lcm(comparison.weeks, plan.weeks)


def has_several_reps(comparison: Comparison) -> bool:
    """Whether visits need the name of who makes them."""
    return len({day.rep for day in comparison.days}) > 1


def difference_words(item: ScenarioDifference, language: str) -> str:
    """One difference between two tasks: what it is of, what it was and what it is."""
    words = f"{text(f'compare.difference_{item.kind}', language)} {item.name}".strip()
    if item.kind.endswith(("_gone", "_new")):
        return words
    return f"{words}: {item.first or NONE} → {item.other or NONE}"


def _days_text(
    visits: Iterable[ComparedVisit], weeks: int, language: str, *, is_brief: bool = False
) -> str:
    weeks_of: dict[Weekday, list[int]] = {}
    for visit in sorted(visits, key=lambda visit: visit.week):
        weeks_of.setdefault(visit.weekday, []).append(visit.week)
    by_weeks: dict[tuple[int, ...], list[str]] = {}
    for weekday in sorted(weeks_of, key=WEEKDAYS.index):
        names = by_weeks.setdefault(tuple(weeks_of[weekday]), [])
        names.append(text(f"words.{weekday}", language))
    parts = []
    for own, names in by_weeks.items():
        ending = ""
        if len(own) < weeks:
            numbers = ", ".join(map(str, own))
            ending = f" {numbers}" if is_brief else f" ({weeks_text(own, language)})"
        parts.append(" ".join(names) + ending)
    return ", ".join(parts)


def _number(value: float, digits: int) -> str:
    shown = f"{abs(value):,.{digits}f}"
    return _MINUS + shown if value < 0 and shown.strip("0.,") else shown


def _signed(value: float, digits: int) -> str:
    shown = _number(value, digits)
    if not shown.strip("0.,"):
        return "0"
    return shown if shown.startswith(_MINUS) else f"+{shown}"
