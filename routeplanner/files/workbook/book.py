"""The workbook on paper: formats by name, sheets that fit their columns and print on A4."""

import math
import unicodedata
from pathlib import Path
from typing import Any

import xlsxwriter

from routeplanner.domain.plan import Plan
from routeplanner.files.palette import QUIET, WARNING
from routeplanner.texts import text

Cell = str | int | float | None

_LINE_COLOR = "#BFC7CF"
_HEAD_COLOR = "#DCE3EA"
_BOX = {"border": 1, "border_color": _LINE_COLOR}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {"valign": "vcenter"},
    "title": {"bold": True, "font_size": 18},
    "section": {"bold": True, "font_size": 12, "bottom": 2, "bottom_color": _HEAD_COLOR},
    "head": {
        "bold": True, "bg_color": _HEAD_COLOR, "text_wrap": True, "valign": "vcenter", **_BOX
    },
    "text": {"text_wrap": True, "valign": "vcenter", **_BOX},
    "center": {"text_wrap": True, "valign": "vcenter", "align": "center", **_BOX},
    "count": {"num_format": "#,##0_ ", "valign": "vcenter", **_BOX},
    "minutes": {"num_format": "#,##0_ ", "valign": "vcenter", **_BOX},
    "hours": {"num_format": "#,##0.0_ ", "valign": "vcenter", **_BOX},
    "km": {"num_format": "#,##0.0_ ", "valign": "vcenter", **_BOX},
    "percent": {"num_format": "0%_ ", "valign": "vcenter", **_BOX},
    "figure": {"num_format": "#,##0.##_ ", "valign": "vcenter", "align": "right", **_BOX},
    "degrees": {"num_format": "0.00000_ ", "valign": "vcenter", **_BOX},
    "clock": {"num_format": "hh:mm", "valign": "vcenter", "align": "center", **_BOX},
    "quiet": {"italic": True, "font_color": QUIET},
    "bold": {"bold": True},
    "alarm": {"bold": True, "font_color": WARNING},
    "good": {"bold": True, "font_color": "#1E6B34"},
    "wrapped": {"text_wrap": True, "valign": "top"},
}  # fmt: skip
_FONTS = {"en": "Arial", "zh": "Microsoft YaHei"}
_A4_INCHES = {False: 8.27, True: 11.69}  # by is_landscape
_MARGIN_INCHES = 0.4
_PIXELS_PER_INCH = 96
_SMALLEST_SCALE = 50  # percent; a wider sheet goes on to the next page

_WIDTH_OF_LETTER = 0.92  # of a digit's, on average
_MOST_LINES = 30  # Excel allows rows of 409 points
LINE_POINTS = 13.0
_LONGEST_CELL = 32_767  # characters, set by Excel
NARROWEST, WIDEST = 5.0, 44.0
_UNSET = 8.43  # width that Excel gives a column of which nothing is said


def display_width(value: str) -> int:
    """Columns that the longest line of a text takes; East Asian characters take two."""
    return max((sum(_columns(c) for c in line) for line in value.split("\n")), default=0)


def n_lines(value: str, width: float) -> int:
    """Lines that a text takes when wrapped at a column width, which is counted in digits."""
    return sum(
        max(1, math.ceil(sum(_WIDTH_OF_LETTER * _columns(c) for c in line) / width))
        for line in value.split("\n")
    )


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shown(value: float, style: str) -> str:
    """A number about as long as a style shows it."""
    formats = {"clock": "00:00", "percent": "100%", "degrees": "-100.00000"}
    digits = {"count": 0, "minutes": 0, "figure": 2, "hours": 1, "km": 1}
    return formats.get(style) or f"{value:,.{digits.get(style, 0)}f}"


class Book:
    """A workbook in one language; use as a context manager, which writes the file at its end.

    `texts` is the part of the texts that its words come from.
    """

    def __init__(self, path: Path, plan: Plan, language: str, texts: str = "workbook") -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": "Arial", "font_size": 10},
        }
        self._workbook = xlsxwriter.Workbook(str(path), options)
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._sheets: list[Sheet] = []
        self.language = language
        self._texts = texts
        self.mark = f"{plan.id} · v{plan.version}"
        properties: dict[str, Any] = {"title": self.say("title"), "subject": self.mark}
        if plan.provenance.created_at is not None:
            properties["created"] = plan.provenance.created_at.replace(tzinfo=None)
        self._workbook.set_properties(properties)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            for sheet in self._sheets:
                sheet.finish()
            self._workbook.close()

    def say(self, key: str, **values: object) -> str:
        """A text of the workbook in its language."""
        return text(f"{self._texts}.{key}", self.language, **values)

    def word(self, key: str, **values: object) -> str:
        """A shared word, such as a weekday."""
        return text(f"words.{key}", self.language, **values)

    def style(self, *names: str, **properties: Any) -> Any:
        """The format that named styles and further properties make together."""
        key = (*names, *sorted(properties.items()))
        if key not in self._formats:
            merged: dict[str, Any] = {"font_name": _FONTS[self.language], "font_size": 10}
            for name in names:
                merged |= _STYLES[name]
            self._formats[key] = self._workbook.add_format(merged | properties)
        return self._formats[key]

    def add_sheet(self, key: str, is_landscape: bool = True) -> "Sheet":
        """A new sheet named by a text of the workbook."""
        sheet = Sheet(self, self._workbook.add_worksheet(self.say(key)), is_landscape)
        self._sheets.append(sheet)
        return sheet


class Sheet:
    """One sheet: cells by type, columns as wide as their content, A4 with a foot."""

    def __init__(self, book: Book, worksheet: Any, is_landscape: bool) -> None:
        self.book = book
        self._sheet = worksheet
        self._is_landscape = is_landscape
        self._widths: dict[int, float] = {}
        self._fixed: dict[int, float] = {}
        self._breaks: list[int] = []
        self._texts: list[tuple[int, int, str]] = []
        self._heights: set[int] = set()
        self._is_one_page = False
        worksheet.set_paper(9)
        if is_landscape:
            worksheet.set_landscape()
        worksheet.set_margins(_MARGIN_INCHES, _MARGIN_INCHES, 0.5, 0.6)
        foot = f"&L&8 {book.mark.replace('&', '&&')}&C&8 &A&R&8 &P / &N"  # a space ends the size
        worksheet.set_footer(foot, {"margin": 0.3, "scale_with_doc": False})
        worksheet.hide_gridlines(2)
        worksheet.center_horizontally()

    def put(self, row: int, column: int, value: Cell, *names: str, **properties: Any) -> None:
        """Write a cell by its Python type; text is never read as a formula."""
        style = self.book.style(*names, **properties)
        if value is None or value == "":
            self._sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            self._sheet.write_string(row, column, value[:_LONGEST_CELL], style)
            self.fit(column, display_width(value))
            self._texts.append((row, column, value))
        else:
            self._sheet.write_number(row, column, value, style)
            self.fit(column, max(len(_shown(value, name)) for name in (*names, "")))

    def merge(
        self, row: int, first: int, last: int, value: str, *names: str, **properties: Any
    ) -> None:
        """Write text across columns; it has no part in fitting their widths."""
        style = self.book.style(*names, **properties)
        if first == last:
            self._sheet.write_string(row, first, value, style)
            self._texts.append((row, first, value))
            return
        self._sheet.merge_range(row, first, row, last, "", style)
        self._sheet.write_string(row, first, value, style)

    def rich(self, row: int, first: int, last: int, parts: list[Any], style: Any) -> None:
        """Write text of several formats across columns."""
        if first < last:
            self._sheet.merge_range(row, first, row, last, "", style)
        self._sheet.write_rich_string(row, first, *parts, style)

    def fix_width(self, first: int, last: int, width: float) -> None:
        """Give columns a width, whatever they hold."""
        for column in range(first, last + 1):
            self._fixed[column] = width

    def height(self, row: int, points: float) -> None:
        """Give a row a height, which merged cells need."""
        self._sheet.set_row(row, points)
        self._heights.add(row)

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns left of a cell in sight."""
        self._sheet.freeze_panes(row, column)

    def repeat(self, head_row: int, last_column: int | None = None) -> None:
        """Repeat the head on every page, and the first columns where a sheet is wider than one."""
        self._sheet.repeat_rows(head_row)
        if last_column is not None:
            self._sheet.repeat_columns(0, last_column)

    def filter(self, head_row: int, last_row: int, last_column: int) -> None:
        """Let the reader filter a table."""
        self._sheet.autofilter(head_row, 0, max(last_row, head_row), last_column)

    def break_before(self, row: int) -> None:
        """Begin a new printed page."""
        if row > 0:
            self._breaks.append(row)

    def print_on_one_page(self) -> None:
        """Shrink to a single page."""
        self._is_one_page = True

    def finish(self) -> None:
        """Set widths, page breaks and scale; called once by the book."""
        widths = {c: self._fixed.get(c, w) for c, w in (self._widths | self._fixed).items()}
        for column, width in widths.items():
            self._sheet.set_column(column, column, width)
        self._fit_heights(widths)
        if self._is_one_page:
            self._sheet.fit_to_pages(1, 1)
            return
        page = _A4_INCHES[self._is_landscape] - 2 * _MARGIN_INCHES
        needed = sum(width * 7 + 5 for width in widths.values()) / _PIXELS_PER_INCH
        if 100 * page < _SMALLEST_SCALE * needed:
            self._sheet.set_print_scale(_SMALLEST_SCALE)
        else:
            self._sheet.fit_to_pages(1, 0)
        self._sheet.set_h_pagebreaks(self._breaks)

    def _fit_heights(self, widths: dict[int, float]) -> None:
        """Make rows of wrapped text high enough: not every program does so on opening."""
        lines: dict[int, int] = {}
        for row, column, value in self._texts:
            needed = n_lines(value, widths.get(column, _UNSET))
            lines[row] = max(lines.get(row, 1), min(needed, _MOST_LINES))
        for row, count in lines.items():
            if row not in self._heights and count > 1:
                self._sheet.set_row(row, count * LINE_POINTS + 2)

    def fit(self, column: int, width: float) -> None:
        """Let a column be at least as wide as a text of this many characters."""
        fitted = min(WIDEST, max(NARROWEST, width * 1.1 + 1.5))
        self._widths[column] = max(self._widths.get(column, NARROWEST), fitted)
