"""The scarcest resource of a route, in steps: what orders labels and bounds their completions."""

from dataclasses import dataclass

import numpy as np

from solvers.bounds.kinds import SlotKind
from solvers.problem import IntArray

_STEPS = 240
_NEVER = 2**50


@dataclass(frozen=True, slots=True, eq=False)
class Scarce:
    """
    What each way takes of a resource.

    Every way between stores takes a step at least, so that no search goes round for ever; the limit
    is higher by as much as that can add to a route that visits no store twice.
    """

    first: IntArray  # (n,)
    legs: IntArray  # (n, n)
    most: int
    step: int
    is_work: bool
    added: int

    @property
    def n_steps(self) -> int:
        """Steps that can be reached."""
        return self.most // self.step + 1

    def work_at(self) -> IntArray:
        """Return the least work behind each step (n_steps,)."""
        if not self.is_work:
            return np.zeros(self.n_steps, np.int64)
        return np.maximum(0, np.arange(self.n_steps, dtype=np.int64) * self.step - self.added)


def scarcest(kind: SlotKind, most_work: int) -> Scarce:
    """Return the resource of which all stores together need most, against what a route has."""
    n = len(kind.stores)
    needed = [
        (kind.first + kind.service, kind.between + kind.service, most_work),
        (kind.demand, np.tile(kind.demand, (n, 1)), kind.capacity),
        (kind.in_store, np.tile(kind.in_store, (n, 1)), kind.most_in_store),
    ]
    apart = ~np.eye(n, dtype=bool)
    shares = [
        legs.min(axis=0, initial=_NEVER, where=apart).sum() / max(1, most)
        for _, legs, most in needed
    ]
    place = int(np.argmax(shares))
    first, legs, most = needed[place]
    step = max(1, most // _STEPS)
    least = legs.min(axis=0, initial=_NEVER, where=apart)
    added = int(np.maximum(0, step - least).sum())
    return Scarce(
        first=first,
        legs=np.maximum(step, legs),
        most=most + added,
        step=step,
        is_work=place == 0,
        added=added,
    )
