"""Who asked for scenarios, plans and imports, and who ended them: in the trail and the records."""

from typing import Any

from routeplanner.jobs.work import Work
from tests.publishing import drafted
from tests.service import Tenant, run_job, scenario


def trail(tenant: Tenant, entity: str, entity_id: str) -> list[tuple[str, str]]:
    """Actions and people, oldest first; every entry names its request."""
    found = tenant.get(f"/v1/audit?entity={entity}&entity_id={entity_id}").json()["items"]
    assert all(change["request_id"] for change in found)
    role_of = {str(person): role for role, person in tenant.people.items()}
    return [(change["action"], role_of[change["person_id"]]) for change in reversed(found)]


def made_by_planner(tenant: Tenant, record: dict[str, Any]) -> bool:
    return record["created_by"] == str(tenant.people["planner"])


def test_plans_and_scenarios_tell_who_asked_for_and_who_stopped_them(tenant: Tenant) -> None:
    asked = tenant.post("/v1/plans", {"scenario": scenario()}, role="planner").json()
    for _ in range(2):
        assert tenant.delete(f"/v1/plans/{asked['id']}").status_code == 200
    assert trail(tenant, "plans", asked["id"]) == [("requested", "planner"), ("stopped", "admin")]
    assert trail(tenant, "scenarios", asked["scenario_id"]) == [("created", "planner")]
    assert made_by_planner(tenant, tenant.get(f"/v1/plans/{asked['id']}").json())
    assert made_by_planner(tenant, tenant.get("/v1/plans").json()["items"][0])
    assert made_by_planner(tenant, tenant.get(f"/v1/scenarios/{asked['scenario_id']}").json())
    by_hand = drafted(tenant)
    assert trail(tenant, "plans", by_hand) == [("created", "admin")]


def test_imports_tell_who_asked_for_confirmed_and_undid_them(tenant: Tenant, work: Work) -> None:
    def asked(n: int, query: str = "") -> str:
        rows = "".join(f"S{number},52,13\n" for number in range(n))
        content = f"id,lat,lon\n{rows}".encode()
        made = tenant.call("POST", f"/v1/stores:import?{query}", content=content, role="planner")
        assert made_by_planner(tenant, made.json())
        return str(made.json()["id"])

    run_job(tenant, work, "imports", asked(4))
    synced = asked(2, "mode=sync")
    run_job(tenant, work, "imports", synced)
    tenant.post(f"/v1/imports/{synced}:confirm")
    run_job(tenant, work, "imports", synced)
    tenant.post(f"/v1/imports/{synced}:undo", role="planner")
    assert trail(tenant, "imports", synced) == [
        ("requested", "planner"),
        ("confirmed", "admin"),
        ("undone", "planner"),
    ]
    given_up = asked(1)
    tenant.delete(f"/v1/imports/{given_up}")
    assert trail(tenant, "imports", given_up)[-1] == ("discarded", "admin")
