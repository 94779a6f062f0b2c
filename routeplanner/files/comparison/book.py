"""compare.xlsx: all figures, the stores that change, the days side by side, other tasks."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from routeplanner.domain.comparison import (
    ComparedPlan,
    ComparedVisit,
    Comparison,
    DayCell,
    FigureCell,
    FigureRow,
)
from routeplanner.domain.plan import Plan
from routeplanner.files.comparison.words import (
    NONE,
    changed_weeks,
    difference_words,
    figure_title,
    has_several_reps,
    sums_title,
    visits_text,
)
from routeplanner.files.palette import WARNING
from routeplanner.files.workbook.book import Book
from routeplanner.files.workbook.table import Column, Row, Styled, write_page_table, write_table

_GOOD: dict[str, Any] = {"font_color": "#1E6B34", "bold": True}
_BAD: dict[str, Any] = {"font_color": WARNING}
_LOOKS: dict[str, dict[str, Any]] = {"better": _GOOD, "worse": _BAD}
_BEST = {"bg_color": "#E3F1E6"}
_NAME_WIDTH, _VALUE_WIDTH = 44.0, 13.0


def write_comparison_book(comparison: Comparison, first: Plan, path: Path, language: str) -> None:
    """Write the workbook; its foot names the first plan."""
    with Book(path, first, language, texts="compare") as book:
        _write_figures(book, comparison)
        _write_changed(book, comparison)
        _write_days(book, comparison)
        _write_tasks(book, comparison)


def _write_figures(book: Book, comparison: Comparison) -> None:
    sheet = book.add_sheet("sheet_figures")
    first, *others = (plan.name for plan in comparison.plans)
    columns = [Column(sums_title(comparison, book.language), "text", _NAME_WIDTH)]
    columns.append(Column(first, "figure", _VALUE_WIDTH))
    for name in others:
        difference = book.say("difference_of", name=name, first=first)
        columns.append(Column(name, "figure", _VALUE_WIDTH))
        columns.append(Column(difference, "figure", _VALUE_WIDTH))
        columns.append(Column(book.say("percent_of"), "figure", 8.0))
    end = write_table(sheet, 0, columns, _figure_rows(book, comparison, len(columns)))
    sheet.freeze(1, 1)
    sheet.repeat(0, 0)
    sheet.merge(end + 1, 0, len(columns) - 1, book.say("best_mark", first=first), "wrapped")
    sheet.height(end + 1, 42)


def _figure_rows(book: Book, comparison: Comparison, n_columns: int) -> Iterator[Row]:
    group = None
    for row in comparison.rows:
        if row.group != group:
            group = row.group
            head = Styled(book.say(f"group_{group}"), ("head",))
            yield [head, *[Styled("", ("head",))] * (n_columns - 1)]
        cells = [part for place, cell in enumerate(row.cells) for part in _figure(row, cell, place)]
        yield [figure_title(row, book.language), *cells]


def _figure(row: FigureRow, cell: FigureCell, place: int) -> Iterator[Styled]:
    number: dict[str, Any] = {"num_format": _number_format(row)}
    yield Styled(NONE if cell.value is None else cell.value, (), number | _look(cell))
    if place:
        look: dict[str, Any] = _LOOKS.get(cell.verdict or "", {})
        signed = {"num_format": _number_format(row, is_signed=True)}
        yield Styled(cell.difference, (), signed | look)
        yield Styled(cell.percent, (), {"num_format": "+0;−0;0"} | look)


def _look(cell: FigureCell) -> dict[str, Any]:
    return _BEST if cell.is_best else {}


def _number_format(row: FigureRow, *, is_signed: bool = False) -> str:
    plain = "#,##0" + ("." + "0" * row.digits if row.digits else "")
    ending = '" %"' if row.unit == "percent" else ""
    return f"+{plain}{ending};−{plain}{ending};0{ending}" if is_signed else plain + ending


def _write_changed(book: Book, comparison: Comparison) -> None:
    sheet = book.add_sheet("sheet_changed")
    is_told = has_several_reps(comparison)

    def days(plan: ComparedPlan, visits: Iterable[ComparedVisit]) -> str:
        weeks = changed_weeks(comparison, plan)
        return visits_text(visits, weeks, book.language, is_rep_told=is_told) or NONE

    rows: list[Row] = [
        [
            plan.name,
            store.store_id,
            store.name,
            store.store_class,
            book.say(f"change_{store.kind}"),
            days(plan, store.was),
            days(plan, store.now),
        ]
        for plan in comparison.plans
        for store in plan.changed
    ]
    widths = {
        "plan": 16.0, "id": 14.0, "store": 32.0, "class": 7.0, "change": 20.0, "was": 34.0,
        "is": 34.0,
    }  # fmt: skip
    columns = [Column(book.say(f"col_{key}"), "text", width) for key, width in widths.items()]
    write_page_table(sheet, columns, rows, n_frozen=3)


def _write_days(book: Book, comparison: Comparison) -> None:
    sheet = book.add_sheet("sheet_days")
    columns = [
        Column(book.say("col_rep"), "text", 12.0),
        Column(book.say("col_week"), "count", 7.0),
        Column(book.say("col_weekday"), "center", 8.0),
    ]
    for style, key in (("hours", "col_hours"), ("count", "col_visits"), ("minutes", "col_over")):
        columns += [Column(book.say(key, name=p.name), style, 14.0) for p in comparison.plans]
    rows: list[Row] = [
        [
            day.rep,
            day.week,
            book.word(day.weekday),
            *(_hours(cell) for cell in day.cells),
            *(cell.visits if cell else None for cell in day.cells),
            *(_over(cell) for cell in day.cells),
        ]
        for day in comparison.days
    ]
    write_page_table(sheet, columns, rows, n_frozen=3)


def _hours(cell: DayCell | None) -> Styled:
    if cell is None:
        return Styled(None)
    return Styled(cell.work_minutes / 60, (), _BAD if cell.over_minutes else {})


def _over(cell: DayCell | None) -> Styled:
    return Styled(cell.over_minutes or None if cell else None, (), _BAD)


def _write_tasks(book: Book, comparison: Comparison) -> None:
    """What was left out of lists by hand, and what tells the plans' tasks apart, if anything."""
    rows: list[Row] = [[plan.name, words] for plan in comparison.plans for words in plan.left_out]
    rows += [
        [plan.name, difference_words(item, book.language)]
        for plan in comparison.plans
        for item in plan.differences
    ]
    if rows:
        sheet = book.add_sheet("sheet_tasks")
        columns = [
            Column(book.say("col_plan"), "text", 18.0),
            Column(book.say("col_what"), "text", 110.0),
        ]
        write_page_table(sheet, columns, rows)
