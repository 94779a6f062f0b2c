"""Turns a plan back into a solution to begin with, as far as the problem still allows it."""

from collections import defaultdict
from collections.abc import Iterator

from routeplanner.domain.plan import Plan, Route
from routeplanner.planning.encode import Encoding
from solvers import Solution


def start_of(encoding: Encoding, plan: Plan) -> Solution:
    """Return the solution that is nearest to a plan.

    Every store takes the option that shares most slots with the plan's days, of several the
    cheapest, and stands in the order of the plan. What no option covers is left out.
    """
    tasks_of_slot = dict(_tasks_by_slot(encoding, plan))
    slots_of_task: dict[int, set[int]] = defaultdict(set)
    for slot, tasks in tasks_of_slot.items():
        for task in tasks:
            slots_of_task[task].add(slot)
    problem = encoding.problem
    options: list[int] = []
    for task in range(problem.n_stores):
        wanted = slots_of_task[task]
        sets = {
            option: {slot for slot, _, _ in problem.entries_of(option)}
            for option in problem.options_of(task)
        }
        best = min(
            sets,
            key=lambda option: (
                -len(sets[option] & wanted),
                len(sets[option] - wanted),
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


def _tasks_by_slot(encoding: Encoding, plan: Plan) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The tasks of each slot in the order in which the plan drives them on its first day."""
    driven = {(route.rep, route.day): route for route in plan.routes}
    index = {store.id: place for place, store in enumerate(encoding.stores)}
    appointment = len(encoding.stores)
    for slot, (key, shift) in enumerate(zip(encoding.keys, encoding.shifts, strict=True)):
        stays = list(range(appointment, appointment + len(shift.stays)))
        appointment += len(stays)
        route = next(
            (driven[key.rep.id, day.day] for day in key.days if (key.rep.id, day.day) in driven),
            None,
        )
        yield slot, tuple(_tasks(route, index, stays)) if route is not None else ()


def _tasks(route: Route, index: dict[str, int], stays: list[int]) -> Iterator[int]:
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
            yield task
