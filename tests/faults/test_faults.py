"""Whatever dies, nothing is lost, nothing is doubled, and every job ends in a final state.

One round by default; `make test-faults` does many (ROUTEPLANNER_FAULT_ROUNDS).
"""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.faults.machine import Machine, machine, wait_until

ROUNDS = range(int(os.environ.get("ROUTEPLANNER_FAULT_ROUNDS", "1")))


@pytest.fixture(scope="module")
def box() -> Iterator[Machine]:
    with machine() as made:
        yield made


def check_ended_once(box: Machine, path: str, status: str = "solved") -> Any:
    plan = box.ended(path)
    assert plan["status"] == status, plan["failure"]
    assert plan["plan"]["scheduled_visits"] == plan["plan"]["required_visits"]
    events = box.events(path)
    assert events.count(status) == 1
    assert events[-1] == status
    return plan


@pytest.mark.parametrize("_", ROUNDS)
def test_a_worker_is_killed_in_mid_solve(box: Machine, _: int) -> None:
    path = box.plan(4)
    wait_until(lambda: box.is_searching(path), "progress")
    for process in box.workers():
        process.kill()
    plan = check_ended_once(box, path)
    assert plan["attempt"] >= 2


@pytest.mark.parametrize("_", ROUNDS)
def test_a_worker_is_frozen_and_wakes_up_too_late(box: Machine, _: int) -> None:
    wait_until(box.workers, "a worker")
    (frozen,) = box.workers()
    path = box.plan(3)
    wait_until(lambda: box.is_searching(path), "progress")
    frozen.suspend()
    second = box.second_worker()
    try:
        plan = check_ended_once(box, path)
        assert plan["attempt"] >= 2
    finally:
        frozen.resume()
        second.terminate()
        second.wait(20)
    time.sleep(2)
    assert box.call("GET", path).json() == plan


@pytest.mark.parametrize("_", ROUNDS)
def test_the_database_is_restarted_in_mid_solve(box: Machine, _: int) -> None:
    wait_until(box.is_ready, "the service")
    path = box.plan(4)
    wait_until(lambda: box.is_searching(path), "progress")
    box.control_database("-m", "fast", "restart")
    check_ended_once(box, path)
    wait_until(box.is_ready, "the service")


@pytest.mark.parametrize("_", ROUNDS)
def test_everything_is_killed_in_mid_import_and_in_mid_solve(box: Machine, _: int) -> None:
    wait_until(box.is_ready, "the service")
    content = "id,name,lat,lon\n" + "".join(
        f"{number},Store {number},{52 + number / 100_000},13.4\n" for number in range(3000)
    )
    path = box.plan(3)
    wait_until(lambda: box.is_searching(path), "progress")
    asked = box.call("POST", "/v1/stores:import?mode=sync", content=content.encode())
    box.kill_serve()
    wait_until(lambda: not box.workers(), "the worker to end with its server")
    box.start()
    check_ended_once(box, path)

    def imported() -> Any:
        found = box.call("GET", asked.headers["location"]).json()
        return found if found["status"] not in ("queued", "running") else None

    done = wait_until(imported, "the import")
    assert done["status"] == "done"
    counts = done["counts"]
    assert counts["created"] + counts["updated"] + counts["unchanged"] == 3000
    assert len(box.workers()) == 1


@pytest.mark.parametrize("_", ROUNDS)
def test_racing_requests_with_one_key_make_one_plan(box: Machine, _: int) -> None:
    demo = box.call("GET", "/v1/scenarios/demo").json()["scenario"]
    body = {"scenario": demo, "method": "insertion", "termination": {"iterations": 1}}
    key = f"race-{time.time_ns()}"

    def ask(_: int) -> tuple[int, str]:
        while True:
            asked = box.call("POST", "/v1/plans", json=body, headers={"Idempotency-Key": key})
            if asked.status_code != 503:  # too busy, and said so
                return asked.status_code, asked.json()["id"]

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(ask, range(200)))
    assert len(answers) == 1
    status, id_ = answers.pop()
    assert status == 202
    box.ended(f"/v1/plans/{id_}")


PERIOD = {"start_date": "2026-03-02", "until": "2026-05-31", "country": "DE-BE"}


def check_published_whole(box: Machine, path: str, n_publications: int) -> None:
    """Every visit of the newest publication is there once, and none of another one is planned."""
    plan_id = path.rsplit("/", 1)[1]
    found = box.everything(f"/v1/publications?plan_id={plan_id}")
    assert len(found) == n_publications
    for publication in found:
        visits = box.everything(f"/v1/visits?publication_id={publication['id']}")
        assert len(visits) == publication["reps"][0]["n_visits"] > 0
    planned = box.everything("/v1/visits?status=planned&rep=R01")
    assert {visit["publication_id"] for visit in planned} <= {entry["id"] for entry in found}
    days = [(visit["store_id"], visit["date"]) for visit in planned]
    assert len(set(days)) == len(days)


@pytest.mark.parametrize("_", ROUNDS)
def test_of_two_publishers_of_one_plan_one_wins(box: Machine, _: int) -> None:
    wait_until(box.is_ready, "the service")
    path = box.approved_plan()

    def publish(_: int) -> tuple[int, str]:
        while True:
            made = box.call("POST", f"{path}:publish", json=PERIOD)
            if made.status_code != 503:  # too busy, and said so
                return made.status_code, made.json().get("code", "")

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(publish, range(2)))
    assert answers == [(201, ""), (409, "ALREADY_PUBLISHED")]
    check_published_whole(box, path, 1)


@pytest.mark.parametrize("_", ROUNDS)
def test_the_server_is_killed_in_mid_publishing(box: Machine, _: int) -> None:
    """All of it is there afterwards, or nothing; and whoever asks again gets the one or other."""
    wait_until(box.is_ready, "the service")
    path = box.approved_plan()
    headers = {"Idempotency-Key": f"publish-{time.time_ns()}"}

    def publish() -> int:
        try:
            return box.call("POST", f"{path}:publish", json=PERIOD, headers=headers).status_code
        except httpx2.HTTPError:
            return 0

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(publish)
        time.sleep(random.uniform(0.05, 1.0))
        box.kill_serve()
        asked.result()
    wait_until(lambda: not box.workers(), "the worker to end with its server")
    box.start()
    assert publish() == 201
    check_published_whole(box, path, 1)


@pytest.mark.parametrize("_", ROUNDS)
def test_the_end_hands_back_what_runs(box: Machine, _: int) -> None:
    path = box.plan(4)
    wait_until(lambda: box.is_searching(path), "progress")
    assert box.stop() < 10
    assert box.workers() == []
    box.start()
    plan = check_ended_once(box, path)
    assert plan["attempt"] == 2
