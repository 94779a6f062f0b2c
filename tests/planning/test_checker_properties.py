"""Any day that is timed without lateness checks clean, any other does not."""

from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s, visit_intervals
from routeplanner.domain.workday import work_day
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.booked import shift_of
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.longer_travel import breaks_with_longer_travel
from routeplanner.planning.measures import LONGER_TRAVEL
from routeplanner.planning.timetable import lateness, time_day
from routeplanner.travel.source import TravelMatrix
from tests.planning.small_plans import restated, small_plan, small_scenario

HOUR = 3600
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def quarters(first, last):
    """Quarters of an hour within whole hours of the day."""
    return st.integers(first * 4, last * 4).map(lambda quarter: quarter * 900)


@st.composite
def weekly_hours(draw):
    """The same on every weekday, with or without a midday closing."""
    spans = [[draw(quarters(7, 11)), draw(quarters(15, 20))]]
    if draw(st.booleans()):
        closes, opens = draw(quarters(11, 12)), draw(quarters(13, 15))
        spans = [[spans[0][0], closes], [opens, spans[0][1]]]
    return {day: [span for span in spans if span[0] < span[1]] for day in WORKDAYS}


@st.composite
def short_hours(draw):
    """Two hours, the same on every weekday."""
    start = draw(quarters(8, 16))
    return {day: [[start, start + 2 * HOUR]] for day in WORKDAYS}


@st.composite
def stores(draw, number):
    return Store.model_validate(
        {
            "id": f"S{number}",
            "lat": 50,
            "lon": 8,
            "class": "A",
            "service_minutes": draw(st.integers(5, 60)),
            "opening_hours": draw(st.none() | weekly_hours()),
            "visit_hours": draw(st.none() | weekly_hours()),
            "avoid_hours": draw(st.none() | short_hours()),
        }
    )


@st.composite
def reps(draw):
    return Rep.model_validate(
        {
            "id": "R",
            "base_lat": 50,
            "base_lon": 8,
            "hours": draw(st.none() | weekly_hours()),
            "lunch_minutes": draw(st.sampled_from([None, 0, 30, 90])),
            "prepare_minutes": draw(st.sampled_from([None, 0, 20])),
            "max_work_minutes": draw(st.sampled_from([None, None, 240])),
            "start_at": draw(st.sampled_from(["base", "store"])),
            "end_at": draw(st.sampled_from(["base", "store"])),
        }
    )


@st.composite
def appointments(draw):
    start = draw(quarters(9, 16))
    place = draw(st.sampled_from([{}, {"lat": 50, "lon": 8}]))
    end = start + draw(st.sampled_from([900, HOUR]))
    return {"rep": "R", "weekday": "wed", "start": start, "end": end, "title": "Meeting"} | place


@st.composite
def days(draw):
    """A scenario whose stores are all visited on Wednesday, and its travel matrix."""
    policy = Policy.model_validate(
        {
            "workdays": WORKDAYS,
            "visit_rules": {key: {"frequency": "1/week", "service_minutes": 20} for key in "ABC"},
            "working_day": {"overtime_minutes": draw(st.sampled_from([0, 0, 45]))},
        }
    )
    n_stores = draw(st.integers(1, 5))
    scenario = Scenario.model_validate(
        {
            "stores": tuple(draw(stores(number)) for number in range(n_stores)),
            "reps": (draw(reps()),),
            "appointments": draw(st.just([]) | st.lists(appointments(), min_size=1, max_size=2)),
            "policy": policy,
            "cycle": {"weeks": 1, "workdays": WORKDAYS},
        }
    )
    ids = [*(store.id for store in scenario.stores), "rep:R"]
    ids += [f"appointment:{i}" for i in range(len(scenario.appointments))]
    legs = draw(st.lists(st.integers(60, 1500), min_size=len(ids) ** 2, max_size=len(ids) ** 2))
    travel = np.array(legs, dtype=np.int64).reshape(1, len(ids), len(ids))
    travel[0][np.diag_indices(len(ids))] = 0
    return scenario, TravelMatrix(tuple(ids), ("car",), travel, travel[0] * 7, "drawn")


def timed(scenario, matrix, windows=None):
    ids = [store.id for store in scenario.stores]
    return time_day(scenario, matrix, scenario.reps[0], 2, "T1", ids, windows)


@given(days())
@settings(deadline=None, max_examples=200)
def test_a_day_checks_clean_exactly_where_it_is_not_late(day):
    scenario, matrix = day
    assume(work_day(scenario.policy, scenario.reps[0], "wed") is not None)
    route, late = timed(scenario, matrix)
    plan = small_plan(small_scenario())
    plan = restated(
        scenario, plan.model_copy(update={"cycle": scenario.cycle}), (route,), matrix=matrix
    )
    found = check_plan(scenario, plan, matrix)
    assert (not found) == (late == 0), (late, found)


@given(days())
@settings(deadline=None, max_examples=100)
def test_a_day_breaks_with_longer_travel_as_the_timing_of_the_search_says(day):
    scenario, matrix = day
    assume(work_day(scenario.policy, scenario.reps[0], "wed") is not None)
    route, _ = timed(scenario, matrix)
    facts = Facts(scenario, matrix)
    shift = shift_of(facts, route)
    assert shift is not None
    is_late = lateness(scenario, matrix, route, LONGER_TRAVEL) > 0
    assert breaks_with_longer_travel(facts, route, shift) == is_late


@given(days())
@settings(deadline=None, max_examples=100)
def test_the_choice_of_open_intervals_is_the_best_of_all(day):
    scenario, matrix = day
    scenario = scenario.model_copy(update={"appointments": ()})
    assume(work_day(scenario.policy, scenario.reps[0], "wed") is not None)
    choices = []
    for store in scenario.stores:
        service = service_s(store, scenario.policy)
        spans = visit_intervals(store, "wed")
        choices.append([(lo, hi - service) for lo, hi in spans if hi - service >= lo])
    assume(all(choices))
    route, late = timed(scenario, matrix)
    every = [timed(scenario, matrix, windows) for windows in product(*choices)]
    in_time = [cost_of(scenario, other) for other, seconds in every if seconds == 0]
    assert (late == 0) == bool(in_time)
    if in_time:
        assert cost_of(scenario, route) == min(in_time)


def cost_of(scenario, route):
    """Overtime, then work."""
    workday = work_day(scenario.policy, scenario.reps[0], "wed")
    left = next(stop.depart for stop in route.stops if stop.kind == "start")
    back = next(stop.arrive for stop in route.stops if stop.kind == "end")
    work = back - left - sum(s.depart - s.start for s in route.stops if s.kind == "lunch")
    return max(0, back - workday.shift_hi, work - workday.available), work
