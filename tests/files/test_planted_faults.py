"""Each fault is planted alone into sound files and must be told with its file, row and column."""

from pathlib import Path

import pytest

from routeplanner.errors import Severity
from tests.files.fault_files import (
    APPOINTMENTS,
    CALENDAR,
    POLICY,
    REPS,
    STORE_CELLS,
    as_csv,
    judged,
    sound_files,
    store_rows,
)


def test_sound_files_have_no_issues(tmp_path: Path) -> None:
    assert judged(tmp_path, sound_files()) == []


@pytest.mark.parametrize(("column", "value", "code", "at"), STORE_CELLS)
def test_store_cell(tmp_path: Path, column: str, value: str, code: str, at: str) -> None:
    rows = store_rows()
    rows[2][column] = value
    issues = judged(tmp_path, sound_files() | {"stores.csv": as_csv(rows)})
    assert [(i.code, i.file, i.row, i.column) for i in issues] == [(code, "stores.csv", 4, at)]
    assert issues[0].hint
    assert issues[0].path == f"stores.csv:4:{at}"


def row_4(rows: list[dict[str, str]], **cells: str) -> str:
    rows[2] |= cells
    return as_csv(rows)


def rows_with(cells: dict[str, str]) -> str:
    return row_4(store_rows(), **cells)


STORE_ROWS = [
    ({"lat": "13.3829", "lon": "52.5021"}, "LAT_LON_SWAPPED", "lat"),
    ({"lat": "0", "lon": "0"}, "MISSING_COORDINATES", "lat"),
    ({"lat": "121.4737", "lon": "31.2304"}, "COORDINATES_OUT_OF_RANGE", "lat"),
    ({"lat": "52.5001", "lon": "13.3800", "name": "Shop, number 0"}, "LIKELY_DUPLICATE", "name"),
    ({"sales": "1", "class": "A"}, "CLASS_CONTRADICTS_SALES", "class"),
    ({"sales": "99999", "class": "C"}, "CLASS_CONTRADICTS_SALES", "class"),
    ({"closed_days": "Di", "pinned_days": "tue"}, "PINNED_ON_CLOSED_DAY", "pinned_days"),
    (
        {"closed_days": "Mo-Fr", "frequency": "3/week"},
        "FREQUENCY_EXCEEDS_OPEN_DAYS",
        "closed_days",
    ),
]


@pytest.mark.parametrize(("cells", "code", "at"), STORE_ROWS)
def test_store_row(tmp_path: Path, cells: dict[str, str], code: str, at: str) -> None:
    issues = judged(tmp_path, sound_files() | {"stores.csv": rows_with(cells)})
    assert [(i.code, i.file, i.row, i.column) for i in issues] == [(code, "stores.csv", 4, at)]


REP_CELLS = [
    ("Mo-Sa 08:30-17:30", "all day long", "UNREADABLE_REP_HOURS", 2, "hours"),
    ("R2,", ",", "MISSING_ID", 3, "id"),
    ("52.50,", ",", "MISSING_COORDINATES", 3, "base_lat"),
    ("13.38,", "east,", "UNREADABLE_COORDINATES", 3, "base_lon"),
    ("52.50,", "152.50,", "COORDINATES_OUT_OF_RANGE", 3, "base_lat"),
    ("52.50,", "25.50,", "BASE_FAR_AWAY", 3, "base_lat"),
    (",08:00,", ",early,", "UNREADABLE_TIME", 3, "start"),
    (",17:00,", ",07:00,", "END_BEFORE_START", 3, "end"),
    ("Mo-Fr", "Mo-Xx", "UNREADABLE_WEEKDAY", 3, "days"),
    (",60,", ",an hour,", "UNREADABLE_MINUTES", 2, "lunch_minutes"),
    (",60,", ",-5,", "MINUTES_OUT_OF_RANGE", 2, "lunch_minutes"),
    ("11:30-13:30", "13:30-11:30", "UNREADABLE_TIME_RANGE", 2, "lunch_between"),
    (",420,", ",0,", "MINUTES_OUT_OF_RANGE", 2, "max_work_minutes"),
    (",car,", ",rocket,", "UNKNOWN_MODE", 2, "mode"),
    (",base\n", ",moon\n", "UNKNOWN_ROUTE_END", 2, "start_at"),
    ("R2,Bob", "R1,Bob", "DUPLICATE_ID", 3, "id"),
    ("Mo-Sa 08:30-17:30", "Su 08:30-17:30", "REP_NEVER_WORKS", 2, "hours"),
]


@pytest.mark.parametrize(("old", "new", "code", "row", "at"), REP_CELLS)
def test_rep_cell(tmp_path: Path, old: str, new: str, code: str, row: int, at: str) -> None:
    assert old in REPS
    issues = judged(tmp_path, sound_files() | {"reps.csv": REPS.replace(old, new, 1)})
    assert (code, "reps.csv", row, at) in [(i.code, i.file, i.row, i.column) for i in issues]
    assert {i.code for i in issues if i.file == "reps.csv"} == {code}


APPOINTMENT_CELLS = [
    ("R1,", "R7,", "UNKNOWN_REP", 2, "rep"),
    ("R1,", ",", "MISSING_REP", 2, "rep"),
    (",mon,", ",someday,", "UNREADABLE_WEEKDAY", 2, "weekday"),
    (",mon,", ",,", "UNREADABLE_WEEKDAY", 2, "weekday"),
    (",1,", ",first,", "UNREADABLE_WEEKS", 3, "weeks"),
    (",1,", ",9,", "APPOINTMENT_WEEK_OUTSIDE_CYCLE", 3, "weeks"),
    (",09:00,", ",nine,", "UNREADABLE_TIME", 2, "start"),
    (",10:00,", ",08:00,", "END_BEFORE_START", 2, "end"),
    (",52.51,", ",95.0,", "COORDINATES_OUT_OF_RANGE", 3, "lat"),
    (",52.51,", ",,", "MISSING_COORDINATES", 3, "lat"),
    (",fri,", ",sat,", "APPOINTMENT_NOT_WORKDAY", 3, "weekday"),
    (",15:00,16:00", ",17:00,18:00", "APPOINTMENT_OUTSIDE_HOURS", 3, "end"),
    (",09:00,10:00,", ",08:30,17:30,", "APPOINTMENT_CANNOT_BE_KEPT", 2, "end"),
    (",09:00,10:00,,", ",09:00,10:00,52.60,13.40", "APPOINTMENT_CANNOT_BE_KEPT", 2, "start"),
    (",16:00,", ",16:50,", "APPOINTMENT_CANNOT_BE_KEPT", 3, "end"),
    ("R2,fri,1,15:00,16:00", "R1,mon,1,09:30,11:00", "APPOINTMENT_OVERLAP", 3, "start"),
]


def test_appointments_in_office_time_are_no_fault(tmp_path: Path) -> None:
    content = APPOINTMENTS.replace(",09:00,", ",08:30,").replace(",16:00,", ",16:30,")
    assert judged(tmp_path, sound_files() | {"appointments.csv": content}) == []


@pytest.mark.parametrize(("old", "new", "code", "row", "at"), APPOINTMENT_CELLS)
def test_appointment_cell(tmp_path: Path, old: str, new: str, code: str, row: int, at: str) -> None:
    assert old in APPOINTMENTS
    content = APPOINTMENTS.replace(old, new, 1)
    issues = judged(tmp_path, sound_files() | {"appointments.csv": content})
    found = [(i.code, i.file, i.row, i.column) for i in issues]
    assert found == [(code, "appointments.csv", row, at)]


POLICY_KEYS = [
    ('"3/week"', '"7/week"', "FREQUENCY_EXCEEDS_WORKDAYS", "visit_rules.A.frequency"),
    ('"3/week"', '"thrice"', "WRONG_VALUE", "visit_rules.A.frequency"),
    ('"3/week"', '"1/8weeks"', "FREQUENCY_NOT_IN_CYCLE", "visit_rules.A.frequency"),
    ("service_minutes = 30", "service_minutes = 0", "WRONG_VALUE", "visit_rules.A.service_minutes"),
    ("service_minutes", "servce_minutes", "UNKNOWN_KEY", "visit_rules.A.servce_minutes"),
    ("cycle_weeks = 4", "cycle_weeks = 13", "WRONG_VALUE", "cycle_weeks"),
    ("cycle_weeks = 4", "cycle_week = 4", "UNKNOWN_KEY", "cycle_week"),
    ('"fri", "sat"', '"fri", "xyz"', "WRONG_VALUE", "workdays.6"),
    ('"handbook"', '"handbok"', "UNKNOWN_PRESET", "extends"),
    (
        "service_minutes = 30",
        "service_minutes = 30\nlargest_gap_days = 2",
        "LARGEST_GAP_TOO_SMALL",
        "visit_rules.A.largest_gap_days",
    ),
    ("[visit", "[working_day]\nend = '06:00'\n[visit", "WRONG_VALUE", "working_day.end"),
    ("[visit", "[travel.speed_kmh]\ncar = 0\n[visit", "WRONG_VALUE", "travel.speed_kmh.car"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "at"), POLICY_KEYS)
def test_policy_key(tmp_path: Path, old: str, new: str, code: str, at: str) -> None:
    assert old in POLICY
    issues = judged(tmp_path, sound_files() | {"policy.toml": POLICY.replace(old, new, 1)})
    assert (code, f"policy.toml:{at}") in [(i.code, i.path) for i in issues]
    assert {i.file for i in issues} == {"policy.toml"}


def test_policy_syntax_names_the_line(tmp_path: Path) -> None:
    issues = judged(tmp_path, sound_files() | {"policy.toml": POLICY + "\n[broken\n"})
    assert [(i.code, i.file, i.row) for i in issues] == [("TOML_SYNTAX", "policy.toml", 10)]


def test_policy_without_a_class_rule(tmp_path: Path) -> None:
    issues = judged(tmp_path, sound_files() | {"policy.toml": POLICY.split("\n", 1)[1]})
    assert [(i.code, i.path) for i in issues] == [("WRONG_VALUE", "policy.toml:visit_rules")]
    assert "class B" in issues[0].message


def test_unknown_preset_suggests_the_nearest(tmp_path: Path) -> None:
    issues = judged(tmp_path, {"stores.csv": as_csv(store_rows())}, policy="handbok-exampel")
    assert [i.code for i in issues if i.severity is Severity.ERROR] == ["UNKNOWN_PRESET"]
    assert any("handbook-example" in i.hint for i in issues)


def test_cycle_too_long_names_the_clash(tmp_path: Path) -> None:
    rows = store_rows()
    rows[2]["frequency"] = "1/5weeks"
    rows[3]["frequency"] = "1/3weeks"
    policy = POLICY.replace("cycle_weeks = 4\n", "")
    issues = judged(tmp_path, sound_files() | {"stores.csv": as_csv(rows), "policy.toml": policy})
    assert [(i.code, i.row, i.column) for i in issues] == [("CYCLE_TOO_LONG", 4, "frequency")]
    assert "1/5weeks" in issues[0].message
    assert "1/2weeks" in issues[0].message


def test_frequency_that_no_route_of_the_calendar_serves(tmp_path: Path) -> None:
    text = rows_with({"class": "B", "frequency": "3/week"})
    files = sound_files() | {"stores.csv": text, "policy.toml": CALENDAR}
    issues = [i for i in judged(tmp_path, files) if i.severity is Severity.ERROR]
    assert [(i.code, i.row, i.column) for i in issues] == [
        ("FREQUENCY_NOT_IN_CALENDAR", 4, "frequency")
    ]


FILES: list[tuple[str, str | bytes, str, int | None]] = [
    ("stores.csv", b"", "EMPTY_FILE", None),
    ("stores.csv", b" \n \n", "EMPTY_FILE", None),
    ("stores.csv", "id,name,lat,lon,sales\n", "EMPTY_FILE", None),
    ("stores.csv", "Straße;Größe;lat;lon;id\n".encode("cp850") * 9, "WRONG_ENCODING", None),
    ("stores.csv", b"id,name\n\xff\xfe\xfa\x80\x81", "WRONG_ENCODING", None),
    ("stores.csv", b"%PDF-1.7 table", "UNREADABLE_FILE", None),
    ("stores.csv", b"PK\x03\x04 not a workbook", "UNREADABLE_FILE", None),
    ("stores.csv", b"<html><table><tr><td>id</td></tr></table>", "UNREADABLE_FILE", None),
    ("stores.csv", "1,2,3\n4,5,6\n", "NO_HEADER", None),
    ("stores.csv", 'id,name,lat,lon\n1,"a,52.5,13.4\n2,b,52.5,13.4\n', "UNCLOSED_QUOTE", 2),
    ("reps.csv", b"", "EMPTY_FILE", None),
    ("appointments.csv", b"", "EMPTY_FILE", None),
    ("policy.toml", b"name = \xfa\xff", "WRONG_ENCODING", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code", "row"), FILES)
def test_file(tmp_path: Path, name: str, content: str | bytes, code: str, row: int | None) -> None:
    issues = judged(tmp_path, sound_files() | {name: content})
    assert (code, name, row) in [(i.code, i.file, i.row) for i in issues]


@pytest.mark.parametrize("column", ["id", "lat", "lon"])
def test_missing_column_lists_the_headers_and_how_to_map(tmp_path: Path, column: str) -> None:
    text = as_csv(store_rows()).replace(f"{column},", f"THEIR {column.upper()}?!X,", 1)
    issues = judged(tmp_path, sound_files() | {"stores.csv": text})
    assert [(i.code, i.row, i.column) for i in issues] == [("MISSING_COLUMN", 1, column)]
    assert "'sales'" in issues[0].message
    assert f"={column}'" in issues[0].hint
    assert ("geocode" in issues[0].hint) == (column != "id")


def test_two_columns_for_one_field(tmp_path: Path) -> None:
    text = as_csv(store_rows()).replace("sales,class", "sales,Sales", 1)
    issues = judged(tmp_path, sound_files() | {"stores.csv": text})
    assert [(i.code, i.row, i.column) for i in issues] == [("DUPLICATE_COLUMN", 1, "Sales")]


def test_map_with_unknown_header_and_unknown_field(tmp_path: Path) -> None:
    columns = {"Filialnummer": "id", "name": "nmae"}
    issues = judged(tmp_path, sound_files(), columns=columns)
    assert [(i.code, i.column, i.value) for i in issues] == [
        ("UNKNOWN_FIELD", None, "name=nmae"),
        ("UNKNOWN_HEADER", "Filialnummer", None),
    ]


def test_row_with_too_many_cells(tmp_path: Path) -> None:
    lines = as_csv(store_rows()).splitlines()
    lines[3] += ",4,5"
    issues = judged(tmp_path, sound_files() | {"stores.csv": "\n".join(lines)})
    assert [(i.code, i.file, i.row, i.value) for i in issues] == [
        ("TOO_MANY_CELLS", "stores.csv", 4, "4")
    ]


def matrix(ids: list[str]) -> list[str]:
    pairs = [f"{a},{b},5,2.5" for a in ids for b in ids if a != b]
    return ["from_id,to_id,minutes,km", *pairs]


MATRIX_LINES = [
    (None, "MISSING_PAIR", None, "to_id"),
    ("S00,S01,5,2.5", "DUPLICATE_PAIR", 3, "to_id"),
    ("S00,S02,fast,2.5", "UNREADABLE_NUMBER", 3, "minutes"),
    ("S00,S02,5,", "UNREADABLE_NUMBER", 3, "km"),
    ("S00,S02,-5,2.5", "NEGATIVE_NUMBER", 3, "minutes"),
    ("S00,,5,2.5", "MISSING_ID", 3, "to_id"),
]


@pytest.mark.parametrize(("line", "code", "row", "at"), MATRIX_LINES)
def test_matrix_line(tmp_path: Path, line: str | None, code: str, row: int | None, at: str) -> None:
    lines = matrix([row["id"] for row in store_rows()] + ["rep:R1", "rep:R2"])
    lines = lines[:2] + ([line] if line else []) + lines[3:]
    files = sound_files() | {"travel.csv": "\n".join(lines)}
    files["appointments.csv"] = APPOINTMENTS.replace("52.51,13.39", ",")
    issues = judged(tmp_path, files)
    found = [(i.code, i.file, i.row, i.column) for i in issues]
    assert (code, "travel.csv", row, at) in found
    assert {entry[0] for entry in found} <= {code, "MISSING_PAIR"}


def test_many_missing_pairs_are_summed_up(tmp_path: Path) -> None:
    lines = matrix([row["id"] for row in store_rows()])
    files = sound_files() | {"travel.csv": "\n".join(lines)}
    files["appointments.csv"] = APPOINTMENTS.replace("52.51,13.39", ",")
    codes = [issue.code for issue in judged(tmp_path, files)]
    assert codes == ["MISSING_PAIR"] * 20 + ["MISSING_PAIRS"]


def test_unknown_places_of_a_matrix_are_a_warning(tmp_path: Path) -> None:
    lines = matrix([row["id"] for row in store_rows()] + ["rep:R1", "rep:R2", "S99"])
    files = sound_files() | {"travel.csv": "\n".join(lines)}
    files["appointments.csv"] = APPOINTMENTS.replace("52.51,13.39", ",")
    assert [i.code for i in judged(tmp_path, files)] == ["UNKNOWN_PLACE"]


def test_no_store_left(tmp_path: Path) -> None:
    rows = [row | {"status": "closed"} for row in store_rows()]
    issues = judged(tmp_path, sound_files() | {"stores.csv": as_csv(rows)})
    assert [(i.code, i.file) for i in issues] == [("NO_STORES", "stores.csv")]


def test_messages_follow_chinese_headers(tmp_path: Path) -> None:
    text = "门店编号,门店名称,纬度,经度,销量\n001,一店,30.5,104.0,坏\n002,二店,30.6,104.1,5\n"
    issues = judged(tmp_path, {"stores.csv": text})
    wrong = next(i for i in issues if i.code == "UNREADABLE_SALES")
    assert (wrong.row, wrong.column, wrong.path) == (2, "销量", "stores.csv:2:销量")
    assert "不是数字" in wrong.message
