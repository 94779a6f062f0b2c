"""Parts of the plan of two reps: R1 has five stores with twelve visits, R2 four with ten."""

from typing import Any

from routeplanner.domain.plan import Unserved
from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import GivenMatrix
from routeplanner.operations.parts import earlier_part, plan_part, scenario_part, violations_part
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import ORDERS, Orders, plan_of, two_reps

OWN_STORES = {"A1", "B1", "B2", "C1", "C2"}
OWN_PLACES = OWN_STORES | {"rep:R1"}


def contents(orders: Orders = ORDERS) -> tuple[dict[str, Any], dict[str, Any]]:
    """Plan and scenario as they are stored."""
    scenario = two_reps()
    plan, source = plan_of(scenario, orders), scenario.model_dump(mode="json", by_alias=True)
    return plan.model_dump(mode="json", by_alias=True), source


def test_a_part_has_the_stores_and_the_places_of_its_reps_alone() -> None:
    _, source = contents()
    part = scenario_part(source, ["R1"])
    assert {store.id for store in part.stores} == OWN_STORES
    assert [rep.id for rep in part.reps] == ["R1"]
    assert part.matrix is not None
    assert set(part.matrix.ids) == OWN_PLACES
    assert {len(row) for row in (*part.matrix.minutes, *part.matrix.km)} == {6}
    assert "R2" not in part.model_dump_json()


def test_places_of_appointments_keep_their_travel_times_under_new_numbers() -> None:
    scenario = two_reps()
    assert scenario.matrix is not None
    noon = {"weekday": "mon", "start": 43200, "end": 46800, "lat": 50, "lon": 8}
    meetings = [Appointment.model_validate(noon | {"rep": rep}) for rep in ("R2", "R1")]
    ids = (*scenario.matrix.ids, "appointment:0", "appointment:1")
    n = len(ids)
    minutes = tuple(tuple(float(100 * a + b) for b in range(n)) for a in range(n))
    matrix = GivenMatrix(source="numbered", ids=ids, minutes=minutes, km=minutes)
    changes = {"appointments": tuple(meetings), "matrix": matrix}
    source = scenario.model_copy(update=changes).model_dump(mode="json", by_alias=True)
    part = scenario_part(source, ["R1"])
    assert [entry.rep for entry in part.appointments] == ["R1"]
    assert part.matrix is not None
    assert set(part.matrix.ids) == OWN_PLACES | {"appointment:0"}
    seconds = travel_matrix(part).seconds("car", "appointment:0", "A1")
    assert seconds == 60 * minutes[ids.index("appointment:1")][ids.index("A1")]


def test_the_figures_of_a_part_are_those_of_its_reps() -> None:
    content, source = contents()
    plan, scenario = plan_part(content, source, ["R1"])
    assert {route.rep for route in plan.routes} == {"R1"}
    assert (plan.required_visits, plan.scheduled_visits) == (12, 12)
    assert plan.measures.by_rep == tuple(
        entry for entry in plan_of(two_reps()).measures.by_rep if entry.rep == "R1"
    )
    assert {store.id for store in scenario.stores} == OWN_STORES
    whole, _ = plan_part(content, source, ["R1", "R2"])
    assert whole.measures == plan_of(two_reps()).measures


def test_a_store_of_another_rep_is_seen_where_it_is_visited() -> None:
    orders = ORDERS | {("R1", 0): ("A1", "A2")}
    content, source = contents(orders)
    plan, scenario = plan_part(content, source, ["R1"])
    assert {store.id: store.rep for store in scenario.stores}["A2"] is None
    assert plan.scheduled_visits == 13
    assert "R2" not in scenario.model_dump_json() + plan.model_dump_json()


def test_unserved_visits_and_violations_of_others_are_left_out() -> None:
    content, source = contents()
    missing = {
        "class": "B", "required": 2, "served": 1, "code": "NO_TIME", "message": "", "hint": "",
    }  # fmt: skip
    content["unserved"] = [
        Unserved.model_validate(missing | {"store_id": store}).model_dump(by_alias=True)
        for store in ("B2", "B3")
    ]
    plan, scenario = plan_part(content, source, ["R1"])
    assert [row.store_id for row in plan.unserved] == ["B2"]
    violations: list[dict[str, Any]] = [
        {"code": str(number), "rep": rep, "store_id": store}
        for number, (rep, store) in enumerate(
            [("R1", None), ("R2", None), (None, "B2"), (None, "B3"), (None, None), ("R2", "B2")]
        )
    ]
    assert [entry["code"] for entry in violations_part(violations, scenario)] == ["0", "2"]


def test_a_rep_without_stores_has_a_part_all_the_same() -> None:
    content, source = contents({("R2", 0): ("A2",)})
    for store in source["stores"]:
        store["rep"] = "R2"
    plan, scenario = plan_part(content, source, ["R1"])
    assert (plan.routes, scenario.stores, plan.required_visits) == ((), (), 0)


def test_an_earlier_plan_of_other_stores_is_cut_too() -> None:
    content, _ = contents()
    assert {route.rep for route in earlier_part(content, ["R1"]).routes} == {"R1"}
