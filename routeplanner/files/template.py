"""What `routeplanner init DIR` writes: an empty workbook to fill in, and a commented policy."""

from pathlib import Path

import xlsxwriter

from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.files.headers import TableKind, fields_of
from routeplanner.files.policy import preset_text
from routeplanner.texts import text

WORKBOOK_NAME = "stores.xlsx"
POLICY_NAME = "policy.toml"
_SHEETS: tuple[TableKind, ...] = ("stores", "reps", "appointments")
_REQUIRED = {
    "stores": {"id", "name", "lat", "lon", "sales"},
    "reps": {"id", "base_lat", "base_lon"},
    "appointments": {"rep", "weekday", "start", "end"},
}
# Read where a file has them, but not asked of somebody who starts from nothing.
_NOT_OFFERED = {
    "lat_lon", "base_lat_lon", "street", "house_number", "postal_code", "city", "coord_source",
}  # fmt: skip
_CHOICES = {
    ("stores", "kind"): ["store", "headquarters"],
    ("stores", "status"): ["open", "new", "suspended", "closed"],
    ("reps", "mode"): ["car", "e-bike", "walk"],
    ("reps", "start_at"): ["base", "store"],
    ("reps", "end_at"): ["base", "store"],
    ("appointments", "weekday"): ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
}
_LAST_ROW = 5000
# Excel must not turn ids into numbers or 1/2weeks into dates.
_AS_TEXT = {
    "id", "rep", "phone", "frequency", "opening_hours", "visit_hours", "avoid_hours", "weeks",
    "closed_days", "pinned_days", "hours", "days", "lunch_between",
}  # fmt: skip


def write_template(folder: Path, language: Language = "en") -> tuple[Path, Path]:
    """Writes the workbook and the policy into a folder; files that are there are not overwritten.

    Raises
    ------
    InputError
        One of the two files is there already.
    """
    paths = folder / WORKBOOK_NAME, folder / POLICY_NAME
    issues = [_is_there(path, language) for path in paths if path.exists()]
    if issues:
        raise InputError(issues)
    folder.mkdir(parents=True, exist_ok=True)
    _write_workbook(paths[0], language)
    paths[1].write_text(preset_text("handbook"), encoding="utf-8")
    return paths


def _is_there(path: Path, language: Language) -> Issue:
    return Issue(
        code="FILE_EXISTS",
        path=path.name,
        message=text("issues.FILE_EXISTS", language, file=path.name),
        hint=text("issues.FILE_EXISTS_HINT", language),
        file=path.name,
    )


def _write_workbook(path: Path, language: Language) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        needed = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        as_text = book.add_format({"num_format": "@"})
        for kind in _SHEETS:
            sheet = book.add_worksheet(kind)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(_columns(kind)):
                is_needed = name in _REQUIRED[kind]
                sheet.write_string(0, column, name, needed if is_needed else bold)
                sheet.write_comment(
                    0, column, text(f"columns.{kind}_{name}", language), {"x_scale": 2.5}
                )
                style = as_text if name in _AS_TEXT else None
                sheet.set_column(column, column, max(10, len(name) + 3), style)
                if (kind, name) in _CHOICES:
                    sheet.data_validation(
                        1,
                        column,
                        _LAST_ROW,
                        column,
                        {
                            "validate": "list",
                            "source": _CHOICES[kind, name],
                            "error_type": "warning",
                        },
                    )
        _write_explanations(book, language)


def _write_explanations(book: xlsxwriter.Workbook, language: Language) -> None:
    """The same explanations as a sheet to read or print."""
    sheet = book.add_worksheet(text("columns.sheet", language))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 100, wrap)
    row = 0
    for kind in _SHEETS:
        for name in _columns(kind):
            sheet.write_string(row, 0, f"[{kind}]")
            style = bold if name in _REQUIRED[kind] else None
            sheet.write_string(row, 1, f"[{name}]", style)
            sheet.write_string(row, 2, text(f"columns.{kind}_{name}", language))
            row += 1


def _columns(kind: TableKind) -> list[str]:
    return [name for name in fields_of(kind) if name not in _NOT_OFFERED]
