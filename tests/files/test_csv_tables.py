"""routes.csv and unserved.csv: columns, round trip, and text that a spreadsheet would run."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.hours import parse_clock
from routeplanner.files.csv_tables import (
    guard_formula,
    unguard_formula,
    write_routes,
    write_unserved,
)
from tests.sample_plans import INJECTED_NAME, UNSERVED_ID, sample_plan, sample_scenario

COLUMNS = (
    "rep,week,weekday,day,template,position,store_id,store_name,class,arrive,start,depart,"
    "service_minutes,travel_minutes,travel_km,lat,lon"
)


def _rows(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _header(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig").splitlines()[0]


def test_routes_hold_every_visit_as_planned(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    plan = sample_plan(scenario)
    path = tmp_path / "routes.csv"
    write_routes(plan, scenario, path)
    assert _header(path) == COLUMNS
    rows = _rows(path)
    visits = [(route, stop) for route in plan.routes for stop in route.visits]
    assert len(rows) == len(visits) == plan.scheduled_visits
    stores = {store.id: store for store in scenario.stores}
    for row, (route, stop) in zip(rows, visits, strict=True):
        store = stores[stop.store_id or ""]
        assert (row["rep"], row["weekday"], row["template"]) == (
            route.rep,
            route.weekday,
            route.template,
        )
        assert (int(row["week"]), int(row["day"])) == (route.week, route.day)
        assert (int(row["position"]), row["store_id"]) == (stop.position, store.id)
        assert parse_clock(row["arrive"]) == stop.arrive
        assert parse_clock(row["start"]) == stop.start
        assert parse_clock(row["depart"]) == stop.depart
        assert float(row["service_minutes"]) * 60 == stop.depart - stop.start
        assert float(row["travel_minutes"]) == stop.travel_minutes
        assert float(row["travel_km"]) == stop.travel_km
        assert float(row["lat"]) == pytest.approx(store.lat, abs=1e-7)
        assert float(row["lon"]) == pytest.approx(store.lon, abs=1e-7)


def test_week_and_position_count_from_one_and_day_from_zero(tmp_path: Path) -> None:
    scenario = sample_scenario()
    write_routes(sample_plan(scenario), scenario, tmp_path / "routes.csv")
    first = _rows(tmp_path / "routes.csv")[0]
    assert (first["week"], first["weekday"], first["day"], first["position"]) == (
        "1",
        "mon",
        "0",
        "1",
    )


def test_coordinates_as_they_came_follow_where_they_were_converted(tmp_path: Path) -> None:
    scenario = sample_scenario("zh", coordinates="gcj02")
    path = tmp_path / "routes.csv"
    write_routes(sample_plan(scenario), scenario, path)
    assert _header(path) == COLUMNS + ",given_lat,given_lon"
    stores = {store.id: store for store in scenario.stores}
    for row in _rows(path):
        assert float(row["given_lat"]) == stores[row["store_id"]].given_lat
        assert float(row["given_lon"]) == stores[row["store_id"]].given_lon


def test_unserved_names_store_code_and_remedy(tmp_path: Path) -> None:
    plan = sample_plan(sample_scenario())
    path = tmp_path / "unserved.csv"
    write_unserved(plan, path)
    assert _header(path) == "store_id,class,required,served,code,message,hint"
    (row,) = _rows(path)
    assert (row["store_id"], row["class"], row["required"], row["served"]) == (
        UNSERVED_ID,
        "C",
        "1",
        "0",
    )
    assert row["code"] == "CLOSED_ON_TEMPLATE_DAYS"
    assert row["message"] == plan.unserved[0].message
    assert row["hint"] == plan.unserved[0].hint


def test_a_name_that_is_a_formula_is_written_as_text(tmp_path: Path) -> None:
    scenario = sample_scenario()
    write_routes(sample_plan(scenario), scenario, tmp_path / "routes.csv")
    names = {row["store_id"]: row["store_name"] for row in _rows(tmp_path / "routes.csv")}
    assert names["S05"] == "'" + INJECTED_NAME
    assert unguard_formula(names["S05"]) == INJECTED_NAME


@pytest.mark.parametrize(
    "value", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "-", "'=1"]
)
def test_dangerous_text_gets_an_apostrophe(value: str) -> None:
    assert guard_formula(value) == "'" + value


@pytest.mark.parametrize(
    "value", ["", "Kiosk", "-5", "+49", "-33.86", "1,5", "A-1", "a=b", "'t Hof"]
)
def test_harmless_text_stays_as_it_is(value: str) -> None:
    assert guard_formula(value) == value


@given(st.text(alphabet="'=+-@ 12a\t", max_size=6))
def test_guard_can_be_taken_off(value: str) -> None:
    assert unguard_formula(guard_formula(value)) == value
