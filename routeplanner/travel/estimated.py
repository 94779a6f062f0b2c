"""Travel estimated from positions: great circle × detour ÷ speed + minutes to park and enter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routeplanner.domain.policy import TravelRules
from routeplanner.domain.rep import Mode
from routeplanner.domain.scenario import Language
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text
from routeplanner.travel.matrix import IntArray, Place, TravelMatrix, whole_numbers
from routeplanner.travel.sites import FloatArray, points_on_earth, sites_of

_EARTH_RADIUS_M = 6_371_008.8  # mean radius of WGS84
_ROWS_AT_ONCE = 256  # keeps the intermediate arrays of 5,000 places near 10 MB each


@dataclass(frozen=True, slots=True)
class EstimatedTravel:
    """The policy's travel rules applied to straight lines.

    Between places of one site it is `same_site_minutes` on foot and the straight distance; where a
    chain of near places grows long, the time of walking it. Parking comes once per site, on
    entering it from another; never at a base.
    """

    rules: TravelRules
    language: Language = "en"

    def matrix(self, places: tuple[Place, ...], modes: tuple[Mode, ...]) -> TravelMatrix:
        """Travel between all places; InputError where a mode has no speed."""
        issues = speed_issues(self.rules, modes, self.language)
        if issues:
            raise InputError(issues)
        n = len(places)
        travel_s = np.zeros((len(modes), n, n), dtype=whole_numbers(n))
        travel_m = np.zeros((n, n), dtype=whole_numbers(n))
        points = points_on_earth(places)
        park_s = np.array([0 if p.is_base else self.rules.park_minutes * 60 for p in places])
        for start in range(0, n, _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            driven_m = great_circle_m(points[rows], points) * self.rules.detour
            travel_m[rows] = np.rint(driven_m)
            for k, mode in enumerate(modes):
                travel_s[k, rows] = np.rint(driven_m / self._speed(mode) + park_s)
        for group in sites_of(places, self.rules.same_site_meters):
            if len(group) > 1:
                self._walk_within(group, places, points, travel_s, travel_m)
        diagonal = np.arange(n)
        travel_s[:, diagonal, diagonal] = 0
        return TravelMatrix(
            tuple(p.id for p in places), modes, travel_s, travel_m, self.source(modes)
        )

    def source(self, modes: Sequence[Mode]) -> str:
        """The sentence that the outputs show."""
        speeds = [self._speed_text(mode, len(modes) > 1) for mode in modes]
        return text(
            "travel.estimated",
            self.language,
            detour=f"{self.rules.detour:g}",
            speeds=", ".join(speeds),
            park=f"{self.rules.park_minutes:g}",
        )

    def _walk_within(
        self,
        group: Sequence[int],
        places: Sequence[Place],
        points: FloatArray,
        travel_s: IntArray,
        travel_m: IntArray,
    ) -> None:
        square = np.ix_(group, group)
        straight_m = great_circle_m(points[list(group)], points[list(group)])
        travel_m[square] = np.rint(straight_m)
        least_s = round(self.rules.same_site_minutes * 60)
        if places[group[0]].site:
            for by_mode in travel_s:
                by_mode[square] = least_s
            return
        walk_s = np.rint(straight_m * self.rules.detour / self._speed("walk")).astype(np.int64)
        for by_mode in travel_s:
            by_mode[square] = np.maximum(least_s, np.minimum(walk_s, by_mode[square]))

    def _speed(self, mode: Mode) -> float:
        """Meters per second; walking has its usual speed where the policy names none."""
        kmh = self.rules.speed_kmh.get(mode) or TravelRules().speed_kmh["walk"]
        return kmh / 3.6

    def _speed_text(self, mode: Mode, is_named: bool) -> str:
        key = f"travel.speed_{mode}" if is_named else "travel.speed"
        return text(key, self.language, kmh=f"{self.rules.speed_kmh[mode]:g}")


def speed_issues(rules: TravelRules, modes: Iterable[Mode], language: Language) -> list[Issue]:
    """An issue for each way of travel that the policy names no speed of."""
    return [
        Issue(
            code="NO_SPEED",
            path=f"policy.travel.speed_kmh.{mode}",
            message=text("travel.no_speed", language, mode=mode),
            hint=text("travel.no_speed_hint", language, mode=mode),
        )
        for mode in modes
        if rules.speed_kmh.get(mode, 0) <= 0
    ]


def great_circle_m(starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Great-circle meters between points of `points_on_earth`: (n_starts, n_ends).

    The chord between points of the ellipsoid, bent to an arc of the mean radius: the same in both
    directions, and within 0.01 % of the geodesic up to 300 km (a sphere alone is 0.6 % off near
    the equator).
    """
    squares = np.zeros((len(starts), len(ends)))
    for axis in range(3):
        squares += np.square(starts[:, axis, None] - ends[None, :, axis])
    half_chord = np.sqrt(squares) / (2 * _EARTH_RADIUS_M)
    arc: FloatArray = 2 * _EARTH_RADIUS_M * np.arcsin(np.minimum(half_chord, 1.0))
    return arc
