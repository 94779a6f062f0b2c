"""What an overloaded territory falls short of: by class, and stores that nobody sees at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.field.layout import IndexArray
from benchmarks.field.rules import CLASS_LABELS
from solvers import Frame, Problem, Solution, time_route

_Visit = tuple[int, int, int]  # store, earliest and latest start of service


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Visits by class, the stores without any, and what stands in the wrong order of classes."""

    required: dict[str, int]
    served: dict[str, int]
    further_required: dict[str, int]  # without the first visit of each store, which comes first
    further_served: dict[str, int]
    without_visit: tuple[int, ...]  # stores
    could_have_one: tuple[int, ...]  # of them, where a visit fits in, or in place of a further one
    outranked: tuple[tuple[int, int], ...]  # (store, slot): fits in place of a worse class's

    @property
    def is_in_order(self) -> bool:
        """Whether of further visits C has the largest share missing and A the least."""
        shares = [
            1 - self.further_served[label] / self.further_required[label]
            for label in CLASS_LABELS
            if self.further_required[label]
        ]
        return all(better <= worse for better, worse in pairwise(shares))


def shortfall(problem: Problem, class_of_store: IndexArray, solution: Solution) -> Shortfall:
    """
    Return what a feasible solution falls short of, judged without any search.

    A store without a visit could have one where a slot of any of its options has room for it, or
    would have with one visit less of a store that has others. A missing visit is outranked where
    it fits into its slot in place of a further visit of a worse class.
    """
    served = _served(problem, solution)
    kept = np.minimum(served, problem.required)
    wanted = (class_of_store >= 0) & (problem.required > 0)
    labels = {
        label: wanted & (class_of_store == number) for number, label in enumerate(CLASS_LABELS)
    }
    without = [int(store) for store in np.flatnonzero(wanted & (served == 0))]
    check = _RoomCheck(problem, class_of_store, solution, served)
    return Shortfall(
        required={label: int(problem.required[of].sum()) for label, of in labels.items()},
        served={label: int(kept[of].sum()) for label, of in labels.items()},
        further_required={
            label: int((problem.required[of] - 1).sum()) for label, of in labels.items()
        },
        further_served={
            label: int(np.maximum(0, kept[of] - 1).sum()) for label, of in labels.items()
        },
        without_visit=tuple(without),
        could_have_one=tuple(store for store in without if check.has_room(store)),
        outranked=tuple(
            visit
            for store in np.flatnonzero(wanted & (kept < problem.required))
            for visit in check.outranked(int(store), solution.option_of_store[store])
        ),
    )


def _served(problem: Problem, solution: Solution) -> IndexArray:
    served = np.zeros(problem.n_stores, dtype=np.int32)
    for slot, routes in enumerate(solution.routes):
        for route in routes:
            served[list(route)] += int(problem.slot_weight[slot])
    return served


class _RoomCheck:
    """Tries a store in every place of a route, beside all visits or in place of one."""

    def __init__(
        self,
        problem: Problem,
        class_of_store: IndexArray,
        solution: Solution,
        served: IndexArray,
    ) -> None:
        self.problem, self.class_of_store, self.served = problem, class_of_store, served
        windows = [
            {slot: (lo, hi) for slot, lo, hi in problem.entries_of(option)}
            for option in solution.option_of_store
        ]
        self.routes: list[list[list[_Visit]]] = [
            [[(store, *windows[store][slot]) for store in route] for route in routes]
            for slot, routes in enumerate(solution.routes)
        ]

    def has_room(self, store: int) -> bool:
        """Whether a visit of the store fits anywhere."""
        entries = {
            entry
            for option in self.problem.options_of(store)
            for entry in self.problem.entries_of(option)
        }
        return any(
            self._fits(slot, kept, (store, lo, hi))
            for slot, lo, hi in sorted(entries)
            for route in self.routes[slot]
            for kept in (route, *self._spared(slot, route, 0))
        )

    def outranked(self, store: int, option: int) -> Iterator[tuple[int, int]]:
        """Yield (store, slot) of its option's missing visits that fit for one of a worse class."""
        worse = int(self.class_of_store[store]) + 1
        for slot, lo, hi in self.problem.entries_of(option):
            routes = self.routes[slot]
            if any(store == other for route in routes for other, _, _ in route):
                continue
            if any(
                self._fits(slot, kept, (store, lo, hi))
                for route in routes
                for kept in self._spared(slot, route, worse)
            ):
                yield store, slot

    def _spared(self, slot: int, route: list[_Visit], best_class: int) -> Iterator[list[_Visit]]:
        """Yield the route without each visit, of that class or worse, whose store has others."""
        weight = int(self.problem.slot_weight[slot])
        for at, (store, _, _) in enumerate(route):
            if self.served[store] > weight and self.class_of_store[store] >= best_class:
                yield [*route[:at], *route[at + 1 :]]

    def _fits(self, slot: int, route: list[_Visit], visit: _Visit) -> bool:
        problem, frame = self.problem, Frame.of_slot(self.problem, slot)
        stores = [store for store, _, _ in (*route, visit)]
        if problem.demand[stores].sum() > problem.slot_capacity[slot]:
            return False
        if problem.in_store_s[stores].sum() > problem.slot_in_store_limit_s[slot]:
            return False
        longest = frame.max_work_s + frame.overtime_s - int(problem.service_s[stores].sum())
        for at in range(len(route) + 1):
            trial = [*route[:at], visit, *route[at:]]
            places = [int(problem.place_of_store[store]) for store, _, _ in trial]
            if _travel(frame, places) > longest:
                continue
            service = [int(problem.service_s[store]) for store, _, _ in trial]
            lo, hi = [lo for _, lo, _ in trial], [hi for _, _, hi in trial]
            if time_route(frame, places, service, lo, hi).is_feasible:
                return True
        return False


def _travel(frame: Frame, places: list[int]) -> int:
    """Seconds of travel of a route: the least that any timing of it takes."""
    travel = frame.travel_s
    between = travel[places[:-1], places[1:]].sum() if len(places) > 1 else 0
    first = travel[frame.start_place, places[0]] if frame.start_place >= 0 else 0
    last = travel[places[-1], frame.end_place] if frame.end_place >= 0 else 0
    return int(first + between + last)
