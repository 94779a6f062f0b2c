"""The map of the difference: two plans, what changes in sight, one day side by side."""

from pathlib import Path

from playwright.sync_api import Page, expect

from routeplanner.files.comparison.map import write_difference
from tests.browser.conftest import Watched
from tests.files.hostile import ATTACK, hostile_plan, hostile_scenario
from tests.files.test_comparison import two_plans

SPOTS_A, SPOTS_B = "#map .leaflet-marker-icon.store", "#map-b .leaflet-marker-icon.store"


def _page(tmp_path: Path, watched: Watched, language: str = "en") -> Page:
    plans = [(plan.name, plan.plan, plan.scenario) for plan in two_plans(language)]
    write_difference(plans, 2, tmp_path / "difference.html", language)
    return watched.open(tmp_path / "difference.html")


def _pick(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check(force=True)


def _labels(page: Page, spots: str) -> list[str]:
    return sorted(page.locator(f"{spots} .label").all_inner_texts())


def test_what_changes_is_counted_and_listed(tmp_path: Path, offline: Watched) -> None:
    page = _page(tmp_path, offline)
    expect(page.locator(".changes")).to_have_text("1 of 4 stores changes days or rep from A to B.")
    assert page.locator("[data-kind]:visible .count").all_inner_texts() == ["1", "3"]
    expect(page.locator(".changed li small")).to_have_text("Tue (week 1) · R2 → Tue (week 2) · R2")
    # The one that moves says so on the map, the others are pale.
    expect(page.locator("#map .move-label")).to_have_text("Tue 1 → Tue 2")
    assert page.locator(f"{SPOTS_A} .spot.quiet").count() == 3
    assert offline.errors == []
    assert offline.requests == []


def test_a_day_stands_side_by_side(tmp_path: Path, offline: Watched) -> None:
    page = _page(tmp_path, offline)
    _pick(page, "week", "0")
    _pick(page, "weekday", "1")
    expect(page.locator(".shown")).to_have_text("Week 1 Tue: 1 in A, 0 in B, 0 of them in both")
    assert _labels(page, SPOTS_A) == ["1"]
    assert page.locator(f"{SPOTS_B} .spot.away").count() == 1
    expect(page.locator(".side-a .day-facts")).to_have_text("· 1 visit · 50 min · 10 km")
    expect(page.locator(".side-b .day-facts")).to_have_text("· not driven")
    page.locator(".changed li button").click()
    expect(page.locator("#map .leaflet-popup-content")).to_contain_text("visit 1, 08:55")
    expect(page.locator("#map-b .leaflet-popup-content")).to_contain_text("Tue (week 2)")
    assert offline.errors == []


def test_one_plan_alone_and_exchanged(tmp_path: Path, offline: Watched) -> None:
    page = _page(tmp_path, offline)
    _pick(page, "view", "b")
    expect(page.locator(".side-a")).to_be_hidden()
    expect(page.locator(".side-b .name")).to_have_text("today")
    page.locator("button[name=swap]").click()
    expect(page.locator(".side-b .name")).to_have_text("ours")
    expect(page.locator(".changed li small")).to_have_text("Tue (week 2) · R2 → Tue (week 1) · R2")


def test_both_maps_show_the_same_place(tmp_path: Path, offline: Watched) -> None:
    page = _page(tmp_path, offline)
    page.evaluate("map_map.setView([50.1, 8.05], 11, { animate: false })")
    boxes = [
        page.locator(f"{side} .leaflet-marker-icon.place").first.bounding_box()
        for side in ("#map", "#map-b")
    ]
    frames = [page.locator(side).bounding_box() for side in ("#map", "#map-b")]
    assert all(boxes)
    assert all(frames)
    offsets = [
        (box["x"] - frame["x"], box["y"] - frame["y"])  # type: ignore[index]
        for box, frame in zip(boxes, frames, strict=True)
    ]
    assert abs(offsets[0][0] - offsets[1][0]) <= 2
    assert abs(offsets[0][1] - offsets[1][1]) <= 2


def test_kinds_and_stores_can_be_left_out(tmp_path: Path, offline: Watched) -> None:
    page = _page(tmp_path, offline)
    page.locator("[data-kind=same] input").uncheck()
    assert page.locator(SPOTS_A).count() == 1
    page.locator("input[name=find]").fill("nowhere")
    expect(page.locator(".changed > legend")).to_have_text("Stores that change: 0")


def test_hostile_words_do_nothing(tmp_path: Path, offline: Watched) -> None:
    scenario = hostile_scenario()
    plan = hostile_plan(scenario)
    fewer = plan.model_copy(update={"routes": plan.routes[3:]})
    plans = [(ATTACK, plan, scenario), ("b", fewer, scenario)]
    write_difference(plans, 2, tmp_path / "difference.html", "en")
    page = offline.open(tmp_path / "difference.html")
    page.locator(".changed li button").first.click()
    expect(page.locator("#map .leaflet-popup-content h2")).to_contain_text("<script>")
    assert page.evaluate("window.hacked") is None
    assert offline.errors == []


def test_a_phone_needs_no_sideways_scrolling(tmp_path: Path, phone: Watched) -> None:
    page = _page(tmp_path, phone, "zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.errors == []
