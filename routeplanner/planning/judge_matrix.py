"""Judges the user's travel matrix: every ordered pair of planned stores and bases must be there."""

from collections.abc import Sequence

import numpy as np

from routeplanner.domain.draft import Draft, DraftMatrix
from routeplanner.domain.findings import Findings
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix
from routeplanner.domain.store import Store

_PAIRS_TOLD = 20
_PLACES_TOLD = 8


def judge_matrix(
    draft: Draft, stores: Sequence[Store], reps: Sequence[Rep], findings: Findings
) -> GivenMatrix | None:
    """Return the matrix of the places that a plan needs; none where none was given or pairs miss.

    Notes
    -----
    An assumed base stands at a store: where the matrix does not know `rep:ID`, it takes the travel
    of that store.
    """
    if draft.matrix is None:
        return None
    given = draft.matrix
    row_of = {place: row for row, place in enumerate(given.ids)}
    needed = {store.id: store.id for store in stores if store.is_planned}
    at_place = {(store.lat, store.lon): store.id for store in reversed(stores)}
    for rep in reps:
        base = f"rep:{rep.id}"
        stands_in = rep.is_assumed and base not in row_of
        needed[base] = at_place[rep.base_lat, rep.base_lon] if stands_in else base
    for number, meeting in enumerate(draft.appointments):
        if meeting.lat is not None:
            needed[f"appointment:{number}"] = f"appointment:{number}"
    _tell_unknown(given, set(needed.values()) | {store.id for store in stores}, findings)
    if not _tell_missing(given, sorted(set(needed.values()), key=list(needed).index), findings):
        return None
    # Stores that get no visits come along where the file knows all of their pairs.
    rows = [row_of[place] for place in needed.values()]
    square = np.ix_(rows, rows)
    minutes, km = given.minutes[square], given.km[square]
    if not (np.isfinite(minutes).all() and np.isfinite(km).all()):
        return None  # unreadable cells, noted by the reader
    return GivenMatrix(
        source=given.origin.file,
        ids=tuple(needed),
        minutes=tuple(map(tuple, minutes.tolist())),
        km=tuple(map(tuple, km.tolist())),
    )


def _tell_unknown(given: DraftMatrix, known: set[str], findings: Findings) -> None:
    strange = [place for place in given.ids if place not in known]
    if strange:
        listed = ", ".join(strange[:_PLACES_TOLD]) + (" …" if len(strange) > _PLACES_TOLD else "")
        findings.warn("UNKNOWN_PLACE", given.origin, n=len(strange), places=listed)


def _tell_missing(given: DraftMatrix, needed: list[str], findings: Findings) -> bool:
    """Names the missing pairs, the first twenty one by one; whether none is missing."""
    row_of = {place: row for row, place in enumerate(given.ids)}
    n_missing = 0
    for start in needed:
        row = row_of.get(start)
        for end in needed:
            column = row_of.get(end)
            if start == end:
                continue
            if row is not None and column is not None and not np.isnan(given.minutes[row, column]):
                continue
            n_missing += 1
            if n_missing <= _PAIRS_TOLD:
                findings.error(
                    "MISSING_PAIR",
                    given.origin,
                    "to_id",
                    value=f"{start} → {end}",
                    from_id=start,
                    to_id=end,
                )
    if n_missing > _PAIRS_TOLD:
        findings.error("MISSING_PAIRS", given.origin, n=n_missing - _PAIRS_TOLD)
    return n_missing == 0
