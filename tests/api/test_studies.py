"""Studies: what if, prices of rules and fit are asked for, watched and stopped like plans."""

from typing import Any

import pytest

from routeplanner.domain.fit import Fit
from routeplanner.domain.prices import PriceList
from routeplanner.domain.what_if import WhatIf
from routeplanner.jobs.work import Work
from tests.planning.fit.test_find import never_open, one_house
from tests.service import Tenant, run_job, scenario, solved_plan

QUICK = {"termination": {"iterations": 3}, "seeds": 1}
WHAT_IF: dict[str, Any] = {
    "kind": "what_if",
    "alternatives": [
        {"changes": {"A.frequency": "2/week", "C.minutes": 8}},
        {"name": "one more rep", "changes": {"reps": "+1"}},
    ],
}


def asked(tenant: Tenant, **fields: Any) -> Any:
    body = {"scenario": scenario(), **QUICK} | fields
    answer = tenant.post("/v1/studies", body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/studies/{answer.json()['id']}"
    return answer.json()


def answered(tenant: Tenant, work: Work, **fields: Any) -> Any:
    study = asked(tenant, **fields)
    run_job(tenant, work, "studies", study["id"])
    return tenant.get(f"/v1/studies/{study['id']}").json()


def issues(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(issue["code"], issue["path"]) for issue in answer.json()["issues"]]


def test_what_if_sets_alternatives_beside_what_is(tenant: Tenant, work: Work) -> None:
    study = answered(tenant, work, **WHAT_IF)
    assert study["status"] == "solved", study["failure"]
    assert study["queued_at"] <= study["solving_at"] <= study["solved_at"]
    result = WhatIf.model_validate(study["result"])
    names = [each.alternative.name for each in result.alternatives]
    assert names == ["A.frequency=2/week C.minutes=8", "one more rep"]
    assert result.alternatives[0].alternative.policy_lines == (
        'visit_rules.A.frequency = "2/week"',
        "visit_rules.C.service_minutes = 8",
    )
    assert result.alternatives[0].best.required_visits > result.base.best.required_visits
    assert result.alternatives[1].alternative.more_reps == 1
    assert (result.seeds, result.iterations) == ((0,), 3)


def test_prices_are_differences_of_two_plans(tenant: Tenant, work: Work) -> None:
    study = answered(tenant, work, kind="prices", only=["lunch", "reps"])
    result = PriceList.model_validate(study["result"])
    assert [price.rule.code for price in result.prices] == ["reps", "lunch"]
    lunch = result.prices[1]
    assert lunch.solved is not None
    assert lunch.hours is not None
    needed = result.base.best.needed_hours - lunch.solved.best.needed_hours
    assert lunch.hours.of_best == pytest.approx(needed)


def test_fit_names_the_relaxation_with_which_all_is_scheduled(tenant: Tenant, work: Work) -> None:
    given: Any = one_house(5, 24).model_dump(mode="json", by_alias=True)
    fields = {"termination": {"iterations": 20}, "allow": ["A.frequency", "reps"]}
    study = answered(tenant, work, kind="fit", scenario=given, **fields)
    result = Fit.model_validate(study["result"])
    assert (result.status, result.points, result.is_smallest) == ("fitted", 6, True)
    assert [each.key for each in result.relaxations] == ["A.frequency"]
    assert result.base.missing_visits == 4
    assert result.figures is not None
    assert result.figures.is_complete


def test_fit_names_the_stores_that_can_never_be_placed(tenant: Tenant, work: Work) -> None:
    given: Any = never_open(one_house(2, 3)).model_dump(mode="json", by_alias=True)
    study = answered(tenant, work, kind="fit", scenario=given, allow=["A.frequency", "reps"])
    assert (study["result"]["status"], study["result"]["tried"]) == ("not_found", [])
    told = study["result"]["stores_without_days"]
    assert [(each["store_id"], each["class"]) for each in told] == [("B02", "B")]
    assert told[0]["code"] == "CLOSED_ON_ALLOWED_DAYS"


def test_every_search_begins_with_the_plan_that_is_named(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    body = {"kind": "what_if", "alternatives": WHAT_IF["alternatives"][:1], **QUICK}
    named = {"scenario_id": plan["scenario_id"], "warm_start_plan_id": plan["id"]}
    made = tenant.post("/v1/studies", body | named).json()
    run_job(tenant, work, "studies", made["id"])
    study = tenant.get(f"/v1/studies/{made['id']}").json()
    assert study["result"]["is_start_given"] is True
    assert (study["scenario_id"], study["warm_start_plan_id"]) == (plan["scenario_id"], plan["id"])
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    empty = tenant.post("/v1/studies", body | named | {"warm_start_plan_id": queued["id"]})
    assert (empty.status_code, empty.json()["code"]) == (409, "PLAN_EMPTY")


def test_plans_are_kept_as_drafts_with_their_scenarios(tenant: Tenant, work: Work) -> None:
    study = answered(tenant, work, **WHAT_IF, keep_plans=True, name="spring")
    plans = study["plans"]
    assert [each["alternative"] for each in plans] == [
        "", "A.frequency=2/week C.minutes=8", "one more rep",
    ]  # fmt: skip
    assert plans[0]["scenario_id"] == study["scenario_id"]
    result = WhatIf.model_validate(study["result"])
    solved = (result.base, *result.alternatives)
    for kept, expected in zip(plans, solved, strict=True):
        plan = tenant.get(f"/v1/plans/{kept['plan_id']}").json()
        assert (plan["status"], plan["scenario_id"]) == ("solved", kept["scenario_id"])
        assert {review["status"] for review in plan["reviews"]} == {"draft"}
        minutes = sum(day["work_minutes"] for day in plan["plan"]["measures"]["by_day"])
        assert minutes / 60 == pytest.approx(expected.best.work_hours)
        assert len(plan["violations"]) == expected.broken_rules
        assert tenant.get(f"/v1/plans/{kept['plan_id']}/reserve").status_code == 200
    changed = tenant.get(f"/v1/scenarios/{plans[1]['scenario_id']}").json()
    assert changed["name"] == "spring: A.frequency=2/week C.minutes=8"
    assert changed["scenario"]["policy"]["visit_rules"]["C"]["service_minutes"] == 8
    beside = "&with=".join(each["plan_id"] for each in plans[1:])
    compared = tenant.get(f"/v1/plans/{plans[0]['plan_id']}/comparison?with={beside}")
    assert compared.status_code == 200, compared.text
    events = tenant.get(f"/v1/plans/{plans[1]['plan_id']}/events").text
    assert events.count("event: solved") == 1
    [made] = tenant.get(f"/v1/audit?entity=plans&entity_id={plans[2]['plan_id']}").json()["items"]
    assert (made["action"], made["person_id"]) == ("created", str(tenant.people["admin"]))


def test_what_cannot_be_asked_is_refused_at_once(tenant: Tenant) -> None:
    def refused(**fields: Any) -> list[tuple[str, str]]:
        answer = tenant.post("/v1/studies", {"scenario": scenario(), **QUICK} | fields)
        assert "--" not in answer.text
        return issues(answer)

    def setting(**changes: Any) -> dict[str, Any]:
        return {"kind": "what_if", "alternatives": [{"changes": {"reps": 2}}, {"changes": changes}]}

    at = "alternatives[1].changes"
    assert refused(**setting(nothing=1, reps="many")) == [
        ("UNKNOWN_SET_KEY", f"{at}.nothing"),
        ("WRONG_SET_VALUE", f"{at}.reps"),
    ]
    assert refused(**setting(**{"A.frequency": "9/week"})) != []
    assert refused(**setting()) == [("WRONG_VALUE", at)]
    assert refused(kind="prices", only=["weather"]) == [("WRONG_VALUE", "only[0]")]
    assert refused(kind="fit", allow=["reps", "D.minutes"]) == [("UNKNOWN_LEVER", "allow[1]")]
    fault = {"name": "a\x00b", "changes": {"reps": 2}}
    assert refused(kind="what_if", alternatives=[fault]) == [
        ("WRONG_VALUE", "alternatives[0].name")
    ]
    assert refused(kind="guess") == [("WRONG_VALUE", "body")]
    long = {"termination": {"spent_seconds": 1201}}
    assert refused(**WHAT_IF, **long) == [("SEARCH_TOO_LONG", "termination.spent_seconds")]
    assert refused(kind="fit", within_seconds=3601, **long) == [
        ("SEARCH_TOO_LONG", "within_seconds")
    ]
    assert tenant.get("/v1/studies").json()["items"] == []


def test_an_alternative_that_makes_no_scenario_is_told_by_its_place(tenant: Tenant) -> None:
    both = {"kind": "what_if", "alternatives": [{"changes": {"hours": "09:00-09:20"}}]}
    answer = tenant.post("/v1/studies", {"scenario": scenario(), **QUICK} | both)
    assert {path for _, path in issues(answer)} == {"alternatives[0]"}


def test_studies_come_in_pages(tenant: Tenant) -> None:
    made = [asked(tenant, **WHAT_IF)["id"] for _ in range(3)]
    prices = asked(tenant, kind="prices")
    page = tenant.get("/v1/studies?kind=what_if&limit=2").json()
    assert [study["id"] for study in page["items"]] == made[:0:-1]
    assert "result" not in page["items"][0]
    rest = tenant.get(f"/v1/studies?kind=what_if&cursor={page['next']}").json()
    assert [study["id"] for study in rest["items"]] == made[:1]
    own = tenant.get(f"/v1/studies?scenario_id={prices['scenario_id']}&status=queued").json()
    assert [study["id"] for study in own["items"]] == [prices["id"]]


def test_one_key_asks_for_one_study(tenant: Tenant) -> None:
    body = {"scenario": scenario(), **WHAT_IF, **QUICK}
    answers = [
        tenant.post("/v1/studies", body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert answers[0].text == answers[1].text
    assert len(tenant.get("/v1/studies").json()["items"]) == 1


def test_roles(tenant: Tenant, other_tenant: Tenant) -> None:
    own = asked(tenant, **WHAT_IF)
    shared = asked(tenant, **WHAT_IF, scenario=scenario(reps=("R1", "R2")))
    for role, n_seen in (("planner", 2), ("supervisor", 1), ("rep", 1)):
        seen = tenant.get("/v1/studies", role=role).json()["items"]
        assert [study["id"] for study in seen] == [shared["id"], own["id"]][-n_seen:]
    for role in ("planner", "supervisor", "rep"):
        is_planner = role == "planner"
        assert tenant.get(f"/v1/studies/{own['id']}", role=role).status_code == 200
        of_others = tenant.get(f"/v1/studies/{shared['id']}", role=role)
        assert of_others.status_code == (200 if is_planner else 404)
        body = {"scenario": scenario(), **WHAT_IF, **QUICK}
        made = tenant.post("/v1/studies", body, role=role)
        assert made.status_code == (202 if is_planner else 403)
        stopped = tenant.delete(f"/v1/studies/{own['id']}", role=role)
        assert stopped.status_code == (200 if is_planner else 403)
    assert other_tenant.get(f"/v1/studies/{own['id']}").status_code == 404
    assert other_tenant.delete(f"/v1/studies/{own['id']}").status_code == 404
    assert other_tenant.get("/v1/studies").json()["items"] == []


def test_a_study_that_waits_is_stopped_at_once(tenant: Tenant, work: Work) -> None:
    study = asked(tenant, **WHAT_IF)
    path = f"/v1/studies/{study['id']}"
    for _ in range(2):
        stopped = tenant.delete(path)
        assert (stopped.status_code, stopped.json()["status"]) == (200, "canceled")
    run_job(tenant, work, "studies", study["id"])
    assert tenant.get(path).json() == stopped.json()
    found = tenant.get(f"/v1/audit?entity=studies&entity_id={study['id']}").json()["items"]
    assert [change["action"] for change in found] == ["stopped", "requested"]
