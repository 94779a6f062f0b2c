"""The document of the API is current and true, and every route keeps strangers out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.documentation import operations
from routeplanner.settings import Settings
from routeplanner.storage.database import Database
from tests.api.record_examples import DOCUMENT, ROOT, Recorder, recorded, tour
from tests.service import ROLES, new_tenant

OPEN = {"healthz", "readyz", "metrics"}
MANAGED = ("person", "people", "key", "keys", "list_audit", "change_organization")
EXAMPLES_EACH = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def recorder(database_url: str) -> Iterator[Recorder]:
    """A tenant that has called every operation."""
    with recorded(database_url) as made:
        tour(made)
        yield made


@pytest.fixture(scope="module")
def document(settings: Settings) -> dict[str, Any]:
    return create_app(settings).openapi()


def test_the_committed_document_is_current(document: dict[str, Any]) -> None:
    committed = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert document == committed, "run: python -m tests.api.record_examples"


def test_every_operation_has_been_called_and_has_an_example(
    document: dict[str, Any], recorder: Recorder
) -> None:
    names = {operation["operationId"] for _, _, operation in operations(document)}
    assert names == set(recorder.examples)
    recorded_names = json.loads((ROOT / "api/examples.json").read_text(encoding="utf-8"))
    assert names == set(recorded_names)


def test_examples_are_true_to_their_schemas(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [answer.get("content", {}) for answer in operation["responses"].values()]
        for content in contents:
            found = content.get("application/json", {})
            if "example" in found:
                schema = found["schema"] | {"components": document["components"]}
                faults = list(Draft202012Validator(schema).iter_errors(found["example"]))
                assert faults == [], f"{path}: {faults[0].message}"


def test_every_operation_tells_of_its_errors(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        if operation["operationId"] not in OPEN:
            assert {"401", "403", "422", "429", "503"} <= set(operation["responses"]), path


def test_no_route_opens_without_a_key(recorder: Recorder, client: TestClient) -> None:
    for operation, (method, path, options) in recorder.calls.items():
        for headers in ({}, {"Authorization": "Bearer rp_wrong"}):
            answer = client.request(method, path, headers=headers, **options)
            assert answer.status_code == (200 if operation in OPEN else 401), operation


def test_no_route_opens_another_organization(
    recorder: Recorder, client: TestClient, database: Database
) -> None:
    stranger = new_tenant(client, database)
    for operation, (method, path, options) in recorder.calls.items():
        if operation in OPEN:
            continue
        answer = stranger.call(method, path, **options)
        if any(id_ in path for id_ in recorder.ids):
            assert answer.status_code == 404, operation
        if answer.status_code < 400:
            sent = str(options)  # answers may name what the stranger has sent
            seen = [id_ for id_ in recorder.ids if id_ in answer.text and id_ not in sent]
            assert seen == [], operation


def roles_for(operation: str, method: str, path: str) -> set[str]:
    """Who may call an operation, as docs/api.md says it."""
    if operation in ("take_review_step", "preview_publication", "set_goals"):
        return {"admin", "planner", "supervisor"}
    if operation in ("open_visit", "report_visit", "report_visits"):
        return {"admin", "planner", "supervisor", "rep"}
    if operation.endswith(MANAGED) or "_person" in operation:
        return {"admin"}
    if method == "GET" and "import" not in path:
        return {"admin", "planner", "supervisor", "rep"}
    return {"admin", "planner"}


@pytest.mark.parametrize("role", ROLES)
def test_every_route_opens_to_the_roles_that_may(recorder: Recorder, role: str) -> None:
    for operation, (method, path, options) in recorder.calls.items():
        if operation in OPEN:
            continue
        answer = recorder.tenant.call(method, path, role=role, **options)
        is_allowed = role in roles_for(operation, method, path)
        assert (answer.status_code != 403) == is_allowed, f"{operation}: {answer.text[:200]}"
        assert answer.status_code < 500, operation


def test_arbitrary_requests_are_answered_as_documented(
    settings: Settings, client: TestClient, database: Database
) -> None:
    app = create_app(settings)
    headers = {"Authorization": f"Bearer {new_tenant(client, database).keys['admin']}"}
    faults: dict[str, str] = {}
    with TestClient(app, raise_server_exceptions=False):
        app.openapi()  # made once; loading it has a limit of its own
        schema = schemathesis.openapi.from_asgi("/openapi.json", app)
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path == "/readyz":
                continue  # there is no worker, and it says so
            try:
                _fuzz(operation, headers)
            except Exception as error:  # all faults are told at once
                faults[operation.label] = str(error)[:500]
    assert faults == {}, "\n\n".join(f"{name}: {words}" for name, words in faults.items())


def _fuzz(operation: Any, headers: dict[str, str]) -> None:
    @hypothesis_settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
