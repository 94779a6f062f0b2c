"""What is measured of the service, part by part."""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks.service.figures import Aim, Figure
from benchmarks.service.load import Load, put_load
from benchmarks.service.running import PATIENCE_S, Refused, Service, wait_until
from benchmarks.service.territories import Territories
from benchmarks.service.visits import copy_visits, settle, working_days
from routeplanner.jobs.recent_counts import count_recent_weeks
from routeplanner.jobs.work import Work
from routeplanner.settings import Settings
from routeplanner.storage.database import Database

IMPORT_AIM_S = 10.0
READ_AIM_MS = 50.0
_ROWS_OF_THE_AIM = 100_000
_PATHS = 2000  # different requests of a load


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    territories: Territories
    visits: int
    rate: float
    seconds: float
    plans: int
    small_stores: int
    iterations: int
    method: str


def import_parts(service: Service, sizes: Sizes) -> Iterator[Figure]:
    """A list of new stores, then the same one again."""
    territories = sizes.territories
    _write_people(service, territories)
    content = territories.store_list()
    for what in ("stores imported, all new", "the same list again, all unchanged"):
        begun = time.perf_counter()
        job = service.call(
            "POST", "/v1/stores:import?mode=upsert&file_name=stores.csv", content=content
        )
        done = wait_until(lambda: _ended_import(service, job["id"]), "the import")  # noqa: B023
        seconds = time.perf_counter() - begun
        counts = done["counts"]
        if done["status"] != "done" or counts["faulty"]:
            raise Refused(f"the import is {done['status']}: {counts} {done['failure']}")
        running = _instant(done["ended_at"]) - _instant(done["running_at"])
        n = counts["rows"]
        aim = Aim(
            "seconds", IMPORT_AIM_S * max(1.0, n / _ROWS_OF_THE_AIM), "under 10 s per 100,000"
        )
        yield Figure(
            f"{n:,} {what}",
            f"CSV, {len(content) / 1e6:.1f} MB; of it the job {running.total_seconds():.1f} s",
            n,
            seconds,
            per_second=n / seconds,
            aim=aim,
        )


def reading_parts(service: Service, sizes: Sizes) -> Iterator[Figure]:
    """A plan, then a rep's day and pages of KPIs with all visits in the database."""
    plan = _plan_of_a_rep(service, sizes)
    n_stores = len(
        {stop["store_id"] for route in plan["plan"]["routes"] for stop in route["stops"]}
    )
    yield _read(service, sizes, "a plan", f"whole, {n_stores} stores", [f"/v1/plans/{plan['id']}"])
    yield _read(
        service, sizes, "routes of a plan", "its first page", [f"/v1/plans/{plan['id']}/routes"]
    )
    if service.database is None:
        return
    territories = sizes.territories
    reps = territories.reps
    days = working_days(sizes.visits, len(reps), datetime.now(UTC).date())
    organization = service.call("GET", "/v1/organization")["id"]
    n = copy_visits(service.database, organization, plan["id"], sizes.visits, days)
    settle(service.database)
    yield _counted(service.database, len(reps))
    settle(service.database)
    among = f"{n:,} visits"
    draw = random.Random(4)
    paths = [f"/v1/reps/{draw.choice(reps)}/days/{draw.choice(days)}" for _ in range(_PATHS)]
    yield _read(service, sizes, "a rep's day", f"12 visits of {among}", paths)
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    yield _read(
        service, sizes, "KPI page of a supervisor",
        f"8 KPIs by rep, {territories.reps_each} reps, a week, of {among}",
        list(_supervisor_pages(draw, territories, weeks)),
    )  # fmt: skip
    yield _read(
        service, sizes, "KPI page of a rep", f"8 KPIs by week, four weeks, of {among}",
        list(_rep_pages(draw, reps, weeks)),
    )  # fmt: skip
    yield _read(
        service, replace(sizes, rate=sizes.rate / 10), "KPI page of any seven days",
        f"as of a supervisor, but of no calendar week: counted from the rows, of {among}",
        list(_supervisor_pages(draw, territories, [day + timedelta(days=2) for day in weeks])),
        has_aim=False,
    )  # fmt: skip


def plan_parts(service: Service, sizes: Sizes) -> Iterator[Figure]:
    """Small territories through the workers that run, then through one more."""
    _solve(service, sizes, 1)  # compiles the search, where that has to be
    how = f"{sizes.small_stores} stores, {sizes.iterations} iterations of {sizes.method}"
    extra = (0, 1) if service.starts_workers else (0,)
    for n_more in extra:
        workers = f"{n_more + 1} worker{'s' * n_more}" if service.starts_workers else "its workers"
        with service.another_worker() if n_more else nullcontext():
            if n_more:
                _solve(service, sizes, 4)  # the new worker has begun
            seconds = _solve(service, sizes, sizes.plans)
        yield Figure(
            f"plans through {workers}", how, sizes.plans, seconds,
            per_minute=60 * sizes.plans / seconds,
        )  # fmt: skip


def _write_people(service: Service, territories: Territories) -> None:
    def put(kind: str, fields: dict[str, Any]) -> None:
        service.call("PUT", f"/v1/{kind}/by-external-id/{fields['external_id']}", json=fields)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda rep: put("reps", territories.rep_fields(rep)), territories.reps))
    for name, reps in territories.supervisors.items():
        fields = {"external_id": name, "name": name, "role": "supervisor", "reps": reps}
        put("people", fields)


def _ended_import(service: Service, import_id: str) -> Any:
    found = service.call("GET", f"/v1/imports/{import_id}")
    return found if found["status"] not in ("queued", "running") else None


def _plan_of_a_rep(service: Service, sizes: Sizes) -> Any:
    chosen = {"reps": sizes.territories.reps[:1], "policy": "five-day"}
    scenario = service.call("POST", "/v1/scenarios", json={"name": "a rep", "master_data": chosen})
    body = {
        "scenario_id": scenario["id"], "method": "insertion", "termination": {"iterations": 20},
    }  # fmt: skip
    return wait_until_ended(service, [service.call("POST", "/v1/plans", json=body)["id"]])[0]


def _solve(service: Service, sizes: Sizes, n: int) -> float:
    """Seconds from asking for plans to the last of them."""
    bodies = [
        {
            "scenario": sizes.territories.small_scenario(sizes.small_stores, seed),
            "method": sizes.method,
            "termination": {"iterations": sizes.iterations},
        }
        for seed in range(n)
    ]
    begun = time.perf_counter()
    ids = [service.call("POST", "/v1/plans", json=body)["id"] for body in bodies]
    wait_until_ended(service, ids)
    return time.perf_counter() - begun


def wait_until_ended(service: Service, ids: Sequence[str]) -> list[Any]:
    """The plans once they are solved; the last one is asked for first, as it ends last."""
    found: dict[str, Any] = {}

    def are_ended() -> bool:
        for plan_id in reversed(ids):
            if plan_id not in found:
                plan = service.call("GET", f"/v1/plans/{plan_id}")
                if plan["status"] in ("queued", "solving"):
                    return False
                if plan["status"] != "solved":
                    raise Refused(f"a plan is {plan['status']}: {plan['failure']}")
                found[plan_id] = plan
        return True

    wait_until(are_ended, "the plans", pause_s=0.2)
    return [found[plan_id] for plan_id in ids]


def _counted(database: str, n_reps: int) -> Figure:
    """Count the weeks as the workers' periodic job does, but without its pauses."""
    work = Work(Database(database, pool_size=2), Settings())
    begun = time.perf_counter()
    n = count_recent_weeks(work, most_seconds=PATIENCE_S)
    seconds = time.perf_counter() - begun
    work.database.dispose()
    if n < n_reps:
        raise Refused(f"the weeks of only {n} of {n_reps} reps were counted in {PATIENCE_S} s")
    return Figure(
        "KPIs counted for later pages", f"{n:,} reps, 53 weeks each", n, seconds,
        per_second=n / seconds,
    )  # fmt: skip


def _read(
    service: Service,
    sizes: Sizes,
    what: str,
    how: str,
    paths: Sequence[str],
    *,
    has_aim: bool = True,
) -> Figure:
    load = Load(service.url, service.key, tuple(paths), sizes.rate, sizes.seconds)
    answered = put_load(load)
    return Figure(
        what,
        f"{how}; {sizes.rate:g} requests/s",
        len(answered.milliseconds),
        sizes.seconds,
        p50_ms=answered.percentile(0.5),
        p99_ms=answered.percentile(0.99),
        max_ms=max(answered.milliseconds),
        errors=answered.n_errors,
        aim=Aim("p99_ms", READ_AIM_MS, "p99 under 50 ms") if has_aim else None,
    )


def _supervisor_pages(
    draw: random.Random, territories: Territories, weeks: Sequence[date]
) -> Iterator[str]:
    names = list(territories.supervisors)
    for _ in range(_PATHS):
        monday = draw.choice(weeks)
        period = f"from_date={monday}&until={monday + timedelta(days=6)}"
        yield f"/v1/kpis?{period}&by=rep&supervisor={draw.choice(names)}"


def _rep_pages(draw: random.Random, reps: Sequence[str], weeks: Sequence[date]) -> Iterator[str]:
    for _ in range(_PATHS):
        monday = draw.choice(weeks)
        period = f"from_date={monday}&until={monday + timedelta(days=27)}"
        yield f"/v1/kpis?{period}&by=week&rep={draw.choice(reps)}"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
