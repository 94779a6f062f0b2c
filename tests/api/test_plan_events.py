"""The event stream of a plan: live, from the beginning, and from where it broke off."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.plan_events import StreamCount
from routeplanner.jobs.work import Work
from routeplanner.settings import Settings
from tests.service import Tenant, run_job, scenario, solved_plan


def events_of(text: str) -> list[tuple[int, str]]:
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((int(fields["id"]), fields["event"]))
    return found


def test_a_stream_tells_everything_and_ends_with_the_plan(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    answer = tenant.get(f"/v1/plans/{plan['id']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events_of(answer.text)
    assert [name for _, name in told if name != "progress"] == ["queued", "solving", "solved"]
    assert sorted(told) == told


def test_a_stream_goes_on_where_it_broke_off(tenant: Tenant, work: Work) -> None:
    plan = solved_plan(tenant, work)
    path = f"/v1/plans/{plan['id']}/events"
    told = events_of(tenant.get(path).text)
    later = tenant.get(path, headers={"Last-Event-ID": str(told[0][0])})
    assert events_of(later.text) == told[1:]
    wrong = tenant.get(path, headers={"Last-Event-ID": "nonsense"})
    assert wrong.json()["code"] == "BAD_LAST_EVENT_ID"


def test_a_stream_tells_what_happens_while_it_is_open(tenant: Tenant, work: Work) -> None:
    body = {"scenario": scenario(), "method": "insertion", "termination": {"spent_seconds": 3}}
    asked = tenant.post("/v1/plans", body).json()
    with ThreadPoolExecutor(1) as pool:
        stream = pool.submit(tenant.get, f"/v1/plans/{asked['id']}/events")
        run_job(tenant, work, "plans", asked["id"])
        told = [name for _, name in events_of(stream.result(30).text)]
    assert told[:2] == ["queued", "solving"]
    assert "progress" in told
    assert told[-1] == "solved"


def test_a_key_has_so_many_streams_at_a_time(
    settings: Settings, tenant: Tenant, work: Work
) -> None:
    plan = solved_plan(tenant, work)
    app = create_app(settings)
    app.state.streams = StreamCount(0)
    with TestClient(app) as client:
        headers = {"Authorization": f"Bearer {tenant.keys['admin']}"}
        refused: Any = client.get(f"/v1/plans/{plan['id']}/events", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_REQUESTS")
