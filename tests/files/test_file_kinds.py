"""Files that are no tables, or cannot be opened: the message says what they are."""

import io
import zipfile
from pathlib import Path

import pytest

from routeplanner.files.inputs import read_inputs


def test_missing_file(tmp_path: Path) -> None:
    draft = read_inputs(tmp_path / "nothing.csv")
    assert [(i.code, i.file) for i in draft.issues] == [("FILE_NOT_FOUND", "nothing.csv")]
    assert draft.issues[0].message == "nothing.csv is not there"
    (folder,) = read_inputs(tmp_path).issues
    assert folder.message == f"{tmp_path.name} is a folder"


def _zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "what", "advice"),
    [
        ("list.xlsx", b"%PDF-1.7 table", "a PDF", "ask for the list as XLSX or CSV"),
        ("list.csv", b"\x89PNG\r\n", "a picture", "ask for the list as XLSX or CSV"),
        ("list.xlsx", _zipped("a.txt"), "an archive", "unpack it"),
        ("list.xlsx", _zipped("xl/workbook.xml"), "a damaged workbook", "export the list again"),
        ("list.xls", b"<html><table></table></html>", "a web page", "save it as XLSX"),
        ("plan.json", b'{\n  "id": "7f3a"\n}', "JSON", "give the list as CSV or XLSX"),
        ("rows.json", b'[{"id": "7f3a"}]', "JSON", "give the list as CSV or XLSX"),
        ("junk.xlsx", b"no spreadsheet at all\n", "plain text", "export the list again"),
    ],
)
def test_a_file_that_is_no_table_is_called_what_it_is(
    tmp_path: Path, name: str, content: bytes, what: str, advice: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (issue,) = read_inputs(tmp_path / name).issues
    assert issue.code == "UNREADABLE_FILE"
    assert what in issue.message
    assert advice in issue.hint


def test_a_table_of_text_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_text("id,name,lat,lon\n1,One,52.5,13.4\n", encoding="utf-8")
    assert not read_inputs(tmp_path / "list.xlsx").issues
