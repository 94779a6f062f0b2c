from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import Frame, Timing, time_route

LINE = np.abs(np.subtract.outer(np.arange(10), np.arange(10))) * 10


def frame(**fields: object) -> Frame:
    values = {
        "travel_s": LINE,
        "start_place": 0,
        "end_place": 0,
        "shift_lo": 0,
        "shift_hi": 1000,
        "max_work_s": 1000,
        "overtime_s": 0,
        "lunch_s": 0,
        "lunch_lo": 0,
        "lunch_hi": 0,
    }
    return Frame(**(values | fields))


def test_leaves_late_in_order_not_to_wait():
    timing = time_route(frame(), [1, 2], [5, 5], [100, 0], [200, 500])
    assert timing == Timing(
        leave=90,
        arrive=(100, 115),
        start=(100, 115),
        depart=(105, 120),
        lunch_after=-1,
        lunch_start=-1,
        back=140,
        travel_s=40,
        wait_s=0,
        work_s=50,
        overtime_s=0,
        late_s=0,
    )


def test_leaves_no_later_than_the_first_window_allows():
    timing = time_route(frame(), [1, 2], [0, 0], [0, 100], [50, 500])
    assert (timing.leave, timing.arrive, timing.start) == (40, (50, 60), (50, 100))
    assert (timing.wait_s, timing.work_s) == (40, 80)


def test_leaves_at_once_where_nothing_is_waited_for():
    assert time_route(frame(shift_lo=7), [1], [5], [0], [500]).leave == 7


def test_open_start_and_end_cost_no_travel():
    timing = time_route(frame(start_place=-1, end_place=-1), [3, 4], [5, 5], [20, 0], [500, 500])
    assert (timing.leave, timing.back, timing.travel_s) == (20, 40, 10)


def test_no_visits_take_no_time():
    timing = time_route(frame(start_place=1), [], [], [], [])
    assert (timing.travel_s, timing.work_s, timing.late_s) == (0, 0, 0)


LUNCH = {"lunch_s": 20, "lunch_lo": 100, "lunch_hi": 140}


def test_lunch_is_eaten_at_a_stop_before_leaving_it():
    timing = time_route(frame(**LUNCH), [1, 2], [100, 100], [0, 0], [500, 500])
    assert (timing.lunch_after, timing.lunch_start, timing.depart[0]) == (0, 110, 130)
    assert (timing.work_s, timing.wait_s) == (240, 0)


@pytest.mark.parametrize(("service", "lunch_after"), [(100, -1), (101, 0)])
def test_no_lunch_on_the_way_when_back_in_time_to_eat(service: int, lunch_after: int):
    # Back at 120 = lunch_hi - lunch_s is just in time. A second later it would not be, so lunch
    # is taken behind the visit.
    timing = time_route(frame(**LUNCH), [1], [service], [0], [10])
    assert timing.lunch_after == lunch_after
    assert timing.is_feasible


@pytest.mark.parametrize(("at", "late"), [(130, 0), (129, 1)])
def test_no_lunch_on_the_way_when_leaving_after_eating(at: int, late: int):
    # To be at the visit at 130, one leaves at 120 = lunch_lo + lunch_s. A second less, and one
    # comes late, for there is no time for lunch behind the visit either.
    timing = time_route(frame(**LUNCH), [1], [50], [at], [at])
    assert (timing.late_s, timing.lunch_after) == (late, -1)


def test_idle_before_lunch_opens_is_waiting_and_work():
    # The second store closes too early for lunch behind it to be the only choice.
    timing = time_route(frame(**LUNCH), [1, 2], [10, 10], [20, 130], [20, 140])
    assert timing.lunch_after == 0
    assert (timing.lunch_start, timing.depart[0], timing.start[1]) == (100, 120, 130)
    assert timing.wait_s == 70
    assert timing.work_s == timing.back - timing.leave - 20


@pytest.mark.parametrize(("max_work", "overtime", "late"), [(60, 0, 0), (50, 10, 0), (49, 10, 1)])
def test_work_may_exceed_its_limit_by_the_overtime(max_work: int, overtime: int, late: int):
    timing = time_route(frame(max_work_s=max_work, overtime_s=10), [3], [0], [0], [500])
    assert (timing.overtime_s, timing.late_s) == (overtime, late)


@pytest.mark.parametrize(("shift_hi", "overtime", "late"), [(60, 0, 0), (50, 10, 0), (49, 10, 1)])
def test_return_may_exceed_the_shift_by_the_overtime(shift_hi: int, overtime: int, late: int):
    timing = time_route(frame(shift_hi=shift_hi, overtime_s=10), [3], [0], [0], [500])
    assert (timing.overtime_s, timing.late_s) == (overtime, late)


def test_an_infeasible_route_is_driven_late_in_its_order():
    timing = time_route(frame(), [5, 1], [10, 10], [100, 0], [200, 50])
    assert timing.start == (100, 150)
    assert timing.late_s == 100
    assert timing.leave == 50


@st.composite
def routes(draw):
    n = draw(st.integers(1, 4))
    small = st.integers(0, 12)
    travel = np.array(
        draw(st.lists(st.lists(small, min_size=5, max_size=5), min_size=5, max_size=5))
    )
    lo = draw(st.lists(st.integers(0, 40), min_size=n, max_size=n))
    hi = [a + draw(st.integers(0, 30)) for a in lo]
    lunch_lo, lunch = draw(st.integers(5, 30)), draw(st.sampled_from([0, 3, 8]))
    given_frame = frame(
        travel_s=travel,
        start_place=draw(st.sampled_from([-1, 0])),
        end_place=draw(st.sampled_from([-1, 0, 1])),
        shift_lo=draw(st.integers(0, 15)),
        shift_hi=draw(st.integers(25, 90)),
        max_work_s=draw(st.integers(10, 80)),
        overtime_s=draw(st.sampled_from([0, 0, 10])),
        lunch_s=lunch,
        lunch_lo=lunch_lo,
        lunch_hi=lunch_lo + lunch + draw(st.integers(0, 15)),
    )
    places = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    service = draw(st.lists(st.integers(0, 10), min_size=n, max_size=n))
    return given_frame, places, service, lo, hi


def driven(given_frame: Frame, places, service, lo, hi, leave: int, lunch_after: int):
    """(overtime, waiting, return) of one way to drive the route; none where it breaks a rule."""
    f = given_frame
    stops = [f.start_place, *places, f.end_place]
    legs = [int(f.travel_s[a, b]) if min(a, b) >= 0 else 0 for a, b in pairwise(stops)]
    now, waited = leave, 0
    for i, leg in enumerate(legs[:-1]):
        now += leg
        waited += max(0, lo[i] - now)
        now = max(now, lo[i])
        if now > hi[i]:
            return None
        now += service[i]
        if i == lunch_after:
            waited += max(0, f.lunch_lo - now)
            now = max(now, f.lunch_lo) + f.lunch_s
            if now > f.lunch_hi:
                return None
    back = now + legs[-1]
    work = back - leave - (f.lunch_s if lunch_after >= 0 else 0)
    eats_else = back <= f.lunch_hi - f.lunch_s or leave >= f.lunch_lo + f.lunch_s
    if f.lunch_s and lunch_after < 0 and not eats_else:
        return None
    over = max(0, work - f.max_work_s, back - f.shift_hi)
    return (over, waited, back) if over <= f.overtime_s else None


@settings(max_examples=400, deadline=None)
@given(routes())
def test_agrees_with_trying_every_leaving_and_every_lunch(route):
    given_frame, places = route[:2]
    positions = range(-1, len(places) if given_frame.lunch_s else 0)
    ways = [
        driven(*route, leave, position)
        for leave in range(given_frame.shift_lo, 120)
        for position in positions
    ]
    best = min((way for way in ways if way), default=None)
    timing = time_route(*route)
    assert timing.is_feasible == (best is not None)
    if best:
        assert (timing.overtime_s, timing.wait_s, timing.back) == best
        assert driven(*route, timing.leave, timing.lunch_after) == best
        if timing.leave > given_frame.shift_lo:
            earlier = driven(*route, timing.leave - 1, timing.lunch_after)
            assert earlier is None or earlier > best


@settings(max_examples=200, deadline=None)
@given(routes())
def test_a_timing_is_a_forward_drive(route):
    given_frame, places, service, lo, _ = route
    timing = time_route(*route)
    now, idle = timing.leave, 0
    for i, place in enumerate(places):
        before = places[i - 1] if i else given_frame.start_place
        now += int(given_frame.travel_s[before, place]) if before >= 0 else 0
        assert timing.arrive[i] == now
        assert timing.start[i] == max(now, lo[i])
        idle += timing.start[i] - now
        now = timing.start[i] + service[i]
        if timing.lunch_after == i:
            idle += timing.lunch_start - now
            now = timing.lunch_start + given_frame.lunch_s
        assert timing.depart[i] == now
    assert timing.leave >= given_frame.shift_lo
    assert timing.wait_s == idle
    assert timing.work_s == timing.travel_s + sum(service) + idle
