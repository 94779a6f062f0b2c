"""compare.xlsx, compare.csv and the page of the difference, read back."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from routeplanner.domain.comparison import ComparedVisit
from routeplanner.files.comparison import NAMES, write_comparison
from routeplanner.files.comparison.map_data import difference_data
from routeplanner.files.comparison.words import brief_text, visits_text
from routeplanner.planning.compare import JudgedPlan, compare_plans, judged_plan
from tests.files.hostile import ATTACK, hostile_plan, hostile_scenario
from tests.planning.small_plans import ORDERS, matrix_of, small_plan, small_scenario, with_store

MOVED = {**{k: v for k, v in ORDERS.items() if k != ("R2", 1)}, ("R2", 6): ("C1",)}


def two_plans(language: str = "en") -> list[JudgedPlan]:
    """C1 moves from Tuesday of week 1 to that of week 2; A1 is called like a formula."""
    scenario = with_store(small_scenario(language=language), "C1", name="=1+1")
    return [
        judged_plan(name, small_plan(scenario, orders), scenario, matrix_of(scenario))
        for name, orders in (("ours", ORDERS), ("today", MOVED))
    ]


def written(folder: Path, language: str = "en") -> Path:
    plans = two_plans(language)
    files = [(plan.name, plan.plan, plan.scenario) for plan in plans]
    placed = write_comparison(compare_plans(plans), files, folder, language)
    assert {path.name for path in placed.paths} == set(NAMES)
    return folder


def test_the_table_as_csv(tmp_path: Path) -> None:
    with (written(tmp_path) / "compare.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {(row["figure"], row["subject"]): row for row in csv.DictReader(stream)}
    travel = rows["travel_hours", ""]
    assert float(travel["ours value"]) == float(travel["today value"]) == pytest.approx(2.3333)
    assert (travel["unit"], travel["better"]) == ("hours", "less")
    assert float(travel["today difference"]) == 0
    assert rows["changed_stores", ""]["today value"] == "1"
    assert rows["changed_stores", ""]["ours value"] == ""


@pytest.mark.parametrize(
    ("language", "sheets", "change"),
    [
        ("en", ["Comparison", "Changed stores", "Days"], ("Tue (week 1)", "Tue (week 2)")),
        ("zh", ["对比", "变更门店", "每日工时"], ("周二 (第1周)", "周二 (第2周)")),
    ],
)
def test_the_workbook(
    tmp_path: Path, language: str, sheets: list[str], change: tuple[str, str]
) -> None:
    book = openpyxl.load_workbook(written(tmp_path, language) / "compare.xlsx")
    assert book.sheetnames == sheets
    changed = [[cell.value for cell in row] for row in book[sheets[1]].iter_rows(min_row=2)]
    assert len(changed) == 1
    assert changed[0][:4] == ["today", "C1", "=1+1", "C"]
    assert tuple(words.split(" · ")[0] for words in changed[0][5:]) == change
    days = [[cell.value for cell in row] for row in book[sheets[2]].iter_rows(min_row=2)]
    tuesdays = [row for row in days if row[0] == "R2"]
    assert [row[3:5] for row in tuesdays] == [
        [pytest.approx(50 / 60), None],
        [None, pytest.approx(50 / 60)],
    ]
    assert len(days) == 6


def test_earlier_files_that_were_edited_are_kept(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "compare.csv").write_text("mine", encoding="utf-8")
    assert (written(folder) / "compare.edited-1.csv").read_text(encoding="utf-8") == "mine"


def test_the_map_holds_the_days_of_all_plans() -> None:
    plans = [(plan.name, plan.plan, plan.scenario) for plan in two_plans()]
    data = difference_data(plans, 2, "en")
    assert [plan["name"] for plan in data["plans"]] == ["ours", "today"]
    place = [store["id"] for store in data["stores"]].index("C1")
    assert [plan["when"][place][1] for plan in data["plans"]] == ["Tue 1", "Tue 2"]
    days = [(day["rep"], day["week"], day["weekday"]) for day in data["plans"][1]["days"]]
    assert days == [(0, 0, 0), (0, 0, 2), (0, 1, 0), (0, 1, 2), (1, 1, 1)]
    assert "X1" not in {store["id"] for store in data["stores"]}  # it is closed for good
    assert [visit[0] for visit in data["plans"][1]["days"][-1]["visits"]] == [place]


def test_a_shorter_cycle_is_repeated() -> None:
    plans = [(plan.name, plan.plan, plan.scenario) for plan in two_plans()]
    data = difference_data(plans, 4, "en")
    assert [day["week"] for day in data["plans"][0]["days"]] == [0, 0, 1, 1, 0, 2, 2, 3, 3, 2]


def test_words_of_the_input_stay_words(tmp_path: Path) -> None:
    scenario = hostile_scenario()
    plan = hostile_plan(scenario)
    judged = JudgedPlan(f"a {ATTACK}", plan, scenario, matrix_of(scenario), ())
    other = JudgedPlan("b", plan, scenario, matrix_of(scenario), (), left_out=(ATTACK,))
    files = [(item.name, plan, scenario) for item in (judged, other)]
    write_comparison(compare_plans([judged, other]), files, tmp_path, "en")
    page = (tmp_path / "difference.html").read_text(encoding="utf-8")
    assert "<script>window.hacked" not in page
    assert "<img src=x" not in page
    begin = page.index('id="difference-data">') + len('id="difference-data">')
    data = json.loads(page[begin : page.index("</script>", begin)])
    assert data["plans"][0]["name"] == f"a {ATTACK}"
    assert "http" not in page.split("<footer>")[1].split("L.map")[0]


def visit(week: int, weekday: str, rep: str = "R1") -> ComparedVisit:
    return ComparedVisit.model_validate(
        {"rep": rep, "week": week, "weekday": weekday, "position": 1}
    )


@pytest.mark.parametrize(
    ("visits", "words", "brief"),
    [
        ([visit(1, "mon"), visit(2, "mon")], "Mon", "Mon"),
        ([visit(2, "thu")], "Thu (week 2)", "Thu 2"),
        ([visit(w, day) for day in ("thu", "tue") for w in (1, 2)], "Tue Thu", "Tue Thu"),
        ([visit(1, "fri"), visit(1, "mon"), visit(2, "mon")], "Mon, Fri (week 1)", "Mon, Fri 1"),
        ([], "", ""),
    ],
)
def test_days_of_a_store(visits: list[ComparedVisit], words: str, brief: str) -> None:
    assert visits_text(visits, 2, "en", is_rep_told=False) == words
    assert brief_text(visits, 2, "en") == brief


def test_days_of_a_store_by_rep() -> None:
    visits = [visit(1, "mon"), visit(2, "tue", "R2")]
    told = visits_text(visits, 2, "en", is_rep_told=True)
    assert told == "Mon (week 1) · R1; Tue (week 2) · R2"
