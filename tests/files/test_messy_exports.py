"""Exports as they really look: messy, but readable, and read right."""

# ruff: noqa: E501 - a file a line

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from routeplanner.domain.draft import Draft
from routeplanner.domain.store import Store
from routeplanner.errors import Severity
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.scenario import build_scenario

Rows = list[list[object]]
PLAIN: Rows = [
    ["id", "name", "lat", "lon", "sales"],
    ["0012", "North Shop", 52.5301, 13.4012, 1234.5],
    ["0013", "South Shop", 52.4902, 13.3904, 950],
]
EXPECTED = [("0012", 52.5301, 13.4012, 1234.5), ("0013", 52.4902, 13.3904, 950.0)]


def seen(draft: Draft) -> list[tuple[str, float, float, float | None]]:
    errors = [i for i in draft.issues if i.severity is Severity.ERROR]
    assert errors == []
    return [(s.id, s.lat, s.lon, s.sales) for s in draft.stores]


def joined(rows: Rows, separator: str = ",", end: str = "\n") -> str:
    return end.join(separator.join(str(cell) for cell in row) for row in rows) + end


def german(rows: Rows) -> Rows:
    return [[str(cell).replace(".", ",") for cell in row] for row in rows]


def csv_file(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "stores.csv"
    path.write_bytes(content.encode(encoding))
    return path


def book(path: Path, sheets: dict[str, Rows]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


TEXTS: list[tuple[str, str, str]] = [
    ("plain", joined(PLAIN), "utf-8"),
    ("byte order mark", joined(PLAIN), "utf-8-sig"),
    ("utf-16 with mark", joined(PLAIN, "\t"), "utf-16"),
    ("utf-16 little endian without mark", joined(PLAIN), "utf-16-le"),
    ("utf-16 big endian without mark", joined(PLAIN), "utf-16-be"),
    ("tabs", joined(PLAIN, "\t"), "utf-8"),
    ("pipes", joined(PLAIN, "|"), "utf-8"),
    ("semicolons and decimal commas", joined(german(PLAIN), ";"), "utf-8"),
    ("windows line ends", joined(PLAIN, ",", "\r\n"), "utf-8"),
    ("old mac line ends", joined(PLAIN, ",", "\r"), "utf-8"),
    ("separator line of Excel", "sep=;\n" + joined(PLAIN, ";"), "utf-8"),
    ("title rows", "Store list 2026\n\nprinted,by,Ann\n" + joined(PLAIN), "utf-8"),
    ("totals row", joined([*PLAIN, ["", "Total", "", "", 2184.5]]), "utf-8"),
    ("totals in the id column", joined([*PLAIN, ["Summe:", "", "", "", 2184.5]]), "utf-8"),
    ("blank rows", joined(PLAIN[:2]) + ",,,,\n\n" + joined(PLAIN[2:]), "utf-8"),
    ("footer", joined(PLAIN) + "\nStand: 01.03.2026\nQuelle: ERP\n", "utf-8"),
    ("repeated header", joined([*PLAIN[:2], PLAIN[0], *PLAIN[2:]]), "utf-8"),
    ("trailing blank columns", joined([[*row, "", ""] for row in PLAIN]), "utf-8"),
    ("spaces round cells", joined(PLAIN, " , "), "utf-8"),
    ("upper case headers", joined([["ID", "NAME", "LAT", "LON", "SALES"], *PLAIN[1:]]), "utf-8"),
    ("other order", joined([list(reversed(row)) for row in PLAIN]), "utf-8"),
    ("ids as formulas", joined(PLAIN).replace("0012", '"=""0012"""').replace("0013", "'0013"), "utf-8"),
    ("german headers", joined([["Filialnummer", "Bezeichnung", "Breitengrad", "Längengrad", "Umsatz 2025 (EUR)"], *german(PLAIN[1:])], ";"), "utf-8"),
    ("chinese headers", joined([["门店编号", "门店名称", "纬度", "经度", "月均销量（台）"], *PLAIN[1:]]), "gb18030"),
    ("total in chinese", joined([["门店编号", "门店名称", "纬度", "经度", "销售额"], *PLAIN[1:], ["合计", "", "", "", "2184.5"]]), "utf-8"),
    ("full width characters", "ｉｄ,name,lat,lon,sales\n００１２,北店,５２．５３０１,13.4012,１２３４．５\n0013,南店,52.4902,13.3904,９５０\n", "utf-8"),
    ("currency and thousands", 'id,name,lat,lon,sales\n0012,a,52.5301,13.4012,"€ 1,234.50"\n0013,b,52.4902,13.3904,$950\n', "utf-8"),
    ("german thousands", "id;name;lat;lon;Umsatz\n0012;a;52,5301;13,4012;1.234,50 €\n0013;b;52,4902;13,3904;950,-\n", "utf-8"),
    ("spaces as thousands", "id;name;lat;lon;sales\n0012;a;52.5301;13.4012;1\u00a0234,5\n0013;b;52.4902;13.3904;950\n", "utf-8"),
    ("one lat,lon column", 'id,name,"lat,lon",sales\n0012,a,"52.5301, 13.4012",1234.5\n0013,b,"52.4902,13.3904",950\n', "utf-8"),
    ("german pair of coordinates", "id;name;Koordinaten;Umsatz\n0012;a;52,5301, 13,4012;1234,5\n0013;b;52,4902; 13,3904;950\n".replace("2; 13,3904", "2 / 13,3904"), "utf-8"),
    ("degrees with letters", "id,name,lat,lon,sales\n0012,a,52.5301° N,13.4012° E,1234.5\n0013,b,N 52.4902,E 13.3904,950\n", "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "encoding"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_text_export(tmp_path: Path, content: str, encoding: str) -> None:
    assert seen(read_inputs(csv_file(tmp_path, content, encoding))) == EXPECTED


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    content = 'Title\n\nid,name,lat,lon,sales\n1,"two\nlines",52.5,13.4,5\n\n2,b,52.5,13.4,bad\n'
    draft = read_inputs(csv_file(tmp_path, content))
    assert [(i.code, i.row) for i in draft.issues] == [("UNREADABLE_SALES", 6)]
    assert [origin.row for origin in draft.store_origins] == [4]


def test_thousands_without_decimals_are_no_decimals(tmp_path: Path) -> None:
    content = (
        "id;name;lat;lon;Umsatz\n1;a;52.5;13.4;1.234\n2;b;52.6;13.5;950\n3;c;52.6;13.5;12.000\n"
    )
    draft = read_inputs(csv_file(tmp_path, content))
    assert [s.sales for s in draft.stores] == [1234, 950, 12000]


def test_chinese_amounts_words_and_frequencies(tmp_path: Path) -> None:
    content = (
        "门店清单\n门店编号,门店名称,经纬度,月销售额,分类,状态,类型,拜访频率,休息日,店内时间\n"
        'A01,一店,"104.0668,30.5728",3.5万,a类,营业,门店,每周三次,周二、周六,15分钟\n'
        'A02,总部,"104.0700,30.5800",1.2亿,,停业,总部,两周一次,无,\n'
        'A03,三店,"104.0900,30.5900",-,,,,,,\n合计,,,1.2亿,,,,,,\n'
    )
    draft = read_inputs(csv_file(tmp_path, content, "gb18030"))
    first, second, third = draft.stores
    assert draft.language == "zh"
    assert (first.lat, first.lon, first.sales) == (30.5728, 104.0668, 35000)
    assert (first.store_class, str(first.frequency)) == ("A", "3/week")
    assert (first.closed_days, first.service_minutes) == (("tue", "sat"), 15)
    assert (second.kind, second.status, second.sales) == ("headquarters", "closed", 120_000_000)
    assert (second.closed_days, str(second.frequency)) == ((), "1/2weeks")
    assert (third.sales, third.status) == (None, "open")


def test_german_words(tmp_path: Path) -> None:
    content = (
        "Kundennummer;Kunde;Breite;Länge;Jahresumsatz;Klasse;Besuchsrhythmus;Öffnungszeiten;"
        "Ruhetag;Besuchstage;Telefon;Region\n"
        "007;Müller;52,53;13,40;1,2 Mio;B-Kunde;14-tägig;Mo-Fr 9-12:30, 14-18 Uhr, Sa 9-13;"
        "Mi;W2 Di;030 123;Nord\n"
        "008;Schröder;52,54;13,41;k.A.;;2x pro Woche;nan;;;;\n"
    )
    draft = read_inputs(csv_file(tmp_path, content))
    first, second = draft.stores
    assert (first.id, first.sales, first.store_class) == ("007", 1_200_000, "B")
    assert first.opening_hours is not None
    assert first.opening_hours.to_osm() == "Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-13:00"
    assert first.closed_days == ("wed",)
    assert [(pin.week, pin.weekday) for pin in first.pinned_days] == [(2, "tue")]
    assert (first.phone, first.extra) == ("030 123", {"Region": "Nord"})
    assert (second.sales, str(second.frequency), second.opening_hours) == (None, "2/week", None)


def test_unknown_columns_are_carried_and_address_parts_joined(tmp_path: Path) -> None:
    content = (
        "id,name,lat,lon,sales,street,housenumber,zip,city,Region,Region,\n"
        "1,a,52.5,13.4,5,High St,7,10115,Berlin,N,E,x\n"
    )
    (store,) = read_inputs(csv_file(tmp_path, content)).stores
    assert store.address == "High St 7, 10115 Berlin"
    assert store.extra == {
        "street": "High St", "housenumber": "7", "zip": "10115", "city": "Berlin",
        "Region": "N", "Region (2)": "E",
    }  # fmt: skip


def test_map_names_unknown_headers(tmp_path: Path) -> None:
    content = "Objekt,Bez,Hoch,Rechts,Wert\n" + joined(PLAIN[1:])
    columns = {"Objekt": "id", "bez": "name", "HOCH": "lat", "Rechts": "lon", "Wert": "sales"}
    assert seen(read_inputs(csv_file(tmp_path, content), columns=columns)) == EXPECTED


def test_workbook_with_titles_merged_cells_numbers_and_totals(tmp_path: Path) -> None:
    path = tmp_path / "stores.xlsx"
    rows: Rows = [
        ["Store list", None, None, None, None],
        [],
        ["Store No.", "Store", "Latitude", "Longitude", "Sales (EUR)", None],
        [12.0, "North Shop", 52.5301, 13.4012, 1234.5],
        [13, "South Shop", "52,4902", "13.3904", "950,00 €"],
        [None, None, None, None, None, "note beside the table"],
        [None, "Grand total", None, None, 2184.5],
    ]
    book(path, {"Sheet1": rows})
    workbook = openpyxl.load_workbook(path)
    workbook["Sheet1"].merge_cells("A1:E1")
    workbook.save(path)
    draft = read_inputs(path)
    assert [s.id for s in draft.stores] == ["12", "13"]
    assert [s.sales for s in draft.stores] == [1234.5, 950]
    assert draft.stores[1].lat == 52.4902
    assert [(i.code, i.row) for i in draft.issues] == [("TOTALS_ROW_SKIPPED", 7)]


def test_the_sheet_with_the_columns_is_found(tmp_path: Path) -> None:
    notes: Rows = [["Notes"], ["made by Ann"]]
    path = book(tmp_path / "s.xlsx", {"Info": notes, "Data": PLAIN, "Empty": []})
    draft = read_inputs(path)
    assert seen(draft) == EXPECTED
    assert draft.store_origins[0].file == "s.xlsx[Data]"


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx", {"Data": PLAIN, "Old": PLAIN})
    workbook = openpyxl.load_workbook(path)
    workbook["Old"].sheet_state = "hidden"
    workbook.save(path)
    assert seen(read_inputs(path)) == EXPECTED


def test_two_sheets_that_fit_are_an_issue_until_one_is_named(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx", {"May": PLAIN, "June": PLAIN})
    assert [i.code for i in read_inputs(path).issues] == ["AMBIGUOUS_SHEET"]
    assert [i.code for i in read_inputs(path, sheet="July").issues] == ["UNKNOWN_SHEET"]
    assert seen(read_inputs(path, sheet="june")) == EXPECTED


def test_a_sheet_named_stores_wins(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx", {"Copy": PLAIN, "门店": PLAIN})
    assert seen(read_inputs(path)) == EXPECTED


def test_reps_and_appointments_in_the_same_workbook(tmp_path: Path) -> None:
    reps: Rows = [
        ["id", "name", "base_lat", "base_lon", "start", "end", "days", "lunch_between", "mode"],
        ["R1", "Ann", 52.52, 13.4, dt.time(8, 30), 17.5 / 24, "Mo-Fr", "11.30-13.30", "E-Bike"],
    ]
    meetings: Rows = [
        ["rep", "weekday", "start", "end", "title"],
        ["R1", "周一、周三", "9 am", dt.time(10, 0), "Meeting"],
    ]
    path = book(tmp_path / "s.xlsx", {"stores": PLAIN, "reps": reps, "appointments": meetings})
    scenario = build_scenario(read_inputs(path, policy="five-day"))
    (rep,) = scenario.reps
    assert rep.hours is not None
    assert rep.hours.to_osm() == "Mo-Fr 08:30-17:30"
    assert (rep.mode, rep.lunch_between, rep.is_assumed) == ("e-bike", (41400, 48600), False)
    assert [(a.weekday, a.start, a.end) for a in scenario.appointments] == [
        ("mon", 32400, 36000),
        ("wed", 32400, 36000),
    ]


@pytest.mark.parametrize("name", ["export.csv", "export.xls", "export"])
def test_the_content_counts_and_not_the_name(tmp_path: Path, name: str) -> None:
    path = book(tmp_path / "s.xlsx", {"Data": PLAIN})
    assert seen(read_inputs(path.rename(tmp_path / name))) == EXPECTED


def test_a_text_file_named_xlsx(tmp_path: Path) -> None:
    path = csv_file(tmp_path, joined(PLAIN, ";")).rename(tmp_path / "s.xlsx")
    assert seen(read_inputs(path)) == EXPECTED


def test_password_protected_workbook(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream + b"\0" * 600)
    assert [i.code for i in read_inputs(path).issues] == ["PASSWORD_PROTECTED"]


def test_chinese_map_coordinates_keep_what_was_given(tmp_path: Path) -> None:
    content = "id,name,lat,lon,sales\n1,a,30.5728,104.0668,5\n"
    (store,) = read_inputs(csv_file(tmp_path, content), coordinates="gcj02").stores
    assert (store.given_lat, store.given_lon) == (30.5728, 104.0668)
    assert 0.001 < abs(store.lat - 30.5728) + abs(store.lon - 104.0668) < 0.01


def lat_and_lon(stores: tuple[Store, ...]) -> list[tuple[float, float]]:
    return [(store.lat, store.lon) for store in stores]


def test_exchanged_columns_out_of_range_are_put_right(tmp_path: Path) -> None:
    content = "id,name,lat,lon,sales\n1,a,121.47,31.23,5\n2,b,121.48,31.24,6\n3,c,31.25,121.46,7\n"
    draft = read_inputs(csv_file(tmp_path, content))
    assert lat_and_lon(draft.stores) == [(31.23, 121.47), (31.24, 121.48), (31.25, 121.46)]
    assert [(i.code, i.row) for i in draft.issues] == [
        ("LAT_LON_SWAPPED", 2),
        ("LAT_LON_SWAPPED", 3),
    ]


CHINESE = "门店编号,门店名称,纬度,经度,销量\nA1,一店,30.57,104.06,5\nA2,二店,30.58,104.07,9\n"


def test_coordinates_of_unknown_system_in_china_are_doubted_once(tmp_path: Path) -> None:
    draft = read_inputs(csv_file(tmp_path, CHINESE))
    assert [i.code for i in draft.issues] == ["CHECK_COORDINATE_SYSTEM"]
    assert draft.coordinates == "wgs84"
    assert "gcj02" in draft.issues[0].hint
    assert "bd09" in draft.issues[0].hint


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
def test_coordinates_of_a_named_system_are_not_doubted(tmp_path: Path, system: str) -> None:
    draft = read_inputs(csv_file(tmp_path, CHINESE), coordinates=system)  # type: ignore[arg-type]
    assert draft.issues == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [(CHINESE.split("\n", maxsplit=1)[0], "id,name,lat,lon,sales"), (",104.06,", ",4.06,"),
     ("销量\n", "coord_source\n")],
)  # fmt: skip
def test_other_lists_are_not_doubted(tmp_path: Path, old: str, new: str) -> None:
    content = CHINESE.replace(old, new)
    assert read_inputs(csv_file(tmp_path, content)).issues == ()
