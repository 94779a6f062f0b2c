"""The choices of days of every store as arrays: the estimate's way into `solvers`."""

from collections.abc import Mapping, Sequence

import numpy as np

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.policy import Policy
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, frequency_of, service_s
from routeplanner.planning.patterns import spaced_patterns
from routeplanner.planning.territory_load import Slot, Territory
from solvers.load_estimate import LoadProblem
from solvers.tour_estimate import FloatArray

_MAX_OPTIONS = 60
"""Choices of days a store gets in an estimate, the most even first."""

_MAX_UNIONS_LOOKED_AT = 20_000


def load_problem(
    land: Territory, stores: Mapping[str, Store], policy: Policy, cycle: Cycle, slots: list[Slot]
) -> tuple[LoadProblem, tuple[str, ...]]:
    """The arrays of a territory, and the stores whose frequency no choice of days satisfies."""
    own = [stores[store_id] for store_id in land.store_ids]
    n_fixed = len(land.appointments)
    options, short = _Options(land, policy, cycle, slots).of_all(own)
    nothing = (np.zeros((1, len(slots))), np.zeros(1))
    table = [nothing, *options, *([nothing] * n_fixed)]
    node_of = {number: len(own) + 1 + i for i, (number, _) in enumerate(land.appointments)}
    problem = LoadProblem(
        distance=land.distance,
        service=np.array(
            [0, *(service_s(store, policy) for store in own), *([0] * n_fixed)], float
        ),
        members=tuple(members for members, _ in table),
        costs=tuple(costs for _, costs in table),
        order=land.order,
        weight=np.array([len(slot.days) for slot in slots], float),
        limit=np.array([slot.available - slot.appointment_s for slot in slots], float),
        fixed=tuple([node_of[number] for number in slot.appointments] for slot in slots),
    )
    return problem, short


class _Options:
    """Choices of days by store; stores of one frequency and the same open days share them."""

    def __init__(self, land: Territory, policy: Policy, cycle: Cycle, slots: list[Slot]) -> None:
        self.land, self.policy, self.cycle, self.slots = land, policy, cycle, slots
        self.slot_of_day = {day: i for i, slot in enumerate(slots) for day in slot.days}
        self.shared: dict[object, tuple[FloatArray, FloatArray, bool]] = {}

    def of_all(
        self, stores: Sequence[Store]
    ) -> tuple[list[tuple[FloatArray, FloatArray]], tuple[str, ...]]:
        """Options of every store, and the ids of stores that get fewer visits than they want."""
        longest = self.land.longest_stays(stores, self.policy)
        found: list[tuple[FloatArray, FloatArray]] = []
        short: list[str] = []
        for store, stays in zip(stores, longest, strict=True):
            need = service_s(store, self.policy)
            weekdays = frozenset(
                day for day, stay in zip(WEEKDAYS, stays, strict=True) if stay >= need
            )
            members, costs, is_whole = self._of(store, weekdays)
            found.append((members, costs))
            if not is_whole:
                short.append(store.id)
        return found, tuple(short)

    def _of(
        self, store: Store, weekdays: frozenset[Weekday]
    ) -> tuple[FloatArray, FloatArray, bool]:
        frequency = frequency_of(store, self.policy)
        by_class = isinstance(self.policy.calendar, tuple)
        gap = self.policy.visit_rules[class_of(store)].largest_gap_days
        key = (str(frequency), weekdays, store.pinned_days, gap, by_class and class_of(store))
        if key not in self.shared:
            if by_class:
                unions = self._unions(store, weekdays)
                costs = [0.0] * len(unions)
            elif frequency.is_daily:
                days = [d for d in self.slot_of_day if self.cycle.day(d).weekday in weekdays]
                unions, costs = ([[self.slot_of_day[d] for d in days]], [0.0]) if days else ([], [])
            else:
                unions, costs = self._patterns(store, weekdays, gap)
            is_whole = bool(unions)
            if not is_whole:
                unions, costs = [self._as_many_as_possible(store, weekdays)], [0.0]
            members = np.zeros((len(unions), len(self.slots)))
            for row, union in enumerate(unions):
                members[row, union] = 1.0
            self.shared[key] = (members, np.array(costs), is_whole)
        return self.shared[key]

    def _patterns(
        self, store: Store, weekdays: frozenset[Weekday], gap: int | None
    ) -> tuple[list[list[int]], list[float]]:
        frequency, n_workdays = frequency_of(store, self.policy), len(self.cycle.workdays)
        block = [d for d in self.slot_of_day if d < frequency.weeks * n_workdays]
        allowed = frozenset(d for d in block if self.cycle.day(d).weekday in weekdays)
        pinned = frozenset(d for d in allowed if self._is_pinned(store, d, frequency.weeks))
        required: frozenset[int] = frozenset()
        if len(pinned) >= frequency.visits:
            allowed = pinned
        elif pinned:
            required = pinned
        patterns = spaced_patterns(
            frequency.visits, frequency.weeks, self.cycle.workdays, allowed, required, gap
        )[:_MAX_OPTIONS]
        # Weekday before week: a stretch of the giant tour is a weekday, its parts are the weeks.
        patterns = tuple(
            sorted(patterns, key=lambda p: [(d % n_workdays, d // n_workdays) for d in p.days])
        )
        repeats = self.cycle.weeks // frequency.weeks
        shift = frequency.weeks * n_workdays
        price = self.policy.objective.spacing * 60 * repeats
        unions = [
            [self.slot_of_day[d + r * shift] for d in pattern.days for r in range(repeats)]
            for pattern in patterns
        ]
        return unions, [pattern.days_off * price for pattern in patterns]

    def _unions(self, store: Store, weekdays: frozenset[Weekday]) -> list[list[int]]:
        """Sets of routes open to the store whose driven days add up to its frequency."""
        open_slots = self._open_routes(store, weekdays)
        frequency = frequency_of(store, self.policy)
        wanted = frequency.visits * self.cycle.weeks // frequency.weeks
        if frequency.is_daily:
            # As domain.visits.required_visits counts; routes closed to the class do not lower it.
            wanted = sum(day in weekdays for day in self.cycle.workdays) * self.cycle.weeks
        pinned = [
            i for i in open_slots if all(self._is_pinned(store, d, 0) for d in self.slots[i].days)
        ]
        if pinned and sum(len(self.slots[i].days) for i in pinned) >= wanted:
            open_slots = pinned
        found: list[list[int]] = []
        stack: list[tuple[int, int, list[int]]] = [(0, wanted, [])]
        looked_at = 0
        while stack and len(found) < _MAX_OPTIONS and looked_at < _MAX_UNIONS_LOOKED_AT:
            looked_at += 1
            first, left, chosen = stack.pop()
            if left == 0:
                found.append(chosen)
                continue
            for place in range(len(open_slots) - 1, first - 1, -1):
                days = len(self.slots[open_slots[place]].days)
                if days <= left:
                    stack.append((place + 1, left - days, [*chosen, open_slots[place]]))
        return found

    def _open_routes(self, store: Store, weekdays: frozenset[Weekday]) -> list[int]:
        label_of_class = class_of(store)
        found: list[int] = []
        for i, slot in enumerate(self.slots):
            served = (
                self.policy.routes[slot.label].classes if slot.label in self.policy.routes else ()
            )
            if (not served or label_of_class in served) and weekdays.issuperset(slot.weekdays):
                found.append(i)
        return found

    def _as_many_as_possible(self, store: Store, weekdays: frozenset[Weekday]) -> list[int]:
        frequency = frequency_of(store, self.policy)
        wanted = frequency.visits * self.cycle.weeks // frequency.weeks or self.cycle.n_days
        candidates = range(len(self.slots))
        if isinstance(self.policy.calendar, tuple):
            candidates = self._open_routes(store, weekdays)  # type: ignore[assignment]
        chosen: list[int] = []
        for i in sorted(candidates, key=lambda i: -len(self.slots[i].days)):
            if len(self.slots[i].days) <= wanted and weekdays.issuperset(self.slots[i].weekdays):
                chosen.append(i)
                wanted -= len(self.slots[i].days)
        return chosen

    def _is_pinned(self, store: Store, day: int, block_weeks: int) -> bool:
        """Whether a day (of a block of weeks; 0: of the cycle) is one the store is pinned to."""
        at = self.cycle.day(day)
        for pin in store.pinned_days:
            if pin.weekday != at.weekday:
                continue
            if pin.week is None or at.week == (
                (pin.week - 1) % block_weeks + 1 if block_weeks else pin.week
            ):
                return True
        return False
