"""The event stream of a plan: live, from the beginning, and from where it broke off."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.errors import RateLimitedError
from api.events import Hub
from api.routes import plan_events
from api.routes.plan_events import StreamCount
from routeplanner.jobs.work import Work
from routeplanner.settings import Settings
from routeplanner.storage.database import Database
from routeplanner.storage.listening import CHANNEL
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plan_events import Event, still_sees
from tests.faults.machine import wait_until
from tests.service import Tenant, in_its_own_loop, run_job, scenario, solved_plan


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


def _revoke(tenant: Tenant) -> None:
    mine = str(tenant.people["rep"])
    keys = tenant.get("/v1/keys").json()["items"]
    (key_id,) = (key["id"] for key in keys if key["person_id"] == mine)
    assert tenant.delete(f"/v1/keys/{key_id}").status_code == 200


def _deactivate(tenant: Tenant) -> None:
    assert tenant.delete(f"/v1/people/{tenant.people['rep']}").status_code == 204


def _move(tenant: Tenant) -> None:
    body = {"external_id": "rep", "name": "rep", "role": "rep", "reps": ["R2"]}
    assert tenant.put(f"/v1/people/{tenant.people['rep']}", body).status_code == 200


@pytest.mark.parametrize("end", [_revoke, _deactivate, _move])
def test_a_stream_ends_with_the_right_to_read_it(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, end: Callable[[Tenant], None]
) -> None:
    again: set[str] = set()  # the roles whose right was looked at

    def watched(*arguments: Any) -> Caller:
        caller = still_sees(*arguments)
        again.add(caller.role)
        return caller

    monkeypatch.setattr(plan_events, "CHECK_EVERY_S", 0.2)
    monkeypatch.setattr(plan_events, "still_sees", watched)
    body = {"scenario": scenario(), "method": "insertion", "termination": {"spent_seconds": 3}}
    place = f"/v1/plans/{tenant.post('/v1/plans', body).json()['id']}"
    with ThreadPoolExecutor(2) as pool:
        ended = pool.submit(tenant.get, f"{place}/events", role="rep")
        other = pool.submit(tenant.get, f"{place}/events")
        try:
            wait_until(lambda: again == {"rep", "admin"}, "both streams")
            end(tenant)
            assert [name for _, name in events_of(ended.result(30).text)] == ["queued"]
            assert not other.done()
        finally:
            tenant.delete(place)
        assert [name for _, name in events_of(other.result(30).text)] == ["queued", "canceled"]


def test_a_stream_that_began_before_anyone_listened_is_ended(
    database_url: str, database: Database
) -> None:
    organization, plan = uuid4(), uuid4()

    async def watch() -> tuple[Event | None, Event | None]:
        hub = Hub(database_url)
        hub.start()
        with hub.subscribed(organization, plan) as early:
            _tell(database, organization, plan)  # nobody listens yet
            first = await asyncio.wait_for(early.get(), 30)
        with hub.subscribed(organization, plan) as later:
            _tell(database, organization, plan)
            second = await asyncio.wait_for(later.get(), 30)
        await hub.stop()
        return first, second

    assert in_its_own_loop(watch()) == (None, Event(7, "solved", {}))


def _tell(database: Database, organization: UUID, plan: UUID) -> None:
    told = {"organization_id": str(organization), "plan_id": str(plan)}
    payload = json.dumps(told | {"id": 7, "event": "solved", "data": {}})
    with database.system() as session:
        session.execute(text("SELECT pg_notify(:to, :told)"), {"to": CHANNEL, "told": payload})


def test_a_key_has_so_many_streams_at_a_time() -> None:
    count, key, other = StreamCount(1), uuid4(), uuid4()
    with count.counted(key):
        with pytest.raises(RateLimitedError), count.counted(key):
            pass
        with count.counted(other):
            pass
    with count.counted(key):  # the one that ended is free again
        pass


def test_the_streams_of_a_key_are_those_of_the_settings(
    settings: Settings, tenant: Tenant, work: Work
) -> None:
    plan = solved_plan(tenant, work)
    app = create_app(settings.model_copy(update={"event_streams": 2}))
    path = f"/v1/plans/{plan['id']}/events"
    headers = {"Authorization": f"Bearer {tenant.keys['admin']}"}
    key_id = UUID(tenant.get("/v1/keys").json()["items"][0]["id"])
    streams: StreamCount = app.state.streams
    with TestClient(app) as client, streams.counted(key_id):
        taken = client.get(path, headers=headers)
        with streams.counted(key_id):
            refused = client.get(path, headers=headers)
        again = client.get(path, headers=headers)
    assert (taken.status_code, again.status_code) == (200, 200)
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_REQUESTS")
