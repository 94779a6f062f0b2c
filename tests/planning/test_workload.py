"""Hours needed and hours there are, computed by hand on a matrix of ten minutes everywhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.hours_report import hours_report
from routeplanner.planning.share_out import share_out
from routeplanner.planning.workload import workload
from routeplanner.travel.matrix import TravelMatrix

WAY_S = 600
DAY_MINUTES = 391.5  # 9 h - 1 h lunch - 45 min office, 10 % reserve


def store(store_id: str, store_class: str = "A", **fields: object) -> Store:
    return Store.model_validate(
        {"id": store_id, "lat": 52.5, "lon": 13.4, "class": store_class, **fields}
    )


def rep(rep_id: str = "R1", **fields: object) -> Rep:
    return Rep.model_validate({"id": rep_id, "base_lat": 52.5, "base_lon": 13.4, **fields})


def policy(a: str = "1/week", b: str = "1/week", c: str = "1/2weeks", **fields: object) -> Policy:
    rules = {
        label: {"frequency": frequency, "service_minutes": minutes}
        for label, frequency, minutes in (("A", a, 30), ("B", b, 15), ("C", c, 10))
    }
    return Policy.model_validate({"visit_rules": rules, **fields})


def scenario(
    stores: list[Store], rules: Policy, weeks: int = 2, reps: tuple[Rep, ...] = (), **fields: object
) -> Scenario:
    return Scenario(
        stores=tuple(stores),
        reps=reps or (rep(),),
        policy=rules,
        cycle=Cycle(weeks=weeks, workdays=rules.workdays),
        **fields,  # type: ignore[arg-type]
    )


def even_matrix(world: Scenario, way_s: int = WAY_S) -> TravelMatrix:
    ids = (*(s.id for s in world.stores), *(f"rep:{r.id}" for r in world.reps))
    travel = np.full((1, len(ids), len(ids)), way_s, dtype=np.int64)
    travel[0][np.diag_indices(len(ids))] = 0
    return TravelMatrix(ids, ("car",), travel, travel[0] * 10, "ten minutes everywhere")


def test_one_weekly_store_needs_its_minutes_and_the_way_there_and_back() -> None:
    world = scenario([store("a")], policy())
    found = workload(world, even_matrix(world))
    only = found.reps[0]
    assert only.in_store_hours == pytest.approx(0.5)
    assert only.travel_hours == pytest.approx(20 / 60)
    assert only.available_hours == pytest.approx(6 * DAY_MINUTES / 60)
    assert (only.working_hours, only.lunch_hours, only.office_hours) == (54, 6, 4.5)
    assert found.fits
    assert sum(row.visits * row.days for row in only.routes) == pytest.approx(2)
    assert [row.label for row in only.routes] == ["mon", "tue", "wed", "thu", "fri", "sat"]


def test_daily_means_every_workday_on_which_the_store_is_open() -> None:
    world = scenario([store("a", closed_days=("sat",))], policy(a="daily"))
    found = workload(world, even_matrix(world))
    assert found.reps[0].in_store_hours == pytest.approx(2.5)
    by_day = {row.label: row.needed_minutes for row in found.reps[0].routes}
    assert by_day["mon"] == pytest.approx(50)
    assert by_day["sat"] == 0


def test_a_day_with_too_much_is_named_although_the_week_fits() -> None:
    stores = [store(f"s{i:02}", opening_hours="Mo 08:00-18:00") for i in range(12)]
    world = scenario(stores, policy())
    found = workload(world, even_matrix(world))
    # twelve stores on every Monday: 12 x 30 min and 13 ways of 10 min
    monday = next(row for row in found.reps[0].routes if row.label == "mon")
    assert monday.fullest_minutes == pytest.approx(490)
    assert monday.filled == pytest.approx(490 / DAY_MINUTES)
    assert found.filled < 1 < found.fullest
    assert not found.fits


def test_routes_of_a_calendar_are_counted_per_driven_day() -> None:
    calendar = [["T1", "T2", "T1", "T2", "T1", "T3"], ["T1", "T2", "T1", "T2", "T1", "T4"]]
    rules = policy(
        a="3/week",
        b="2/week",
        calendar=calendar,
        routes={
            "T1": {"classes": ["A"]},
            "T2": {"classes": ["B"]},
            "T3": {"classes": ["C"]},
            "T4": {"classes": ["C"]},
        },
    )
    world = scenario([store("a"), store("b", "B"), store("c1", "C"), store("c2", "C")], rules)
    found = workload(world, even_matrix(world))
    rows = {row.label: row for row in found.reps[0].routes}
    assert {label: row.days for label, row in rows.items()} == {"T1": 6, "T2": 4, "T3": 1, "T4": 1}
    assert rows["T1"].needed_minutes == pytest.approx(50)
    assert rows["T2"].needed_minutes == pytest.approx(35)
    assert rows["T3"].visits + rows["T4"].visits == pytest.approx(2)
    assert found.has_calendar
    assert found.stores_without_days == ()


def test_routes_stand_in_the_order_of_their_numbers() -> None:
    labels = [f"T{n}" for n in range(1, 13)]
    rules = policy(calendar=[labels[:6], labels[6:]])
    world = scenario([store("a")], rules)
    assert [row.label for row in workload(world, even_matrix(world)).reps[0].routes] == labels


def test_a_store_closed_on_a_day_of_its_only_route_is_named() -> None:
    rules = policy(a="3/week", b="2/week", calendar=[["T1", "T2", "T1", "T2", "T1", "T3"]] * 2)
    world = scenario([store("a", closed_days=("wed",)), store("ok")], rules)
    # T2 and T3 together are also six days, so only closing Wednesday and Tuesday leaves nothing
    assert workload(world, even_matrix(world)).stores_without_days == ()
    world = scenario([store("a", closed_days=("tue", "wed")), store("ok")], rules)
    assert workload(world, even_matrix(world)).stores_without_days == ("a",)


def test_appointments_take_their_time_on_their_weeks() -> None:
    booked = Appointment(rep="R1", weekday="mon", weeks=(1,), start=9 * 3600, end=11 * 3600)
    world = scenario([store("a")], policy(), appointments=(booked,))
    only = workload(world, even_matrix(world)).reps[0]
    assert only.appointment_hours == pytest.approx(1)
    monday = next(row for row in only.routes if row.label == "mon")
    assert monday.appointment_minutes == pytest.approx(60)
    assert monday.fullest_minutes >= 120


def test_who_starts_and_ends_at_a_store_saves_the_ways_from_and_to_the_base() -> None:
    world = scenario(
        [store("a"), store("b")],
        policy(workdays=["mon"]),
        reps=(rep(start_at="store", end_at="store"),),
    )
    only = workload(world, even_matrix(world)).reps[0]
    assert only.travel_hours == pytest.approx(10 / 60)  # one way between the two


def test_a_rep_without_hours_on_a_day_has_none_to_plan() -> None:
    world = scenario([store("a")], policy(), reps=(rep(hours="Mo-Fr 08:30-17:30; Sa 08:30-12:30"),))
    only = workload(world, even_matrix(world)).reps[0]
    # Saturday: 4 h - 45 min office, no lunch in a half day, 10 % reserve
    assert only.available_hours == pytest.approx((5 * DAY_MINUTES + 195 * 0.9) / 60)
    world = scenario([store("a")], policy(), reps=(rep(hours="Mo-Tu 08:30-17:30"),))
    rows = workload(world, even_matrix(world)).reps[0].routes
    assert [row.label for row in rows] == ["mon", "tue"]


def test_a_pinned_store_stands_on_its_weekday() -> None:
    world = scenario([store("a", pinned_days=({"weekday": "thu"},))], policy())
    rows = workload(world, even_matrix(world)).reps[0].routes
    assert {row.label: row.visits for row in rows if row.visits} == {"thu": 1}


def test_closed_stores_need_no_hours() -> None:
    world = scenario([store("a", status="closed"), store("b", "B")], policy())
    found = workload(world, even_matrix(world))
    assert found.reps[0].in_store_hours == pytest.approx(0.25)
    assert [row.stores for row in found.classes] == [0, 1, 0]


def test_an_in_store_limit_fills_the_day_sooner() -> None:
    rules = policy(a="daily", working_day={"in_store_limit": 0.1})
    world = scenario([store("a"), store("b")], rules)
    # limit: 10 % of the 480 working minutes without lunch; two stores take 60
    assert workload(world, even_matrix(world)).fullest == pytest.approx(60 / 48)


def test_the_limit_in_store_and_what_the_fullest_day_takes_of_it_are_told() -> None:
    rules = policy(a="daily", working_day={"in_store_limit": 0.1})
    world = scenario([store("a"), store("b")], rules)
    row = workload(world, even_matrix(world)).reps[0].routes[0]
    assert row.in_store_limit_minutes == pytest.approx(48)
    assert row.fullest_in_store_minutes == pytest.approx(60)
    assert row.is_filled_by_limit
    loose = scenario([store("a"), store("b")], policy(a="daily"))
    row = workload(loose, even_matrix(loose)).reps[0].routes[0]
    assert row.in_store_limit_minutes is None
    assert not row.is_filled_by_limit


def test_overtime_that_the_policy_allows_is_there() -> None:
    rules = policy(working_day={"overtime_minutes": 60})
    # twelve stores on every Monday take 490 min, as above
    stores = [store(f"s{i:02}", opening_hours="Mo 08:00-18:00") for i in range(12)]
    world = scenario(stores, rules)
    found = workload(world, even_matrix(world))
    assert found.reps[0].overtime_hours == pytest.approx(6)
    assert found.available_hours == pytest.approx(6 * (DAY_MINUTES + 60) / 60)
    monday = next(row for row in found.reps[0].routes if row.label == "mon")
    assert monday.filled == pytest.approx(490 / (DAY_MINUTES + 60))
    assert not found.fits
    more = scenario(stores, policy(working_day={"overtime_minutes": 100}))
    assert workload(more, even_matrix(more)).fits


def test_stores_that_close_early_need_their_time_before() -> None:
    early = [store(f"s{i:02}", opening_hours="Mo 08:00-11:00") for i in range(8)]
    world = scenario([*early, store("late", opening_hours="Mo 08:00-18:00")], policy())
    found = workload(world, even_matrix(world))
    monday = next(row for row in found.reps[0].routes if row.label == "mon")
    assert monday.filled < 1
    # from 08:45 to 11:00: eight stores of 30 min and eight ways of 10 min
    assert monday.closing_rush is not None
    assert monday.closing_rush.until == 11 * 3600
    assert monday.closing_rush.needed_minutes == pytest.approx(320)
    assert monday.closing_rush.available_minutes == pytest.approx(135)
    assert not found.fits
    told = "\n".join(hours_report(found))
    assert "Mon: stores that close by 11:00 take 5 h 20 of the 2 h 15 until then" in told


def test_lunch_that_cannot_wait_comes_off_the_time_before_stores_close() -> None:
    early = [store(f"s{i:02}", opening_hours="Mo 08:00-14:00") for i in range(4)]
    world = scenario(early, policy())
    monday = workload(world, even_matrix(world)).reps[0].routes[0]
    assert monday.closing_rush is not None
    assert monday.closing_rush.available_minutes == pytest.approx(315 - 60)


def test_a_visit_that_ends_in_overtime_has_its_day() -> None:
    late = store("late", opening_hours="Mo-Sa 16:45-20:00")
    world = scenario([late], policy())
    # leaving 08:45, back by 17:00: 15 min from 16:45, and the visit takes 30
    assert workload(world, even_matrix(world)).stores_without_days == ("late",)
    world = scenario([late], policy(working_day={"overtime_minutes": 60}))
    assert workload(world, even_matrix(world)).stores_without_days == ()


def test_an_auto_calendar_is_estimated_route_by_route() -> None:
    stores = [store("a"), store("b", "B"), *(store(f"c{i}", "C") for i in range(4))]
    world = scenario(stores, policy(a="3/week", b="2/week", calendar="auto", templates=4))
    found = workload(world, even_matrix(world))
    assert found.has_calendar
    assert {row.label for row in found.reps[0].routes} == {"T1", "T2", "T3", "T4"}
    days = sorted(row.days for row in found.reps[0].routes)
    assert sum(days) == 12


def test_days_are_free_where_no_calendar_of_so_many_routes_exists() -> None:
    world = scenario([store("a")], policy(calendar="auto", templates=24))
    found = workload(world, even_matrix(world))
    assert found.calendar is None
    assert found.reps[0].routes[0].label == "mon"


def test_free_stores_go_to_the_near_base_and_own_stores_stay() -> None:
    world = scenario(
        [store("n1"), store("n2"), store("f1"), store("own", rep="R2")],
        policy(),
        reps=(rep("R1"), rep("R2")),
    )
    matrix = even_matrix(world)
    travel = matrix.travel_s.copy()
    index = matrix.index()
    for near, far in (("rep:R1", "f1"), ("rep:R2", "n1"), ("rep:R2", "n2"), ("rep:R1", "own")):
        travel[0, index[near], index[far]] = travel[0, index[far], index[near]] = 3000
    shares = share_out(world, TravelMatrix(matrix.ids, ("car",), travel, travel[0], "test"))
    assert [s.id for s in shares["R1"]] == ["n1", "n2"]
    assert [s.id for s in shares["R2"]] == ["f1", "own"]


def test_equal_stores_are_shared_evenly_among_reps() -> None:
    stores = [store(f"s{i}") for i in range(10)]
    world = scenario(stores, policy(), reps=(rep("R1"), rep("R2")))
    shares = share_out(world, even_matrix(world))
    assert sorted(len(own) for own in shares.values()) == [5, 5]


def test_reps_needed_are_hours_over_the_hours_of_one() -> None:
    stores = [store(f"s{i:02}") for i in range(20)]
    world = scenario(stores, policy(a="daily"))
    found = workload(world, even_matrix(world))
    minutes = 20 * 30 + 21 * 10
    assert found.reps_needed == pytest.approx(minutes / DAY_MINUTES)
    assert found.filled == pytest.approx(found.reps_needed)


def test_a_rep_with_no_store_and_one_with_no_day_have_no_need() -> None:
    world = scenario(
        [store("a", rep="R1")],
        policy(),
        reps=(rep("R1"), rep("R2"), rep("R3", hours="Su 10:00-12:00")),
    )
    found = workload(world, even_matrix(world))
    assert [r.needed_hours for r in found.reps[1:]] == [0, 0]
    assert found.reps[2].available_hours == 0
    assert found.fits


frequencies = st.sampled_from(["1/4weeks", "1/2weeks", "1/week", "2/week", "3/week", "daily"])
RATES = {"1/4weeks": 0.25, "1/2weeks": 0.5, "1/week": 1, "2/week": 2, "3/week": 3, "daily": 6}


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 8), frequencies, frequencies)
def test_more_visits_never_need_fewer_hours(n_stores: int, one: str, other: str) -> None:
    fewer, more = sorted((one, other), key=lambda frequency: RATES[frequency])
    stores = [store(f"s{i}") for i in range(n_stores)]
    needed = []
    for frequency in (fewer, more):
        world = scenario(stores, policy(a=frequency), weeks=4)
        found = workload(world, even_matrix(world))
        in_store = found.reps[0].in_store_hours
        assert in_store == pytest.approx(n_stores * RATES[frequency] * 0.5)
        needed.append(found.needed_hours)
    assert needed[0] <= needed[1] + 1e-9


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_stores_does_not_matter_to_what_is_needed_in_store(order: list[int]) -> None:
    names = ["A"] * 2 + ["B"] * 3 + ["C"] * 4
    world = scenario([store(f"s{i}", names[i]) for i in order], policy(a="3/week"))
    found = workload(world, even_matrix(world))
    assert found.reps[0].in_store_hours == pytest.approx(3 + 0.75 + 4 / 12)
    assert [row.stores for row in found.classes] == [2, 3, 4]
