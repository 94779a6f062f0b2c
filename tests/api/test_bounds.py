"""Bounds: how good a plan is, asked of the plan as a study and answered as in Python."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_bound import DEFAULT_SECONDS, PlanBound
from routeplanner.domain.scenario import Scenario
from routeplanner.jobs.work import Work
from routeplanner.planning.bound import bound_of
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import StudyRow
from tests.planning.small_plans import small_scenario
from tests.service import Tenant, run_job, scenario, solved_plan


def asked(tenant: Tenant, plan_id: str, **fields: Any) -> Any:
    answer = tenant.post("/v1/studies", {"kind": "bound", "plan_id": plan_id} | fields)
    assert answer.status_code == 202, answer.text
    return answer.json()


def refused(tenant: Tenant, **fields: Any) -> list[tuple[str, str]]:
    answer = tenant.post("/v1/studies", {"kind": "bound"} | fields)
    assert answer.status_code == 422, answer.text
    return [(issue["code"], issue["path"]) for issue in answer.json()["issues"]]


def test_a_plan_is_held_against_the_bound_that_python_finds(tenant: Tenant, work: Work) -> None:
    """With the travel matrix of the scenario: 210 minutes are those of ten between any places."""
    given = small_scenario().model_dump(mode="json", by_alias=True)
    plan = solved_plan(tenant, work, scenario=given)
    study = asked(tenant, plan["id"], name="how good", seconds=3600)
    assert (study["kind"], study["name"], study["status"]) == ("bound", "how good", "queued")
    assert study["options"] == {"kind": "bound", "seconds": 3600}
    named = study["plan_id"], study["scenario_id"], study["warm_start_plan_id"]
    assert named == (plan["id"], plan["scenario_id"], None)
    run_job(tenant, work, "studies", study["id"])
    found = tenant.get(f"/v1/studies/{study['id']}").json()
    assert found["status"] == "solved", found["failure"]
    content = tenant.get(f"/v1/scenarios/{plan['scenario_id']}").json()["scenario"]
    expected = bound_of(
        Scenario.model_validate(content), Plan.model_validate(plan["plan"]), seconds=3600
    )
    told = dict(found["result"])
    assert told.pop("seconds") >= 0
    assert told == expected.model_dump(mode="json", exclude={"seconds"})
    assert (told["least_score"], told["is_final"]) == (210, True)
    assert told["gap_minutes"] == told["score"] - 210
    assert PlanBound.model_validate(found["result"]).gap_percent == told["gap_percent"]
    assert found["plans"] is None


def test_bounds_of_a_plan_are_found_by_it(tenant: Tenant, work: Work) -> None:
    plans = [solved_plan(tenant, work) for _ in range(2)]
    made = [asked(tenant, plan["id"])["id"] for plan in (plans[0], plans[1], plans[0])]
    of_scenario = {"kind": "prices", "scenario_id": plans[0]["scenario_id"]}
    begun = of_scenario | {"warm_start_plan_id": plans[0]["id"]}
    assert tenant.post("/v1/studies", begun).json()["plan_id"] is None
    page = tenant.get(f"/v1/studies?plan_id={plans[0]['id']}").json()
    assert [study["id"] for study in page["items"]] == [made[2], made[0]]
    assert page["items"][0]["options"]["seconds"] == DEFAULT_SECONDS
    [newest] = tenant.get(f"/v1/studies?kind=bound&plan_id={plans[1]['id']}").json()["items"]
    assert newest["id"] == made[1]
    assert tenant.get(f"/v1/studies?plan_id={made[0]}").json()["items"] == []


def test_what_cannot_be_asked_of_a_plan_is_refused_at_once(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    nowhere = tenant.post("/v1/studies", {"kind": "bound", "plan_id": plan["scenario_id"]})
    assert nowhere.status_code == 404
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    empty = tenant.post("/v1/studies", {"kind": "bound", "plan_id": queued["id"]})
    assert (empty.status_code, empty.json()["code"]) == (409, "PLAN_EMPTY")
    assert refused(tenant, plan_id=plan["id"], seconds=3601) == [("SEARCH_TOO_LONG", "seconds")]
    assert refused(tenant, plan_id=plan["id"], seconds=0) == [("WRONG_VALUE", "seconds")]
    assert [path for _, path in refused(tenant)] == ["plan_id"]
    for name, value in {
        "termination": {"iterations": 3},
        "seed": 1,
        "seeds": 1,
        "keep_plans": True,
        "scenario_id": plan["scenario_id"],
        "warm_start_plan_id": plan["id"],
        "policy": "five-day",
    }.items():
        assert [path for _, path in refused(tenant, plan_id=plan["id"], **{name: value})] == [name]
    assert tenant.get("/v1/studies").json()["items"] == []


def test_figures_of_a_plan_are_told_to_who_sees_all_of_it(
    tenant: Tenant, other_tenant: Tenant, work: Work
) -> None:
    own = solved_plan(tenant, work)
    shared = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    of_own, of_shared = (asked(tenant, plan["id"])["id"] for plan in (own, shared))
    for role in ("planner", "supervisor", "rep"):
        is_planner = role == "planner"
        body = {"kind": "bound", "plan_id": shared["id"]}
        assert tenant.get(f"/v1/plans/{shared['id']}", role=role).status_code == 200
        made = tenant.post("/v1/studies", body, role=role)
        assert made.status_code == (202 if is_planner else 403)
        assert tenant.get(f"/v1/studies/{of_own}", role=role).status_code == 200
        seen = tenant.get(f"/v1/studies/{of_shared}", role=role)
        assert seen.status_code == (200 if is_planner else 404)
        listed = tenant.get(f"/v1/studies?plan_id={shared['id']}", role=role).json()["items"]
        assert bool(listed) == is_planner
        stopped = tenant.delete(f"/v1/studies/{of_own}", role=role)
        assert stopped.status_code == (200 if is_planner else 403)
    body = {"kind": "bound", "plan_id": own["id"]}
    assert other_tenant.post("/v1/studies", body).status_code == 404
    assert other_tenant.get(f"/v1/studies/{of_own}").status_code == 404


def test_the_database_holds_bounds_to_be_those_of_a_plan(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    study = asked(tenant, plan["id"])
    for changes in ({"plan_id": None}, {"kind": "fit"}):
        with (
            pytest.raises(IntegrityError, match="studies_plan_check"),
            work.database.transaction(Actor(tenant.id)) as session,
        ):
            session.execute(update(StudyRow).where(StudyRow.id == study["id"]).values(changes))
