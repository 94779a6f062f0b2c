"""Accounts, stores, reps, policies and people over HTTP."""

from typing import Any

import pytest

from routeplanner.domain.master_data import StoreFields
from routeplanner.domain.store import Store
from tests.service import Tenant, scenario, store


def test_a_store_is_created_read_replaced_and_taken_out_of_use(tenant: Tenant) -> None:
    made = tenant.post("/v1/stores", store(1, opening_hours="Mo-Fr 09:00-18:00", tags=["x"]))
    assert made.status_code == 201
    record = made.json()
    assert made.headers["location"] == f"/v1/stores/{record['id']}"
    assert made.headers["etag"] == '"1"'
    assert record["opening_hours"] == "Mo-Fr 09:00-18:00"
    assert record["position"] == {"lat": 52.501, "lon": 13.4}

    assert tenant.get(made.headers["location"]).json() == record
    changed = tenant.put(
        f"/v1/stores/{record['id']}", store(1, name="New"), headers={"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (
        200,
        "New",
        2,
    )
    assert changed.json()["opening_hours"] is None

    assert tenant.delete(f"/v1/stores/{record['id']}").status_code == 204
    assert tenant.get(f"/v1/stores/{record['id']}").json()["is_active"] is False
    again = tenant.put("/v1/stores/by-external-id/S001", store(1))
    assert (again.status_code, again.json()["is_active"]) == (200, True)

    assert tenant.delete(f"/v1/stores/{record['id']}").status_code == 204
    by_id = tenant.put(f"/v1/stores/{record['id']}", store(1))
    assert (by_id.status_code, by_id.json()["is_active"]) == (200, True)


def test_a_change_of_an_outdated_version_is_refused(tenant: Tenant) -> None:
    made = tenant.post("/v1/stores", store(1)).json()
    tenant.put(f"/v1/stores/{made['id']}", store(1, name="first"))
    late = tenant.put(
        f"/v1/stores/{made['id']}", store(1, name="late"), headers={"If-Match": '"1"'}
    )
    assert (late.status_code, late.json()["code"]) == (412, "OUTDATED")
    assert tenant.get(f"/v1/stores/{made['id']}").json()["name"] == "first"


def test_an_external_id_is_unique_within_an_organization(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    assert tenant.post("/v1/stores", store(1)).status_code == 201
    taken = tenant.post("/v1/stores", store(1))
    assert (taken.status_code, taken.json()["code"]) == (409, "EXTERNAL_ID_TAKEN")
    assert other_tenant.post("/v1/stores", store(1)).status_code == 201


def test_a_reference_to_what_is_not_there_is_told(tenant: Tenant) -> None:
    refused = tenant.post("/v1/stores", store(1, rep="R9"))
    assert refused.status_code == 422
    assert refused.json()["issues"][0]["path"] == "rep"
    assert refused.json()["issues"][0]["code"] == "UNKNOWN_REFERENCE"


def test_a_rep_out_of_use_gets_no_stores_but_keeps_their_supervisor(tenant: Tenant) -> None:
    assert tenant.post("/v1/stores", store(1, rep="R1")).status_code == 201
    rep = tenant.get("/v1/reps/by-external-id/R1").json()
    assert tenant.delete(f"/v1/reps/{rep['id']}").status_code == 204
    for refused in (
        tenant.post("/v1/stores", store(2)),
        tenant.put("/v1/stores/by-external-id/S001", store(1)),
    ):
        assert refused.json()["issues"][0]["code"] == "UNKNOWN_REFERENCE"
    answers = tenant.post("/v1/stores:bulk", {"stores": [store(1), store(2, rep="R2")]}).json()
    assert [answer["status"] for answer in answers] == ["faulty", "created"]
    leader = {"external_id": "supervisor", "name": "New", "role": "supervisor", "reps": ["R1"]}
    written = tenant.put("/v1/people/by-external-id/supervisor", leader)
    assert (written.status_code, written.json()["reps"]) == (200, ["R1"])


def test_a_rep_whom_plans_name_keeps_their_external_id(tenant: Tenant) -> None:
    """Plans, reviews and who sees them go by it: a rep of that name later would get them all."""

    def renamed(rep: str, name: str) -> Any:
        found = tenant.get(f"/v1/reps/by-external-id/{rep}").json()
        fields = {"external_id": name, "name": "New", "base": found["base"]}
        return tenant.put(f"/v1/reps/{found['id']}", fields)

    assert renamed("R2", "R3").status_code == 200
    asked = tenant.post("/v1/scenarios", {"scenario": scenario(reps=("R1", "R4"))})
    assert asked.status_code == 201, asked.text
    for rep, name in (("R1", "R5"), ("R3", "R4")):
        refused = renamed(rep, name)
        assert (refused.status_code, refused.json()["code"]) == (409, "EXTERNAL_ID_PLANNED")
    assert renamed("R1", "R1").json()["name"] == "New"
    assert renamed("R3", "R2").status_code == 200


def test_all_faults_of_a_body_are_told_at_once(tenant: Tenant) -> None:
    body = store(1, position={"lat": 91, "lon": 13}, frequency="sometimes", nonsense=1)
    refused = tenant.post("/v1/stores", body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    paths = {issue["path"] for issue in refused.json()["issues"]}
    assert paths == {"position.lat", "frequency", "nonsense"}


def test_lists_are_paged_by_key_and_filtered(tenant: Tenant) -> None:
    for number in range(5):
        tenant.post("/v1/stores", store(number, rep="R1" if number < 3 else "R2"))
    seen: list[str] = []
    cursor = ""
    while True:
        page = tenant.get(f"/v1/stores?limit=2{cursor}").json()
        seen += [item["external_id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"S{number:03d}" for number in range(5)]
    found = tenant.get("/v1/stores?rep=R2").json()["items"]
    assert [item["external_id"] for item in found] == ["S003", "S004"]
    assert tenant.get("/v1/stores?cursor=nonsense").json()["code"] == "BAD_CURSOR"
    assert tenant.get("/v1/stores?limit=501").status_code == 422


def test_rows_in_bulk_are_answered_one_by_one(tenant: Tenant) -> None:
    tenant.post("/v1/stores", store(1))
    tenant.post("/v1/stores", store(2))
    rows = [store(1), store(2, name="other"), store(3), store(4, rep="R9"), {"external_id": "S5"}]
    answered = tenant.post("/v1/stores:bulk", {"stores": rows})
    assert answered.status_code == 200
    assert [row["status"] for row in answered.json()] == [
        "unchanged",
        "updated",
        "created",
        "faulty",
        "faulty",
    ]
    assert answered.json()[4]["issues"][0]["path"] == "stores[4].position"
    assert len(tenant.get("/v1/stores").json()["items"]) == 3
    too_many = tenant.post("/v1/stores:bulk", {"stores": [store(n) for n in range(1001)]})
    assert too_many.status_code == 422


def test_supervisors_and_reps_see_their_own_reps_alone(tenant: Tenant) -> None:
    tenant.post("/v1/stores", store(1, rep="R1"))
    hidden = tenant.post("/v1/stores", store(2, rep="R2")).json()
    for role in ("supervisor", "rep"):
        seen = tenant.get("/v1/stores", role=role).json()["items"]
        assert [item["external_id"] for item in seen] == ["S001"]
        assert tenant.get(f"/v1/stores/{hidden['id']}", role=role).status_code == 404
        assert tenant.post("/v1/stores", store(3), role=role).status_code == 403
        assert tenant.get("/v1/people", role=role).status_code == 403


def test_history_tells_who_changed_what(tenant: Tenant) -> None:
    made = tenant.post("/v1/stores", store(1)).json()
    tenant.put(f"/v1/stores/{made['id']}", store(1, name="New"), role="planner")
    first, last = reversed(tenant.get(f"/v1/stores/{made['id']}/history").json()["items"])
    assert (first["action"], first["person_id"]) == ("created", str(tenant.people["admin"]))
    assert (last["action"], last["person_id"]) == ("updated", str(tenant.people["planner"]))
    assert (last["before"]["name"], last["after"]["name"]) == ("Store 1", "New")
    assert last["request_id"]


def test_a_change_of_a_persons_reps_is_versioned_and_audited(tenant: Tenant) -> None:
    path = f"/v1/people/{tenant.people['rep']}"
    body = {"external_id": "rep", "name": "rep", "role": "rep"}
    more = tenant.put(path, body | {"reps": ["R1", "R2"]}, headers={"If-Match": '"1"'})
    assert (more.json()["version"], more.json()["reps"]) == (2, ["R1", "R2"])
    late = tenant.put(path, body | {"reps": ["R2"]}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "OUTDATED")
    assert tenant.put(path, body | {"reps": ["R2", "R1"]}).json()["version"] == 2

    changes = tenant.get(f"{path}/history").json()["items"]
    assert (changes[0]["action"], changes[0]["person_id"]) == (
        "updated",
        str(tenant.people["admin"]),
    )
    assert (changes[0]["before"], changes[0]["after"]) == (
        {"reps": ["R1"]},
        {"reps": ["R1", "R2"]},
    )
    none = tenant.put(path, body)
    assert (none.json()["version"], none.json()["reps"]) == (3, [])
    changes = tenant.get(f"{path}/history").json()["items"]
    assert (changes[0]["before"], changes[0]["after"]) == (
        {"reps": ["R1", "R2"]},
        {"reps": []},
    )


def test_a_policy_keeps_what_it_was_given(tenant: Tenant) -> None:
    policy = {
        "visit_rules": {
            "A": {"frequency": "1/week", "service_minutes": 20},
            "B": {"frequency": "1/2weeks", "service_minutes": 15},
            "C": {"frequency": "1/4weeks", "service_minutes": 10},
        },
        "workdays": ["mon", "tue", "wed", "thu", "fri"],
    }
    made = tenant.post("/v1/policies", {"external_id": "ours", "policy": policy})
    assert made.status_code == 201
    assert made.json()["policy"]["visit_rules"]["A"]["frequency"] == "1/week"


def test_the_organization_is_changed_by_its_admin(tenant: Tenant, other_tenant: Tenant) -> None:
    found = tenant.get("/v1/organization", role="rep")
    assert found.json()["time_zone"] == "Europe/Berlin"
    body = {"name": found.json()["name"], "time_zone": "Asia/Shanghai", "language": "zh"}
    assert tenant.put("/v1/organization", body, role="planner").status_code == 403
    changed = tenant.put("/v1/organization", body, headers={"If-Match": found.headers["etag"]})
    assert (changed.status_code, changed.json()["language"]) == (200, "zh")
    other = other_tenant.get("/v1/organization").json()["name"]
    taken = tenant.put("/v1/organization", body | {"name": other})
    assert (taken.status_code, taken.json()["code"]) == (409, "NAME_TAKEN")
    wrong = tenant.put("/v1/organization", body | {"time_zone": "Mars"})
    assert wrong.json()["issues"][0]["path"] == "time_zone"


@pytest.mark.parametrize("field", sorted(set(Store.model_fields) - set(StoreFields.model_fields)))
def test_what_a_store_of_the_api_lacks_is_set_otherwise(field: str) -> None:
    assert field in {"id", "lat", "lon", "given_lat", "given_lon", "class_source"}
