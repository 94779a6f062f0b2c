"""An edited routes.csv: weekdays in the words of store lists, as people type them."""

from pathlib import Path

import pytest

from routeplanner.errors import InputError
from routeplanner.files.routes_csv_in import read_route_rows


def routes(folder: Path, weekday: str) -> Path:
    path = folder / "routes.csv"
    path.write_text(f"rep;week;weekday;position;store_id\nR1;1;{weekday};1;S1\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("word", "weekday"),
    [("thu", "thu"), ("Thursday", "thu"), ("Do", "thu"), ("Do.", "thu"), ("Donnerstag", "thu"),
     ("DI", "tue"), ("Di", "tue"), ("So", "sun"), ("周四", "thu"), ("星期四", "thu"),
     ("礼拜天", "sun"), ("Th", "thu"), ("Weds", "wed"), ("Sonnabend", "sat")],
)  # fmt: skip
def test_weekday_words(tmp_path: Path, word: str, weekday: str) -> None:
    (row,) = read_route_rows(routes(tmp_path, word))
    assert row.weekday == weekday


@pytest.mark.parametrize("word", ["Mo-Fr", "Mo, Di", "someday", "-", "8"])
def test_not_one_weekday(tmp_path: Path, word: str) -> None:
    with pytest.raises(InputError) as caught:
        read_route_rows(routes(tmp_path, word))
    (issue,) = caught.value.issues
    assert (issue.code, issue.row, issue.column, issue.value) == ("BAD_WEEKDAY", 2, "weekday", word)


def by_hand(folder: Path, text: str, n_weeks: int | None = None, language: str = "en"):
    path = folder / "today.csv"
    path.write_text(text, encoding="utf-8")
    return [
        (row.rep, row.week, row.weekday, row.store_id, row.position)
        for row in read_route_rows(path, language, n_weeks)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "rep,day,order,store\nR1,w1-mon,1,S1\nR1,w2-tue,2,S2\n",
        "客户主任,拜访日,顺序,门店编号\nR1,第1周周一,1,S1\nR1,第2周周二,2,S2\n",
        "Vertreter;Tag;Reihenfolge;Filialnummer\nR1;w1 Mo;1;S1\nR1;Woche 2 Di;2;S2\n",
        "业务员,周次,星期,次序,门店\nR1,1,周一,1,S1\nR1,2,星期二,2,S2\n",
        "Mitarbeiter;Woche;Wochentag;lfd. Nr.;Filiale\nR1;1;Mo;1;S1\nR1;2;Dienstag;2;S2\n",
        "rep,week,day,sequence,shop\nR1,1,Monday,1,S1\nR1,2,w2-tue,2,S2\n",
    ],
)
def test_lists_by_hand_in_three_languages(tmp_path: Path, text: str) -> None:
    assert by_hand(tmp_path, text) == [("R1", 1, "mon", "S1", 1), ("R1", 2, "tue", "S2", 2)]


def test_without_an_order_that_of_the_rows_counts(tmp_path: Path) -> None:
    found = by_hand(tmp_path, "rep,day,store\nR1,Mon,S2\nR1,Mon,S1\n", n_weeks=1)
    assert [(store, week) for _, week, _, store, _ in found] == [("S2", 1), ("S1", 1)]
    assert found[0][-1] < found[1][-1]


@pytest.mark.parametrize(
    ("cell", "weeks"),
    [("all", [1, 2, 3, 4]), ("每周", [1, 2, 3, 4]), ("1;3", [1, 3]), ("2-4", [2, 3, 4]),
     ("odd", [1, 3]), ("双周", [2, 4]), ("gerade", [2, 4]), ("1.0", [1])],
)  # fmt: skip
def test_a_row_may_stand_for_several_weeks(tmp_path: Path, cell: str, weeks: list[int]) -> None:
    found = by_hand(tmp_path, f"rep,week,day,store\nR1,{cell},Mon,S1\n", n_weeks=4)
    assert [row[1] for row in found] == weeks


@pytest.mark.parametrize("n_weeks", [4, None])
def test_weeks_that_are_not_named_are_asked_for_once(tmp_path: Path, n_weeks: int | None) -> None:
    with pytest.raises(InputError) as caught:
        by_hand(tmp_path, "rep,day,store\nR1,Mon,S1\nR1,Tue,S2\n", n_weeks)
    (issue,) = caught.value.issues
    assert issue.code == "NO_WEEK"
    assert "w1-mon" in issue.hint


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("rep,week,day,store\nR1,2,w1-mon,S1\n", ["BAD_WEEK"]),
        ("rep,week,day,store\nR1,all,mon,S1\n", ["BAD_WEEK"]),
        ("rep,week,day,store\nR1,,mon,S1\n", ["VALUE_MISSING"]),
        ("rep,day,store\nR1,3,S1\n", ["BAD_WEEKDAY"]),
        ("rep,day,store,order\nR1,w1-mon,,\n", ["VALUE_MISSING", "VALUE_MISSING"]),
    ],
)
def test_cells_of_a_list_by_hand(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        by_hand(tmp_path, text)
    assert [issue.code for issue in caught.value.issues] == codes


def test_what_is_missing_is_named_in_the_words_of_the_reader(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        by_hand(tmp_path, "业务员,顺序,备注\nR1,1,无\n", language="zh")
    (issue,) = caught.value.issues
    assert issue.code == "NO_HEADER"
    assert "拜访日" in issue.message
    assert "门店编号" in issue.message
    assert "客户主任（rep）" not in issue.message


def test_faults_name_the_columns_as_the_file_does(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        by_hand(tmp_path, "业务员,拜访日,门店名称\nR1,某日,城西店\n")
    assert [issue.column for issue in caught.value.issues] == ["拜访日"]


def test_the_number_of_a_store_wins_over_its_name(tmp_path: Path) -> None:
    found = by_hand(tmp_path, "rep,day,store name,store no\nR1,w1-mon,West,S1\n")
    assert [row[3] for row in found] == ["S1"]
    found = by_hand(tmp_path, "rep,day,store name\nR1,w1-mon,West\n")
    assert [row[3] for row in found] == ["West"]
