"""Keeps one worker process alive beside the server, and ends with it."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import structlog

from routeplanner.jobs.worker import GRACE_S

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0
_HEALTHY_S = 30.0
_PID_FILE = "worker.pid"

log = structlog.get_logger(__name__)


class Supervisor:
    """Starts a worker, starts it again when it dies, stops it at the end."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._pid_file = environment, folder / _PID_FILE
        self._is_stopping = threading.Event()
        self._starting = threading.Lock()  # no worker is started once the end has begun
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    def start(self) -> None:
        """End what an earlier supervisor left behind, and begin."""
        end_left_worker(self._pid_file)
        self._thread.start()

    def stop(self) -> None:
        """End the worker: its jobs are handed back within the grace it has."""
        with self._starting:
            self._is_stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE_S + 1)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._thread.join()
        self._pid_file.unlink(missing_ok=True)

    def _keep(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._is_stopping.is_set():
            begun = time.monotonic()
            with self._starting:
                if self._is_stopping.is_set():
                    return
                self._process = self._start_worker()
            code = self._process.wait()
            if self._is_stopping.is_set():
                return
            is_healthy = time.monotonic() - begun > _HEALTHY_S
            pause = _FIRST_PAUSE_S if is_healthy else min(2 * pause, _LONGEST_PAUSE_S)
            log.warning("the worker ended and is started again", exit_code=code, pause_s=pause)
            self._is_stopping.wait(pause)

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        # The worker ends when this end of the pipe closes, however this process ends.
        process = subprocess.Popen(  # our own interpreter and module
            [sys.executable, "-m", "routeplanner", "worker", "--ends-with-parent"],
            stdin=subprocess.PIPE,
            env={**os.environ, **self._environment},
        )
        self._pid_file.write_text(str(process.pid), encoding="ascii")
        return process


def end_left_worker(pid_file: Path) -> None:
    """End a worker that outlived its server, such as a frozen one; its lease lapses."""
    try:
        process = psutil.Process(int(pid_file.read_text(encoding="ascii")))
        is_worker = "routeplanner" in process.cmdline() and "worker" in process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return
    if is_worker:
        log.warning("a worker of an earlier server is ended", pid=process.pid)
        process.kill()
        process.wait(5)
