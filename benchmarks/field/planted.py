"""The planted plan: who visits which store on which days, in what order, at what time."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.field.demand import Demand, draw_demand, make_daily
from benchmarks.field.layout import (
    FloatArray,
    IndexArray,
    IntArray,
    Layout,
    lay_out,
    travel_seconds,
)
from benchmarks.field.rules import DAY, HOME_MINUTES, TerritoryRules
from benchmarks.field.tours import ordered, tour_length
from benchmarks.field.zones import divide, plan_days
from solvers import UNLIMITED, Frame, Timing, time_route

LUNCH_S = round(DAY.lunch_minutes * 60)
LUNCH_LO, LUNCH_HI = DAY.lunch_between
SHIFT_LO = round(DAY.start + DAY.prepare_minutes * 60)
_FIVE_MINUTES = 300
_TRIALS = 2
_STAY_MINUTES = (30, 45, 60)


@dataclass(frozen=True, slots=True)
class Stay:
    """A fixed appointment in one slot; it follows the stores in the problem's numbering."""

    slot: int
    place: int
    service_s: int
    start: int  # seconds since midnight


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is there before any hours: stores, wishes, reps, bases, travel times."""

    rules: TerritoryRules
    layout: Layout
    demand: Demand
    rep_of_store: IndexArray  # (n_stores,) in the planted plan
    base_of_rep: IndexArray  # (n_reps,) place
    base_position: IntArray  # (n_reps, 2)
    travel_s: IntArray  # (n_places, n_places), int32 where large


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Timed routes of every slot; slot = rep x n_days + day."""

    days_of_store: list[tuple[int, ...]]
    routes: list[tuple[int, ...]]  # (n_slots,) stores and appointments in order
    timings: list[Timing]  # (n_slots,)
    stays: list[Stay]


def has_lunch(rules: TerritoryRules, day: int) -> bool:
    """Whether lunch is eaten on a day of the cycle: not on half days."""
    return rules.workdays[day % len(rules.workdays)] != "sat"


def break_ground(rules: TerritoryRules) -> Ground:
    """Draw stores, wishes and reps; every part has a random stream of its own."""
    key = [rules.seed, rules.stores, rules.n_reps, *rules.kind.encode()]
    layout_seed, demand_seed, base_seed = np.random.SeedSequence(key).spawn(3)
    layout = lay_out(rules, np.random.default_rng(layout_seed))
    demand = draw_demand(rules, np.random.default_rng(demand_seed))
    load = (demand.service_s / 60 + HOME_MINUTES) * demand.visits_per_cycle(rules)
    rep_of_store = divide(layout.position, load, [1.0] * rules.n_reps)
    rng = np.random.default_rng(base_seed)
    bases = np.empty((rules.n_reps, 2), dtype=np.int64)
    for rep in range(rules.n_reps):
        own = layout.position[rep_of_store == rep]
        bases[rep] = np.rint(own.mean(axis=0) + rng.normal(size=2) * own.std(axis=0) / 3)
    numbers = (rules.n_reps, rules.appointments)
    chosen = np.array(
        [rng.choice(np.flatnonzero(rep_of_store == rep), numbers[1]) for rep in range(numbers[0])]
    ).astype(np.int64)
    meetings = layout.position[chosen.reshape(-1)] + rng.integers(100, 400, (chosen.size, 2))
    are_bases = np.arange(len(bases) + len(meetings)) < len(bases)
    return Ground(
        rules=rules,
        layout=layout,
        demand=make_daily(rules, demand, rep_of_store),
        rep_of_store=rep_of_store,
        base_of_rep=np.arange(layout.n_places, layout.n_places + rules.n_reps, dtype=np.int32),
        base_position=bases,
        travel_s=travel_seconds(rules, layout, np.concatenate([bases, meetings]), are_bases),
    )


def plant(ground: Ground) -> Planted:
    """Return the planted plan: days by zones, short tours, times without any waiting.

    A first one, with the same travel to every visit, tells what each zone's visits really take.
    """
    stays = _draw_stays(ground)
    way = np.full(ground.rules.stores, HOME_MINUTES * 60.0)
    for _ in range(_TRIALS):
        days, tours = _tours(ground, stays, way)
        way = _way_to_visits(ground, days, tours)
    days, tours = _tours(ground, stays, way)
    timings = [_timed(ground, slot, tour, stays) for slot, tour in enumerate(tours)]
    return Planted(days, [tour.stores for tour in tours], timings, stays)


@dataclass(frozen=True, slots=True)
class _Tour:
    """The stores and appointments of a day in order."""

    stores: tuple[int, ...]
    places: list[int]
    service_s: list[int]
    travel_s: int


def _tours(
    ground: Ground, stays: list[Stay], way: FloatArray
) -> tuple[list[tuple[int, ...]], list[_Tour]]:
    """Return the days of every store and the tours of every slot, given the way to a visit."""
    rules, demand = ground.rules, ground.demand
    per_visit = demand.service_s + way
    days = plan_days(rules, demand, ground.layout.position, ground.rep_of_store, per_visit)
    stores_of_slot: list[list[int]] = [[] for _ in range(rules.n_reps * rules.n_days)]
    for store, chosen in enumerate(days):
        for day in chosen:
            stores_of_slot[int(ground.rep_of_store[store]) * rules.n_days + day].append(store)
    for number, stay in enumerate(stays):
        stores_of_slot[stay.slot].append(rules.stores + number)
    tours = [_ordered(ground, slot, stores, stays) for slot, stores in enumerate(stores_of_slot)]
    return days, tours


def _ordered(ground: Ground, slot: int, stores: list[int], stays: list[Stay]) -> _Tour:
    n_stores = ground.rules.stores
    places = np.array(
        [
            int(ground.layout.place_of_store[s]) if s < n_stores else stays[s - n_stores].place
            for s in stores
        ],
        dtype=np.int64,
    )
    base = int(ground.base_of_rep[slot // ground.rules.n_days])
    order = ordered(ground.travel_s, base, places)
    route = tuple(stores[k] for k in order)
    service = [
        int(ground.demand.service_s[s]) if s < n_stores else stays[s - n_stores].service_s
        for s in route
    ]
    length = int(tour_length(ground.travel_s, base, places, order))
    return _Tour(route, places[order].tolist(), service, length)


def _way_to_visits(ground: Ground, days: list[tuple[int, ...]], tours: list[_Tour]) -> FloatArray:
    """Return the seconds of travel to a visit on each store's days: (n_stores,)."""
    n_days = ground.rules.n_days
    mean = np.array([tour.travel_s / max(1, len(tour.stores)) for tour in tours])
    return np.array(
        [
            mean[[int(rep) * n_days + day for day in chosen]].mean()
            for rep, chosen in zip(ground.rep_of_store, days, strict=True)
        ]
    )


def _draw_stays(ground: Ground) -> list[Stay]:
    """Return every rep's weekly appointments, each on a weekday of its own; times come later."""
    rules, n_weekdays = ground.rules, len(ground.rules.workdays)
    first = int(ground.base_of_rep[-1]) + 1
    return [
        Stay(
            slot=rep * rules.n_days + week * n_weekdays + (rep + number) % min(5, n_weekdays),
            place=first + rep * rules.appointments + number,
            service_s=60 * _STAY_MINUTES[(rep + number) % len(_STAY_MINUTES)],
            start=-1,
        )
        for rep in range(rules.n_reps)
        for number in range(rules.appointments)
        for week in range(rules.weeks)
    ]


def _timed(ground: Ground, slot: int, tour: _Tour, stays: list[Stay]) -> Timing:
    """Time one day; appointments get the next full five minutes as their time."""
    n_stores = ground.rules.stores
    rep, day = divmod(slot, ground.rules.n_days)
    frame = _open_frame(ground, int(ground.base_of_rep[rep]), has_lunch(ground.rules, day))
    lo, hi = [0] * len(tour.stores), [UNLIMITED] * len(tour.stores)
    timing = time_route(frame, tour.places, tour.service_s, lo, hi)
    for at, store in enumerate(tour.stores):
        if store >= n_stores:
            start = -(-timing.start[at] // _FIVE_MINUTES) * _FIVE_MINUTES
            lo[at] = hi[at] = start
            rounded = time_route(frame, tour.places, tour.service_s, lo, hi)
            if rounded.late_s:  # lunch would slip out of its window
                lo[at] = hi[at] = timing.start[at]
            else:
                timing = rounded
            stays[store - n_stores] = replace(stays[store - n_stores], start=lo[at])
    return timing


def _open_frame(ground: Ground, base: int, lunch: bool) -> Frame:
    """Return a day without end: the planted plan is timed before the hours are known."""
    return Frame(
        travel_s=ground.travel_s,
        start_place=base,
        end_place=base,
        shift_lo=SHIFT_LO,
        shift_hi=UNLIMITED,
        max_work_s=UNLIMITED,
        overtime_s=0,
        lunch_s=LUNCH_S if lunch else 0,
        lunch_lo=LUNCH_LO,
        lunch_hi=LUNCH_HI,
    )
