import dataclasses
from datetime import UTC, datetime

import pytest

from routeplanner.domain.plan import Plan
from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.travel.source import travel_matrix
from tests.territories import policy, rep, scenario, store, stores

CALENDAR = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
ROUTES = {
    "T1": {"classes": ["A"]},
    "T2": {"classes": ["B"]},
    "T3": {"classes": ["C"]},
    "T4": {"classes": ["C"]},
}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def planned(given: Scenario, iterations: int = 60, **options: object) -> Plan:
    plan = make_plan(given, iterations=iterations, created_at=NOON, **options)  # type: ignore[arg-type]
    assert check_plan(given, plan, travel_matrix(given)) == ()
    return plan


def routes_of_class(given: Scenario, plan: Plan, label: str) -> set[str]:
    ids = {place.id for place in given.stores if place.store_class == label}
    return {r.template for r in plan.routes for visit in r.visits if visit.store_id in ids}


@pytest.mark.parametrize("n_c", [4, 16, 22])
def test_the_handbooks_example(n_c: int) -> None:
    given = scenario(stores({"A": 5, "B": 10, "C": n_c}), policy(calendar=CALENDAR, routes=ROUTES))
    plan = planned(given)
    assert plan.is_complete
    driven = {(route.week, route.weekday): route.template for route in plan.routes}
    assert driven == {
        (week, weekday): CALENDAR[week - 1][place]
        for week in (1, 2)
        for place, weekday in enumerate(given.policy.workdays)
    }
    assert routes_of_class(given, plan, "A") == {"T1"}
    assert routes_of_class(given, plan, "B") == {"T2"}
    assert routes_of_class(given, plan, "C") == {"T3", "T4"}
    orders = {(r.template, tuple(v.store_id for v in r.visits)) for r in plan.routes}
    assert len(orders) == 4


def six_route_scenario() -> Scenario:
    """Hours that differ by weekday, midday closings, weekly stores that choose among unions."""
    calendar = (("T1", "T2", "T1", "T3", "T1", "T4"), ("T1", "T2", "T1", "T5", "T1", "T6"))
    hours = "Mo 10:30-18:00; Tu-Th 08:30-17:30; Fr-Sa 08:30-14:30"
    weekly = stores({"B": 8}, seed=3)
    places = [
        *stores({"A": 2, "C": 6}, seed=2),
        *(place.model_copy(update={"frequency": None}) for place in weekly),
        store("C90", opening_hours="Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-13:00", lat=52.53),
        store("B91", "B", opening_hours="Tu 12:30-17:00; Th-Sa 08:00-12:00", lat=52.51),
    ]
    rules = policy(
        calendar=calendar,
        visit_rules={
            "A": {"frequency": "3/week", "service_minutes": 30},
            "B": {"frequency": "1/week", "service_minutes": 15},
            "C": {"frequency": "1/2weeks", "service_minutes": 10},
        },
    )
    return scenario(places, rules, [rep(hours=hours)])


def test_six_routes_on_hours_that_differ_by_weekday() -> None:
    given = six_route_scenario()
    plan = planned(given, iterations=150)
    assert plan.is_complete
    assert {route.template for route in plan.routes} <= {"T1", "T2", "T3", "T4", "T5", "T6"}
    assert len(routes_of_class(given, plan, "B")) >= 2
    leaving = {
        route.weekday: next(stop.start for stop in route.stops if stop.kind == "start")
        for route in plan.routes
        if route.template == "T1"
    }
    assert leaving["mon"] >= 10.75 * 3600  # each driven day is timed on its own hours
    assert min(leaving["wed"], leaving["fri"]) < leaving["mon"]


@pytest.mark.parametrize("method", ["insertion", "ortools"])
def test_every_day_free_is_complete_and_clean(method: str) -> None:
    given = scenario(stores({"A": 3, "B": 6, "C": 12}))
    plan = planned(given, method=method)
    assert plan.is_complete
    assert plan.scheduled_visits == plan.required_visits == 3 * 6 + 6 * 4 + 12
    assert plan.provenance.method == method


def test_same_iterations_and_seed_give_the_same_plan() -> None:
    given = scenario(stores({"A": 3, "B": 6, "C": 12}))
    first, second = planned(given, seed=4), planned(given, seed=4)
    assert first == second
    assert planned(given, seed=5).id != first.id


def test_first_visits_come_before_full_frequencies_and_better_classes_first() -> None:
    given = scenario(
        stores({"A": 6, "B": 6, "C": 12}),
        policy(
            visit_rules={
                "A": {"frequency": "daily", "service_minutes": 60},
                "B": {"frequency": "3/week", "service_minutes": 30},
                "C": {"frequency": "1/week", "service_minutes": 30},
            }
        ),
    )
    plan = planned(given, iterations=3000)
    assert not plan.is_complete
    assert plan.scheduled_visits + sum(u.required - u.served for u in plan.unserved) == (
        plan.required_visits
    )
    assert min((item.served for item in plan.unserved), default=1) >= 1
    reached = plan.measures.by_class
    assert reached["C"].scheduled == 12  # one each: second visits of C are the first to go
    assert {item.code for item in plan.unserved} == {"DAY_FULL"}
    assert "min left" in plan.unserved[0].hint


def test_reasons_of_stores_that_cannot_be_visited() -> None:
    places = [
        store("ok"),
        store("closed", opening_hours="Su 10:00-12:00"),
        store("late", opening_hours="Mo-Sa 20:00-22:00"),
        store("far", lat=54.5),
        store("short", "A", opening_hours="Tu 09:00-18:00"),
    ]
    plan = planned(scenario(places))
    codes = {item.store_id: (item.code, item.served) for item in plan.unserved}
    assert codes == {
        "closed": ("CLOSED_ON_ALLOWED_DAYS", 0),
        "late": ("TIME_WINDOW", 0),
        "far": ("TOO_FAR", 0),
        "short": ("CLOSED_ON_ALLOWED_DAYS", 2),
    }
    assert all(item.message and item.hint for item in plan.unserved)


def test_largest_gap_that_no_choice_keeps_is_named() -> None:
    rules = policy(
        visit_rules={
            label: {"frequency": "1/2weeks", "service_minutes": 10, "largest_gap_days": 7}
            for label in "ABC"
        }
    )
    plan = planned(scenario([store("S1")], rules))
    assert [item.code for item in plan.unserved] == ["NO_PATTERN"]


def test_guaranteed_frequency_is_whole_or_nothing() -> None:
    rules = policy(
        visit_rules={
            "A": {
                "frequency": "daily",
                "service_minutes": 120,
                "minimum_frequency": "guaranteed",
            },
            "B": {"frequency": "1/week", "service_minutes": 15},
            "C": {"frequency": "1/week", "service_minutes": 15},
        }
    )
    given = scenario(stores({"A": 5, "C": 4}, spread=0.01), rules, weeks=1)
    plan = planned(given, iterations=3000)
    served = {item.store_id: item.served for item in plan.unserved}
    assert served
    assert set(served.values()) == {0}
    assert {item.code for item in plan.unserved} == {"GUARANTEED"}
    assert plan.measures.by_class["A"].stores_reached >= 1


def test_appointments_stand_in_their_days() -> None:
    meeting = Appointment(rep="R01", weekday="mon", start=9 * 3600, end=10 * 3600, title="Docking")
    office = Appointment(
        rep="R01", weekday="fri", weeks=(2,), start=14 * 3600, end=16 * 3600, lat=52.5, lon=13.4
    )
    given = scenario(stores({"A": 2, "C": 6}), appointments=[meeting, office])
    plan = planned(given)
    held = [
        (route.week, route.weekday, stop.title)
        for route in plan.routes
        for stop in route.stops
        if stop.kind == "appointment"
    ]
    assert held == [(1, "mon", "Docking"), (2, "mon", "Docking"), (2, "fri", "")]


def test_appointment_on_one_day_of_a_route_of_the_calendar() -> None:
    meeting = Appointment(rep="R01", weekday="mon", start=9 * 3600, end=10 * 3600, title="Docking")
    rules = policy(calendar=CALENDAR, routes=ROUTES)
    given = scenario(stores({"A": 4, "B": 5, "C": 6}), rules, appointments=[meeting])
    plan = planned(given)
    assert plan.is_complete
    days = {r.weekday for r in plan.routes for s in r.stops if s.kind == "appointment"}
    assert days == {"mon"}


def test_open_starts_and_ends() -> None:
    given = scenario(stores({"A": 2, "C": 4}), reps=[rep(start_at="store", end_at="store")])
    for route in planned(given).routes:
        assert route.stops[1].kind == "start"
        assert route.stops[2].travel_minutes == 0


def test_two_reps_share_the_pool_without_splitting_a_store() -> None:
    given = scenario(
        stores({"A": 4, "C": 10}, spread=0.05),
        reps=[rep("R01"), rep("R02", base_lat=52.56, mode="e-bike")],
    )
    plan = planned(given, iterations=120)
    reps_of: dict[str, set[str]] = {}
    for route in plan.routes:
        for visit in route.visits:
            reps_of.setdefault(str(visit.store_id), set()).add(route.rep)
    assert plan.is_complete
    assert all(len(names) == 1 for names in reps_of.values())


def test_calendar_is_chosen_where_it_is_left_open() -> None:
    rules = policy(calendar="auto", templates=4)
    given = scenario(stores({"A": 3, "B": 5, "C": 8}), rules)
    plan = planned(given, iterations=100)
    assert plan.calendar is not None
    assert len({label for row in plan.calendar for label in row}) == 4
    assert sum(choice.is_chosen for choice in plan.calendars_tried) == 1
    solved = [c for c in plan.calendars_tried if c.score is not None]
    assert 2 <= len(solved) <= 5
    assert min(solved, key=lambda c: c.score or 0).is_chosen


def test_canceled_search_still_returns_a_plan() -> None:
    given = scenario(stores({"A": 3, "B": 6, "C": 12}))
    seen: list[PlanProgress] = []
    plan = planned(
        given, iterations=1_000_000, progress=seen.append, is_canceled=lambda: len(seen) >= 3
    )
    assert plan.scheduled_visits > 0
    assert seen[-1].share < 1


def test_progress_never_gets_worse() -> None:
    seen: list[PlanProgress] = []
    planned(scenario(stores({"A": 3, "C": 12})), progress=seen.append)
    scores = [progress.score for progress in seen]
    assert scores == sorted(scores, reverse=True)
    assert all(dataclasses.asdict(progress)["share"] <= 1 for progress in seen)


def test_suspended_and_closed_stores_get_no_visit() -> None:
    given = scenario([store("S1"), store("S2", status="closed"), store("S3", status="suspended")])
    plan = planned(given)
    assert {v.store_id for r in plan.routes for v in r.visits} == {"S1"}
    assert plan.required_visits == 1


def test_a_number_of_routes_without_a_calendar_is_told_with_those_that_have_one() -> None:
    rules = policy(
        calendar="auto",
        templates=5,
        workdays=["mon", "tue", "wed", "thu", "fri"],
        visit_rules={
            label: {"frequency": "1/week", "service_minutes": 10} for label in ("A", "B", "C")
        },
    )
    given = scenario(stores({"A": 2, "C": 4}), rules, weeks=4)
    assert planned(given, iterations=20).calendar is not None
    none = rules.model_copy(update={"templates": 3})
    with pytest.raises(InputError) as caught:
        make_plan(scenario(stores({"A": 2, "C": 4}), none, weeks=4), iterations=5)
    (issue,) = caught.value.issues
    assert issue.code == "NO_CALENDAR"
    assert "5" in issue.hint


def test_two_threads_plan_and_repeat() -> None:
    given = scenario(stores({"A": 3, "C": 8}))
    first, second = (planned(given, iterations=6_000, threads=2, method="hgs") for _ in range(2))
    assert first == second
    assert first.provenance.threads == 2
    assert first.is_complete
