"""Fit: the smallest set of relaxations with which a plan is complete, and what proves it."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.plan import Unserved
from routeplanner.domain.what_if import Alternative, Figures

LeverName = Literal["frequency", "minutes", "classes", "longest_day", "calendar", "reps", "stores"]
FitStatus = Literal["fits", "fitted", "not_found"]


class Allowed(Frozen):
    """A lever that may be used, and what its steps cost."""

    key: str  # A.frequency, classes, longest_day, A.stores …
    points: int  # of one step
    steps: int  # at most
    last: str  # the furthest step in words


class Relaxation(Frozen):
    """A lever as far as it is used."""

    key: str
    name: str  # in the scenario's language
    steps: int
    points: int


class TriedSet(Frozen):
    """A set of relaxations, and whether a plan with it is complete; none: not solved."""

    name: str
    points: int
    fits: bool | None
    missing_visits: int | None = None
    covered_by: str | None = None  # a larger set that does not fit either, where not solved itself
    stores_without_days: tuple[str, ...] = ()  # that find too few days with it


class Fit(Frozen):
    """What makes a scenario fit."""

    status: FitStatus
    allowed: tuple[Allowed, ...]
    base: Figures
    stores_without_days: tuple[Unserved, ...] = ()  # whatever is allowed: they can only be put out
    relaxations: tuple[Relaxation, ...] = ()
    alternative: Alternative | None = None
    figures: Figures | None = None  # of the fitted plan
    smaller: tuple[TriedSet, ...] = ()  # each a step less than the chosen set
    is_smallest: bool = False  # every set of fewer points is known, by solving, not to fit
    least_excess: float | None = None  # of cheaper sets not solved, as estimated: share over
    is_out_of_time: bool = False
    tried: tuple[TriedSet, ...] = ()  # all that were solved, in order
    seconds: float | None = None  # of each plan
    iterations: int | None = None

    @property
    def blocking(self) -> tuple[Unserved, ...]:
        """The stores without days that may not be put out either: no plan is complete."""
        keys = {each.key for each in self.allowed}
        return tuple(
            each for each in self.stores_without_days if f"{each.store_class}.stores" not in keys
        )

    @property
    def points(self) -> int:
        """What the chosen set costs."""
        return sum(each.points for each in self.relaxations)
