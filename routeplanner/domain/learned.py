"""What visits that were made say of minutes in store and of travel, beside what is planned."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.rep import Mode

GroupKind = Literal["all", "class", "rep", "hour"]
Verdict = Literal["too_few", "agrees", "differs"]

VisitLeftOut = Literal["unknown_store", "not_planned", "no_time", "far_longer"]
WayLeftOut = Literal[
    "unknown_store", "unknown_rep", "same_store", "one_site", "lunch", "break", "too_fast", "stop"
]


class Spread(Frozen):
    """Many measured values by their middle: n of them, median and quartiles.

    The median of all values that might have been measured lies between `surely_from` and
    `surely_to` with a certainty of 90 %; none where the values are too few to say so.
    """

    n: int
    median: float
    quartile_1: float
    quartile_3: float
    surely_from: float | None = None
    surely_to: float | None = None


class ClassLearned(Frozen):
    """Minutes in the stores of a class that have no minutes of their own."""

    store_class: str
    now_minutes: float
    stores: int  # of which visits were made
    minutes: Spread | None  # none: no visits
    verdict: Verdict
    proposed_minutes: float | None = None


class StoreLearned(Frozen):
    """Minutes in a store, and how much longer than planned the way to it took."""

    store_id: str
    name: str
    store_class: str
    now_minutes: float
    is_own: bool  # the store states its minutes, its class does not
    usual_minutes: float  # without a value of its own from these visits
    minutes: Spread
    verdict: Verdict
    proposed_minutes: float | None = None
    ways: Spread | None = None


class TravelLearned(Frozen):
    """Travel by one mode: actual over planned minutes, and where told apart, speed and parking."""

    mode: Mode
    factor: Spread
    now_kmh: float | None = None  # none: a matrix of the user's own
    now_park_minutes: float | None = None
    is_separated: bool = False  # speed and parking are told apart
    kmh: float | None = None
    kmh_from: float | None = None
    kmh_to: float | None = None
    park_minutes: float | None = None
    park_from: float | None = None
    park_to: float | None = None
    verdict: Verdict = "too_few"
    proposed_kmh: float | None = None
    proposed_park_minutes: float | None = None


class GroupLearned(Frozen):
    """Actual over planned minutes of a group of visits, and of the ways to them."""

    kind: GroupKind
    name: str  # the class; the rep; the hour of day as 09, in which the visit or the way began
    visits: Spread | None = None
    ways: Spread | None = None


class NotCounted(Frozen):
    """Visits or ways that say nothing, by their reason."""

    kind: Literal["visit", "way"]
    reason: VisitLeftOut | WayLeftOut
    n: int


class PolicyProposal(Frozen):
    """A key of the policy with another value, and how many visits or ways stand behind it."""

    path: tuple[str, ...]
    now: float
    proposed: float
    measured: float
    surely_from: float | None
    surely_to: float | None
    n: int


class Learned(Frozen):
    """What is assumed, what was measured, and what is proposed; nothing holds until agreed to."""

    n_visits: int  # that are counted on
    n_ways: int
    is_matrix_given: bool
    classes: tuple[ClassLearned, ...]
    stores: tuple[StoreLearned, ...]  # of which visits were made
    travel: tuple[TravelLearned, ...]
    groups: tuple[GroupLearned, ...]
    left_out: tuple[NotCounted, ...]
    unknown_stores: tuple[str, ...]
    changes: tuple[PolicyProposal, ...]  # of the policy
