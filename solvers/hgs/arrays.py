"""Lays a problem out for the kernels, and a solution out of what they return."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.hgs.flat_map import flat_map, hilbert_rank
from solvers.kernels.layout import (
    CORE,
    FAR,
    FOUND,
    OPTION,
    ROUTE,
    SLOT,
    STOP,
    STORE,
    STORE_STATE,
    VISIT,
    VISIT_STATE,
    Data,
    Genes,
    Snapshot,
    State,
)
from solvers.problem import IntArray, Problem, Solution

N_NEAR = 80


def data_of(problem: Problem) -> Data:
    """The problem as records; visits are numbered by store, slot and window."""
    p = problem
    travel = np.pad(p.travel_s, ((0, 0), (0, 1), (0, 1)))
    small = travel.max(initial=0) < 2**31
    travel = np.ascontiguousarray(travel, dtype=np.int32 if small else np.int64)
    turned = np.ascontiguousarray(travel.transpose(0, 2, 1))
    symmetric = [bool(np.array_equal(a, b)) for a, b in zip(travel, turned, strict=True)]
    if all(symmetric):
        turned = travel
    visit_of_entry, keys = _visits(p)
    slots = _slots(p, symmetric, keys)
    visits = _visit_records(p, slots, keys)
    stores = _store_records(p, keys)
    return Data(
        stores=stores,
        slots=slots,
        visits=visits,
        options=_option_records(p),
        option_visit=visit_of_entry,
        travel=travel,
        back=turned,
        near=_near(p),
        point=np.vstack([flat_map(p.travel_s[0]), np.zeros(2)]),
    )


def _visits(p: Problem) -> tuple[NDArray[np.int32], IntArray]:
    """By entry its visit; by visit (store, slot, lo, hi), sorted by store."""
    store_of_option = np.repeat(np.arange(p.n_stores), np.diff(p.option_ptr))
    store = np.repeat(store_of_option, np.diff(p.entry_ptr))
    rows = np.stack([store, p.entry_slot.astype(np.int64), p.entry_lo, p.entry_hi], axis=1)
    if not len(rows):
        return np.zeros(0, np.int32), rows
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    is_new = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    visit = np.empty(len(rows), np.int32)
    visit[order] = np.cumsum(is_new) - 1
    return visit, ordered[is_new]


def _records(dtype: Any, n: int, **columns: Any) -> Any:
    records = np.zeros(n, dtype).view(np.recarray)
    for name, values in columns.items():
        records[name] = values
    return records


def _option_records(p: Problem) -> Any:
    sums = np.concatenate([[0], np.cumsum(p.slot_weight[p.entry_slot])])
    return _records(
        OPTION,
        len(p.option_cost),
        cost=p.option_cost,
        weight=sums[p.entry_ptr[1:]] - sums[p.entry_ptr[:-1]],
        first=p.entry_ptr[:-1],
        end=p.entry_ptr[1:],
    )


def _store_records(p: Problem, keys: IntArray) -> Any:
    bounds = np.searchsorted(keys[:, 0], np.arange(p.n_stores + 1))
    return _records(
        STORE,
        p.n_stores,
        required=p.required,
        miss=p.miss_price,
        dear=p.dear_price,
        dear_visits=p.dear_visits,
        first_visit=bounds[:-1],
        end_visit=bounds[1:],
        first_option=p.option_ptr[:-1],
        end_option=p.option_ptr[1:],
    )


def _slots(p: Problem, symmetric: list[bool], keys: IntArray) -> Any:
    n = p.n_places
    latest_back = p.slot_shift_hi + p.slot_overtime_s
    longest_work = p.slot_max_work_s + p.slot_overtime_s
    start = np.where(p.slot_start_place < 0, n, p.slot_start_place)
    end = np.where(p.slot_end_place < 0, n, p.slot_end_place)
    is_timed = p.slot_lunch_s > 0
    store, slot, lo, hi = keys.T
    binds = (lo > np.minimum(hi, p.slot_shift_lo[slot])) | (
        hi < latest_back[slot] - p.service_s[store]
    )
    is_timed[slot[binds]] = True
    return _records(
        SLOT,
        p.n_slots,
        weight=p.slot_weight,
        profile=p.slot_profile,
        start=start,
        end=end,
        shift_lo=p.slot_shift_lo,
        shift_hi=p.slot_shift_hi,
        latest_back=latest_back,
        max_work=p.slot_max_work_s,
        longest_work=longest_work,
        overtime=p.slot_overtime_s,
        soft_open=np.minimum(p.slot_max_work_s, p.slot_shift_hi - p.slot_shift_lo),
        hard_open=np.minimum(longest_work, latest_back - p.slot_shift_lo),
        lunch=p.slot_lunch_s,
        lunch_lo=p.slot_lunch_lo,
        lunch_latest=p.slot_lunch_hi - p.slot_lunch_s,
        capacity=p.slot_capacity,
        in_store_limit=p.slot_in_store_limit_s,
        target=p.slot_balance_target_s,
        first_route=np.cumsum([0, *p.slot_vehicles])[:-1],
        vehicles=p.slot_vehicles,
        is_symmetric=np.array(symmetric)[p.slot_profile] & (start == end),
        is_timed=is_timed,
        travel_cost=p.slot_weight * p.cost_travel,
        wait_cost=p.slot_weight * p.cost_wait,
        overtime_cost=p.slot_weight * p.cost_overtime,
        balance_cost=p.slot_weight * p.cost_balance,
        route_cost=p.slot_weight * p.cost_route,
    )


def _visit_records(p: Problem, slots: Any, keys: IntArray) -> Any:
    store, slot, lo, hi = keys.T
    vehicles = p.slot_vehicles[slot].astype(np.int64)
    return _records(
        VISIT,
        len(keys),
        store=store,
        slot=slot,
        weight=p.slot_weight[slot],
        place=p.place_of_store[store],
        service=p.service_s[store],
        lo=lo,
        hi=hi,
        demand=p.demand[store],
        in_store=p.in_store_s[store],
        first_found=np.cumsum(vehicles) - vehicles,
    )


def _near(p: Problem) -> NDArray[np.int32]:
    """By store the other stores, nearest first."""
    n, places = p.n_stores, p.place_of_store
    n_near = min(n - 1, N_NEAR)
    near = np.full((n, max(1, n_near)), -1, np.int32)
    if n_near < 1:
        return near
    for store in range(n):
        there, back = p.travel_s[0][places[store], places], p.travel_s[0][places, places[store]]
        rank = (there.astype(np.int64) + back) * n + np.arange(n)  # of equally near ones the first
        rank[store] = FAR * 1024
        nearest = np.argpartition(rank, n_near - 1)[:n_near]
        near[store] = nearest[np.argsort(rank[nearest])]
    return near


def width_of(p: Problem) -> int:
    """Stops that a route has room for: somewhat more than its limits allow, at most all."""
    store = np.repeat(np.repeat(np.arange(p.n_stores), np.diff(p.option_ptr)), np.diff(p.entry_ptr))
    pairs = np.unique(p.entry_slot.astype(np.int64) * p.n_stores + store)
    ends = np.searchsorted(pairs, np.arange(p.n_slots + 1) * p.n_stores)
    most = 0
    for slot in range(p.n_slots):
        stores = pairs[ends[slot] : ends[slot + 1]] % max(1, p.n_stores)
        fit = len(stores)
        for amount, limit in (
            (p.service_s, p.slot_max_work_s[slot] + p.slot_overtime_s[slot]),
            (p.demand, p.slot_capacity[slot]),
            (p.in_store_s, p.slot_in_store_limit_s[slot]),
        ):
            sums = np.cumsum(np.sort(amount[stores]))
            fit = min(fit, int(np.searchsorted(sums, limit, side="right")))
        most = max(most, min(len(stores), fit + fit // 3 + 4))
    return most + 3


def state_of(data: Data, width: int, seed: int) -> State:
    """An empty state; `clear` or `load` fills it."""
    n_stores, n_visits = len(data.stores), len(data.visits)
    slot_of_route = np.repeat(np.arange(len(data.slots)), data.slots.vehicles)
    n_routes = len(slot_of_route)
    timed = n_routes + 1 if data.slots.is_timed.any() else 0
    core = _records(CORE, 1, random=_mixed(seed), generosity=1)
    return State(
        core=core,
        stores=_records(STORE_STATE, n_stores, option=-1, in_route=-1),
        visits=_records(VISIT_STATE, n_visits, route=-1, instead=-1),
        routes=_records(ROUTE, n_routes, slot=slot_of_route),
        stops=_rows(STOP, n_routes, width),
        found=_records(FOUND, int(data.slots.vehicles[data.visits.slot].sum()), version=-1),
        segments=np.zeros((timed, 4, width, 4), np.int64),
        old_routes=_records(ROUTE, n_routes),
        old_stops=_rows(STOP, n_routes, width),
        old_core=_records(CORE, 1),
        trial=_rows(STOP, 2, width),
        lists=np.zeros((4, max(n_stores, n_routes) + 1), np.int32),
    )


def _rows(dtype: Any, n: int, width: int) -> Any:
    return np.zeros((n, width), dtype).view(np.recarray)


def _mixed(seed: int) -> int:
    """A seed spread over 64 bits, never 0 (splitmix64)."""
    mask = 2**64 - 1
    x = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & mask
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return (x ^ (x >> 31)) or 1


def snapshot_of(state: State) -> Snapshot:
    """Room for a saved state; its objective is beyond any."""
    core = _records(CORE, 1, objective=FAR * 1024)
    return Snapshot(
        option=np.full(len(state.stores), -1, np.int32),
        seq=np.zeros(state.stops.shape, np.int32),
        n=np.zeros(len(state.routes), np.int64),
        version=np.zeros(len(state.routes), np.int64),
        core=core,
        terms=np.zeros(8, np.int64),
    )


def places_in_order(data: Data) -> IntArray:
    """Stores along a curve through the map: neighbors one behind another."""
    place = np.append(data.visits.place, -1)[data.stores.first_visit]
    order: IntArray = np.argsort(hilbert_rank(data.point[place]), kind="stable")
    return order


def prices_in_order(data: Data) -> IntArray:
    """Stores, the dearest and least movable first, neighbors among them one behind another."""
    stores, order = data.stores, places_in_order(data)
    price = stores.miss * stores.required + stores.dear * stores.dear_visits
    n_options = stores.end_option - stores.first_option
    return order[np.lexsort((n_options[order], -price[order]))]


def solution_of(problem: Problem, data: Data, genes: Genes) -> Solution:
    """The array-free form that leaves the search."""
    store = data.visits.store
    routes = [
        tuple(int(store[v]) for v in genes.seq[genes.ptr[r] : genes.ptr[r + 1]])
        for r in range(len(genes.ptr) - 1)
    ]
    ends = np.cumsum([0, *problem.slot_vehicles])
    return Solution(
        tuple(int(option) for option in genes.option),
        tuple(tuple(routes[a:b]) for a, b in pairwise(ends)),
    )


def genes_of(problem: Problem, data: Data, solution: Solution, width: int) -> Genes:
    """A given solution, less the visits that stand where their option has none, or twice."""
    option = np.array(solution.option_of_store, np.int32).reshape(-1)
    first, end = data.options.first, data.options.end
    visit_at = [
        {int(data.visits.slot[v]): int(v) for v in data.option_visit[first[o] : end[o]]}
        for o in option
    ]
    seq: list[int] = []
    ptr = [0]
    for slot, routes in enumerate(solution.routes):
        seen: set[int] = set()
        for route in routes:
            kept = [s for s in route if slot in visit_at[s] and s not in seen][: width - 3]
            kept = list(dict.fromkeys(kept))
            seen.update(kept)
            seq += [visit_at[s][slot] for s in kept]
            ptr.append(len(seq))
    return Genes(option, np.array(seq, np.int32), np.array(ptr, np.int32))
