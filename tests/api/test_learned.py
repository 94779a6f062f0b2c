"""What visits that were done say of minutes, travel and reserve, as they do in Python."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from routeplanner.domain.driven_visit import DrivenVisit, with_ways
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.learn import learn
from routeplanner.planning.reserve import reserve_report
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import STORES, two_reps
from tests.publishing import drafted, with_stores
from tests.service import Tenant

MONDAY = dt.date(2026, 3, 2)
PERIOD = "from_date=2026-03-02&until=2026-03-27"
N_DAYS = 12


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def made_visits(days: int = N_DAYS) -> list[DrivenVisit]:
    """Every rep visits their stores one after another, each for 50 minutes, 20 minutes apart."""
    found = []
    for day in range(days):
        for rep in ("R1", "R2"):
            own = [store for store, owner in STORES.items() if owner == rep]
            for place, store in enumerate(own[:4]):
                begun = 60 * (9 * 60 + 70 * place)
                found.append(
                    DrivenVisit(
                        store_id=store,
                        rep=rep,
                        date=MONDAY + dt.timedelta(days=day),
                        started=begun,
                        ended=begun + 50 * 60,
                        minutes_in_store=50,
                        row=len(found),
                    )
                )
    return found


def reported(tenant: Tenant, visits: list[DrivenVisit]) -> None:
    """Report visits as ad hoc ones, in the time of Berlin."""
    reports = []
    for visit in visits:
        id_ = str(uuid4())
        where = {"rep": visit.rep, "store_id": visit.store_id, "date": str(visit.date)}
        for kind, seconds in (("check_in", visit.started), ("check_out", visit.ended)):
            assert seconds is not None
            at = f"{visit.date}T{clock(seconds // 60)}:00+01:00"
            reports.append(
                {
                    "client_id": str(uuid4()), "visit_id": id_, "kind": kind, "ad_hoc": where,
                    "at": at, "recorded_at": at,
                }
            )  # fmt: skip
    for first in range(0, len(reports), 1000):
        answers = tenant.post("/v1/visits:bulk", {"reports": reports[first : first + 1000]})
        assert {answer["outcome"] for answer in answers.json()} == {"applied"}, answers.text


def stored(tenant: Tenant, given: Scenario) -> str:
    kept = tenant.post("/v1/scenarios", {"scenario": given.model_dump(mode="json", by_alias=True)})
    assert kept.status_code == 201, kept.text
    return f"/v1/scenarios/{kept.json()['id']}/learned"


def test_what_is_learned_is_as_in_python_and_changes_nothing(tenant: Tenant) -> None:
    with_stores(tenant)
    path, visits = stored(tenant, two_reps()), made_visits()
    before = tenant.get(path.removesuffix("/learned")).json()
    reported(tenant, visits)
    found = tenant.get(f"{path}?{PERIOD}").json()
    given = two_reps()
    expected = learn(given, with_ways(visits), travel_matrix(given))
    assert found == expected.model_dump(mode="json", by_alias=True)
    assert (found["n_visits"], found["groups"][0]["visits"]["n"]) == (len(visits), len(visits))
    minutes = {row["store_class"]: row for row in found["classes"]}
    assert (minutes["A"]["proposed_minutes"], minutes["A"]["minutes"]["median"]) == (50, 50)
    assert found["changes"][0]["n"] == minutes["A"]["minutes"]["n"]
    assert {group["name"] for group in found["groups"] if group["kind"] == "hour"} >= {"09", "10"}
    assert tenant.get(path.removesuffix("/learned")).json() == before


def test_a_plan_is_put_to_the_minutes_that_visits_took(tenant: Tenant) -> None:
    with_stores(tenant)
    path, visits = f"/v1/plans/{drafted(tenant)}", made_visits()
    reported(tenant, visits)
    found = tenant.get(f"{path}/reserve?{PERIOD}&longer=10").json()
    plan, given = Plan.model_validate(tenant.get(path).json()["plan"]), two_reps()
    expected = reserve_report(given, plan, travel_matrix(given), with_ways(visits), [10])
    assert found == expected.model_dump(mode="json")
    assert [total["strain"]["kind"] for total in found["totals"]] == ["travel", "visits"]
    assert found["totals"][1]["longer_minutes"] != 0
    own = tenant.get(f"{path}/reserve?{PERIOD}", role="rep").json()
    assert {day["rep"] for day in own["days"]} == {"R1"}
    assert sum(row["visits"] for row in own["classes"]) * 2 == sum(
        row["visits"] for row in found["classes"]
    )
    half = tenant.get(f"{path}/reserve?until=2026-03-27")
    assert (half.status_code, half.json()["code"]) == (422, "INVALID_REQUEST")


def test_a_rep_and_a_period_narrow_what_is_learned_from(tenant: Tenant) -> None:
    with_stores(tenant)
    path = stored(tenant, two_reps())
    reported(tenant, made_visits(3))
    one = tenant.get(f"{path}?{PERIOD}&rep=R1").json()
    assert {store["store_id"] for store in one["stores"]} <= {
        store for store, rep in STORES.items() if rep == "R1"
    }
    day = tenant.get(f"{path}?from_date=2026-03-03&until=2026-03-03").json()
    whole = tenant.get(f"{path}?{PERIOD}").json()
    assert (3 * day["n_visits"], 2 * one["n_visits"]) == (whole["n_visits"],) * 2
    assert tenant.get(f"{path}?{PERIOD}&rep=R9").json()["n_visits"] == 0
    for period, code in (
        ("from_date=2026-03-03&until=2026-03-02", "UNTIL_BEFORE_START"),
        ("from_date=2025-03-03&until=2026-03-10", "PERIOD_TOO_LONG"),
    ):
        refused = tenant.get(f"{path}?{period}")
        assert [issue["code"] for issue in refused.json()["issues"]] == [code]


@pytest.mark.parametrize("role", ["supervisor", "rep"])
def test_restricted_roles_learn_of_their_own_reps(tenant: Tenant, role: str) -> None:
    with_stores(tenant)
    path = stored(tenant, two_reps())
    reported(tenant, made_visits(2))
    seen: Any = tenant.get(f"{path}?{PERIOD}", role=role)
    assert {store["store_id"] for store in seen.json()["stores"]} <= {
        store for store, rep in STORES.items() if rep == "R1"
    }
    assert seen.json()["n_visits"] > 0
    assert seen.json()["unknown_stores"] == []
    assert tenant.get(f"{path}?{PERIOD}&rep=R2", role=role).json()["n_visits"] == 0


def test_a_visit_past_midnight_has_minutes_but_no_way(tenant: Tenant) -> None:
    with_stores(tenant)
    path = stored(tenant, two_reps())
    late, after = made_visits(1)[:2]
    id_, where = str(uuid4()), {"rep": "R1", "store_id": late.store_id, "date": "2026-03-02"}
    for kind, at in (("check_in", "2026-03-02T23:30:00+01:00"),
                     ("check_out", "2026-03-03T00:10:00+01:00")):  # fmt: skip
        report = {"client_id": str(uuid4()), "visit_id": id_, "kind": kind, "ad_hoc": where}
        told = {"reports": [report | {"at": at, "recorded_at": at}]}
        assert tenant.post("/v1/visits:bulk", told).json()[0]["outcome"] == "applied"
    reported(tenant, [after.model_copy(update={"date": dt.date(2026, 3, 3)})])
    found = tenant.get(f"{path}?{PERIOD}").json()
    assert (found["n_visits"], found["n_ways"], found["left_out"]) == (2, 0, [])
