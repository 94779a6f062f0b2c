"""The rows of a comparison: each figure with its difference and which plan is better."""

from collections.abc import Sequence

from routeplanner.domain.comparison import FigureCell, FigureGroup, FigureRow, Verdict
from routeplanner.planning.compare.figures import Figure, PlanFigures

_GROUPS: tuple[FigureGroup, ...] = (
    "visits", "hours", "limits", "gaps", "regularity", "balance", "violations", "changes",
)  # fmt: skip
_ONLY_WHERE_ANY = {"extra_visits", "changed_reps"}


def figure_rows(plans: Sequence[PlanFigures]) -> tuple[FigureRow, ...]:
    """Return a row for every figure that some plan has, in the order of the groups."""
    figures = list(dict.fromkeys(figure for plan in plans for figure in plan.values))
    figures.sort(key=lambda figure: _GROUPS.index(figure.group))
    rows = (_row(figure, plans) for figure in figures)
    return tuple(
        row
        for row in rows
        if row.figure not in _ONLY_WHERE_ANY or any(cell.value for cell in row.cells)
    )


def _row(figure: Figure, plans: Sequence[PlanFigures]) -> FigureRow:
    none = 0.0 if figure.group == "violations" else None
    values = [plan.values.get(figure, none) for plan in plans]
    best = _best(figure, plans, values)
    cells = tuple(
        _cell(figure, plans[0], plan, (values[0], value), value is not None and value == best)
        for plan, value in zip(plans, values, strict=True)
    )
    return FigureRow(
        group=figure.group,
        figure=figure.name,
        subject=figure.subject,
        unit=figure.unit,
        digits=figure.digits,
        better=figure.better,
        cells=cells,
    )


def _cell(
    figure: Figure,
    first: PlanFigures,
    plan: PlanFigures,
    values: tuple[float | None, float | None],
    is_best: bool,
) -> FigureCell:
    was, value = values
    if value is None:
        return FigureCell(value=None)
    shown = round(value, 4)
    if was is None or plan is first:
        return FigureCell(value=shown, is_best=is_best)
    difference = value - was
    return FigureCell(
        value=shown,
        difference=round(difference, 4),
        percent=round(100 * difference / was, 2) if was and _has_share(figure) else None,
        verdict=_verdict(figure, difference, plan.scheduled - first.scheduled),
        is_best=is_best,
    )


def _smallest(figure: Figure) -> float:
    """The smallest difference that the table shows."""
    return 0.5 / 10.0**figure.digits


def _has_share(figure: Figure) -> bool:
    return figure.group == "hours" or figure.name in ("work_spread", "arrival_spread")


def _verdict(figure: Figure, difference: float, more_visits: float) -> Verdict | None:
    """Better or worse; none where the difference is too small, or is that of the visits made."""
    if figure.better is None or abs(difference) < _smallest(figure):
        return None
    if figure.grows_with_visits and difference * more_visits > 0:
        return None
    return "better" if (difference < 0) == (figure.better == "less") else "worse"


def _best(
    figure: Figure, plans: Sequence[PlanFigures], values: Sequence[float | None]
) -> float | None:
    """The best figure; none where all plans are alike or no way is better."""
    most = max(plan.scheduled for plan in plans)
    known = [value for value in values if value is not None]
    if figure.better is None or len(known) < 2 or max(known) - min(known) < _smallest(figure):
        return None
    rivals = [
        value
        for plan, value in zip(plans, values, strict=True)
        if value is not None and (not figure.grows_with_visits or plan.scheduled == most)
    ]
    if not rivals:
        return None
    return min(rivals) if figure.better == "less" else max(rivals)
