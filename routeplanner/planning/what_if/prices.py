"""The price list of the rules: every rule is a what-if, every price the difference of two plans."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routeplanner.domain.plan import Plan
from routeplanner.domain.prices import Price, PriceList, Rule
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.what_if import Difference, Solved, WhatIf
from routeplanner.planning.what_if.run import Effort, SolvedCase, Trial, what_if


@dataclass(frozen=True, slots=True)
class PriceRun:
    """The list, and the plans that its prices are differences of, that of the scenario first."""

    result: PriceList
    cases: tuple[SolvedCase, ...]


def price_list(
    scenario: Scenario,
    rules: Sequence[Rule],
    effort: Effort,
    *,
    start: Plan | None = None,
    progress: Callable[[Trial], None] | None = None,
    is_canceled: Callable[[], bool] | None = None,
) -> PriceRun | None:
    """Return the prices of rules (`what_if.rules`); none where canceled before a seed was through.

    Parameters
    ----------
    effort
        Of each plan; (rules with a price + 1) x seeds are made, and one more without a start.
    start
        A plan of the scenario that every search begins with.
    """
    alternatives = [rule.alternative for rule in rules if rule.alternative is not None]
    run = what_if(
        scenario, alternatives, effort, start=start, progress=progress, is_canceled=is_canceled
    )
    if run is None:
        return None
    found = run.result
    solved = iter(found.alternatives)
    prices = [
        Price(rule=rule) if rule.alternative is None else _price(rule, next(solved), found)
        for rule in rules
    ]
    result = PriceList(
        prices=tuple(prices),
        base=found.base,
        per=found.per,
        seeds=found.seeds,
        seconds=found.seconds,
        iterations=found.iterations,
        is_start_given=found.is_start_given,
    )
    return PriceRun(result, run.cases)


def _price(rule: Rule, other: Solved, found: WhatIf) -> Price:
    """With the rule less without it: the other plan has it where it is brought in."""
    sign = 1 if rule.kind == "introduced" else -1
    base, best = found.base.best, other.best
    share, base_share = best.share_of(found.per), base.share_of(found.per)
    there = best.available_hours * share - base.available_hours * base_share
    missing = best.missing_visits * share - base.missing_visits * base_share
    return Price(
        rule=rule,
        hours=None if other.hours is None else _turned(other.hours, sign),
        available_hours=sign * there + 0.0,  # never -0.0
        missing_visits=sign * missing + 0.0,
        solved=other,
    )


def _turned(found: Difference, sign: int) -> Difference:
    if sign > 0:
        return found
    return Difference(of_best=-found.of_best, mean=-found.mean, low=-found.high, high=-found.low)
