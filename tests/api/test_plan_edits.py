"""One store of a plan is moved, inserted or removed over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from routeplanner.jobs.work import Work
from tests.service import Tenant, scenario, solved_plan, store


def visits_of(plan: dict[str, Any], store_id: str) -> list[int]:
    """The days on which a store is visited."""
    return sorted(
        route["day"]
        for route in plan["plan"]["routes"]
        for stop in route["stops"]
        if stop["store_id"] == store_id
    )


def n_plans(tenant: Tenant) -> int:
    return len(tenant.get("/v1/plans").json()["items"])


def with_one_closed() -> Any:
    body: Any = scenario()
    body["stores"][3]["status"] = "closed"
    return body


def test_a_store_is_moved_as_its_choices_say(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}"
    choices = tenant.get(f"{path}/stores/R1-3").json()["choices"]
    wanted = next(one for one in choices if not one["is_present"] and not one["broken"])
    body = {"store_id": "R1-3", "days": wanted["days"], "rep": "R1"}
    shown = tenant.post(f"{path}:move", body | {"dry_run": True})
    assert (shown.status_code, shown.json()["plan"]) == (200, None)
    assert shown.json()["choice"] == wanted
    assert "location" not in shown.headers
    assert n_plans(tenant) == 1

    kept = tenant.post(f"{path}:move", body, headers={"Idempotency-Key": "move"})
    assert kept.status_code == 201
    made = kept.json()["plan"]
    assert kept.headers["location"] == f"/v1/plans/{made['id']}"
    assert visits_of(made, "R1-3") == wanted["days"] != visits_of(plan, "R1-3")
    assert (made["parent_id"], made["scenario_id"]) == (plan["id"], plan["scenario_id"])
    assert (made["plan"]["version"], made["reviews"][0]["status"]) == (2, "draft")
    assert made["violations"] == []
    changes = kept.json()["changes"]
    moved = next(one for one in changes if one["change"] != "time")
    assert (moved["store_id"], moved["change"]) == ("R1-3", "days")
    assert moved["tell"] == ["rep", "store"]
    travel = [one["plan"]["measures"]["travel_minutes"] for one in (plan, made)]
    assert travel[1] - travel[0] == pytest.approx(wanted["extra"]["travel_minutes"], abs=0.1)
    again = tenant.post(f"{path}:move", body, headers={"Idempotency-Key": "move"})
    assert again.json() == kept.json()
    assert n_plans(tenant) == 2


def test_a_change_that_breaks_rules_has_to_be_forced(tenant: Tenant, work: Work) -> None:
    body: Any = scenario()
    body["stores"][0] |= {"opening_hours": "Mo-Th 09:00-18:00"}
    plan = solved_plan(tenant, work, scenario=body)
    path = f"/v1/plans/{plan['id']}:move"
    friday = {"store_id": "R1-0", "days": [4]}
    shown = tenant.post(path, friday | {"dry_run": True})
    assert shown.status_code == 200
    told = {(rule["code"], rule["message"]) for rule in shown.json()["broken"]}
    assert {code for code, _ in told} == {"CLOSED_DAY", "FREQUENCY_SHORT"}
    assert shown.json()["choice"]["broken"] == shown.json()["broken"]
    refused = tenant.post(path, friday)
    assert (refused.status_code, refused.json()["code"]) == (409, "WOULD_BREAK_RULES")
    assert {(i["code"], i["message"]) for i in refused.json()["issues"]} == told
    assert n_plans(tenant) == 1
    forced = tenant.post(path, friday | {"force": True})
    assert forced.status_code == 201
    assert 4 in visits_of(forced.json()["plan"], "R1-0")
    made = forced.json()["plan"]
    codes = {entry["code"] for entry in made["violations"]}
    assert "CLOSED_DAY" in codes
    assert "FREQUENCY_SHORT" not in codes  # listed instead:
    (row,) = made["plan"]["unserved"]
    assert (row["store_id"], row["code"]) == ("R1-0", "DROPPED")
    assert row["served"] == len(visits_of(made, "R1-0")) < row["required"]


def test_a_store_leaves_and_comes_back(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    n_visits = len(visits_of(plan, "R1-2"))
    gone = tenant.post(f"/v1/plans/{plan['id']}:remove", {"store_id": "R1-2"})
    assert gone.status_code == 201, gone.text
    without = gone.json()["plan"]
    assert (visits_of(without, "R1-2"), without["violations"]) == ([], [])
    changes = {one["store_id"]: one["change"] for one in gone.json()["changes"]}
    assert changes.pop("R1-2") == "dropped"
    assert set(changes.values()) <= {"time"}  # days without it begin later
    assert gone.json()["choice"]["days"] == []
    assert without["scenario_id"] != plan["scenario_id"]
    stores = tenant.get(f"/v1/scenarios/{without['scenario_id']}").json()["scenario"]["stores"]
    assert {one["id"]: one["status"] for one in stores}["R1-2"] == "closed"

    path = f"/v1/plans/{without['id']}:insert"
    shown = tenant.post(path, {"store_id": "R1-2", "dry_run": True}).json()
    assert 1 <= len(shown["choices"]) <= 5
    assert shown["choice"] == shown["choices"][0]
    back = tenant.post(path, {"store_id": "R1-2"}).json()["plan"]
    assert visits_of(back, "R1-2") == shown["choice"]["days"]
    assert len(visits_of(back, "R1-2")) == n_visits
    assert (back["parent_id"], back["violations"]) == (without["id"], [])
    second = shown["choices"][1]["days"]
    named = tenant.post(path, {"store_id": "R1-2", "days": second}).json()["plan"]
    assert visits_of(named, "R1-2") == second
    has_all = tenant.post(f"/v1/plans/{back['id']}:insert", {"store_id": "R1-2"})
    assert has_all.status_code == 422
    issues = has_all.json()["issues"]
    assert [(i["code"], i["path"]) for i in issues] == [("ALL_VISITS_SCHEDULED", "store_id")]


def test_a_new_store_of_the_master_data_joins_a_plan(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}:insert"
    tenant.post("/v1/stores", store(7, opened_on="2026-03-04"))
    made = tenant.post(path, {"store_id": "S007"})
    assert made.status_code == 201, made.text
    assert visits_of(made.json()["plan"], "S007") == made.json()["choice"]["days"] != []
    changes = {one["store_id"]: one["change"] for one in made.json()["changes"]}
    assert changes.pop("S007") == "new"
    assert set(changes.values()) <= {"time"}
    before = {route["day"]: route for route in plan["plan"]["routes"]}
    for route in made.json()["plan"]["plan"]["routes"]:
        if route["day"] not in made.json()["choice"]["days"]:
            assert route["stops"] == before[route["day"]]["stops"]
    tenant.post("/v1/stores", store(8, rep="R2"))  # the plan has no such rep
    refused = tenant.post(path, {"store_id": "S008"})
    assert refused.status_code == 422
    assert "UNKNOWN_REP" in {issue["code"] for issue in refused.json()["issues"]}


def test_a_store_without_allowed_days_cannot_be_inserted(tenant: Tenant, work: Work) -> None:
    body = with_one_closed()
    body["stores"][3]["opening_hours"] = "Su 10:00-12:00"
    plan = solved_plan(tenant, work, scenario=body)
    refused = tenant.post(f"/v1/plans/{plan['id']}:insert", {"store_id": "R1-3"})
    assert (refused.status_code, refused.json()["code"]) == (409, "NO_CHOICE_OF_DAYS")
    assert {issue["path"] for issue in refused.json()["issues"]} == {"store_id"}


def test_insert_is_refused_where_no_visit_is_gained(tenant: Tenant, work: Work) -> None:
    body: Any = scenario()
    body["stores"][3] |= {"frequency": "2/week", "opening_hours": "Tu 09:00-18:00"}
    plan = solved_plan(tenant, work, scenario=body)
    present = visits_of(plan, "R1-3")
    assert present
    path = f"/v1/plans/{plan['id']}:insert"
    for days in ([], present):
        refused = tenant.post(path, {"store_id": "R1-3", "days": days, "rep": "R1"})
        assert (refused.status_code, refused.json()["code"]) == (409, "NO_CHOICE_OF_DAYS")
    assert n_plans(tenant) == 1


def test_what_is_named_has_to_be_there(tenant: Tenant, other_tenant: Tenant, work: Work) -> None:
    shared: Any = with_one_closed()
    shared["reps"].append({"id": "R2", "base_lat": 52.52, "base_lon": 13.40})
    del shared["stores"][3]["rep"]
    plan = solved_plan(tenant, work, scenario=shared)
    path = f"/v1/plans/{plan['id']}"
    for verb, body, told in (
        ("move", {"store_id": "R1-9", "days": [0]}, ("UNKNOWN_STORE", "store_id")),
        ("move", {"store_id": "R1-3", "days": [0]}, ("STORE_NOT_PLANNED", "store_id")),
        ("move", {"store_id": "R1-0", "days": [400]}, ("UNKNOWN_DAY", "days")),
        ("move", {"store_id": "R1-0", "days": [0], "rep": "R9"}, ("UNKNOWN_REP", "rep")),
        ("move", {"store_id": "R1-0", "days": []}, ("WRONG_VALUE", "days")),
        ("insert", {"store_id": "R1-9"}, ("UNKNOWN_STORE", "store_id")),
        ("insert", {"store_id": "R1-3", "days": [0]}, ("REP_MISSING", "rep")),
        ("remove", {"store_id": "R1-3"}, ("STORE_NOT_PLANNED", "store_id")),
        ("remove", {"store_id": "R1-0", "status": "gone"}, ("WRONG_VALUE", "status")),
    ):
        refused = tenant.post(f"{path}:{verb}", body)
        assert refused.status_code == 422, (verb, body)
        assert [(i["code"], i["path"]) for i in refused.json()["issues"]] == [told]
    other = f"/v1/plans/{UUID(int=1)}:remove"
    assert tenant.post(other, {"store_id": "R1-0"}).status_code == 404
    assert other_tenant.post(f"{path}:remove", {"store_id": "R1-0"}).status_code == 404
    for role in ("supervisor", "rep"):
        refused = tenant.post(f"{path}:remove", {"store_id": "R1-0"}, role=role)
        assert (refused.status_code, refused.json()["code"]) == (403, "ROLE_NOT_ALLOWED")
    assert n_plans(tenant) == 1
