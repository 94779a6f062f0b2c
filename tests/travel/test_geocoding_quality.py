"""Addresses as queries, and how near an answer is."""

import pytest

from routeplanner.travel.addresses import Address
from routeplanner.travel.geocoding_quality import judge

LINDEN = Address(street="Lindenstr.", house_number="5", postal_code="10969", city="Berlin")
LINDEN_TEXT = "Lindenstraße 5, 10969 Berlin, Deutschland"


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (LINDEN, "Lindenstr. 5, 10969 Berlin"),
        (Address(text="Lindenstr. 5, 10969 Berlin", city="Berlin"), "Lindenstr. 5, 10969 Berlin"),
        (Address(text="Lindenstr. 5", postal_code="10969", city="Berlin"),
         "Lindenstr. 5, 10969 Berlin"),
        (Address(street="Lindenstr."), "Lindenstr."),
        (Address(postal_code="10969", city="Berlin"), ""),
        (Address(text="城西区清风路11号", city="嘉兴市"), "城西区清风路11号, 嘉兴市"),
    ],
)  # fmt: skip
def test_query(address, query):
    assert address.query == query


def test_parts_are_read_from_a_text():
    address = Address(text="Straße des 17. Juni 135b, 10623 Berlin")
    assert (address.code, address.town_words) == ("10623", ("10623", "berlin"))
    assert Address(text="Ahornweg 7a, 12000 Berlin").number == "7a"
    assert Address(text="12000 Berlin, Ahornweg").code == ""
    chinese = Address(text="嘉兴市城西区清风路11号")
    assert (chinese.number, chinese.road_words, chinese.town_words) == (
        "11",
        ("清风路",),
        ("嘉兴",),
    )


@pytest.mark.parametrize(
    ("raw", "quality"),
    [
        ({"addresstype": "building", "class": "building"}, "exact"),
        ({"addresstype": "road", "class": "highway"}, "street"),
        ({"addresstype": "suburb", "class": "boundary"}, "city"),
        ({"class": "highway", "type": "residential"}, "street"),  # Nominatim before 4.0
        ({"class": "shop", "type": "chemist"}, "exact"),
        ({"class": "place", "type": "house"}, "exact"),
        ({"class": "place", "type": "suburb"}, "city"),
        ({"type": "Feature", "properties": {"type": "house"}}, "exact"),  # Photon
        ({"type": "Feature", "properties": {"type": "district"}}, "city"),
        ({"geometry": {"location_type": "ROOFTOP"}, "types": ["premise"]}, "exact"),  # Google
        ({"geometry": {"location_type": "RANGE_INTERPOLATED"}, "types": ["premise"]}, "street"),
        ({"geometry": {"location_type": "APPROXIMATE"}, "types": ["locality"]}, "city"),
        ({"resultType": "houseNumber"}, "exact"),  # HERE
        ({"resultType": "locality"}, "city"),
        ({"place_type": ["address"]}, "exact"),  # Mapbox
        ({"properties": {"layer": "street"}}, "street"),  # Pelias
        ({"components": {"_type": "road"}}, "street"),  # OpenCage
        ({"type": "Point Address"}, "exact"),  # TomTom
        ({}, "exact"),  # says nothing: the text decides
    ],
)
def test_what_the_provider_says(raw, quality):
    assert judge(LINDEN, raw, LINDEN_TEXT) == quality


@pytest.mark.parametrize(
    ("matched", "quality"),
    [
        ("Lindenstraße 5, 10969 Berlin", "exact"),
        ("Lindenstr 5, Berlin", "exact"),
        ("LINDENSTRASSE 5, Kreuzberg, 10969", "exact"),
        ("Lindenstraße 50, 10969 Berlin", "street"),
        ("Lindenstraße, Berlin", "street"),
        ("Lindenstraße 5, 50674 Köln", "city"),
        ("Ahornweg 5, 10969 Berlin", "city"),
        ("Berlin", "city"),
    ],
)
def test_what_the_answer_does_not_name_lowers_it(matched, quality):
    assert judge(LINDEN, {}, matched) == quality
    assert judge(LINDEN, {"addresstype": "building"}, matched) == quality


def test_without_a_house_number_the_street_is_all_there_is():
    assert judge(Address(text="Lindenstraße, Berlin"), {}, "Lindenstraße, Berlin") == "street"


def test_chinese_addresses():
    address = Address(text="城西区清风路11号", city="嘉兴市")
    assert judge(address, {}, "清风路11号, 城西区, 嘉兴市, 浙江省") == "exact"
    assert judge(address, {}, "清风路, 嘉兴市, 浙江省") == "street"
    assert judge(address, {}, "望湖路11号, 嘉兴市") == "city"
    assert judge(address, {}, "清风路11号, 杭州市") == "city"
