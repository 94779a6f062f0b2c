"""Keys: what they open, and how they end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from routeplanner.storage.database import Actor
from routeplanner.storage.tables import Key
from tests.service import Tenant


def made_key(tenant: Tenant, **fields: object) -> dict[str, str]:
    body = {"person_id": str(tenant.people["planner"]), "name": "test"} | fields
    made = tenant.post("/v1/keys", body)
    assert made.status_code == 201
    found: dict[str, str] = made.json()
    tenant.keys["new"] = found["key"]
    return found


def test_a_key_is_shown_once_and_stored_as_a_digest(tenant: Tenant) -> None:
    made = made_key(tenant)
    assert tenant.get("/v1/me", role="new").json()["role"] == "planner"
    listed = tenant.get("/v1/keys").text
    assert made["prefix"] in listed
    assert made["key"] not in listed
    with tenant.database.transaction(Actor(tenant.id)) as session:
        rows = session.execute(select(Key).where(Key.id == UUID(made["id"]))).scalars().all()
        assert made["key"].encode() not in rows[0].digest
    assert "digest" not in tenant.get("/v1/audit?entity=keys").text


def last_use(tenant: Tenant, at: datetime | None = None) -> datetime | None:
    """When the planner's key was used last, as it was noted; first noted as `at`, where given."""
    own = Key.person_id == tenant.people["planner"]
    with tenant.database.transaction(Actor(tenant.id)) as session:
        if at is not None:
            session.execute(update(Key).where(own).values(last_used_at=at))
        return session.scalar(select(Key.last_used_at).where(own))


def test_the_use_of_a_key_is_noted_once_a_minute(tenant: Tenant) -> None:
    assert last_use(tenant) is None
    tenant.get("/v1/me", role="planner")
    first = last_use(tenant)
    assert first is not None
    tenant.get("/v1/me", role="planner")
    assert last_use(tenant) == first
    last_use(tenant, first - timedelta(minutes=2))
    tenant.get("/v1/me", role="planner")
    assert (last_use(tenant) or first) > first


def test_nobody_waits_to_note_the_use_of_a_key(tenant: Tenant) -> None:
    """Else all requests of a key would wait, one for the other, once a minute."""
    before = datetime.now(UTC) - timedelta(hours=1)
    last_use(tenant, before)
    with ThreadPoolExecutor(2) as pool, tenant.database.transaction(Actor(tenant.id)) as session:
        session.execute(select(Key).with_for_update())
        asked = [pool.submit(tenant.get, "/v1/me", role="planner") for _ in range(2)]
        assert [answer.result(15).status_code for answer in asked] == [200, 200]
    assert last_use(tenant) == before


def test_a_repeated_request_does_not_show_the_key_again(tenant: Tenant) -> None:
    body = {"person_id": str(tenant.people["planner"]), "name": "test"}
    first = tenant.post("/v1/keys", body, headers={"Idempotency-Key": "k"})
    again = tenant.post("/v1/keys", body, headers={"Idempotency-Key": "k"})
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["key"] is None, again.json()["key"]) == (False, None)


def test_a_revoked_key_opens_nothing(tenant: Tenant) -> None:
    made = made_key(tenant)
    assert tenant.delete(f"/v1/keys/{made['id']}").status_code == 200
    refused = tenant.get("/v1/me", role="new")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


def test_an_expired_key_opens_nothing(tenant: Tenant) -> None:
    made = made_key(tenant)
    with tenant.database.transaction(Actor(tenant.id)) as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(Key).where(Key.id == UUID(made["id"])).values(expires_at=past))
    assert tenant.get("/v1/me", role="new").status_code == 401


def test_a_key_ends_with_its_person(tenant: Tenant) -> None:
    made_key(tenant)
    assert tenant.delete(f"/v1/people/{tenant.people['planner']}").status_code == 204
    assert tenant.get("/v1/me", role="new").status_code == 401


def test_scopes_narrow_what_a_role_may_do(tenant: Tenant) -> None:
    made_key(tenant, scopes=["read"])
    assert tenant.get("/v1/stores", role="new").status_code == 200
    refused = tenant.post("/v1/accounts", {"external_id": "a", "name": "a"}, role="new")
    assert (refused.status_code, refused.json()["code"]) == (403, "SCOPE_NOT_ALLOWED")


def test_a_key_gives_no_scope_that_it_lacks(tenant: Tenant) -> None:
    admin = str(tenant.people["admin"])
    made_key(tenant, person_id=admin, scopes=["read", "manage"])
    for scopes in (["write"], ["read", "write", "manage"]):
        body = {"person_id": admin, "name": "more", "scopes": scopes}
        refused = tenant.post("/v1/keys", body, role="new")
        assert (refused.status_code, refused.json()["code"]) == (403, "SCOPE_NOT_ALLOWED")
        assert "write" in refused.json()["detail"]
    by_default = tenant.post("/v1/keys", {"person_id": admin, "name": "all"}, role="new")
    assert by_default.status_code == 403
    fewer = {"person_id": admin, "name": "fewer", "scopes": ["read"]}
    assert tenant.post("/v1/keys", fewer, role="new").json()["scopes"] == ["read"]
