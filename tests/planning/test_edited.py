"""Edited routes.csv: what is written reads back as the same plan, and edits are judged."""

import csv
from datetime import time

import pytest
from openpyxl import Workbook

from routeplanner.domain.edited import RouteRow
from routeplanner.errors import InputError
from routeplanner.files.csv_tables import write_routes
from routeplanner.files.routes_csv_in import read_route_rows
from routeplanner.planning.checker import check_plan
from routeplanner.planning.edited import check_edited, plan_from_rows
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_store,
)

# The labels of a plan whose second route was named first.
NORTH = {("R1", 0): "T2", ("R1", 2): "T1", ("R1", 5): "T2", ("R1", 7): "T1"}
HEADER = "rep,week,weekday,position,store_id,arrive,comment"


def recomputed(scenario, rows, earlier=None):
    """Codes of the rows themselves and of the plan that they make, and the plan."""
    matrix = matrix_of(scenario)
    edited = plan_from_rows(scenario, rows, matrix, earlier)
    checked = check_plan(scenario, edited.plan, matrix)
    return [v.code for v in edited.faults], [v.code for v in checked], edited.plan


def rows_of(plan, **changes):
    rows = [
        RouteRow(
            rep=route.rep,
            week=route.week,
            weekday=route.weekday,
            store_id=stop.store_id,
            position=stop.position,
            template=route.template,
            arrive=stop.arrive,
            row=0,
        )
        for route in plan.routes
        for stop in route.visits
    ]
    rows = [row.model_copy(update={"row": number}) for number, row in enumerate(rows, start=2)]
    rows[0] = rows[0].model_copy(update=changes)
    return rows


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "routes.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_what_is_written_reads_back_as_the_same_plan(tmp_path):
    meeting = {"rep": "R2", "weekday": "fri", "start": "10:00", "end": "11:00", "title": "Office"}
    scenario = with_store(small_scenario(appointments=[meeting]), "B1", name='=1+1,"Kiosk"')
    scenario = with_store(scenario, "B1", opening_hours="Mo-Fr 08:00-10:00,15:00-18:00")
    plan = small_plan(scenario, ORDERS | {("R2", 4): (), ("R2", 9): ()}, NORTH)
    write_routes(plan, scenario, tmp_path / "routes.csv")
    rows = read_route_rows(tmp_path / "routes.csv")
    of_rows, of_plan, again = recomputed(scenario, rows)
    assert (of_rows, of_plan) == ([], [])
    assert {(r.rep, r.day): r.stops for r in again.routes} == {
        (r.rep, r.day): r.stops for r in plan.routes
    }
    assert {(r.rep, r.day): r.template for r in again.routes} == {
        (r.rep, r.day): r.template for r in plan.routes
    }
    assert again.measures.in_store_minutes == plan.measures.in_store_minutes


def test_positions_order_the_day_and_may_have_gaps_and_halves():
    plan = small_plan(small_scenario())
    rows = rows_of(plan, position=2.5, arrive=None)
    rows[1] = rows[1].model_copy(update={"arrive": None})
    of_rows, of_plan, again = recomputed(small_scenario(), rows)
    assert (of_rows, of_plan) == ([], [])
    assert [stop.store_id for stop in again.routes[0].visits] == ["B1", "A1"]
    assert [stop.position for stop in again.routes[0].visits] == [1, 2]


def test_a_time_that_differs_by_more_than_a_minute_is_told_but_no_fault():
    scenario, at = small_scenario(), 8 * 3600 + 55 * 60
    matrix = matrix_of(scenario)
    just = plan_from_rows(scenario, rows_of(small_plan(scenario), arrive=at + 60), matrix)
    assert just.new_times == ()
    edited = plan_from_rows(scenario, rows_of(small_plan(scenario), arrive=at + 61), matrix)
    assert check_edited(scenario, edited, matrix) == ()
    (found,) = edited.new_times
    assert (found.row, found.store_id, found.stated, found.computed) == (2, "A1", at + 61, at)


def test_moving_a_visit_checks_clean_with_the_times_of_both_days_anew():
    scenario = small_scenario()
    rows = rows_of(small_plan(scenario))
    assert rows[-1].store_id == "C1"
    rows[-1] = rows[-1].model_copy(update={"rep": "R1", "weekday": "wed", "position": 0.5})
    matrix = matrix_of(scenario)
    edited = plan_from_rows(scenario, rows, matrix)
    assert check_edited(scenario, edited, matrix) == ()
    assert [item.store_id for item in edited.new_times] == ["A1", "B2"]  # C1 stays at 8:55
    # Wednesday of week 1 has a C store more than that of week 2: one route with letters.
    labels = {route.day: route.template for route in edited.plan.routes}
    assert labels == {0: "T1", 2: "T2a", 5: "T1", 7: "T2b"}


def test_a_changed_route_leaves_the_names_of_the_others():
    scenario = small_scenario()
    rows = rows_of(small_plan(scenario, labels=NORTH), position=3)
    labels = {
        (route.rep, route.day): route.template for route in recomputed(scenario, rows)[2].routes
    }
    # Monday of week 1 now is B1, A1 and no longer what Monday of week 2 is.
    assert labels == {
        ("R1", 0): "T2", ("R1", 2): "T1", ("R1", 5): "T3", ("R1", 7): "T1", ("R2", 1): "T1",
    }  # fmt: skip


def renamed(scenario, ids):
    """The small scenario with other store ids, and rows that still say the old ones."""
    stores = tuple(
        store.model_copy(update={"id": ids.get(store.id, store.id)}) for store in scenario.stores
    )
    matrix = scenario.matrix.model_copy(
        update={"ids": tuple(ids.get(place, place) for place in scenario.matrix.ids)}
    )
    return scenario.model_copy(update={"stores": stores, "matrix": matrix})


def shortened(scenario, ids, shorter):
    """Rows of the plan of a renamed scenario in which a spreadsheet has changed the ids."""
    orders = {key: tuple(ids.get(store, store) for store in own) for key, own in ORDERS.items()}
    rows = rows_of(small_plan(scenario, orders))
    return [row.model_copy(update={"store_id": shorter(row.store_id)}) for row in rows]


@pytest.mark.parametrize("shorter", [lambda id_: id_.lstrip("0"), lambda id_: id_[2:] + ".0"])
def test_leading_zeros_that_a_spreadsheet_dropped(shorter):
    ids = {"A1": "00107", "B1": "00108", "B2": "00109", "C1": "00110"}
    scenario = renamed(small_scenario(), ids)
    of_rows, of_plan, plan = recomputed(scenario, shortened(scenario, ids, shorter))
    assert (of_rows, of_plan) == ([], [])
    assert plan.routes[0].visits[0].store_id == "00107"


def test_an_id_that_may_stand_for_two_stores_is_unknown():
    ids = {"A1": "0107", "X1": "00107"}
    scenario = renamed(small_scenario(), ids)
    rows = shortened(scenario, ids, lambda id_: id_.lstrip("0"))
    edited = plan_from_rows(scenario, rows, matrix_of(scenario))
    assert {v.code for v in edited.faults} == {"UNKNOWN_STORE"}


def test_a_name_that_one_store_or_rep_has_stands_for_its_id():
    scenario = with_store(small_scenario(), "A1", name="West  Side")
    scenario = with_store(with_store(scenario, "B1", name="Twin"), "B2", name="Twin")
    scenario = with_rep(scenario, "R1", name="Anna Weber")
    named = {"A1": "west side", "B1": "Twin"}
    rows = [
        row.model_copy(
            update={
                "store_id": named.get(row.store_id, row.store_id),
                "rep": "Anna Weber" if row.rep == "R1" else row.rep,
            }
        )
        for row in rows_of(small_plan(scenario))
    ]
    of_rows, _, plan = recomputed(scenario, rows)
    assert of_rows == ["UNKNOWN_STORE", "UNKNOWN_STORE"]  # of the two Twins
    assert [stop.store_id for route in plan.routes for stop in route.visits].count("A1") == 4
    assert {route.rep for route in plan.routes} == {"R1", "R2"}


def test_many_unknown_ids_are_one_fault_with_a_hint():
    scenario = small_scenario()
    rows = [
        row.model_copy(update={"store_id": f"9{row.store_id}"})
        for row in rows_of(small_plan(scenario))
    ]
    matrix = matrix_of(scenario)
    (found,) = check_edited(scenario, plan_from_rows(scenario, rows, matrix), matrix)
    assert found.code == "UNKNOWN_STORE"
    assert "9 rows name 4 stores" in found.message
    assert "leading zeros" in found.message
    few = [*rows[:3], *rows_of(small_plan(scenario))[3:]]
    told = check_edited(scenario, plan_from_rows(scenario, few, matrix), matrix)
    codes = [violation.code for violation in told]
    assert codes.count("UNKNOWN_STORE") == 3
    assert "FREQUENCY_SHORT" in codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"store_id": "nowhere"}, "UNKNOWN_STORE"),
        ({"store_id": "X1"}, "CLOSED_STORE_VISITED"),
        ({"rep": "nobody"}, "UNKNOWN_REP"),
        ({"week": 3}, "DAY_WRONG"),
        ({"weekday": "sun"}, "NOT_A_WORKDAY"),
    ],
)
def test_a_row_that_can_stand_in_no_plan_is_reported_with_its_number(changes, code):
    scenario = small_scenario()
    rows = rows_of(small_plan(scenario), **changes)
    edited = plan_from_rows(scenario, rows, matrix_of(scenario))
    assert [v.code for v in edited.faults] == [code]
    assert "row 2" in edited.faults[0].message
    checked = check_plan(scenario, edited.plan, matrix_of(scenario))
    assert [v.code for v in checked] == ["FREQUENCY_SHORT"]


def test_a_position_that_is_there_twice_is_reported():
    of_rows, _, _ = recomputed(small_scenario(), rows_of(small_plan(small_scenario()), position=2))
    assert of_rows == ["ORDER_WRONG"]


def test_an_edit_that_breaks_hours_is_timed_and_reported():
    scenario = with_store(small_scenario(), "A1", opening_hours="Mo-Fr 08:00-10:00")
    rows = [row.model_copy(update={"arrive": None}) for row in rows_of(small_plan(scenario))]
    rows[0] = rows[0].model_copy(update={"position": 3})
    of_rows, of_plan, again = recomputed(scenario, rows)
    assert (of_rows, of_plan) == ([], ["OUTSIDE_OPENING_HOURS"])
    assert [stop.store_id for stop in again.routes[0].visits] == ["B1", "A1"]


def test_a_day_off_is_timed_on_ordinary_hours_and_reported():
    scenario = small_scenario()
    reps = (scenario.reps[0], scenario.reps[1].model_validate(
        scenario.reps[1].model_dump() | {"hours": "Mo,We-Fr 09:00-17:00"}
    ))  # fmt: skip
    rows = rows_of(small_plan(scenario))
    of_rows, of_plan, _ = recomputed(scenario.model_copy(update={"reps": reps}), rows)
    assert (of_rows, of_plan) == ([], ["NOT_A_WORKDAY"])


def test_stores_that_fell_short_before_stay_listed():
    scenario = with_store(small_scenario(), "A1", frequency="daily")
    earlier = restated(scenario, small_plan(scenario), listed=True)
    rows = rows_of(earlier)
    _, of_plan, plan = recomputed(scenario, rows, earlier)
    assert of_plan == []
    assert plan.version == earlier.version + 1
    assert recomputed(scenario, rows)[1] == ["FREQUENCY_SHORT"]
    fewer = [row for row in rows if row.store_id != "A1" or row.week == 1]
    assert recomputed(scenario, fewer, earlier)[1] == ["FREQUENCY_SHORT"]


def test_labels_come_from_the_calendar_else_equal_routes_share_one():
    rows = [
        row.model_copy(update={"template": ""}) for row in rows_of(small_plan(small_scenario()))
    ]
    _, _, plan = recomputed(small_scenario(), rows)
    labels = {(route.rep, route.day): route.template for route in plan.routes}
    assert labels == {
        ("R1", 0): "T1",
        ("R1", 2): "T2",
        ("R1", 5): "T1",
        ("R1", 7): "T2",
        ("R2", 1): "T1",
    }
    calendar = (("T5", "T6", "T7", "T6", "T7"),) * 2
    _, of_plan, plan = recomputed(with_policy(small_scenario(), calendar=calendar), rows)
    assert [route.template for route in plan.routes] == ["T5", "T7", "T5", "T7", "T6"]
    assert of_plan == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_columns_in_any_order_and_encoding(tmp_path, encoding):
    text = "备注;Store ID;position;weekday;week;rep\n换了顺序;0012;1;周一;1;王芳\n;;;;;\n"
    (row,) = read_route_rows(written(tmp_path, text, encoding))
    assert row.model_dump() == {
        "rep": "王芳",
        "week": 1,
        "weekday": "mon",
        "store_id": "0012",
        "position": 1,
        "template": "",
        "arrive": None,
        "row": 2,
    }


def test_every_wrong_cell_is_named_at_once(tmp_path):
    lines = [
        HEADER,
        "R1,1,mon,1,A1,08:55,ok",
        "R1,0,mon,1,A1,,",
        "R1,1,moonday,1,A1,,",
        "R1,1,mon,first,A1,,",
        "R1,1,mon,1,A1,25:00,",
        ",1,mon,1,,,",
    ]
    with pytest.raises(InputError) as caught:
        read_route_rows(written(tmp_path, "\n".join(lines)))
    found = [(issue.row, issue.column, issue.code) for issue in caught.value.issues]
    assert found == [
        (3, "week", "BAD_WEEK"),
        (4, "weekday", "BAD_WEEKDAY"),
        (5, "position", "BAD_POSITION"),
        (6, "arrive", "BAD_ARRIVE"),
        (7, "rep", "VALUE_MISSING"),
        (7, "store_id", "VALUE_MISSING"),
    ]
    assert caught.value.issues[1].path == "routes.csv:4:weekday"
    assert all(issue.hint and issue.file == "routes.csv" for issue in caught.value.issues)


@pytest.mark.parametrize(("text", "code"), [("", "EMPTY_FILE"), ("a,b\n1,2\n", "NO_HEADER")])
def test_a_file_that_is_no_routes_csv(tmp_path, text, code):
    with pytest.raises(InputError) as caught:
        read_route_rows(written(tmp_path, text))
    assert [issue.code for issue in caught.value.issues] == [code]


def test_other_columns_of_routes_csv_are_ignored(tmp_path):
    scenario = small_scenario()
    write_routes(small_plan(scenario), scenario, tmp_path / "routes.csv")
    with (tmp_path / "routes.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.reader(stream))
    assert len(read_route_rows(tmp_path / "routes.csv")) == len(rows) - 1 == 9


def test_a_workbook_with_times_and_numbers_as_excel_keeps_them(tmp_path):
    book = Workbook()
    book.active.append(["rep", "week", "weekday", "position", "store_id", "arrive"])
    book.active.append(["R1", 1.0, "Mon", 1.0, 12, time(8, 55)])
    book.save(tmp_path / "routes.xlsx")
    (row,) = read_route_rows(tmp_path / "routes.xlsx")
    assert (row.week, row.weekday, row.store_id, row.position) == (1, "mon", "12", 1)
    assert row.arrive == 8 * 3600 + 55 * 60
