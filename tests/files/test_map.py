import json
import re
from html.parser import HTMLParser
from pathlib import Path

import folium
import pytest

from routeplanner.files.map import build_map, write_map
from routeplanner.files.map_data import map_data, to_script_json
from tests.files.hostile import ATTACK, hostile_plan, hostile_scenario
from tests.files.meetings import MEETING_PLACE, with_meeting_days, with_meeting_place
from tests.sample_plans import UNSERVED_ID, sample_plan, sample_scenario


class _Elements(HTMLParser):
    """Tags with their attributes, and the text of each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self.inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br", "img"):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words.setdefault(self.inside[-1], []).append(data)


def _page(tmp_path: Path, language: str = "en", n_reps: int = 1) -> str:
    scenario = sample_scenario(language, n_reps)
    write_map(sample_plan(scenario), scenario, tmp_path / "map.html")
    return (tmp_path / "map.html").read_text(encoding="utf-8")


def test_everything_is_in_the_file(tmp_path: Path) -> None:
    elements = _Elements(_page(tmp_path))
    addresses = [
        value
        for tag, attributes in elements.tags
        for name, value in attributes.items()
        if name in ("src", "href") or (tag == "form" and name == "action")
    ]
    assert addresses == ["data:,"]
    assert not [tag for tag, _ in elements.tags if tag in ("iframe", "object", "embed", "base")]
    styles = "".join(elements.words["style"])
    assert "@import" not in styles
    assert "url(http" not in styles
    assert "url(//" not in styles
    assert "sourceMappingURL" not in "".join(elements.words["script"])


def test_leaflet_comes_with_its_license(tmp_path: Path) -> None:
    page = _page(tmp_path)
    assert "Leaflet 1.9.4" in page
    assert "BSD 2-Clause License" in page
    assert "jquery" not in page.lower()
    assert "bootstrap" not in page.lower()


def test_title_bar_names_rep_cycle_version_and_date(tmp_path: Path) -> None:
    page = _page(tmp_path)
    for words in (
        "Rep R01 Anna Weber", "Cycle 2 weeks", "Plan 7f3a · v1", "DRAFT",
        "valid from 2026-03-02", "made on 2026-02-20",
        "28 of 29 visits scheduled; 1 store not at all.",
    ):  # fmt: skip
        assert words in page


def test_foot_names_the_source_of_the_times(tmp_path: Path) -> None:
    assert (
        "Straight lines, not roads. Times: straight line × 1.3 at 18 km/h + 3 min to park and enter"
        in _page(tmp_path)
    )


def test_legend_has_a_row_a_route(tmp_path: Path) -> None:
    text = " ".join(re.sub(r"<[^>]+>", "", _page(tmp_path).split("<main>")[1]).split())
    assert "T1 · Mon Wed Fri · 2 stores · " in text
    assert "T3 · Sat (week 1) · 2 stores · 57 min · 8 km" in text
    assert "Not scheduled · 1 store" in text
    assert _page(tmp_path).count('name="route"') == 4


def test_chinese_page(tmp_path: Path) -> None:
    page = _page(tmp_path, "zh")
    assert '<html lang="zh-CN">' in page
    for words in (
        "拜访线路图",
        "客户主任 R01 王芳",
        "循环周期 2 周",
        "未排入",
        "出发地/返回地",
        "周一",
    ):
        assert words in page
    assert "Straight lines" not in page


def test_several_reps_can_be_chosen(tmp_path: Path) -> None:
    assert 'name="rep"' not in _page(tmp_path)
    page = _page(tmp_path, n_reps=2)
    assert 'name="rep"' in page
    assert page.count('name="route"') == 8


def test_equal_plans_give_equal_files(tmp_path: Path) -> None:
    assert _page(tmp_path) == _page(tmp_path)


def test_a_notebook_can_show_it() -> None:
    scenario = sample_scenario()
    shown = build_map(sample_plan(scenario), scenario)
    assert isinstance(shown, folium.Map)
    assert "<iframe" in shown._repr_html_()


def test_streets_can_come_from_elsewhere_or_nowhere(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    write_map(plan, scenario, tmp_path / "none.html", tiles=None)
    assert (
        "L.tileLayer("
        not in (tmp_path / "none.html").read_text(encoding="utf-8").split("<main>")[1]
    )
    own = "https://tiles.example/{z}/{x}/{y}.png"
    write_map(plan, scenario, tmp_path / "own.html", tiles=own, tiles_attribution="© Example")
    page = (tmp_path / "own.html").read_text(encoding="utf-8")
    assert own in page
    assert "Example" in page
    with pytest.raises(ValueError, match="attribution"):
        write_map(plan, scenario, tmp_path / "bare.html", tiles=own)


def test_words_of_the_input_stay_words(tmp_path: Path) -> None:
    scenario = hostile_scenario()
    write_map(hostile_plan(scenario), scenario, tmp_path / "map.html")
    elements = _Elements((tmp_path / "map.html").read_text(encoding="utf-8"))
    tags = [tag for tag, _ in elements.tags]
    assert "img" not in tags
    assert tags.count("script") == 7  # Leaflet, four of ours, the data, the start
    data = next(a for t, a in elements.tags if t == "script" and a.get("id") == "plan-data")
    assert data["type"] == "application/json"
    read = json.loads(next(w for w in elements.words["script"] if w.startswith("{")))
    assert read["stores"][0]["address"] == ATTACK


def test_data_of_a_store() -> None:
    scenario = sample_scenario()
    data = map_data(sample_plan(scenario), scenario)
    by_id = {store["id"]: store for store in data["stores"]}
    assert "S16" not in by_id  # closed for good
    assert by_id["S01"] == {
        "id": "S01", "name": "Central Mall 1", "class": "A", "at": [30.2771, 120.1551],
        "rep": 0, "frequency": "3 a week", "address": "1 Main Street",
        "phone": "+86 571 8800 0001",
    }  # fmt: skip
    assert by_id[UNSERVED_ID]["missing"]["served"] == 0
    assert by_id[UNSERVED_ID]["missing"]["hint"].startswith("let route T2 serve class C")


def test_stores_of_one_site_or_a_few_meters_apart_are_one_building() -> None:
    scenario = sample_scenario()
    data = map_data(sample_plan(scenario), scenario)
    ids = [store["id"] for store in data["stores"]]
    assert [[ids[i] for i in group] for group in data["buildings"]] == [["S06", "S07"]]
    first = scenario.stores[0]
    near = scenario.stores[1].model_copy(update={"lat": first.lat + 0.0003, "lon": first.lon})
    moved = scenario.model_copy(update={"stores": (first, near, *scenario.stores[2:])})
    data = map_data(sample_plan(moved), moved)
    assert [[ids[i] for i in group] for group in data["buildings"]] == [
        ["S01", "S02"],
        ["S06", "S07"],
    ]


def test_times_of_a_visit_are_grouped_by_days() -> None:
    scenario = sample_scenario()
    data = map_data(sample_plan(scenario), scenario)
    monday, others = data["routes"][0]["variants"]
    assert monday["visits"][0]["times"] == [("Mon", "08:49–09:19")]
    assert others["visits"][0]["times"] == [("Wed Fri", "08:49–09:19")]
    (meeting,) = monday["appointments"]
    assert (meeting["title"], meeting["at"]) == ("Team meeting", [30.2741, 120.1551])
    assert others["appointments"] == []
    assert len(monday["path"]) == 5


def test_a_day_of_appointments_only_is_no_route_of_the_legend(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    write_map(plan, scenario, tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    words = " ".join(re.sub(r"<[^>]+>", "", page.split("<main>")[1]).split())
    assert "Team meeting · Mon (week 1) · 10:30–11:30" in words
    assert "0 stores" not in words.split("{")[0]
    assert "T1 · Mon (week 2), Wed Fri · 2 stores" in words
    data = map_data(plan, scenario)
    assert [route["isRoute"] for route in data["routes"]] == [True] * 4 + [False]
    assert data["routes"][-1]["color"] not in {route["color"] for route in data["routes"][:-1]}


def test_an_appointment_away_from_the_base_has_its_place_and_way(tmp_path: Path) -> None:
    scenario = with_meeting_place(sample_scenario())
    data = map_data(with_meeting_days(sample_plan(scenario), 0), scenario)
    (variant,) = data["routes"][-1]["variants"]
    assert variant["appointments"] == [
        {"title": "Team meeting", "at": list(MEETING_PLACE), "time": "10:30–11:30"}
    ]
    assert list(MEETING_PLACE) in variant["path"]


def test_no_character_ends_the_script_element() -> None:
    words = "</script> <!-- & \u2028 \u2029"
    written = to_script_json({"name": words})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": words}
