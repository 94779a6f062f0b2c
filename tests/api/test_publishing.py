"""Publishing over HTTP: who may, when, what it supersedes, and that one publisher wins."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from routeplanner.storage.database import Actor, Database
from routeplanner.storage.rows import insert_rows
from routeplanner.storage.visit_tables import PublicationDay
from tests.publishing import approved, drafted, everything, published, with_stores
from tests.service import ROLES, Tenant

WEEK: dict[str, Any] = {"start_date": "2026-03-02", "until": "2026-03-08", "allow_past": True}
TWO_WEEKS = ("2026-03-02", "2026-03-15")


def statuses(tenant: Tenant) -> Counter[tuple[str, str]]:
    visits = everything(tenant, "/v1/visits")
    return Counter((visit["plan_id"], visit["status"]) for visit in visits)


def reviews(tenant: Tenant, plan_id: str) -> dict[str, str]:
    return {r["rep"]: r["status"] for r in tenant.get(f"/v1/plans/{plan_id}/reviews").json()}


def test_a_publication_creates_the_visits_of_its_period(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    made = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK, role="planner")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/v1/publications/{made.json()['id']}"
    assert made.json()["published_by"] == str(tenant.people["planner"])
    assert tenant.get(made.headers["location"]).json() == made.json()
    parts = {part["rep"]: part for part in made.json()["reps"]}
    assert (parts["R1"]["n_visits"], parts["R2"]["n_visits"]) == (6, 5)
    assert {part["driven_until"] for part in parts.values()} == {"2026-03-08"}
    assert statuses(tenant) == {(plan_id, "planned"): 11}
    assert reviews(tenant, plan_id) == {"R1": "published", "R2": "published"}
    monday = everything(tenant, "/v1/visits?rep=R1&until=2026-03-02")
    assert len(monday) == 1
    only = monday[0]
    assert (only["store_id"], only["store_name"], only["class"]) == ("A1", "Store A1", "A")
    assert (only["position"], only["planned_start"], only["planned_minutes"]) == (1, "08:55", 60)
    assert (only["publication_id"], only["origin"]) == (made.json()["id"], "plan")


@pytest.mark.parametrize("role", ROLES)
def test_planners_and_admins_publish(tenant: Tenant, role: str) -> None:
    plan_id = approved(tenant)
    body = WEEK | {"reps": ["R1"]}
    answer = tenant.post(f"/v1/plans/{plan_id}:publish", body, role=role)
    assert answer.status_code == (201 if role in ("admin", "planner") else 403)
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", body, role=role)
    assert preview.status_code == (403 if role == "rep" else 200)


@pytest.mark.parametrize("steps", [[], ["submit"], ["submit", "approve", "return"]])
def test_only_what_is_approved_is_published(tenant: Tenant, steps: list[str]) -> None:
    with_stores(tenant)
    plan_id = drafted(tenant)
    for action in steps:
        body = {"action": action, "comment": "too far"}
        tenant.post(f"/v1/plans/{plan_id}/reviews/R1", body)
    refused = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK | {"reps": ["R1"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "NOT_APPROVED")
    assert [issue["path"] for issue in refused.json()["issues"]] == ["reps.R1"]
    assert everything(tenant, "/v1/visits") == []


def test_a_plan_is_published_for_the_reps_that_are_named(tenant: Tenant) -> None:
    plan_id = approved(tenant, reps=("R1",))
    whole = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK)
    assert [issue["path"] for issue in whole.json()["issues"]] == ["reps.R2"]
    published(tenant, plan_id, *TWO_WEEKS, reps=["R1"])
    assert {visit["rep"] for visit in everything(tenant, "/v1/visits")} == {"R1"}
    assert reviews(tenant, plan_id) == {"R1": "published", "R2": "draft"}


def test_a_newer_plan_supersedes_from_its_start_on(tenant: Tenant) -> None:
    old = approved(tenant)
    first = published(tenant, old, *TWO_WEEKS)
    new = approved(tenant, reps=("R1",))
    body = WEEK | {"start_date": "2026-03-09", "until": "2026-03-15", "first_week": 2}
    body["reps"] = ["R1"]
    preview = tenant.post(f"/v1/plans/{new}:preview-publication", body).json()["reps"]
    assert [(part["supersedes"], part["n_canceled"]) for part in preview] == [([first["id"]], 6)]
    second = tenant.post(f"/v1/plans/{new}:publish", body).json()
    assert statuses(tenant) == {
        (old, "planned"): 6 + 10,
        (old, "canceled"): 6,
        (new, "planned"): 6,
    }
    parts = {p["rep"]: p for p in tenant.get(f"/v1/publications/{first['id']}").json()["reps"]}
    assert (parts["R1"]["status"], parts["R1"]["driven_until"]) == ("superseded", "2026-03-08")
    assert parts["R1"]["superseded_by"] == second["id"]
    assert (parts["R2"]["status"], parts["R2"]["driven_until"]) == ("published", "2026-03-15")
    assert reviews(tenant, old) == {"R1": "superseded", "R2": "published"}
    canceled = everything(tenant, "/v1/visits?status=canceled")[0]
    reports = tenant.get(f"/v1/visits/{canceled['id']}").json()["reports"]
    assert [(report["kind"], report["is_holding"]) for report in reports] == [("cancel", True)]


def test_what_was_begun_stays_and_is_not_doubled(tenant: Tenant) -> None:
    old = approved(tenant)
    published(tenant, old, *TWO_WEEKS)
    monday = everything(tenant, "/v1/visits?rep=R1&until=2026-03-02")[0]
    report = {"kind": "check_in", "at": "2026-03-02T09:00:00+01:00"}
    assert tenant.post(f"/v1/visits/{monday['id']}/reports", report).status_code == 200
    new = approved(tenant)
    published(tenant, new, *TWO_WEEKS)
    on_monday = everything(tenant, "/v1/visits?store_id=A1&until=2026-03-02")
    assert [(visit["plan_id"], visit["status"]) for visit in on_monday] == [(old, "started")]


def test_visits_whose_store_has_another_one_that_day_are_listed_before_and_not_created(
    tenant: Tenant,
) -> None:
    """R2 is to see A1 on Monday, and A2 on Wednesday was skipped before; R1 and R2 have 11."""
    old = approved(tenant)
    published(tenant, old, *TWO_WEEKS)
    skipped = everything(tenant, "/v1/visits?store_id=A2&from_date=2026-03-04")[0]
    report = {"kind": "skip", "reason": "closed", "recorded_at": "2026-03-01T09:00:00Z"}
    assert tenant.post(f"/v1/visits/{skipped['id']}/reports", report).status_code == 200
    monday = everything(tenant, "/v1/visits?store_id=A1&until=2026-03-02")[0]
    tenant.post(f"/v1/visits/{monday['id']}/reports", {"kind": "cancel"})
    ad_hoc = {"rep": "R2", "store_id": "A1", "date": "2026-03-02"}
    assert tenant.post("/v1/visits", ad_hoc).status_code == 201
    new = approved(tenant)
    preview = tenant.post(f"/v1/plans/{new}:preview-publication", WEEK).json()
    taken = [("A1", "2026-03-02", None, "taken"), ("A2", "2026-03-04", None, "taken")]
    listed = [
        (c["store_id"], c["from_date"], c["to_date"], c["obstacle"]) for c in preview["changes"]
    ]
    assert listed == taken
    parts = {p["rep"]: (p["n_visits"], p["n_skipped"]) for p in preview["reps"]}
    assert parts == {"R1": (5, 1), "R2": (4, 1)}
    reached = {f["store_id"]: (f["required"], f["reached"]) for f in preview["frequencies"]}
    assert (reached["A1"], reached["A2"], reached["B1"]) == ((3, 2), (3, 2), (1, 1))

    made = published(tenant, new, WEEK["start_date"], WEEK["until"])
    parts = {p["rep"]: (p["n_visits"], p["n_skipped"]) for p in made["reps"]}
    assert parts == {"R1": (5, 1), "R2": (4, 1)}
    created = everything(tenant, f"/v1/visits?publication_id={made['id']}")
    assert Counter(visit["rep"] for visit in created) == {"R1": 5, "R2": 4}
    path = f"/v1/publications/{made['id']}"
    assert everything(tenant, f"{path}/changes") == preview["changes"]
    assert everything(tenant, f"{path}/frequencies") == preview["frequencies"]
    for form, n in (("visits", 9), ("changes", 2)):
        exported = tenant.get(f"{path}/export?format={form}").text.splitlines()
        assert len(exported) == n + 1
    days = tenant.get(f"{path}/export?format=ics&rep=R2").text
    assert days.count("BEGIN:VEVENT") == 4  # Wednesday had this one visit


def test_a_superseded_plan_can_be_approved_and_published_again(tenant: Tenant) -> None:
    first = approved(tenant)
    published(tenant, first, *TWO_WEEKS)
    second = approved(tenant)
    published(tenant, second, *TWO_WEEKS)
    refused = tenant.post(f"/v1/plans/{first}:publish", WEEK)
    assert refused.json()["code"] == "NOT_APPROVED"
    for rep in ("R1", "R2"):
        for action in ("submit", "approve"):
            tenant.post(f"/v1/plans/{first}/reviews/{rep}", {"action": action})
    published(tenant, first, *TWO_WEEKS)
    assert statuses(tenant) == {(first, "planned"): 22, (second, "canceled"): 22}
    assert reviews(tenant, second) == {"R1": "superseded", "R2": "superseded"}


def test_a_plan_goes_on_after_its_last_day(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    published(tenant, plan_id, "2026-03-02", "2026-03-08")
    published(tenant, plan_id, "2026-03-09", "2026-03-15", first_week=2)
    assert statuses(tenant) == {(plan_id, "planned"): 22}
    found = tenant.get(f"/v1/publications?plan_id={plan_id}&rep=R1&status=published").json()
    assert [p["start_date"] for p in found["items"]] == ["2026-03-09", "2026-03-02"]


def test_days_that_are_published_are_published_anew_only_by_who_has_seen_them(
    tenant: Tenant,
) -> None:
    plan_id = approved(tenant)
    first = published(tenant, plan_id, *TWO_WEEKS)
    path = f"/v1/plans/{plan_id}:publish"
    ill = {"rep": "R1", "first": "2026-03-09", "last": "2026-03-13", "name": "ill"}
    body = WEEK | {"start_date": "2026-03-09", "until": "2026-03-15", "first_week": 2}
    body["absences"] = [ill]
    blind = tenant.post(path, body)
    assert (blind.status_code, blind.json()["code"]) == (409, "ALREADY_PUBLISHED")
    seen = tenant.post(path, body | {"replaces_publication_id": first["id"]})
    assert seen.status_code == 201, seen.text
    again = tenant.post(path, body | {"replaces_publication_id": first["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_PUBLISHED")
    assert statuses(tenant) == {(plan_id, "planned"): 16, (plan_id, "canceled"): 6}
    kept = everything(tenant, f"/v1/visits?publication_id={seen.json()['id']}&rep=R2")
    assert len(kept) == 5
    assert reviews(tenant, plan_id) == {"R1": "published", "R2": "published"}
    late = body | {"start_date": "2026-03-16", "until": "2026-03-22", "absences": []}
    nothing = tenant.post(path, late | {"replaces_publication_id": first["id"]})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "NOTHING_TO_REPLACE")


def test_of_two_publishers_at_once_one_wins(tenant: Tenant) -> None:
    plan_id = approved(tenant)

    def publish(number: int) -> tuple[int, str]:
        role = ("admin", "planner")[number % 2]
        made = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK, role=role)
        return made.status_code, made.json().get("code", "")

    with ThreadPoolExecutor(6) as pool:
        answers = Counter(pool.map(publish, range(6)))
    assert answers == {(201, ""): 1, (409, "ALREADY_PUBLISHED"): 5}
    assert statuses(tenant) == {(plan_id, "planned"): 11}
    assert len(tenant.get("/v1/publications").json()["items"]) == 1


def test_of_two_plans_at_once_the_later_supersedes_the_earlier(tenant: Tenant) -> None:
    plans = [approved(tenant), approved(tenant)]

    def publish(plan_id: str) -> int:
        return int(tenant.post(f"/v1/plans/{plan_id}:publish", WEEK).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(publish, plans)) == [201, 201]
    found = statuses(tenant)
    assert Counter(status for _, status in found.elements()) == {"planned": 11, "canceled": 11}
    assert sorted(found.values()) == [11, 11]


def test_one_idempotency_key_publishes_once(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    headers = {"Idempotency-Key": "publish-1"}
    answers = [tenant.post(f"/v1/plans/{plan_id}:publish", WEEK, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_a_rep_has_one_published_plan_a_day_by_the_database_itself(
    tenant: Tenant, database: Database
) -> None:
    made = published(tenant, approved(tenant), *TWO_WEEKS)
    copy = text(
        "INSERT INTO publication_days (organization_id, rep_id, date, publication_id, is_absent)"
        " SELECT organization_id, rep_id, date, publication_id, false FROM publication_days LIMIT 1"
    )
    with (
        pytest.raises(IntegrityError, match="publication_days_pkey"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.execute(copy)
    with database.transaction(Actor(tenant.id)) as session:
        row = dict(session.execute(text("SELECT * FROM publication_days LIMIT 1")).mappings().one())
        assert str(row["publication_id"]) == made["id"]
        assert insert_rows(session, PublicationDay, [row]) == 0


def faults(tenant: Tenant, plan_id: str, **more: Any) -> list[tuple[str, str]]:
    refused = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK | more)
    assert refused.status_code == 422, refused.text
    return [(issue["code"], issue["path"]) for issue in refused.json()["issues"]]


def test_what_cannot_be_laid_is_told_whole(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    nobody = {"rep": "R9", "first": "2026-03-05", "last": "2026-03-03"}
    assert faults(
        tenant, plan_id, until="2026-02-01", first_week=3, absences=[nobody],
        lost_days={"Z": {"action": "skip"}},
    ) == [
        ("UNTIL_BEFORE_START", "until"),
        ("WEEK_NOT_IN_CYCLE", "first_week"),
        ("UNKNOWN_REP", "absences[0].rep"),
        ("ABSENCE_ENDS_BEFORE_START", "absences[0].last"),
        ("UNKNOWN_CLASS", "rules.Z"),
    ]  # fmt: skip
    assert faults(tenant, plan_id, country="XX") == [("UNKNOWN_COUNTRY", "country")]
    assert faults(tenant, plan_id, reps=["R1", "R8"]) == [("UNKNOWN_REFERENCE", "reps[1]")]
    off = {"date": "2026-03-04", "is_worked": False, "replaces": "2026-03-05"}
    assert faults(tenant, plan_id, days=[off]) == [("WRONG_VALUE", "days[0]")]
    eternity = {"rep": "R1", "first": "2026-03-05", "last": "2036-03-05"}
    assert faults(tenant, plan_id, absences=[eternity]) == [("WRONG_VALUE", "absences[0]")]


def test_reps_and_stores_have_to_be_in_the_master_data(tenant: Tenant) -> None:
    plan_id = drafted(tenant)
    missing = faults(tenant, plan_id)
    assert len(missing) == 7  # C2 and C4 have no visit in this week
    assert ("UNKNOWN_REFERENCE", "plan.stores.A1") in missing


def test_days_before_today_are_published_only_where_that_is_allowed(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()
    until = (today + timedelta(days=6)).isoformat()
    yesterday = {"start_date": (today - timedelta(days=1)).isoformat(), "until": until}
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", yesterday).json()
    told = [(issue["code"], issue["severity"], issue["value"]) for issue in preview["warnings"]]
    assert told == [("START_IN_PAST", "warning", yesterday["start_date"])]
    refused = tenant.post(f"/v1/plans/{plan_id}:publish", yesterday)
    assert refused.status_code == 422
    told = [(i["code"], i["severity"], i["path"]) for i in refused.json()["issues"]]
    assert told == [("START_IN_PAST", "error", "start_date")]
    assert everything(tenant, "/v1/visits") == []

    allowed = yesterday | {"allow_past": True}
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", allowed).json()
    assert preview["warnings"] == []
    published(tenant, plan_id, today.isoformat(), until, allow_past=False, reps=["R2"])
    assert tenant.post(f"/v1/plans/{plan_id}:publish", allowed | {"reps": ["R1"]}).is_success


def test_visits_of_stores_out_of_use_are_left_out_and_listed(tenant: Tenant) -> None:
    """A1 is out of use, B2 suspended, C1 closed after Wednesday; R1 has no other Thursday visit."""
    plan_id = approved(tenant)
    found = {store["external_id"]: store for store in tenant.get("/v1/stores").json()["items"]}
    tenant.delete(f"/v1/stores/{found['A1']['id']}")
    own = ("external_id", "name", "position", "rep")
    for store, change in (("B2", {"status": "suspended"}), ("C1", {"closed_on": "2026-03-04"})):
        fields = {name: found[store][name] for name in own} | change
        assert tenant.put(f"/v1/stores/{found[store]['id']}", fields).status_code == 200
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", WEEK).json()
    [warned] = preview["warnings"]
    assert (warned["code"], warned["severity"], warned["value"]) == (
        "STORES_OUT_OF_USE", "warning", "3",
    )  # fmt: skip
    assert warned["message"].endswith(": A1, B2, C1.")
    assert [(c["store_id"], c["from_date"], c["obstacle"]) for c in preview["changes"]] == [
        ("A1", "2026-03-02", "out_of_use"),
        ("A1", "2026-03-04", "out_of_use"),
        ("B2", "2026-03-05", "out_of_use"),
        ("C1", "2026-03-05", "out_of_use"),
        ("A1", "2026-03-06", "out_of_use"),
    ]
    made = tenant.post(f"/v1/plans/{plan_id}:publish", WEEK).json()
    assert [(p["rep"], p["n_visits"], p["n_skipped"]) for p in made["reps"]] == [
        ("R1", 1, 5),
        ("R2", 5, 0),
    ]
    path = f"/v1/publications/{made['id']}"
    assert everything(tenant, f"{path}/changes") == preview["changes"]
    assert {v["store_id"] for v in everything(tenant, "/v1/visits?rep=R1")} == {"B1"}
    tenant.put(f"/v1/stores/{found['A1']['id']}", {name: found["A1"][name] for name in own})
    exported = tenant.get(f"{path}/export?format=visits&rep=R1").text.splitlines()
    assert [line.split(",")[5] for line in exported[1:]] == ["B1"]


def test_a_rep_out_of_use_drives_nothing(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    rep = tenant.get("/v1/reps/by-external-id/R1").json()
    tenant.delete(f"/v1/reps/{rep['id']}")
    assert faults(tenant, plan_id) == [("UNKNOWN_REFERENCE", "plan.reps.R1")]
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", WEEK)
    assert preview.status_code == 422
    assert tenant.post(f"/v1/plans/{plan_id}:publish", WEEK | {"reps": ["R2"]}).is_success


def test_own_days_win_over_the_holidays_of_a_country(tenant: Tenant) -> None:
    """1 May 2026 is a Friday and a holiday in Germany; here it is worked, and the 30th is off."""
    plan_id = approved(tenant)
    days = [
        {"date": "2026-05-01", "is_worked": True, "name": "fair"},
        {"date": "2026-04-30", "is_worked": False, "name": "stock-taking"},
    ]
    own = [{"rep": "R2", "date": "2026-05-01", "is_worked": False, "name": "training"}]
    body = {"start_date": "2026-04-27", "until": "2026-05-03", "country": "DE-BE"}
    path = f"/v1/plans/{plan_id}:preview-publication"

    def lost(**more: Any) -> set[tuple[str, str, str]]:
        changes = tenant.post(path, body | more).json()["changes"]
        return {(c["store_id"], c["from_date"], c["cause"]) for c in changes}

    friday = {("A1", "2026-05-01", "holiday"), ("A2", "2026-05-01", "holiday")}
    assert lost() == friday
    thursday = {(store, "2026-04-30", "company") for store in ("B2", "C1", "C3")}
    assert lost(days=days) == thursday
    assert lost(days=days, rep_days=own) == thursday | {("A2", "2026-05-01", "company")}


def test_a_lost_week_may_pause_the_cycle(tenant: Tenant) -> None:
    """R1 is away in the second week: week 2 of the cycle is driven in the third calendar week."""
    plan_id = approved(tenant)
    away = {"rep": "R1", "first": "2026-03-09", "last": "2026-03-15", "name": "ill"}
    asked = {"absences": [away], "lost_weeks": "pause", "reps": ["R1"]}
    made = published(tenant, plan_id, "2026-03-02", "2026-03-22", **asked)
    visits = everything(tenant, "/v1/visits?rep=R1")
    assert Counter(visit["date"] < "2026-03-09" for visit in visits) == {True: 6, False: 6}
    assert [v["date"] for v in visits if v["store_id"] == "C2"] == ["2026-03-17"]
    assert (made["lost_weeks"], made["absences"]) == ("pause", [away])
    assert tenant.get(f"/v1/publications/{made['id']}").json() == made


def test_make_up_days_that_are_not_known_yet_are_told(tenant: Tenant) -> None:
    """Hungary set none for 2017 after those of 2016, or so the package says."""
    plan_id = approved(tenant)
    body = WEEK | {"start_date": "2017-03-06", "until": "2017-03-12", "country": "HU"}
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", body).json()
    told = [(issue["code"], issue["severity"], issue["value"]) for issue in preview["warnings"]]
    assert told == [("NO_MAKE_UP_DAYS", "warning", "2017")]
