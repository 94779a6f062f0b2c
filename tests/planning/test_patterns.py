from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.planning.patterns import MAX_OPTIONS, days_off_ideal, gaps, spaced_patterns

SIX, FIVE = WEEKDAYS[:6], WEEKDAYS[:5]


def calendar_days(days: tuple[int, ...], workdays: tuple[str, ...]) -> list[int]:
    return [day // len(workdays) * 7 + day % len(workdays) for day in days]


def test_weekly_has_one_pattern_a_workday() -> None:
    found = spaced_patterns(1, 1, SIX, frozenset(range(6)))
    assert sorted(pattern.days for pattern in found) == [(day,) for day in range(6)]


def test_three_a_week_prefers_every_other_day() -> None:
    found = spaced_patterns(3, 1, SIX, frozenset(range(6)))
    assert (0, 2, 4) in [p.days for p in found if p.days_off == found[0].days_off]
    assert found[-1].days in {(0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5)}


def test_every_two_weeks_over_four_days_of_ten() -> None:
    found = spaced_patterns(1, 2, FIVE, frozenset({0, 3, 7, 9}))
    assert sorted(pattern.days for pattern in found) == [(0,), (3,), (7,), (9,)]


def test_gaps_are_calendar_days_round_the_ring() -> None:
    assert gaps([0, 4], 7) == [4, 3]
    assert days_off_ideal([0, 4], 7) == pytest.approx(1.0)
    assert days_off_ideal([], 7) == 0


@pytest.mark.parametrize(("largest", "allowed"), [(3, False), (4, True)])
def test_largest_gap_bounds_on_both_sides(largest: int, allowed: bool) -> None:
    found = spaced_patterns(2, 1, SIX, frozenset(range(6)), frozenset(), largest)
    assert bool(found) is allowed


@pytest.mark.parametrize(("largest", "allowed"), [(13, False), (14, True)])
def test_largest_gap_of_a_single_visit_is_the_ring(largest: int, allowed: bool) -> None:
    assert bool(spaced_patterns(1, 2, SIX, frozenset(range(12)), frozenset(), largest)) is allowed


def test_dense_and_long_patterns_stay_within_the_cut() -> None:
    found = spaced_patterns(20, 4, SIX, frozenset(range(24)))
    assert len(found) == MAX_OPTIONS
    assert len({day for pattern in found for day in pattern.days}) == 24


@given(
    visits=st.integers(1, 3),
    weeks=st.integers(1, 2),
    allowed=st.sets(st.integers(0, 5), min_size=1),
    pinned=st.sets(st.integers(0, 11), max_size=2),
    largest=st.none() | st.integers(2, 14),
)
def test_agrees_with_enumeration(
    visits: int, weeks: int, allowed: set[int], pinned: set[int], largest: int | None
) -> None:
    days = frozenset(day + 6 * week for week in range(weeks) for day in allowed)
    required = frozenset(pinned) & days
    expected = {}
    for chosen in combinations(sorted(days), visits):
        marks = calendar_days(chosen, SIX)
        too_far = largest is not None and max(gaps(marks, 7 * weeks)) > largest
        if required <= set(chosen) and not too_far:
            expected[chosen] = days_off_ideal(marks, 7 * weeks)
    found = spaced_patterns(visits, weeks, SIX, days, required, largest)
    assert {p.days: pytest.approx(p.days_off) for p in found} == expected
    assert [p.days_off for p in found] == sorted(p.days_off for p in found)
