import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import gpxpy
import pytest

from routeplanner.errors import InputError
from routeplanner.files.exports import WRITERS, export
from tests.files.hostile import ATTACK, hostile_plan, hostile_scenario
from tests.files.meetings import with_meeting_days
from tests.sample_plans import sample_plan, sample_scenario

KML = "{http://www.opengis.net/kml/2.2}"


def _geojson(tmp_path: Path, coordinates: str = "wgs84") -> list[dict[str, Any]]:
    scenario = sample_scenario(coordinates=coordinates)
    export(sample_plan(scenario), scenario, "geojson", tmp_path / "plan.geojson")
    read = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    assert read["type"] == "FeatureCollection"
    assert "crs" not in read  # RFC 7946 is WGS84 and nothing else
    return list(read["features"])


def test_geojson_holds_stores_bases_and_routes(tmp_path: Path) -> None:
    features = _geojson(tmp_path)
    kinds = [feature["properties"]["kind"] for feature in features]
    assert {kind: kinds.count(kind) for kind in kinds} == {"store": 10, "base": 1, "route": 5}
    store = features[0]
    assert store["geometry"] == {"type": "Point", "coordinates": [120.1551, 30.2771]}
    assert store["properties"]["scheduled"] == 6
    assert store["properties"]["visits"][0] == {
        "rep": "R01", "week": 1, "weekday": "mon", "template": "T1", "position": 1,
        "arrive": "08:49:27", "start": "08:49:27", "depart": "09:19:27",
    }  # fmt: skip


def test_geojson_line_runs_from_base_to_base(tmp_path: Path) -> None:
    route = next(f for f in _geojson(tmp_path) if f["properties"].get("template") == "T3")
    line = route["geometry"]["coordinates"]
    assert line[0] == line[-1] == [120.1551, 30.2741]
    assert len(line) == 4
    assert route["properties"]["days"] == [{"week": 1, "weekday": "sat"}]
    assert route["properties"]["store_ids"] == ["S06", "S07"]


def test_geojson_gives_coordinates_as_they_came_too(tmp_path: Path) -> None:
    store = _geojson(tmp_path, "gcj02")[0]["properties"]
    assert store["coordinates"] == "gcj02"
    assert store["given_lat"] == pytest.approx(30.2751)
    assert "given_lat" not in _geojson(tmp_path)[0]["properties"]


def test_a_line_has_two_positions_at_least(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    reps = tuple(
        rep.model_copy(update={"start_at": "store", "end_at": "store"}) for rep in scenario.reps
    )
    moved = scenario.model_copy(update={"reps": reps})
    export(sample_plan(scenario), moved, "geojson", tmp_path / "plan.geojson")
    read = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    lines = [f["geometry"] for f in read["features"] if f["properties"]["kind"] == "route"]
    assert min(len(line["coordinates"]) for line in lines) == 2


def test_a_day_of_appointments_only_goes_by_their_title(tmp_path: Path) -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    for name in ("geojson", "gpx", "kml"):
        export(plan, scenario, name, tmp_path / name)
    features = json.loads((tmp_path / "geojson").read_text(encoding="utf-8"))["features"]
    days = [f["properties"] for f in features if f["properties"]["kind"] == "route"]
    assert [day.get("template") for day in days] == ["T1", "T1", "T2", "T3", "T4", None]
    assert [day.get("appointments") for day in days if "appointments" in day] == [
        "Team meeting 10:30–11:30",
        "Team meeting 10:30–11:30",
    ]
    gpx = gpxpy.parse((tmp_path / "gpx").read_text(encoding="utf-8"))
    assert gpx.routes[-1].name == "R01 Anna Weber Team meeting Mon (week 1)"
    assert "<name>Team meeting Mon (week 1)</name>" in (tmp_path / "kml").read_text("utf-8")


def test_gpx_has_a_route_a_label_and_all_stores(tmp_path: Path) -> None:
    scenario = sample_scenario()
    export(sample_plan(scenario), scenario, "gpx", tmp_path / "plan.gpx")
    gpx = gpxpy.parse((tmp_path / "plan.gpx").read_text(encoding="utf-8"))
    assert [route.name for route in gpx.routes] == [
        "R01 Anna Weber T1 Mon",
        "R01 Anna Weber T1 Wed Fri",
        "R01 Anna Weber T2 Tue Thu",
        "R01 Anna Weber T3 Sat (week 1)",
        "R01 Anna Weber T4 Sat (week 2)",
    ]
    third = gpx.routes[3]
    assert [point.name for point in third.points] == [
        "Start place",
        "1 Central Mall 6",
        "2 Station Kiosk 7",
        "End place",
    ]
    assert (third.points[0].latitude, third.points[0].longitude) == (30.2741, 120.1551)
    assert len(gpx.waypoints) == 10


def test_kml_has_a_folder_a_rep(tmp_path: Path) -> None:
    scenario = sample_scenario("zh", n_reps=2)
    export(sample_plan(scenario), scenario, "kml", tmp_path / "plan.kml")
    root = ElementTree.parse(tmp_path / "plan.kml").getroot()
    assert [f.findtext(f"{KML}name") for f in root.iter(f"{KML}Folder")] == [
        "门店", "R01 王芳", "R02 李强",
    ]  # fmt: skip
    lines = list(root.iter(f"{KML}LineString"))
    assert len(lines) == 9
    first = (lines[0].findtext(f"{KML}coordinates") or "").split()[0]
    assert first == "120.1551,30.2741,0.0"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("format_name", ["gpx", "kml", "geojson"])
def test_words_of_the_input_stay_words(tmp_path: Path, format_name: str) -> None:
    scenario = hostile_scenario()
    path = tmp_path / "plan"
    export(hostile_plan(scenario), scenario, format_name, path)
    if format_name == "geojson":
        store = json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]
        assert store["address"] == ATTACK
        return
    names = [element.text or "" for element in ElementTree.parse(path).iter()]
    assert any(ATTACK in name for name in names)
    assert not any("\x07" in name for name in names)
    described = (e.text or "" for e in ElementTree.parse(path).iter(f"{KML}description"))
    assert not any("<" in words for words in described)  # viewers show descriptions as HTML


@pytest.mark.parametrize("format_name", WRITERS)
def test_every_format_writes_and_repeats(tmp_path: Path, format_name: str) -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    previous = plan.model_copy(update={"routes": plan.routes[1:]})
    contents = []
    for name in ("first", "second"):
        export(
            plan,
            scenario,
            format_name,
            tmp_path / name,
            timezone="Europe/Berlin",
            previous=previous,
        )
        path = tmp_path / name
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        contents.append([file.read_bytes() for file in files])
    assert all(contents[0])
    if format_name != "xlsx":  # a workbook carries the time of writing
        assert contents[0] == contents[1]


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    scenario = sample_scenario("zh")
    with pytest.raises(InputError) as caught:
        export(sample_plan(scenario), scenario, "dwg", tmp_path / "plan.dwg")
    (issue,) = caught.value.issues
    assert issue.code == "UNKNOWN_FORMAT"
    assert issue.hint.startswith("可选：ics, geojson, gpx, kml")
