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
