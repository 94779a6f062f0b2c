"""Turns a plan back into a solution to begin with, as far as the problem still allows it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from routeplanner.domain.plan import Plan, Route
from routeplanner.planning.encode import Encoding
from solvers import Solution


def start_of(encoding: Encoding, plan: Plan) -> Solution:
    """Return the solution that is nearest to a plan.

    Every store takes the option that shares most slots with the plan's days, of several the one
    open at the plan's times, then the cheapest, and stands in the order of the plan. What no option
    covers is left out.
    """
    tasks, starts = {}, {}
    for slot, visits in _visits_by_slot(encoding, plan):
        tasks[slot] = tuple(visits)
        starts.update({(slot, task): start for task, start in visits.items()})
    return _nearest(encoding, tasks, starts)


def carried_over(encoding: Encoding, earlier: Encoding, solution: Solution) -> Solution:
    """Return the nearest solution to that of a problem of the same stores with other choices."""
    tasks = {
        slot: tuple(task for route in routes for task in route)
        for slot, routes in enumerate(solution.routes)
    }
    starts = {
        (slot, task): first
        for task, option in enumerate(solution.option_of_store)
        for slot, first, _ in earlier.problem.entries_of(option)
    }
    return _nearest(encoding, tasks, starts)


def _nearest(
    encoding: Encoding,
    tasks_of_slot: Mapping[int, tuple[int, ...]],
    starts: Mapping[tuple[int, int], int],
) -> Solution:
    """Return a solution of tasks in slots; `starts` are seconds by slot and task, where known."""
    slots_of_task: dict[int, set[int]] = defaultdict(set)
    for slot, tasks in tasks_of_slot.items():
        for task in tasks:
            slots_of_task[task].add(slot)
    problem = encoding.problem
    options: list[int] = []
    for task in range(problem.n_stores):
        wanted = slots_of_task[task]
        sets: dict[int, set[int]] = {}
        n_open: dict[int, int] = {}
        for option in problem.options_of(task):
            entries = list(problem.entries_of(option))
            sets[option] = {slot for slot, _, _ in entries}
            n_open[option] = sum(lo <= starts.get((s, task), -1) <= hi for s, lo, hi in entries)
        best = min(
            sets,
            key=lambda option: (
                -len(sets[option] & wanted),
                len(sets[option] - wanted),
                -n_open[option],
                int(problem.option_cost[option]),
            ),
        )
        options.append(best)
        slots_of_task[task] = wanted & sets[best]
    routes = tuple(
        (tuple(task for task in tasks_of_slot.get(slot, ()) if slot in slots_of_task[task]),)
        for slot in range(len(encoding.keys))
    )
    return Solution(tuple(options), routes)


def _visits_by_slot(encoding: Encoding, plan: Plan) -> Iterator[tuple[int, dict[int, int]]]:
    """The tasks of each slot with their start, as the plan drives them on its first day."""
    driven = {(route.rep, route.week, route.weekday): route for route in plan.routes}
    index = {store.id: place for place, store in enumerate(encoding.stores)}
    appointment = len(encoding.stores)
    for slot, (key, shift) in enumerate(zip(encoding.keys, encoding.shifts, strict=True)):
        stays = list(range(appointment, appointment + len(shift.stays)))
        appointment += len(stays)
        days = [
            (key.rep.id, (day.week - 1) % plan.cycle.weeks + 1, day.weekday) for day in key.days
        ]
        route = next((driven[day] for day in days if day in driven), None)
        yield slot, dict(_tasks(route, index, stays)) if route is not None else {}


def _tasks(route: Route, index: dict[str, int], stays: list[int]) -> Iterator[tuple[int, int]]:
    """The tasks of a route; a slot that keeps more appointments free than one day has gets none."""
    booked = [stop for stop in route.stops if stop.kind == "appointment"]
    following = iter(stays if len(booked) == len(stays) else ())
    seen: set[int] = set()
    for stop in route.stops:
        task = index.get(stop.store_id or "") if stop.kind == "visit" else None
        if stop.kind == "appointment":
            task = next(following, None)
        if task is not None and task not in seen:
            seen.add(task)
            yield task, stop.start
