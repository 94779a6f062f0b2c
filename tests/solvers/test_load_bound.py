"""The bound on overload, computed by hand and against all assignments of small problems."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.load_bound import LoadGroup, unavoidable_overload

EITHER = np.array([[1.0, 0.0], [0.0, 1.0]])
BOTH = np.array([[1.0, 1.0]])
ONES = np.ones(2)


def test_what_fits_has_no_overload() -> None:
    groups = [LoadGroup(4, 100.0, EITHER)]
    assert unavoidable_overload(groups, ONES, np.array([200.0, 200.0])) == pytest.approx(0)


def test_what_exceeds_all_slots_together_is_unavoidable() -> None:
    groups = [LoadGroup(5, 100.0, EITHER)]
    assert unavoidable_overload(groups, ONES, np.array([200.0, 200.0])) == pytest.approx(100)


def test_one_choice_overloads_its_slot_while_others_are_empty() -> None:
    groups = [LoadGroup(3, 100.0, EITHER[:1])]
    assert unavoidable_overload(groups, ONES, np.array([200.0, 900.0])) == pytest.approx(100)


def test_an_option_of_two_slots_loads_both_and_weights_count() -> None:
    groups = [LoadGroup(3, 100.0, BOTH)]
    weight = np.array([6.0, 1.0])
    assert unavoidable_overload(groups, weight, np.array([200.0, 250.0])) == pytest.approx(650)


def test_no_group_has_no_overload() -> None:
    assert unavoidable_overload([], ONES, np.array([1.0, 1.0])) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(1, 4),
)
def test_no_assignment_is_better_than_the_bound(
    seconds: list[int], first: int, second: int, weight: int
) -> None:
    limit, days = np.array([first, second], float), np.array([weight, 1.0])
    groups = [LoadGroup(1, float(s), EITHER) for s in seconds]
    bound = unavoidable_overload(groups, days, limit)
    best = min(
        float(
            sum(
                d * max(0.0, sum(s for s, c in zip(seconds, choice, strict=True) if c == slot) - m)
                for slot, (d, m) in enumerate(zip(days, limit, strict=True))
            )
        )
        for choice in product((0, 1), repeat=len(seconds))
    )
    assert bound <= best + 1e-6
