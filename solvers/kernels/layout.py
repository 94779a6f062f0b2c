"""The records and arrays that compiled code works on; times in seconds, costs in whole units."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FAR = 2**50
"""Later than any time; sums of a few of them stay within 64 bits."""

_I8 = np.int64

STORE = np.dtype(
    [
        (name, _I8)
        for name in (
            "required",  # visits a cycle
            "miss",  # price of each missing visit
            "dear",  # on top, of each visit missing below `dear_visits`
            "dear_visits",
            "first_visit",  # its visits are first_visit … end_visit - 1
            "end_visit",
            "first_option",
            "end_option",
        )
    ],
    align=True,
)

SLOT = np.dtype(
    [
        (name, _I8)
        for name in (
            "weight",
            "profile",
            "start",  # place; the last one of the matrix costs nothing: an open start
            "end",
            "shift_lo",
            "shift_hi",
            "latest_back",
            "max_work",
            "longest_work",  # with overtime
            "overtime",
            "soft_open",  # work without windows and lunch: free of overtime up to here
            "hard_open",  # and possible up to here
            "lunch",
            "lunch_lo",
            "lunch_latest",
            "capacity",
            "in_store_limit",
            "target",
            "first_route",
            "vehicles",
            "is_symmetric",  # travel there is travel back, and the day ends where it starts
            "is_timed",  # 1: windows or lunch bind, routes are timed; 0: sums of seconds suffice
            "travel_cost",  # costs a second, times the weight
            "wait_cost",
            "overtime_cost",
            "balance_cost",
            "route_cost",
        )
    ],
    align=True,
)

VISIT = np.dtype(
    [
        (name, _I8)
        for name in (
            "store",
            "slot",
            "weight",
            "place",
            "service",
            "lo",
            "hi",
            "demand",
            "in_store",
            "first_found",  # its insertions found before: one a vehicle of the slot
        )
    ],
    align=True,
)

ROUTE = np.dtype(
    [
        (name, _I8)
        for name in (
            "slot",
            "n",  # visits
            "travel",
            "service",
            "load",
            "in_store",
            "waited",
            "overtime",
            "above",  # work above the slot's target
            "cost",  # without penalties
            "total",  # cost with penalties; 0 where the route is empty
            "over_time",  # excess of each kind, times the weight
            "over_load",
            "over_in_store",
            "version",  # equal versions: equal routes at equal penalties
            "mark",  # of the journal
            "timed",  # of its segments: 0 none, 1 those without lunch to judge it by, 2 all
            "changed",  # moment of the last change by route improvement
        )
    ],
    align=True,
)

FOUND = np.dtype(
    [
        ("version", _I8),
        ("added", _I8),
        ("position", _I8),
        ("is_exact", _I8),  # 0: it adds no less than that
    ],
    align=True,
)
"""The cheapest insertion of a visit into a route of that version."""

OPTION = np.dtype(
    [
        ("cost", _I8),
        ("weight", _I8),  # days of the cycle
        ("first", _I8),  # its visits are option_visit[first … end - 1]
        ("end", _I8),
    ],
    align=True,
)

STORE_STATE = np.dtype(
    [
        ("option", _I8),  # -1: none yet
        ("served", _I8),  # days of the cycle
        ("flag", _I8),  # stamp: in the queue
        ("mark", _I8),  # of the journal
        ("old_option", _I8),
        ("old_served", _I8),
        ("in_route", _I8),  # route and position in the slot under improvement, -1: none
        ("in_position", _I8),
    ],
    align=True,
)

VISIT_STATE = np.dtype(
    [
        ("route", _I8),  # that it stands in, -1: none
        ("old_route", _I8),
        ("added", _I8),  # what its cheapest insertion adds
        ("is_exact", _I8),  # 0: it adds no less than that
        ("into", _I8),  # route of that insertion
        ("at", _I8),  # position of it
        ("instead", _I8),  # visit that makes way for it, -1: none
        ("goes_in", _I8),  # whether the choice under way puts it into a route
        ("tested", _I8),  # moment of its last route improvement
    ],
    align=True,
)

STOP = np.dtype(
    [
        ("visit", np.int32),
        ("place", np.int32),
        ("leg", _I8),  # travel to the next stop
    ],
    align=True,
)

CORE = np.dtype(
    [
        ("objective", _I8),  # penalized
        ("over_time", _I8),  # excess of each kind
        ("over_load", _I8),
        ("over_in_store", _I8),
        ("time_penalty", _I8),  # of a unit of excess
        ("load_penalty", _I8),
        ("in_store_penalty", _I8),
        ("generosity", _I8),  # factor of the price of bins while an option is chosen
        ("hardest", _I8),  # bounds of all penalties
        ("time_softest", _I8),
        ("load_softest", _I8),
        ("in_store_softest", _I8),
        ("is_adapting", _I8),  # whether ruin and recreate may change the penalties
        ("n_steps", _I8),  # since the penalties were looked at, and those of them with excess
        ("n_over_time", _I8),
        ("n_over_load", _I8),
        ("n_over_in_store", _I8),
        ("version", _I8),  # the last given to a route
        ("mark", _I8),  # of the journal
        ("n_touched", _I8),  # routes in it
        ("n_touched_stores", _I8),
        ("flag", _I8),  # the last stamp of a queue
        ("moment", _I8),  # of route improvement
        ("random", np.uint64),
    ],
    align=True,
)

HEAD, HEAD_FED, TAIL, TAIL_FED = 0, 1, 2, 3
"""Segments from the start and to the end of a route, without lunch and with lunch had."""

QUEUE, GONE, TOUCHED, TOUCHED_STORES = 0, 1, 2, 3
"""Lists: stores to insert, stores that lost a visit, routes and stores in the journal."""

Records = Any  # a numpy record array


class Data(NamedTuple):
    """A problem, never written to."""

    stores: Records  # (n_stores,) STORE
    slots: Records  # (n_slots,) SLOT
    visits: Records  # (n_visits,) VISIT: a store in a slot with a window
    options: Records  # (n_options,) OPTION
    option_visit: NDArray[np.int32]  # (n_entries,)
    travel: NDArray[Any]  # (n_profiles, n_places + 1, n_places + 1) by [from, to]
    back: NDArray[Any]  # the same by [to, from]
    near: NDArray[np.int32]  # (n_stores, n_near) other stores, nearest first; -1 fills
    point: NDArray[np.float64]  # (n_places + 1, 2) a flat map of the travel times


class Genes(NamedTuple):
    """A solution in few arrays, as the population keeps it; memory O(visits)."""

    option: NDArray[np.int32]  # (n_stores,)
    seq: NDArray[np.int32]  # (n_visits in routes,) route by route
    ptr: NDArray[np.int32]  # (n_routes + 1,)


class Snapshot(NamedTuple):
    """A whole state that can be returned to."""

    option: NDArray[np.int32]  # (n_stores,)
    seq: NDArray[np.int32]  # (n_routes, width) visits
    n: NDArray[np.int64]  # (n_routes,)
    version: NDArray[np.int64]  # (n_routes,) of the rows copied last
    core: Records  # CORE, one record: the objective and its excess
    terms: NDArray[np.int64]  # (8,) as in `solvers.evaluate.TERMS`, then missing visits


class State(NamedTuple):
    """A solution under change, with all that makes changing it fast."""

    core: Records  # CORE, one record
    stores: Records  # (n_stores,) STORE_STATE
    visits: Records  # (n_visits,) VISIT_STATE
    routes: Records  # (n_routes,) ROUTE
    stops: Records  # (n_routes, width) STOP: start, visits at 1 … n, end
    found: Records  # FOUND, by visit and vehicle
    segments: NDArray[np.int64]  # (n_routes + 1, 4, width, 4) by HEAD …; the last row is scratch
    old_routes: Records  # the journal
    old_stops: Records
    old_core: Records
    trial: Records  # (2, width) STOP: routes under trial
    lists: NDArray[np.int32]  # (4, n) scratch: QUEUE, GONE, TOUCHED, TOUCHED_STORES
