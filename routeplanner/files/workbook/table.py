"""A table on a sheet: head, rows, filter, frozen and repeated head."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from routeplanner.files.workbook.book import Cell, Sheet, display_width


@dataclass(frozen=True)
class Column:
    """A column: its head as shown, the style of its cells, and a fixed width where it needs one."""

    head: str
    style: str = "text"
    width: float | None = None


@dataclass(frozen=True)
class Styled:
    """A cell that looks different from its column."""

    value: Cell
    names: tuple[str, ...] = ()  # added to the column's style
    properties: dict[str, Any] = field(default_factory=dict)


Row = Sequence[Cell | Styled]


def write_table(sheet: Sheet, top: int, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write a head at row `top` and the rows below it; returns the row after the last."""
    _write_head(sheet, top, columns)
    row = top
    for row, cells in enumerate(rows, start=top + 1):
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            shown = cell if isinstance(cell, Styled) else Styled(cell)
            sheet.put(row, place, shown.value, column.style, *shown.names, **shown.properties)
    return row + 1


def write_page_table(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    n_frozen: int = 0,
    n_repeated: int | None = None,
) -> int:
    """Write the one table of a sheet, with filter, frozen panes and a repeated head."""
    end = write_table(sheet, 0, columns, rows)
    sheet.freeze(1, n_frozen)
    sheet.repeat(0, None if n_repeated is None else n_repeated - 1)
    sheet.filter(0, end - 1, len(columns) - 1)
    return end


def drop_empty(
    columns: Sequence[Column], rows: Sequence[Row], optional: Iterable[int]
) -> tuple[list[Column], list[Row]]:
    """The table without those of the optional columns that hold nothing."""
    places = {place % len(columns) for place in optional}  # counted from the end where negative
    empty = {place for place in places if all(_is_empty(row[place]) for row in rows)}
    kept = [place for place in range(len(columns)) if place not in empty]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _is_empty(cell: Cell | Styled) -> bool:
    return (cell.value if isinstance(cell, Styled) else cell) in (None, "")


def _write_head(sheet: Sheet, top: int, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns):
        # Written as a merge, which does not widen the column: a long head wraps.
        sheet.merge(top, place, place, column.head, "head")
        longest = max((display_width(word) for word in column.head.split()), default=0)
        sheet.fit(place, longest)
        if column.width is not None:
            sheet.fix_width(place, place, column.width)
