from urllib.parse import parse_qs, urlsplit

import pytest

from routeplanner.domain.store import Store
from routeplanner.files.day_sheets_navigation import SERVICES, navigation_links
from routeplanner.travel.coordinates import from_wgs84

NAME = "A&B, 手机 (1)"
BEIJING = Store(id="1", name=NAME, lat=39.9087, lon=116.3975)
BERLIN = Store(id="2", name="Apotheke", lat=52.52, lon=13.405)


def _link(store: Store, name: str, mode: str = "car") -> str:
    ((_, address),) = navigation_links(store, mode, (name,), "en")  # type: ignore[arg-type]
    return address


def _query(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def _pair(store: Store, system: str) -> str:
    lat, lon = from_wgs84(store.lat, store.lon, system)  # type: ignore[arg-type]
    return f"{lat:.6f},{lon:.6f}"


def test_each_app_gets_its_own_coordinates() -> None:
    gcj02, bd09 = _pair(BEIJING, "gcj02"), _pair(BEIJING, "bd09")
    assert len({"39.908700,116.397500", gcj02, bd09}) == 3
    assert _link(BEIJING, "geo").startswith("geo:39.908700,116.397500?q=39.908700,116.397500(")
    assert _query(_link(BEIJING, "google"))["destination"] == gcj02
    assert _query(_link(BEIJING, "apple"))["daddr"] == gcj02
    lat, lon = gcj02.split(",")
    amap = _query(_link(BEIJING, "amap"))
    assert amap["to"] == f"{lon},{lat},A&B  手机 (1)"  # longitude first, no comma in the name
    assert amap["coordinate"] == "gaode"
    baidu = _query(_link(BEIJING, "baidu"))
    assert baidu["location"] == bd09
    assert baidu["coord_type"] == "bd09ll"
    assert baidu["title"] == NAME


@pytest.mark.parametrize("name", ["geo", "google", "apple"])
def test_outside_china_they_are_the_same(name: str) -> None:
    assert "52.520000,13.405000" in _link(BERLIN, name).replace("%2C", ",")


def test_the_way_to_go_follows_the_rep() -> None:
    assert _query(_link(BERLIN, "google", "walk"))["travelmode"] == "walking"
    assert _query(_link(BERLIN, "google", "e-bike"))["travelmode"] == "bicycling"
    assert _query(_link(BEIJING, "amap", "e-bike"))["mode"] == "ride"
    assert _query(_link(BERLIN, "apple", "walk"))["dirflg"] == "w"


def test_links_keep_the_order_asked_for() -> None:
    links = navigation_links(BEIJING, "car", tuple(SERVICES), "zh")
    assert [words for words, _ in links] == ["地图应用", "谷歌", "苹果", "高德", "百度"]
