"""The one clock of all methods: CPU seconds of the process, per search thread."""

import time
from typing import Any


class CpuSeconds:
    """
    A stop criterion: ends when the process has used so many CPU seconds a thread.

    The clock starts at the first call, so that what comes before, like compiling, does not count.
    It takes any argument: the progress of our search, the best cost of PyVRP's.
    """

    def __init__(self, limit_s: float, threads: int = 1) -> None:
        self.limit_s, self.threads = limit_s, threads
        self._started: float | None = None

    def __call__(self, progress: Any = None) -> bool:
        """Whether the time is used up."""
        return self.left() <= 0

    def left(self) -> float:
        """CPU seconds a thread that are left; all of them at the first call."""
        now = time.process_time()
        if self._started is None:
            self._started = now
        return self.limit_s - (now - self._started) / self.threads

    def used(self, _progress: Any = None) -> float:
        """How much of the time is used, 0 to 1."""
        return 1 - self.left() / self.limit_s
