"""Lists of visits that were made, as phones, forms and spreadsheets hold them."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.errors import InputError
from routeplanner.files.visits_in import read_driven_visits


def read(folder: Path, text: str) -> tuple[DrivenVisit, ...]:
    path = folder / "visits.csv"
    path.write_text(text, encoding="utf-8")
    return read_driven_visits(path)


@pytest.mark.parametrize(
    "text",
    [
        "store_id,rep,date,started,ended\nS1,R1,2026-03-02,09:05,09:25\n",
        "门店编号,客户主任,日期,签到时间,签退时间\nS1,R1,2026年3月2日,9:05,9:25\n",
        "Filialnummer;Vertreter;Datum;Beginn;Ende\nS1;R1;2.3.2026;9.05 Uhr;9.25 Uhr\n",
        "store,rep,check-in,check-out\nS1,R1,2026-03-02T09:05:00+01:00,2026-03-02T09:25:00+01:00\n",
        "store,rep,started,ended\nS1,R1,2026-03-02 09:05:00.000Z,2026/3/2 09:25\n",
    ],
)
def test_lists_in_three_languages(tmp_path: Path, text: str) -> None:
    (visit,) = read(tmp_path, text)
    assert (visit.store_id, visit.rep, visit.date) == ("S1", "R1", dt.date(2026, 3, 2))
    assert (visit.started, visit.ended) == (9 * 3600 + 300, 9 * 3600 + 1500)
    assert visit.minutes_in_store == 20


def test_minutes_alone_are_enough(tmp_path: Path) -> None:
    found = read(tmp_path, "store,minutes\nS1,12\nS2,0:20\nS3,15 min\nS4,\n")
    assert [(v.store_id, v.minutes_in_store) for v in found] == [("S1", 12), ("S2", 20), ("S3", 15)]
    assert all(v.date is None and v.travel_minutes is None for v in found)


def test_the_way_from_the_visit_before(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "store,rep,date,arrived,started,ended\n"
        "S2,R1,2026-03-02,09:40,09:45,10:00\n"  # not in order
        "S1,R1,2026-03-02,,09:00,09:25\n"
        "S3,R2,2026-03-02,,10:30,10:40\n"  # of another rep
        "S4,R1,2026-03-03,,11:00,11:10\n"  # on another day
        "S5,R1,2026-03-02,,09:50,10:10\n",  # begun before the one before ended
    )
    ways = {v.store_id: (v.travel_minutes, v.before_store_id) for v in found}
    assert ways == {
        "S1": (None, None), "S2": (15, "S1"), "S3": (None, None), "S4": (None, None),
        "S5": (None, None),
    }  # fmt: skip
    assert [v.store_id for v in found] == ["S2", "S1", "S3", "S4", "S5"]
    assert found[0].minutes_in_store == 15  # from the start, not from coming


def test_every_wrong_cell_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(
            tmp_path,
            "store,date,started,ended,minutes\n"
            "S1,03/02/2026,09:00,09:10,\n"
            "S2,2026-02-30,09:00,09:10,\n"
            "S3,2026-03-02,25:00,09:10,\n"
            "S4,2026-03-02,09:30,09:10,\n"
            "S5,2026-03-02,,,2000\n"
            ",2026-03-02,09:00,09:10,\n"
            "S7,31.31.2026,09:30,09:10,\n",
        )
    assert [(issue.row, issue.column, issue.code) for issue in caught.value.issues] == [
        (2, "date", "BAD_DATE"),
        (3, "date", "BAD_DATE"),
        (4, "started", "BAD_TIME"),
        (5, "ended", "ENDS_BEFORE_START"),
        (6, "minutes", "BAD_MINUTES"),
        (7, "store", "VALUE_MISSING"),
        (8, "date", "BAD_DATE"),
        (8, "ended", "ENDS_BEFORE_START"),
    ]
    assert all(issue.hint for issue in caught.value.issues)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("store,date\nS1,2026-03-02\n", "NO_HEADER"),
        ("rep,minutes\nR1,20\n", "NO_HEADER"),
        ("store,minutes\nS1,\n", "NO_MINUTES"),
        ("", "EMPTY_FILE"),
    ],
)
def test_a_file_that_holds_no_visits(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_a_workbook_as_excel_keeps_dates_and_times(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Store", "Date", "Start", "End"])
    book.active.append([12, dt.date(2026, 3, 2), dt.time(9, 5), dt.datetime(2026, 3, 2, 9, 25)])
    book.save(tmp_path / "visits.xlsx")
    (visit,) = read_driven_visits(tmp_path / "visits.xlsx")
    assert (visit.store_id, visit.date, visit.minutes_in_store) == ("12", dt.date(2026, 3, 2), 20)
