import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.map import write_map
from tests.browser.conftest import Watched
from tests.files.hostile import hostile_plan, hostile_scenario
from tests.files.meetings import with_meeting_days, with_meeting_place
from tests.sample_plans import sample_plan, sample_scenario

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HTTPS = re.compile("^https:")
STORES = ".leaflet-marker-icon.store"


def _map(tmp_path: Path, language: str = "en", n_reps: int = 1) -> Path:
    scenario = sample_scenario(language, n_reps)
    write_map(sample_plan(scenario), scenario, tmp_path / "map.html")
    return tmp_path / "map.html"


def _texts(page: Page) -> list[str]:
    """What stands on the store markers, the not scheduled left out, sorted."""
    labels = page.locator(f"{STORES} .label").all_inner_texts()
    return sorted(label for label in labels if label != "!")


def _pick(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check(force=True)


def _tick(page: Page, label: str, is_on: bool) -> None:
    page.locator("label.route", has=page.get_by_text(label, exact=True)).locator(
        "input"
    ).set_checked(is_on)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_opens_without_a_network(tmp_path: Path, offline: Watched, language: str) -> None:
    page = offline.open(_map(tmp_path, language))
    expect(page.locator(".leaflet-control-scale")).to_be_visible()
    expect(page.locator(".house")).to_have_count(1)
    assert offline.errors == []
    assert offline.requests == []


def test_it_opens_on_the_first_driven_day(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    expect(page.locator("input[name=week]:checked")).to_have_value("0")
    expect(page.locator("input[name=weekday]:checked")).to_have_value("mon")
    expect(page.locator(".shown")).to_have_text("Shown: Week 1 Mon · T1 · 2 stores")
    assert _texts(page) == ["1", "2"]
    assert page.locator("path.leaflet-interactive").count() == 0
    assert page.locator(".line-label").all_inner_texts() == ["T1"]


def test_where_monday_is_free_it_opens_on_tuesday(tmp_path: Path, offline: Watched) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    routes = tuple(route for route in plan.routes if route.weekday != "mon")
    write_map(plan.model_copy(update={"routes": routes}), scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    expect(page.locator("input[name=weekday]:checked")).to_have_value("tue")
    _pick(page, "weekday", "mon")
    expect(page.locator(".shown")).to_have_text("Shown: Week 1 Mon · No route on this day.")
    assert offline.errors == []


def _zoom(page: Page) -> float:
    return float(page.evaluate("map_map.getZoom()"))


@pytest.mark.parametrize("is_away", [False, True])
def test_where_monday_is_a_meeting_it_opens_on_tuesday(
    tmp_path: Path, offline: Watched, is_away: bool
) -> None:
    scenario = with_meeting_place(sample_scenario()) if is_away else sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    write_map(plan, scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    expect(page.locator(".shown")).to_have_text("Shown: Week 1 Tue · T2 · 3 stores")
    _pick(page, "weekday", "mon")
    expect(page.locator(".shown")).to_have_text("Shown: Week 1 Mon · Team meeting 10:30–11:30")
    assert _zoom(page) <= 13
    inside = page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-marker-icon.place")].map((node) => {
          const map = document.getElementById("map").getBoundingClientRect();
          const box = node.getBoundingClientRect();
          return box.left >= map.left && box.right <= map.right &&
                 box.top >= map.top && box.bottom <= map.bottom;
        })"""
    )
    assert inside == [True] * (2 if is_away else 1)
    expect(page.locator("#map .appointment")).to_have_count(1 if is_away else 0)
    page.locator(".leaflet-marker-icon.place").last.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Team meeting · 10:30–11:30")
    assert offline.errors == []


def test_a_cycle_of_meetings_only_opens_on_the_first(tmp_path: Path, offline: Watched) -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 6)
    plan = plan.model_copy(update={"routes": (plan.routes[6],)})
    write_map(plan, scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    expect(page.locator(".shown")).to_have_text("Shown: Week 2 Mon · Team meeting 10:30–11:30")


def test_stores_at_the_base_do_not_bring_the_map_too_close(
    tmp_path: Path, offline: Watched
) -> None:
    scenario = sample_scenario()
    rep = scenario.reps[0]
    at = {"lat": rep.base_lat, "lon": rep.base_lon}
    stores = tuple(store.model_copy(update=at) for store in scenario.stores)
    scenario = scenario.model_copy(update={"stores": stores})
    write_map(sample_plan(scenario), scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    assert _zoom(page) <= 15


def test_ticking_a_route_off_hides_it(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    _pick(page, "week", "all")
    _pick(page, "weekday", "all")
    assert sorted(page.locator(".line-label").all_inner_texts()) == ["T1", "T1", "T2", "T3", "T4"]
    assert _texts(page) == ["A", "A", "B", "B", "B", "C", "C", "×2"]
    _tick(page, "T2", False)
    assert "T2" not in page.locator(".line-label").all_inner_texts()
    assert _texts(page) == ["A", "A", "C", "C", "×2"]
    _tick(page, "T2", True)
    assert "T2" in page.locator(".line-label").all_inner_texts()
    page.get_by_role("button", name="none").click()
    assert _texts(page) == []
    expect(page.locator(".shown")).to_contain_text("No route is switched on.")
    page.get_by_role("button", name="all", exact=True).click()
    assert len(_texts(page)) == 8


def test_numbers_stand_only_where_one_route_or_day_is_on(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    _pick(page, "week", "all")
    _pick(page, "weekday", "all")
    for label in ("T1", "T3", "T4"):
        _tick(page, label, False)
    assert _texts(page) == ["1", "2", "3"]
    _tick(page, "T1", True)
    assert _texts(page) == ["A", "A", "B", "B", "B"]
    _pick(page, "week", "0")
    _pick(page, "weekday", "sat")
    assert _texts(page) == ["1–2 ×2"]
    _tick(page, "T4", True)  # driven on another day: two routes of two days
    assert _texts(page) == ["C", "C", "×2"]


def test_not_scheduled_stores_have_a_red_ring_and_say_why(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    mark = page.locator(f"{STORES} .missing")
    expect(mark).to_have_count(1)
    assert mark.evaluate("node => getComputedStyle(node).borderTopColor") == "rgb(192, 0, 0)"
    page.locator(STORES, has=page.locator(".missing")).press("Enter")
    popup = page.locator(".leaflet-popup-content")
    (reason,) = sample_plan(sample_scenario()).unserved
    expect(popup).to_contain_text(reason.message)
    expect(popup).to_contain_text(reason.hint)
    page.locator("input[name=missing]").uncheck()
    expect(mark).to_have_count(0)


def test_a_store_with_too_few_visits_is_marked_where_it_is_visited(
    tmp_path: Path, offline: Watched
) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    short = plan.unserved[0].model_copy(update={"store_id": "S01", "required": 8, "served": 6})
    write_map(plan.model_copy(update={"unserved": (short,)}), scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    expect(page.locator(f"{STORES} .missing")).to_have_count(0)
    expect(page.locator(f"{STORES} .badge")).to_have_count(1)
    page.get_by_role("button", name="Central Mall 1").press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("6 of 8 visits scheduled")
    page.locator("input[name=short]").uncheck()
    expect(page.locator(f"{STORES} .badge")).to_have_count(0)


def test_a_popup_tells_all_about_a_store(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    page.get_by_role("button", name="Central Mall 1").press("Enter")
    popup = page.locator(".leaflet-popup-content")
    for words in ("Central Mall 1", "Class A", "S01", "Mon", "Wed Fri", "08:49–09:19", "visit 1",
                  "3 a week", "1 Main Street"):  # fmt: skip
        expect(popup).to_contain_text(words)
    assert popup.locator("a").get_attribute("href") == "tel:+8657188000001"


def test_a_building_lists_all_its_stores(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    _pick(page, "weekday", "sat")
    page.locator(STORES, has=page.locator(".building")).press("Enter")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("2 stores in this building")
    expect(popup.locator("h2")).to_have_text(["Central Mall 6", "Station Kiosk 7"])


def test_one_rep_at_a_time_or_all(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path, n_reps=2))
    assert page.locator("label.route:visible").count() == 4
    page.locator("select[name=rep]").select_option("R02 Ben Otto")
    expect(page.locator(".shown")).to_have_text("Shown: Week 1 Mon · T1 · 1 store")
    page.locator("select[name=rep]").select_option("All reps")
    assert page.locator("label.route:visible").count() == 8
    assert sorted(page.locator(".line-label").all_inner_texts()) == ["R01 T1", "R02 T1"]
    assert _texts(page) == ["1", "1", "2"]
    expect(page.locator(".house")).to_have_count(2)


def test_streets_come_when_one_of_them_loads(tmp_path: Path, online: Watched) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=PIXEL, content_type="image/png")

    online.page.route(HTTPS, answer)
    page = online.open(_map(tmp_path))
    expect(page.locator(".leaflet-tile").first).to_be_attached()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Esri")
    assert online.errors == []


def test_a_dead_network_costs_one_request(tmp_path: Path, online: Watched) -> None:
    online.page.route(HTTPS, lambda route: route.abort())
    page = online.open(_map(tmp_path))
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    expect(page.locator(STORES).first).to_be_visible()
    assert len(online.requests) == 1
    assert online.requests[0].startswith("https://server.arcgisonline.com/")
    assert page.locator(".leaflet-tile").count() == 0
    assert all("ERR_FAILED" in error for error in online.errors)


def test_names_do_not_execute(tmp_path: Path, offline: Watched) -> None:
    scenario = hostile_scenario()
    write_map(hostile_plan(scenario), scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    page.locator("select[name=rep]").select_option("all")
    _pick(page, "week", "all")
    _pick(page, "weekday", "all")
    for marker in page.locator(".leaflet-marker-icon[tabindex]").all():
        marker.press("Enter")
        assert page.locator(".leaflet-popup-content").first.is_visible()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert "{{7*7}}" in page.locator("header").inner_text()
    assert offline.errors == []


def _many(n_stores: int) -> tuple[Plan, Scenario]:
    """The sample with its first store repeated over a wide grid."""
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    first = scenario.stores[0]
    copies = tuple(
        first.model_copy(
            update={
                "id": f"X{n}", "name": f"Store {n}",
                "lat": 30.12 + 0.006 * (n % 50), "lon": 120.03 + 0.006 * (n // 50),
            }
        )
        for n in range(n_stores)
    )  # fmt: skip
    routes = []
    for day, route in enumerate(plan.routes):
        visit = route.visits[0]
        mine = copies[day :: len(plan.routes)]
        visits = tuple(
            visit.model_copy(update={"store_id": store.id, "position": place})
            for place, store in enumerate(mine, start=1)
        )
        ends = [stop for stop in route.stops if stop.kind in ("start", "end")]
        stops = (ends[0], *visits, ends[1])
        routes.append(route.model_copy(update={"template": f"T{day + 1}", "stops": stops}))
    many = scenario.model_copy(update={"stores": (*scenario.stores, *copies)})
    return plan.model_copy(update={"routes": tuple(routes)}), many


def test_two_thousand_stores_are_drawn_on_a_canvas(tmp_path: Path, offline: Watched) -> None:
    plan, scenario = _many(2000)
    write_map(plan, scenario, tmp_path / "map.html")
    page = offline.open(tmp_path / "map.html")
    assert len(_texts(page)) == 167
    _pick(page, "week", "all")
    _pick(page, "weekday", "all")
    expect(page.locator(".shown")).to_contain_text("2000 stores")
    assert _texts(page) == []
    box = page.locator("#map").bounding_box()
    assert box is not None
    store = next(store for store in scenario.stores if store.id == "X212")
    at = page.evaluate(f"map_map.latLngToContainerPoint([{store.lat}, {store.lon}])")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    expect(page.locator(".leaflet-popup-content h2")).to_have_text(re.compile(r"Store \d+"))
    assert offline.errors == []


def test_it_prints_on_one_sheet_with_its_legend(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    width, height = page.evaluate(
        "[document.body.offsetWidth, document.body.offsetHeight].map((px) => px / 96 * 25.4)"
    )
    assert width <= 279.5
    assert height <= 192
    assert page.locator("label.route:visible").count() == 1
    seen = page.evaluate(
        """() => {
          const map = document.getElementById("map").getBoundingClientRect();
          return [...document.querySelectorAll(".leaflet-marker-icon.store .point:not(.missing)")]
            .map((node) => node.getBoundingClientRect())
            .every((r) => r.left >= map.left && r.right <= map.right &&
                          r.top >= map.top && r.bottom <= map.bottom);
        }"""
    )
    assert seen
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("document.body.classList.contains('printing')")


def test_no_canvas_lies_over_the_lines(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    levels = page.locator("canvas").evaluate_all(
        "nodes => nodes.map((node) => Number(getComputedStyle(node.parentElement).zIndex))"
    )
    lines = page.locator(".leaflet-overlay-pane").evaluate("node => getComputedStyle(node).zIndex")
    assert levels
    assert max(levels) < int(lines)
    page.mouse.click(*_middle_of_other_store(page))
    expect(page.locator(".leaflet-popup-content h2")).to_have_text("Park Corner 3")


def _middle_of_other_store(page: Page) -> tuple[float, float]:
    """Where a store of another day, S03, lies on the screen."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    store = next(store for store in sample_scenario().stores if store.id == "S03")
    at = page.evaluate(f"map_map.latLngToContainerPoint([{store.lat}, {store.lon}])")
    return box["x"] + at["x"], box["y"] + at["y"]


def test_a_phone_needs_no_sideways_scrolling(tmp_path: Path, phone: Watched) -> None:
    page = phone.open(_map(tmp_path, "zh", n_reps=2))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert box["height"] >= 300
    assert phone.errors == []


def test_it_can_be_used_from_the_keyboard(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_map(tmp_path))
    page.locator("input[name=weekday]:checked").press("ArrowRight")
    expect(page.locator(".shown")).to_contain_text("Tue · T2")
    page.locator("input[name=route]:checked").press("Space")
    expect(page.locator(".shown")).to_contain_text("No route is switched on.")
    names = page.locator(".leaflet-marker-icon[tabindex]").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('aria-label'))"
    )
    assert all(names)
