"""Positions of Chinese maps (GCJ-02, BD-09) to WGS84 and back.

The formulas are the ones published by reverse engineering (eviltransform, coordtransform); the
inverse is iterated, so that a position comes back to well under a millimeter.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from routeplanner.domain.scenario import CoordinateSystem

Position = tuple[float, float]
"""Latitude and longitude in degrees."""

_AXIS_M = 6_378_245.0  # of the Krasovsky ellipsoid, on which GCJ-02 is defined
_ECCENTRICITY_2 = 0.00669342162296594323
_CHINA = (0.8293, 55.8271, 72.004, 137.8347)  # south, north, west, east of the shifted area
_BAIDU_TURNS = pi * 3000 / 180
_CLOSE_ENOUGH = 1e-11  # degrees, about a micrometer
_MOST_STEPS = 30


def to_wgs84(lat: float, lon: float, system: CoordinateSystem) -> Position:
    """WGS84 latitude and longitude of a position given in `system`."""
    if system == "bd09":
        lat, lon = _invert(_gcj02_to_bd09, lat, lon)
    if system in ("bd09", "gcj02"):
        lat, lon = _invert(_wgs84_to_gcj02, lat, lon)
    return lat, lon


def from_wgs84(lat: float, lon: float, system: CoordinateSystem) -> Position:
    """Latitude and longitude in `system` of a WGS84 position."""
    if system in ("bd09", "gcj02"):
        lat, lon = _wgs84_to_gcj02(lat, lon)
    if system == "bd09":
        lat, lon = _gcj02_to_bd09(lat, lon)
    return lat, lon


def is_shifted(lat: float, lon: float) -> bool:
    """Whether a position lies in the rectangle round China in which Chinese maps are shifted."""
    south, north, west, east = _CHINA
    return south <= lat <= north and west <= lon <= east


def _invert(forward: Callable[[float, float], Position], lat: float, lon: float) -> Position:
    """The position that `forward` moves to (lat, lon), by fixed-point iteration.

    The shift changes by under a hundredth of the way moved, so every step gains two digits.
    """
    guess_lat, guess_lon = lat, lon
    for _ in range(_MOST_STEPS):
        moved_lat, moved_lon = forward(guess_lat, guess_lon)
        error_lat, error_lon = moved_lat - lat, moved_lon - lon
        guess_lat, guess_lon = guess_lat - error_lat, guess_lon - error_lon
        if abs(error_lat) < _CLOSE_ENOUGH and abs(error_lon) < _CLOSE_ENOUGH:
            break
    return guess_lat, guess_lon


def _wgs84_to_gcj02(lat: float, lon: float) -> Position:
    if not is_shifted(lat, lon):
        return lat, lon
    north_m, east_m = _shift_m(lon - 105.0, lat - 35.0)
    flattening = 1 - _ECCENTRICITY_2 * sin(radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / flattening**1.5
    parallel_m = _AXIS_M / sqrt(flattening) * cos(radians(lat))
    return lat + north_m / meridian_m * 180 / pi, lon + east_m / parallel_m * 180 / pi


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Meters by which GCJ-02 moves a position to the north and to the east."""
    wiggle = _waves(x, (20, 6), (20, 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wiggle
    north += _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wiggle
    east += _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))
    return north, east


def _waves(angle: float, *waves: tuple[float, float]) -> float:
    return 2 / 3 * sum(height * sin(angle * turns * pi) for height, turns in waves)


def _gcj02_to_bd09(lat: float, lon: float) -> Position:
    if not is_shifted(lat, lon):
        return lat, lon
    length = hypot(lat, lon) + 0.00002 * sin(lat * _BAIDU_TURNS)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURNS)
    return length * sin(angle) + 0.006, length * cos(angle) + 0.0065
