"""Ruin: picks the stores that leave all their routes, near each other in space or on a route."""

from random import Random

import numpy as np

from solvers.state import State
from solvers.tables import Tables

NEIGHBORS = 80
SHARE, FEWEST, MOST = 0.25, 28, 100  # visits taken out at a time at most, a share within bounds


class Ruin:
    """Picks stores to take out of a state."""

    def __init__(self, tables: Tables, rng: Random) -> None:
        self.tables, self.rng = tables, rng
        self.n_stores = len(tables.options)
        self.near = _neighbors(tables)
        visits = sum(max(1, tables.required[store]) for store in range(self.n_stores))
        limit = min(MOST, max(FEWEST, SHARE * visits))
        self.most_stores = max(min(self.n_stores, 7), round(limit * self.n_stores / max(1, visits)))

    def pick(self, state: State) -> list[int]:
        """Stores to take out; those with missing visits are likelier to be the first."""
        rng = self.rng
        count = rng.randint(1, min(self.n_stores, self.most_stores))
        seed = rng.randrange(self.n_stores)
        if rng.random() < 0.3:
            seed = self._short(state, seed)
        kind = rng.random()
        if kind < 0.4:
            return self._cluster(seed, count)
        if kind < 0.85:
            return self._strings(state, seed, count)
        if kind < 0.95:
            return self._route(state, seed, count)
        return rng.sample(range(self.n_stores), count)

    def _short(self, state: State, otherwise: int) -> int:
        """A store with missing visits, the dearer of two."""
        short = [store for store in range(self.n_stores) if state.missing(store)]
        if not short:
            return otherwise
        price = self.tables.price
        pair = [self.rng.choice(short) for _ in range(2)]
        served = [state.served(store) for store in pair]
        return max(zip(pair, served, strict=True), key=lambda one: price(*one))[0]

    def _cluster(self, seed: int, count: int) -> list[int]:
        """The seed and its nearest, some of them skipped."""
        near = [store for store in self.near[seed] if self.rng.random() < 0.8]
        return [seed, *near][:count]

    def _strings(self, state: State, seed: int, count: int) -> list[int]:
        """Neighboring stores in strings of routes that pass near the seed."""
        picked: dict[int, None] = {}
        length = self.rng.randint(1, max(1, count))
        seen: set[tuple[int, int]] = set()
        for store in [seed, *self.near[seed]]:
            if len(picked) >= count:
                break
            if store in picked:
                continue
            picked[store] = None
            visits = state.placed[store]
            if not visits:
                continue
            visit = self.rng.choice(visits)
            vehicle = state.vehicle_of(visit)
            if (visit.slot, vehicle) in seen:
                continue
            seen.add((visit.slot, vehicle))
            route = state.routes[visit.slot][vehicle].visits
            at = route.index(visit)
            first = max(0, min(at - self.rng.randrange(length), len(route) - length))
            for other in route[first : first + length]:
                if len(picked) < count:
                    picked[other.store] = None
        return list(picked)

    def _route(self, state: State, seed: int, count: int) -> list[int]:
        """Stores of one whole route of the seed, from a random place on."""
        if not state.placed[seed]:
            return self._cluster(seed, count)
        visit = self.rng.choice(state.placed[seed])
        route = state.routes[visit.slot][state.vehicle_of(visit)].visits
        first = self.rng.randrange(len(route))
        return [v.store for v in (*route[first:], *route[:first])][: max(count, 8)]


def _neighbors(tables: Tables) -> list[list[int]]:
    """By store the others, nearest first."""
    problem = tables.problem
    places = problem.place_of_store
    travel = problem.travel_s[0]
    count = min(len(places) - 1, NEIGHBORS)
    near = []
    for store, place in enumerate(places):
        distance = travel[place, places] + travel[places, place]
        order = np.argsort(distance, kind="stable")
        near.append([int(other) for other in order if other != store][:count])
    return near
