"""Opens a file of tables by its content, whatever its name says: text, Excel or OpenDocument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from routeplanner.domain.findings import Findings, Origin
from routeplanner.texts import text

Cell = str | float | int | bool | date | datetime | time | timedelta | None

MAX_BYTES = 50_000_000
MAX_CELLS = 30_000_000
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
FileKind = Literal[
    "pdf", "picture", "archive", "web_page", "json", "plain_text", "damaged",
    "missing", "folder", "locked",
]  # fmt: skip
"""What a file is that is no table, or why it cannot be opened, by the texts of `file_kinds`."""

_NOT_TABLES: dict[bytes, FileKind] = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}


class TableFault(Exception):  # noqa: N818
    """A file that cannot be read as tables: an issue's code and what its message needs."""

    def __init__(
        self,
        code: str,
        row: int | None = None,
        megabytes: int | None = None,
        kind: FileKind = "damaged",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.megabytes = megabytes
        self.kind = kind

    def tell(self, findings: Findings, file: str) -> None:
        """Note it as an issue of a file."""
        values: dict[str, object] = {"megabytes": self.megabytes}
        if self.code in ("FILE_NOT_FOUND", "UNREADABLE_FILE"):
            values["what"] = text(f"file_kinds.{self.kind}", findings.language)
        if self.code == "UNREADABLE_FILE":
            values["advice"] = text(f"file_kinds.{self.kind}_advice", findings.language)
        findings.error(self.code, Origin(file, self.row), None, **values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as a spreadsheet shows it: `rows[0]` is row 1."""

    name: str | None  # none: a text file
    rows: list[list[Cell]]
    encoding: str = "utf-8"  # of a text file

    @property
    def is_text(self) -> bool:
        """Whether every cell came as text, so that its number format has to be guessed."""
        return self.name is None


def read_sheets(path: Path, count_known: Callable[[Sequence[object]], int]) -> list[Sheet]:
    """All visible tables of a file; `count_known` tells how many headers a row names.

    Raises
    ------
    TableFault
        The file is missing, empty, too large, encrypted, wrongly encoded or no table at all.
    """
    from routeplanner.files.tables_text import read_text_sheet  # noqa: PLC0415
    from routeplanner.files.tables_workbook import read_workbook  # noqa: PLC0415

    content = _bytes_of(path)
    for beginning, kind in _NOT_TABLES.items():
        if content.startswith(beginning):
            raise TableFault("UNREADABLE_FILE", kind=kind)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return read_workbook(content)
    return [read_text_sheet(content, count_known)]


def not_opened(path: Path) -> TableFault:
    """The fault of a file that cannot be opened, and why."""
    kind: FileKind = "folder" if path.is_dir() else "locked" if path.exists() else "missing"
    return TableFault("FILE_NOT_FOUND", kind=kind)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise not_opened(path)
        if size > MAX_BYTES:
            raise TableFault("FILE_TOO_LARGE", megabytes=round(size / 1e6))
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise not_opened(path) from error
    if not content.strip():
        raise TableFault("EMPTY_FILE")
    return content
