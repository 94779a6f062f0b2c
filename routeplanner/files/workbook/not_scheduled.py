"""The sheet of what was not scheduled and why, and what the input gave reason to doubt."""

from collections.abc import Sequence

from routeplanner.domain.plan import Unserved
from routeplanner.errors import Issue
from routeplanner.files.workbook.book import LINE_POINTS, Book, Cell, Sheet, n_lines
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, Row, Styled, write_table

KNOWN_CODES = (
    "DAY_FULL", "IN_STORE_LIMIT", "TIME_WINDOW", "CLOSED_ON_ALLOWED_DAYS",
    "CLOSED_ON_TEMPLATE_DAYS", "TOO_FAR", "VISIT_TOO_LONG", "NO_PATTERN", "GUARANTEED",
    "MAX_CHANGES", "FROZEN_WEEKS", "DROPPED",
)  # fmt: skip
_WIDTHS = {1: 28.0, 2: 7.0, 3: 10.0, 4: 10.0, 5: 9.0, 6: 10.0, 7: 46.0, 8: 28.0}
_REMEDY_WIDTH = 44.0  # of column 8 where doubts stand below
_Span = tuple[int, int]  # first and last column


def write_not_scheduled_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet."""
    sheet = book.add_sheet("sheet_not_scheduled")
    warnings = facts.scenario.warnings
    for column, width in _WIDTHS.items():
        sheet.fix_width(column, column, width)
    if facts.plan.unserved:
        row = _write_reasons(book, sheet, facts)
        end = _write_stores(book, sheet, facts, row + 1)
        if not warnings:  # else the head would stand above the table of doubts too
            sheet.repeat(row + 1)
    else:
        sheet.merge(0, 0, 6, book.say("all_scheduled", n=facts.plan.required_visits), "good")
        end = 1
    if warnings:
        sheet.fix_width(8, 8, _REMEDY_WIDTH)
        _write_warnings(book, sheet, warnings, end + 1)


def _write_reasons(book: Book, sheet: Sheet, facts: Facts) -> int:
    """Each reason once with what would help, over the list of stores; returns the row after."""
    sheet.merge(0, 0, 8, _order_text(book, facts), "bold")
    spans: tuple[_Span, ...] = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 7), (8, 8))
    heads = ("reason", "stores", "missing", "minutes_missing", "remedy", "code")
    _write_merged(sheet, 1, [book.say(f"col_{head}") for head in heads], spans, "head")
    row = 2
    for code in dict.fromkeys(unserved.code for unserved in facts.plan.unserved):
        same = [unserved for unserved in facts.plan.unserved if unserved.code == code]
        cells = (
            _reason_text(book, same[0]),
            str(len(same)),
            str(sum(unserved.required - unserved.served for unserved in same)),
            f"{sum(unserved.missing_minutes for unserved in same):,.0f}",
            book.say(f"remedy_{code}") if code in KNOWN_CODES else same[0].hint,
            code,
        )
        _write_merged(sheet, row, cells, spans, "text")
        row += 1
    return row


def _order_text(book: Book, facts: Facts) -> str:
    """In one sentence, which visits go first where not all fit."""
    policy = facts.scenario.policy
    has_minimum = any(rule.minimum_frequency is not None for rule in policy.visit_rules.values())
    classes = book.say("before_class").join(policy.classes.labels)
    return book.say("order_with_minimum" if has_minimum else "order", classes=classes)


def _reason_text(book: Book, unserved: Unserved) -> str:
    """The reason in a few words; the whole sentence of one that is not known here."""
    known = unserved.code in KNOWN_CODES
    return book.say(f"reason_{unserved.code}") if known else unserved.message


def _write_stores(book: Book, sheet: Sheet, facts: Facts, top: int) -> int:
    """One line a store; returns the row after the last."""
    keys = [
        ("id", "text"), ("store", "text"), ("class", "center"), ("required", "count"),
        ("scheduled", "count"), ("missing", "count"), ("minutes_missing", "figure"),
        ("reason", "text"), ("code", "text"),
    ]  # fmt: skip
    columns = [Column(book.say(f"col_{key}"), style) for key, style in keys]
    rows = [_row(book, facts, unserved) for unserved in facts.plan.unserved]
    end = write_table(sheet, top, columns, rows)
    sheet.freeze(top + 1, 2)
    sheet.filter(top, end - 1, len(columns) - 1)
    return end


def _row(book: Book, facts: Facts, unserved: Unserved) -> Row:
    store = facts.stores[unserved.store_id]
    return [
        store.id,
        store.name,
        Styled(unserved.store_class, (), facts.fill_of_class(unserved.store_class)),
        unserved.required,
        unserved.served,
        unserved.required - unserved.served,
        unserved.missing_minutes,
        _reason_text(book, unserved),
        unserved.code,
    ]


def _write_warnings(book: Book, sheet: Sheet, warnings: Sequence[Issue], row: int) -> None:
    """Below the stores: every warning and skipped row of the input, where it stands in its file."""
    sheet.merge(row, 0, 6, book.say("warnings_head", n=len(warnings)), "section")
    spans: tuple[_Span, ...] = ((0, 0), (1, 1), (2, 3), (4, 6), (7, 7), (8, 8), (9, 9))
    heads = ("row", "file", "column", "value", "what", "remedy", "code")
    _write_merged(sheet, row + 1, [book.say(f"col_{head}") for head in heads], spans, "head")
    sheet.fit(9, max(len(issue.code) for issue in warnings))
    for line, issue in enumerate(warnings, start=row + 2):
        where = (issue.row, issue.file or issue.path, issue.column, issue.value)
        _write_merged(sheet, line, (*where, issue.message, issue.hint, issue.code), spans, "text")


def _write_merged(
    sheet: Sheet, row: int, cells: Sequence[Cell], spans: Sequence[_Span], style: str
) -> None:
    """Write cells across columns, in a row that is high enough for the longest of them."""
    lines = 1
    for cell, (first, last) in zip(cells, spans, strict=True):
        if isinstance(cell, int | float):
            sheet.put(row, first, cell, style)
            continue
        words = cell or ""
        sheet.merge(row, first, last, words, style)
        if first > 0:
            width = sum(_WIDTHS.get(column, 44.0) for column in range(first, last + 1))
            lines = max(lines, n_lines(words, width * 0.9))
    sheet.height(row, lines * LINE_POINTS + 3)
