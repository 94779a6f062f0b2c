"""Whatever dies, nothing is lost, nothing is doubled, and every job ends in a final state.

One round by default; `make test-faults` does many (ROUTEPLANNER_FAULT_ROUNDS).
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

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


def ask_import(box: Machine, n: int) -> str:
    """Ask for an import of new stores; returns its address."""
    name = time.time_ns()
    content = "id,name,lat,lon\n" + "".join(
        f"{name}-{number},Store {number},{52 + number / 100_000},13.4\n" for number in range(n)
    )
    asked = box.call("POST", "/v1/stores:import?mode=create", content=content.encode())
    assert asked.status_code == 202, asked.text
    return str(asked.headers["location"])


def check_imported(box: Machine, path: str) -> Any:
    def imported() -> Any:
        found = box.call("GET", path).json()
        return found if found["status"] not in ("queued", "running") else None

    done = wait_until(imported, "the import")
    assert done["status"] == "done", done["failure"]
    return done["counts"]


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
def test_a_worker_is_killed_in_mid_import(box: Machine, _: int) -> None:
    wait_until(box.workers, "a worker")
    path = ask_import(box, 30_000)
    wait_until(lambda: box.call("GET", path).json()["status"] == "running", "the import to run")
    for process in box.workers():
        process.kill()
    assert box.call("GET", path).json()["status"] != "done"
    counts = check_imported(box, path)
    # Had the first attempt written any store, the second would find it there.
    assert (counts["created"], counts["faulty"]) == (30_000, 0)


@pytest.mark.parametrize("_", ROUNDS)
def test_everything_is_killed_in_mid_solve_while_an_import_waits(box: Machine, _: int) -> None:
    wait_until(box.is_ready, "the service")
    path = box.plan(3)
    wait_until(lambda: box.is_searching(path), "progress")
    asked = ask_import(box, 3000)
    box.kill_serve()
    wait_until(lambda: not box.workers(), "the worker to end with its server")
    box.start()
    check_ended_once(box, path)
    assert check_imported(box, asked)["created"] == 3000
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


@pytest.mark.parametrize("_", ROUNDS)
def test_the_end_hands_back_what_runs(box: Machine, _: int) -> None:
    path = box.plan(8)
    wait_until(lambda: box.is_searching(path), "progress")
    assert box.stop() < 10
    assert box.workers() == []
    box.start()
    plan = check_ended_once(box, path)
    assert plan["attempt"] == 2
