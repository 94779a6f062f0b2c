"""Two reps, five days, a cycle of two weeks; ten minutes between any two places.

R1: A1 on Mon, Wed and Fri, B1 on Tue, B2 on Thu, C1 on Thu of week 1, C2 on Tue of week 2.
R2: A2 on Mon, Wed and Fri, B3 on Tue, C3 on Thu of week 1, C4 on Mon of week 2.
An A visit takes 60 minutes, B 45, C 30; 391.5 minutes a day are there to plan.
"""

from typing import Any

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.plan import Plan, Provenance
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.planning.measures import measure
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import travel_matrix

Orders = dict[tuple[str, int], tuple[str, ...]]

STORES = {
    "A1": "R1", "B1": "R1", "B2": "R1", "C1": "R1", "C2": "R1",
    "A2": "R2", "B3": "R2", "C3": "R2", "C4": "R2",
}  # fmt: skip
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ORDERS: Orders = {
    ("R1", 0): ("A1",), ("R1", 1): ("B1",), ("R1", 2): ("A1",), ("R1", 3): ("B2", "C1"),
    ("R1", 4): ("A1",), ("R1", 5): ("A1",), ("R1", 6): ("B1", "C2"), ("R1", 7): ("A1",),
    ("R1", 8): ("B2",), ("R1", 9): ("A1",),
    ("R2", 0): ("A2",), ("R2", 1): ("B3",), ("R2", 2): ("A2",), ("R2", 3): ("C3",),
    ("R2", 4): ("A2",), ("R2", 5): ("A2", "C4"), ("R2", 6): ("B3",), ("R2", 7): ("A2",),
    ("R2", 9): ("A2",),
}  # fmt: skip


def two_reps(workdays: tuple[str, ...] = WORKDAYS, **stores: dict[str, Any]) -> Scenario:
    """The scenario; changes of single stores by id."""
    places = (*STORES, "rep:R1", "rep:R2")
    n = len(places)
    rules = {"A": ("3/week", 60), "B": ("1/week", 45), "C": ("1/2weeks", 30)}
    return Scenario.model_validate(
        {
            "stores": [
                {"id": store, "lat": 50 + i / 10, "lon": 8, "class": store[0], "rep": rep}
                | stores.get(store, {})
                for i, (store, rep) in enumerate(STORES.items())
            ],
            "reps": [Rep(id=rep, base_lat=50, base_lon=8.1) for rep in ("R1", "R2")],
            "policy": Policy.model_validate(
                {
                    "workdays": workdays,
                    "visit_rules": {
                        label: {"frequency": frequency, "service_minutes": minutes}
                        for label, (frequency, minutes) in rules.items()
                    },
                }
            ),
            "cycle": Cycle.model_validate({"weeks": 2, "workdays": workdays}),
            "matrix": GivenMatrix(
                source="ten minutes everywhere",
                ids=places,
                minutes=tuple(tuple(10.0 * (i != j) for j in range(n)) for i in range(n)),
                km=tuple(tuple(5.0 * (i != j) for j in range(n)) for i in range(n)),
            ),
        }
    )


def plan_of(scenario: Scenario, orders: Orders = ORDERS) -> Plan:
    """The plan of orders of stores by rep and day of the cycle."""
    matrix = travel_matrix(scenario)
    reps = {rep.id: rep for rep in scenario.reps}
    routes = tuple(
        time_day(scenario, matrix, reps[rep], day, f"T{day + 1}", ids)[0]
        for (rep, day), ids in orders.items()
    )
    n_visits = sum(len(ids) for ids in orders.values())
    return Plan(
        id="two-reps",
        cycle=scenario.cycle,
        routes=routes,
        required_visits=n_visits,
        scheduled_visits=n_visits,
        measures=measure(scenario, routes, matrix),
        provenance=Provenance(
            scenario_hash=scenario.content_hash(),
            matrix_hash=matrix.content_hash(),
            travel_source=matrix.source,
            method="hand",
            seed=0,
            iterations=0,
            version="0",
        ),
    )


def with_working_day(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with keys of its working day changed."""
    day = scenario.policy.working_day.model_copy(update=changes)
    policy = scenario.policy.model_copy(update={"working_day": day})
    return scenario.model_copy(update={"policy": policy})
