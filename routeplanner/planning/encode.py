"""The only way into the solver: a scenario becomes a `Problem` of slots, options and prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from routeplanner.domain.policy import CalendarRows, ObjectiveWeights
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.balance_targets import Wish, fair_shares
from routeplanner.planning.choices import Choice, ChoiceFinder, StoreChoices
from routeplanner.planning.replan.earlier import Earlier, marked
from routeplanner.planning.slots import Shift, SlotKey
from routeplanner.travel.source import TravelMatrix
from solvers import Problem
from solvers.problem import UNLIMITED, IndexArray, IntArray

COST_PER_MINUTE = 600
"""Solver cost units in an equivalent minute: ten a second."""

_CALENDAR_BALANCE = 2
"""Under a route calendar all routes are meant to be driven: balance weighs more, a route 0."""

_FIRST_VISIT_FACTOR = 256  # against 16, 4, 1 for the further visits of A, B, C

_Entries = Sequence[tuple[int, int, int]]
Options = Sequence[tuple[int, _Entries]]
"""The options of a store or an appointment: (cost, entries)."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """A problem and what its stores and slots stand for."""

    problem: Problem
    scenario: Scenario
    calendar: CalendarRows | None
    keys: tuple[SlotKey, ...]  # (n_slots,)
    shifts: tuple[Shift, ...]  # (n_slots,)
    stores: tuple[Store, ...]  # the first stores of the problem; appointments follow
    choices: tuple[StoreChoices, ...]  # beside stores
    guaranteed: frozenset[int]  # stores that get all of their frequency or none
    withheld: frozenset[str] = frozenset()  # stores that get no visit
    stability: float = 0  # equivalent minutes a visit on a day that is not the earlier plan's


@dataclass(frozen=True, slots=True)
class _Task:
    """A store or an appointment on its way into arrays."""

    place: int
    service: int
    in_store: int
    required: int
    miss_price: int
    dear_price: int
    dear_visits: int
    options: Options


def encode(
    scenario: Scenario,
    matrix: TravelMatrix,
    calendar: CalendarRows | None = None,
    withheld: frozenset[str] = frozenset(),
    earlier: Earlier | None = None,
    stability: float = 0,
) -> Encoding:
    """Return the problem of a scenario under a route calendar, or with every day free.

    Parameters
    ----------
    withheld
        Stores that get no visit (guaranteed frequencies that do not fit whole).
    earlier, stability
        Where stores were visited before, and the equivalent minutes that a visit elsewhere costs.
    """
    finder = ChoiceFinder(scenario, matrix, calendar)
    stores = tuple(store for store in scenario.stores if store.is_planned)
    choices = tuple(finder.choices_of(store) for store in stores)
    if earlier is not None:
        choices = tuple(
            marked(earlier, finder, store, found)
            for store, found in zip(stores, choices, strict=True)
        )
    rules = scenario.policy.visit_rules
    guaranteed = frozenset(
        i
        for i, store in enumerate(stores)
        if rules[class_of(store)].minimum_frequency == "guaranteed"
    )
    prices = _Prices(scenario, matrix, stores)
    tasks = [
        prices.task(
            store,
            found,
            _options(scenario, found, stability, i in guaranteed, store.id in withheld),
        )
        for i, (store, found) in enumerate(zip(stores, choices, strict=True))
    ]
    tasks += _appointment_tasks(matrix, finder.keys, finder.shifts, prices.longest)
    weights = scenario.policy.objective
    if calendar is not None:
        driven = {"balance": weights.balance * _CALENDAR_BALANCE, "route": 0}
        weights = weights.model_copy(update=driven)
    problem = _problem(weights, matrix, finder.keys, finder.shifts, tasks)
    return Encoding(
        problem=problem,
        scenario=scenario,
        calendar=calendar,
        keys=finder.keys,
        shifts=finder.shifts,
        stores=stores,
        choices=choices,
        guaranteed=guaranteed,
        withheld=withheld,
        stability=stability,
    )


def with_choices(
    encoding: Encoding, choices: Sequence[StoreChoices], stability: float | None = None
) -> Encoding:
    """Return the same problem in which stores have other choices of days, or changes cost more.

    Slots, targets and prices of visits stay, so solutions of both can be compared.
    """
    stability = encoding.stability if stability is None else stability
    problem = encoding.problem
    options: list[Options] = [
        _options(
            encoding.scenario, found, stability, i in encoding.guaranteed,
            store.id in encoding.withheld,
        )
        for i, (store, found) in enumerate(zip(encoding.stores, choices, strict=True))
    ]  # fmt: skip
    options += [
        [(int(problem.option_cost[o]), tuple(problem.entries_of(o))) for o in problem.options_of(i)]
        for i in range(len(encoding.stores), problem.n_stores)
    ]
    return replace(
        encoding,
        problem=replace(problem, **_option_arrays(options)),
        choices=tuple(choices),
        stability=stability,
    )


def _options(
    scenario: Scenario,
    found: StoreChoices,
    stability: float,
    is_guaranteed: bool,
    is_withheld: bool,
) -> Options:
    """The options of a store in the order of its choices, and none of them where that may be."""
    spacing = scenario.policy.objective.spacing
    options = [(_cost_of(choice, spacing, stability), choice.entries) for choice in found.choices]
    if is_guaranteed or is_withheld or not options:
        return [*([] if is_withheld else options), (0, ())]
    return options


def _cost_of(choice: Choice, spacing: float, stability: float) -> int:
    return round((choice.days_off * spacing + choice.moved * stability) * COST_PER_MINUTE)


class _Prices:
    """Prices of missing visits: never worth saving travel for (docs/decisions/0003)."""

    def __init__(self, scenario: Scenario, matrix: TravelMatrix, stores: Sequence[Store]) -> None:
        self.scenario, self.index = scenario, matrix.index()
        self.longest = max(
            (
                matrix.seconds(rep.mode, f"rep:{rep.id}", store.id)
                + matrix.seconds(rep.mode, store.id, f"rep:{rep.id}")
                for rep in scenario.reps
                for store in stores
                if store.rep in (None, rep.id)
            ),
            default=0,
        )
        self.ranks = {
            label: len(scenario.policy.classes.labels) - 1 - place
            for place, label in enumerate(scenario.policy.classes.labels)
        }
        self.most_service = max((service_s(store, scenario.policy) for store in stores), default=0)

    def task(self, store: Store, found: StoreChoices, options: Options) -> _Task:
        service = service_s(store, self.scenario.policy)
        unit = COST_PER_MINUTE // 60
        class_factor = 4 ** self.ranks[class_of(store)]
        dear_base = (self.most_service + 2 * self.longest) * unit
        return _Task(
            place=self.index[store.id],
            service=service,
            in_store=service,
            required=found.required,
            miss_price=(service + 2 * self.longest) * unit * class_factor,
            dear_price=dear_base * _FIRST_VISIT_FACTOR,
            dear_visits=min(self._least(store, found.required), found.required),
            options=options,
        )

    def _least(self, store: Store, required: int) -> int:
        least = self.scenario.policy.visit_rules[class_of(store)].minimum_frequency
        if least is None:
            return 1
        if least == "guaranteed" or least.is_daily:
            return required
        return max(1, least.visits * self.scenario.cycle.weeks // least.weeks)


def _appointment_tasks(
    matrix: TravelMatrix, keys: Sequence[SlotKey], shifts: Sequence[Shift], longest: int
) -> list[_Task]:
    """Return fixed stops: one option, an exact window, a price that nothing outweighs.

    On a route that is driven on several days an appointment of one of them is kept free on all.
    """
    index = matrix.index()
    price = (longest + 86_400) * COST_PER_MINUTE * 16
    return [
        _Task(
            place=index[stay.place],
            service=stay.end - stay.start,
            in_store=0,
            required=key.weight,
            miss_price=price,
            dear_price=0,
            dear_visits=0,
            options=[(0, [(slot, stay.start, stay.start)])],
        )
        for slot, (key, shift) in enumerate(zip(keys, shifts, strict=True))
        for stay in shift.stays
    ]


def _problem(
    weights: ObjectiveWeights,
    matrix: TravelMatrix,
    keys: Sequence[SlotKey],
    shifts: Sequence[Shift],
    tasks: Sequence[_Task],
) -> Problem:
    index, n_slots = matrix.index(), len(keys)
    return Problem(
        travel_s=matrix.travel_s,
        place_of_store=np.array([task.place for task in tasks], dtype=np.int32),
        service_s=_ints(task.service for task in tasks),
        in_store_s=_ints(task.in_store for task in tasks),
        demand=np.zeros(len(tasks), dtype=np.int64),
        required=_ints(task.required for task in tasks),
        miss_price=_ints(task.miss_price for task in tasks),
        dear_price=_ints(task.dear_price for task in tasks),
        dear_visits=_ints(task.dear_visits for task in tasks),
        **_option_arrays([task.options for task in tasks]),
        slot_weight=_ints(key.weight for key in keys),
        slot_profile=np.array([matrix.modes.index(key.rep.mode) for key in keys], dtype=np.int32),
        slot_start_place=_ends(index, keys, [key.rep.start_at for key in keys]),
        slot_end_place=_ends(index, keys, [key.rep.end_at for key in keys]),
        slot_shift_lo=_ints(shift.lo for shift in shifts),
        slot_shift_hi=_ints(shift.hi for shift in shifts),
        slot_max_work_s=_ints(shift.longest for shift in shifts),
        slot_overtime_s=_ints(shift.overtime for shift in shifts),
        slot_in_store_limit_s=_ints(
            UNLIMITED if shift.in_store_limit is None else shift.in_store_limit for shift in shifts
        ),
        slot_balance_target_s=_ints(fair_shares(matrix, keys, shifts, map(_wish, tasks))),
        slot_lunch_s=_ints(shift.lunch for shift in shifts),
        slot_lunch_lo=_ints(shift.lunch_lo for shift in shifts),
        slot_lunch_hi=_ints(shift.lunch_hi for shift in shifts),
        slot_vehicles=np.ones(n_slots, dtype=np.int32),
        slot_capacity=np.full(n_slots, UNLIMITED, dtype=np.int64),
        cost_travel=_per_second(weights.travel),
        cost_wait=_per_second(weights.waiting),
        cost_overtime=_per_second(weights.overtime),
        cost_balance=_per_second(weights.balance),
        cost_route=round(weights.route * COST_PER_MINUTE),
    )


def _option_arrays(options: Sequence[Options]) -> dict[str, Any]:
    """The arrays of a problem that hold the options of all its stores."""
    flat = [option for own in options for option in own]
    entries = [entry for _, option in flat for entry in option]
    return {
        "option_ptr": _offsets(len(own) for own in options),
        "option_cost": _ints(cost for cost, _ in flat),
        "entry_ptr": _offsets(len(option) for _, option in flat),
        "entry_slot": np.array([slot for slot, _, _ in entries], dtype=np.int32),
        "entry_lo": _ints(lo for _, lo, _ in entries),
        "entry_hi": _ints(hi for _, _, hi in entries),
    }


def _wish(task: _Task) -> Wish:
    slots = frozenset(slot for _, entries in task.options for slot, _, _ in entries)
    return Wish(task.place, task.required, task.in_store, slots)


def _ends(index: dict[str, int], keys: Sequence[SlotKey], ends: Sequence[str]) -> IndexArray:
    def place(rep: Rep, end: str) -> int:
        return index[f"rep:{rep.id}"] if end == "base" else -1

    places = [place(key.rep, end) for key, end in zip(keys, ends, strict=True)]
    return np.array(places, dtype=np.int32)


def _ints(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)


def _offsets(lengths: Iterable[int]) -> IntArray:
    return np.concatenate([[0], np.cumsum(_ints(lengths))]).astype(np.int64)


def _per_second(weight: float) -> int:
    return round(weight * COST_PER_MINUTE / 60)
