"""Medians, fences and lines, by small numbers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.planning.learn.spread import (
    is_surely_other,
    line_through,
    spread_of,
    upper_fence,
)


def test_median_and_quartiles() -> None:
    found = spread_of([9, 1, 5, 3, 7])
    assert found is not None
    assert (found.n, found.quartile_1, found.median, found.quartile_3) == (5, 3, 5, 7)
    assert spread_of([]) is None


@pytest.mark.parametrize(
    ("n", "rank"),
    # Twice the chance that fewer than k of n tosses are heads is at most a tenth:
    # 2/32 at five; 2 (1+8)/256 at eight, where 2 (1+8+28)/256 is more; 2 (1+10)/1024 at ten.
    [(4, None), (5, 1), (7, 1), (8, 2), (10, 2), (101, 42)],
)
def test_what_is_sure_of_a_median(n: int, rank: int | None) -> None:
    found = spread_of(list(range(1, n + 1)))
    assert found is not None
    expected = (None, None) if rank is None else (rank, n + 1 - rank)
    assert (found.surely_from, found.surely_to) == expected
    assert is_surely_other(found, n + 1) == (rank is not None)
    assert not is_surely_other(found, found.median)


def test_the_interval_holds_the_median_nine_times_of_ten() -> None:
    chance = random.Random(1)
    held = 0
    for _ in range(400):
        found = spread_of([chance.lognormvariate(0, 1) for _ in range(12)])
        assert found is not None
        held += not is_surely_other(found, 1.0)
    assert held >= 0.88 * 400


def test_a_fence_lies_three_quartile_distances_above() -> None:
    assert upper_fence([9, 1, 5, 3, 7], 1) == 7 + 3 * 4
    assert upper_fence([5, 5, 5, 5], 1) == 5 + 3


def test_a_line_through_points_with_wild_ones() -> None:
    x = [float(n) for n in range(1, 31)]
    y = [4 + 3 * each for each in x]
    for wild in (3, 12, 25):
        y[wild] += 80
    line = line_through(x, y)
    assert line is not None
    assert line.slope == pytest.approx(3)
    assert line.intercept == pytest.approx(4)
    assert line.slope_from <= 3 <= line.slope_to
    assert line.intercept_from <= 4 <= line.intercept_to


def test_no_line_through_points_above_each_other() -> None:
    assert line_through([2, 2, 2], [1, 5, 9]) is None
    assert line_through([], []) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=150))
def test_order_of_what_is_measured(values: list[float]) -> None:
    found = spread_of(values)
    assert found is not None
    assert found.quartile_1 <= found.median <= found.quartile_3
    if found.surely_from is not None and found.surely_to is not None:
        assert found.surely_from <= found.median <= found.surely_to
