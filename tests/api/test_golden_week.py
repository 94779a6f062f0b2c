"""China's Golden Week of 2026 published over HTTP, as operations/test_golden_week.py counts it."""

from collections import Counter
from typing import Any

import pytest

from routeplanner.domain.dated import LostDayAction
from tests.operations.test_golden_week import FOUND, LOST, MADE_UP, REACHED, REQUIRED
from tests.publishing import approved, everything, published
from tests.service import Tenant

PERIOD = ("2026-09-14", "2026-10-30")
ILL = {"rep": "R2", "first": "2026-10-12", "last": "2026-10-23", "name": "ill"}


def asked(action: LostDayAction) -> dict[str, Any]:
    rules = {label: {"action": action} for label in "ABC"}
    return {"country": "CN", "absences": [ILL], "lost_days": rules, "allow_past": True}


def by_hand(action: LostDayAction) -> set[tuple[str, str, str, str | None]]:
    moved = {(rep, store, day, FOUND[action].get((store, day))) for rep, store, day in LOST}
    return moved | set(MADE_UP)


def listed(changes: list[Any]) -> set[tuple[str, str, str, str | None]]:
    return {
        (
            change["rep"],
            change["store_id"],
            change["from_date"].removeprefix("2026-"),
            change["to_date"] and change["to_date"].removeprefix("2026-"),
        )
        for change in changes
    }


@pytest.mark.parametrize("action", list(FOUND))
def test_every_shifted_or_skipped_visit_is_the_one_counted_by_hand(
    tenant: Tenant, action: LostDayAction
) -> None:
    plan_id = approved(tenant)
    body = {"start_date": PERIOD[0], "until": PERIOD[1]} | asked(action)
    preview = tenant.post(f"/v1/plans/{plan_id}:preview-publication", body)
    assert preview.status_code == 200, preview.text
    before = preview.json()
    assert listed(before["changes"]) == by_hand(action)
    assert len(before["changes"]) == len(LOST) + len(MADE_UP)
    assert {f["store_id"]: f["required"] for f in before["frequencies"]} == REQUIRED
    assert {f["store_id"]: f["reached"] for f in before["frequencies"]} == REACHED[action]
    assert before["warnings"] == []
    assert tenant.get("/v1/publications").json()["items"] == []
    assert tenant.get("/v1/visits").json()["items"] == []

    made = published(tenant, plan_id, *PERIOD, **asked(action))
    path = f"/v1/publications/{made['id']}"
    assert everything(tenant, f"{path}/changes") == before["changes"]
    assert everything(tenant, f"{path}/frequencies") == before["frequencies"]
    skipped = sum(moved is None for _, _, _, moved in by_hand(action))
    assert sum(part["n_skipped"] for part in made["reps"]) == skipped
    visits = everything(tenant, "/v1/visits")
    assert Counter(visit["store_id"] for visit in visits) == REACHED[action]
    assert {visit["status"] for visit in visits} == {"planned"}
    assert Counter(part["n_visits"] for part in made["reps"]) == Counter(
        Counter(visit["rep"] for visit in visits).values()
    )
    driven = {(v["store_id"], v["date"].removeprefix("2026-")) for v in visits}
    assert all((store, to) in driven for _, store, _, to in by_hand(action) if to)
    assert not any((store, day) in driven for _, store, day in LOST)


def test_causes_and_obstacles_are_told(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    made = published(tenant, plan_id, *PERIOD, **asked("push_back"))
    path = f"/v1/publications/{made['id']}/changes"
    changes = {(c["store_id"], c["from_date"]): c for c in everything(tenant, path)}
    kept = changes["A1", "2026-10-07"]
    assert (kept["changed_by"], kept["cause"], kept["to_date"]) == (
        "make_up",
        "holiday",
        "2026-10-10",
    )
    assert changes["A1", "2026-10-02"]["cause_name"] == "National Day"
    ill = changes["B3", "2026-10-13"]
    assert (ill["cause"], ill["cause_name"], ill["obstacle"]) == ("absence", "ill", "no_day")
    own = everything(tenant, path, role="rep")
    assert {change["rep"] for change in own} == {"R1"}


def test_a_make_up_day_has_the_route_of_the_day_that_it_replaces(tenant: Tenant) -> None:
    plan_id = approved(tenant)
    published(tenant, plan_id, *PERIOD, **asked("skip"))
    sunday = everything(tenant, "/v1/visits?rep=R1&from_date=2026-09-20&until=2026-09-20")
    assert sorted((v["position"], v["store_id"], v["due_date"]) for v in sunday) == [
        (1, "B1", "2026-10-06"),
        (2, "C2", "2026-10-06"),
    ]
