"""Encodings are told apart, or refused: no file is read as wrong letters without a word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.findings import Findings
from routeplanner.files.inputs import read_inputs
from routeplanner.files.policy import load_policy, read_policy
from routeplanner.files.tables import TableFault
from routeplanner.files.text_encoding import WINDOWS_1252, decode

GERMAN = (
    "Filialnummer;Bezeichnung;Breitengrad;Längengrad;Umsatz;Straße\n"
    "1;Süßwaren Müller;52,53;13,40;1,5;Große Straße 5\n2;Öl & Übersee;52,54;13,41;2;ÖPNV-Platz\n"
)


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [(GERMAN, "cp1252", WINDOWS_1252), ("id;Süßes\n1;x\n", "cp1252", WINDOWS_1252),
     ("Café Élysée;à la crème;Noël", "cp1252", WINDOWS_1252), ("12 €;id", "cp1252", WINDOWS_1252),
     ("id;ÖPNV;GRÖSSE;Ä", "cp1252", WINDOWS_1252), ("Åse;Ærø;Ødegård", "cp1252", WINDOWS_1252),
     ("Señor – “El Niño”", "cp1252", WINDOWS_1252), ("plain", "cp1252", "utf-8"),
     ("id,name\n1,鑫\n", "gb18030", "gb18030"), ("店", "gb18030", "gb18030"),
     ("门店编号,门店名称\n1,Café一店", "gb18030", "gb18030"), (GERMAN, "utf-8", "utf-8"),
     ("1,Shop 鑫鑫 A,x", "gb18030", "gb18030"), (GERMAN, "utf-16", "utf-16")],
)  # fmt: skip
def test_found(text: str, written: str, read: str) -> None:
    assert decode(text.encode(written)) == (text, read)


@pytest.mark.parametrize(
    ("text", "written"),
    [(GERMAN, "mac_roman"), (GERMAN, "cp850"), ("Wałbrzych;Kęty;Łódź", "cp1250"),
     ("номер;название;широта", "cp1251"), ("κωδικός;όνομα", "cp1253"),
     ("日本語テキスト,店舗", "shift_jis")],
)  # fmt: skip
def test_refused(text: str, written: str) -> None:
    with pytest.raises(TableFault) as caught:
        decode(text.encode(written))
    assert caught.value.code == "WRONG_ENCODING"


COMMON = [
    bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)
]


@given(
    st.text(st.sampled_from(COMMON), min_size=1), st.text(alphabet="abcdefgh ,;\n12", min_size=1)
)
def test_chinese_is_never_read_as_western(chinese: str, other: str) -> None:
    text = f"编号,名称\n{other}{chinese}{other}"
    assert decode(text.encode("gb18030")) in [(text, "gb18030"), (text, "utf-8")]


@given(st.lists(st.sampled_from(("Müller", "Straße", "Süß", "Öl", "Größe", "an", "x1", "München"))))
def test_german_is_never_read_as_chinese(words: list[str]) -> None:
    text = ";".join(words)
    assert decode(text.encode("cp1252"))[0] == text


def test_a_list_as_german_excel_saves_it_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "stores.csv"
    path.write_bytes(GERMAN.replace("\n", "\r\n").encode("cp1252"))
    draft = read_inputs(path)
    assert [store.name for store in draft.stores] == ["Süßwaren Müller", "Öl & Übersee"]
    assert [store.address for store in draft.stores] == ["Große Straße 5", "ÖPNV-Platz"]
    assert [(i.code, i.severity, i.file) for i in draft.issues] == [
        ("READ_AS_WINDOWS_1252", "warning", "stores.csv")
    ]


def test_a_policy_in_windows_1252_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes('extends = "handbook"\nname = "Süd"\n'.encode("cp1252"))
    assert load_policy(path).name == "Süd"
    findings = Findings()
    assert read_policy(path, findings).is_sound
    assert [issue.code for issue in findings.issues] == ["READ_AS_WINDOWS_1252"]
