"""Visits over HTTP: found, opened ad hoc, given goals; a rep's day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.publishing import approved, everything, published, with_stores
from tests.service import ROLES, Tenant

TWO_WEEKS = ("2026-03-02", "2026-03-15")
MONDAY = "2026-03-02"


@pytest.fixture
def plan_id(tenant: Tenant) -> str:
    made = approved(tenant)
    published(tenant, made, *TWO_WEEKS)
    return made


def visit_on(tenant: Tenant, store_id: str, day: str) -> Any:
    (found,) = everything(tenant, f"/v1/visits?store_id={store_id}&from_date={day}&until={day}")
    return found


def report(tenant: Tenant, visit_id: str, **fields: Any) -> Any:
    answer = tenant.post(f"/v1/visits/{visit_id}/reports", fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def visited(tenant: Tenant, visit_id: str, day: str, **fields: Any) -> None:
    """Check in and out, half an hour from nine on."""
    report(tenant, visit_id, kind="check_in", at=f"{day}T09:00:00+01:00")
    report(tenant, visit_id, kind="check_out", at=f"{day}T09:30:00+01:00", **fields)


def test_visits_are_found_by_what_they_have(tenant: Tenant, plan_id: str) -> None:
    for query, n in (
        ("", 22),
        ("rep=R1", 12),
        ("rep=R9", 0),
        ("store_id=A1", 6),
        ("store_id=nothing", 0),
        ("from_date=2026-03-09", 11),
        ("from_date=2026-03-03&until=2026-03-03", 2),
        ("status=planned&origin=plan", 22),
        ("status=done", 0),
        ("rep=R1&store_id=A2", 0),
    ):
        assert len(everything(tenant, f"/v1/visits?{query}")) == n, query
    assert tenant.get("/v1/visits?color=red").status_code == 422


def test_visits_come_by_date_and_in_pages(tenant: Tenant, plan_id: str) -> None:
    found, cursor = [], ""
    while cursor is not None:
        page = tenant.get(f"/v1/visits?limit=5{cursor and f'&cursor={cursor}'}").json()
        found += page["items"]
        cursor = page["next"]
    keys = [(visit["date"], visit["id"]) for visit in found]
    assert (len(keys), keys) == (22, sorted(keys))
    for wrong in ("x", "MjAyNi0wMy0wMg", "bm90LWEtZGF0ZS8x"):
        refused = tenant.get(f"/v1/visits?cursor={wrong}")
        assert (refused.status_code, refused.json()["code"]) == (422, "BAD_CURSOR")


@pytest.mark.parametrize("role", ROLES)
def test_reps_and_supervisors_see_their_own(tenant: Tenant, plan_id: str, role: str) -> None:
    reps = {"R1", "R2"} if role in ("admin", "planner") else {"R1"}
    assert {visit["rep"] for visit in everything(tenant, "/v1/visits", role=role)} == reps
    for store_id, rep in (("A1", "R1"), ("A2", "R2")):
        path = f"/v1/visits/{visit_on(tenant, store_id, MONDAY)['id']}"
        status = 200 if rep in reps else 404
        assert tenant.get(path, role=role).status_code == status
        assert tenant.get(f"/v1/reps/{rep}/days/{MONDAY}", role=role).status_code == status


def test_an_ad_hoc_visit_is_opened_and_made(tenant: Tenant, plan_id: str) -> None:
    body = {"id": str(uuid4()), "rep": "R1", "store_id": "B2", "date": MONDAY, "goals": ["Say hi"]}
    made = tenant.post("/v1/visits", body, role="rep")
    assert made.status_code == 201, made.text
    visit = made.json()
    assert made.headers["location"] == f"/v1/visits/{visit['id']}"
    assert (visit["id"], visit["origin"], visit["status"]) == (body["id"], "ad_hoc", "planned")
    assert (visit["class"], visit["plan_id"], visit["goals"]) == ("B", None, ["Say hi"])
    again = tenant.post("/v1/visits", body)
    assert (again.status_code, again.json()["code"]) == (409, "VISIT_EXISTS")
    visited(tenant, visit["id"], MONDAY)
    assert tenant.get(f"/v1/visits/{visit['id']}").json()["status"] == "done"
    trail = tenant.get("/v1/audit?entity=visits").json()["items"]
    assert [change["action"] for change in trail] == ["updated", "updated", "created"]
    assert trail[-1]["person_id"] == str(tenant.people["rep"])


def test_an_ad_hoc_visit_is_opened_for_ones_own_reps_and_stores(
    tenant: Tenant, plan_id: str
) -> None:
    own = {"rep": "R1", "store_id": "A1", "date": MONDAY}
    other = tenant.post("/v1/visits", own | {"rep": "R2"}, role="rep")
    assert (other.status_code, other.json()["issues"][0]["path"]) == (422, "rep")
    strange = tenant.post("/v1/visits", own | {"store_id": "A2"}, role="supervisor")
    assert (strange.status_code, strange.json()["issues"][0]["path"]) == (422, "store_id")
    unknown = tenant.post("/v1/visits", {"rep": "R9", "store_id": "Z", "date": MONDAY})
    assert [issue["path"] for issue in unknown.json()["issues"]] == ["rep", "store_id"]


def test_the_class_of_an_ad_hoc_visit_may_come_from_the_master_data(tenant: Tenant) -> None:
    with_stores(tenant)
    tenant.post(
        "/v1/stores:bulk",
        {"stores": [{"external_id": "A1", "position": {"lat": 50, "lon": 8}, "class": "A"}]},
    )
    for store_id, found in (("A1", "A"), ("B1", None)):
        body = {"rep": "R1", "store_id": store_id, "date": MONDAY}
        assert tenant.post("/v1/visits", body).json()["class"] == found


def test_goals_are_set_by_planners_and_supervisors(tenant: Tenant, plan_id: str) -> None:
    visit = visit_on(tenant, "A1", MONDAY)
    path, body = f"/v1/visits/{visit['id']}/goals", {"goals": ["Autumn display", "Order"]}
    assert tenant.put(path, body, role="rep").status_code == 403
    tag = tenant.get(f"/v1/visits/{visit['id']}").headers["etag"]
    changed = tenant.put(path, body, role="supervisor", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["goals"]) == (200, body["goals"])
    late = tenant.put(path, body, headers={"If-Match": tag})
    assert late.status_code == 412
    other = visit_on(tenant, "A2", MONDAY)
    assert tenant.put(f"/v1/visits/{other['id']}/goals", body, role="supervisor").status_code == 404


def test_a_reps_day_is_in_route_order(tenant: Tenant, plan_id: str) -> None:
    """Tuesday of week 2: B1, then C2; an ad hoc visit comes last."""
    tenant.post("/v1/visits", {"rep": "R1", "store_id": "B2", "date": "2026-03-10"})
    day = tenant.get("/v1/reps/R1/days/2026-03-10", role="rep").json()
    assert [(v["store_id"], v["position"]) for v in day["visits"]] == [
        ("B1", 1), ("C2", 2), ("B2", None),
    ]  # fmt: skip
    assert (day["rep"], day["date"], day["plan_id"]) == ("R1", "2026-03-10", plan_id)
    assert (day["working_minutes"], day["is_absent"]) == (480, False)
    first = day["visits"][0]
    assert first["store_position"] == {"lat": 50.1, "lon": 8}
    rep_id = tenant.get("/v1/reps/by-external-id/R1").json()["id"]
    assert tenant.get(f"/v1/reps/{rep_id}/days/2026-03-10").json() == day


def test_a_rep_whose_external_id_looks_like_an_own_id_has_a_day(tenant: Tenant) -> None:
    """Where it is even the own id of another rep, that rep is meant."""
    own_id = tenant.get("/v1/reps/by-external-id/R1").json()["id"]
    for external_id in (str(uuid4()), uuid4().hex, own_id):
        body = {"external_id": external_id, "name": "x", "base": {"lat": 52.5, "lon": 13.4}}
        made = tenant.post("/v1/reps", body)
        assert made.status_code == 201
        day = tenant.get(f"/v1/reps/{external_id}/days/{MONDAY}")
        assert day.json()["rep"] == ("R1" if external_id == own_id else external_id)
        by_own_id = tenant.get(f"/v1/reps/{made.json()['id']}/days/{MONDAY}")
        assert by_own_id.json()["rep"] == external_id
    assert tenant.get(f"/v1/reps/{uuid4()}/days/{MONDAY}").status_code == 404


def test_a_day_off_and_a_day_without_a_publication(tenant: Tenant, plan_id: str) -> None:
    sunday = tenant.get("/v1/reps/R1/days/2026-03-08").json()
    assert (sunday["plan_id"], sunday["working_minutes"], sunday["visits"]) == (plan_id, None, [])
    later = tenant.get("/v1/reps/R1/days/2026-05-04").json()
    assert (later["publication_id"], later["working_minutes"]) == (None, None)
    assert tenant.get("/v1/reps/R9/days/2026-05-04").status_code == 404
    assert tenant.get("/v1/reps/R1/days/tomorrow").status_code == 422


def test_an_absence_is_told(tenant: Tenant) -> None:
    ill = {"rep": "R1", "first": MONDAY, "last": MONDAY}
    published(tenant, approved(tenant), *TWO_WEEKS, absences=[ill])
    day = tenant.get(f"/v1/reps/R1/days/{MONDAY}").json()
    assert (day["is_absent"], day["working_minutes"], day["visits"]) == (True, 480, [])


def test_a_reps_day_tells_what_the_last_visit_left_open(tenant: Tenant, plan_id: str) -> None:
    """A1 is visited on Monday and Wednesday; on Friday the points of Wednesday count."""
    points = {"2026-03-02": ["Price tag missing", "Ask for the manager"], "2026-03-04": ["Display"]}
    for day, open_points in points.items():
        visited(tenant, visit_on(tenant, "A1", day)["id"], day, open_points=open_points)
    friday = visit_on(tenant, "A1", "2026-03-06")
    tenant.put(f"/v1/visits/{friday['id']}/goals", {"goals": ["Autumn display"]})
    for day, last in (("2026-03-04", "2026-03-02"), ("2026-03-06", "2026-03-04")):
        found = tenant.get(f"/v1/reps/R1/days/{day}").json()["visits"][0]
        assert found["last_visit"]["date"] == last
        assert found["last_visit"]["open_points"] == points[last]
    assert found["goals"] == ["Autumn display"]
    monday = tenant.get(f"/v1/reps/R1/days/{MONDAY}").json()["visits"][0]
    assert (monday["last_visit"], monday["open_points"]) == (None, points[MONDAY])


def test_canceled_visits_are_not_of_the_day(tenant: Tenant, plan_id: str) -> None:
    report(tenant, visit_on(tenant, "A1", MONDAY)["id"], kind="cancel")
    assert tenant.get(f"/v1/reps/R1/days/{MONDAY}").json()["visits"] == []
    tomorrow = (date.fromisoformat(MONDAY) + timedelta(days=1)).isoformat()
    skipped = {"kind": "skip", "reason": "closed", "recorded_at": f"{tomorrow}T08:00:00+01:00"}
    report(tenant, visit_on(tenant, "B1", tomorrow)["id"], **skipped)
    (left,) = tenant.get(f"/v1/reps/R1/days/{tomorrow}").json()["visits"]
    assert (left["status"], left["reason"], left["is_excused"]) == ("skipped", "closed", True)
