from pathlib import Path

import pytest
from playwright.sync_api import expect

from routeplanner.files.day_sheets import write_day_sheets
from tests.browser.conftest import Watched
from tests.files.hostile import hostile_plan, hostile_scenario
from tests.sample_plans import sample_plan, sample_scenario


def _days(tmp_path: Path, language: str = "en") -> Path:
    scenario = sample_scenario(language, 2)
    write_day_sheets(sample_plan(scenario), scenario, tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_cards_without_a_network(
    tmp_path: Path, phone: Watched, language: str
) -> None:
    for name in ("R01-T1.html", "R01-T2.html", "index.html"):
        page = phone.open(_days(tmp_path, language) / name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page = phone.open(tmp_path / "R01-T2.html")
    expect(page.locator("tr.visit")).to_have_count(3)
    expect(page.locator("a.call").first).to_be_visible()
    expect(page.locator("th.goal")).to_be_hidden()
    for link in page.locator("tr.visit .links a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 36  # a thumb hits it
    assert phone.errors == []
    assert phone.requests == []


def test_paper_has_columns_to_write_in_and_no_links(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_days(tmp_path) / "R01-T2.html")
    page.emulate_media(media="print")
    expect(page.locator("th.goal")).to_be_visible()
    expect(page.locator(".signatures")).to_be_visible()
    expect(page.locator(".links").first).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()


def test_a_day_prints_on_one_a4_sheet(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_days(tmp_path, "zh") / "R01-T2.html")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_a_badge_has_no_underlined_space_beside_it(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_days(tmp_path) / "index.html")
    lines = page.locator("li a").evaluate_all(
        "nodes => nodes.map((node) => getComputedStyle(node).textDecorationLine)"
    )
    assert set(lines) == {"none"}


def test_the_index_leads_to_every_sheet(tmp_path: Path, offline: Watched) -> None:
    page = offline.open(_days(tmp_path) / "index.html")
    page.locator("table.calendar a").nth(1).click()
    expect(page.locator("h1")).to_contain_text("T2")
    page.get_by_role("link", name="All day sheets").click()
    expect(page.locator("h1")).to_have_text("Day sheets")
    assert offline.errors == []


def test_names_do_not_execute(tmp_path: Path, offline: Watched) -> None:
    scenario = hostile_scenario()
    for path in write_day_sheets(hostile_plan(scenario), scenario, tmp_path):
        page = offline.open(path)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img, script").count() == 0
    page = offline.open(tmp_path / "index.html")
    page.locator("li a").first.click()  # names with signs lead to their files all the same
    expect(page.locator("article").first).to_be_visible()
    assert offline.errors == []
