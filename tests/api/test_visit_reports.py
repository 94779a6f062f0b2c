"""Reports of visits over HTTP: one by one and in bulk, in any order, safe to repeat."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from routeplanner.domain.visit import EXCUSED, REASONS
from tests.publishing import approved, everything, published, with_stores
from tests.service import ROLES, Tenant

MONDAY = "2026-03-02"


@pytest.fixture
def visit(tenant: Tenant) -> Any:
    """A1 of R1 on Monday 2 March."""
    published(tenant, approved(tenant), MONDAY, "2026-03-08")
    return of_store(tenant, "A1")


def of_store(tenant: Tenant, store_id: str) -> Any:
    return everything(tenant, f"/v1/visits?store_id={store_id}")[0]


def at(clock: str, day: str = MONDAY) -> str:
    return f"{day}T{clock}:00+01:00"


def send(tenant: Tenant, visit_id: str, role: str = "rep", **fields: Any) -> Any:
    return tenant.post(f"/v1/visits/{visit_id}/reports", fields, role=role)


def sent(visit_id: str, kind: str, clock: str, **fields: Any) -> dict[str, Any]:
    is_timed = kind.startswith("check")
    return {
        "client_id": f"{kind} {clock}".replace(" ", "/"),
        "visit_id": visit_id,
        "kind": kind,
        "recorded_at": at(clock),
        **({"at": at(clock)} if is_timed else {}),
        **fields,
    }


def upload(tenant: Tenant, reports: list[Any], role: str = "rep") -> list[Any]:
    answer = tenant.post("/v1/visits:bulk", {"reports": reports}, role=role)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


def test_a_check_in_and_a_check_out_make_a_visit(tenant: Tenant, visit: Any) -> None:
    begun = send(tenant, visit["id"], kind="check_in", at=at("09:00"), note="closed until nine")
    assert begun.status_code == 200, begun.text
    assert (begun.json()["outcome"], begun.json()["visit"]["status"]) == ("applied", "started")
    ended = send(tenant, visit["id"], kind="check_out", at=at("09:40"), open_points=["Price tag"])
    after = ended.json()["visit"]
    assert (after["status"], after["minutes"]) == ("done", 40)
    assert (after["started_at"], after["open_points"]) == ("2026-03-02T08:00:00Z", ["Price tag"])
    assert ended.headers["etag"] == f'"{after["version"]}"'
    found = tenant.get(f"/v1/visits/{visit['id']}", role="rep").json()
    assert [(r["kind"], r["note"]) for r in found["reports"]] == [
        ("check_in", "closed until nine"),
        ("check_out", ""),
    ]
    assert {r["reported_by"] for r in found["reports"]} == {str(tenant.people["rep"])}


def test_a_check_in_without_a_time_is_now(tenant: Tenant) -> None:
    with_stores(tenant)
    fields = {"name": f"now {uuid4()}", "time_zone": "Etc/UTC"}
    assert tenant.put("/v1/organization", fields).status_code == 200
    today = datetime.now(UTC).date().isoformat()
    opened = tenant.post("/v1/visits", {"rep": "R1", "store_id": "A1", "date": today})
    begun = send(tenant, opened.json()["id"], kind="check_in").json()["visit"]
    age = datetime.now(UTC) - datetime.fromisoformat(begun["started_at"])
    assert begun["status"] == "started"
    assert timedelta(0) <= age < timedelta(minutes=5)


def test_the_last_word_holds_and_can_be_taken_back(tenant: Tenant, visit: Any) -> None:
    send(tenant, visit["id"], kind="check_in", at=at("09:00"), recorded_at=at("09:00"))
    late = send(tenant, visit["id"], kind="check_in", at=at("08:50"), recorded_at=at("08:55"))
    assert late.json()["outcome"] == "outdated"
    assert late.json()["visit"]["started_at"] == "2026-03-02T08:00:00Z"
    back = send(
        tenant, visit["id"], kind="check_in", recorded_at=at("10:00"), is_withdrawn=True
    ).json()
    assert (back["outcome"], back["visit"]["status"]) == ("applied", "planned")
    reports = tenant.get(f"/v1/visits/{visit['id']}").json()["reports"]
    assert [report["is_holding"] for report in reports] == [False, False, True]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "check_in", "at": at("09:00", "2026-03-03")}, "WRONG_DAY"),
        ({"kind": "check_in", "at": "2026-03-02T09:00:00"}, "TIME_WITHOUT_ZONE"),
        ({"kind": "skip"}, "REASON_MISSING"),
        ({"kind": "skip", "reason": "closed"}, "DAY_OVER"),
        ({"kind": "not_visited"}, "REASON_MISSING"),
        ({"kind": "check_in", "at": "2099-03-02T09:00:00Z"}, "RECORDED_AHEAD"),
        ({"kind": "check_in", "recorded_at": "2099-03-02T09:00:00Z"}, "RECORDED_AHEAD"),
    ],
)
def test_what_cannot_be_is_refused(
    tenant: Tenant, visit: Any, fields: dict[str, Any], code: str
) -> None:
    refused = send(tenant, visit["id"], **fields)
    assert refused.status_code == 422
    assert [issue["code"] for issue in refused.json()["issues"]] == [code]
    assert tenant.get(f"/v1/visits/{visit['id']}").json()["reports"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "dance"},
        {"kind": "check_in", "at": "0001-01-01T00:00:00+14:00"},
        {"kind": "skip", "reason": "no idea"},
        {"kind": "check_out", "open_points": [""]},
        {"kind": "check_out", "open_points": ["x"] * 21},
        {"kind": "check_in", "note": "a\x00b"},
        {"kind": "check_in", "client_id": "publication:1/canceled/2"},
        {"kind": "check_in", "position": {"lat": 91, "lon": 0}},
    ],
)
def test_a_report_that_makes_no_sense_is_refused(
    tenant: Tenant, visit: Any, fields: dict[str, Any]
) -> None:
    assert send(tenant, visit["id"], **fields).status_code == 422


@pytest.mark.parametrize("role", ROLES)
def test_who_may_report_what(tenant: Tenant, visit: Any, role: str) -> None:
    begun = send(tenant, visit["id"], role, kind="check_in", at=at("09:00"))
    assert begun.status_code == 200
    canceled = send(tenant, of_store(tenant, "B1")["id"], role, kind="cancel")
    assert canceled.status_code == (403 if role == "rep" else 200)
    other = send(tenant, of_store(tenant, "A2")["id"], role, kind="check_in", at=at("09:00"))
    assert other.status_code == (200 if role in ("admin", "planner") else 404)


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_are_excused_or_not(tenant: Tenant, visit: Any, reason: str) -> None:
    missed = send(tenant, visit["id"], kind="not_visited", reason=reason).json()["visit"]
    assert (missed["status"], missed["reason"]) == ("missed", reason)
    assert missed["is_excused"] == (reason in EXCUSED)
    settings = {"visits": {"excused_reasons": ["refused"]}}
    organization = {"name": f"strict {uuid4()}", "time_zone": "Europe/Berlin"}
    changed = tenant.put("/v1/organization", organization | {"settings": settings})
    assert changed.status_code == 200
    found = tenant.get(f"/v1/visits/{visit['id']}").json()
    assert found["is_excused"] == (reason == "refused")


def test_positions_are_kept_only_where_the_organization_wants_them(
    tenant: Tenant, visit: Any
) -> None:
    place = {"lat": 50.0, "lon": 8.0}
    first = sent(visit["id"], "check_in", "09:00", position=place)
    assert upload(tenant, [first])[0]["outcome"] == "applied"
    organization = {"name": f"watchful {uuid4()}", "time_zone": "Europe/Berlin"}
    settings = {"visits": {"keeps_positions": True}}
    assert tenant.put("/v1/organization", organization | {"settings": settings}).status_code == 200
    assert upload(tenant, [first])[0]["outcome"] == "repeated"
    upload(tenant, [sent(visit["id"], "check_out", "09:30", position=place)])
    reports = tenant.get(f"/v1/visits/{visit['id']}").json()["reports"]
    assert [report["position"] for report in reports] == [None, place]
    wrong = tenant.put("/v1/organization", organization | {"settings": {"visits": {"gps": True}}})
    assert (wrong.status_code, wrong.json()["issues"][0]["path"]) == (422, "settings.visits.gps")


def test_a_day_without_a_network_is_uploaded_in_any_order(tenant: Tenant, visit: Any) -> None:
    """Two visits of the plan, one skipped, and an ad hoc one that the phone has opened."""
    new, place = str(uuid4()), {"rep": "R1", "store_id": "B2", "date": MONDAY}
    skipped = of_store(tenant, "C1")["id"]
    reports = [
        sent(visit["id"], "check_in", "09:00"),
        sent(visit["id"], "check_out", "09:30", open_points=["Display"]),
        sent(new, "check_in", "10:00", ad_hoc=place),
        sent(new, "check_out", "10:20", ad_hoc=place),
        sent(skipped, "skip", "11:00", reason="person_away"),
    ]
    for order in list(permutations(range(5)))[::40]:
        answers = upload(tenant, [reports[n] for n in order])
        assert {answer["outcome"] for answer in answers} <= {"applied", "repeated"}
        final = {answer["visit_id"]: answer["status"] for answer in answers}
        assert final == {visit["id"]: "done", new: "done", skipped: "skipped"}
    made = tenant.get(f"/v1/visits/{new}").json()
    assert (made["origin"], made["class"], made["minutes"]) == ("ad_hoc", "B", 20)
    assert len(made["reports"]) == 2
    assert tenant.get(f"/v1/visits/{visit['id']}").json()["open_points"] == ["Display"]


def test_every_report_of_an_upload_is_answered(tenant: Tenant, visit: Any) -> None:
    other, place = of_store(tenant, "A2")["id"], {"rep": "R2", "store_id": "A2", "date": MONDAY}
    good = sent(visit["id"], "check_in", "09:00")
    answers = upload(
        tenant,
        [
            good,
            {"nonsense": True},
            sent(str(uuid4()), "check_in", "09:00", client_id="a"),
            sent(other, "check_in", "09:00", client_id="b"),
            sent(str(uuid4()), "check_in", "09:00", client_id="c", ad_hoc=place),
            sent(other, "check_in", "09:00", client_id="d", ad_hoc=place),
            sent(visit["id"], "cancel", "09:10"),
            good | {"at": at("09:05")},
            good,
            sent(visit["id"], "skip", "09:20"),
        ],
    )
    assert [(a["outcome"], [i["code"] for i in a["issues"]][:1]) for a in answers] == [
        ("applied", []),
        ("refused", ["MISSING_KEY"]),
        ("refused", ["UNKNOWN_VISIT"]),
        ("refused", ["UNKNOWN_VISIT"]),
        ("refused", ["UNKNOWN_VISIT"]),
        ("refused", ["UNKNOWN_VISIT"]),
        ("refused", ["ROLE_NOT_ALLOWED"]),
        ("refused", ["CLIENT_ID_REUSED"]),
        ("repeated", []),
        ("refused", ["REASON_MISSING"]),
    ]
    assert answers[1]["issues"][0]["path"].startswith("reports[1]")
    assert len(tenant.get(f"/v1/visits/{visit['id']}").json()["reports"]) == 1
    assert tenant.get(f"/v1/visits/{other}").json()["reports"] == []
    assert len(everything(tenant, "/v1/visits?origin=ad_hoc")) == 0


def test_an_ad_hoc_visit_is_where_its_last_report_says(tenant: Tenant, visit: Any) -> None:
    new = str(uuid4())
    wrong = {"rep": "R1", "store_id": "B1", "date": MONDAY}
    upload(tenant, [sent(new, "check_in", "10:00", ad_hoc=wrong)])
    upload(tenant, [sent(new, "check_out", "10:20", ad_hoc=wrong | {"store_id": "C1"})])
    found = tenant.get(f"/v1/visits/{new}").json()
    assert (found["store_id"], found["class"], found["status"]) == ("C1", "C", "done")


def test_an_ad_hoc_visit_goes_back_to_where_its_other_reports_say(
    tenant: Tenant, visit: Any
) -> None:
    """The report that told a place elsewhere is corrected by one that tells none."""
    new = str(uuid4())
    told = {"rep": "R1", "store_id": "B1", "date": MONDAY}
    upload(tenant, [sent(new, "check_in", "10:00", ad_hoc=told)])
    elsewhere = {"rep": "R2", "store_id": "C3", "date": MONDAY}
    upload(tenant, [sent(new, "check_out", "10:20", ad_hoc=elsewhere)], role="admin")
    moved = tenant.get(f"/v1/visits/{new}").json()
    assert (moved["rep"], moved["store_id"], moved["class"]) == ("R2", "C3", "C")

    corrected = sent(new, "check_out", "10:25")
    for outcome in ("applied", "repeated"):
        answers = upload(tenant, [corrected], role="admin")
        assert [answer["outcome"] for answer in answers] == [outcome]
    found = tenant.get(f"/v1/visits/{new}").json()
    assert (found["rep"], found["store_id"], found["class"]) == ("R1", "B1", "B")
    assert (found["status"], found["minutes"]) == ("done", 25)
    day = tenant.get(f"/v1/reps/R1/days/{MONDAY}").json()["visits"]
    assert new in {entry["id"] for entry in day}


def test_a_place_that_is_known_already_lets_nobody_report_there(tenant: Tenant, visit: Any) -> None:
    """R1 and its supervisor see the visit while it is theirs, and the stores of R2 never."""
    new = str(uuid4())
    foreign = {"rep": "R2", "store_id": "A2", "date": MONDAY}
    upload(tenant, [sent(new, "check_in", "10:00", ad_hoc=foreign)], role="admin")
    own = {"rep": "R1", "store_id": "B1", "date": MONDAY}
    upload(tenant, [sent(new, "check_out", "10:20", ad_hoc=own)], role="admin")
    reports = [
        sent(new, "check_in", "10:05", client_id="a", ad_hoc=foreign),
        sent(str(uuid4()), "check_in", "10:05", client_id="b", ad_hoc=foreign | {"rep": "R1"}),
    ]
    answers = upload(tenant, reports)
    assert [answer["issues"][0]["code"] for answer in answers] == ["UNKNOWN_VISIT"] * 2
    assert tenant.get(f"/v1/visits/{new}", role="rep").json()["store_id"] == "B1"


def test_a_missed_visit_may_turn_out_to_be_done(tenant: Tenant, visit: Any) -> None:
    send(tenant, visit["id"], kind="not_visited", reason="refused")
    for kind, clock in (("check_out", "09:30"), ("check_in", "09:00")):
        upload(tenant, [sent(visit["id"], kind, clock)])
    found = tenant.get(f"/v1/visits/{visit['id']}").json()
    assert (found["status"], found["reason"], found["is_excused"]) == ("done", None, None)


def test_the_same_upload_at_once_is_taken_once(tenant: Tenant, visit: Any) -> None:
    """Whoever comes second is told so, or asked to send again; then everything is known."""
    place = {"rep": "R1", "store_id": "B2", "date": MONDAY}
    new = str(uuid4())
    reports = [
        sent(visit["id"], "check_in", "09:00"),
        sent(new, "check_in", "10:00", ad_hoc=place),
        sent(new, "check_out", "10:20", ad_hoc=place),
    ]

    def once(_: int) -> int:
        answer = tenant.post("/v1/visits:bulk", {"reports": reports}, role="rep")
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(once, range(8)))
    assert 200 in codes
    assert codes <= {200, 409, 503}
    assert {answer["outcome"] for answer in upload(tenant, reports)} == {"repeated"}
    assert len(tenant.get(f"/v1/visits/{new}").json()["reports"]) == 2
    assert len(everything(tenant, "/v1/visits?origin=ad_hoc")) == 1


def test_an_upload_has_a_thousand_reports_at_most(tenant: Tenant, visit: Any) -> None:
    many = [
        sent(visit["id"], "check_in", "09:00", client_id=f"n{number}") for number in range(1000)
    ]
    answers = upload(tenant, many)
    assert len(answers) == 1000
    assert {answer["outcome"] for answer in answers} <= {"applied", "outdated"}
    assert tenant.post("/v1/visits:bulk", {"reports": [*many, many[0]]}).status_code == 422
    assert {answer["outcome"] for answer in upload(tenant, many)} == {"repeated"}


def test_other_organizations_neither_see_nor_disturb(
    tenant: Tenant, other_tenant: Tenant, visit: Any
) -> None:
    assert other_tenant.get(f"/v1/visits/{visit['id']}").status_code == 404
    assert send(other_tenant, visit["id"], "admin", kind="cancel").status_code == 404
    published(other_tenant, approved(other_tenant), MONDAY, "2026-03-08")
    place = {"rep": "R1", "store_id": "B2", "date": MONDAY}
    same_id = [sent(visit["id"], "check_in", "10:00", ad_hoc=place)]
    assert upload(other_tenant, same_id, role="admin")[0]["outcome"] == "applied"
    assert tenant.get(f"/v1/visits/{visit['id']}").json()["status"] == "planned"
