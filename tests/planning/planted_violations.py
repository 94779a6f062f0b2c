"""Small plans, each with one planted violation, by code."""

from collections.abc import Callable
from datetime import date

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.checker import ViolationCode
from routeplanner.planning.timetable import time_day
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_rule,
    with_store,
    with_working_day,
)

Case = tuple[Scenario, Plan]
MEETING = {"rep": "R1", "weekday": "mon", "start": "15:00", "end": "16:00", "title": "Meeting"}
CALENDAR = (("T1", "T2", "T3", "T2", "T3"), ("T1", "T2", "T3", "T2", "T3"))
LONG = {("R1", 0): ("A1", "B1", "B2"), ("R1", 5): ("A1", "B1", "B2")}
LAST_CLASS = {
    ("R1", 0): ("A1", "B1", "C1"),
    ("R1", 2): ("A1", "B2"),
    ("R1", 5): ("A1", "B1"),
    ("R1", 7): ("A1", "B2"),
}
OFTEN_A1 = {("R1", 2): ("A1",), ("R1", 7): ("A1",), ("R2", 1): ("C1",)}


SMALL = small_scenario()
OVER_NOON = with_store(SMALL, "B2", service_minutes=120)


def found_otherwise(changed: Scenario, plan: Plan | None = None, listed: bool = False) -> Case:
    """A clean plan against a scenario that asks for something else."""
    plan = small_plan(small_scenario()) if plan is None else plan
    return changed, restated(changed, plan, listed=listed)


def with_route(edit: Callable[[Route], Route], index: int = 0) -> Case:
    """The clean plan with one route edited."""
    scenario = small_scenario()
    plan = small_plan(scenario)
    routes = tuple(edit(r) if i == index else r for i, r in enumerate(plan.routes))
    return scenario, restated(scenario, plan, routes)


def with_stop(index: int, **changes: object) -> Case:
    """The clean plan with one stop of its first route changed."""

    def edit(route: Route) -> Route:
        stops = list(route.stops)
        stops[index] = stops[index].model_copy(update=changes)
        return route.model_copy(update={"stops": tuple(stops)})

    return with_route(edit)


def unknown_store() -> Case:
    scenario = small_scenario()
    fewer = tuple(store for store in scenario.stores if store.id != "C1")
    return found_otherwise(scenario.model_copy(update={"stores": fewer}))


def unknown_rep() -> Case:
    scenario = small_scenario()
    return found_otherwise(scenario.model_copy(update={"reps": scenario.reps[:1]}))


def unknown_appointment() -> Case:
    scenario = small_scenario(appointments=[MEETING])
    return found_otherwise(small_scenario(), small_plan(scenario))


def duplicate_route() -> Case:
    scenario = small_scenario()
    plan = small_plan(scenario)
    first, second = (
        time_day(scenario, matrix_of(scenario), scenario.reps[0], 0, label, [store])[0]
        for store, label in (("A1", "T3"), ("B1", "T4"))
    )
    return scenario, restated(scenario, plan, (first, second, *plan.routes[1:]))


def duplicate_visit() -> Case:
    scenario = with_store(small_scenario(), "C1", frequency="2/2weeks")
    return scenario, small_plan(scenario, ORDERS | {("R2", 1): ("C1", "C1")})


def split_rep() -> Case:
    scenario = with_store(small_scenario(), "C1", frequency="1/week")
    return scenario, small_plan(scenario, ORDERS | {("R1", 6): ("C1",)})


def lunch_missing() -> Case:
    without = with_working_day(OVER_NOON, lunch_minutes=0)
    plan = small_plan(without, LONG | OFTEN_A1)
    return found_otherwise(OVER_NOON, plan)


def lunch_outside_window() -> Case:
    plan = small_plan(OVER_NOON, LONG | OFTEN_A1)
    moved = with_working_day(OVER_NOON, lunch_between=("11:00", "12:15"))
    return found_otherwise(moved, plan)


def appointment_moved() -> Case:
    plan = small_plan(small_scenario(appointments=[MEETING]))
    return found_otherwise(small_scenario(appointments=[MEETING | {"start": "14:30"}]), plan)


def in_avoid_hours() -> Case:
    return found_otherwise(with_store(small_scenario(), "B1", avoid_hours="Mo 10:30-11:00"))


def minimum_frequency() -> Case:
    scenario = with_rule(small_scenario(), "A", frequency="3/week", minimum_frequency="guaranteed")
    return found_otherwise(scenario, listed=True)


def pattern_not_repeated() -> Case:
    scenario = small_scenario()
    orders = {key: ids for key, ids in ORDERS.items() if key != ("R1", 7)}
    return scenario, small_plan(scenario, orders | {("R1", 8): ("A1", "B2")})


def with_calendar(orders: dict[tuple[str, int], tuple[str, ...]], **routes: object) -> Case:
    scenario = with_policy(small_scenario(), calendar=CALENDAR, routes=routes)
    labels = {key: CALENDAR[key[1] // 5][key[1] % 5] for key in orders}
    return scenario, small_plan(scenario, orders, labels)


def wrong_label() -> Case:
    scenario, plan = with_calendar(ORDERS)
    routes = (plan.routes[0].model_copy(update={"template": "T2"}), *plan.routes[1:])
    return scenario, restated(scenario, plan, routes)


def a_calendar_of_its_own() -> Case:
    scenario, plan = found_otherwise(small_scenario())
    return scenario, plan.model_copy(update={"calendar": CALENDAR})


def labeled(*labels: str, orders: dict[tuple[str, int], tuple[str, ...]] | None = None) -> Case:
    """The clean plan, or that of other orders, with labels of its own, route by route."""
    scenario, plan = SMALL, small_plan(SMALL, orders)
    routes = tuple(
        route.model_copy(update={"template": label})
        for route, label in zip(plan.routes, labels, strict=True)
    )
    return scenario, restated(scenario, plan, routes)


def without_office(place: int) -> Case:
    """The clean plan with one stop of its first route left out."""

    def edit(route: Route) -> Route:
        assert route.stops[place].kind == "office"
        stops = [stop for stop in route.stops if stop is not route.stops[place]]
        return route.model_copy(update={"stops": tuple(stops)})

    return with_route(edit)


def other_matrix() -> Case:
    scenario, plan = found_otherwise(small_scenario())
    provenance = plan.provenance.model_copy(update={"matrix_hash": "0" * 64})
    return scenario, plan.model_copy(update={"provenance": provenance})


def other_start(stated: date | None) -> Case:
    scenario, plan = found_otherwise(small_scenario(start_date=date(2026, 3, 2)))
    return scenario, plan.model_copy(update={"start_date": stated})


def another_calendar() -> Case:
    scenario, plan = with_calendar(ORDERS)
    return scenario, plan.model_copy(update={"calendar": CALENDAR[::-1][:1] * 3})


def counts_wrong() -> Case:
    scenario, plan = found_otherwise(small_scenario())
    return scenario, plan.model_copy(update={"required_visits": plan.required_visits + 1})


def listed_wrong(**changes: object) -> Case:
    scenario, plan = found_otherwise(
        with_store(small_scenario(), "A1", frequency="3/week"), listed=True
    )
    row = plan.unserved[0].model_copy(update=changes)
    return scenario, plan.model_copy(update={"unserved": (row,)})


def listed_twice() -> Case:
    scenario, plan = listed_wrong()
    return scenario, plan.model_copy(update={"unserved": plan.unserved * 2})


def listed_unknown() -> Case:
    scenario, plan = listed_wrong()
    unknown = plan.unserved[0].model_copy(update={"store_id": "nowhere"})
    return scenario, plan.model_copy(update={"unserved": (*plan.unserved, unknown)})


def measures_wrong(**changes: object) -> Case:
    scenario, plan = found_otherwise(small_scenario())
    measures = plan.measures.model_copy(update=changes)
    return scenario, plan.model_copy(update={"measures": measures})


def scored(**terms: float) -> Case:
    scenario, plan = found_otherwise(small_scenario())
    return scenario, plan.model_copy(update={"score": terms})


def other_hash() -> Case:
    scenario, plan = found_otherwise(small_scenario())
    return scenario.model_copy(update={"coordinates": "gcj02"}), plan


def other_cycle() -> Case:
    scenario, plan = found_otherwise(small_scenario())
    cycle = plan.cycle.model_copy(update={"weeks": 4})
    return scenario, plan.model_copy(update={"cycle": cycle})


PLANTED: list[tuple[ViolationCode, Callable[[], Case]]] = [
    (ViolationCode.SCENARIO_MISMATCH, other_hash),
    (ViolationCode.SCENARIO_MISMATCH, other_cycle),
    (ViolationCode.SCENARIO_MISMATCH, lambda: other_start(date(2026, 3, 9))),
    (ViolationCode.SCENARIO_MISMATCH, lambda: other_start(None)),
    (ViolationCode.MATRIX_MISMATCH, other_matrix),
    (ViolationCode.OFFICE_TIME_WRONG, lambda: without_office(0)),
    (ViolationCode.OFFICE_TIME_WRONG, lambda: without_office(-1)),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T9", "T2", "T1", "T2", "T1")),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T9", "T2", "T9", "T2", "T1")),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T1", "T1", "T1", "T1", "T1")),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T1", "T2", "T1", "T2", "North")),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T1a", "T1b", "T1a", "T1b", "T1")),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T1", "T3", "T2", "T3", orders=LAST_CLASS)),
    (ViolationCode.LABEL_WRONG, lambda: labeled("T1a", "T2", "T1a", "T2", orders=LAST_CLASS)),
    (ViolationCode.UNKNOWN_STORE, unknown_store),
    (ViolationCode.UNKNOWN_STORE, listed_unknown),
    (ViolationCode.UNKNOWN_REP, unknown_rep),
    (ViolationCode.UNKNOWN_APPOINTMENT, unknown_appointment),
    (
        ViolationCode.DAY_WRONG,
        lambda: with_route(lambda route: route.model_copy(update={"week": 2})),
    ),
    (
        ViolationCode.DAY_WRONG,
        lambda: with_route(lambda route: route.model_copy(update={"day": 10}), 4),
    ),
    (ViolationCode.DUPLICATE_ROUTE, duplicate_route),
    (
        ViolationCode.NOT_A_WORKDAY,
        lambda: found_otherwise(with_rep(SMALL, "R2", hours="Mo,We-Fr 08:30-17:30")),
    ),
    (ViolationCode.DUPLICATE_VISIT, duplicate_visit),
    (ViolationCode.WRONG_REP, lambda: found_otherwise(with_store(SMALL, "C1", rep="R1"))),
    (ViolationCode.SPLIT_REP, split_rep),
    (
        ViolationCode.CLOSED_STORE_VISITED,
        lambda: found_otherwise(with_store(SMALL, "C1", status="suspended")),
    ),
    (ViolationCode.ORDER_WRONG, lambda: with_stop(2, position=3)),
    (ViolationCode.ORDER_WRONG, lambda: with_stop(5, kind="start")),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(2, travel_minutes=9.0)),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(2, travel_km=6.0)),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(0, travel_minutes=5.0)),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(2, arrive=8 * 3600 + 54 * 60)),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(4, start=11 * 3600 + 60)),
    (ViolationCode.TIMES_WRONG, lambda: with_stop(5, arrive=10 * 3600)),
    (
        ViolationCode.SERVICE_TOO_SHORT,
        lambda: found_otherwise(with_store(SMALL, "C1", service_minutes=31)),
    ),
    (
        ViolationCode.CLOSED_DAY,
        lambda: found_otherwise(with_store(SMALL, "C1", closed_days=["tue"])),
    ),
    (
        ViolationCode.CLOSED_DAY,
        lambda: found_otherwise(with_store(SMALL, "C1", opening_hours="Mo 08:00-18:00")),
    ),
    (
        ViolationCode.OUTSIDE_OPENING_HOURS,
        lambda: found_otherwise(
            with_store(SMALL, "C1", opening_hours="Tu 08:00-09:24,14:00-18:00")
        ),
    ),
    (
        ViolationCode.OUTSIDE_VISIT_HOURS,
        lambda: found_otherwise(with_store(SMALL, "C1", visit_hours="Mo 08:00-18:00")),
    ),
    (
        ViolationCode.IN_AVOID_HOURS,
        lambda: found_otherwise(with_store(SMALL, "C1", avoid_hours="Tu 09:24-09:40")),
    ),
    (
        ViolationCode.OUTSIDE_WORKING_HOURS,
        lambda: found_otherwise(with_rep(SMALL, "R2", hours="Mo-Fr 08:31-17:30")),
    ),
    (
        ViolationCode.OUTSIDE_WORKING_HOURS,
        lambda: with_stop(5, depart=17 * 3600 + 1860),
    ),
    (
        ViolationCode.WORK_TOO_LONG,
        lambda: found_otherwise(with_rep(SMALL, "R2", max_work_minutes=49)),
    ),
    (ViolationCode.LUNCH_MISSING, lunch_missing),
    (ViolationCode.LUNCH_OUTSIDE_WINDOW, lunch_outside_window),
    (
        ViolationCode.APPOINTMENT_MISSED,
        lambda: found_otherwise(small_scenario(appointments=[MEETING | {"weeks": (1,)}])),
    ),
    (
        ViolationCode.APPOINTMENT_MISSED,
        lambda: found_otherwise(
            small_scenario(appointments=[MEETING | {"weekday": "fri", "weeks": (2,)}])
        ),
    ),
    (ViolationCode.APPOINTMENT_MOVED, appointment_moved),
    (
        ViolationCode.IN_STORE_LIMIT,
        lambda: found_otherwise(with_working_day(SMALL, in_store_limit=0.218)),
    ),
    (
        ViolationCode.FREQUENCY_SHORT,
        lambda: found_otherwise(with_store(SMALL, "A1", frequency="daily")),
    ),
    (
        ViolationCode.FREQUENCY_EXCEEDED,
        lambda: found_otherwise(with_store(SMALL, "A1", frequency="1/week")),
    ),
    (ViolationCode.MINIMUM_FREQUENCY, minimum_frequency),
    (ViolationCode.PATTERN_NOT_REPEATED, pattern_not_repeated),
    (
        ViolationCode.GAP_TOO_LARGE,
        lambda: found_otherwise(with_rule(SMALL, "A", largest_gap_days=4)),
    ),
    (
        ViolationCode.PINNED_DAY_MISSED,
        lambda: found_otherwise(with_store(SMALL, "C1", pinned_days=[{"weekday": "wed"}])),
    ),
    (
        ViolationCode.PINNED_DAY_MISSED,
        lambda: found_otherwise(
            with_store(SMALL, "C1", pinned_days=[{"weekday": "tue", "week": 2}])
        ),
    ),
    (ViolationCode.CALENDAR_BROKEN, wrong_label),
    (ViolationCode.CALENDAR_BROKEN, another_calendar),
    (ViolationCode.CALENDAR_BROKEN, a_calendar_of_its_own),
    (ViolationCode.CALENDAR_BROKEN, lambda: with_calendar(ORDERS, T2={"classes": ("A",)})),
    (
        ViolationCode.CALENDAR_BROKEN,
        lambda: with_calendar(ORDERS | {("R1", 5): ("B1", "A1")}),
    ),
    (ViolationCode.COUNTS_WRONG, counts_wrong),
    (ViolationCode.COUNTS_WRONG, lambda: listed_wrong(served=5)),
    (ViolationCode.COUNTS_WRONG, lambda: listed_wrong(store_class="B")),
    (ViolationCode.COUNTS_WRONG, lambda: listed_wrong(missing_minutes=7)),
    (ViolationCode.COUNTS_WRONG, listed_twice),
    (ViolationCode.MEASURES_WRONG, lambda: measures_wrong(travel_km=float("nan"))),
    (ViolationCode.MEASURES_WRONG, lambda: measures_wrong(by_class={})),
    (ViolationCode.MEASURES_WRONG, lambda: measures_wrong(by_rep=(), by_day=())),
    (ViolationCode.MEASURES_WRONG, lambda: scored(travel=float("inf"))),
    (ViolationCode.MEASURES_WRONG, lambda: scored(luck=1)),
]
