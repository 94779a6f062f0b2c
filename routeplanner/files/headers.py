"""Recognizes columns by their headers: English, Chinese, German, or named by `--map`."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

TableKind = Literal["stores", "reps", "appointments", "matrix", "routes", "visits"]

_BRACKETS = re.compile(r"[(\[{（【<].*?[)\]}）】>]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}年?(?:度)?")
_UNITS = {
    "eur", "euro", "usd", "rmb", "cny", "chf", "gbp", "teur", "min", "minutes", "minuten", "mins",
    "stk", "stueck", "pcs", "units", "km", "monat", "month", "jahr", "year", "元", "万元", "分钟",
    "台", "件", "公里", "in", "per", "pro", "je", "avg", "oe", "wgs84", "gcj02", "bd09", "dezimal",
}  # fmt: skip
_SALES_PARTS = ("销量", "销售额", "销售量", "营业额", "umsatz", "revenue", "turnover", "sales")
_NOT_SALES = (
    "rep", "person", "man", "area", "region", "manager", "人员", "代表", "mitarbeiter", "gebiet",
    "rank", "排名", "rang", "share", "占比", "anteil", "growth", "增长", "wachstum", "target",
    "目标", "ziel", "plan", "计划", "date", "日期", "datum", "cum", "累计", "class", "klasse",
    "office", "channel", "渠道", "percent", "prozent", "note", "org",
)  # fmt: skip
# Words that name a field only where no fuller header does ("Nr" is often a mere row counter).
_WEAK = {
    "no", "nr", "code", "number", "nummer", "编号", "编码", "代码", "x", "y", "store", "shop",
    "outlet", "branch", "customer", "门店", "店铺", "终端", "客户", "filiale", "kunde", "markt",
    "laden", "geschaeft", "type", "typ", "art", "hours", "minutes", "standort", "gps", "geo",
    "position", "销售", "owner", "category", "kategorie", "day", "tag", "duration", "dauer", "base",
    "breite", "laenge", "visits", "besuche", "closed", "center", "mitarbeiter", "代表", "系统",
}  # fmt: skip
# A wrong guess between two columns of one of these fields would change the plan.
_DECISIVE = {
    "id", "lat", "lon", "lat_lon", "sales", "class", "rep", "frequency", "service_minutes", "kind",
    "status", "opening_hours", "visit_hours", "avoid_hours", "closed_days", "pinned_days",
    "base_lat", "base_lon", "hours", "start", "end", "days", "weekday", "weeks", "from_id", "to_id",
    "minutes", "km",
}  # fmt: skip


_PAIRS = (("lat", "lon", "lat_lon"), ("base_lat", "base_lon", "base_lat_lon"))


@dataclass(frozen=True, slots=True)
class Headers:
    """Which column holds which field; `clashes` are fields that two columns name equally well."""

    columns: Mapping[str, int]  # field -> index
    names: Mapping[str, str]  # field -> header as in the file
    others: Mapping[int, str]  # index -> header that names no field
    clashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_chinese(self) -> bool:
        """Whether most recognized headers are Chinese."""
        chinese = sum(has_chinese(name) for name in self.names.values())
        return chinese * 2 > len(self.names)


def fields_of(kind: TableKind) -> tuple[str, ...]:
    """Every field that a table may have, in the order of the documentation."""
    return tuple(_catalog()[kind])


def is_decisive(name: str) -> bool:
    """Whether two columns for this field must be told apart by the user."""
    return name in _DECISIVE


def has_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def count_known(cells: Sequence[object], kind: TableKind, mapping: Mapping[str, str]) -> int:
    """How many different fields the cells of a row name; used to find the header row."""
    mapped = {normalize(header): name for header, name in mapping.items()}
    found = set()
    for cell in cells:
        if isinstance(cell, str) and cell and len(cell) < 80:
            key = normalize(cell)
            name = mapped.get(key) or _recognize(kind, cell)[0]
            if name:
                found.add(name)
    return len(found)


def match_headers(cells: Sequence[object], kind: TableKind, mapping: Mapping[str, str]) -> Headers:
    """The fields of a header row; where two columns name a field, the plainer name wins."""
    mapped = {normalize(header): name for header, name in mapping.items()}
    candidates: dict[str, list[tuple[int, int]]] = {}  # field -> (level, index)
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    for index, header in enumerate(texts):
        if not header:
            continue
        name = mapped.get(normalize(header))
        level = 0
        if name is None:
            name, level = _recognize(kind, header)
        if name is not None:
            candidates.setdefault(name, []).append((level, index))
    columns: dict[str, int] = {}
    clashes: dict[str, tuple[str, ...]] = {}
    for name, found in candidates.items():
        found.sort()
        columns[name] = found[0][1]
        rivals = [index for level, index in found if level == found[0][0]]
        if len(rivals) > 1:
            clashes[name] = tuple(texts[index] for index in rivals)
    for first, second, both in _PAIRS:
        if first in columns and second in columns:
            columns.pop(both, None)
            clashes.pop(both, None)
    taken = set(columns.values())
    return Headers(
        columns=columns,
        names={name: texts[index] for name, index in columns.items()},
        others={i: header for i, header in enumerate(texts) if header and i not in taken},
        clashes=clashes,
    )


@lru_cache(maxsize=4096)
def normalize(header: str) -> str:
    """Letters and digits only, lower case, umlauts written out, full width made half width."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, letters)
    return "".join(character for character in plain if character.isalnum())


@lru_cache(maxsize=4096)
def _recognize(kind: TableKind, header: str) -> tuple[str | None, int]:
    """The field that a header names and how plainly: 1 its own name, 2 a synonym, 3, 4 less so."""
    names = _names(kind)
    key = normalize(header)
    if key in names:
        name = names[key]
        if normalize(name) == key:
            return name, 1
        return name, 3 if key in _WEAK else 2
    reduced = _without_units(header)
    if reduced in names:
        return names[reduced], 3
    if kind == "stores" and _is_sales(key):
        return "sales", 4
    return None, 0


def _without_units(header: str) -> str:
    plain = _YEAR.sub(" ", _BRACKETS.sub(" ", unicodedata.normalize("NFKC", header)))
    words = re.split(r"[\W_]+", plain.casefold())
    return normalize("".join(word for word in words if normalize(word) not in _UNITS))


def _is_sales(key: str) -> bool:
    return any(part in key for part in _SALES_PARTS) and not any(x in key for x in _NOT_SALES)


@cache
def _names(kind: TableKind) -> dict[str, str]:
    return {
        normalize(synonym): name
        for name, synonyms in reversed(_catalog()[kind].items())
        for synonym in [*synonyms, name]
    } | {normalize(name): name for name in _catalog()[kind]}


@cache
def _catalog() -> dict[TableKind, dict[str, list[str]]]:
    content = files(__package__).joinpath("headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)  # type: ignore[return-value]
