"""Text tables: the separator and the quotes are found out from the content."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from routeplanner.files.tables import Cell, Sheet, TableFault
from routeplanner.files.text_encoding import decode

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 60
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\[])")


def read_text_sheet(content: bytes, count_known: Callable[[Sequence[object]], int]) -> Sheet:
    """The table of a CSV, TSV or text file; rows are counted as a spreadsheet shows them.

    Raises
    ------
    TableFault
        An encoding that cannot be told, a quote that is never closed, or no table.
    """
    text, encoding = decode(content)
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise TableFault("UNREADABLE_FILE", kind="web_page")
    if _JSON.match(text):
        raise TableFault("UNREADABLE_FILE", kind="json")
    separator, text = _declared_separator(text)
    if separator is None:
        separator = _separator(text, count_known)
    rows = _split(text, separator)
    if not any(cell.strip() for row in rows for cell in row):
        raise TableFault("EMPTY_FILE")
    if len(rows[-1]) and text.count('"') % 2:
        _refuse_open_quote(rows)
    cells: list[list[Cell]] = rows  # type: ignore[assignment]
    return Sheet(None, cells, encoding)


def _declared_separator(text: str) -> tuple[str | None, str]:
    """The separator of a first line `sep=;`, which Excel reads and does not show."""
    line, _, rest = text.partition("\n")
    line = line.strip().strip('"').lower()
    if line.startswith("sep=") and len(line) == 5:
        return line[4], rest
    return (None, text) if line != "sep=" else ("\t", rest)


def _separator(text: str, count_known: Callable[[Sequence[object]], int]) -> str:
    sample = text[:200_000]
    best: tuple[tuple[int, int, int], str] | None = None
    for separator in _SEPARATORS:
        try:
            rows = list(islice(_reader(sample, separator), _SAMPLE_ROWS))
        except csv.Error:
            continue
        known = max((count_known(row) for row in rows), default=0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, n_rows = widths.most_common(1)[0] if widths else (1, 0)
        rank = (known, n_rows, width)
        if best is None or rank > best[0]:
            best = (rank, separator)
    return best[1] if best else ","


def _split(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(_reader(text, separator))
    except csv.Error as error:
        raise TableFault("UNCLOSED_QUOTE", row=len(rows) + 1) from error
    return rows


def _reader(text: str, separator: str) -> "csv._reader":  # type: ignore[name-defined,unused-ignore]
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _refuse_open_quote(rows: list[list[str]]) -> None:
    """An odd number of quotes (inches) is harmless unless one swallowed the rows after it."""
    if any("\n" in cell or "\r" in cell for cell in rows[-1]):
        raise TableFault("UNCLOSED_QUOTE", row=len(rows))
