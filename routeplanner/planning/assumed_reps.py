"""Reps that nobody gave: one at the most central store, or one for each rep that stores name."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.planning.judge_places import FloatArray, positions
from routeplanner.planning.judge_stores import Judged
from routeplanner.travel.estimated import great_circle_m

ASSUMED_ID = "R01"
_ALL_COMPARED = 2000
_CANDIDATES = 200
_MIDDLE_STEPS = 40
_ROWS_AT_ONCE = 50


def assumed_reps(rows: Sequence[Judged], draft: Draft, findings: Findings) -> tuple[Rep, ...]:
    """Return assumed reps; stores that name a rep get that one, at the center of their own area."""
    areas: dict[str, list[Store]] = defaultdict(list)
    for row in rows:
        if row.store.is_planned or row.store.rep is not None:
            areas[row.store.rep or ""].append(row.store)
    named = sorted(name for name in areas if name)
    if not named:
        named, areas = [ASSUMED_ID], {ASSUMED_ID: areas[""]}
    reps: list[Rep] = []
    for name in named:
        planned = [store for store in areas[name] if store.is_planned] or areas[name]
        store = planned[most_central(positions(planned))]
        shown = f"{store.id} {store.name}".strip()
        findings.warn("ASSUMED_REP", draft.stores_origin, rep=name, store=shown)
        reps.append(
            Rep(
                id=name,
                base_lat=store.lat,
                base_lon=store.lon,
                given_lat=store.given_lat,
                given_lon=store.given_lon,
                is_assumed=True,
            )
        )
    return tuple(reps)


def most_central(points: FloatArray) -> int:
    """Return the index of the point with the least sum of distances to all others.

    Of many points only those nearest to their geometric median (Weiszfeld 1937) are compared.
    """
    candidates = np.arange(len(points))
    if len(points) > _ALL_COMPARED:
        apart = np.linalg.norm(points - _geometric_median(points), axis=1)
        candidates = np.sort(np.argsort(apart, kind="stable")[:_CANDIDATES])
    chunks = np.array_split(candidates, -(-len(candidates) // _ROWS_AT_ONCE))
    sums = np.concatenate([great_circle_m(points[rows], points).sum(axis=1) for rows in chunks])
    return int(candidates[int(np.argmin(np.round(sums, 3)))])


def _geometric_median(points: FloatArray) -> FloatArray:
    middle: FloatArray = points.mean(axis=0)
    for _ in range(_MIDDLE_STEPS):
        weights = 1 / np.maximum(np.linalg.norm(points - middle, axis=1), 1.0)
        middle = (points * weights[:, None]).sum(axis=0) / weights.sum()
    return middle
