"""Published reference points, and back again.

Sources: the test suites of googollee/eviltransform (WGS84 - GCJ-02; its two BD-09 points are not
used, as they lie 10 and 40 m off the formula that every library publishes, its own included),
wandergis/coordtransform (`test/app.js`, the point 116.404, 39.915) and dromara/hutool
(`CoordinateUtilTest`, a point checked against tool.lu/coordinate).
"""

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.travel.coordinates import from_wgs84, is_shifted, to_wgs84

WGS84_GCJ02 = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),  # Shanghai
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),  # Shenzhen
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),  # Beijing
    ((39.915, 116.404), (39.91640428150164, 116.41024449916938)),
]
WGS84_BD09 = [
    ((39.915, 116.404), (39.922699552216216, 116.41662724378733)),
    ((44.99804071, 122.99395597), (45.0063690918959, 123.00636516028885)),
]
GCJ02_BD09 = [
    ((39.915, 116.404), (39.92133699351022, 116.41036949371029)),
    ((39.90865673957631, 116.39762729119315), (39.915, 116.404)),
]
ONE_METER = 1.0

mainland = st.tuples(st.floats(18, 53), st.floats(74, 134))


def meters(first: tuple[float, float], second: tuple[float, float]) -> float:
    return float(geodesic(first, second).m)


@pytest.mark.parametrize(("wgs84", "gcj02"), WGS84_GCJ02)
def test_gcj02_reference_points(wgs84, gcj02):
    assert meters(from_wgs84(*wgs84, "gcj02"), gcj02) < ONE_METER
    assert meters(to_wgs84(*gcj02, "gcj02"), wgs84) < ONE_METER


@pytest.mark.parametrize(("wgs84", "bd09"), WGS84_BD09)
def test_bd09_reference_points(wgs84, bd09):
    assert meters(from_wgs84(*wgs84, "bd09"), bd09) < ONE_METER
    assert meters(to_wgs84(*bd09, "bd09"), wgs84) < ONE_METER


@pytest.mark.parametrize(("gcj02", "bd09"), GCJ02_BD09)
def test_bd09_and_gcj02_reference_points_are_one_place(gcj02, bd09):
    assert meters(to_wgs84(*gcj02, "gcj02"), to_wgs84(*bd09, "bd09")) < ONE_METER


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
@given(wgs84=mainland)
def test_there_and_back(system, wgs84):
    shown = from_wgs84(*wgs84, system)
    assert meters(to_wgs84(*shown, system), wgs84) < 0.001
    assert 0 < meters(shown, wgs84) < 3000


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("position", [(52.52, 13.40), (-33.9, 151.2), (40.7, -74.0), (0.5, 100.0)])
def test_outside_china_nothing_moves(system, position):
    assert from_wgs84(*position, system) == position
    assert to_wgs84(*position, system) == position


@given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
def test_wgs84_stays_wgs84(position):
    assert to_wgs84(*position, "wgs84") == from_wgs84(*position, "wgs84") == position


def test_edges_of_the_shifted_area():
    assert is_shifted(0.8293, 72.004)
    assert is_shifted(55.8271, 137.8347)
    assert not is_shifted(0.8292, 100)
    assert not is_shifted(55.8272, 100)
    assert not is_shifted(30, 72.003)
    assert not is_shifted(30, 137.8348)
