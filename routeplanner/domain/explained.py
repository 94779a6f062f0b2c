"""What a plan costs otherwise: choices of days with figures, a day's content, what breaks."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import Weekday


class Extra(Frozen):
    """What a change adds to a plan, per cycle; below 0 what it saves."""

    travel_minutes: float = 0
    travel_km: float = 0
    waiting_minutes: float = 0
    work_minutes: float = 0  # leaving to returning, without lunch
    days_off: float = 0  # calendar days off the ideal gap, summed over the cycle
    score: float = 0  # equivalent minutes by the policy's table of terms


class Broken(Frozen):
    """A rule that a change breaks on a day, as the check of plans words it."""

    code: str  # as in docs/violations.md
    message: str
    rep: str | None = None
    day: int | None = None  # of the cycle, 0-based
    store_id: str | None = None
    over_minutes: float | None = None  # by how much, where the rule is a limit in minutes


class DayChoice(Frozen):
    """Days on which a store could be visited together, by one rep, against the plan as it is."""

    rep: str
    days: tuple[int, ...]  # of the cycle, 0-based
    routes: tuple[str, ...] = ()  # labels of the route calendar, where there is one
    extra: Extra
    days_off: float  # calendar days off the ideal gap, summed over the cycle
    broken: tuple[Broken, ...] = ()
    is_present: bool = False  # as the plan has it

    @property
    def is_clean(self) -> bool:
        """Whether it breaks nothing."""
        return not self.broken


class ExcludedDays(Frozen):
    """Days on which some reps, or all, cannot visit a store, and the rule that says so."""

    code: str
    message: str
    reps: tuple[str, ...]
    days: tuple[int, ...]


class WayIn(Frozen):
    """One change that gives a store its visits without breaking a rule, found by computing it."""

    code: Literal[
        "FITS", "SHORTER_VISIT", "LONGER_DAY", "OTHER_HOURS", "LOWER_FREQUENCY", "OTHER_STORE"
    ]
    message: str
    choice: DayChoice  # what the store then gets, at what cost in all
    minutes: float | None = None  # in store, or by which the day is longer
    other_store_id: str | None = None  # that makes room by moving
    other_choice: DayChoice | None = None  # where it moves, at what cost of its own


class StoreExplained(Frozen):
    """Where a store stands in a plan, where else it could, and why not there."""

    store_id: str
    store_name: str = ""
    required: int
    scheduled: int
    present: tuple[tuple[str, int], ...]  # rep and day of each visit
    choices: tuple[DayChoice, ...]  # unbroken first, then by score
    excluded: tuple[ExcludedDays, ...] = ()
    reason: str = ""  # why visits are missing
    hint: str = ""
    ways_in: tuple[WayIn, ...] = ()

    @property
    def rank(self) -> int | None:
        """The place of the plan's choice in the list, 1-based; none where it is not listed."""
        ranks = (n for n, choice in enumerate(self.choices, 1) if choice.is_present)
        return next(ranks, None)


class StoreOnDay(Frozen):
    """A visit of a day, and what the day would save without it, re-sequenced; a day."""

    position: int
    store_id: str
    store_name: str = ""
    in_store_minutes: float
    saves: Extra


class DayExplained(Frozen):
    """What fills one rep's day; the parts add up to the working hours. Minutes."""

    rep: str
    day: int
    week: int
    weekday: Weekday
    route: str  # its label; empty where nothing is driven
    hours_minutes: float
    in_store_minutes: float
    travel_minutes: float
    waiting_minutes: float
    appointment_minutes: float
    lunch_minutes: float
    office_minutes: float
    reserve_minutes: float
    free_minutes: float  # below 0: so much too much is planned
    travel_km: float
    driven_days: tuple[int, ...]  # the same route's days, where a calendar drives it on several
    stores: tuple[StoreOnDay, ...]  # those that save most work first
