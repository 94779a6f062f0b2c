"""Where stores and bases lie, and how long it takes between them: towns, cities, malls."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.field.rules import Kind, TerritoryRules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
IndexArray = NDArray[np.int32]

PARK_S = 180  # on entering a store's place from another; nobody parks at a base
WALK_S = 120  # between two places of one mall
DETOUR = 1.3
LARGEST_INT64 = 5_000  # places above which travel times are int32
_MALL_STORES = (3, 7)  # fewest, and one more than most, stores of a mall

# Meters of road up to which a speed in km/h holds; in cities it is as slow everywhere.
_SPEEDS: dict[Kind, tuple[tuple[float, float], ...]] = {
    "city": ((np.inf, 18.0),),
    "mixed": ((4_000.0, 18.0), (12_000.0, 40.0), (np.inf, 65.0)),
    "rural": ((2_000.0, 25.0), (10_000.0, 50.0), (np.inf, 70.0)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Positions in whole meters of a plane, malls, and the place at which each store is parked."""

    position: IntArray  # (n_stores, 2)
    mall_of_store: IndexArray  # (n_stores,) -1: none
    place_of_store: IndexArray  # (n_stores,) stores of one parking share it
    n_places: int  # bases and appointments come after these


def lay_out(rules: TerritoryRules, rng: np.random.Generator) -> Layout:
    """Return the positions of the stores: the same for the same rules and generator."""
    n = rules.stores
    draw = {"city": _city, "mixed": _mixed, "rural": _rural}[rules.kind]
    position = np.rint(draw(n, rng)).astype(np.int64)
    mall = _malls(n, rules.mall_share, rng)
    place = np.arange(n)
    for k in range(int(mall.max()) + 1):
        members = np.flatnonzero(mall == k)
        position[members] = position[members[0]]
        if k % 2 == 0:  # every other mall is one house: its stores share a place
            place[members] = members[0]
    used, place = np.unique(place, return_inverse=True)
    return Layout(position, mall, place.astype(np.int32), len(used))


def travel_seconds(
    rules: TerritoryRules, layout: Layout, others: IntArray, are_bases: NDArray[np.bool_]
) -> IntArray:
    """
    Return travel times between the stores' places, then other places: seconds, from row to column.

    Parameters
    ----------
    others
        (n_others, 2) positions of bases and appointments, in meters.
    are_bases
        (n_others,) where nobody parks.

    Returns
    -------
    (n_places, n_places) seconds, from row to column, parking at the column included; int32 above
    `LARGEST_INT64` places.
    """
    first = np.unique(layout.place_of_store, return_index=True)[1]
    position = np.concatenate([layout.position[first], others])
    mall = np.concatenate([layout.mall_of_store[first], np.full(len(others), -1)])
    park = np.concatenate([np.full(len(first), PARK_S), np.where(are_bases, 0, PARK_S)])
    dtype = np.int64 if len(park) <= LARGEST_INT64 else np.int32
    travel: NDArray[Any] = np.zeros((len(position),) * 2, dtype)
    ends, kmh = np.array(_SPEEDS[rules.kind]).T
    _fill_travel(travel, position * 1.0, mall, park, ends, 3.6 / kmh)
    return travel


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_travel(
    travel: NDArray[Any],
    position: FloatArray,
    mall: IntArray,
    park: IntArray,
    ends: FloatArray,
    pace: FloatArray,
) -> None:
    """Fill in driving, concave in the road so that no way round is shorter, parking, walking."""
    n = len(position)
    for a in range(n):
        for b in range(n):
            dx, dy = position[a, 0] - position[b, 0], position[a, 1] - position[b, 1]
            road, begun, seconds = np.sqrt(dx * dx + dy * dy) * DETOUR, 0.0, 0.0
            for k in range(len(ends)):
                seconds += max(0.0, min(road, ends[k]) - begun) * pace[k]
                begun = ends[k]
            travel[a, b] = int(np.rint(seconds)) + park[b]
            if mall[a] >= 0 and mall[a] == mall[b]:
                travel[a, b] = WALK_S
        travel[a, a] = 0


def _city(n: int, rng: np.random.Generator) -> FloatArray:
    """Quarters round their high streets, three stores a square kilometer."""
    radius = 1_000.0 * np.sqrt(n / 3.0 / np.pi)
    return _towns(n, max(1, n // 30), radius, 500.0, 0.4, rng)


def _rural(n: int, rng: np.random.Generator) -> FloatArray:
    """Towns of all sizes, a store in eight square kilometers."""
    radius = 1_000.0 * np.sqrt(n * 8.0 / np.pi)
    return _towns(n, max(1, n // 10), radius, 600.0, 0.1, rng)


def _mixed(n: int, rng: np.random.Generator) -> FloatArray:
    """Half of the stores in cities of about 300 stores, half in towns around."""
    n_cities = max(1, n // 600)
    radius = 1_000.0 * np.sqrt(n * 2.0 / np.pi)
    outside = _towns(n - n // 2, max(1, n // 16), radius, 600.0, 0.15, rng)
    centers = _in_disc(n_cities, radius if n_cities > 1 else 0.2 * radius, rng)
    city_of = rng.integers(n_cities, size=n // 2)
    inside = np.empty((n // 2, 2))
    for k in range(n_cities):
        members = city_of == k
        inside[members] = centers[k] + _city(int(members.sum()), rng)
    return np.concatenate([inside, outside])


def _towns(
    n: int, n_towns: int, radius: float, sigma: float, scattered: float, rng: np.random.Generator
) -> FloatArray:
    """Return stores round the centers of towns in a disc, and some anywhere in it."""
    centers = _in_disc(n_towns, radius, rng)
    size = rng.gamma(1.5, size=n_towns)
    town = rng.choice(n_towns, size=n, p=size / size.sum())
    width = sigma * (0.5 + size / size.mean())[town]
    near = centers[town] + rng.normal(size=(n, 2)) * width[:, None]
    anywhere = _in_disc(n, radius, rng)
    return np.where((rng.random(n) < scattered)[:, None], anywhere, near)


def _in_disc(n: int, radius: float, rng: np.random.Generator) -> FloatArray:
    angle, away = rng.random(n) * 2 * np.pi, radius * np.sqrt(rng.random(n))
    return np.stack([away * np.cos(angle), away * np.sin(angle)], axis=1)


def _malls(n: int, share: float, rng: np.random.Generator) -> IndexArray:
    """Return the mall of each store: groups of three to six, -1 for all others."""
    mall = np.full(n, -1, dtype=np.int32)
    members = rng.permutation(n)[: round(share * n)]
    begun, number = 0, 0
    while len(members) - begun >= _MALL_STORES[0]:
        size = int(rng.integers(*_MALL_STORES))
        mall[members[begun : begun + size]] = number
        begun, number = begun + size, number + 1
    return mall
