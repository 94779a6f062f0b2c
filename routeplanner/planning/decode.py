"""The only way out of the solver: a `Solution` becomes timed routes of driven days."""

from collections.abc import Iterator
from dataclasses import dataclass

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.plan import Route
from routeplanner.domain.rep import Rep
from routeplanner.domain.visits import class_of
from routeplanner.domain.workday import stays_on
from routeplanner.planning.encode import COST_PER_MINUTE, Encoding
from routeplanner.planning.labels import route_labels
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix
from solvers import Result, Solution


@dataclass(frozen=True, slots=True)
class _Drive:
    """One driven day before it is timed."""

    rep: Rep
    day: CycleDay
    template: str | None
    stores: tuple[int, ...]  # of the encoding, in order


def decode(encoding: Encoding, solution: Solution, matrix: TravelMatrix) -> tuple[Route, ...]:
    """Return the routes by rep and day, every driven day timed on its own hours."""
    drives = list(_drives(encoding, solution))
    labels = _labels(encoding, drives)
    routes = []
    for drive in drives:
        route, _ = time_day(
            encoding.scenario,
            matrix,
            drive.rep,
            drive.day.day,
            drive.template or labels[drive.rep.id, drive.day.day],
            [encoding.stores[store].id for store in drive.stores],
        )
        routes.append(route)
    order = {rep.id: place for place, rep in enumerate(encoding.scenario.reps)}
    return tuple(sorted(routes, key=lambda route: (order[route.rep], route.day)))


def served_visits(encoding: Encoding, solution: Solution) -> dict[str, int]:
    """Return the scheduled visits per cycle of each store that is planned."""
    served = dict.fromkeys((store.id for store in encoding.stores), 0)
    for key, vehicles in zip(encoding.keys, solution.routes, strict=True):
        for store in (store for route in vehicles for store in route):
            if store < len(encoding.stores):
                served[encoding.stores[store].id] += key.weight
    return served


def score_of(encoding: Encoding, result: Result) -> dict[str, float]:
    """Return the terms of the score in equivalent minutes; what changes cost is one of its own."""
    terms = {name: cost / COST_PER_MINUTE for name, cost in result.evaluation.terms.items()}
    if encoding.stability:
        terms["stability"] = _moved_visits(encoding, result.solution) * encoding.stability
        terms["options"] -= terms["stability"]
    return {name: round(minutes, 2) for name, minutes in terms.items()}


def _moved_visits(encoding: Encoding, solution: Solution) -> int:
    """Return the visits of all chosen days that the earlier plan did not have."""
    moved = 0
    for place, (store, own) in enumerate(zip(encoding.stores, encoding.choices, strict=True)):
        number = solution.option_of_store[place] - int(encoding.problem.option_ptr[place])
        is_chosen = store.id not in encoding.withheld and number < len(own.choices)
        moved += own.choices[number].moved if is_chosen else 0
    return moved


def _drives(encoding: Encoding, solution: Solution) -> Iterator[_Drive]:
    for slot, key in enumerate(encoding.keys):
        visits = [store for route in solution.routes[slot] for store in route]
        stores = tuple(store for store in visits if store < len(encoding.stores))
        for day in key.days:
            if stores or stays_on(key.rep, day, encoding.scenario.appointments):
                yield _Drive(key.rep, day, key.template, stores)


def _labels(encoding: Encoding, drives: list[_Drive]) -> dict[tuple[str, int], str]:
    classes = {store.id: class_of(store) for store in encoding.stores}
    last = encoding.scenario.policy.classes.labels[-1]
    labels: dict[tuple[str, int], str] = {}
    for rep in encoding.scenario.reps:
        days = [
            (drive.day.day, tuple(encoding.stores[store].id for store in drive.stores))
            for drive in drives
            if drive.rep.id == rep.id and drive.template is None
        ]
        days.sort()
        for day, label in route_labels(days, classes, last).items():
            labels[rep.id, day] = label
    return labels
