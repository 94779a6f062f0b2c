"""The sheet of what was not scheduled and why, and what the input gave reason to doubt."""

from collections.abc import Sequence

from routeplanner.domain.plan import Unserved
from routeplanner.errors import Issue
from routeplanner.files.workbook.book import Book, Sheet
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, Row, Styled, write_table


def write_not_scheduled_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet."""
    sheet = book.add_sheet("sheet_not_scheduled")
    row = 0
    if facts.plan.unserved:
        row = _write_unserved(book, sheet, facts)
    else:
        sheet.merge(0, 0, 6, book.say("all_scheduled", n=facts.plan.required_visits), "good")
        row = 1
    if facts.scenario.warnings:
        _write_warnings(book, sheet, facts.scenario.warnings, row + 1)
    elif facts.plan.unserved:
        sheet.repeat(0)  # with a second table below, the head would stand above that one too


def _write_unserved(book: Book, sheet: Sheet, facts: Facts) -> int:
    keys = [
        ("id", "text", None), ("store", "text", 26.0), ("class", "center", None),
        ("required", "count", None), ("scheduled", "count", None), ("missing", "count", None),
        ("minutes_missing", "figure", None), ("reason", "text", 48.0), ("remedy", "text", 48.0),
        ("code", "text", None),
    ]  # fmt: skip
    columns = [Column(book.say(f"col_{key}"), style, width) for key, style, width in keys]
    rows = [_row(facts, unserved) for unserved in facts.plan.unserved]
    end = write_table(sheet, 0, columns, rows)
    sheet.freeze(1, 2)
    sheet.filter(0, end - 1, len(columns) - 1)
    return end


def _row(facts: Facts, unserved: Unserved) -> Row:
    store = facts.stores[unserved.store_id]
    return [
        store.id,
        store.name,
        Styled(unserved.store_class, (), facts.fill_of_class(unserved.store_class)),
        unserved.required,
        unserved.served,
        unserved.required - unserved.served,
        unserved.missing_minutes,
        unserved.message,
        unserved.hint,
        unserved.code,
    ]


def _write_warnings(book: Book, sheet: Sheet, warnings: Sequence[Issue], row: int) -> None:
    """Below the stores: every warning and skipped row of the input, where it stands in its file."""
    sheet.merge(row, 0, 6, book.say("warnings_head", n=len(warnings)), "section")
    heads = {"row": 0, "file": 1, "column": 2, "value": 3, "what": 7, "remedy": 8, "code": 9}
    for head, first in heads.items():
        last = 6 if head == "value" else first
        sheet.merge(row + 1, first, last, book.say(f"col_{head}"), "head")
    for line, issue in enumerate(warnings, start=row + 2):
        where = (issue.row, issue.file or issue.path, issue.column)
        for place, cell in enumerate(where):
            sheet.put(line, place, cell, "text")
        sheet.merge(line, 3, 6, issue.value or "", "text")
        for place, cell in enumerate((issue.message, issue.hint, issue.code), start=7):
            sheet.put(line, place, cell, "text")
