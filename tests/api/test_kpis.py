"""KPIs over HTTP: counted by hand, audited row by row, moved by a report, seen by the right people.

Of the two reps' cycle (tests.operations.two_reps) the first week of R1 has A1 on Monday, Wednesday
and Friday, B1 on Tuesday, B2 and then C1 on Thursday. What happens: A1 is visited on Monday at its
time, for 60 minutes; B1 refuses on Tuesday and is visited ad hoc on Wednesday for 20; A1 is closed
on Wednesday; on Thursday C1 comes first, 50 minutes early and for 30, then B2, 45 minutes late and
for 40; Friday is not told of yet.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from routeplanner.jobs import kpi_counts
from routeplanner.operations.kpis import KPIS
from routeplanner.storage import kpi_rows
from routeplanner.use_cases import kpi_loading, kpis
from tests.publishing import approved, everything, published
from tests.service import Tenant, store

WEEK = "from_date=2026-03-02&until=2026-03-08"
BOTH_WEEKS = "from_date=2026-03-02&until=2026-03-15"
BERLIN = ZoneInfo("Europe/Berlin")
ALL = ("admin", "planner")


@pytest.fixture
def week(tenant: Tenant) -> Tenant:
    """The first week of R1 as told above."""
    published(tenant, approved(tenant), "2026-03-02", "2026-03-15")
    visited(tenant, "A1", "2026-03-02", 0, 60)
    told(tenant, "B1", "2026-03-03", "refused")
    told(tenant, "A1", "2026-03-04", "closed")
    visited(tenant, "C1", "2026-03-05", -50, 30)
    visited(tenant, "B2", "2026-03-05", 45, 40)
    ad_hoc = {"rep": "R1", "store_id": "B1", "date": "2026-03-04"}
    opened = tenant.post("/v1/visits", ad_hoc).json()
    report(tenant, opened["id"], kind="check_in", at="2026-03-04T10:00:00+01:00")
    report(tenant, opened["id"], kind="check_out", at="2026-03-04T10:20:00+01:00")
    return tenant


def planned(tenant: Tenant, store_id: str, day: str) -> Any:
    place = f"/v1/visits?store_id={store_id}&from_date={day}&until={day}&origin=plan"
    (found,) = tenant.get(place).json()["items"]
    return found


def report(tenant: Tenant, visit_id: str, **fields: Any) -> None:
    answer = tenant.post(f"/v1/visits/{visit_id}/reports", fields)
    assert answer.status_code == 200, answer.text


def visited(tenant: Tenant, store_id: str, day: str, late: int, minutes: int) -> None:
    """A visit that begins so many minutes after its time."""
    visit = planned(tenant, store_id, day)
    clock = datetime.fromisoformat(f"{day}T{visit['planned_start']}").replace(tzinfo=BERLIN)
    start = clock + timedelta(minutes=late)
    report(tenant, visit["id"], kind="check_in", at=start.isoformat())
    end = start + timedelta(minutes=minutes)
    report(tenant, visit["id"], kind="check_out", at=end.isoformat())


def told(tenant: Tenant, store_id: str, day: str, reason: str) -> None:
    """A visit that was not made."""
    report(tenant, planned(tenant, store_id, day)["id"], kind="not_visited", reason=reason)


def values(tenant: Tenant, query: str, **options: Any) -> dict[str, tuple[float, float]]:
    """Numerator and denominator by measure, of a question with one group."""
    answer = tenant.get(f"/v1/kpis?{query}", **options)
    assert answer.status_code == 200, answer.text
    found = answer.json()["values"]
    assert len({entry["measure"] for entry in found}) == len(found)
    return {entry["measure"]: (entry["numerator"], entry["denominator"]) for entry in found}


def one(tenant: Tenant, query: str, measure: str) -> Any:
    (found,) = tenant.get(f"/v1/kpis?{query}&measure={measure}").json()["values"]
    return found


def left_out(value: Any) -> set[tuple[str, str, str, int]]:
    return {
        (entry["kind"], entry["reason"], entry["left_out_of"], entry["n_rows"])
        for entry in value["left_out"]
    }


def test_the_week_of_a_rep(week: Tenant) -> None:
    """The standard is A1 on Monday, B1, B2 and C1: Wednesday is excused, Friday open."""
    assert values(week, f"{WEEK}&rep=R1") == {
        "store_coverage": (4, 4),
        "call_compliance": (4, 4),
        "stores_reached": (4, 4),
        "planned_visit_compliance": (3, 4),  # B1 on Tuesday is missing
        "sequence_compliance": (1, 2),  # C1 before B2
        "in_store_minutes": (60 + 30 + 40, 60 + 45 + 45 + 30),
        "in_store_share": (60 + 20 + 30 + 40, 5 * 480),
        "on_time_rate": (1, 3),
    }


def test_each_number_tells_how_it_was_counted(week: Tenant) -> None:
    found = week.get(f"/v1/kpis?{WEEK}&rep=R1").json()
    assert [value["measure"] for value in found["values"]] == list(KPIS)
    assert [entry["measure"] for entry in found["measures"]] == list(KPIS)
    assert (found["from_date"], found["until"]) == ("2026-03-02", "2026-03-08")
    assert found["rules"]["late_minutes"] == 15
    assert "closed" in found["rules"]["excused_reasons"]
    value = one(week, f"{WEEK}&rep=R1", "planned_visit_compliance")
    assert (value["value"], value["version"]) == (0.75, 1)
    for entry in found["measures"]:
        kpi = KPIS[entry["measure"]]
        assert (entry["formula"], entry["version"], entry["unit"]) == (
            kpi.formulas["en"], kpi.version, kpi.unit,
        )  # fmt: skip
    assert left_out(value) == {("visit", "excused", "both", 1), ("visit", "open", "both", 1)}
    single = one(week, f"{WEEK}&rep=R1", "sequence_compliance")
    assert left_out(single) == {("visit", "single_visit", "both", 1)}


@pytest.mark.parametrize(
    "query", ["", "by=rep", "by=class", "by=week", "by=supervisor&by=class", "by=class&by=week",
              "rep=R1", "class=B", "supervisor=supervisor&by=week", "supervisor=&by=rep"],
)  # fmt: skip
def test_every_number_is_the_sum_of_its_rows(week: Tenant, query: str) -> None:
    found = week.get(f"/v1/kpis?{BOTH_WEEKS}&{query}").json()["values"]
    assert len(found) % len(KPIS) == 0
    for value in found:
        rows = everything(week, value["rows"])
        for part in ("numerator", "denominator"):
            counted = [row for row in rows if row[f"is_in_{part}"]]
            assert recount(value["measure"], part, counted) == value[part], value
        reasons = [entry for row in rows for entry in row["left_out"]]
        assert len(reasons) == sum(entry["n_rows"] for entry in value["left_out"]), value


def recount(measure: str, part: str, rows: list[Any]) -> float:
    if measure == "in_store_minutes":
        name = "minutes" if part == "numerator" else "planned_minutes"
        return float(sum(row[name] for row in rows))
    if measure == "in_store_share":
        return float(sum(row["minutes"] or row["working_minutes"] for row in rows))
    return len(rows)


def test_groups(week: Tenant) -> None:
    def groups(by: str) -> list[Any]:
        found = week.get(f"/v1/kpis?{BOTH_WEEKS}&measure=store_coverage&{by}").json()["values"]
        return [(value["group"], value["numerator"], value["denominator"]) for value in found]

    assert groups("by=rep") == [({"rep": "R1"}, 4, 4), ({"rep": "R2"}, 0, 0)]
    assert groups("by=week") == [({"week": "2026-W10"}, 4, 4), ({"week": "2026-W11"}, 0, 0)]
    assert groups("by=supervisor") == [
        ({"supervisor": ""}, 0, 0),
        ({"supervisor": "supervisor"}, 4, 4),
    ]
    assert groups("by=class&rep=R1") == [
        ({"class": "A"}, 1, 1), ({"class": "B"}, 2, 2), ({"class": "C"}, 1, 1),
    ]  # fmt: skip


def test_a_period_by_weeks_names_the_days_of_each(week: Tenant) -> None:
    query = "from_date=2026-03-04&until=2026-03-10&by=week&measure=store_coverage"
    found = week.get(f"/v1/kpis?{query}").json()["values"]
    assert [(value["from_date"], value["until"]) for value in found] == [
        ("2026-03-04", "2026-03-08"), ("2026-03-09", "2026-03-10"),
    ]  # fmt: skip


def test_a_number_moves_with_a_check_in_and_a_check_out(week: Tenant) -> None:
    query = f"{WEEK}&rep=R2&class=B"  # B3 on Tuesday
    visit = planned(week, "B3", "2026-03-03")
    assert values(week, query)["store_coverage"] == (0, 0)
    report(week, visit["id"], kind="check_in", at="2026-03-03T09:00:00+01:00")
    begun = one(week, query, "store_coverage")
    assert (begun["numerator"], begun["denominator"]) == (0, 1)
    assert ("visit", "not_checked_out", "both", 1) in left_out(begun)
    report(week, visit["id"], kind="check_out", at="2026-03-03T09:45:00+01:00")
    assert values(week, query)["store_coverage"] == (1, 1)
    assert values(week, query)["in_store_minutes"] == (45, 45)
    (row,) = [row for row in everything(week, begun["rows"]) if row["kind"] == "visit"]
    assert (row["id"], row["store_id"], row["minutes"]) == (visit["id"], "B3", 45)
    assert row["is_in_numerator"] is False  # the row of a store counts, not that of its visit


def test_rows_come_in_pages(week: Tenant) -> None:
    place = f"/v1/kpis/in_store_share/rows?{BOTH_WEEKS}"
    whole = everything(week, place)
    found, cursor = [], ""
    while cursor is not None:
        page = week.get(f"{place}&limit=4{cursor and '&cursor=' + cursor}").json()
        assert len(page["items"]) <= 4
        found += page["items"]
        cursor = page["next"]
    assert found == whole
    assert [row["kind"] for row in whole] == ["rep_day"] * 20 + ["visit"] * 23
    assert week.get(f"{place}&cursor=nonsense!").json()["code"] == "BAD_CURSOR"


def test_the_organization_decides_what_counts(week: Tenant) -> None:
    """From 25 minutes on in B, and with an hour's patience."""
    rules = {"minimum_minutes": {"B": 25}, "early_minutes": 60, "late_minutes": 60}
    body = {"name": f"patient {uuid4()}", "time_zone": "Europe/Berlin", "settings": {"kpis": rules}}
    assert week.put("/v1/organization", body).status_code == 200
    query = f"{WEEK}&rep=R1"
    assert values(week, query)["on_time_rate"] == (3, 3)
    coverage = one(week, query, "store_coverage")
    assert (coverage["numerator"], coverage["denominator"]) == (3, 4)
    assert ("visit", "too_short", "both", 1) in left_out(coverage)
    wrong = week.put("/v1/organization", body | {"settings": {"kpis": {"late_minutes": -1}}})
    assert (wrong.status_code, wrong.json()["issues"][0]["path"]) == (
        422, "settings.kpis.late_minutes",
    )  # fmt: skip


def test_excused_reasons_are_the_organizations_own(week: Tenant) -> None:
    settings = {"visits": {"excused_reasons": ["refused"]}}
    body = {"name": f"strict {uuid4()}", "time_zone": "Europe/Berlin", "settings": settings}
    assert week.put("/v1/organization", body).status_code == 200
    assert values(week, f"{WEEK}&rep=R1")["planned_visit_compliance"] == (3, 4)
    assert values(week, f"{WEEK}&rep=R1&class=B")["planned_visit_compliance"] == (1, 1)


@pytest.mark.parametrize("few", [1, 200])
@pytest.mark.parametrize(
    ("span", "is_left_out"),
    [({"opened_on": "2026-03-02"}, False), ({"opened_on": "2026-03-03"}, True),
     ({"closed_on": "2026-03-08"}, False), ({"closed_on": "2026-03-07"}, True)],
)  # fmt: skip
def test_stores_that_open_or_close_in_the_period(
    week: Tenant,
    span: dict[str, str],
    is_left_out: bool,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = store(0) | {"external_id": "B2"} | span
    assert week.put("/v1/stores/by-external-id/B2", body).status_code == 200
    monkeypatch.setattr(kpi_rows, "FEW_SPANS", few)
    value = one(week, f"{WEEK}&rep=R1", "store_coverage")
    assert value["denominator"] == (3 if is_left_out else 4)
    assert (("store", "opened_or_closed", "both", 1) in left_out(value)) == is_left_out


def test_a_store_closes_after_it_opens(tenant: Tenant) -> None:
    body = store(1, opened_on="2026-03-02", closed_on="2026-03-01")
    assert tenant.post("/v1/stores", body).status_code == 422
    kept = tenant.post("/v1/stores", body | {"closed_on": "2026-03-02"})
    assert (kept.status_code, kept.json()["closed_on"]) == (201, "2026-03-02")


def test_a_superseded_plan_asks_nothing_any_more(week: Tenant) -> None:
    published(week, approved(week), "2026-03-09", "2026-03-15")
    value = one(week, "from_date=2026-03-09&until=2026-03-15&rep=R1", "planned_visit_compliance")
    assert left_out(value) == {("visit", "canceled", "both", 6), ("visit", "open", "both", 6)}


@pytest.mark.parametrize(
    ("role", "reps"),
    [("admin", ["R1", "R2"]), ("planner", ["R1", "R2"]), ("supervisor", ["R1"]), ("rep", ["R1"])],
)
def test_who_sees_what(week: Tenant, role: str, reps: list[str]) -> None:
    found = week.get(f"/v1/kpis?{WEEK}&by=rep&measure=on_time_rate", role=role).json()["values"]
    assert [value["group"]["rep"] for value in found] == reps
    rows = everything(week, f"/v1/kpis/on_time_rate/rows?{WEEK}", role=role)
    assert {row["rep"] for row in rows} == set(reps)
    whole = values(week, WEEK, role=role)["in_store_share"]
    assert whole == (150, 5 * 480 * len(reps))
    for page in ("on_time_rate/rows", ""):
        other = week.get(f"/v1/kpis/{page}?{WEEK}&rep=R2".replace("/?", "?"), role=role)
        assert other.status_code == (200 if role in ALL else 422)
    if role in ALL:
        assert values(week, f"{WEEK}&rep=R2", role=role)["in_store_share"][1] == 5 * 480


def test_a_rep_with_two_supervisors_counts_once(week: Tenant) -> None:
    """For the first by external id; each supervisor sees the rep as their own."""
    body = {"external_id": "anna", "name": "Anna", "role": "supervisor", "reps": ["R1"]}
    anna = week.post("/v1/people", body).json()
    query = f"/v1/kpis?{WEEK}&by=supervisor&measure=store_coverage"

    def groups(**options: Any) -> list[Any]:
        found = week.get(query, **options).json()["values"]
        return [(value["group"]["supervisor"], value["denominator"]) for value in found]

    assert groups() == [("", 0), ("anna", 4)]
    assert groups(role="supervisor") == [("supervisor", 4)]
    key = week.post("/v1/keys", {"person_id": anna["id"], "name": "hers"}).json()["key"]
    assert groups(headers={"Authorization": f"Bearer {key}"}) == [("anna", 4)]


def test_other_organizations_have_nothing_to_count(week: Tenant, other_tenant: Tenant) -> None:
    assert set(values(other_tenant, WEEK).values()) == {(0, 0)}
    assert everything(other_tenant, f"/v1/kpis/store_coverage/rows?{WEEK}") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from_date=2026-03-02&until=2026-03-01", "UNTIL_BEFORE_START"),
        ("from_date=2025-03-01&until=2026-03-02", "PERIOD_TOO_LONG"),
        ("from_date=2026-03-02", "MISSING_KEY"),
        (f"{WEEK}&by=color", "WRONG_VALUE"),
        (f"{WEEK}&by=rep&by=rep", "WRONG_VALUE"),
        (f"{WEEK}&measure=luck", "WRONG_VALUE"),
        (f"{WEEK}&color=red", "UNKNOWN_KEY"),
    ],
)
def test_what_is_asked_in_vain(tenant: Tenant, query: str, code: str) -> None:
    answer = tenant.get(f"/v1/kpis?{query}")
    assert answer.status_code == 422
    assert [issue["code"] for issue in answer.json()["issues"]] == [code]
    assert tenant.get("/v1/kpis?from_date=2025-03-02&until=2026-03-02").status_code == 200


def test_an_answer_has_an_end(week: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(query: str) -> Any:
        answer = week.get(f"/v1/kpis?{query}")
        assert answer.status_code == 422
        problem = answer.json()
        return [issue["code"] for issue in problem["issues"]] or [problem["code"]]

    monkeypatch.setattr(kpi_loading, "MOST_REP_DAYS", 13)
    assert refusal(WEEK) == ["TOO_MANY_REP_DAYS"]
    assert week.get(f"/v1/kpis?{WEEK}&rep=R1").status_code == 200
    monkeypatch.setattr(kpi_counts, "MOST_VISITS", 6)
    assert refusal(f"{WEEK}&rep=R1") == ["TOO_MANY_VISITS"]
    monkeypatch.setattr(kpi_counts, "MOST_VISITS", 7)
    assert week.get(f"/v1/kpis?{WEEK}&rep=R1").status_code == 200
    monkeypatch.setattr(kpis, "MOST_VALUES", 8)
    assert refusal(f"{WEEK}&rep=R1&by=class") == ["TOO_MANY_GROUPS"]


def test_definitions(tenant: Tenant) -> None:
    found = tenant.get("/v1/kpis/definitions", role="rep").json()
    assert [entry["measure"] for entry in found["measures"]] == list(KPIS)
    for entry in found["measures"]:
        kpi = KPIS[entry["measure"]]
        assert (entry["version"], entry["formulas"]) == (kpi.version, dict(kpi.formulas))
    assert all(entry["meanings"]["zh"] for entry in found["reasons"])


def test_a_rep_whom_the_caller_does_not_see_is_told(tenant: Tenant) -> None:
    week = "from_date=2026-03-02&until=2026-03-08"
    for role in ("admin", "rep"):
        refused = tenant.get(f"/v1/kpis?{week}&rep=R9", role=role)
        assert refused.status_code == 422, refused.text
        [issue] = refused.json()["issues"]
        assert (issue["code"], issue["path"], issue["value"]) == ("UNKNOWN_REFERENCE", "rep", "R9")
