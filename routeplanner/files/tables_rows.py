"""Finds the table in a file: the sheet, the header row, and the rows that are records."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from routeplanner.domain.findings import Findings, Origin
from routeplanner.files.cells import RawCells, cell_text, is_blank
from routeplanner.files.headers import (
    Headers,
    TableKind,
    count_known,
    fields_of,
    is_decisive,
    match_headers,
    normalize,
)
from routeplanner.files.tables import WORKBOOKS, Cell, Sheet, TableFault, read_sheets
from routeplanner.files.text_encoding import WINDOWS_1252
from routeplanner.texts import text

# Each entry is satisfied by one of its alternatives, all of whose fields must be there.
_REQUIRED: dict[TableKind, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "stores": ((("id",),), (("lat", "lon"), ("lat_lon",))),
    "reps": ((("id",),), (("base_lat", "base_lon"), ("base_lat_lon",))),
    "appointments": ((("rep",),), (("weekday",),), (("start",),), (("end",),)),
    "matrix": ((("from_id",),), (("to_id",),), (("minutes",),), (("km",),)),
}
SHEET_NAMES: dict[TableKind, tuple[str, ...]] = {
    "stores": ("stores", "门店", "门店清单", "门店列表", "filialen", "kunden", "märkte"),
    "reps": ("reps", "客户主任", "业务员", "vertreter", "außendienst"),
    "appointments": ("appointments", "固定事项", "日程", "termine"),
    "matrix": ("matrix", "travel", "距离", "entfernungen"),
}
_HEADER_SEARCH_ROWS = 40
_TOTALS = re.compile(
    r"^(?:(?:grand |sub ?)?totals?|sums?|summen?|gesamt(?:summe|ergebnis)?|zwischensumme|insgesamt"
    r"|average|durchschnitt|合\s*计|总\s*计|小\s*计|共\s*计|平均|汇总)\s*[:：]?\s*(?:[(（].*)?$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(?:stand|quelle|source|note|hinweis|exported?|erstellt|printed|generated|page|seite|filter"
    r"|applied filters|制表|备注|打印|导出|数据来源|来源|说明|注|第.{1,3}页)\b|[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A record: its number as the spreadsheet shows it, and its cells."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """The records of one table and where its fields stand."""

    file: str  # name for issues; with the sheet where the workbook has several
    kind: TableKind
    headers: Headers
    header_row: int
    rows: list[Row]
    n_columns: int  # cells of the header row, up to the last header
    is_text: bool
    known: dict[str, dict[str, object]] = field(default_factory=dict, compare=False)
    """What texts of a field mean, as far as they were read."""

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of a field; none where the table has no such column or the row is short."""
        index = self.headers.columns.get(name)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def column(self, name: str) -> list[Cell]:
        """All cells of a field."""
        return [self.cell(row, name) for row in self.rows]

    def origin(self, row: Row) -> Origin:
        """Where a row stands, with its raw cells by field."""
        raw = RawCells(row.cells, self.headers.columns)
        return Origin(self.file, row.number, self.headers.names, raw)


@dataclass(frozen=True, slots=True)
class _Candidate:
    sheet: Sheet
    header_index: int  # 0-based
    headers: Headers
    n_known: int
    fits: bool


def read_table(
    path: Path,
    kind: TableKind,
    findings: Findings,
    *,
    mapping: Mapping[str, str],
    sheet: str | None = None,
    is_optional: bool = False,
    opened: dict[Path, list[Sheet]] | None = None,
) -> Table | None:
    """The table of a kind in a file, or none where an issue says why there is none.

    `is_optional` looks for a sheet that bears the kind's name and says nothing where there is none.
    `opened` keeps the content of files that hold several tables.
    """
    origin = Origin(path.name)
    opened = {} if opened is None else opened
    try:
        sheets = opened.get(path) or read_sheets(path, lambda c: count_known(c, kind, mapping))
        opened[path] = sheets
    except TableFault as fault:
        if not is_optional:
            fault.tell(findings, path.name)
        return None
    if is_optional:
        sheets_of_kind = [entry for entry in sheets if _is_named_for(entry, kind)]
        if len(sheets) < 2 or not sheets_of_kind:
            return None
        chosen = _candidate(sheets_of_kind[0], kind, mapping)
    else:
        found = _choose(sheets, kind, mapping, sheet, findings, origin)
        if found is None:
            return None
        chosen = found
    if chosen.sheet.encoding == WINDOWS_1252 and not is_optional:
        findings.warn("READ_AS_WINDOWS_1252", origin)
    if chosen.n_known < 2 and chosen.sheet.is_text and path.suffix.lower() in WORKBOOKS:
        TableFault("UNREADABLE_FILE", kind="plain_text").tell(findings, path.name)
        return None
    label = path.name if len(sheets) == 1 else f"{path.name}[{chosen.sheet.name}]"
    return _table(chosen, kind, label, findings, mapping, is_optional=is_optional)


def _choose(
    sheets: list[Sheet],
    kind: TableKind,
    mapping: Mapping[str, str],
    wanted: str | None,
    findings: Findings,
    origin: Origin,
) -> _Candidate | None:
    names = ", ".join(f"'{entry.name}'" for entry in sheets)
    if wanted is not None and not sheets[0].is_text:
        named = [s for s in sheets if s.name is not None and s.name.strip() == wanted.strip()]
        named = named or [s for s in sheets if normalize(s.name or "") == normalize(wanted)]
        if not named:
            findings.error("UNKNOWN_SHEET", origin, value=wanted, sheets=names)
            return None
        return _candidate(named[0], kind, mapping)
    candidates = [_candidate(entry, kind, mapping) for entry in sheets]
    fitting = [entry for entry in candidates if entry.fits]
    own = [entry for entry in fitting if _is_named_for(entry.sheet, kind)]
    others = [entry for entry in fitting if not _is_named_for_another(entry.sheet, kind)]
    fitting = own or others or fitting
    with_rows = [entry for entry in fitting if len(entry.sheet.rows) > entry.header_index + 1]
    fitting = with_rows or fitting
    if len(fitting) > 1:
        names = ", ".join(f"'{entry.sheet.name}'" for entry in fitting)
        findings.error("AMBIGUOUS_SHEET", origin, sheets=names)
        return None
    return fitting[0] if fitting else max(candidates, key=lambda entry: entry.n_known)


def _is_named_for(sheet: Sheet, kind: TableKind) -> bool:
    return normalize(sheet.name or "") in {normalize(name) for name in SHEET_NAMES[kind]}


def _is_named_for_another(sheet: Sheet, kind: TableKind) -> bool:
    return any(_is_named_for(sheet, other) for other in SHEET_NAMES if other != kind)


def _candidate(sheet: Sheet, kind: TableKind, mapping: Mapping[str, str]) -> _Candidate:
    best = (False, 0, 0)  # fits, known headers, - index
    for index, cells in enumerate(sheet.rows[:_HEADER_SEARCH_ROWS]):
        n_known = count_known(cells, kind, mapping)
        if n_known:
            fits = not _missing(match_headers(cells, kind, mapping), kind)
            best = max(best, (fits, n_known, -index))
    fits, n_known, index = best
    headers = match_headers(sheet.rows[-index], kind, mapping)
    return _Candidate(sheet, -index, headers, n_known, fits)


def _missing(headers: Headers, kind: TableKind) -> list[str]:
    missing: list[str] = []
    for alternatives in _REQUIRED[kind]:
        if not any(all(name in headers.columns for name in each) for each in alternatives):
            missing += [name for name in alternatives[0] if name not in headers.columns]
    return missing


def _table(
    chosen: _Candidate,
    kind: TableKind,
    label: str,
    findings: Findings,
    mapping: Mapping[str, str],
    *,
    is_optional: bool,
) -> Table | None:
    head = Origin(label, chosen.header_index + 1)
    if chosen.n_known < 2:
        first = _first_row(chosen.sheet)
        findings.error("NO_HEADER", Origin(label), headers=_listed(first))
        return None
    is_sound = _judge_headers(chosen, kind, head, findings, mapping)
    table = Table(
        label,
        kind,
        chosen.headers,
        chosen.header_index + 1,
        _records(chosen, head, findings),
        len(chosen.sheet.rows[chosen.header_index]),
        chosen.sheet.is_text,
    )
    if not table.rows and is_optional:
        return None
    if not table.rows:
        findings.error("EMPTY_FILE", Origin(label))
        return None
    return table if is_sound else None


def _first_row(sheet: Sheet) -> Sequence[Cell]:
    return next((row for row in sheet.rows if not all(map(is_blank, row))), [])


def _listed(cells: Sequence[Cell]) -> str:
    names = [f"'{cell_text(cell)[:40]}'" for cell in cells if not is_blank(cell)]
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")


def _judge_headers(
    chosen: _Candidate,
    kind: TableKind,
    head: Origin,
    findings: Findings,
    mapping: Mapping[str, str],
) -> bool:
    cells = chosen.sheet.rows[chosen.header_index]
    headers = chosen.headers
    is_sound = True
    for name in _missing(headers, kind):
        is_sound = False
        is_place = name.endswith(("lat", "lon"))
        findings.error(
            "MISSING_COLUMN",
            head,
            name,
            headers=_listed(cells),
            example=_likeliest(name, headers),
            more=text("issues.GEOCODE", findings.language) if is_place else "",
        )
    for name, rivals in headers.clashes.items():
        listed = ", ".join(f"'{rival}'" for rival in rivals)
        if is_decisive(name):
            is_sound = False
            findings.error("DUPLICATE_COLUMN", head, rivals[-1], field=name, headers=listed)
        else:
            findings.warn("DUPLICATE_COLUMN", head, rivals[-1], field=name, headers=listed)
    if kind == "stores":
        present = {normalize(str(cell)) for cell in cells if not is_blank(cell)}
        for header, name in mapping.items():
            if normalize(header) not in present and name in fields_of(kind):
                is_sound = False
                findings.error("UNKNOWN_HEADER", head, header, headers=_listed(cells))
    return is_sound


def _likeliest(name: str, headers: Headers) -> str:
    """The unknown header that looks most like a field, for the example of `--map`."""
    by_key = {normalize(header): header for header in headers.others.values()}
    ending = [header for key, header in by_key.items() if key.endswith(normalize(name))]
    close = get_close_matches(normalize(name), list(by_key), n=1, cutoff=0.5)
    if ending:
        return ending[0]
    return by_key[close[0]] if close else "THEIR HEADER"


def _records(chosen: _Candidate, head: Origin, findings: Findings) -> list[Row]:
    """The rows below the header that are records: no blank, totals, footer or repeated header."""
    rows = chosen.sheet.rows
    header = [cell_text(cell) for cell in rows[chosen.header_index]]
    named = sorted([*chosen.headers.columns.values(), *chosen.headers.others])
    is_text = chosen.sheet.is_text
    columns = chosen.headers.columns
    places = [columns[n] for n in ("lat", "lon", "lat_lon", "from_id", "weekday") if n in columns]
    records: list[Row] = []
    for index in range(chosen.header_index + 1, len(rows)):
        cells = rows[index]
        # A note beside the table is no record; in a text file it may be a row gone wrong.
        if all(map(is_blank, cells if is_text else [cells[i] for i in named if i < len(cells)])):
            continue
        row = Row(index + 1, cells)
        if (aside := _aside(row, header, columns, places)) is not None:
            shown = next(cell_text(cell) for cell in cells if not is_blank(cell))
            findings.warn(aside, Origin(head.file, row.number), value=shown)
        else:
            records.append(row)
    return _without_footer(records, len(header), head, findings)


def _aside(
    row: Row, header: list[str], columns: Mapping[str, int], places: Sequence[int]
) -> str | None:
    """The code of the note for a row that is no record; none for a record.

    `places` are columns that a record fills.
    """
    first = next(cell for cell in row.cells if not is_blank(cell))
    if cell_text(first) in header and [cell_text(c) for c in row.cells][: len(header)] == header:
        return "REPEATED_HEADER_SKIPPED"
    for index in places:
        if index < len(row.cells) and not is_blank(row.cells[index]):
            return None
    keys = [columns[name] for name in ("id", "name", "rep") if name in columns]
    labels = [first, *(row.cells[i] for i in keys if i < len(row.cells))]
    has_id = "id" in columns and not is_blank(_at(row, columns["id"]))
    is_total = any(isinstance(c, str) and _TOTALS.match(_plain(c)) for c in labels)
    if is_total and (not has_id or _TOTALS.match(_plain(cell_text(_at(row, columns["id"]))))):
        return "TOTALS_ROW_SKIPPED"
    return None


def _at(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else None


def _plain(label: str) -> str:
    return unicodedata.normalize("NFKC", label).strip()


def _without_footer(records: list[Row], width: int, head: Origin, findings: Findings) -> list[Row]:
    """Drops lines such as `Stand: 01.03.2026` below a table of several columns."""
    while records and width > 2:
        filled = [cell for cell in records[-1].cells if not is_blank(cell)]
        is_footer = (
            len(filled) == 1 and isinstance(filled[0], str) and _FOOTER.search(_plain(filled[0]))
        )
        if not is_footer:
            break
        row = records.pop()
        findings.warn(
            "FOOTER_ROW_SKIPPED", Origin(head.file, row.number), value=cell_text(filled[0])
        )
    return records
