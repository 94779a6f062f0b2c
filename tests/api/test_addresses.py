"""Ids in addresses: whatever an id may hold can be named, and is never taken for a part of it."""

from urllib.parse import quote

import pytest

from tests.service import Tenant, scenario, store

AWKWARD = ("A/1", "/A//1/", "A/days/2026-03-02", "A/history", "history", "Nord/Süd 7")


def named(id_: str) -> str:
    """An id within an address."""
    return quote(id_, safe="")


@pytest.mark.parametrize("external_id", AWKWARD)
def test_a_record_is_found_by_whatever_id_it_has(tenant: Tenant, external_id: str) -> None:
    for kind, body in (
        ("accounts", {"name": "Phone House"}),
        ("reps", {"name": "Jana", "base": {"lat": 52.5, "lon": 13.4}}),
        ("stores", store(1)),
        ("people", {"name": "Jana", "role": "planner"}),
    ):
        place = f"/v1/{kind}/by-external-id/{named(external_id)}"
        assert tenant.get(place).status_code == 404
        made = tenant.put(place, body | {"external_id": external_id})
        assert made.status_code == 201, made.text
        assert tenant.get(place).json() == made.json()
        again = tenant.put(place, body | {"external_id": external_id})
        assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])


@pytest.mark.parametrize("rep", AWKWARD)
def test_a_rep_of_whatever_id_has_a_day(tenant: Tenant, rep: str) -> None:
    body = {"external_id": rep, "name": "Jana", "base": {"lat": 52.5, "lon": 13.4}}
    made = tenant.post("/v1/reps", body).json()
    for key in (named(rep), made["id"]):
        found = tenant.get(f"/v1/reps/{key}/days/2026-03-02")
        assert (found.status_code, found.json()["rep"]) == (200, rep)


def test_proxies_that_decode_addresses_do_no_harm(tenant: Tenant) -> None:
    body = {"external_id": "N/1", "name": "Jana", "base": {"lat": 52.5, "lon": 13.4}}
    assert tenant.post("/v1/reps", body).status_code == 201
    assert tenant.get("/v1/reps/by-external-id/N/1").json()["external_id"] == "N/1"
    assert tenant.get("/v1/reps/N/1/days/2026-03-02").json()["rep"] == "N/1"


def test_the_part_of_a_rep_with_a_slash_is_reviewed_and_published(tenant: Tenant) -> None:
    whole = scenario(1, ("N/1",))
    rep, single = whole["reps"][0], whole["stores"][0]
    base = {"lat": rep["base_lat"], "lon": rep["base_lon"]}
    assert tenant.post("/v1/reps", {"external_id": "N/1", "name": "N", "base": base}).is_success
    at = {"lat": single["lat"], "lon": single["lon"]}
    written = {"external_id": single["id"], "position": at, "rep": "N/1"}
    assert tenant.post("/v1/stores", written).status_code == 201
    visits = [{"rep": "N/1", "week": 1, "weekday": "mon", "store_id": single["id"]}]
    plan = tenant.post("/v1/plans:import", {"scenario": whole, "visits": visits}).json()

    place = f"/v1/plans/{plan['id']}"
    for action in ("submit", "approve"):
        taken = tenant.post(f"{place}/reviews/{named('N/1')}", {"action": action})
        assert taken.status_code == 200, taken.text
    period = {"start_date": "2026-03-02", "until": "2026-03-08", "allow_past": True}
    assert tenant.post(f"{place}:publish", period).status_code == 201
    [visit] = tenant.get(f"/v1/reps/{named('N/1')}/days/2026-03-02").json()["visits"]
    assert visit["store_id"] == single["id"]
    label = named(plan["plan"]["routes"][0]["template"])
    assert tenant.get(f"{place}/days/{label}").status_code == 200
    assert tenant.get(f"{place}/days/{named('T/9')}").json()["code"] == "NOT_FOUND"
