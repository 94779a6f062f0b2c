"""Reads single cells as exports hold them: texts, ids, numbers, positions, known words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import isinf, isnan

from routeplanner.files.tables import Cell

_UNKNOWN = {
    "", "-", "--", "—", "–", "/", "\\", ".", "nan", "n/a", "#n/a", "na", "null", "none", "nil",
    "?", "unknown", "unbekannt", "k.a.", "k. a.", "keine", "keine angabe", "无", "未知", "暂无",
    "空", "不详", "(blank)", "(leer)",
}  # fmt: skip
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_SCALES = {
    "万": 10_000, "萬": 10_000, "亿": 100_000_000, "千": 1000, "k": 1000, "tsd": 1000,
    "tsd.": 1000, "mio": 1_000_000, "mio.": 1_000_000, "m": 1_000_000,
}  # fmt: skip
_CURRENCY = re.compile(
    r"[€$£¥￥]|\b(?:eur|euro|usd|rmb|cny|chf|gbp|hkd|us)\b|人民币|元|块|台|件|个|家|部|套"
    r"|\b(?:pcs|units?|stk|stück|stueck|st)\b\.?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"(?<=\d)[\s'’`´](?=\d{3}(?!\d))")
_SCALE = re.compile(r"^(.*?\d)\s*(万|萬|亿|千|k|tsd\.?|mio\.?|m)$", re.IGNORECASE)
_NUMBER = re.compile(r"^[+-]?(?:\d[\d.,]*|[.,]\d+)(?:e[+-]?\d+)?$", re.IGNORECASE)
_GROUPED_DOTS = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+$")
_GROUPED_COMMAS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{2,3})*,\d{3}$")
_SURE = re.compile(r"^[+-]?[0-9]+(?:([.,])(?:[0-9]{1,2}|[0-9]{4,}))?$")  # no thousands mark in it
_PLAIN_DEGREES = re.compile(r"^[+-]?[0-9]{1,3}(?:\.[0-9]*)?$")
_DEGREES = re.compile(
    r"^([NSEWO])?\s*([+-]?\d+(?:[.,]\d+)?)\s*°?\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*)?"
    r"(?:(\d+(?:[.,]\d+)?)\s*(?:\"|″|”|'')\s*)?°?\s*([NSEWO])?$",
    re.IGNORECASE,
)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Cell) -> str:  # noqa: PLR0911
    """A cell as the spreadsheet shows it: whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return repr(cell) if isinstance(cell, float) else str(cell)


@dataclass(frozen=True, slots=True)
class RawCells(Mapping[str, str]):
    """The cells of a row by field, as the spreadsheet shows them: only faults ask for them."""

    cells: Sequence[Cell]
    columns: Mapping[str, int]

    def __getitem__(self, name: str) -> str:
        """The text of a field; KeyError where the row is too short."""
        index = self.columns[name]
        if index >= len(self.cells):
            raise KeyError(name)
        return cell_text(self.cells[index])

    def __iter__(self) -> Iterator[str]:
        """The fields for which the row has a cell."""
        return (name for name, index in self.columns.items() if index < len(self.cells))

    def __len__(self) -> int:
        """How many fields the row has a cell for."""
        return sum(index < len(self.cells) for index in self.columns.values())


def read_text(cell: Cell) -> str | None:
    """The text of a cell; none where it says that nothing is known (nan, -, n/a, 无)."""
    text = cell_text(cell)
    if not text:
        return None
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub("", text).replace("\u00a0", " ").strip()
    if len(text) < 14 and text.casefold() in _UNKNOWN:
        return None
    return text


def read_id(cell: Cell) -> str | None:
    """An id with its leading zeros; full-width characters become plain, `="007"` becomes 007."""
    text = read_text(cell)
    if text is None:
        return None
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    text = unicodedata.normalize("NFKC", text).lstrip("'").strip()
    return text or None


def is_mangled_id(text: str) -> bool:
    """Whether a spreadsheet has turned a long id into a rounded number."""
    return bool(re.fullmatch(r"\d[.,]\d+E\+\d+", text))


def decimal_mark(cells: Iterable[Cell], *, is_amount: bool = False) -> str:
    """The mark that parts the decimals of a column, found from its unambiguous numbers.

    Where every mark of a column of amounts stands before three digits (1.234, 950) it parts
    thousands; a column of other numbers then has decimal points.
    """
    counts = {".": 0, ",": 0}
    doubtful = {".": 0, ",": 0}
    for cell in cells:
        if isinstance(cell, str) and ("." in cell or "," in cell):
            sure = _SURE.match(cell)
            plain = cell if sure else _plain_number(cell)[0]
            mark = sure[1] if sure else _decimal_mark(plain)
            if mark is not None:
                counts[mark] += 1
            else:
                doubtful["." if "." in plain else ","] += 1
    if counts["."] != counts[","]:
        return "." if counts["."] > counts[","] else ","
    return "," if is_amount and doubtful["."] > doubtful[","] else "."


def read_number(cell: Cell, mark: str = ".") -> float | None:
    """A number with any thousands mark, currency or 万; none where unknown.

    `mark` parts the decimals where the cell alone does not tell (1.234).

    Raises
    ------
    ValueError
        Not a number.
    """
    if isinstance(cell, (bool, date, time, timedelta)):
        raise ValueError("not a number")
    if isinstance(cell, (int, float)):
        return _finite(float(cell))
    text = read_text(cell)
    if text is None:
        return None
    if _SURE.match(text):
        return _finite(float(text.replace(",", ".")))
    return _parse_number(text, mark)


@lru_cache(maxsize=100_000)
def _parse_number(text: str, mark: str) -> float | None:
    plain, scale = _plain_number(text)
    if plain.casefold() in _UNKNOWN:
        return None
    if not _NUMBER.match(plain):
        raise ValueError("not a number")
    own = _decimal_mark(plain)
    if own is None and (_GROUPED_DOTS.match(plain) or _GROUPED_COMMAS.match(plain)):
        used = "." if "." in plain else ","
        # One group of three digits may be decimals or thousands; two groups are thousands.
        own = used if plain.count(used) == 1 and used == mark else "," if used == "." else "."
    decimal = own or mark
    thousands = "," if decimal == "." else "."
    whole = re.split(r"[eE]", plain.partition(decimal)[0])[0]
    if plain.count(decimal) > 1 or thousands in plain.partition(decimal)[2]:
        raise ValueError("not a number")
    if thousands in whole and not _GROUPED.match(whole.replace(thousands, ",")):
        raise ValueError("not a number")
    return _finite(float(plain.replace(thousands, "").replace(decimal, ".")) * scale)


def _plain_number(text: str) -> tuple[str, float]:
    """Digits and marks without currency, spaces and brackets, and the scale of a 万 after them."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")
    plain = _CURRENCY.sub("", plain).strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1].strip()
    if len(plain) > 1 and plain.endswith("-") and plain[-2] in ",.":
        plain = plain[:-2]  # 12,- is a price without cents
    elif len(plain) > 1 and plain.endswith("-"):
        plain = "-" + plain[:-1].strip()
    scale = 1.0
    if match := _SCALE.match(plain):
        plain, scale = match[1], _SCALES[match[2].lower()]
    plain = _SPACES.sub("", plain)
    return re.sub(r"^([+-])\s+", r"\1", plain), scale


def _decimal_mark(plain: str) -> str | None:
    """The decimal mark that a number shows beyond doubt."""
    dot, comma = plain.rfind("."), plain.rfind(",")
    if dot < 0 and comma < 0:
        return None
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    used = "." if dot >= 0 else ","
    if plain.count(used) > 1:
        return "," if used == "." else "."
    after = len(plain) - plain.rfind(used) - 1
    before = plain.lstrip("+-").index(used)
    is_grouped = after == 3 and 1 <= before <= 3 and not plain.lstrip("+-").startswith("0")
    return None if is_grouped else used


def read_degrees(cell: Cell, letters: str = "NSEWO") -> float | None:
    """Degrees as a number, with a hemisphere letter or as degrees, minutes and seconds.

    A single comma or dot always parts decimals here. None where unknown. `letters` are the
    hemispheres that it may name: a latitude in the column of longitudes is none.

    Raises
    ------
    ValueError
        Not a coordinate.
    """
    if isinstance(cell, (bool, date, time, timedelta)):
        raise ValueError("not a coordinate")
    if isinstance(cell, (int, float)):
        return _finite(float(cell))
    text = read_text(cell)
    if text is None:
        return None
    if _PLAIN_DEGREES.match(text):
        return float(text)
    match = _DEGREES.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError("not a coordinate")
    before, whole, minutes, seconds, after = match.groups()
    value = float(whole.replace(",", "."))
    rest = float((minutes or "0").replace(",", ".")) / 60
    rest += float((seconds or "0").replace(",", ".")) / 3600
    value += -rest if whole.startswith("-") else rest
    named = f"{before or ''}{after or ''}".upper()
    if len(named) > 1 or named not in letters or (named and whole.startswith("-")):
        raise ValueError("not a coordinate of these hemispheres")
    return -value if named in ("S", "W") else value


def split_pair(cell: Cell) -> tuple[str, str] | None:
    """The two numbers of a combined `lat,lon` cell; none where unknown.

    Raises
    ------
    ValueError
        Not two numbers.
    """
    text = read_text(cell)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]{} ")
    if match := re.match(r"^POINT\s*Z?\s*\(?\s*([-\d.]+)\s+([-\d.]+)", plain, re.IGNORECASE):
        return match[2], match[1]
    for pattern in (r"\s*[;|/、]\s*", r"\s*,\s+", r"\s+", r","):
        parts = [part for part in re.split(pattern, plain) if part]
        if len(parts) == 2:
            return parts[0].rstrip(","), parts[1]
    if plain.count(",") == 3:  # 52,5,13,4: decimal commas
        a, b, c, d = plain.split(",")
        return f"{a},{b}", f"{c},{d}"
    raise ValueError("not a pair of coordinates")


def read_choice(cell: Cell, words: Mapping[str, str]) -> str | None:
    """The value that a word stands for; none where unknown.

    Raises
    ------
    ValueError
        None of the words.
    """
    text = read_text(cell)
    if text is None:
        return None
    key = unicodedata.normalize("NFKC", text).casefold().strip(" .")
    if key not in words:
        raise ValueError("not one of the known words")
    return words[key]


def _finite(value: float) -> float | None:
    if isnan(value):
        return None
    if isinf(value):
        raise ValueError("not a number")
    return value
