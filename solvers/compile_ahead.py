"""Compiles all kernels before they are needed: in this process, or in a child beside a search.

`is_warm` tells whether compiled kernels lie in the cache, `warmup` compiles or loads them here,
`start` compiles them in a child process, so that a search without kernels can go on meanwhile:

    compilation = start()
    while not compilation.is_done():
        ...  # some steps of a search in plain Python
    if not is_warm():  # the child failed
        warmup()

Importing this module loads neither numba nor llvmlite.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from solvers.compile_lock import CompileLock
from solvers.kernel_cache import FOLDER_VARIABLE, kernel_folder, remove_unused
from solvers.tiny_problems import tiny_problems

MARKER = "complete.json"
"""In the cache folder: the files of a complete compilation."""

LOG = "compile.log"
"""In the cache folder: what a child process had to say."""

COMMAND = ("-P", "-c", "import solvers; solvers.warmup()")
"""What Python is told to do in a child; `-P`: modules in the working folder are not meant."""


def is_warm() -> bool:
    """Whether all kernels can be loaded from the cache; does not load them."""
    return not _is_jit() or _is_complete(kernel_folder())


def warmup() -> None:
    """
    Compile all kernels, or load them; at the return both cache and process are warm.

    Takes a minute or two the first time and about a second thereafter. Where another process is
    compiling for the same folder, waits for it.
    """
    if not _is_jit():
        return
    if is_warm():
        _run_kernels()
        return
    folder = kernel_folder()
    with CompileLock(folder, is_needless=is_warm):
        _run_kernels()
        if not is_warm():
            _mark_complete(folder)
    remove_unused(folder)


def start() -> "Compilation":
    """
    Begin to compile in a child process unless the cache is warm; returns at once.

    The child outlives this process, so that the next one finds a warm cache. Calls while it works
    get the same compilation.
    """
    with _starting:
        if is_warm():
            return Compilation(None)
        if not _running or _running[0].is_done():
            _running[:] = [Compilation(_child())]
        return _running[0]


class Compilation:
    """Compiling that goes on in a child process, or is over."""

    def __init__(self, child: subprocess.Popen[bytes] | None) -> None:
        # A thread also reaps a child that nobody waits for.
        self._waiter = None if child is None else threading.Thread(target=child.wait, daemon=True)
        if self._waiter:
            self._waiter.start()

    def is_done(self) -> bool:
        """Whether there is nothing to wait for: the cache is warm, or the child failed."""
        return self._waiter is None or not self._waiter.is_alive()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it is done or the time is over; whether it is done."""
        if self._waiter:
            self._waiter.join(timeout_s)
        return self.is_done()


_starting = threading.Lock()
_running: list[Compilation] = []


def _child() -> subprocess.Popen[bytes] | None:
    """A process that compiles into this one's folder; none where none can be started."""
    if not sys.executable or getattr(sys, "frozen", False):  # a frozen program would start itself
        return None
    folder = kernel_folder()
    paths = (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        FOLDER_VARIABLE: str(folder.parent),
    }
    # A session of its own: Ctrl-C ends the search, not the compiling.
    try:
        with (folder / LOG).open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - this Python, words of this module
                [sys.executable, *COMMAND],
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError:
        return None


def _is_jit() -> bool:
    return os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")


def _run_kernels() -> None:
    # Loads numba and whatever the cache holds.
    from solvers.hgs.rehearsal import rehearse  # noqa: PLC0415

    for problem in tiny_problems():
        rehearse(problem)


def _mark_complete(folder: Path) -> None:
    """Write down what was compiled; before, the folder counts as cold."""
    files = [str(path.relative_to(folder)) for path in folder.rglob("*.nb[ic]")]
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as marker:
        json.dump(sorted(files), marker)
    os.replace(marker.name, folder / MARKER)


def _is_complete(folder: Path) -> bool:
    """Whether all that was compiled is there: temporary folders are cleaned file by file."""
    try:
        files = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return all((folder / file).is_file() for file in files)


if __name__ == "__main__":
    warmup()
