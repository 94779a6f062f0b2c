"""Places of one site: the same site by name, or else a chain of places a few meters apart."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from routeplanner.travel.matrix import Place

EARTH_AXIS_M = 6_378_137.0  # of the WGS84 ellipsoid
EARTH_ECCENTRICITY_2 = 0.00669437999014

FloatArray = NDArray[np.float64]


def points_on_earth(places: Sequence[Place]) -> FloatArray:
    """Positions on the WGS84 ellipsoid in meters from the center of the earth: (n_places, 3)."""
    lat = np.radians(np.array([place.lat for place in places], dtype=np.float64))
    lon = np.radians(np.array([place.lon for place in places], dtype=np.float64))
    normal = EARTH_AXIS_M / np.sqrt(1 - EARTH_ECCENTRICITY_2 * np.square(np.sin(lat)))
    x, y = normal * np.cos(lat) * np.cos(lon), normal * np.cos(lat) * np.sin(lon)
    return np.stack((x, y, normal * (1 - EARTH_ECCENTRICITY_2) * np.sin(lat)), axis=1)


def sites_of(places: Sequence[Place], meters: float) -> tuple[tuple[int, ...], ...]:
    """Indices of the places of each site, places on their own included, in the places' order.

    Places that name a site belong to it and to no other; the rest join where they stand within
    `meters` of each other. Linear in the number of places, as only neighboring cells of a grid of
    `meters` are compared.
    """
    parent = list(range(len(places)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second in (*_named_alike(places), *_near(places, meters)):
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(places)):
        members[root(index)].append(index)
    return tuple(tuple(group) for group in members.values())


def _named_alike(places: Sequence[Place]) -> list[tuple[int, int]]:
    first_of: dict[str, int] = {}
    return [
        (first_of.setdefault(place.site, index), index)
        for index, place in enumerate(places)
        if place.site
    ]


def _near(places: Sequence[Place], meters: float) -> list[tuple[int, int]]:
    free = [index for index, place in enumerate(places) if not place.site]
    points = points_on_earth([places[index] for index in free])
    cells: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for row, (x, y, z) in enumerate((points // max(meters, 1.0)).astype(int).tolist()):
        cells[x, y, z].append(row)
    pairs: list[tuple[int, int]] = []
    for (x, y, z), rows in cells.items():
        around = product((x - 1, x, x + 1), (y - 1, y, y + 1), (z - 1, z, z + 1))
        others = [row for cell in around for row in cells.get(cell, ())]
        if len(others) == 1:
            continue
        apart = np.linalg.norm(points[rows][:, None] - points[others][None], axis=2)
        for a, b in np.argwhere(apart <= meters).tolist():
            if rows[a] < others[b]:
                pairs.append((free[rows[a]], free[others[b]]))
    return pairs
