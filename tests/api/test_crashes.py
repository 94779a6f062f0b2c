"""Crashes behind `uvicorn --factory`, as it is documented: safe answers, counted, and safe logs."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest

from tests.api.crashing_app import SECRET

ROOT = Path(__file__).parents[2]
PATIENCE_S = 300  # the first answer waits for the app to be imported


class Served:
    """A server in a process of its own; its log is there when it has ended."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client, self.log = client, ""


@contextmanager
def served(database_url: str) -> Iterator[Served]:
    """Nothing of this process, such as its logging, reaches the server."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.api.crashing_app:create_app"]
    environment = os.environ | {"ROUTEPLANNER_DATABASE_URL": database_url}
    with (
        TemporaryDirectory(prefix="rp-") as folder,
        socket.socket(socket.AF_UNIX) as listening,
        Path(folder, "log").open("w+", encoding="utf-8") as log,
    ):
        listening.bind(f"{folder}/socket")
        listening.listen()
        descriptor = listening.fileno()
        with subprocess.Popen(
            [*command, "--fd", str(descriptor)],
            cwd=ROOT, env=environment, pass_fds=[descriptor], stderr=log,
        ) as server:  # fmt: skip
            transport = httpx2.HTTPTransport(uds=f"{folder}/socket")
            try:
                with httpx2.Client(
                    transport=transport, base_url="http://service", timeout=PATIENCE_S
                ) as client:
                    made = Served(client)
                    yield made
            finally:
                server.terminate()
                server.wait(PATIENCE_S)
                log.seek(0)
                made.log = log.read()


def test_crashes_are_answered_counted_and_logged_without_values(database_url: str) -> None:
    with served(database_url) as service:
        crashed = service.client.get("/crash/personal?of=Jana")
        with pytest.raises(httpx2.TransportError):
            service.client.get("/break-off")
        counted = service.client.get("/metrics").text

    assert (crashed.status_code, crashed.json()["code"]) == (500, "INTERNAL_ERROR")
    assert crashed.headers["cache-control"] == "no-store"
    assert crashed.headers["x-content-type-options"] == "nosniff"
    assert crashed.headers["x-request-id"] == crashed.json()["request_id"]
    assert 'method="GET",route="/crash/{name}",status="500"} 1.0' in counted

    for private in (SECRET, "personal", "Jana"):
        assert private not in service.log
    told = [json.loads(line) for line in service.log.splitlines()]
    assert "Exception in ASGI application\n" in {line["event"] for line in told}
    mine = [line for line in told if line.get("request_id") == crashed.json()["request_id"]]
    assert [line["event"] for line in mine] == ["request crashed", "request"]
    assert (mine[1]["route"], mine[1]["status"]) == ("/crash/{name}", 500)
