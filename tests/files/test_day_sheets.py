import re
from html import unescape
from pathlib import Path

import pytest

from routeplanner.domain.plan import Plan
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.files.day_sheets import sheet_names, write_day_sheets
from routeplanner.files.day_sheets_rows import sheets_of
from routeplanner.files.day_sheets_sketch import HEIGHT, WIDTH, sketch_points
from routeplanner.files.route_groups import RouteGroup, route_groups
from tests.files.hostile import hostile_plan, hostile_scenario
from tests.files.meetings import with_meeting_days
from tests.sample_plans import sample_plan, sample_scenario


def _write(tmp_path: Path, language: str = "en", n_reps: int = 1) -> dict[str, str]:
    scenario = sample_scenario(language, n_reps)
    paths = write_day_sheets(sample_plan(scenario), scenario, tmp_path / "days")
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def _words(page: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_one_page_a_rep_and_route_and_an_index(tmp_path: Path) -> None:
    pages = _write(tmp_path, n_reps=2)
    labels = [f"{rep}-T{n}.html" for rep in ("R01", "R02") for n in range(1, 5)]
    assert list(pages) == [*labels, "index.html"]
    assert sorted(path.name for path in (tmp_path / "days").iterdir()) == sorted(pages)
    for name in labels:
        assert f'href="{name}"' in pages["index.html"]


def test_every_page_names_where_the_times_come_from(tmp_path: Path) -> None:
    scenario = sample_scenario()
    source = sample_plan(scenario).provenance.travel_source
    for page in _write(tmp_path).values():
        assert f"Times: {source}" in _words(page)


def test_head_line(tmp_path: Path) -> None:
    words = _words(_write(tmp_path)["R01-T3.html"])
    assert "T3 Saturday · week 1" in words
    assert "R01 Anna Weber" in words
    assert "Start 08:45 Back 09:41 2 stores 20 min in store 8 km" in words
    assert "Cycle 2 weeks · valid from 2026-03-02 · Plan 7f3a · v1 · DRAFT · made on" in words


def test_rows_hold_what_the_rep_needs(tmp_path: Path) -> None:
    words = _words(_write(tmp_path)["R01-T2.html"])
    for part in (
        "08:30 Office time, 15 min", "10:40 Leave base",
        "1 11:00 Park Corner 3 3 Main Street +86 571 8800 0003",
        "arrive 10:46", "open 11:00–20:00", "Lunch, 60 min", "Back at base",
        "Goal of this visit", "Result / reason", "7 other", "Open points from last time",
        "Summary of the day", "Supervisor", "Straight lines, not roads.", "ask for Ms Li",
    ):  # fmt: skip
        assert part in words, part


@pytest.mark.parametrize("later", [0, 20, 40])
def test_times_and_minutes_add_up_as_they_are_shown(later: int) -> None:
    scenario = sample_scenario()
    plan = _later(sample_plan(scenario), later)
    ways = 0
    for group in route_groups(plan, scenario):
        for sheet in sheets_of(group, plan, scenario, ()):
            free_from = 0  # minutes since midnight
            for row in sheet.rows:
                start = _clock(row.times[0][0])
                details = " ".join(row.details)
                if way := re.search(r"(\d+) min, [\d.]+ km from last", details):
                    arrives = re.search(r"arrive (\d\d:\d\d)", details)
                    arrived = _clock(arrives[1]) if arrives else start
                    assert arrived == free_from + int(way[1])
                    ways += 1
                free_from = start + row.minutes
    assert ways > 10


def _later(plan: Plan, seconds: int) -> Plan:
    """The plan with every stop some seconds later."""
    routes = []
    for route in plan.routes:
        stops = [
            stop.model_copy(
                update={n: getattr(stop, n) + seconds for n in ("arrive", "start", "depart")}
            )
            for stop in route.stops
        ]
        routes.append(route.model_copy(update={"stops": tuple(stops)}))
    return plan.model_copy(update={"routes": tuple(routes)})


def _clock(shown: str) -> int:
    hours, minutes = shown.split(":")
    return 60 * int(hours) + int(minutes)


def test_a_day_that_ends_at_a_store_ends_and_is_not_back(tmp_path: Path) -> None:
    scenario = sample_scenario()
    fields = scenario.reps[0].model_dump() | {"start_at": "store", "end_at": "store"}
    scenario = scenario.model_copy(update={"reps": (Rep.model_validate(fields),)})
    write_day_sheets(sample_plan(scenario), scenario, tmp_path)
    words = _words((tmp_path / "R01-T3.html").read_text(encoding="utf-8"))
    assert "Start 08:45 End 09:41" in words
    assert "The day starts at the first store" in words
    assert "The day ends at the last store" in words
    assert "ack" not in words.split("Reasons")[0]


def test_a_day_of_appointments_only_has_a_sheet_under_its_title(tmp_path: Path) -> None:
    scenario = sample_scenario()
    write_day_sheets(with_meeting_days(sample_plan(scenario), 0), scenario, tmp_path)
    words = _words((tmp_path / "R01-Team_meeting.html").read_text(encoding="utf-8"))
    assert "Team meeting Monday · week 1 R01 Anna Weber" in words
    assert "Start 10:30 Back 11:30 Cycle" in words
    assert "10:30 Team meeting, 1 h 00" in words
    assert "store" not in words
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert index.count('href="R01-Team_meeting.html"') == 2
    assert "Team meeting Mon (week 1) · 10:30–11:30" in _words(index)
    assert "0 stores" not in index


def test_days_with_other_stops_have_their_own_sheet(tmp_path: Path) -> None:
    page = _write(tmp_path)["R01-T1.html"]
    assert page.count('<article class="sheet"') == 2
    words = _words(page)
    assert "T1 Monday · weeks 1, 2" in words
    assert "T1 Wed Fri · weeks 1, 2" in words
    assert words.count("Team meeting") == 1


def test_equal_stops_at_other_times_share_a_sheet_that_names_the_days(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    routes = tuple(
        route.model_copy(
            update={
                "stops": tuple(
                    stop.model_copy(
                        update={name: getattr(stop, name) + 600 for name in ("start", "depart")}
                    )
                    for stop in route.stops
                )
            }
        )
        if route.weekday == "thu"
        else route
        for route in plan.routes
    )
    later = plan.model_copy(update={"routes": routes})
    write_day_sheets(later, scenario, tmp_path)
    words = _words((tmp_path / "R01-T2.html").read_text(encoding="utf-8"))
    assert "11:00 Tue 11:10 Thu" in words
    assert "Start 10:40–10:50" in words


def test_chinese_sheet(tmp_path: Path) -> None:
    page = _write(tmp_path, "zh")["R01-T2.html"]
    words = _words(page)
    for part in ("周二 周四 · 第1、2周", "沟通目标", "进店", "离店", "每日拜访总结", "上级主管"):
        assert part in words
    assert "uri.amap.com" in page
    assert "google" not in page


def test_links_to_call_and_to_navigate(tmp_path: Path) -> None:
    page = unescape(_write(tmp_path)["R01-T3.html"])
    assert 'href="tel:+8657188000006"' in page
    assert 'href="geo:30.' in page
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    write_day_sheets(plan, scenario, tmp_path, navigation=("baidu",))
    page = (tmp_path / "R01-T3.html").read_text(encoding="utf-8")
    assert "api.map.baidu.com" in page
    assert "geo:" not in page
    with pytest.raises(InputError) as caught:
        write_day_sheets(plan, scenario, tmp_path, navigation=("waze", "geo"))
    assert [issue.code for issue in caught.value.issues] == ["UNKNOWN_NAVIGATION"]


def test_nothing_is_fetched(tmp_path: Path) -> None:
    for page in _write(tmp_path).values():
        assert not re.search(r"<(script|iframe|img|object|embed)", page)
        assert not re.search(r"<link[^>]+href=\"(?!data:)", page)
        assert "url(" not in page
        assert "@import" not in page


def _long_plan(scenario: Scenario, n_visits: int) -> Plan:
    """Every route visits its first store over and over: longer than any real day."""
    plan = sample_plan(scenario)
    routes = []
    for route in plan.routes:
        stops = list(route.stops)
        first = next(index for index, stop in enumerate(stops) if stop.kind == "visit")
        stops[first:first] = [stops[first]] * n_visits
        routes.append(route.model_copy(update={"stops": tuple(stops)}))
    return plan.model_copy(update={"routes": tuple(routes)})


def test_a_long_day_with_all_links_stays_under_300_kb(tmp_path: Path) -> None:
    scenario = sample_scenario("zh")
    every = ("geo", "google", "apple", "amap", "baidu")
    paths = write_day_sheets(_long_plan(scenario, 60), scenario, tmp_path, navigation=every)
    assert max(path.stat().st_size for path in paths) < 300_000


def test_words_of_the_input_stay_words(tmp_path: Path) -> None:
    scenario = hostile_scenario()
    for path in write_day_sheets(hostile_plan(scenario), scenario, tmp_path):
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page.lower()
        assert path.parent == tmp_path
    page = (tmp_path / "R01-T3_b__.html").read_text(encoding="utf-8")
    assert "{{7*7}}" in page
    assert re.findall(r'href="tel:([^"]*)"', page)[0] == "1117*71030123"  # what a phone dials


def test_file_names_are_safe_and_differ() -> None:
    scenario = sample_scenario()
    rep = scenario.reps[0]
    named = [
        ("../a b", "T1"),
        ("../a/b", "T1"),
        ("..\\A_B", "t1"),
        ("王芳", "T1"),
        ("x" * 300, "T1"),
    ]
    groups = [
        RouteGroup(rep=rep.model_copy(update={"id": rep_id}), label=label, variants=())
        for rep_id, label in named
    ]
    names = list(sheet_names(groups).values())
    assert names == [
        "___a_b-T1.html", "___a_b-T1-2.html", "___A_B-t1-3.html", "王芳-T1.html",
        f"{'x' * 60}-T1.html",
    ]  # fmt: skip


def test_sketch_keeps_north_up_and_proportions() -> None:
    scenario = sample_scenario()
    group = next(g for g in route_groups(sample_plan(scenario), scenario) if g.label == "T2")
    points = sketch_points(group.routes[0], scenario)
    assert [point.number for point in points] == [None, 1, 2, 3, None]
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in points)
    stores = {store.id: store for store in scenario.stores}
    third, fourth = stores["S03"], stores["S04"]
    assert (points[1].y < points[2].y) == (third.lat > fourth.lat)
    assert (points[1].x < points[2].x) == (third.lon < fourth.lon)


def test_sketch_of_a_single_place_is_a_point_in_the_middle() -> None:
    scenario = sample_scenario()
    stores = tuple(
        store.model_copy(
            update={"lat": scenario.reps[0].base_lat, "lon": scenario.reps[0].base_lon}
        )
        for store in scenario.stores
    )
    same = scenario.model_copy(update={"stores": stores})
    points = sketch_points(sample_plan(scenario).routes[0], same)
    assert {(point.x, point.y) for point in points} == {(WIDTH / 2, HEIGHT / 2)}
