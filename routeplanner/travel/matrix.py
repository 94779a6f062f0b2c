"""The travel matrix that all parts plan, check and measure with, and the seam for its sources."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.rep import Mode

IntArray = NDArray[np.signedinteger[Any]]


MANY_PLACES = 5000


def whole_numbers(n_places: int) -> type[np.signedinteger[Any]]:
    """Of a matrix: half as wide where there are many places."""
    return np.int32 if n_places > MANY_PLACES else np.int64


@dataclass(frozen=True, slots=True)
class Place:
    """A store, an appointment or a rep's base; nobody parks at a base."""

    id: str
    lat: float
    lon: float
    site: str | None = None
    is_base: bool = False


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """Travel between places: read-only arrays, row = from, column = to."""

    ids: tuple[str, ...]  # store id, `rep:ID` for bases, `appointment:N` for those with a position
    modes: tuple[Mode, ...]  # rows of travel_s
    travel_s: IntArray  # (n_modes, n_places, n_places) parking included
    travel_m: IntArray  # (n_places, n_places)
    source: str  # a sentence for the outputs

    def __post_init__(self) -> None:
        n = len(self.ids)
        if self.travel_s.shape != (len(self.modes), n, n) or self.travel_m.shape != (n, n):
            raise ValueError("travel_s must be (n_modes, n_places, n_places), travel_m one of them")
        self.travel_s.flags.writeable = False
        self.travel_m.flags.writeable = False

    @cached_property
    def _index(self) -> dict[str, int]:
        return {place: index for index, place in enumerate(self.ids)}

    def index(self) -> dict[str, int]:
        """The row and column of each place id."""
        return self._index

    def seconds(self, mode: Mode, a_id: str, b_id: str) -> int:
        """Seconds from a to b, parking at b included."""
        row = self.modes.index(mode)
        return int(self.travel_s[row, self._index[a_id], self._index[b_id]])

    def meters(self, a_id: str, b_id: str) -> int:
        """Meters from a to b."""
        return int(self.travel_m[self._index[a_id], self._index[b_id]])

    def content_hash(self) -> str:
        """SHA-256 of ids, modes, seconds and meters; the same on every machine."""
        digest = hashlib.sha256(json.dumps([self.ids, self.modes]).encode())
        for array in (*self.travel_s, self.travel_m):
            digest.update(np.ascontiguousarray(array, dtype="<i8").data)
        return digest.hexdigest()


class TravelSource(Protocol):
    """Whatever knows how long it takes from place to place."""

    def matrix(self, places: tuple[Place, ...], modes: tuple[Mode, ...]) -> TravelMatrix:
        """Travel between all places by each mode; InputError where a place is unknown."""
        ...
