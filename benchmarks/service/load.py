"""The load, in a process of its own: `python -m benchmarks.service.load`, told on standard input.

It is an open loop: requests are due at a fixed rate whether or not earlier ones were answered, and
each is timed from when it was due, so that a service that stalls is not spared (what else is
called coordinated omission). Requests that find all connections busy wait, and their wait counts;
a service that cannot keep up is given some time, and then no more requests.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlsplit

WARM_UP_S = 2.0
CONNECTIONS = 32
GRACE_S = 20.0
UNSENT = "unsent"
"""The status of requests that nobody could send in time."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked, how often, for how long."""

    url: str
    key: str
    paths: tuple[str, ...]  # one after another, and from the beginning again
    rate: float  # requests a second
    seconds: float
    warm_up_s: float = WARM_UP_S  # before it, not counted
    connections: int = CONNECTIONS
    grace_s: float = GRACE_S  # after it, for requests that are due and wait


@dataclass(slots=True)
class Answered:
    """Milliseconds of all requests that counted, and how many were answered with which status."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    bytes_each: float = 0

    @property
    def n_errors(self) -> int:
        """Requests that were not answered with 200."""
        return sum(n for status, n in self.statuses.items() if status != "200")

    def percentile(self, share: float) -> float:
        """The time that a share of all requests did not exceed (nearest rank)."""
        times = sorted(self.milliseconds)
        return times[max(1, ceil(share * len(times))) - 1]


def put_load(load: Load) -> Answered:
    """Run the load in a second process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service.load"],
        input=json.dumps(asdict(load)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Answered(**json.loads(done.stdout))


class _Schedule:
    """Hands out requests in the order in which they are due."""

    def __init__(self, load: Load) -> None:
        self._load, self._lock, self._next = load, threading.Lock(), 0
        self.n = round(load.rate * (load.warm_up_s + load.seconds))
        self.begin = time.perf_counter() + 0.2
        self.end = self.begin + load.warm_up_s + load.seconds + load.grace_s

    def take(self) -> tuple[int, float] | None:
        with self._lock:
            number, self._next = self._next, self._next + 1
        if number >= self.n:
            return None
        return number, self.begin + number / self._load.rate


def run(load: Load) -> Answered:
    """Send all requests from threads of this process."""
    schedule = _Schedule(load)
    results: list[tuple[float, str, int]] = []  # appending is atomic
    threads = [
        threading.Thread(target=_send, args=(load, schedule, results))
        for _ in range(load.connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answered(
        [milliseconds for milliseconds, _, _ in results],
        dict(Counter(status for _, status, _ in results)),
        sum(n for _, _, n in results) / max(1, len(results)),
    )


def _send(load: Load, schedule: _Schedule, results: list[tuple[float, str, int]]) -> None:
    place = urlsplit(load.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {"Authorization": f"Bearer {load.key}", "Accept-Encoding": "gzip"}
    n_warm_up = round(load.rate * load.warm_up_s)
    while (taken := schedule.take()) is not None:
        number, due = taken
        time.sleep(max(0.0, due - time.perf_counter()))
        status, n_bytes = UNSENT, 0
        if time.perf_counter() < schedule.end:
            status, n_bytes = _ask(connection, load.paths[number % len(load.paths)], headers)
        milliseconds = (time.perf_counter() - due) * 1000
        if number >= n_warm_up:
            results.append((milliseconds, status, n_bytes))
    connection.close()


def _ask(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
) -> tuple[str, int]:
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return str(answer.status), len(answer.read())
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return type(error).__name__, 0


def main(told: Sequence[str] | None = None) -> None:
    """Read the load, run it, print what was answered."""
    spoken: dict[str, Any] = json.loads(sys.stdin.read() if told is None else told[0])
    spoken["paths"] = tuple(spoken["paths"])
    print(json.dumps(asdict(run(Load(**spoken)))))


if __name__ == "__main__":
    main()
