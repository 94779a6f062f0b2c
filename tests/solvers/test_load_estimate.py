"""Quick tours and the quick spread of visits over slots."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.load_estimate import (
    LoadProblem,
    improve_spread,
    slot_loads,
    spread_by_stretches,
    tours_of,
)
from solvers.tour_estimate import FloatArray, improve_tour, nearest_neighbor, tour_length


def plane(n: int, seed: int) -> FloatArray:
    points = np.random.default_rng(seed).random((n + 1, 2))
    distance: FloatArray = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * 1000
    return distance


def line(n: int) -> FloatArray:
    places = np.arange(n + 1, dtype=float)
    distance: FloatArray = np.abs(places[:, None] - places[None]) * 100
    return distance


def weekly(n_stores: int, n_slots: int, limit: float, distance: FloatArray) -> LoadProblem:
    """Stores of 60 s that each take any one slot."""
    free = np.eye(n_slots)
    nothing = np.zeros((1, n_slots))
    return LoadProblem(
        distance=distance,
        service=np.array([0.0] + [60.0] * n_stores),
        members=(nothing, *([free] * n_stores)),
        costs=(np.zeros(1), *([np.zeros(n_slots)] * n_stores)),
        order=list(range(1, n_stores + 1)),
        weight=np.ones(n_slots),
        limit=np.full(n_slots, limit),
        fixed=tuple([] for _ in range(n_slots)),
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 7), st.integers(0, 10_000))
def test_improving_keeps_the_nodes_and_never_lengthens(n: int, seed: int) -> None:
    distance = plane(n, seed)
    order = nearest_neighbor(distance, list(range(1, n + 1)))
    better = improve_tour(distance, order)
    assert sorted(better) == list(range(1, n + 1))
    shortest = min(tour_length(distance, list(p)) for p in permutations(range(1, n + 1)))
    assert shortest - 1e-6 <= tour_length(distance, better) <= tour_length(distance, order) + 1e-6


def test_a_line_is_driven_out_and_back() -> None:
    order = improve_tour(line(6), [3, 1, 6, 2, 5, 4])
    assert tour_length(line(6), order) == pytest.approx(1200)


def test_long_tours_are_improved_window_by_window() -> None:
    distance = plane(400, 7)
    order = nearest_neighbor(distance, list(range(1, 401)))
    better = improve_tour(distance, order)
    assert sorted(better) == list(range(1, 401))
    assert tour_length(distance, better) < tour_length(distance, order)


def test_an_empty_tour_has_no_length() -> None:
    assert tour_length(line(2), []) == 0
    assert improve_tour(line(2), []) == []


def test_stretches_share_stores_evenly() -> None:
    problem = weekly(12, 3, 10_000, line(12))
    chosen = spread_by_stretches(problem)
    assert chosen[1:] == [0] * 4 + [1] * 4 + [2] * 4
    assert [sorted(tour) for tour in tours_of(problem, chosen)] == [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
    ]


def test_loads_are_service_and_tour() -> None:
    problem = weekly(2, 2, 10_000, line(2))
    assert slot_loads(problem, [[1, 2], []]).tolist() == [120 + 400, 0]


@settings(max_examples=20, deadline=None)
@given(st.integers(4, 25), st.integers(2, 5), st.integers(0, 1000))
def test_moving_stores_keeps_every_visit(n: int, n_slots: int, seed: int) -> None:
    problem = weekly(n, n_slots, 60 * n / n_slots + 2500, plane(n, seed))
    start = spread_by_stretches(problem)
    moved = improve_spread(problem, start, rounds=5)
    assert sorted(s for tour in tours_of(problem, moved) for s in tour) == list(range(1, n + 1))


def test_a_full_slot_gives_stores_to_an_empty_one() -> None:
    # all options start in slot 0, which holds two stores only
    problem = weekly(4, 2, 700, line(4))
    moved = improve_spread(problem, [0] * 5, rounds=5)
    loads = slot_loads(problem, tours_of(problem, moved))
    assert sorted(len(tour) for tour in tours_of(problem, moved)) != [0, 4]
    assert max(loads) < 4 * 60 + 800
