"""plan.xlsx read back: the sheets hold the plan, in both languages, and print on A4."""

import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from routeplanner.domain.plan import Plan
from routeplanner.files.palette import color_of_class, route_colors
from solvers.evaluate import TERMS
from tests.files.meetings import with_meeting_days
from tests.files.workbooks import all_text, complete, table, written
from tests.sample_plans import (
    CLOSED_ID,
    INJECTED_NAME,
    UNSERVED_ID,
    sample_plan,
    sample_scenario,
)

SHEETS_EN = ["Summary", "Calendar", "Routes", "Matrix", "Stores", "Not scheduled", "Measures"]
SHEETS_ZH = ["概要", "拜访线路图", "线路明细", "拜访矩阵", "门店", "未排入", "指标"]


def _without(plan: Plan, days: set[int]) -> Plan:
    """The plan with some days not driven."""
    by_day = tuple(day for day in plan.measures.by_day if day.day not in days)
    return plan.model_copy(
        update={
            "id": "6c01",
            "routes": tuple(route for route in plan.routes if route.day not in days),
            "measures": plan.measures.model_copy(update={"by_day": by_day}),
        }
    )


def _minutes(value: object) -> int:
    return value.hour * 60 + value.minute  # type: ignore[attr-defined]


@pytest.mark.parametrize(("language", "names"), [("en", SHEETS_EN), ("zh", SHEETS_ZH)])
def test_sheets_are_named_in_the_language(tmp_path: Path, language: str, names: list[str]) -> None:
    assert written(tmp_path, sample_scenario(language, 2)).sheetnames == names


def test_changes_come_only_with_an_earlier_plan(tmp_path: Path) -> None:
    scenario = sample_scenario()
    book = written(tmp_path, scenario, previous=sample_plan(scenario))
    assert book.sheetnames == [*SHEETS_EN, "Changes"]
    assert table(book["Changes"]) == []


@pytest.mark.parametrize("n_reps", [1, 2])
def test_routes_list_every_stop_in_order(tmp_path: Path, n_reps: int) -> None:
    scenario = sample_scenario(n_reps=n_reps)
    plan = sample_plan(scenario)
    rows = table(written(tmp_path, scenario)["Routes"])
    assert ("Rep" in rows[0]) == (n_reps == 2)
    tuesday = next(route for route in plan.routes if route.template == "T2")
    own = [row for row in rows if row["Route"] == "T2" and row.get("Rep", "R01") == "R01"]
    assert [row["Day(s)"] for row in own] == ["Tue Thu"] * len(tuesday.stops)
    assert [_minutes(row["Arrive"]) for row in own] == [s.arrive // 60 for s in tuesday.stops]
    assert [_minutes(row["Leave"]) for row in own] == [s.depart // 60 for s in tuesday.stops]
    assert [row["Store no."] for row in own] == [stop.store_id for stop in tuesday.stops]
    assert [row["#"] for row in own] == [stop.position for stop in tuesday.stops]
    names = [row["Store"] for row in own if row["#"] is None]
    assert names == ["Office", "Start", "Lunch", "End", "Office"]
    in_store = sum(float(str(row["Min in store"])) for row in own if row["#"] is not None)
    assert in_store == sum(stop.depart - stop.start for stop in tuesday.visits) / 60


def test_days_of_a_route_with_other_times_stand_by_themselves(tmp_path: Path) -> None:
    rows = table(written(tmp_path, sample_scenario())["Routes"])
    assert {row["Day(s)"] for row in rows if row["Route"] == "T1"} == {"Mon", "Wed Fri"}
    meetings = [row for row in rows if row["Store"] == "Appointment: Team meeting"]
    assert [row["Day(s)"] for row in meetings] == ["Mon"]


def test_routes_show_hours_contact_and_wait(tmp_path: Path) -> None:
    rows = {row["Store no."]: row for row in table(written(tmp_path, sample_scenario())["Routes"])}
    assert rows["S04"]["Open today"] == "09:00–12:00, 13:00–20:00"
    assert rows["S01"]["Open today"] is None
    assert rows["S06"]["Contact, phone"] == "Ms Zhao, +86 571 8800 0006"
    assert rows["S03"]["Wait min"] == 14  # 10:46 to 11:00, as the times are shown


def test_times_and_minutes_of_routes_add_up_as_they_are_shown(tmp_path: Path) -> None:
    rows = table(written(tmp_path, sample_scenario())["Routes"])
    ways = 0
    for before, row in pairwise(rows):
        if row["From last min"] is not None:
            way = int(str(row["From last min"]))
            assert _minutes(row["Arrive"]) == _minutes(before["Leave"]) + way
            ways += 1
        if row["#"] is not None:
            stay = int(str(row["Min in store"])) + int(str(row["Wait min"] or 0))
            assert _minutes(row["Leave"]) == _minutes(row["Arrive"]) + stay
    assert ways > 10


def test_each_route_begins_a_page_with_the_head_repeated(tmp_path: Path) -> None:
    sheet = written(tmp_path, sample_scenario())["Routes"]
    routes = [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)]
    starts = [i + 2 for i in range(1, len(routes)) if routes[i] != routes[i - 1]]
    assert [brk.id for brk in sheet.row_breaks.brk] == [start - 1 for start in starts]
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sheet_prints_on_a4(tmp_path: Path, language: str) -> None:
    scenario = sample_scenario(language, 2)
    book = written(tmp_path, scenario, previous=sample_plan(scenario))
    assert {sheet.page_setup.paperSize for sheet in book} == {9}
    assert {str(sheet.oddFooter.right.text).strip() for sheet in book} == {"&P / &N"}
    summary, calendar = book.worksheets[:2]
    assert (summary.page_setup.fitToWidth or 1, summary.page_setup.fitToHeight or 1) == (1, 1)
    assert summary.sheet_properties.pageSetUpPr.fitToPage
    assert calendar.page_setup.orientation == "landscape"


def test_matrix_holds_each_visit_once(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    plan = sample_plan(scenario)
    sheet = written(tmp_path, scenario)["Matrix"]
    rows = table(sheet)
    assert CLOSED_ID not in {row["Store no."] for row in rows}
    assert sum(int(str(row["Required"])) for row in rows) == plan.required_visits
    assert sum(int(str(row["Scheduled"])) for row in rows) == plan.scheduled_visits
    visits = {
        (stop.store_id, f"W{route.week} {route.weekday.title()}"): stop.arrive // 60
        for route in plan.routes
        for stop in route.visits
    }
    found = {
        (row["Store no."], key): _minutes(value)
        for row in rows
        for key, value in row.items()
        if key[0] == "W" and value is not None
    }
    assert found == visits
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[-12:] == [
        sum(route.day == d for route in plan.routes for _ in route.visits) for d in range(12)
    ]


def test_matrix_ranks_stores_and_measures_gaps(tmp_path: Path) -> None:
    rows = {row["Store no."]: row for row in table(written(tmp_path, sample_scenario())["Matrix"])}
    assert list(rows)[:5] == ["S01", "S02", "S03", "S04", "S05"]
    assert rows["S01"]["Cum. %"] == pytest.approx(900 / 2780)
    assert rows["S10"]["Cum. %"] == pytest.approx(1)
    assert rows["S01"]["Longest gap (days)"] == 3  # Friday to Monday
    assert rows["S03"]["Longest gap (days)"] == 5  # Thursday to Tuesday
    assert rows["S06"]["Longest gap (days)"] == 14
    assert rows[UNSERVED_ID]["Longest gap (days)"] is None


def test_cells_are_filled_as_the_palette_says(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    book = written(tmp_path, scenario)
    routes = book["Routes"]
    assert routes["A2"].fill.fgColor.rgb == "FF" + route_colors(plan)["T1"][1:]
    matrix = book["Matrix"]
    assert matrix["C2"].fill.fgColor.rgb == "FF" + color_of_class("A", ("A", "B", "C"))[1:]


def test_calendar_cell_reads_as_a_supervisor_reads_it(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    sheet = written(tmp_path, scenario)["Calendar"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    (first, *_) = [cell for cell in cells if str(cell.value).startswith("T1\n")]
    assert str(first.value).split("\n") == [
        "T1", "A2", "08:45–11:30", "2 h 45 (42%)", "7 km", "+ Team meeting 10:30",
    ]  # fmt: skip
    driven = [cell for cell in cells if str(cell.value)[:3] in {f"T{i}\n" for i in range(1, 5)}]
    assert len(driven) == len(plan.routes)
    weeks = [sum(d.work_minutes for d in plan.measures.by_day if d.week == w) for w in (1, 2)]
    shown = [str(cell.value) for cell in cells if str(cell.value).endswith(" h")]
    assert shown == [f"{minutes / 60:.1f} h" for minutes in weeks]


def test_a_day_of_appointments_only_goes_by_their_title_on_every_sheet(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    book = written(tmp_path, scenario, plan)
    cells = [str(c.value) for row in book["Calendar"].iter_rows() for c in row if c.value]
    assert "Team meeting 10:30–11:30\n1 h 00 (15%)" in cells
    assert "Mon (week 2), Wed Fri" in cells  # T1 in the list of routes
    assert cells.count("T1") + cells.count("T2") + cells.count("T3") + cells.count("T4") == 4
    rows = table(book["Routes"])
    assert [row["Store"] for row in rows if row["Route"] == "Team meeting"] == [
        "Office", "Start", "Appointment: Team meeting", "End", "Office",
    ]  # fmt: skip
    days = list(book["Measures"].iter_rows(values_only=True))
    assert [row[3] for row in days if row[2] == "Mon"] == ["Team meeting", "T1"]
    assert "W1 Mon · Team meeting" in all_text(book["Summary"])


def test_chinese_hours_and_minutes(tmp_path: Path) -> None:
    words = all_text(written(tmp_path, sample_scenario("zh"))["拜访线路图"])
    assert "2小时45分 (42%)" in words


def test_every_term_of_the_score_has_a_name(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    score = dict.fromkeys(TERMS, 1.0)
    book = written(tmp_path, scenario, plan.model_copy(update={"score": score}))
    words = all_text(book["Measures"]).split("\n")
    assert not set(TERMS) & set(words)
    assert "Choice of days" in words


def test_a_day_over_its_minutes_has_a_red_border(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    first, *rest = plan.measures.by_day
    over = first.model_copy(update={"filled": 1.12})
    measures = plan.measures.model_copy(update={"by_day": (over, *rest)})
    plan = plan.model_copy(update={"measures": measures})
    book = written(tmp_path, scenario, plan)
    cells = [c for row in book["Calendar"].iter_rows() for c in row if c.value]
    edges = {
        str(cell.value).split("\n")[3]: cell.border.top.color.rgb
        for cell in cells
        if str(cell.value).startswith("T1\n")
    }
    assert edges["2 h 45 (112%)"] == "FFC00000"
    assert edges["1 h 32 (24%)"] == "FFFFFFFF"
    assert "Days longer than the minutes there are to plan: 1" in all_text(book["Summary"])


def test_calendar_gives_each_rep_a_page(tmp_path: Path) -> None:
    sheet = written(tmp_path, sample_scenario(n_reps=2))["Calendar"]
    titles = [c.row for c in sheet["A"] if str(c.value).startswith("Rep R0")]
    assert [brk.id for brk in sheet.row_breaks.brk] == [titles[1] - 1]


def test_a_rest_day_says_so(tmp_path: Path) -> None:
    scenario = sample_scenario()
    hours = {"hours": "Mo-Fr 08:30-17:30"}
    rep = type(scenario.reps[0]).model_validate(scenario.reps[0].model_dump() | hours)
    plan = sample_plan(scenario)
    plan = _without(plan, {route.day for route in plan.routes if route.weekday == "sat"})
    scenario = scenario.model_copy(update={"reps": (rep,)})
    assert all_text(written(tmp_path, scenario, plan)["Calendar"]).split("\n").count("off") == 2


def test_summary_tells_the_shortfall_and_names_sources(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    words = all_text(written(tmp_path, scenario)["Summary"])
    assert "28 of 29 visits scheduled; 1 of 10 stores not at all." in words
    assert "DRAFT" in words
    assert plan.provenance.travel_source in words
    assert "policy handbook-example" in words
    assert "45 min a day: 15 before leaving, 30 after returning" in words
    assert "60 min between 11:30–13:30" in words
    assert "10% of the day stays unplanned" in words
    assert "Agreed by supervisor" in words
    assert "Doubts about the input: 1" in words


def test_summary_is_glad_when_all_is_scheduled(tmp_path: Path) -> None:
    scenario = sample_scenario()
    book = written(tmp_path, scenario, complete(sample_plan(scenario)))
    assert "All 28 required visits are scheduled.  10 of 10 stores." in all_text(book["Summary"])
    assert "All 28 required visits are scheduled." in all_text(book["Not scheduled"])


def test_summary_says_that_a_base_was_assumed(tmp_path: Path) -> None:
    scenario = sample_scenario("zh")
    rep = scenario.reps[0].model_copy(update={"is_assumed": True})
    words = all_text(written(tmp_path, scenario.model_copy(update={"reps": (rep,)}))["概要"])
    assert "假定：未提供人员表，取最居中的门店" in words


def test_stores_keep_unknown_columns_and_the_closed_store(tmp_path: Path) -> None:
    scenario = sample_scenario(coordinates="gcj02")
    rows = {row["Store no."]: row for row in table(written(tmp_path, scenario)["Stores"])}
    assert len(rows) == len(scenario.stores)
    assert rows["S06"]["contact"] == "Ms Zhao"
    assert rows["S06"]["Region"] == "-West"
    assert rows[CLOSED_ID]["Status"] == "closed"
    assert rows["S08"]["Fixed days"] == "W2 Sat"
    store = scenario.stores[0]
    assert rows["S01"]["Lat (WGS 84)"] == pytest.approx(store.lat)
    assert rows["S01"]["Lat as given"] == pytest.approx(store.given_lat)
    assert rows["S01"]["Coordinates from"] == "list of stores, GCJ-02"
    assert "Account" not in rows["S01"]


def test_measures_agree_with_the_plan(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    plan = sample_plan(scenario)
    rows = list(written(tmp_path, scenario)["Measures"].iter_rows(values_only=True))
    found = {row[0]: row for row in rows}
    assert found["Minutes of travel"][5] == pytest.approx(plan.measures.travel_minutes)
    assert found["A"][1:4] == (3, 18, 18)
    days = [row for row in rows if row[0] in ("R01", "R02") and row[3] in {"T1", "T2", "T3", "T4"}]
    assert len(days) == len(plan.routes)
    assert sum(row[5] for row in days) == pytest.approx(plan.measures.in_store_minutes)
    assert sum(row[6] for row in days) == pytest.approx(plan.measures.travel_minutes)


def test_changes_name_what_was_what_is_and_whom_to_tell(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    previous = _without(plan, {route.day for route in plan.routes if route.template == "T3"})
    book = written(tmp_path, scenario, plan, previous)
    rows = {row["Store no."]: row for row in table(book["Changes"])}
    assert set(rows) == {"S06", "S07"}
    assert rows["S06"]["Change"] == "visited from now on"
    assert rows["S06"]["Was"] == "–"
    assert str(rows["S06"]["Is"]).startswith("W1 Sat 08:5")
    assert rows["S06"]["Whom to tell"] == "rep R01\nthe store: Ms Zhao, +86 571 8800 0006"
    later = written(tmp_path, scenario, previous, plan)
    dropped = {row["Store no."]: row["Change"] for row in table(later["Changes"])}
    assert dropped == {"S06": "no longer visited", "S07": "no longer visited"}


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    book = written(tmp_path, sample_scenario())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == INJECTED_NAME for cell in cells)
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 7
        assert not any(b"<f>" in archive.read(name) for name in sheets)
        assert not any("hyperlink" in name.lower() for name in archive.namelist())


def test_no_number_is_wider_than_its_column(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        book = written(tmp_path, sample_scenario(language, 2, "gcj02"))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, float) and "0.00000" in cell.number_format:
                        width = sheet.column_dimensions[cell.column_letter].width
                        assert width >= len(f"{cell.value:.5f}"), (sheet.title, cell.coordinate)
