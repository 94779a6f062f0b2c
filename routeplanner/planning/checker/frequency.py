"""Rules on a store's visits over the cycle: how many, on which days, how far apart."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from routeplanner.domain.plan import Plan
from routeplanner.domain.store import Store
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts


def check_frequencies(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Every store gets its visits, neither too many nor, unless it is listed, too few."""
    days_of_store: dict[str, list[int]] = defaultdict(list)
    for route in plan.routes:
        for stop in route.visits:
            days_of_store[stop.store_id or ""].append(route.day)
    listed = {row.store_id for row in plan.unserved}
    has_calendar = facts.scenario.policy.calendar is not None
    for store in facts.scenario.stores:
        if not store.is_planned:
            continue
        days = sorted(days_of_store[store.id])
        yield from _check_count(facts, store, len(days), is_listed=store.id in listed)
        if days and len(days) <= facts.required(store):
            yield from _check_pinned(facts, store, days)
            yield from _check_gap(facts, store, days)
            if not has_calendar:
                yield from _check_repetition(facts, store, days)


def _check_count(facts: Facts, store: Store, n: int, *, is_listed: bool) -> Iterator[Violation]:
    required = facts.required(store)
    if n > required:
        yield facts.broken(Code.FREQUENCY_EXCEEDED, store_id=store.id, n=n, required=required)
    elif n < required and not is_listed:
        yield facts.broken(Code.FREQUENCY_SHORT, store_id=store.id, n=n, required=required)
    rule = facts.rule(store)
    if rule is not None and rule.minimum_frequency == "guaranteed" and 0 < n < required:
        yield facts.broken(Code.MINIMUM_FREQUENCY, store_id=store.id, n=n, required=required)


def _check_pinned(facts: Facts, store: Store, days: list[int]) -> Iterator[Violation]:
    """As many visits as there are pinned days must fall on them; only the others are free.

    A pinned day on which nobody could visit the store binds nothing.
    """
    pinned = {
        day.day
        for day in facts.scenario.cycle.days()
        for pin in store.pinned_days
        if pin.weekday == day.weekday and pin.week in (None, day.week)
        if any(facts.can_visit(store, rep, day.weekday) for rep in facts.reps_of(store))
    }
    if not pinned:
        return
    free = max(0, facts.required(store) - len(pinned))
    elsewhere = [day for day in days if day not in pinned]
    if len(elsewhere) > free:
        named = ", ".join(facts.when(day) for day in elsewhere)
        due = ", ".join(facts.when(day) for day in sorted(pinned))
        yield facts.broken(Code.PINNED_DAY_MISSED, store_id=store.id, stated=named, due=due)


def _check_gap(facts: Facts, store: Store, days: list[int]) -> Iterator[Violation]:
    """Calendar days between visits, round the ring; only a fully visited store can keep them.

    A daily store has a visit on every day on which it can have one; its gaps are no one's choice.
    """
    rule, frequency, cycle = facts.rule(store), facts.frequency(store), facts.scenario.cycle
    if rule is None or rule.largest_gap_days is None or len(days) < facts.required(store):
        return
    if frequency is None or frequency.is_daily:
        return
    dates = [cycle.calendar_day(day) for day in days if 0 <= day < cycle.n_days]
    if not dates:
        return
    gaps = [later - date for date, later in pairwise(dates)]
    largest = max([*gaps, dates[0] + cycle.weeks * 7 - dates[-1]])
    if largest > rule.largest_gap_days:
        due = rule.largest_gap_days
        yield facts.broken(Code.GAP_TOO_LARGE, store_id=store.id, stated=largest, due=due)


def _check_repetition(facts: Facts, store: Store, days: list[int]) -> Iterator[Violation]:
    """Visits of k in n weeks stand on k days of an n-week block, the same in every block.

    A store that falls short lacks days of its pattern, but has none outside it.
    """
    frequency, cycle = facts.frequency(store), facts.scenario.cycle
    if frequency is None or frequency.is_daily or cycle.weeks % frequency.weeks:
        return
    block = frequency.weeks * len(cycle.workdays)
    if len({day % block for day in days}) > frequency.visits:
        named = ", ".join(facts.when(day) for day in days)
        yield facts.broken(
            Code.PATTERN_NOT_REPEATED, store_id=store.id, stated=named, frequency=str(frequency)
        )
