"""Route calendars for `calendar = "auto"`: enumerated, and ranked before any is solved.

A route is driven on whole weekdays, or on one weekday in every n-th week (handbook part 2: T1 on
Monday, Wednesday, Friday; T3 and T4 on every second Saturday).
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.plan import CalendarChoice
from routeplanner.domain.policy import CalendarRows, Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, frequency_of
from routeplanner.domain.workload import Workload
from routeplanner.planning.estimate import Estimator
from routeplanner.planning.load_options import load_problem
from routeplanner.planning.patterns import days_off_ideal
from routeplanner.planning.territory_load import Territory, slots_of
from routeplanner.travel.source import TravelMatrix
from solvers.load_bound import LoadGroup, unavoidable_overload

Parts = tuple[tuple[int, ...], ...]
"""Routes as sorted days of the cycle, in the order of their first day."""

_Spacing = tuple[float, int]  # days off the ideal gap, routes that stores are on

_LEAST_RANKED = 5
_MAX_BOUNDED = 300
_MAX_ESTIMATED = 60
_MAX_RANKED = 20
_MAX_UNIONS = 500


def ranked_calendars(scenario: Scenario, matrix: TravelMatrix) -> tuple[CalendarChoice, ...]:
    """Calendars of `policy.templates` routes that leave every class in use a choice, best first.

    Ranked by stores that find no days, the bound on minutes above the days, the estimated minutes
    above them, spacing, routes a class needs, and how even the routes are. Of calendars that differ
    only by weekdays on which the same stores can be visited for the same hours, the best spaced one
    stands for all, unless fewer than `_LEAST_RANKED` would be left. Empty where none exists.
    """
    policy, cycle = scenario.policy, scenario.cycle
    wishes = _wishes(scenario)
    estimator = Estimator(scenario, matrix)
    kinds = _weekday_kinds(estimator, scenario)
    found: dict[object, list[tuple[_Spacing, Parts]]] = {}
    for parts in calendars(cycle, policy.templates or 1):
        off = _days_off(parts, wishes, policy, cycle)
        if off is None:
            continue
        alike = found.setdefault(_shape(parts, kinds, policy, cycle), [])
        insort(alike, (off, parts))
        del alike[_LEAST_RANKED:]
    entries = sorted(alike[0] for alike in found.values())[:_MAX_BOUNDED]
    if len(entries) < _LEAST_RANKED:
        others = sorted(entry for alike in found.values() for entry in alike[1:])
        entries += others[: _LEAST_RANKED - len(entries)]
    bounded = sorted((_bound(estimator, scenario, parts), off, parts) for off, parts in entries)
    ranked = sorted(
        (_estimated(estimator, scenario, parts, bound, off), parts)
        for bound, off, parts in bounded[:_MAX_ESTIMATED]
    )
    return tuple(
        CalendarChoice(rows=as_rows(parts, cycle), bound_minutes=round(key[1], 1))
        for key, parts in ranked[:_MAX_RANKED]
    )


def calendars(cycle: Cycle, n_routes: int) -> Iterator[Parts]:
    """All calendars of n routes, each once whatever its routes are called."""
    n_weekdays = len(cycle.workdays)
    splits = residue_splits(cycle.weeks)

    def extend(
        weekday: int, whole: tuple[tuple[int, ...], ...], split: Parts
    ) -> Iterator[tuple[Parts, Parts]]:
        if len(whole) + len(split) > n_routes:
            return
        if weekday == n_weekdays:
            if len(whole) + len(split) == n_routes:
                yield whole, split
            return
        for place, group in enumerate(whole):
            joined = (*whole[:place], (*group, weekday), *whole[place + 1 :])
            yield from extend(weekday + 1, joined, split)
        yield from extend(weekday + 1, (*whole, (weekday,)), split)
        for weeks_of_part in splits:
            days = tuple(
                tuple(week * n_weekdays + weekday for week in weeks) for weeks in weeks_of_part
            )
            yield from extend(weekday + 1, whole, (*split, *days))

    for whole, split in extend(0, (), ()):
        routes = [
            tuple(sorted(week * n_weekdays + d for d in group for week in range(cycle.weeks)))
            for group in whole
        ]
        yield tuple(sorted([*routes, *split]))


def residue_splits(weeks: int) -> tuple[Parts, ...]:
    """Ways to share the weeks of one weekday among routes, each driven in every n-th week.

    For four weeks: every second week twice; every second and twice every fourth; all four apart.
    """

    def split(first: int, step: int) -> list[Parts]:
        found: list[Parts] = [(tuple(range(first, weeks, step)),)]
        for factor in range(2, weeks // step + 1):
            if (weeks // step) % factor == 0:
                choices: list[Parts] = [()]
                for part in range(factor):
                    rest = split(first + part * step, step * factor)
                    choices = [(*one, *more) for one in choices for more in rest]
                found += choices
        return found

    ways = {tuple(sorted(way)) for way in split(0, 1)}
    # Weeks are interchangeable up to the sizes of the parts: one way a multiset of periods.
    by_sizes: dict[tuple[int, ...], Parts] = {}
    for way in sorted(ways):
        if len(way) > 1:
            by_sizes.setdefault(tuple(sorted(len(part) for part in way)), way)
    return tuple(by_sizes.values())


def as_rows(parts: Parts, cycle: Cycle) -> CalendarRows:
    """Route labels by week and workday; T1, T2, … by first appearance."""
    label_of_day = {
        day: f"T{number}" for number, days in enumerate(sorted(parts), start=1) for day in days
    }
    n = len(cycle.workdays)
    return tuple(
        tuple(label_of_day[week * n + place] for place in range(n)) for week in range(cycle.weeks)
    )


@dataclass(frozen=True, slots=True)
class _Wish:
    """A frequency of a class in use and how many stores want it."""

    label: str
    frequency: Frequency
    n_stores: int


def _wishes(scenario: Scenario) -> list[_Wish]:
    counts: dict[tuple[str, str], list[Store]] = {}
    for store in scenario.stores:
        if store.is_planned:
            frequency = frequency_of(store, scenario.policy)
            counts.setdefault((class_of(store), str(frequency)), []).append(store)
    return [
        _Wish(label, frequency_of(stores[0], scenario.policy), len(stores))
        for (label, _), stores in sorted(counts.items())
    ]


def _days_off(
    parts: Parts, wishes: Sequence[_Wish], policy: Policy, cycle: Cycle
) -> _Spacing | None:
    """Days off the ideal gap over all stores at their best unions, and the routes in these unions.

    None where a class has no union, or where a route stands in no union of any class.
    """
    total, n_routes = 0.0, 0
    used: set[tuple[int, ...]] = set()
    for wish in wishes:
        open_parts = tuple(
            days
            for number, days in enumerate(parts, start=1)
            if f"T{number}" not in policy.routes
            or not policy.routes[f"T{number}"].classes
            or wish.label in policy.routes[f"T{number}"].classes
        )
        if wish.frequency.is_daily:
            used.update(open_parts)  # stores closed on some weekday are judged one by one later
            continue
        wanted = wish.frequency.visits * cycle.weeks // wish.frequency.weeks
        (off, size), in_unions = _unions(open_parts, wanted, cycle)
        if not in_unions:
            return None
        used |= in_unions
        total += off * wish.n_stores
        n_routes += size * wish.n_stores
    return (round(total, 6), n_routes) if used.issuperset(parts) else None


@lru_cache(maxsize=65_536)
def _unions(parts: Parts, wanted: int, cycle: Cycle) -> tuple[_Spacing, frozenset[tuple[int, ...]]]:
    """The best spaced union of `wanted` days with the fewest routes, and all routes in unions."""
    by_size: dict[int, dict[tuple[int, ...], None]] = {0: {(): None}}  # places of the routes
    for place, days in enumerate(parts):
        for size, unions in list(by_size.items()):
            if size + len(days) <= wanted:
                more = by_size.setdefault(size + len(days), {})
                for union in list(unions):
                    if len(more) < _MAX_UNIONS:
                        more[*union, place] = None
    found = [[parts[place] for place in union] for union in by_size.get(wanted, ())]
    spacings = (
        (
            days_off_ideal(
                [cycle.calendar_day(day) for days in union for day in days], cycle.n_calendar_days
            ),
            len(union),
        )
        for union in found
    )
    return min(spacings, default=(0.0, 0)), frozenset(days for union in found for days in union)


def _weekday_kinds(estimator: Estimator, scenario: Scenario) -> dict[str, int]:
    """Weekdays on which all reps work equally long and can visit the same stores share a number."""
    by_id = {store.id: store for store in scenario.stores}
    free = scenario.policy.model_copy(update={"calendar": None})
    seen: dict[object, int] = {}
    kinds: dict[str, int] = {}
    for place, weekday in enumerate(scenario.cycle.workdays):
        marks: list[object] = []
        for land in estimator.territories:
            slots = [s for s in slots_of(land, free, scenario.cycle) if s.label == weekday]
            marks += [(slot.available, slot.appointment_s) for slot in slots]
            marks.append(land.open_on([by_id[s] for s in land.store_ids], free, weekday))
        kinds[str(weekday)] = seen.setdefault(tuple(marks), place)
    return kinds


def _shape(parts: Parts, kinds: dict[str, int], policy: Policy, cycle: Cycle) -> object:
    shapes = [
        (len(days), tuple(sorted({kinds[cycle.day(day).weekday] for day in days})))
        for days in parts
    ]
    # Where routes are bound to classes their names matter, so their order does.
    return tuple(shapes) if policy.routes else tuple(sorted(shapes))


def _bound(estimator: Estimator, scenario: Scenario, parts: Parts) -> float:
    """Minutes per cycle above the days that no assignment avoids."""
    cycle = scenario.cycle
    policy = scenario.policy.model_copy(update={"calendar": as_rows(parts, cycle)})
    by_id = {store.id: store for store in scenario.stores}
    seconds = sum(_land_bound(land, by_id, policy, cycle) for land in estimator.territories)
    return seconds / 60


def _land_bound(land: Territory, stores: dict[str, Store], policy: Policy, cycle: Cycle) -> float:
    slots = slots_of(land, policy, cycle)
    if not slots or not land.store_ids:
        return 0.0
    problem, _ = load_problem(land, stores, policy, cycle, slots)
    # Whatever comes before a store, the way to it takes at least as long as from the nearest place.
    ways = land.directed + np.diag(np.full(len(land.directed), np.inf))
    least = ways.min(axis=0)
    counts: dict[tuple[int, float], int] = {}
    for node in land.order:
        # Whole minutes, rounded down: few groups, and still a bound.
        seconds = float(problem.service[node] + least[node] // 60 * 60)
        key = (id(problem.members[node]), seconds)
        counts[key] = counts.get(key, 0) + 1
    by_id = {id(members): members for members in problem.members}
    return unavoidable_overload(
        [LoadGroup(n, seconds, by_id[key]) for (key, seconds), n in counts.items()],
        problem.weight,
        problem.limit,
    )


def _estimated(
    estimator: Estimator, scenario: Scenario, parts: Parts, bound: float, spacing: _Spacing
) -> tuple[float, ...]:
    policy = scenario.policy.model_copy(update={"calendar": as_rows(parts, scenario.cycle)})
    found = estimator.estimate(policy, scenario.cycle, scenario.stores, is_rough=True)
    above, spread = _above_and_spread(found)
    return (len(found.stores_without_days), round(bound, 3), round(above / 10), *spacing, spread)


def _above_and_spread(found: Workload) -> tuple[float, float]:
    """Minutes per cycle above the days, and the widest difference between days, in minutes."""
    routes = [route for rep in found.reps for route in rep.routes]
    above = sum(r.days * max(0.0, r.needed_minutes - r.available_minutes) for r in routes)
    needed = [route.needed_minutes for route in routes]
    return above, max(needed, default=0.0) - min(needed, default=0.0)
