"""What holds for every request: problems, ids, repeated requests, limits, compression."""

import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from api.app import create_app
from routeplanner.settings import Settings
from routeplanner.use_cases import master_data
from tests.service import Tenant, in_its_own_loop, store


def test_problems_have_one_shape(tenant: Tenant) -> None:
    for response, status, code in (
        (tenant.client.get("/v1/stores"), 401, "UNAUTHENTICATED"),
        (tenant.get("/v1/nothing"), 404, "NOT_FOUND"),
        (tenant.call("PATCH", "/v1/stores"), 405, "METHOD_NOT_ALLOWED"),
        (tenant.get("/v1/stores/nonsense"), 422, "INVALID_REQUEST"),
        (tenant.call("POST", "/v1/stores", content=b"{"), 422, "INVALID_REQUEST"),
    ):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert set(problem) >= {"type", "title", "status", "code", "detail", "request_id"}
        assert (problem["status"], problem["code"]) == (status, code)
        assert problem["request_id"] == response.headers["x-request-id"]


def test_405_names_what_is_allowed(tenant: Tenant) -> None:
    assert "GET" in tenant.call("PATCH", "/v1/stores").headers["allow"]


def test_a_sane_request_id_is_kept_and_another_replaced(tenant: Tenant) -> None:
    kept = tenant.get("/v1/me", headers={"X-Request-ID": "mine-1"})
    assert kept.headers["x-request-id"] == "mine-1"
    replaced = tenant.get("/v1/me", headers={"X-Request-ID": "no spaces here"})
    assert replaced.headers["x-request-id"] != "no spaces here"


def test_the_same_key_and_body_get_the_same_answer(tenant: Tenant) -> None:
    headers = {"Idempotency-Key": "one"}
    first = tenant.post("/v1/stores", store(1), headers=headers)
    again = tenant.post("/v1/stores", store(1), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    other = tenant.post("/v1/stores", store(2), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_a_refused_request_leaves_its_key_free(tenant: Tenant) -> None:
    headers = {"Idempotency-Key": "one"}
    assert tenant.post("/v1/stores", store(1, rep="R9"), headers=headers).status_code == 422
    assert tenant.post("/v1/stores", store(1), headers=headers).status_code == 201


def test_keys_of_two_organizations_do_not_meet(tenant: Tenant, other_tenant: Tenant) -> None:
    headers = {"Idempotency-Key": "one"}
    first = tenant.post("/v1/stores", store(1), headers=headers)
    second = other_tenant.post("/v1/stores", store(1), headers=headers)
    assert first.json()["id"] != second.json()["id"]


def test_racing_requests_with_one_key_create_one_record(tenant: Tenant) -> None:
    def ask(_: int) -> tuple[int, str]:
        made = tenant.post("/v1/stores", store(1), headers={"Idempotency-Key": "race"})
        return made.status_code, made.text

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(ask, range(40)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert len(tenant.get("/v1/stores").json()["items"]) == 1


def test_a_body_that_is_too_large_is_refused(settings: Settings, tenant: Tenant) -> None:
    small = settings.model_copy(update={"json_megabytes": 0.001})
    with TestClient(create_app(small), raise_server_exceptions=False) as client:
        headers = {"Authorization": f"Bearer {tenant.keys['admin']}"}
        body = store(1, note="x" * 2000)
        refused = client.post("/v1/stores", json=body, headers=headers)
        file = b"id,lat,lon\n" + b"1,52,13\n" * 500
        taken = client.post("/v1/stores:import", content=file, headers=headers)
    assert refused.status_code == 413
    assert refused.json()["code"] == "BODY_TOO_LARGE"
    assert taken.status_code == 202


@pytest.mark.parametrize("path", ["/v1/stores:import", "/v1/scenarios"])
@pytest.mark.parametrize("given", [None, "rp_x", "Bearer", "Bearer secret", "Basic rp_x"])
def test_no_body_is_read_without_anything_like_a_key(
    settings: Settings, path: str, given: str | None
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("a body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    if given is not None:
        headers.append((b"authorization", given.encode()))
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": b"",
        "query_string": b"", "root_path": "", "scheme": "http", "headers": headers,
        "server": ("service", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    in_its_own_loop(create_app(settings)(scope, receive, send))
    assert sent[0]["status"] == 401
    assert (b"www-authenticate", b"Bearer") in sent[0]["headers"]
    problem = json.loads(sent[1]["body"])
    assert (problem["code"], problem["detail"][:11]) == ("UNAUTHENTICATED", "send a key:")


def test_a_key_has_so_many_requests_a_minute(settings: Settings, tenant: Tenant) -> None:
    strict = settings.model_copy(update={"requests_per_minute": 2})
    with TestClient(create_app(strict)) as client:
        headers = {"Authorization": f"Bearer {tenant.keys['admin']}"}
        answers = [client.get("/v1/me", headers=headers) for _ in range(3)]
        other = client.get("/v1/me", headers={"Authorization": f"Bearer {tenant.keys['rep']}"})
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) >= 1
    assert other.status_code == 200


def test_long_answers_are_compressed(tenant: Tenant) -> None:
    for number in range(5):
        tenant.post("/v1/stores", store(number, note="x" * 500))
    found = tenant.get("/v1/stores", headers={"Accept-Encoding": "gzip"})
    assert found.headers["content-encoding"] == "gzip"


def test_a_database_that_is_away_is_told_as_that(settings: Settings) -> None:
    away = settings.model_copy(
        update={"database_url": type(settings.database_url)("postgresql://127.0.0.1:1/none")}
    )
    with TestClient(create_app(away), raise_server_exceptions=False) as client:
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
        refused = client.get("/v1/me", headers={"Authorization": "Bearer rp_x"})
    assert (ready.status_code, ready.json()["database"]) == (503, False)
    assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
    assert refused.headers["retry-after"]


def test_metrics_name_routes_and_no_paths(tenant: Tenant) -> None:
    tenant.get("/v1/stores/by-external-id/secret-name")
    found = tenant.client.get("/metrics").text
    assert 'route="/v1/stores/by-external-id/{external_id}"' in found
    assert "secret-name" not in found


def test_a_fault_of_the_service_is_logged_without_what_it_was_about(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(master_data, "create", crash)
    written = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", written)
    refused = tenant.post("/v1/stores", store(1, name="Jana Sommer"))
    assert (refused.status_code, refused.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "Traceback" not in refused.text
    logged = written.getvalue()
    assert "request crashed" in logged
    for private in (tenant.keys["admin"], "Jana Sommer", "a secret"):
        assert private not in logged
