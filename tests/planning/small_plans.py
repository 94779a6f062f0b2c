"""A small territory with round figures: ten minutes and five kilometers between any two places.

Two reps, Monday to Friday, two weeks, 08:30-17:30 with lunch 60 minutes within 11:30-13:30 and
office time 15 + 30 minutes; a tenth of the day is reserve, so 391.5 minutes are there to plan.
"""

from collections import Counter
from typing import Any

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.plan import Plan, Provenance, Route, Unserved
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import required_visits, service_s
from routeplanner.planning.checker.driven import is_readable
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.labels import route_labels
from routeplanner.planning.measures import measure
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix, travel_matrix

PLACES = ("A1", "B1", "B2", "C1", "X1", "rep:R1", "rep:R2", "appointment:0")
ORDERS = {
    ("R1", 0): ("A1", "B1"),
    ("R1", 2): ("A1", "B2"),
    ("R1", 5): ("A1", "B1"),
    ("R1", 7): ("A1", "B2"),
    ("R2", 1): ("C1",),
}
Orders = dict[tuple[str, int], tuple[str, ...]]


def small_scenario(**changes: Any) -> Scenario:
    """A1 twice a week 60 min, B1 and B2 weekly 45, C1 every two weeks 30, X1 closed for good."""
    classes = {"A1": "A", "B1": "B", "B2": "B", "C1": "C", "X1": "C"}
    stores = tuple(
        Store.model_validate(
            {"id": store, "lat": 50 + n / 10, "lon": 8, "class": label}
            | ({"status": "closed"} if store == "X1" else {})
        )
        for n, (store, label) in enumerate(classes.items())
    )
    n = len(PLACES)
    fields = {
        "stores": stores,
        "reps": tuple(Rep(id=rep, base_lat=50, base_lon=8.1) for rep in ("R1", "R2")),
        "policy": Policy.model_validate(
            {
                "workdays": ["mon", "tue", "wed", "thu", "fri"],
                "visit_rules": {
                    "A": {"frequency": "2/week", "service_minutes": 60},
                    "B": {"frequency": "1/week", "service_minutes": 45},
                    "C": {"frequency": "1/2weeks", "service_minutes": 30},
                },
            }
        ),
        "cycle": Cycle(weeks=2, workdays=("mon", "tue", "wed", "thu", "fri")),
        "matrix": GivenMatrix(
            source="ten minutes everywhere",
            ids=PLACES,
            minutes=tuple(tuple(10.0 * (i != j) for j in range(n)) for i in range(n)),
            km=tuple(tuple(5.0 * (i != j) for j in range(n)) for i in range(n)),
        ),
    }
    return Scenario.model_validate(fields | changes)


def with_store(scenario: Scenario, store_id: str, **changes: Any) -> Scenario:
    """The scenario with one store changed."""
    stores = tuple(
        Store.model_validate(store.model_dump(by_alias=True) | changes)
        if store.id == store_id
        else store
        for store in scenario.stores
    )
    return scenario.model_copy(update={"stores": stores})


def with_rep(scenario: Scenario, rep_id: str, **changes: Any) -> Scenario:
    """The scenario with one rep changed."""
    reps = tuple(
        Rep.model_validate(rep.model_dump() | changes) if rep.id == rep_id else rep
        for rep in scenario.reps
    )
    return scenario.model_copy(update={"reps": reps})


def with_policy(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with keys of its policy changed."""
    policy = Policy.model_validate(scenario.policy.model_dump() | changes)
    return scenario.model_copy(update={"policy": policy})


def with_working_day(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with keys of its working day changed."""
    return with_policy(scenario, working_day=scenario.policy.working_day.model_dump() | changes)


def with_rule(scenario: Scenario, label: str, **changes: Any) -> Scenario:
    """The scenario with the visit rule of a class changed."""
    rules = scenario.policy.model_dump()["visit_rules"]
    return with_policy(scenario, visit_rules=rules | {label: rules[label] | changes})


def small_plan(
    scenario: Scenario,
    orders: Orders | None = None,
    labels: dict[tuple[str, int], str] | None = None,
) -> Plan:
    """The plan of given orders of stores by rep and day, timed and measured."""
    matrix = matrix_of(scenario)
    reps = {rep.id: rep for rep in scenario.reps}
    orders = ORDERS if orders is None else orders
    named = default_labels(scenario, orders) | (labels or {})
    routes = tuple(
        time_day(scenario, matrix, reps[rep], day, named[rep, day], ids)[0]
        for (rep, day), ids in orders.items()
    )
    plan = Plan(
        id="small",
        cycle=scenario.cycle,
        calendar=scenario.policy.calendar if isinstance(scenario.policy.calendar, tuple) else None,
        routes=routes,
        required_visits=0,
        scheduled_visits=0,
        measures=measure(scenario, routes, matrix),
        provenance=Provenance(
            scenario_hash="",
            matrix_hash=matrix.content_hash(),
            travel_source=matrix.source,
            method="hand",
            seed=0,
            iterations=0,
            version="0",
        ),
    )
    return restated(scenario, plan)


def default_labels(scenario: Scenario, orders: Orders) -> dict[tuple[str, int], str]:
    """The labels of a new plan without a route calendar."""
    classes = {store.id: store.store_class or "" for store in scenario.stores}
    return {
        (rep.id, day): label
        for rep in scenario.reps
        for day, label in route_labels(
            sorted((day, ids) for (owner, day), ids in orders.items() if owner == rep.id),
            classes,
            scenario.policy.classes.labels[-1],
        ).items()
    }


def matrix_of(scenario: Scenario) -> TravelMatrix:
    """The scenario's travel matrix."""
    return travel_matrix(scenario)


def restated(
    scenario: Scenario,
    plan: Plan,
    routes: tuple[Route, ...] | None = None,
    listed: bool = False,
    matrix: TravelMatrix | None = None,
) -> Plan:
    """The plan with hashes, counts and measures that are true for a scenario and routes.

    Where `listed`, stores that fall short are listed as not scheduled. Measures of routes that are
    no driven days stay as they are.
    """
    routes = plan.routes if routes is None else routes
    matrix = matrix or matrix_of(scenario)
    visits = Counter(stop.store_id for route in routes for stop in route.visits)
    required = {s.id: _required(scenario, s) for s in scenario.stores if s.is_planned}
    can_be_measured = all(is_readable(Facts(scenario, matrix), route) for route in routes)
    measures = measure(scenario, routes, matrix) if can_be_measured else plan.measures
    return plan.model_copy(
        update={
            "routes": routes,
            "required_visits": sum(required.values()),
            "scheduled_visits": visits.total(),
            "unserved": tuple(_short(scenario, required, visits)) if listed else (),
            "provenance": plan.provenance.model_copy(
                update={
                    "scenario_hash": scenario.content_hash(),
                    "matrix_hash": matrix.content_hash(),
                }
            ),
            "measures": measures,
        }
    )


def _required(scenario: Scenario, store: Store) -> int:
    return required_visits(store, scenario.policy, scenario.cycle, scenario.reps)


def _short(
    scenario: Scenario, required: dict[str, int], visits: Counter[str | None]
) -> list[Unserved]:
    return [
        Unserved.model_validate(
            {
                "store_id": store.id,
                "class": store.store_class,
                "required": required[store.id],
                "served": visits[store.id],
                "code": "DAY_FULL",
                "message": "",
                "hint": "",
                "missing_minutes": (required[store.id] - visits[store.id])
                * service_s(store, scenario.policy)
                / 60,
            }
        )
        for store in scenario.stores
        if visits[store.id] < required.get(store.id, 0)
    ]
