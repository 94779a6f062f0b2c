"""What has been published: seen by whom it concerns, taken back, exported, compared."""

from collections import Counter
from typing import Any

import pytest

from routeplanner.jobs.missed import find_missed_visits
from routeplanner.jobs.work import Work
from tests.operations.two_reps import ORDERS
from tests.publishing import approved, drafted, everything, published, with_stores
from tests.service import ROLES, Tenant

TWO_WEEKS = ("2026-03-02", "2026-03-15")


def statuses(tenant: Tenant, **options: Any) -> Counter[tuple[str, str]]:
    visits = everything(tenant, "/v1/visits", **options)
    return Counter((visit["rep"], visit["status"]) for visit in visits)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_their_own_reps(tenant: Tenant, role: str) -> None:
    absent = [
        {"rep": rep, "first": "2026-03-04", "last": "2026-03-04", "name": "private"}
        for rep in ("R1", "R2")
    ]
    made = published(tenant, approved(tenant), *TWO_WEEKS, absences=absent)
    reps = {"R1", "R2"} if role in ("admin", "planner") else {"R1"}
    path = f"/v1/publications/{made['id']}"
    found = tenant.get(path, role=role).json()
    assert {part["rep"] for part in found["reps"]} == reps
    assert {entry["rep"] for entry in found["absences"]} == reps
    assert tenant.get("/v1/publications", role=role).json()["items"] == [found]
    for part in ("changes", "frequencies"):
        assert {row["rep"] for row in everything(tenant, f"{path}/{part}", role=role)} == reps
    visits = tenant.get(f"{path}/export?format=visits", role=role)
    assert {line.split(",")[0] for line in visits.text.splitlines()[1:]} == reps
    other = tenant.get(f"{path}/export?format=visits&rep=R2", role=role)
    assert other.status_code == (200 if "R2" in reps else 404)


def test_publications_of_other_reps_are_not_there(tenant: Tenant) -> None:
    made = published(tenant, approved(tenant), *TWO_WEEKS, reps=["R2"])
    for path in ("", "/changes", "/frequencies", "/export?format=ics"):
        found = tenant.get(f"/v1/publications/{made['id']}{path}", role="supervisor")
        assert found.status_code == 404, path
    assert tenant.get("/v1/publications", role="rep").json()["items"] == []


def test_lists_come_in_pages(tenant: Tenant) -> None:
    off = {"date": "2026-03-04", "is_worked": False, "name": "stock-taking"}
    made = published(tenant, approved(tenant), *TWO_WEEKS, days=[off])
    path = f"/v1/publications/{made['id']}/changes"
    first = tenant.get(f"{path}?limit=1").json()
    second = tenant.get(f"{path}?limit=1&cursor={first['next']}").json()
    assert [first["items"][0]["store_id"], second["items"][0]["store_id"]] == ["A1", "A2"]
    assert second["next"] is None
    assert tenant.get(f"{path}?rep=R2").json()["items"] == second["items"]


def test_a_calendar_of_the_dates_is_exported(tenant: Tenant) -> None:
    made = published(tenant, approved(tenant), *TWO_WEEKS)
    path = f"/v1/publications/{made['id']}/export?format=ics"
    found = tenant.get(f"{path}&rep=R1")
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert found.text.count("BEGIN:VEVENT") == 10
    assert "DTSTART;TZID=Europe/Berlin:20260302T083000" in found.text
    refused = tenant.get(f"{path}&time_zone=Nowhere/Land")
    assert (refused.status_code, refused.json()["issues"][0]["code"]) == (422, "UNKNOWN_TIME_ZONE")


def test_an_export_is_what_was_published_whatever_changed_since(tenant: Tenant) -> None:
    ill = {"rep": "R1", "first": "2026-03-04", "last": "2026-03-04", "name": "ill"}
    made = published(
        tenant, approved(tenant), *TWO_WEEKS, absences=[ill], lost_days={"A": {"action": "squeeze"}}
    )
    published(tenant, approved(tenant), *TWO_WEEKS)
    path = f"/v1/publications/{made['id']}"
    exported = tenant.get(f"{path}/export?format=changes").text.splitlines()
    listed = everything(tenant, f"{path}/changes")
    assert len(exported) == len(listed) + 1
    assert exported[1].startswith("R1,A1,")


def test_a_publication_is_taken_back_from_a_day_on(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    made = published(tenant, plan_id, *TWO_WEEKS)
    path = f"/v1/publications/{made['id']}:withdraw"
    monday = everything(tenant, "/v1/visits?rep=R1&from_date=2026-03-09&until=2026-03-09")[0]
    check_in = {"kind": "check_in", "at": "2026-03-09T09:00:00+01:00"}
    tenant.post(f"/v1/visits/{monday['id']}/reports", check_in)
    body = {"from_date": "2026-03-09", "reps": ["R1"]}
    for role in ("supervisor", "rep"):
        assert tenant.post(path, body, role=role).status_code == 403
    taken = tenant.post(path, body, role="planner")
    parts = {part["rep"]: part for part in taken.json()["reps"]}
    assert (parts["R1"]["status"], parts["R1"]["driven_until"]) == ("withdrawn", "2026-03-08")
    assert (parts["R2"]["status"], parts["R2"]["driven_until"]) == ("published", "2026-03-15")
    assert statuses(tenant) == {
        ("R1", "planned"): 6, ("R1", "canceled"): 5, ("R1", "started"): 1, ("R2", "planned"): 10,
    }  # fmt: skip
    reviews = {r["rep"]: r["status"] for r in tenant.get(f"/v1/plans/{plan_id}/reviews").json()}
    assert reviews == {"R1": "approved", "R2": "published"}
    again = tenant.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "NOTHING_TO_WITHDRAW")
    stranger = tenant.post(path, {"reps": ["R9"]})
    assert stranger.json()["issues"][0]["path"] == "reps[0]"
    published(tenant, plan_id, "2026-03-09", "2026-03-15", first_week=2, reps=["R1"])
    assert statuses(tenant)["R1", "planned"] == 6 + 5


def test_missed_visits_of_a_publication_that_is_taken_back_go_unless_somebody_told_of_them(
    tenant: Tenant, work: Work
) -> None:
    """Published in the past by mistake: the job has found all of it missed meanwhile."""
    plan_id = approved(tenant)
    made = published(tenant, plan_id, *TWO_WEEKS, reps=["R1"])
    told = everything(tenant, "/v1/visits?from_date=2026-03-04")[0]
    report = {"kind": "not_visited", "reason": "refused"}
    assert tenant.post(f"/v1/visits/{told['id']}/reports", report).status_code == 200
    find_missed_visits(work)
    assert statuses(tenant) == {("R1", "missed"): 12}
    taken = tenant.post(f"/v1/publications/{made['id']}:withdraw", {"from_date": "2026-03-03"})
    assert taken.status_code == 200, taken.text
    found = {v["id"]: v for v in everything(tenant, "/v1/visits")}
    assert statuses(tenant) == {("R1", "missed"): 2, ("R1", "canceled"): 10}
    assert (found[told["id"]]["status"], found[told["id"]]["reason"]) == ("missed", "refused")
    assert {v["date"] for v in found.values() if v["status"] == "missed"} == {
        "2026-03-02",
        told["date"],
    }


def test_a_plan_for_days_that_are_over_supersedes_what_was_found_missed(
    tenant: Tenant, work: Work
) -> None:
    published(tenant, approved(tenant), *TWO_WEEKS, reps=["R1"])
    find_missed_visits(work)
    published(tenant, approved(tenant), *TWO_WEEKS, reps=["R1"])
    assert statuses(tenant) == {("R1", "canceled"): 12, ("R1", "planned"): 12}


def test_without_a_day_it_is_taken_back_from_today_on(tenant: Tenant) -> None:
    made = published(tenant, approved(tenant), *TWO_WEEKS)
    refused = tenant.post(f"/v1/publications/{made['id']}:withdraw", {})
    assert refused.json()["code"] == "NOTHING_TO_WITHDRAW"


def changes_of(tenant: Tenant, plan_id: str, **options: Any) -> Any:
    found = tenant.get(f"/v1/plans/{plan_id}/changes", **options)
    assert found.status_code == 200, found.text
    return found.json()


def test_a_new_plan_is_set_beside_what_is_published(tenant: Tenant) -> None:
    """C1 goes from R1 to R2, B3 from Tuesday to Wednesday, C4 is gone; all else is as before."""
    old = approved(tenant)
    fresh = changes_of(tenant, old)
    assert {change["change"] for change in fresh["changes"]} == {"new"}
    assert fresh["reps"][0] == {
        "rep": "R1", "earlier_plan_id": None, "publication_id": None, "n_changes": 5,
    }  # fmt: skip
    made = published(tenant, old, *TWO_WEEKS)
    assert changes_of(tenant, old)["changes"] == []
    orders = {
        **ORDERS,
        ("R1", 3): ("B2",), ("R2", 3): ("C3", "C1"),
        ("R2", 1): (), ("R2", 2): ("A2", "B3"), ("R2", 5): ("A2",),
        ("R2", 6): (), ("R2", 7): ("A2", "B3"),
    }  # fmt: skip
    with_stores(tenant)
    new = drafted(tenant, visits=[
        {"rep": rep, "week": day // 5 + 1, "weekday": ("mon", "tue", "wed", "thu", "fri")[day % 5],
         "store_id": store}
        for (rep, day), stores in orders.items() for store in stores
    ])  # fmt: skip
    found = changes_of(tenant, new)
    assert {change["store_id"]: change["change"] for change in found["changes"]} == {
        "C1": "rep", "B3": "days", "C4": "dropped",
    }  # fmt: skip
    assert [(rep["n_changes"], rep["publication_id"]) for rep in found["reps"]] == [
        (1, made["id"]),
        (3, made["id"]),
    ]
    moved = next(change for change in found["changes"] if change["store_id"] == "B3")
    assert [(v["week"], v["weekday"]) for v in moved["was"]] == [(1, "tue"), (2, "tue")]
    assert [(v["week"], v["weekday"]) for v in moved["is"]] == [(1, "wed"), (2, "wed")]
    own = changes_of(tenant, new, role="supervisor")
    assert [(c["store_id"], c["change"]) for c in own["changes"]] == [("C1", "dropped")]
    assert own["changes"][0]["class"] == "C"


def test_a_review_leads_to_the_changes_first(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    review = tenant.get(f"/v1/plans/{plan_id}/reviews", role="supervisor").json()[0]
    assert review["changes"] == f"/v1/plans/{plan_id}/changes?rep=R1"
    found = tenant.get(review["changes"], role="supervisor").json()
    assert [rep["rep"] for rep in found["reps"]] == ["R1"]
