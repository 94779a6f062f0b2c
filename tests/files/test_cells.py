"""Single cells: numbers, degrees, pairs, days and times, each side of a boundary."""

import datetime as dt

import pytest

from routeplanner.files.cells import (
    RawCells,
    decimal_mark,
    read_degrees,
    read_id,
    read_number,
    read_text,
    split_pair,
)
from routeplanner.files.cells_days import (
    read_clock,
    read_clock_pair,
    read_frequency,
    read_minutes,
    read_pinned_days,
    read_weekdays,
    read_weeks,
)


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1.234,56", ".", 1234.56), ("1,234.56", ",", 1234.56), ("1 234,5", ".", 1234.5),
        ("1'234'567", ".", 1234567), ("1.234", ",", 1234), ("1.234", ".", 1.234),
        ("1,234", ".", 1234), ("1,234", ",", 1.234), ("1.234.567", ".", 1234567),
        ("0,500", ".", 0.5), ("12,5", ".", 12.5), ("1.2345", ",", 1.2345),
        ("+12,50", ".", 12.5), ("3.5万", ".", 35000), ("1.2亿", ".", 1.2e8),
        ("１２３４", ".", 1234), ("€ 12.50", ".", 12.5), ("￥1,234.00", ".", 1234),
        ("CHF 1'234.50", ".", 1234.5), ("950,-", ",", 950), ("(20)", ".", -20), ("20-", ".", -20),
        ("-20", ".", -20), ("−20", ".", -20), ("1e3", ".", 1000), ("15台", ".", 15),
        ("12,34,567", ".", 1234567), (7, ".", 7), (7.5, ",", 7.5), ("", ".", None),
        ("nan", ".", None), ("-", ".", None), ("无", ".", None), ("n/a", ".", None),
        ("#N/A", ".", None), (None, ".", None), (float("nan"), ".", None),
    ],
)  # fmt: skip
def test_number(cell: object, mark: str, number: float | None) -> None:
    assert read_number(cell, mark) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell",
    [
        "9" * 400,
        "12%",
        "x",
        "1.2.3",
        "1,2,3",
        "1.23,4.5",
        "inf",
        "#REF!",
        True,
        dt.date(2026, 1, 1),
    ],
)
def test_no_number(cell: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "is_amount", "mark"),
    [
        (["1.234", "12,5"], False, ","), (["1,234", "12.5"], False, "."),
        (["1.234", "950"], True, ","), (["1.234", "950"], False, "."),
        (["1,234", "950"], True, "."), (["950", "7,50", "1.234"], False, ","),
        ([], True, "."), ([1.234, None], True, "."),
    ],
)  # fmt: skip
def test_decimal_mark(cells: list[object], is_amount: bool, mark: str) -> None:
    assert decimal_mark(cells, is_amount=is_amount) == mark  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "text"),
    [("00123", "00123"), (123.0, "123"), ("'0012", "0012"), ('="007"', "007"), ("００7", "007"),
     (" A-1 ", "A-1"), ("", None), ("nan", None)],
)  # fmt: skip
def test_id(cell: object, text: str | None) -> None:
    assert read_id(cell) == text  # type: ignore[arg-type]


def test_raw_cells_of_a_short_row() -> None:
    raw = RawCells([" A ", 2.0], {"name": 0, "sales": 1, "rep": 2})
    assert dict(raw) == {"name": "A", "sales": "2"}
    assert len(raw) == 2
    assert raw.get("rep") is None
    assert raw.get("phone") is None


def test_text_keeps_full_width_names_but_no_invisible_characters() -> None:
    assert read_text("Ｌ店\u200b\ufeff") == "Ｌ店"


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("52,530", 52.53), ("52.5307° N", 52.5307), ("52°31'12\"N", 52.52), ("S 33,9", -33.9),
     ("121.47E", 121.47), (-33.9, -33.9), ("", None)],
)  # fmt: skip
def test_degrees(cell: object, degrees: float | None) -> None:
    assert read_degrees(cell) == (None if degrees is None else pytest.approx(degrees))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "letters"),
    [("53.55E", "NS"), ("9.99N", "EWO"), ("N53.55S", "NSEWO"), ("-53.55N", "NS"), ("53.55X", "NS")],
)
def test_degrees_of_another_hemisphere_are_refused(text: str, letters: str) -> None:
    with pytest.raises(ValueError, match="not a coordinate"):
        read_degrees(text, letters)


@pytest.mark.parametrize(
    "text",
    ["52.5,13.4", "52.5 13.4", "(52.5; 13.4)", "52.5，13.4", "POINT(13.4 52.5)", "52.5|13.4"],
)
def test_pair(text: str) -> None:
    assert split_pair(text) == ("52.5", "13.4")


@pytest.mark.parametrize("text", ["52.5", "1,2,3", "here"])
def test_no_pair(text: str) -> None:
    with pytest.raises(ValueError, match="pair"):
        split_pair(text)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("8:30", 30600), ("8.30 Uhr", 30600), ("5 pm", 61200), ("12 am", 0), (0.5, 43200), (9, 32400),
     (dt.time(8, 30), 30600), ("24:00", 86400), (dt.timedelta(hours=8), 28800), ("", None)],
)  # fmt: skip
def test_clock(cell: object, seconds: int | None) -> None:
    assert read_clock(cell) == seconds  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["25:00", "8:60", "13 pm", "noon", 24.5, -0.1, "24:00:01"])
def test_no_clock(cell: object) -> None:
    with pytest.raises(ValueError, match="time of day"):
        read_clock(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "days"),
    [("tue;sat", "tue sat"), ("Di, Sa", "tue sat"), ("周二、周六", "tue sat"),
     ("Mo-We", "mon tue wed"),
     ("周一至周三", "mon tue wed"), ("Sa-Mo", "mon sat sun"), ("周二六", "tue sat"), ("-", "")],
)  # fmt: skip
def test_weekdays(text: str, days: str) -> None:
    assert " ".join(read_weekdays(text)) == days


@pytest.mark.parametrize(
    ("text", "pins"),
    [("mon", [(None, "mon")]), ("w2-tue", [(2, "tue")]), ("周一", [(None, "mon")]),
     ("第2周周二", [(2, "tue")]), ("mon; w1-thu", [(None, "mon"), (1, "thu")])],
)  # fmt: skip
def test_pinned_days(text: str, pins: list[tuple[int | None, str]]) -> None:
    assert [(pin.week, pin.weekday) for pin in read_pinned_days(text)] == pins


@pytest.mark.parametrize(
    ("text", "frequency"),
    [("每周2次", "2/week"), ("twice a week", "2/week"), ("every 2 weeks", "1/2weeks"),
     ("14-tägig", "1/2weeks"), ("einmal pro Woche", "1/week"), ("每天一次", "daily"),
     ("3 / week", "3/week"), ("两周一次", "1/2weeks")],
)  # fmt: skip
def test_frequency(text: str, frequency: str) -> None:
    assert str(read_frequency(text)) == frequency


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("15", 15), ("15 min", 15), ("15分钟", 15), ("0:15", 15), ("1,5 h", 90), (dt.time(0, 20), 20),
     (12.5, 12.5), ("", None)],
)  # fmt: skip
def test_minutes(cell: object, minutes: float | None) -> None:
    assert read_minutes(cell) == minutes  # type: ignore[arg-type]


def test_weeks_and_clock_pairs() -> None:
    assert read_weeks("1;3") == (1, 3)
    assert read_weeks("2-4") == (2, 3, 4)
    assert read_weeks("每周") == ()
    assert read_clock_pair("11.30 bis 13:30") == (41400, 48600)
