"""Publishers that come at once, or with whom the server dies: one publication, whole, or none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from time import sleep
from typing import Any

import httpx2

from tests.faults.machine import Machine, wait_until

LONGEST_S = 1.5
"""Of publishing the demo; the server dies at some time within it."""


def race_publishers(box: Machine, random: Random) -> None:
    """Publish one plan twice at the same moment."""
    path, body = approved_plan(box), period()

    def publish(_: int) -> tuple[int, str]:
        while True:
            made = box.call("POST", f"{path}:publish", json=body)
            if made.status_code != 503:  # too busy, and said so
                return made.status_code, made.json().get("code", "")

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(publish, range(2)))
    assert answers == [(201, ""), (409, "ALREADY_PUBLISHED")]


def kill_server_while_publishing(box: Machine, random: Random) -> None:
    """Kill the server while it publishes, and ask again with the same key."""
    path, body = approved_plan(box), period()
    headers = {"Idempotency-Key": f"publish-{random.getrandbits(64)}"}

    def publish() -> int:
        try:
            answer = box.call("POST", f"{path}:publish", json=body, headers=headers)
        except httpx2.HTTPError:
            return 0
        return answer.status_code

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(publish)
        sleep(random.uniform(0, LONGEST_S))
        box.kill_serve()
        asked.result()
    wait_until(lambda: not box.workers(), "the worker to end with its server")
    box.start()
    assert publish() == 201


def approved_plan(box: Machine) -> str:
    """A plan of the demo, approved, whose rep and stores are in the master data; its address."""
    demo = box.call("GET", "/v1/scenarios/demo").json()["scenario"]
    for rep in demo["reps"]:
        fields = {
            "external_id": rep["id"],
            "base": {"lat": rep["base_lat"], "lon": rep["base_lon"]},
        }
        box.call("PUT", f"/v1/reps/by-external-id/{rep['id']}", json=fields)
    stores = [
        {
            "external_id": store["id"],
            "position": {"lat": store["lat"], "lon": store["lon"]},
            "rep": store["rep"],
        }
        for store in demo["stores"]
    ]
    box.call("POST", "/v1/stores:bulk", json={"stores": stores})
    path = box.ask_plan(iterations=1)
    assert box.ended(path)["status"] == "solved"
    for action in ("submit", "approve"):
        taken = box.call("POST", f"{path}/reviews/R01", json={"action": action})
        assert taken.status_code == 200, taken.text
    return path


def period() -> dict[str, Any]:
    """Four weeks that lie ahead, so that no visit of them is missed meanwhile."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=14 - today.weekday())
    until = monday + timedelta(days=27)
    return {"start_date": monday.isoformat(), "until": until.isoformat()}
