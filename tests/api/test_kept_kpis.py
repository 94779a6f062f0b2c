"""KPIs that are kept: whatever happens, a page tells the same as counting all rows anew."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from routeplanner.domain.visit import REASONS
from routeplanner.jobs import kpi_counts
from routeplanner.jobs.missed import find_missed_visits
from routeplanner.jobs.recent_counts import count_recent_weeks
from routeplanner.jobs.work import Work
from routeplanner.storage import kpi_rows
from routeplanner.storage.database import Actor, Database
from routeplanner.use_cases import kpi_groups
from tests.operations.two_reps import STORES
from tests.publishing import approved, drafted, everything, published
from tests.service import Tenant, store

WEEK = "from_date=2026-03-02&until=2026-03-08"
QUESTIONS = (
    f"{WEEK}&by=rep",
    f"{WEEK}&rep=R1",
    f"{WEEK}&rep=R2&measure=on_time_rate&measure=store_coverage",
    f"{WEEK}&by=supervisor&by=rep",
    "from_date=2026-03-01&until=2026-03-31&by=rep",
    "from_date=2026-03-02&until=2026-03-15&by=week&rep=R1",
    "from_date=2026-03-04&until=2026-03-15&by=rep&by=week",
    "from_date=2026-01-01&until=2026-03-31&by=week&by=rep&supervisor=supervisor",
    "from_date=2026-01-01&until=2026-12-31&rep=R2",
    "from_date=2027-01-01&until=2027-12-31&rep=R2",
)


def page(tenant: Tenant, query: str, **options: Any) -> Any:
    answer = tenant.get(f"/v1/kpis?{query}", **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextmanager
def counted_units(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The reps and periods that are counted from rows meanwhile."""
    counted: list[Any] = []
    count = kpi_counts._counted_and_kept

    def spied(*given: Any) -> Any:
        counted.extend(given[3])
        return count(*given)

    with monkeypatch.context() as patch:
        patch.setattr(kpi_counts, "_counted_and_kept", spied)
        yield counted


def from_scratch(tenant: Tenant, query: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(kpi_groups, "_is_by_rep", lambda *_: False)
        return page(tenant, query)


class Walk:
    """Things that happen to an organization, one after another, by chance."""

    def __init__(self, tenant: Tenant, work: Work, draw: random.Random) -> None:
        self.tenant, self.work, self.draw = tenant, work, draw
        published(tenant, approved(tenant), "2026-03-02", "2026-03-15")

    def steps(self) -> list[Callable[[], None]]:
        """Each of them once, some again, in any order."""
        once: list[Callable[[], None]] = [
            self.report, self.upload, self.publish, self.withdraw, self.open_ad_hoc, self.miss,
            self.decide, self.change_store, self.change_rep, self.be_absent,
        ]  # fmt: skip
        again = [self.report, self.upload, self.change_store]
        return self.draw.sample(once + again, len(once + again))

    def report(self) -> None:
        visit = self.draw.choice(everything(self.tenant, "/v1/visits"))
        fields = self._report(visit)
        self.tenant.post(f"/v1/visits/{visit['id']}/reports", fields)

    def upload(self) -> None:
        visits = everything(self.tenant, "/v1/visits")
        reports = [
            {"client_id": str(uuid4()), "visit_id": visit["id"],
             "recorded_at": f"{visit['date']}T20:00:00Z"} | self._report(visit)
            for visit in self.draw.sample(visits, min(8, len(visits)))
        ]  # fmt: skip
        answer = self.tenant.post("/v1/visits:bulk", {"reports": reports})
        assert answer.status_code == 200, answer.text

    def _report(self, visit: Any) -> dict[str, Any]:
        kind = self.draw.choice(("check_in", "check_out", "check_out", "skip", "not_visited"))
        if kind.startswith("check"):
            minute = self.draw.randrange(600)
            return {
                "kind": kind,
                "at": f"{visit['date']}T{8 + minute // 60:02}:{minute % 60:02}:00Z",
            }
        return {"kind": kind, "reason": self.draw.choice(REASONS)}

    def publish(self) -> None:
        start = date(2026, 3, 2) + timedelta(days=self.draw.randrange(10))
        published(self.tenant, self._approved(), str(start), "2026-03-20")

    def be_absent(self) -> None:
        ill = [{"rep": "R1", "first": "2026-03-05", "last": "2026-03-10", "name": "ill"}]
        published(self.tenant, self._approved(), "2026-03-04", "2026-03-15", absences=ill)

    def _approved(self) -> str:
        plan = drafted(self.tenant)
        for rep in ("R1", "R2"):
            for action in ("submit", "approve"):
                path = f"/v1/plans/{plan}/reviews/{rep}"
                assert self.tenant.post(path, {"action": action}).status_code == 200
        return plan

    def withdraw(self) -> None:
        newest = self.tenant.get("/v1/publications").json()["items"][0]
        day = str(date(2026, 3, 2) + timedelta(days=self.draw.randrange(12)))
        body = {"from_date": day, "allow_past": True}
        self.tenant.post(f"/v1/publications/{newest['id']}:withdraw", body)

    def open_ad_hoc(self) -> None:
        store_id = self.draw.choice(list(STORES))
        day = date(2026, 3, 2) + timedelta(days=self.draw.randrange(14))
        rep = self.draw.choice(("R1", "R2"))
        body = {"rep": rep, "store_id": store_id, "date": str(day)}
        assert self.tenant.post("/v1/visits", body).status_code == 201

    def miss(self) -> None:
        find_missed_visits(self.work)

    def decide(self) -> None:
        settings = {
            "kpis": {"minimum_minutes": {"A": self.draw.randrange(60)},
                     "late_minutes": self.draw.randrange(120)},
            "visits": {"excused_reasons": self.draw.sample(REASONS, 2)},
        }  # fmt: skip
        zone = self.draw.choice(("Europe/Berlin", "Asia/Shanghai"))
        body = {"name": f"decided {uuid4()}", "time_zone": zone, "settings": settings}
        assert self.tenant.put("/v1/organization", body).status_code == 200

    def change_store(self) -> None:
        name = self.draw.choice(("A1", "A2", "B1"))
        span = self.draw.choice(({"opened_on": "2026-03-04"}, {"closed_on": "2026-03-05"}))
        body = store(0) | {"external_id": name, "rep": STORES[name]} | span
        changed = self.tenant.put(f"/v1/stores/by-external-id/{name}", body)
        assert changed.status_code == 200, changed.text

    def change_rep(self) -> None:
        people = self.tenant.people
        reps = self.draw.choice((["R1"], ["R1", "R2"]))
        body = {"external_id": "supervisor", "name": "S", "role": "supervisor", "reps": reps}
        changed = self.tenant.put(f"/v1/people/{people['supervisor']}", body)
        assert changed.status_code == 200, changed.text


@pytest.mark.parametrize(("seed", "few"), [(0, 200), (1, 2), (2, 200)])
def test_kept_is_what_is_counted_from_scratch(
    tenant: Tenant, work: Work, monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    monkeypatch.setattr(kpi_rows, "FEW_SPANS", few)
    draw = random.Random(seed)
    walk = Walk(tenant, work, draw)
    for step in (lambda: None, *walk.steps()):
        step()
        for query in (*QUESTIONS[:1], *draw.sample(QUESTIONS[1:], 3)):
            expected = from_scratch(tenant, query, monkeypatch)
            assert page(tenant, query) == expected, step
            with counted_units(monkeypatch) as counted:
                assert page(tenant, query) == expected
            assert all(not kpi_groups.is_calendar_period(period) for _, period in counted), query


def test_only_what_has_changed_is_counted_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tenant, approved(tenant), "2026-03-02", "2026-03-15")
    query = "from_date=2026-03-02&until=2026-03-15&by=rep&by=week"
    with counted_units(monkeypatch) as counted:
        page(tenant, query)
        assert len(counted) == 4
    visit = everything(tenant, "/v1/visits?rep=R1&from_date=2026-03-09")[0]
    report = {"kind": "check_in", "at": f"{visit['date']}T09:00:00Z"}
    assert tenant.post(f"/v1/visits/{visit['id']}/reports", report).status_code == 200
    with counted_units(monkeypatch) as counted:
        page(tenant, query, role="rep")
        page(tenant, query)
    assert [(rep, str(period.first)) for rep, period in counted] == [("R1", "2026-03-09")]


def test_what_changes_while_it_is_counted_is_counted_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are read after a report came in, and before another one does."""
    published(tenant, approved(tenant), "2026-03-02", "2026-03-08")
    visits = everything(tenant, "/v1/visits?rep=R1&store_id=A1")
    query, read = f"{WEEK}&rep=R1", kpi_rows.rows_of

    def check_out(visit: Any) -> None:
        for kind, hour in (("check_in", 9), ("check_out", 10)):
            report = {"kind": kind, "at": f"{visit['date']}T{hour:02}:00:00Z"}
            assert tenant.post(f"/v1/visits/{visit['id']}/reports", report).status_code == 200

    def racing(*given: Any, **more: Any) -> Any:
        check_out(visits[0])
        rows = read(*given, **more)
        check_out(visits[1])
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(kpi_rows, "rows_of", racing)
        (compliance,) = page(tenant, f"{query}&measure=planned_visit_compliance")["values"]
        assert compliance["numerator"] == 1
    (compliance,) = page(tenant, f"{query}&measure=planned_visit_compliance")["values"]
    assert compliance["numerator"] == 2
    assert page(tenant, query) == from_scratch(tenant, query, monkeypatch)


def test_recent_weeks_are_counted_before_anybody_asks(
    tenant: Tenant, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monday = date.today() - timedelta(days=date.today().weekday() + 14)
    sunday = monday + timedelta(days=13)
    published(tenant, approved(tenant), str(monday), str(sunday))
    assert count_recent_weeks(work, most_seconds=600) >= 2
    with counted_units(monkeypatch) as counted:
        values = page(tenant, f"from_date={monday}&until={sunday}&by=week&by=rep")["values"]
        count_recent_weeks(work, most_seconds=600)
    assert len(values) == 4 * 8
    assert counted == []
    ending = Work(work.database, work.settings)
    ending.is_stopping.set()
    assert count_recent_weeks(ending) == count_recent_weeks(work, most_seconds=-1) == 0


def test_kept_counts_are_an_organizations_own(
    tenant: Tenant, other_tenant: Tenant, database: Database
) -> None:
    for each in (tenant, other_tenant):
        published(each, approved(each), "2026-03-02", "2026-03-08")
        page(each, f"{WEEK}&by=rep")
    with database.transaction(Actor(tenant.id)) as session:
        owners = session.scalars(text("SELECT organization_id FROM kpi_counts")).all()
        assert owners == [tenant.id] * 2
    with pytest.raises(ProgrammingError, match="denied"), database.system() as session:
        session.execute(text("SELECT 1 FROM kpi_counts"))


def test_no_visit_changes_under_its_version(tenant: Tenant, database: Database) -> None:
    published(tenant, approved(tenant), "2026-03-02", "2026-03-08")
    with database.transaction(Actor(tenant.id)) as session:
        session.execute(text("UPDATE visits SET minutes = 1, version = version + 1"))
    with (
        pytest.raises(ProgrammingError, match="without a new version"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.execute(text("UPDATE visits SET minutes = 2"))


def test_days_of_publications_are_put_and_taken_away_not_changed(
    tenant: Tenant, database: Database
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        database.transaction(Actor(tenant.id)) as session,
    ):
        session.execute(text("UPDATE publication_days SET is_absent = true"))
