"""How near to the address an answer of a geocoder is: to the house, the street or the town only."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from routeplanner.travel.addresses import Address, plain

Quality = Literal["exact", "street", "city", "none"]
WEAK: tuple[str, ...] = ("street", "city", "none")
"""Qualities that a person should look at; only of `street` the position is used before."""

# How providers name what they found, by the key of their answer, the most telling first:
# Nominatim, HERE, Mapbox, Pelias, OpenCage, Bing, Google, Photon and TomTom.
_LEVEL_KEYS = (
    "addresstype", "resultType", "place_type", "layer", "_type", "entityType", "location_type",
    "types", "type",
)  # fmt: skip
_EXACT = {
    "house", "building", "housenumber", "house_number", "address", "point address", "venue", "poi",
    "shop", "amenity", "office", "craft", "healthcare", "tourism", "leisure", "rooftop", "place",
    "street_address", "premise", "subpremise", "establishment", "point_of_interest",
}  # fmt: skip
_STREET = {
    "road", "street", "route", "highway", "address range", "cross street", "roadblock",
    "residential", "range_interpolated", "geometric_center", "intersection", "pedestrian",
}  # fmt: skip
_PLACES_OF_OLD_NOMINATIM = {"house", "house_number"}


def judge(address: Address, raw: Mapping[str, Any], matched: str) -> Quality:
    """The quality of an answer: what its provider says, lowered by what it does not name.

    An answer without the house number asked for is no better than its street; one that names
    neither street nor town of the address found some other place.
    """
    named = plain(" ".join((matched, *_texts(raw))))
    has_number = not address.number or _names_number(named, address.number)
    has_road = not address.road_words or any(word in named for word in address.road_words)
    has_town = not address.town_words or any(word in named for word in address.town_words)
    level = _level(raw)
    if level == "city" or not has_road or not has_town:
        return "city"
    if level == "street" or not has_number or (level is None and not address.number):
        return "street"
    return "exact"


def _level(raw: Mapping[str, Any]) -> Quality | None:
    """What the provider says that it found; none where it says nothing."""
    osm_class = raw.get("class") or raw.get("category")
    if "addresstype" not in raw and osm_class in ("place", "boundary"):
        return "exact" if raw.get("type") in _PLACES_OF_OLD_NOMINATIM else "city"
    if "addresstype" not in raw and isinstance(osm_class, str):
        return "street" if osm_class == "highway" else "exact"
    for key in _LEVEL_KEYS:
        words = {plain(word) for word in _values(raw, key)} - {"feature", "point"}
        if words & _STREET:
            return "street"
        if words & _EXACT:
            return "exact"
        if words:
            return "city"
    return None


def _values(raw: Any, key: str) -> Iterator[str]:
    """Texts under a key anywhere in an answer."""
    if isinstance(raw, Mapping):
        found = raw.get(key)
        for value in found if isinstance(found, list) else [found]:
            if isinstance(value, str):
                yield value
        for value in raw.values():
            yield from _values(value, key)


def _texts(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, Mapping):
        for value in raw.values():
            yield from _texts(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _texts(value)


def _names_number(named: str, number: str) -> bool:
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in named).split()
    return number in words
