"""Plans over HTTP: asked for, made by a worker, read, stopped, edited."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import PlanRow
from routeplanner.use_cases.access import command_line_caller
from routeplanner.use_cases.chosen_master_data import MasterDataChoice, from_master_data
from routeplanner.use_cases.plans import plan_of
from tests.service import Tenant, run_job, scenario, solved_plan, store


def test_a_plan_is_asked_for_and_made(tenant: Tenant, work: Work) -> None:
    asked = tenant.post("/v1/plans", {"scenario": scenario(), "termination": {"iterations": 5}})
    assert asked.status_code == 202
    waiting = asked.json()
    assert asked.headers["location"] == f"/v1/plans/{waiting['id']}"
    assert (waiting["status"], waiting["plan"]) == ("queued", None)
    for part in ("routes", "unserved", "measures", "map"):
        for role in ("planner", "rep"):
            empty = tenant.get(f"/v1/plans/{waiting['id']}/{part}", role=role)
            assert (empty.status_code, empty.json()["code"]) == (409, "PLAN_EMPTY")

    made = solved_plan(tenant, work)
    assert made["status"] == "solved"
    assert made["solved_at"] >= made["solving_at"] >= made["queued_at"]
    assert made["plan"]["scheduled_visits"] == made["plan"]["required_visits"] > 0
    assert made["violations"] == []
    assert [review["status"] for review in made["reviews"]] == ["draft"]


def test_parts_and_files_of_a_plan(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}"
    assert tenant.get(f"{path}/routes").json() == plan["plan"]["routes"]
    assert tenant.get(f"{path}/unserved").json() == []
    assert tenant.get(f"{path}/measures").json() == plan["plan"]["measures"]
    assert plan["plan"]["id"] == plan["id"]
    page = tenant.get(f"{path}/map")
    assert plan["id"] in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("sandbox")
    label = plan["plan"]["routes"][0]["template"]
    assert label in tenant.get(f"{path}/days/{label}").text
    assert tenant.get(f"{path}/days/T99").status_code == 404
    for name, start in (
        ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfrep"), ("geojson", b"{"), ("gpx", b"<?xml"),
        ("kml", b"<?xml"), ("json", b"{"),
    ):  # fmt: skip
        found = tenant.get(f"{path}/export?format={name}")
        assert found.status_code == 200, name
        assert found.content.startswith(start), name
        if name in ("gpx", "kml", "json"):
            assert plan["id"] in found.text, name
    assert tenant.get(f"{path}/export?format=ics").json()["code"] == "INVALID_INPUT"
    calendar = tenant.get(f"{path}/export?format=ics&start_date=2026-03-02")
    assert calendar.content.startswith(b"BEGIN:VCALENDAR")


def test_what_is_stored_is_answered_as_it_is(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    tenant.post(f"/v1/plans/{plan['id']}/reviews/R1", {"action": "submit"})
    path = f"/v1/plans/{plan['id']}"
    with work.database.transaction(Actor(tenant.id)) as session:
        record = plan_of(session, command_line_caller(tenant.id), UUID(plan["id"]))
        assert "review_status" not in (session.get_one(PlanRow, record.id).content or {})
    read = record.model_dump(mode="json", by_alias=True)
    assert tenant.get(path).json() == read
    for part in ("routes", "unserved", "measures"):
        assert tenant.get(f"{path}/{part}").json() == read["plan"][part]
    own = [route for route in read["plan"]["routes"] if route["rep"] == "R1"]
    assert tenant.get(f"{path}/routes?rep=R1").json() == own
    assert tenant.get(f"{path}/routes", role="rep").json() == own
    assert tenant.get(f"{path}/routes?rep=R2", role="rep").json() == []


def test_a_stored_scenario_is_answered_as_it_was_made(tenant: Tenant) -> None:
    made = tenant.post("/v1/scenarios", {"name": "spring", "scenario": scenario()}).json()
    assert tenant.get(f"/v1/scenarios/{made['id']}").json() == made


def test_a_stored_scenario_is_planned(tenant: Tenant, work: Work) -> None:
    kept = tenant.post("/v1/scenarios", {"name": "spring", "scenario": scenario()}).json()
    plan = solved_plan(tenant, work, scenario=None, scenario_id=kept["id"], name="first try")
    assert (plan["name"], tenant.get("/v1/plans").json()["items"][0]["name"]) == ("first try",) * 2
    assert plan["scenario_id"] == kept["id"]
    assert plan["plan"]["provenance"]["scenario_hash"] == kept["content_hash"]
    other = solved_plan(
        tenant, work, scenario=None, scenario_id=kept["id"], policy="handbook-example"
    )
    assert other["scenario_id"] != kept["id"]


def test_master_data_becomes_a_scenario(tenant: Tenant) -> None:
    for number in range(4):
        tenant.post("/v1/stores", store(number, rep="R1" if number < 3 else "R2"))
    chosen = {"reps": ["R1"], "policy": "five-day"}
    made = tenant.post("/v1/scenarios", {"name": "R1", "master_data": chosen})
    assert made.status_code == 201
    stores = made.json()["scenario"]["stores"]
    assert [entry["id"] for entry in stores] == ["S000", "S001", "S002"]
    assert {entry["class_source"] for entry in stores} == {"sales"}


def test_stores_that_name_no_rep_are_told_where_reps_are_chosen(tenant: Tenant) -> None:
    for number, rep in enumerate(["R1", "R1", None, None, "R2"]):
        tenant.post("/v1/stores", store(number, rep=rep, tags=["north"] if number < 3 else []))

    def warned(**chosen: Any) -> dict[str, str | None]:
        body = {"master_data": {"policy": "five-day", **chosen}}
        warnings = tenant.post("/v1/scenarios", body).json()["scenario"]["warnings"]
        return {entry["code"]: entry["value"] for entry in warnings}

    assert warned(reps=["R1"])["STORES_WITHOUT_REP"] == "2"
    assert warned(reps=["R1"], tags=["north"])["STORES_WITHOUT_REP"] == "1"
    assert "STORES_WITHOUT_REP" not in warned()


def test_what_is_missing_is_told_together_and_nothing_that_follows_from_it(tenant: Tenant) -> None:
    chosen: dict[str, Any] = {"reps": ["R7"], "accounts": ["chain-9"], "policy": "six-day"}
    assert _issues(tenant, {"master_data": chosen}) == {
        ("UNKNOWN_REFERENCE", "master_data.reps[0]"),
        ("UNKNOWN_REFERENCE", "master_data.accounts[0]"),
        ("UNKNOWN_POLICY", "policy"),
    }
    assert _issues(tenant, {"master_data": {"reps": ["R1"]}}) == {("NO_STORES", "master_data")}
    body: Any = scenario() | {"policy": "six-day"}
    body["stores"][1]["rep"] = "R9"
    assert _issues(tenant, {"scenario": body}) == {
        ("UNKNOWN_POLICY", "policy"),
        ("UNKNOWN_REP", "stores[1].rep"),
    }


def test_a_policy_that_makes_no_sense_is_told_instead_of_what_follows(tenant: Tenant) -> None:
    rules = {label: {"frequency": "1/week", "service_minutes": 10} for label in ("A", "B", "C")}
    day = {"start": "17:00", "end": "08:00", "lunch_between": ["13:00", "11:00"]}
    policy = {"visit_rules": rules, "working_day": day, "calendar": [], "travel": {"speed_kmh": {}}}
    told = {
        ("WRONG_VALUE", "policy.working_day.end"),
        ("WRONG_VALUE", "policy.working_day.lunch_between"),
        ("WRONG_VALUE", "policy.calendar"),
    }
    body: Any = scenario() | {"policy": policy}
    body["stores"][1]["rep"] = "R9"
    assert _issues(tenant, {"scenario": body}) == told | {("UNKNOWN_REP", "stores[1].rep")}
    kept = tenant.post("/v1/policies", {"external_id": "ours", "policy": policy})
    assert {(entry["code"], entry["path"]) for entry in kept.json()["issues"]} == told
    slow = {"visit_rules": rules, "travel": {"speed_kmh": {"walk": 4}}}
    assert _issues(tenant, {"scenario": scenario() | {"policy": slow}}) == {
        ("NO_SPEED", "policy.travel.speed_kmh.car")
    }


def _issues(tenant: Tenant, body: dict[str, Any]) -> set[tuple[str, str]]:
    refused = tenant.post("/v1/scenarios", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_INPUT"), refused.text
    return {(issue["code"], issue["path"]) for issue in refused.json()["issues"]}


def test_too_many_stores_are_refused_before_they_are_loaded(tenant: Tenant, work: Work) -> None:
    for number in range(2):
        tenant.post("/v1/stores", store(number))
    asked: list[str] = []
    with work.database.transaction(Actor(tenant.id)) as session:
        event.listen(
            session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2])
        )
        refused, issues = from_master_data(session, MasterDataChoice(), most_stores=1)
        assert refused is None
        assert [issue.message for issue in issues] == [
            "2 stores are more than the 1 that one scenario may have"
        ]
        assert not any("stores.details" in query for query in asked)
        fields, issues = from_master_data(session, MasterDataChoice(), most_stores=2)
        assert (len(fields.stores) if fields else 0, issues) == (2, [])
        assert any("stores.details" in query for query in asked)


def test_the_demo_can_be_posted_straight_back(tenant: Tenant) -> None:
    demo = tenant.get("/v1/scenarios/demo").json()
    assert tenant.post("/v1/scenarios:validate", demo).json()["is_valid"] is True
    made = tenant.post("/v1/scenarios", demo)
    assert made.status_code == 201
    again = tenant.post("/v1/scenarios", {"scenario": made.json()["scenario"]})
    assert again.json()["content_hash"] == made.json()["content_hash"]


def test_all_issues_of_a_scenario_are_told_at_once(tenant: Tenant) -> None:
    body: Any = scenario()
    body["stores"][1]["rep"] = "R9"
    body["stores"][2]["id"] = body["stores"][0]["id"]
    verdict = tenant.post("/v1/scenarios:validate", {"scenario": body}).json()
    assert verdict["is_valid"] is False
    paths = {issue["path"].partition(".")[0] for issue in verdict["issues"]}
    assert {"stores[1]", "stores[2]"} <= paths
    refused = tenant.post("/v1/plans", {"scenario": body})
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_INPUT")
    assert tenant.get("/v1/plans").json()["items"] == []


def test_a_waiting_plan_is_canceled_at_once(tenant: Tenant, work: Work) -> None:
    asked = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    stopped = tenant.delete(f"/v1/plans/{asked['id']}").json()
    assert (stopped["status"], stopped["plan"]) == ("canceled", None)
    run_job(tenant, work, "plans", asked["id"])
    assert tenant.get(f"/v1/plans/{asked['id']}").json()["status"] == "canceled"


def test_an_ended_plan_stays_as_it_is(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    assert tenant.delete(f"/v1/plans/{plan['id']}").json()["status"] == "solved"


def test_a_plan_that_cannot_be_made_has_failed_with_the_reason(tenant: Tenant, work: Work) -> None:
    rules = {label: {"frequency": "1/week", "service_minutes": 10} for label in ("A", "B", "C")}
    policy = {"visit_rules": rules, "calendar": "auto", "templates": 24}
    plan = solved_plan(tenant, work, policy=policy)
    assert (plan["status"], plan["failure"]["code"]) == ("failed", "NO_CALENDAR")


def test_a_search_may_begin_with_a_plan(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work)
    second = solved_plan(tenant, work, warm_start_plan_id=first["id"])
    assert (second["parent_id"], second["status"]) == (first["id"], "solved")


def test_a_plan_by_hand_is_judged_and_stored(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work)
    visits = [
        {
            "rep": route["rep"],
            "week": route["week"],
            "weekday": route["weekday"],
            "store_id": stop["store_id"],
            "position": stop["position"],
            "template": route["template"],
        }
        for route in first["plan"]["routes"]
        for stop in route["stops"]
        if stop["kind"] == "visit"
    ]
    body = {"parent_id": first["id"], "visits": visits}
    same = tenant.post("/v1/plans:evaluate", body)
    assert same.status_code == 200
    assert same.json()["violations"] == []
    fewer = {"parent_id": first["id"], "visits": visits[1:]}
    found = {
        entry["code"] for entry in tenant.post("/v1/plans:evaluate", fewer).json()["violations"]
    }
    assert "FREQUENCY_SHORT" in found
    assert len(tenant.get("/v1/plans").json()["items"]) == 1

    kept = tenant.post("/v1/plans:import", body)
    assert kept.status_code == 201
    assert (kept.json()["parent_id"], kept.json()["name"]) == (first["id"], first["name"])
    assert kept.json()["reviews"][0]["status"] == "draft"
    assert kept.json()["plan"]["version"] == 2
    assert kept.json()["plan"]["id"] == kept.json()["id"]


def test_no_organization_reaches_a_plan_of_another(
    tenant: Tenant, other_tenant: Tenant, work: Work
) -> None:
    plan = solved_plan(tenant, work)
    for below in ("", "/routes", "/map", "/events", "/export?format=json", "/reviews"):
        assert other_tenant.get(f"/v1/plans/{plan['id']}{below}").status_code == 404
    foreign = {"scenario_id": plan["scenario_id"]}
    assert other_tenant.post("/v1/plans", foreign).status_code == 404
    warm = {"scenario": scenario(), "warm_start_plan_id": plan["id"]}
    assert other_tenant.post("/v1/plans", warm).status_code == 404


def test_a_search_that_would_take_too_long_is_refused(tenant: Tenant) -> None:
    body = {"scenario": scenario(), "termination": {"spent_seconds": 1e6}}
    assert tenant.post("/v1/plans", body).json()["issues"][0]["code"] == "SEARCH_TOO_LONG"


@pytest.mark.parametrize("status", ["queued", "solved"])
def test_plans_are_listed_newest_first(tenant: Tenant, work: Work, status: str) -> None:
    solved = solved_plan(tenant, work)
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    listed = tenant.get("/v1/plans").json()["items"]
    assert [item["id"] for item in listed] == [queued["id"], solved["id"]]
    assert "plan" not in listed[0]
    found = tenant.get(f"/v1/plans?status={status}").json()["items"]
    assert [item["status"] for item in found] == [status]


def test_the_row_of_a_refused_plan_leaves_no_job(tenant: Tenant, work: Work) -> None:
    body = {"scenario": scenario(), "warm_start_plan_id": str(UUID(int=1))}
    assert tenant.post("/v1/plans", body).status_code == 404
    with work.database.transaction(Actor(tenant.id)) as session:
        assert session.query(PlanRow).count() == 0
