"""Travel as the user measured it: minutes and kilometers between named places, nothing added."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.rep import Mode
from routeplanner.domain.scenario import GivenMatrix, Language
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text
from routeplanner.travel.matrix import Place, TravelMatrix


@dataclass(frozen=True, slots=True)
class GivenTravel:
    """A matrix of the user; the same for every mode, possibly asymmetric."""

    given: GivenMatrix
    language: Language = "en"

    def matrix(self, places: tuple[Place, ...], modes: tuple[Mode, ...]) -> TravelMatrix:
        """Travel between all places; InputError with every unknown place and unusable value."""
        ids = tuple(place.id for place in places)
        row_of = {place: row for row, place in enumerate(self.given.ids)}
        missing = [
            self._issue("UNKNOWN_TRAVEL_PLACE", id=place) for place in ids if place not in row_of
        ]
        if missing:
            raise InputError(missing)
        rows = [row_of[place] for place in ids]
        minutes = np.array(self.given.minutes, dtype=np.float64)[np.ix_(rows, rows)]
        km = np.array(self.given.km, dtype=np.float64)[np.ix_(rows, rows)]
        np.fill_diagonal(minutes, 0)
        np.fill_diagonal(km, 0)
        self._check_values(ids, minutes, km)
        seconds = np.rint(minutes * 60).astype(np.int64)
        return TravelMatrix(
            ids,
            modes,
            np.broadcast_to(seconds, (len(modes), *seconds.shape)),
            np.rint(km * 1000).astype(np.int64),
            text("travel.given", self.language, file=self.given.source),
        )

    def _check_values(
        self, ids: tuple[str, ...], minutes: NDArray[np.float64], km: NDArray[np.float64]
    ) -> None:
        wrong: Iterable[list[int]] = np.argwhere(
            ~(np.isfinite(minutes) & np.isfinite(km) & (minutes >= 0) & (km >= 0))
        ).tolist()
        issues = [
            self._issue("BAD_TRAVEL_TIME", from_id=ids[a], to_id=ids[b], minutes=minutes[a, b])
            for a, b in wrong
        ]
        if issues:
            raise InputError(issues)

    def _issue(self, code: str, **values: object) -> Issue:
        key = f"travel.{code.lower()}"
        return Issue(
            code=code,
            path=self.given.source,
            message=text(key, self.language, **values),
            hint=text(f"{key}_hint", self.language, **values),
            file=self.given.source,
        )
