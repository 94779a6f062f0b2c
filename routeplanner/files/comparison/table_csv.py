"""compare.csv: one row a figure, with value, difference and share of every plan."""

from collections.abc import Iterator
from pathlib import Path

from routeplanner.domain.comparison import Comparison, FigureRow
from routeplanner.files.csv_tables import Cell, plain_number, write_table

FIGURE_COLUMNS = ("group", "figure", "subject", "unit", "better")
PLAN_COLUMNS = ("value", "difference", "percent", "verdict")
"""Of every plan, its name before them; the first has a value alone."""


def write_comparison_csv(comparison: Comparison, path: Path) -> None:
    """Write all figures; keys are English in every language."""
    first, *others = (plan.name for plan in comparison.plans)
    heads = [*FIGURE_COLUMNS, f"{first} value"]
    heads += [f"{name} {column}" for name in others for column in PLAN_COLUMNS]
    write_table(path, heads, (list(_cells(row)) for row in comparison.rows))


def _cells(row: FigureRow) -> Iterator[Cell]:
    yield from (row.group, row.figure, row.subject, row.unit, row.better)
    for place, cell in enumerate(row.cells):
        yield _plain(cell.value)
        if place:
            yield from (_plain(cell.difference), _plain(cell.percent), cell.verdict)


def _plain(value: float | None) -> str | None:
    return None if value is None else plain_number(value, 4)
