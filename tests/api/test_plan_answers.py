"""Answers about plans over HTTP: choices of days, what fills a day, reserve, comparison."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.comparison.map import write_difference
from routeplanner.jobs.work import Work
from routeplanner.planning.compare import compare_plans, judged_plan
from routeplanner.planning.reserve import reserve_report
from routeplanner.planning.standing.explaining import explain_day, explain_store
from routeplanner.planning.standing.standing import stand
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases import compared_plans, explained_plans
from tests.service import Tenant, scenario, solved_plan

PARTS = (
    "/stores/R1-1",
    "/reps/R1/days/0",
    "/reserve",
    "/comparison?with={id}",
    "/comparison/map?with={id}",
)


def in_python(tenant: Tenant, plan: dict[str, Any]) -> tuple[Plan, Scenario]:
    """A plan and its scenario as the packages have them."""
    found = tenant.get(f"/v1/scenarios/{plan['scenario_id']}").json()["scenario"]
    return Plan.model_validate(plan["plan"]), Scenario.model_validate(found)


def test_answers_are_those_of_the_package(tenant: Tenant, work: Work) -> None:
    made = solved_plan(tenant, work, scenario=scenario(reps=("R1", "R2")))
    path = f"/v1/plans/{made['id']}"
    plan, given = in_python(tenant, made)
    matrix = travel_matrix(given)
    standing = stand(given, matrix, plan)
    store = tenant.get(f"{path}/stores/R1-1").json()
    assert store == explain_store(standing, "R1-1").model_dump(mode="json")
    assert store["scheduled"] == store["required"] > 0
    assert [choice["is_present"] for choice in store["choices"]].count(True) == 1
    rep, day = store["present"][0]
    filled = tenant.get(f"{path}/reps/{rep}/days/{day}").json()
    expected = explain_day(standing, rep, day)
    assert expected is not None
    assert filled == expected.model_dump(mode="json")
    assert "R1-1" in {entry["store_id"] for entry in filled["stores"]}
    for query, percents in (("", (10, 20, 30)), ("?longer=5&longer=900", (5, 900))):
        found = tenant.get(f"{path}/reserve{query}").json()
        report = reserve_report(given, plan, matrix, percents=percents)
        assert found == report.model_dump(mode="json")
    longer = [total["longer_minutes"] for total in found["totals"]]
    assert longer[0] > 0
    assert longer[1] == pytest.approx(180 * longer[0], rel=0.01)


def test_plans_stand_side_by_side(tenant: Tenant, work: Work) -> None:
    first = solved_plan(tenant, work, name="today")
    visits = [
        {"rep": "R1", "week": 1, "weekday": "fri", "store_id": f"R1-{number}"} for number in (2, 1)
    ]
    by_hand = tenant.post("/v1/plans:import", {"parent_id": first["id"], "visits": visits}).json()
    path = f"/v1/plans/{first['id']}/comparison"
    found = tenant.get(f"{path}?with={by_hand['id']}&with={by_hand['id']}&with={first['id']}")
    assert [plan["plan_id"] for plan in found.json()["plans"]] == [first["id"], by_hand["id"]]
    assert [plan["is_by_hand"] for plan in found.json()["plans"]] == [False, True]
    (plan, given), (other, _) = in_python(tenant, first), in_python(tenant, by_hand)
    matrix = travel_matrix(given)
    expected = compare_plans(
        [judged_plan("today", one, given, matrix) for one in (plan, other)]
    ).model_dump(mode="json", by_alias=True)
    assert found.json()["rows"] == expected["rows"]
    assert found.json()["days"] == expected["days"]
    assert found.json()["plans"][1]["changed"] == expected["plans"][1]["changed"] != []


def test_what_differs_is_drawn_as_on_the_command_line(
    tenant: Tenant, work: Work, tmp_path: Path
) -> None:
    first = solved_plan(tenant, work, name="today")
    visits = [{"rep": "R1", "week": 1, "weekday": "fri", "store_id": "R1-2"}]
    by_hand = tenant.post("/v1/plans:import", {"parent_id": first["id"], "visits": visits}).json()
    page = tenant.get(f"/v1/plans/{first['id']}/comparison/map?with={by_hand['id']}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in page.headers["content-security-policy"]
    plans = [(record["name"], *in_python(tenant, record)) for record in (first, by_hand)]
    write_difference(plans, plans[0][1].cycle.weeks, tmp_path / "page.html", "en")
    assert page.text == (tmp_path / "page.html").read_text(encoding="utf-8")


def test_what_is_not_there_is_not_found(tenant: Tenant, other_tenant: Tenant, work: Work) -> None:
    closed: Any = scenario()
    closed["stores"][3]["status"] = "closed"
    plan = solved_plan(tenant, work, scenario=closed)
    path = f"/v1/plans/{plan['id']}"
    for below in (
        "/stores/R1-9", "/reps/R9/days/0", "/reps/R1/days/999", f"/comparison?with={UUID(int=1)}",
    ):  # fmt: skip
        assert tenant.get(path + below).status_code == 404, below
    for below in ("/reserve?longer=0", "/comparison", "/comparison?with=x", "/reps/R1/days/mon"):
        refused = tenant.get(path + below)
        assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_REQUEST"), below
    six = "&with=".join(str(UUID(int=number)) for number in range(6))
    assert tenant.get(f"{path}/comparison?with={six}").status_code == 422
    refused = tenant.get(f"{path}/stores/R1-3")
    assert refused.status_code == 422
    assert [issue["code"] for issue in refused.json()["issues"]] == ["STORE_NOT_PLANNED"]
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()
    for below in PARTS:
        there = below.format(id=plan["id"])
        empty = tenant.get(f"/v1/plans/{queued['id']}{there}")
        assert (empty.status_code, empty.json()["code"]) == (409, "PLAN_EMPTY"), below
        assert other_tenant.get(path + there).status_code == 404, below
    beside = tenant.get(f"{path}/comparison?with={queued['id']}")
    assert beside.json()["code"] == "PLAN_EMPTY"


@pytest.mark.parametrize("role", ["supervisor", "rep"])
def test_restricted_roles_are_told_of_their_own(tenant: Tenant, work: Work, role: str) -> None:
    body: Any = scenario(reps=("R1", "R2"))
    del body["stores"][0]["rep"]  # may be visited by either
    plan = solved_plan(tenant, work, scenario=body)
    path = f"/v1/plans/{plan['id']}"
    for below in PARTS:
        there = path + below.format(id=plan["id"])
        shown = tenant.get(there, role=role)
        assert shown.status_code == 200, shown.text
        assert "R2" not in shown.text, below
    assert "R2" in tenant.get(f"{path}/reserve").text
    assert tenant.get(f"{path}/stores/R2-1", role=role).status_code == 404
    assert tenant.get(f"{path}/reps/R2/days/0", role=role).status_code == 404
    others = solved_plan(tenant, work, scenario=scenario(reps=("R2",)))
    beside = tenant.get(f"{path}/comparison?with={others['id']}", role=role)
    assert beside.status_code == 404


def test_no_connection_is_held_while_an_answer_is_computed(
    tenant: Tenant, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = solved_plan(tenant, work)
    app: Any = tenant.client.app
    pool: Any = app.state.service.database.engine.pool
    held = []

    def looked(compute: Any) -> Any:
        def look(*given: Any) -> Any:
            held.append(pool.checkedout())
            return compute(*given)

        return look

    for module, name in (
        (explained_plans, "explain_store"),
        (explained_plans, "explain_day"),
        (explained_plans, "reserve_of"),
        (compared_plans, "compare"),
        (compared_plans, "difference_map"),
    ):
        monkeypatch.setattr(module, name, looked(getattr(module, name)))
    for below in PARTS:
        there = below.format(id=plan["id"])
        assert tenant.get(f"/v1/plans/{plan['id']}{there}").status_code == 200
    assert held == [0] * len(PARTS)
