"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS through calamine."""

import io
import zipfile

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from routeplanner.files.tables import MAX_CELLS, Cell, Sheet, TableFault

_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MAX_UNPACKED = 1_000_000_000


def read_workbook(content: bytes) -> list[Sheet]:
    """All visible sheets that hold anything.

    Raises
    ------
    TableFault
        The workbook is encrypted, damaged, too large or empty.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED_OFFICE in content:
        raise TableFault("PASSWORD_PROTECTED")
    if content.startswith(b"PK"):
        _look_into(content)
    try:
        sheets = _sheets(content)
    except (TableFault, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as error:
        raise TableFault("PASSWORD_PROTECTED") from error
    except BaseException as error:  # a Rust panic on a damaged file is no Exception
        if "password" in str(error).lower():
            raise TableFault("PASSWORD_PROTECTED") from error
        raise TableFault("UNREADABLE_FILE") from error
    if not sheets:
        raise TableFault("EMPTY_FILE")
    return sheets


def _look_into(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(info.file_size for info in archive.infolist()) > _MAX_UNPACKED:
                raise TableFault("FILE_TOO_LARGE", megabytes=_MAX_UNPACKED // 10**6)
            manifest = b""
            if "META-INF/manifest.xml" in names:
                manifest = archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise TableFault("UNREADABLE_FILE") from error
    if b"encryption-data" in manifest:
        raise TableFault("PASSWORD_PROTECTED")
    if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise TableFault("UNREADABLE_FILE", kind="archive")


def _sheets(content: bytes) -> list[Sheet]:
    found: list[Sheet] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for info in book.sheets_metadata:
            if info.typ != SheetTypeEnum.WorkSheet or info.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(info.name)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise TableFault("FILE_TOO_LARGE", megabytes=round(len(content) / 1e6))
            rows: list[list[Cell]] = [[*row] for row in sheet.to_python(skip_empty_area=False)]
            if any(cell not in ("", None) for row in rows for cell in row):
                found.append(Sheet(info.name, rows))
    return found
