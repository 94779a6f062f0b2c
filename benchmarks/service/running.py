"""The service that is measured: started here in a folder of its own, or one that runs already."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from routeplanner.settings import Settings
from routeplanner.storage.embedded import database_url

PATIENCE_S = 600
_UNLIMITED = {"ROUTEPLANNER_REQUESTS_PER_MINUTE": "10000000"}  # of one key: all load is one key's


class Refused(Exception):  # noqa: N818
    """The service did not answer a call of the preparation, or with an error."""


class Service:
    """Where the service is, and how it is called."""

    def __init__(self, url: str, key: str, database: str | None, log: Path | None = None) -> None:
        self.url, self.key, self.database, self.log = url, key, database, log
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx2.Client(base_url=url, headers=headers, timeout=PATIENCE_S)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """What the service answers to a call; Refused where that is an error."""
        try:
            answer = self._client.request(method, path, **options)
        except httpx2.HTTPError as error:
            raise Refused(f"{method} {self.url}{path}: {error}") from error
        if answer.status_code >= 400:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def is_ready(self) -> bool:
        """Whether database and worker are there."""
        try:
            return self._client.get("/readyz").status_code == 200
        except httpx2.HTTPError:
            return False

    @property
    def starts_workers(self) -> bool:
        """Whether the service is this benchmark's own, so that it may be given workers."""
        return self.log is not None

    @contextmanager
    def another_worker(self) -> Iterator[None]:
        """One worker more, on the same database."""
        assert self.database is not None
        assert self.log is not None
        with self.log.open("ab") as log:
            environment = _UNLIMITED | {"ROUTEPLANNER_DATABASE_URL": self.database}
            process = _routeplanner(["worker"], log, environment)
            try:
                yield
            finally:
                _end(process)


@contextmanager
def own_service() -> Iterator[Service]:
    """`routeplanner serve` with the PostgreSQL that comes with it, in a temporary folder."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="rp-")))
        port = _free_port()
        log = folder / "service.log"
        out = stack.enter_context(log.open("ab"))
        command = ["serve", "--port", str(port), "--data-dir", str(folder / "data")]
        process = _routeplanner(command, out, _UNLIMITED, stdout=subprocess.PIPE)
        stack.callback(_end, process)
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        if not line.startswith("admin key: "):
            raise Refused(f"the service did not start: {log.read_text(errors='replace')[-2000:]}")
        key = line.removeprefix("admin key: ").strip()
        url = stack.enter_context(database_url(Settings(data_dir=folder / "data")))
        service = Service(f"http://127.0.0.1:{port}", key, url, log)
        wait_until(service.is_ready, "the service to be ready")
        yield service


def wait_until(is_so: Callable[[], Any], what: str, pause_s: float = 0.05) -> Any:
    """Return what a question is answered with once it is neither none nor false."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = is_so()
        if found:
            return found
        time.sleep(pause_s)
    raise Refused(f"waited {PATIENCE_S} s in vain for {what}")


def _routeplanner(
    command: list[str], log: Any, environment: dict[str, str], stdout: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "routeplanner", *command],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=log,
        env=os.environ | environment,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
