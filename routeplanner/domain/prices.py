"""The price list of the rules: what each costs in hours, as the difference of two solved plans."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.what_if import Alternative, Difference, Per, Solved

RuleCode = Literal[
    "reps",
    "frequency",
    "stable_weekday",
    "spacing",
    "lunch",
    "opening_hours",
    "in_store_limit",
    "office",
    "pinned_days",
    "longest_day",
    "largest_gap",
    "calendar",
]
RuleKind = Literal["in_force", "introduced", "not_in_force"]


class Rule(Frozen):
    """A rule, and the scenario without it, or with it where it is not in force but asked for."""

    code: RuleCode
    name: str  # in the scenario's language
    kind: RuleKind
    alternative: Alternative | None = None  # none: not in force, and not to be priced
    why: str = ""  # there is no price


class Price(Frozen):
    """What a rule costs: above 0 it takes hours, below 0 it gives some."""

    rule: Rule
    hours: Difference | None = None  # needed with the rule, less without
    available_hours: float = 0.0  # there with the rule, less without
    missing_visits: float = 0.0  # not scheduled with the rule, less without
    solved: Solved | None = None  # the other plan; the one of the scenario is in the list
    folder: str | None = None  # of the other plan, where plans were written


class PriceList(Frozen):
    """Prices of all rules; each is the difference of the plan of the scenario and another one."""

    prices: tuple[Price, ...]
    base: Solved
    per: Per
    seeds: tuple[int, ...]
    seconds: float | None  # of each plan
    iterations: int | None
    is_start_given: bool
    folder: str | None = None  # of the plan of the scenario
