"""Supervisors and reps see of scenarios and plans what concerns their own reps, and no more."""

from typing import Any

import pytest

from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import PlanRow
from tests.service import Tenant, scenario, solved_plan

RESTRICTED = ("supervisor", "rep")


def test_restricted_roles_see_their_part_of_a_plan(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    path = f"/v1/plans/{plan['id']}"
    for role in ("supervisor", "rep"):
        part = tenant.get(path, role=role).json()
        assert {route["rep"] for route in part["plan"]["routes"]} == {"R1"}
        assert [review["rep"] for review in part["reviews"]] == ["R1"]
        for below in ("/routes", "/measures", "/map", "/export?format=json", "/export?format=csv"):
            shown = tenant.get(path + below, role=role)
            assert shown.status_code == 200
            assert "R2-" not in shown.text
        seen = tenant.get(f"/v1/scenarios/{plan['scenario_id']}", role=role)
        assert "R2-" not in seen.text
    others = solved_plan(tenant, work, scenario=scenario(reps=("R2",)))
    assert tenant.get(f"/v1/plans/{others['id']}", role="supervisor").status_code == 404
    assert len(tenant.get("/v1/plans", role="rep").json()["items"]) == 1


def test_stores_of_any_rep_are_seen_by_who_visits_them(tenant: Tenant, work: Work) -> None:
    body: Any = scenario(reps=("R1", "R2"))
    for entry in body["stores"]:
        del entry["rep"]
    plan = solved_plan(tenant, work, scenario=body)
    visited = {
        stop["store_id"]
        for route in plan["plan"]["routes"]
        if route["rep"] == "R1"
        for stop in route["stops"]
        if stop["kind"] == "visit"
    }
    path = f"/v1/plans/{plan['id']}"
    seen = tenant.get(f"{path}/measures", role="rep").json()
    assert sum(entry["scheduled"] for entry in seen["by_class"].values()) >= len(visited)
    assert {entry["rep"] for entry in seen["by_rep"]} == {"R1"}
    assert tenant.get(f"{path}/map", role="rep").status_code == 200


@pytest.mark.parametrize("role", RESTRICTED)
def test_of_a_scenario_own_stores_and_travel_are_seen(tenant: Tenant, role: str) -> None:
    body: Any = scenario(n=2, reps=("R1", "R2", "R3"))
    ids = [*(store["id"] for store in body["stores"]), "rep:R1", "rep:R2", "rep:R3"]
    rows = [[0 if a == b else 7 for b in ids] for a in ids]
    body["matrix"] = {"source": "ours", "ids": ids, "minutes": rows, "km": rows}
    kept = tenant.post("/v1/scenarios", {"scenario": body})
    assert kept.status_code == 201, kept.text
    path = f"/v1/scenarios/{kept.json()['id']}"
    assert tenant.get(path).json()["n_stores"] == 6
    for seen in (tenant.get("/v1/scenarios", role=role), tenant.get(path, role=role)):
        assert "R2" not in seen.text
        assert "R3" not in seen.text
    part = tenant.get(path, role=role).json()
    assert (part["reps"], part["n_stores"], len(part["scenario"]["stores"])) == (["R1"], 2, 2)
    assert set(part["scenario"]["matrix"]["ids"]) == {"R1-0", "R1-1", "rep:R1"}


@pytest.mark.parametrize("role", RESTRICTED)
def test_a_failure_names_nothing_of_others(tenant: Tenant, work: Work, role: str) -> None:
    rules = {label: {"frequency": "1/week", "service_minutes": 10} for label in ("A", "B", "C")}
    policy = {"visit_rules": rules, "calendar": "auto", "templates": 24}
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")), policy=policy)
    path = f"/v1/plans/{plan['id']}"
    told = plan["failure"]
    assert told["issues"]
    for seen in (tenant.get(path, role=role), tenant.get("/v1/plans", role=role)):
        shown = seen.json()
        failure = shown["items"][0]["failure"] if "items" in shown else shown["failure"]
        assert (failure["code"], failure["issues"]) == ("NO_CALENDAR", [])
        assert told["message"] not in seen.text
    events = tenant.get(f"{path}/events", role=role).text
    assert "NO_CALENDAR" in events
    assert told["message"] not in events


def test_totals_of_a_search_are_not_told_to_who_sees_a_part(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    path = f"/v1/plans/{plan['id']}"
    progress = {
        "share": 0.5, "score_minutes": 7.5, "missing_visits": 3, "iterations": 9, "seconds": 1.5,
    }  # fmt: skip
    with work.database.transaction(Actor(tenant.id)) as session:
        session.query(PlanRow).update({"progress": progress})
    assert tenant.get(path).json()["progress"] == progress
    cut = progress | {"score_minutes": None, "missing_visits": None}
    assert tenant.get(path, role="rep").json()["progress"] == cut
    assert "required_visits" in tenant.get(f"{path}/events").text
    assert "required_visits" not in tenant.get(f"{path}/events", role="rep").text


def test_violations_of_own_stores_are_seen(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    made = tenant.post("/v1/plans:import", {"parent_id": plan["id"], "visits": []}).json()
    short = [entry["store_id"] for entry in made["violations"]]
    assert {store[:2] for store in short} == {"R1", "R2"}
    seen = tenant.get(f"/v1/plans/{made['id']}", role="rep").json()["violations"]
    assert [entry["store_id"] for entry in seen] == [id_ for id_ in short if id_[:2] == "R1"]


def test_changes_since_a_plan_of_other_stores_are_told(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, scenario=scenario(n=6, reps=("R1", "R2")))
    fewer = scenario(n=3, reps=("R1", "R2"))
    second = solved_plan(tenant, work, scenario=fewer, warm_start_plan_id=first["id"])
    for role in ("planner", "rep"):
        found = tenant.get(f"/v1/plans/{second['id']}/export?format=xlsx", role=role)
        assert found.status_code == 200, found.text
