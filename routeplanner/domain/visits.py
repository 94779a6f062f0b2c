"""What a store wants: its frequency, minutes, open hours and required visits of a cycle."""

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import DAY_S, WEEKDAYS, Weekday
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.domain.workday import work_day

Intervals = tuple[tuple[int, int], ...]


def frequency_of(store: Store, policy: Policy) -> Frequency:
    """The store's own frequency, else that of its class."""
    if store.frequency is not None:
        return store.frequency
    return policy.visit_rules[class_of(store)].frequency


def service_s(store: Store, policy: Policy) -> int:
    """Seconds in the store per visit: its own, else those of its class."""
    minutes = store.service_minutes
    if minutes is None:
        minutes = policy.visit_rules[class_of(store)].service_minutes
    return round(minutes * 60)


def class_of(store: Store) -> str:
    """The store's class; ValueError where it has not been classified."""
    if store.store_class is None:
        raise ValueError(f"store {store.id} has no class yet")
    return store.store_class


def visit_intervals(store: Store, weekday: Weekday) -> Intervals:
    """Intervals of a weekday within which a whole visit must lie; seconds since midnight.

    Unknown opening hours leave the whole day (the rep's hours then bound it).
    """
    if weekday in store.closed_days:
        return ()
    index = WEEKDAYS.index(weekday)
    spans: Intervals = store.opening_hours.on(index) if store.opening_hours else ((0, DAY_S),)
    if store.visit_hours is not None:
        spans = _intersect(spans, store.visit_hours.on(index))
    if store.avoid_hours is not None:
        spans = _intersect(spans, _complement(store.avoid_hours.on(index)))
    return spans


def can_visit(store: Store, policy: Policy, rep: Rep, weekday: Weekday) -> bool:
    """Whether a whole visit fits into the rep's hours and the store's hours of a weekday."""
    day = work_day(policy, rep, weekday)
    if day is None:
        return False
    need = service_s(store, policy)
    spans = _intersect(visit_intervals(store, weekday), ((day.shift_lo, day.shift_hi),))
    return any(end - start >= need for start, end in spans)


def required_visits(store: Store, policy: Policy, cycle: Cycle, reps: tuple[Rep, ...]) -> int:
    """Visits that a store wants in a cycle; `daily` counts the workdays when it can be."""
    frequency = frequency_of(store, policy)
    if not frequency.is_daily:
        return frequency.visits * cycle.weeks // frequency.weeks
    own = [rep for rep in reps if store.rep in (None, rep.id)]
    days = (sum(can_visit(store, policy, rep, day) for day in cycle.workdays) for rep in own)
    return max(days, default=0) * cycle.weeks


def _intersect(first: Intervals, second: Intervals) -> Intervals:
    spans = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return tuple(sorted((a, b) for a, b in spans if a < b))


def _complement(spans: Intervals) -> Intervals:
    edges = [0, *(edge for span in spans for edge in span), DAY_S]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
