"""Links that open a store in a navigation app, each in the coordinate system the app reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from routeplanner.domain.rep import Mode
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue
from routeplanner.files.route_groups import store_title
from routeplanner.texts import text
from routeplanner.travel.coordinates import from_wgs84

DEFAULT_NAVIGATION: dict[Language, tuple[str, ...]] = {
    "en": ("geo", "google", "apple"),
    "zh": ("amap", "baidu", "apple"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """A navigation app: the system of its coordinates, and its link for (lat, lon, name, mode)."""

    system: CoordinateSystem
    link: Callable[[str, str, str, Mode], str]


def _geo(lat: str, lon: str, name: str, _mode: Mode) -> str:
    return f"geo:{lat},{lon}?q={lat},{lon}({quote(name, safe='')})"


def _google(lat: str, lon: str, _name: str, mode: Mode) -> str:
    travel: dict[Mode, str] = {"car": "driving", "e-bike": "bicycling", "walk": "walking"}
    query = {"api": "1", "destination": f"{lat},{lon}", "travelmode": travel[mode]}
    return f"https://www.google.com/maps/dir/?{urlencode(query)}"


def _apple(lat: str, lon: str, name: str, mode: Mode) -> str:
    query = {"daddr": f"{lat},{lon}", "q": name, "dirflg": "w" if mode == "walk" else "d"}
    return f"https://maps.apple.com/?{urlencode(query)}"


def _amap(lat: str, lon: str, name: str, mode: Mode) -> str:
    travel: dict[Mode, str] = {"car": "car", "e-bike": "ride", "walk": "walk"}
    # The name is the third part of a comma-separated value.
    place = f"{lon},{lat},{name.replace(',', ' ')}"
    query = {"to": place, "mode": travel[mode], "coordinate": "gaode", "callnative": "1"}
    return f"https://uri.amap.com/navigation?{urlencode(query)}"


def _baidu(lat: str, lon: str, name: str, _mode: Mode) -> str:
    # The web form of Baidu's directions wants a city and an origin; a marked place wants neither
    # and offers the way there.
    query = {
        "location": f"{lat},{lon}",
        "title": name,
        "content": name,
        "coord_type": "bd09ll",
        "output": "html",
    }
    return f"https://api.map.baidu.com/marker?{urlencode(query)}"


# Google and Apple draw China in GCJ-02; outside China GCJ-02 equals WGS84.
SERVICES: dict[str, Service] = {
    "geo": Service("wgs84", _geo),
    "google": Service("gcj02", _google),
    "apple": Service("gcj02", _apple),
    "amap": Service("gcj02", _amap),
    "baidu": Service("bd09", _baidu),
}


def check_navigation(names: Sequence[str], language: str) -> None:
    """Raise InputError where a name is no navigation service."""
    unknown = [name for name in names if name not in SERVICES]
    if unknown:
        known = ", ".join(SERVICES)
        raise InputError(
            [
                Issue(
                    code="UNKNOWN_NAVIGATION",
                    path="navigation",
                    message=text("day_sheet.unknown_navigation", language, name=name),
                    hint=text("day_sheet.unknown_navigation_hint", language, known=known),
                    value=name,
                )
                for name in unknown
            ]
        )


def navigation_links(
    store: Store, mode: Mode, names: Sequence[str], language: str
) -> list[tuple[str, str]]:
    """(words, address) of each navigation service asked for."""
    links = []
    for name in names:
        service = SERVICES[name]
        lat, lon = from_wgs84(store.lat, store.lon, service.system)
        address = service.link(f"{lat:.6f}", f"{lon:.6f}", store_title(store), mode)
        links.append((text(f"day_sheet.go_{name}", language), address))
    return links
