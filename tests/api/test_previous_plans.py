"""Plans over HTTP that keep to the plan before."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import PlanRow
from tests.service import Tenant, run_job, scenario, solved_plan


def days_of(plan: dict[str, Any]) -> dict[str, set[tuple[str, int]]]:
    """Rep and day of the visits of each store."""
    found: dict[str, set[tuple[str, int]]] = {}
    for route in plan["plan"]["routes"]:
        for stop in route["stops"]:
            if stop["kind"] == "visit":
                found.setdefault(stop["store_id"], set()).add((route["rep"], route["day"]))
    return found


def with_one_store_new_and_one_gone() -> Any:
    body: Any = scenario(n=6)
    body["stores"][5] |= {"id": "R1-new", "lat": 52.56}
    return body


def test_a_plan_keeps_to_the_plan_before(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, scenario=scenario(n=6))
    asked = {"previous_plan_id": first["id"], "max_changes": 0, "stability_minutes": 7}
    second = solved_plan(tenant, work, scenario=with_one_store_new_and_one_gone(), **asked)
    assert (second["status"], second["parent_id"]) == ("solved", first["id"])
    keeping = {"stability": 7, "max_changes": 0, "freeze_weeks": 0}
    assert second["options"]["keeping"] == keeping
    kept = second["plan"]["kept"]
    assert (kept["previous_id"], kept["previous_version"]) == (first["id"], 1)
    assert kept["keeping"] == keeping
    assert [kept[name] for name in ("remaining", "changed", "new", "gone")] == [5, 0, 1, 1]
    before, after = days_of(first), days_of(second)
    assert {store for store in before if after.get(store) != before[store]} == {"R1-5"}
    assert second["plan"]["version"] == 2


def test_frozen_weeks_get_no_visit_that_they_did_not_have(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, scenario=scenario(n=6))
    body = with_one_store_new_and_one_gone()
    body["stores"][5]["class"] = "A"
    second = solved_plan(tenant, work, scenario=body, previous_plan_id=first["id"], freeze_weeks=2)
    new = days_of(second)["R1-new"]
    assert new
    assert min(day for _, day in new) >= 10
    assert second["plan"]["kept"]["keeping"]["freeze_weeks"] == 2


def test_a_search_that_goes_on_keeps_to_the_same_plan(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, scenario=scenario(n=6))
    asked = {"previous_plan_id": first["id"], "max_changes": 0}
    second = solved_plan(tenant, work, scenario=with_one_store_new_and_one_gone(), **asked)
    # As if its worker had been stopped: the next attempt begins with what it has kept.
    with work.database.transaction(Actor(tenant.id)) as session:
        values = {"status": "queued", "attempt": 0}
        session.execute(update(PlanRow).where(PlanRow.id == UUID(second["id"])).values(values))
    run_job(tenant, work, "plans", second["id"])
    again = tenant.get(f"/v1/plans/{second['id']}").json()
    assert (again["status"], again["plan"]["version"]) == ("solved", 2)
    assert again["plan"]["kept"] == second["plan"]["kept"]


def test_what_cannot_be_kept_is_refused_before_any_search(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work)
    previous = {"previous_plan_id": first["id"]}
    others = scenario(reps=("R2",))
    weeks = {"name": "short", "scenario": scenario()}
    longer = tenant.post("/v1/scenarios", weeks).json()
    cycle = longer["scenario"]["cycle"]["weeks"]
    for more, told in (
        ({"max_changes": 1, "freeze_weeks": 1}, {
            ("PREVIOUS_MISSING", "max_changes"), ("PREVIOUS_MISSING", "freeze_weeks"),
        }),
        (previous | {"freeze_weeks": cycle + 1}, {("FREEZE_TOO_LONG", "freeze_weeks")}),
        (previous | {"scenario": others}, {("PREVIOUS_OTHER_STORES", "previous_plan_id")}),
        (previous | {"max_changes": -1}, {("WRONG_VALUE", "max_changes")}),
        (previous | {"stability_minutes": "much"}, {("WRONG_VALUE", "stability_minutes")}),
    ):  # fmt: skip
        refused = tenant.post("/v1/plans", {"scenario": scenario()} | more)
        assert refused.status_code == 422, more
        assert {(i["code"], i["path"]) for i in refused.json()["issues"]} == told
    both = previous | {"scenario": scenario(), "warm_start_plan_id": first["id"]}
    assert tenant.post("/v1/plans", both).status_code == 422
    assert len(tenant.get("/v1/plans").json()["items"]) == 1


def test_a_plan_that_is_not_there_yet_cannot_be_kept_to(
    tenant: Tenant, other_tenant: Tenant, work: Work
) -> None:
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    body: Any = {"scenario": scenario(), "previous_plan_id": queued["id"]}
    assert tenant.post("/v1/plans", body).json()["code"] == "PLAN_EMPTY"
    first = solved_plan(tenant, work)
    body["previous_plan_id"] = first["id"]
    assert other_tenant.post("/v1/plans", body).status_code == 404
    with work.database.transaction(Actor(tenant.id)) as session:
        session.execute(
            update(PlanRow).where(PlanRow.id == UUID(first["id"])).values(status="solving")
        )
    refused = tenant.post("/v1/plans", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "PLAN_NOT_ENDED")


def test_who_sees_a_part_is_not_told_what_others_kept(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    second = solved_plan(
        tenant, work, scenario=scenario(reps=("R1", "R2")), previous_plan_id=first["id"]
    )
    path = f"/v1/plans/{second['id']}"
    assert tenant.get(path).json()["plan"]["kept"]["remaining"] == 8
    assert tenant.get(path, role="rep").json()["plan"]["kept"] is None
