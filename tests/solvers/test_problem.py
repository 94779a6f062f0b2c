import numpy as np
import pytest

from solvers import ProblemError
from tests.solvers.random_problems import HOUR, build

DAY = (9 * HOUR, 17 * HOUR)
TRAVEL = [[0, 60, 60], [60, 0, 60], [60, 60, 0]]


def test_an_option_that_names_a_slot_twice_is_refused_by_number():
    options = [[(0, [(0, *DAY), (1, *DAY)])], [(0, [(1, *DAY)]), (0, [(1, *DAY), (1, *DAY)])]]
    with pytest.raises(ProblemError, match="option 2 names a slot twice"):
        build(TRAVEL, options, 2)


def test_two_options_may_name_the_same_slot():
    options = [[(0, [(1, *DAY)]), (0, [(1, *DAY)])], [(0, [(1, *DAY)])]]
    assert build(TRAVEL, options, 2).n_slots == 2


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_a_travel_matrix_keeps_its_width_and_becomes_read_only(dtype: type):
    travel = np.array([TRAVEL], dtype=dtype)
    problem = build(travel, [[(0, [(0, *DAY)])]] * 2, 1)
    assert problem.travel_s.dtype == dtype
    assert not problem.travel_s.flags.writeable
    travel[0, 0, 1] = 7
    assert problem.travel_s[0, 0, 1] == 60


def test_a_negative_time_is_refused():
    with pytest.raises(ProblemError, match="travel_s must not be negative"):
        build([[0, -1, 1], [1, 0, 1], [1, 1, 0]], [[(0, [(0, *DAY)])]] * 2, 1)


@pytest.mark.parametrize(
    ("name", "value"), [("service_s", [0.9, 600.0]), ("place_of_store", [2**32 + 1, 2])]
)
def test_a_number_that_would_be_changed_is_refused(name: str, value: list[float]):
    with pytest.raises(ProblemError, match=f"{name} must hold whole numbers"):
        build(TRAVEL, [[(0, [(0, *DAY)])]] * 2, 1, **{name: np.array(value)})


def test_whole_numbers_of_any_type_are_taken():
    problem = build(TRAVEL, [[(0, [(0, *DAY)])]] * 2, 1, service_s=np.array([60.0, 120.0]))
    assert problem.service_s.tolist() == [60, 120]
