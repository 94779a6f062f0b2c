"""`python -m benchmarks.by_hand STORES …`: routes as a careful planner makes them without a solver.

Every weekday gets a sector round the rep's base, all with about the same work. What wants a visit
every week gets it on the day of its sector; the others share the weeks of their sector, neighbors
in the same week. A day goes to the nearest next store. The list names rep, day, order and store.
"""

import argparse
import csv
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.draft import Draft
from routeplanner.domain.hours import Weekday
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import can_visit, frequency_of, required_visits, service_s
from routeplanner.errors import InputError
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.scenario import build_scenario
from routeplanner.travel.source import TravelMatrix, travel_matrix

WAY_MINUTES = 8.0
"""What a planner reckons for the way to one store of a city, parking included."""

COLUMNS = ("rep", "day", "order", "store", "name")
DayVisits = dict[tuple[str, int, Weekday], list[Store]]  # by rep, week, weekday


@dataclass(frozen=True, slots=True)
class _Sector:
    """The stores of one weekday, by their angle round the base."""

    weekday: Weekday
    stores: tuple[Store, ...]


def by_hand(scenario: Scenario) -> DayVisits:
    """Return the stores of each driven day in order of the visits."""
    matrix = travel_matrix(scenario)
    days: DayVisits = {}
    for rep in scenario.reps:
        for sector in _sectors(scenario, rep):
            for store, week, weekday in _visits(scenario, rep, sector):
                days.setdefault((rep.id, week, weekday), []).append(store)
    reps = {rep.id: rep for rep in scenario.reps}
    workdays = scenario.cycle.workdays
    return {
        key: _nearest_next(days[key], reps[key[0]], matrix)
        for key in sorted(days, key=lambda key: (key[0], key[1], workdays.index(key[2])))
    }


def write_by_hand(scenario: Scenario, path: Path) -> int:
    """Write the list and return the number of its visits."""
    rows = [
        (rep, f"w{week}-{weekday}", order, store.id, store.name)
        for (rep, week, weekday), stores in by_hand(scenario).items()
        for order, store in enumerate(stores, start=1)
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def _sectors(scenario: Scenario, rep: Rep) -> Iterator[_Sector]:
    """Cut the circle round the base, from its widest gap on, into parts of equal work."""
    stores = _round_the_base([s for s in scenario.stores if _rep_of(scenario, s) == rep.id], rep)
    work = [_work_minutes(scenario, store) for store in stores]
    workdays = scenario.cycle.workdays
    share = sum(work) / len(workdays)
    groups: list[list[Store]] = [[] for _ in workdays]
    done = 0.0
    for store, minutes in zip(stores, work, strict=True):
        groups[min(int((done + minutes / 2) / share), len(workdays) - 1)].append(store)
        done += minutes
    for weekday, own in zip(workdays, groups, strict=True):
        yield _Sector(weekday, tuple(own))


def _rep_of(scenario: Scenario, store: Store) -> str | None:
    """Who visits a store: its own rep, else the one whose base is nearest."""
    if not store.is_planned or store.rep is not None:
        return store.rep if store.is_planned else None
    return min(scenario.reps, key=lambda rep: math.hypot(*_from_base(store, rep))).id


def _round_the_base(stores: Sequence[Store], rep: Rep) -> list[Store]:
    def angle(store: Store) -> float:
        north, east = _from_base(store, rep)
        return math.atan2(north, east)

    ordered = sorted(stores, key=lambda store: (angle(store), store.id))
    gaps = [
        (angle(store) - angle(ordered[place - 1])) % math.tau for place, store in enumerate(ordered)
    ]
    first = gaps.index(max(gaps)) if gaps else 0
    return [*ordered[first:], *ordered[:first]]


def _from_base(store: Store, rep: Rep) -> tuple[float, float]:
    """Degrees of latitude to the north and to the east of the base."""
    shrink = math.cos(math.radians(rep.base_lat))
    return store.lat - rep.base_lat, (store.lon - rep.base_lon) * shrink


def _work_minutes(scenario: Scenario, store: Store) -> float:
    n = required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
    return n * (service_s(store, scenario.policy) / 60 + WAY_MINUTES)


def _visits(scenario: Scenario, rep: Rep, sector: _Sector) -> Iterator[tuple[Store, int, Weekday]]:
    """Weeks and weekdays of a sector's stores."""
    by_frequency: dict[tuple[int, int], list[Store]] = {}
    for store in sector.stores:
        wish = frequency_of(store, scenario.policy)
        key = (len(scenario.cycle.workdays), 1) if wish.is_daily else (wish.visits, wish.weeks)
        by_frequency.setdefault(key, []).append(store)
    for (visits, weeks), stores in by_frequency.items():
        for place, store in enumerate(stores):
            part = place * weeks // len(stores)
            for week in range(1, scenario.cycle.weeks + 1):
                n_days = _visits_in_week(week, visits, weeks, part)
                for weekday in _weekdays(scenario, rep, store, sector.weekday, n_days):
                    yield store, week, weekday


def _visits_in_week(week: int, visits: int, every: int, part: int) -> int:
    """How many of a store's visits fall in a week; `part` is its share of the sector's stores.

    Shares side by side differ by two weeks, so that what comes every four weeks goes where what
    comes every two weeks goes.
    """
    order = [*range(0, every, 2), *range(1, every, 2)]
    place = (week - 1 - order[part]) % every
    return (place + 1) * visits // every - place * visits // every


def _weekdays(
    scenario: Scenario, rep: Rep, store: Store, weekday: Weekday, n_days: int
) -> list[Weekday]:
    """The sector's weekday, or the next open one; more days evenly over the week."""
    if store.pinned_days:
        return list(dict.fromkeys(day.weekday for day in store.pinned_days))
    workdays = scenario.cycle.workdays
    start = workdays.index(weekday)
    turned = [*workdays[start:], *workdays[:start]]
    fit = [day for day in turned if can_visit(store, scenario.policy, rep, day)]
    return [fit[place * len(fit) // n_days] for place in range(min(n_days, len(fit)))]


def _nearest_next(stores: Sequence[Store], rep: Rep, matrix: TravelMatrix) -> list[Store]:
    rest, ordered = list(stores), []
    here = f"rep:{rep.id}"
    while rest:
        near = min(rest, key=lambda store: (matrix.seconds(rep.mode, here, store.id), store.id))
        rest.remove(near)
        ordered.append(near)
        here = near.id
    return ordered


def _draft(options: argparse.Namespace) -> Draft:
    return read_inputs(
        options.stores,
        reps=options.reps,
        policy=options.policy,
        coordinates=options.coordinates,
        travel=options.travel,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.by_hand", description=__doc__)
    parser.add_argument("stores", type=Path)
    parser.add_argument("--reps", type=Path)
    parser.add_argument("--policy", default="five-day")
    parser.add_argument("--coordinates")
    parser.add_argument("--travel", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the list, such as by-hand.csv")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the list of a store file; 2 where it cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        scenario = build_scenario(_draft(options))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{write_by_hand(scenario, options.out)} visits: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
