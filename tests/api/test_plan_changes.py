"""The change list of a plan against an earlier one: as rows, as CSV and as update of a calendar.

The plans are those of two reps known by hand (operations.two_reps), with a kiosk that closes.
"""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.outputs import write_outputs
from routeplanner.jobs.work import Work
from tests.operations.two_reps import ORDERS, Orders, two_reps
from tests.publishing import approved, drafted, published, with_stores
from tests.service import Tenant, scenario, solved_plan

KIOSK = {"name": "Kiosk", "phone": "030 1", "extra": {"Supervisor": "Mr Lead", "联系人": "Li"}}
SHOP = {"name": "Shop", "phone": "030 2"}
MOVED: Orders = {
    **ORDERS,
    ("R1", 3): ("B2",), ("R2", 3): ("C3", "C1"),
    ("R2", 1): (), ("R2", 2): ("A2", "B3"), ("R2", 6): (), ("R2", 7): ("A2", "B3"),
}  # fmt: skip
"""C1 goes from R1 to R2, B3 from Tuesday to Wednesday; both Thursdays of R1 are route T3 then."""


DAYS_OF_A2 = {date(2026, 3, day) for day in (2, 4, 6, 9, 11, 13)}
"""Without the kiosk the routes T1a and T1b of R2 are one: T1."""


def fields(**changes: Any) -> Any:
    """The scenario of the two reps, with dates, a kiosk (C4) and a shop (C1)."""
    made = two_reps(C4=KIOSK, C1=SHOP).model_dump(mode="json", by_alias=True)
    return made | {"start_date": "2026-03-02"} | changes


def without_kiosk() -> Any:
    stores = [store for store in fields()["stores"] if store["id"] != "C4"]
    return fields(stores=stores)


def visits(orders: Orders) -> list[dict[str, Any]]:
    return [
        {"rep": rep, "week": day // 5 + 1, "weekday": WEEKDAYS[day % 5], "store_id": store}
        for (rep, day), stores in orders.items()
        for store in stores
    ]


def edited(tenant: Tenant, parent_id: str, orders: Orders = MOVED) -> str:
    made = tenant.post("/v1/plans:import", {"parent_id": parent_id, "visits": visits(orders)})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def replanned(tenant: Tenant, work: Work) -> tuple[str, str]:
    """A plan, and the one that a worker makes of it when the kiosk has closed."""
    old = drafted(tenant, scenario=fields())
    new = solved_plan(tenant, work, scenario=without_kiosk(), previous_plan_id=old, max_changes=0)
    assert new["parent_id"] == old
    return old, new["id"]


def rows(tenant: Tenant, plan_id: str, against: str = "parent", **options: Any) -> Any:
    found = tenant.get(f"/v1/plans/{plan_id}/changes?against={against}", **options)
    assert found.status_code == 200, found.text
    return found.json()


def file_of(tenant: Tenant, plan_id: str, query: str, **options: Any) -> bytes:
    found = tenant.get(f"/v1/plans/{plan_id}/export?{query}", **options)
    assert found.status_code == 200, found.text
    return bytes(found.content)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def events(content: bytes) -> dict[str, Event]:
    calendar = Calendar.from_ical(content)
    return {str(e["uid"]): e for e in calendar.walk("VEVENT") if isinstance(e, Event)}


def whole(tenant: Tenant, plan_id: str) -> tuple[Plan, Scenario]:
    plan = tenant.get(f"/v1/plans/{plan_id}").json()
    stored = tenant.get(f"/v1/scenarios/{plan['scenario_id']}").json()
    return Plan.model_validate(plan["plan"]), Scenario.model_validate(stored["scenario"])


def test_a_plan_is_set_beside_the_plan_before(tenant: Tenant, work: Work) -> None:
    """R2 leaves at 08:45, is at A2 from 08:55 to 09:55 and was at the kiosk ten minutes later."""
    old, new = replanned(tenant, work)
    found = rows(tenant, new)
    label = next(
        route.template
        for route in whole(tenant, old)[0].routes
        if (route.rep, route.day) == ("R2", 5)
    )
    assert found["changes"] == [
        {
            "store_id": "C4", "store_name": "Kiosk", "class": "C", "change": "dropped",
            "was": [
                {"rep": "R2", "week": 2, "weekday": "mon", "arrive": "10:05", "template": label}
            ],
            "is": [], "tell": ["rep", "store", "supervisor"], "reps": ["R2"],
            "contact": "Li, 030 1", "supervisor": "Mr Lead",
        }
    ]  # fmt: skip
    assert found["reps"] == [
        {"rep": rep, "earlier_plan_id": old, "publication_id": None, "n_changes": n}
        for rep, n in (("R1", 0), ("R2", 1))
    ]
    assert rows(tenant, new, old) == found
    assert rows(tenant, new, new)["changes"] == []


def test_the_files_are_those_of_the_command_line(
    tenant: Tenant, work: Work, tmp_path: Path
) -> None:
    old, new = replanned(tenant, work)
    previous, known = whole(tenant, old)
    plan, scenario = whole(tenant, new)
    write_outputs(plan, scenario, tmp_path / "out", previous, known, "Europe/Berlin")
    written = file_of(tenant, new, "format=changes")
    assert written == (tmp_path / "out" / "changes.csv").read_bytes()
    assert [row["store_name"] for row in table(written)] == ["Kiosk"]
    update = file_of(tenant, new, "format=changes_ics")
    assert update == (tmp_path / "out" / "changes.ics").read_bytes()
    told = events(update)
    assert {event.start.date() for event in told.values()} == DAYS_OF_A2
    assert {(event["sequence"], str(event["status"])) for event in told.values()} == {
        (2, "CONFIRMED")
    }
    assert set(told) < set(events(file_of(tenant, old, "format=ics")))
    sheet = tenant.get(f"/v1/plans/{new}/export?format=changes&against={old}")
    assert sheet.content == written
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.headers["content-disposition"] == 'attachment; filename="changes.csv"'


def test_moves_and_a_change_of_rep_are_told(tenant: Tenant) -> None:
    old = drafted(tenant, scenario=fields())
    new = edited(tenant, old)
    found = {row["store_id"]: row for row in rows(tenant, new)["changes"]}
    assert {store: row["change"] for store, row in found.items()} == {"B3": "days", "C1": "rep"}
    assert [(v["week"], v["weekday"]) for v in found["B3"]["was"]] == [(1, "tue"), (2, "tue")]
    assert [(v["week"], v["weekday"]) for v in found["B3"]["is"]] == [(1, "wed"), (2, "wed")]
    assert (found["C1"]["reps"], found["C1"]["contact"]) == (["R1", "R2"], "030 2")
    told = {(e.start.date(), str(e["status"])) for e in events(
        file_of(tenant, new, "format=changes_ics")
    ).values()}  # fmt: skip
    assert told == {
        (date(2026, 3, 3), "CANCELLED"), (date(2026, 3, 4), "CONFIRMED"),
        (date(2026, 3, 5), "CONFIRMED"), (date(2026, 3, 12), "CONFIRMED"),
        (date(2026, 3, 10), "CANCELLED"), (date(2026, 3, 11), "CONFIRMED"),
    }  # fmt: skip
    of_rep = tenant.get(f"/v1/plans/{new}/changes?against=parent&rep=R1").json()
    assert [row["rep"] for row in of_rep["reps"]] == ["R1"]
    assert [(row["store_id"], row["change"]) for row in of_rep["changes"]] == [("C1", "dropped")]


@pytest.mark.parametrize("role", ["supervisor", "rep"])
def test_who_sees_one_rep_is_told_of_that_part(tenant: Tenant, role: str) -> None:
    """The shop leaves R1 for a rep that they do not see."""
    old = drafted(tenant, scenario=fields())
    new = edited(tenant, old)
    found = rows(tenant, new, role=role)
    assert [(row["store_id"], row["change"]) for row in found["changes"]] == [("C1", "dropped")]
    assert (found["changes"][0]["store_name"], found["changes"][0]["contact"]) == ("Shop", "030 2")
    assert [row["rep"] for row in found["reps"]] == ["R1"]
    listed = table(file_of(tenant, new, "format=changes", role=role))
    assert [(row["store_id"], row["is"], row["reps"]) for row in listed] == [("C1", "", "R1")]
    update = events(file_of(tenant, new, "format=changes_ics", role=role))
    assert {e.start.date() for e in update.values()} == {date(2026, 3, 5), date(2026, 3, 12)}
    others = drafted(tenant, scenario=scenario(reps=("R2",)), visits=[])
    for path in (
        f"changes?against={others}",
        f"export?format=changes&against={others}",
        f"export?format=ics&against={others}",
    ):
        assert tenant.get(f"/v1/plans/{new}/{path}", role=role).status_code == 404


def test_a_rep_who_is_gone_is_told_of(tenant: Tenant, work: Work) -> None:
    old = solved_plan(tenant, work, scenario=scenario(n=2, reps=("R1", "R2")))
    new = solved_plan(tenant, work, scenario=scenario(n=2))
    found = rows(tenant, new["id"], old["id"])
    assert {row["rep"]: row["n_changes"] for row in found["reps"]} == {"R1": 0, "R2": 2}
    assert {row["store_id"]: row["change"] for row in found["changes"]} == {
        "R2-0": "dropped", "R2-1": "dropped",
    }  # fmt: skip
    seen = rows(tenant, new["id"], old["id"], role="rep")
    assert ([row["rep"] for row in seen["reps"]], seen["changes"]) == (["R1"], [])


def test_what_is_published_comes_as_csv_too(tenant: Tenant) -> None:
    with_stores(tenant)
    old = approved(tenant)
    published(tenant, old, "2026-03-02", "2026-03-15")
    new = drafted(tenant, scenario=fields(), visits=visits(MOVED))
    found = rows(tenant, new, "published")["changes"]
    assert [row["store_id"] for row in found] == ["C1", "B3"]
    listed = table(file_of(tenant, new, "format=changes&against=published"))
    assert [(row["store_id"], row["change"]) for row in listed] == [
        (row["store_id"], row["change"]) for row in found
    ]
    for name in ("ics", "changes_ics", "xlsx"):
        refused = tenant.get(f"/v1/plans/{new}/export?format={name}&against=published")
        assert refused.status_code == 422
        assert [i["code"] for i in refused.json()["issues"]] == ["NOT_ONE_PLAN"]


def test_there_is_nothing_to_set_it_beside(tenant: Tenant, other_tenant: Tenant) -> None:
    plan_id = drafted(tenant, scenario=fields())
    for path in ("changes?against=parent", "export?format=changes", "export?format=changes_ics"):
        refused = tenant.get(f"/v1/plans/{plan_id}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "NO_EARLIER_PLAN")
        assert refused.json()["issues"][0]["path"] == "against"
    for name in ("ics", "xlsx"):
        assert file_of(tenant, plan_id, f"format={name}")
    queued = tenant.post("/v1/plans", {"scenario": scenario()}).json()["id"]
    strange = drafted(other_tenant, scenario=fields())
    for against, status, code in (
        (queued, 409, "PLAN_EMPTY"),
        (strange, 404, "NOT_FOUND"),
        ("yesterday", 422, "INVALID_REQUEST"),
    ):
        for path in (f"changes?against={against}", f"export?format=xlsx&against={against}"):
            refused = tenant.get(f"/v1/plans/{plan_id}/{path}")
            assert (refused.status_code, refused.json()["code"]) == (status, code), path
    (issue,) = refused.json()["issues"]
    assert issue["path"] == "query.against"
    assert issue["hint"].startswith("write one of 'published' or 'parent'; ")
