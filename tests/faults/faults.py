"""The faults that a service has to survive, each in the middle of a job, and which go together."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from tests.faults.jobs import Import, Job, Phase, Search, Study
from tests.faults.machine import Machine, wait_until
from tests.faults.publishers import kill_server_while_publishing, race_publishers

END_S = 10  # in which SIGTERM ends everything
N_RACING = 200


@dataclass(frozen=True)
class Fault:
    """A fault with its name; it checks by itself what becomes of the job it comes upon."""

    name: str
    happen: Callable[[Machine, Random], None]


def kill_worker(box: Machine, job: Job, random: Random) -> None:
    job.hold(random).kill()
    job.check(is_taken_again=True)


def kill_server(box: Machine, job: Job, random: Random) -> None:
    """Kill the server alone; the worker ends with it, and may still hand its job back."""
    worker = job.hold(random)
    box.kill_serve()
    worker.resume()
    wait_until(lambda: not box.workers(), "the worker to end with its server")
    box.start()
    job.check(is_taken_again=not isinstance(job, Import))


def kill_everything(box: Machine, job: Job, random: Random) -> None:
    job.hold(random)
    box.kill_everything()
    box.start()
    job.check(is_taken_again=True)


def freeze_worker(box: Machine, job: Job, random: Random) -> None:
    """Freeze a worker until another one has done its job; what it does when it wakes is nothing."""
    frozen = job.hold(random)
    second = box.second_worker()
    try:
        job.check(is_taken_again=True)
        before = job.outcome()
    finally:
        second.terminate()
        second.wait(20)
        frozen.resume()
    # It does one job at a time, so with this one it has left the other.
    assert box.ended(box.ask_plan(iterations=1))["status"] == "solved"
    assert job.outcome() == before


def restart_database(box: Machine, job: Job, random: Random) -> None:
    worker = job.hold(random)
    box.control_database("-m", "fast", "restart")
    worker.resume()
    wait_until(box.is_ready, "the service")
    job.check(is_taken_again=False)


def end_service(box: Machine, job: Job, random: Random) -> None:
    """End with SIGTERM and start again; a search is handed back with its best plan so far."""
    assert box.serve is not None
    worker = job.hold(random)
    begun = time.monotonic()
    box.serve.terminate()
    worker.resume()
    box.serve.wait(60)
    assert time.monotonic() - begun < END_S
    assert box.workers() == []
    box.start()
    if isinstance(job, Search):
        assert box.found(job.path)["plan"] is not None
    job.check(is_taken_again=not isinstance(job, Import))


def race_with_one_key(box: Machine, random: Random) -> None:
    """Ask for the same plan many times at once, with one idempotency key."""
    demo = box.call("GET", "/v1/scenarios/demo").json()["scenario"]
    body = {"scenario": demo, "method": "insertion", "termination": {"iterations": 1}}
    key = f"race-{random.getrandbits(64)}"

    def ask(_: int) -> tuple[int, str]:
        while True:
            asked = box.call("POST", "/v1/plans", json=body, headers={"Idempotency-Key": key})
            if asked.status_code != 503:  # too busy, and said so
                return asked.status_code, asked.headers["location"]

    with ThreadPoolExecutor(50) as pool:
        [(status, path)] = set(pool.map(ask, range(N_RACING)))
    assert status == 202
    box.n_plans += 1
    assert box.ended(path)["status"] == "solved"


def in_search(name: str, happen: Callable[[Machine, Job, Random], None]) -> Fault:
    return Fault(f"{name} in mid-search", lambda box, random: happen(box, Search(box), random))


def in_study(name: str, happen: Callable[[Machine, Job, Random], None]) -> Fault:
    return Fault(f"{name} in mid-study", lambda box, random: happen(box, Study(box), random))


def in_import(name: str, happen: Callable[[Machine, Job, Random], None], phase: Phase) -> Fault:
    return Fault(
        f"{name} in mid-import ({phase})",
        lambda box, random: happen(box, Import(box, phase), random),
    )


_IN_A_JOB = {
    "worker killed": kill_worker,
    "worker frozen": freeze_worker,
    "server killed": kill_server,
    "everything killed": kill_everything,
    "database restarted": restart_database,
    "service ended": end_service,
}

RACE = Fault("one key raced for", race_with_one_key)
PUBLISHERS = (
    Fault("two publishers of one plan", race_publishers),
    Fault("server killed while publishing", kill_server_while_publishing),
)

FAULTS = (
    *(in_search(name, happen) for name, happen in _IN_A_JOB.items()),
    *(in_study(name, happen) for name, happen in _IN_A_JOB.items()),
    *(in_import(name, happen, "reading") for name, happen in _IN_A_JOB.items()),
    *(in_import(name, happen, "writing") for name, happen in _IN_A_JOB.items()),
    RACE,
    *PUBLISHERS,
)
"""Of which rounds are made."""

A_FEW = (
    in_search("worker killed", kill_worker),
    in_search("worker frozen", freeze_worker),
    in_search("everything killed", kill_everything),
    in_search("service ended", end_service),
    in_study("worker killed", kill_worker),
    in_import("server killed", kill_server, "reading"),
    in_import("database restarted", restart_database, "writing"),
    RACE,
    *PUBLISHERS,
)
"""For a minute of every test run: each fault once."""
