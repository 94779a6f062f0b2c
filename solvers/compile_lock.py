"""Lets one process at a time compile for a folder; the others wait until its work is done.

Two that compile at once would only waste time, as numba replaces its files whole. So a lock that is
wrongly taken for stale does no harm.
"""

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LOCK = "compiling.lock"
STALE_S = 900
"""Older locks are stale: no machine compiles that long."""

_POLL_S = 0.1


class CompileLock:
    """Entering it waits for its holder, unless the wait becomes needless."""

    def __init__(self, folder: Path, is_needless: Callable[[], bool]) -> None:
        self.path = folder / LOCK
        self._is_needless = is_needless
        self._is_held = False

    def __enter__(self) -> None:
        while not self._is_needless():
            try:
                file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:
                if self.is_stale():
                    self.path.unlink(missing_ok=True)
                else:
                    time.sleep(_POLL_S)
                continue
            with os.fdopen(file, "w", encoding="utf-8") as lock:
                json.dump({"pid": os.getpid(), "host": socket.gethostname()}, lock)
            self._is_held = True
            return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_held:
            self.path.unlink(missing_ok=True)

    def is_stale(self) -> bool:
        """Whether the holder has died, or has held the lock for too long."""
        try:
            age_s = time.time() - self.path.stat().st_mtime
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            pid, host = int(holder["pid"]), holder["host"]
        except FileNotFoundError:
            return False
        except (ValueError, TypeError, KeyError):
            # Written this moment, or never finished.
            return age_s > 1
        return age_s > STALE_S or (host == socket.gethostname() and not _is_alive(pid))


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill would end it there; its age decides
        return True
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
