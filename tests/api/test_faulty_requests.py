"""Requests that do not fit: every place is told in the product's words, with what would fit."""

import json
from typing import Any

import pytest

from tests.service import Tenant, scenario, store


def issues(response: Any) -> list[tuple[str, str, str, str]]:
    assert response.status_code == 422, response.text
    assert response.json()["code"] == "INVALID_REQUEST"
    names = ("code", "path", "message", "hint")
    return [tuple(issue[name] for name in names) for issue in response.json()["issues"]]  # type: ignore[misc]


def test_an_unknown_key_is_told_with_those_that_are_known(tenant: Tenant) -> None:
    body = store(1)
    body["position"] = {"lat": 52.5, "long": 13.4}
    assert issues(tenant.post("/v1/stores", body)) == [
        ("MISSING_KEY", "position.lon", "'lon' is missing in position", "add it"),
        (
            "UNKNOWN_KEY",
            "position.long",
            "'long' is no key of position",
            "did you mean 'lon'? The keys are lat, lon",
        ),
    ]


def test_text_that_is_no_json_is_told_with_its_place(tenant: Tenant) -> None:
    headers = {"Content-Type": "application/json"}
    refused = tenant.call("POST", "/v1/stores", content=b'{\n "name" 1}', headers=headers)
    [(code, path, message, _)] = issues(refused)
    assert (code, path) == ("NOT_JSON", "body")
    assert message == "the body is no JSON: line 2, column 9 cannot be read"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"content": b'{"name": 1}'}, "the body is no JSON object"),
        ({"json": [1]}, "the body is no JSON object"),
        ({}, "the request has no body"),
    ],
)
def test_a_body_of_another_kind_is_told(tenant: Tenant, body: dict[str, Any], message: str) -> None:
    assert issues(tenant.call("POST", "/v1/stores", **body)) == [
        ("WRONG_VALUE", "body", message, "send {…} with Content-Type: application/json")
    ]


HALF = "\ud800"  # of a character that UTF-16 writes as two


@pytest.mark.parametrize(
    ("address", "body", "path"),
    [
        ("POST /v1/stores", store(1, name=f"Corner {HALF}"), "name"),
        ("POST /v1/stores", store(1) | {HALF: 1}, "\\ud800"),
        ("POST /v1/stores", store(1, extra={"note": "\udc00"}), "extra.note"),
        ("PUT /v1/stores/by-external-id/S001", store(1, note=HALF), "note"),
        ("POST /v1/stores:bulk", {"stores": [store(1), {"external_id": HALF}]},
         "stores[1].external_id"),
        ("POST /v1/visits:bulk", {"reports": [{"client_id": HALF}]}, "reports[0].client_id"),
        ("POST /v1/scenarios", {"name": HALF, "scenario": scenario()}, "name"),
        ("POST /v1/accounts", HALF, "body"),
    ],
)  # fmt: skip
def test_half_a_character_is_refused_where_it_stands(
    tenant: Tenant, address: str, body: Any, path: str
) -> None:
    method, place = address.split()
    headers = {"Content-Type": "application/json"}
    escaped = json.dumps(body).encode()
    as_utf16 = json.dumps(body, ensure_ascii=False).encode("utf-16", "surrogatepass")
    as_bytes = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for content in (escaped, as_bytes, as_utf16):
        refused = tenant.call(method, place, content=content, headers=headers)
        [(code, where, _, hint)] = issues(refused)
        assert (code, where) == ("NOT_UNICODE", path)
        assert hint.startswith("send the character itself")
    assert tenant.get("/v1/stores").json()["items"] == []


def test_characters_that_are_written_as_two_halves_are_taken(tenant: Tenant) -> None:
    name = "Corner \U0001f3ea \U00020bb7\u91ce\u5bb6"
    for content in (
        json.dumps(store(1, name=name)).encode(),
        json.dumps(store(2)).encode("utf-16"),
    ):
        headers = {"Content-Type": "application/json"}
        assert tenant.call("POST", "/v1/stores", content=content, headers=headers).is_success
    assert tenant.get("/v1/stores/by-external-id/S001").json()["name"] == name
    # What is no JSON is not looked at, whatever bytes it has.
    file = b"id,name,lat,lon\nS3,\\ud800,52.5,13.4\n"
    assert tenant.call("POST", "/v1/stores:import", content=file).status_code == 202


@pytest.mark.parametrize(
    ("policy", "code", "path", "hint"),
    [
        ({"name": "ours"}, "MISSING_KEY", "scenario.policy.visit_rules", "add it"),
        (5, "WRONG_VALUE", "scenario.policy", "write an object {…}; write text"),
        (
            {"visit_rules": {"A": {"frequency": "1/week", "service_minutes": 0}}},
            "WRONG_VALUE",
            "scenario.policy.visit_rules.A.service_minutes",
            "more than 0 is needed",
        ),
    ],
)
def test_a_value_of_several_kinds_is_told_once(
    tenant: Tenant, policy: Any, code: str, path: str, hint: str
) -> None:
    body = {"scenario": scenario() | {"policy": policy}}
    found = issues(tenant.post("/v1/scenarios", body))
    assert [(entry[0], entry[1], entry[3]) for entry in found] == [(code, path, hint)]


@pytest.mark.parametrize(
    ("query", "code", "path", "hint"),
    [
        ("limit=0", "WRONG_VALUE", "query.limit", "at least 1 is needed"),
        ("limit=some", "WRONG_VALUE", "query.limit", "write a whole number"),
        ("is_active=maybe", "WRONG_VALUE", "query.is_active", "write true or false"),
        ("changed_since=5x", "WRONG_VALUE", "query.changed_since", "write an instant such as"),
        ("status=shut", "WRONG_VALUE", "query.status", "write one of 'open', 'new'"),
        ("limits=1", "UNKNOWN_KEY", "query.limits", "did you mean 'limit'? The keys are cursor"),
    ],
)
def test_parameters_are_told_with_what_they_may_be(
    tenant: Tenant, query: str, code: str, path: str, hint: str
) -> None:
    [found] = issues(tenant.get(f"/v1/stores?{query}"))
    assert found[:2] == (code, path)
    assert found[3].startswith(hint)


def test_rows_in_bulk_are_told_as_single_ones(tenant: Tenant) -> None:
    rows = [store(1), store(2) | {"sale": 5, "frequency": "often"}]
    [good, faulty] = tenant.post("/v1/stores:bulk", {"stores": rows}).json()
    assert (good["status"], faulty["status"]) == ("created", "faulty")
    told = {issue["path"]: (issue["code"], issue["hint"]) for issue in faulty["issues"]}
    assert set(told) == {"stores[1].sale", "stores[1].frequency"}
    assert told["stores[1].sale"][0] == "UNKNOWN_KEY"
    assert told["stores[1].sale"][1].startswith("did you mean 'sales'? The keys are external_id")
    assert told["stores[1].frequency"][0] == "WRONG_VALUE"


def test_nothing_is_told_in_the_words_of_a_library(tenant: Tenant) -> None:
    answers = [
        tenant.get("/v1/nothing"),
        tenant.call("PATCH", "/v1/stores"),
        tenant.post("/v1/plans", {"scenario": 5, "seed": -1, "method": "guess", "name": ""}),
        tenant.call(
            "POST", "/v1/plans", content=b"\xff{", headers={"Content-Type": "application/json"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 422, 400]
    for answer in answers:
        for words in ("Input should", "Not Found", "Not Allowed", "error parsing", "Extra inputs"):
            assert words not in answer.json()["detail"] + str(answer.json()["issues"])
