"""Judges positions: exchanged lat and lon, stores far from all others, one store listed twice."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import product

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.planning.judge_stores import Judged
from routeplanner.travel.coordinates import to_wgs84
from routeplanner.travel.estimated import great_circle_m
from routeplanner.travel.matrix import Place
from routeplanner.travel.sites import points_on_earth

FloatArray = NDArray[np.float64]
_NameKey = tuple[str, tuple[str, ...]]

FAR_M = 200_000.0
_SAME_PLACE_M = 50.0
_LIKE = 0.85
_CELL_M = FAR_M / 2  # two stores of one cell are at most FAR_M x 0.87 apart
_MOST_COMPARED = 60  # stores of one place whose names are compared each with each


def judge_places(rows: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    """Notes doubtful positions and puts exchanged ones right in the rows."""
    planned = [row for row in rows if row.store.is_planned]
    if len(planned) < 2:
        return
    _put_right(planned, draft, findings)
    points = positions(row.store for row in planned)
    for index, meters in _far_from_all(points):
        row = planned[index]
        findings.warn(
            "FAR_FROM_ALL", row.origin, _place_column(row), id=row.store.id, km=round(meters / 1000)
        )
    for first, second in _like_pairs(planned, points):
        row, other = planned[second], planned[first]
        findings.warn(
            "LIKELY_DUPLICATE",
            row.origin,
            "name",
            value=row.store.name,
            other=other.store.name,
            other_id=other.store.id,
            first=other.origin.words(findings.language),
        )


def judge_bases(
    reps: Sequence[Rep], origins: Sequence[Origin], planned: Sequence[Judged], findings: Findings
) -> None:
    """Notes reps whose base is far from every store that they may visit."""
    points = positions(row.store for row in planned)
    for rep, origin in zip(reps, origins, strict=True):
        own = [i for i, row in enumerate(planned) if row.store.rep in (None, rep.id)]
        if not own or rep.is_assumed:
            continue
        base = points_on_earth((Place("base", rep.base_lat, rep.base_lon),))
        nearest = float(great_circle_m(base, points[own]).min())
        if nearest > FAR_M:
            column = "base_lat" if "base_lat" in origin.headers else "base_lat_lon"
            findings.warn("BASE_FAR_AWAY", origin, column, id=rep.id, km=round(nearest / 1000))


def positions(stores: Iterable[Store]) -> FloatArray:
    """Points of stores in meters from the center of the earth: (n_stores, 3)."""
    return points_on_earth([Place(store.id, store.lat, store.lon) for store in stores])


def _place_column(row: Judged) -> str:
    return "lat" if "lat" in row.origin.headers else "lat_lon"


def _put_right(planned: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    """Exchanges lat and lon where the row lies far off and the exchange brings it to the others.

    The middle of the stores tells where the others are; where the bases of reps are known and far
    from it, they do (then most rows of the list may be exchanged).
    """
    degrees = np.array([(row.store.lat, row.store.lon) for row in planned])
    middle = np.median(degrees, axis=0)
    bases = np.array([(rep.base_lat, rep.base_lon) for rep in draft.reps])
    if len(bases):
        base = np.median(bases, axis=0)
        if _apart(base[None], middle)[0] > 2 * FAR_M:
            middle = base
    exchanged = degrees[:, ::-1]
    is_possible = np.abs(exchanged[:, 0]) <= 90
    as_given = _apart(degrees, middle)
    as_exchanged = _apart(np.where(is_possible[:, None], exchanged, degrees), middle)
    spread = min(float(np.median(as_given)), float(np.median(as_exchanged)))
    limit = max(FAR_M, 2 * spread)
    for index in np.flatnonzero((as_given > 2 * limit) & (as_exchanged < limit) & is_possible):
        row = planned[int(index)]
        row.store = _exchanged(row.store, draft)
        findings.warn("LAT_LON_SWAPPED", row.origin, _place_column(row))


def _exchanged(store: Store, draft: Draft) -> Store:
    if store.given_lat is None or store.given_lon is None:
        return store.model_copy(update={"lat": store.lon, "lon": store.lat})
    given_lat, given_lon = store.given_lon, store.given_lat
    lat, lon = to_wgs84(given_lat, given_lon, draft.coordinates)
    return store.model_copy(
        update={"lat": lat, "lon": lon, "given_lat": given_lat, "given_lon": given_lon}
    )


def _apart(degrees: FloatArray, middle: FloatArray) -> FloatArray:
    """Meters of each position from the middle: (n,)."""
    places = [Place("", float(lat), float(lon)) for lat, lon in degrees]
    center = points_on_earth((Place("", float(middle[0]), float(middle[1])),))
    apart: FloatArray = great_circle_m(points_on_earth(places), center)[:, 0]
    return apart


def _far_from_all(points: FloatArray) -> list[tuple[int, float]]:
    """Stores farther than FAR_M from all others, with meters to the nearest.

    Only stores alone in their grid cell can be such, so few are held against all.
    """
    cells: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, cell in enumerate(np.floor(points / _CELL_M).astype(int).tolist()):
        cells[tuple(cell)].append(index)
    found: list[tuple[int, float]] = []
    for members in cells.values():
        if len(members) > 1:
            continue
        meters = great_circle_m(points[members], points)[0]
        meters[members[0]] = np.inf
        nearest = float(meters.min())
        if nearest > FAR_M:
            found.append((members[0], nearest))
    return sorted(found)


def _like_pairs(planned: Sequence[Judged], points: FloatArray) -> list[tuple[int, int]]:
    """Pairs of stores at one place with like names, each store at most once as the second."""
    pairs: dict[int, int] = {}
    keys: dict[int, _NameKey] = {}
    for group in _near_groups(points):
        for index in group:
            if index not in keys:
                keys[index] = _name_key(planned[index].store.name)
        near = [index for index in group if keys[index][0]]
        firsts = near if len(near) <= _MOST_COMPARED else _first_of_name(near, keys)
        for second in near:
            for first in firsts:
                if first >= second or second in pairs or not _is_like(keys[first], keys[second]):
                    continue
                if float(np.linalg.norm(points[first] - points[second])) <= _SAME_PLACE_M:
                    pairs[second] = first
    return sorted((first, second) for second, first in pairs.items())


def _near_groups(points: FloatArray) -> Iterator[list[int]]:
    """Groups that hold every pair of one place at least once.

    Of eight grids of twice the distance, each shifted by half a cell along some axes, one has both
    points of a near pair in one cell.
    """
    edge = 2 * _SAME_PLACE_M
    for shift in product((0.0, 0.5), repeat=3):
        cells = np.floor(points / edge + np.array(shift)).astype(np.int64)
        order = np.lexsort(cells.T)
        is_first = np.ones(len(order) + 1, dtype=bool)
        is_first[1:-1] = np.any(np.diff(cells[order], axis=0) != 0, axis=1)
        starts = np.flatnonzero(is_first)
        for place in np.flatnonzero(np.diff(starts) > 1).tolist():
            yield sorted(order[starts[place] : starts[place + 1]].tolist())


def _first_of_name(near: list[int], keys: Mapping[int, _NameKey]) -> list[int]:
    first: dict[str, int] = {}
    for index in near:
        first.setdefault(keys[index][0], index)
    return list(first.values())[:_MOST_COMPARED]


def _name_key(name: str) -> _NameKey:
    """The name without case and punctuation, and the numbers and letters that must agree."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = re.findall(r"\d+|[^\W\d_]+", plain)
    marks = tuple(
        sorted(word for word in words if word.isdigit() or (len(word) == 1 and word.isascii()))
    )
    return "".join(words), marks


def _is_like(first: _NameKey, second: _NameKey) -> bool:
    if first[1] != second[1]:
        return False
    if first[0] == second[0]:
        return True
    matcher = SequenceMatcher(None, first[0], second[0], autojunk=False)
    return (
        matcher.real_quick_ratio() >= _LIKE
        and matcher.quick_ratio() >= _LIKE
        and matcher.ratio() >= _LIKE
    )
