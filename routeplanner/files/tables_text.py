"""Text tables: the encoding, the separator and the quotes are found out from the content."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from routeplanner.files.tables import Cell, Sheet, TableFault

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 60
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text_sheet(content: bytes, count_known: Callable[[Sequence[object]], int]) -> Sheet:
    """The table of a CSV, TSV or text file; rows are counted as a spreadsheet shows them.

    Raises
    ------
    TableFault
        An encoding that cannot be told, a quote that is never closed, or no table.
    """
    text = decode(content)
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise TableFault("UNREADABLE_FILE")
    separator, text = _declared_separator(text)
    if separator is None:
        separator = _separator(text, count_known)
    rows = _split(text, separator)
    if not any(cell.strip() for row in rows for cell in row):
        raise TableFault("EMPTY_FILE")
    if len(rows[-1]) and text.count('"') % 2:
        _refuse_open_quote(rows)
    cells: list[list[Cell]] = rows  # type: ignore[assignment]
    return Sheet(None, cells)


def decode(content: bytes) -> str:
    """The text of UTF-8, UTF-16, UTF-32 or GB18030 bytes, without a byte order mark.

    Raises
    ------
    TableFault
        None of these; Western single-byte text is refused, for it would read as wrong Chinese.
    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    zeros = content[:4096].count(0)
    try:
        if encoding is not None:
            return _checked(content.decode(encoding).lstrip("\ufeff"))
        if zeros:
            is_little = content[1:4096:2].count(0) >= content[0:4096:2].count(0)
            return _checked(content.decode("utf-16-le" if is_little else "utf-16-be"))
    except UnicodeDecodeError as error:
        raise TableFault("WRONG_ENCODING") from error
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise TableFault("WRONG_ENCODING") from error
    if not _is_chinese(text):
        raise TableFault("WRONG_ENCODING")
    return _checked(text)


def _checked(text: str) -> str:
    sample = text[:4096]
    strange = sum(ch < " " and ch not in "\t\r\n\v\f\x1a" for ch in sample)
    if strange * 20 > len(sample):
        raise TableFault("WRONG_ENCODING")
    # A lone surrogate of broken UTF-16 could be read but never written again.
    if any("\ud800" <= ch <= "\udfff" for ch in sample):
        raise TableFault("WRONG_ENCODING")
    return text


def _is_chinese(text: str) -> bool:
    """Whether text read as GB18030 looks like it: common characters have two high bytes.

    An umlaut of a Western encoding swallows the ASCII letter after it, and so shows itself.
    """
    foreign = list(islice((ch for ch in text if ch > "\x7f"), 2000))
    swallowed = sum(any(byte < 0x80 for byte in ch.encode("gb18030")) for ch in foreign)
    return swallowed * 5 <= len(foreign)


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
