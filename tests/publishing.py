"""A plan of two reps over HTTP, whose visits on dates are known by hand (operations.two_reps)."""

from typing import Any

from routeplanner.domain.hours import WEEKDAYS
from tests.operations.two_reps import ORDERS, STORES, two_reps
from tests.service import Tenant


def with_stores(tenant: Tenant) -> None:
    """The stores of the two reps as master data."""
    rows = [
        {
            "external_id": store,
            "name": f"Store {store}",
            "position": {"lat": 50 + place / 10, "lon": 8},
            "rep": rep,
        }
        for place, (store, rep) in enumerate(STORES.items())
    ]
    written = tenant.post("/v1/stores:bulk", {"stores": rows})
    assert {row["status"] for row in written.json()} <= {"created", "unchanged"}, written.text


def drafted(tenant: Tenant, **more: Any) -> str:
    """The plan of the two reps as a draft; returns its id."""
    fields = two_reps().model_dump(mode="json", by_alias=True)
    visits = [
        {"rep": rep, "week": day // 5 + 1, "weekday": WEEKDAYS[day % 5], "store_id": store}
        for (rep, day), stores in ORDERS.items()
        for store in stores
    ]
    body = {"scenario": fields, "visits": visits} | more
    made = tenant.post("/v1/plans:import", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def approved(tenant: Tenant, reps: tuple[str, ...] = ("R1", "R2")) -> str:
    """The plan of the two reps, approved for some of them; returns its id."""
    with_stores(tenant)
    plan_id = drafted(tenant)
    for rep in reps:
        for action in ("submit", "approve"):
            taken = tenant.post(f"/v1/plans/{plan_id}/reviews/{rep}", {"action": action})
            assert taken.status_code == 200, taken.text
    return plan_id


def published(tenant: Tenant, plan_id: str, start: str, until: str, **more: Any) -> Any:
    """A publication of a plan, on whatever days."""
    body = {"start_date": start, "until": until, "allow_past": True} | more
    made = tenant.post(f"/v1/plans/{plan_id}:publish", body)
    assert made.status_code == 201, made.text
    return made.json()


def everything(tenant: Tenant, path: str, **options: Any) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    sign = "&" if "?" in path else "?"
    cursor = ""
    while True:
        page = tenant.get(f"{path}{sign}limit=500{cursor}", **options)
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        if page.json()["next"] is None:
            return items
        cursor = f"&cursor={page.json()['next']}"
