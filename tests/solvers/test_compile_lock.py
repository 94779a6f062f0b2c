import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from solvers.compile_lock import LOCK, STALE_S, CompileLock


def never() -> bool:
    return False


def leave(folder: Path, age_s: float = 0, **holder: object) -> Path:
    lock = folder / LOCK
    values = {"pid": os.getpid(), "host": socket.gethostname()} | holder
    lock.write_text(json.dumps(values))
    stamp = lock.stat().st_mtime - age_s
    os.utime(lock, (stamp, stamp))
    return lock


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_is_held_inside_and_free_after(tmp_path: Path) -> None:
    lock = CompileLock(tmp_path, never)
    with lock:
        assert not lock.is_stale()
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()
    assert not (tmp_path / LOCK).exists()


def test_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(MemoryError), CompileLock(tmp_path, never):
        raise MemoryError
    assert not (tmp_path / LOCK).exists()


def test_waits_for_its_holder(tmp_path: Path) -> None:
    lock = leave(tmp_path)
    order = []

    def enter() -> None:
        with CompileLock(tmp_path, never):
            order.append("second")

    other = Thread(target=enter)
    other.start()
    other.join(0.3)
    order.append("first")
    lock.unlink()
    other.join()
    assert order == ["first", "second"]


def test_stops_waiting_when_the_work_is_done(tmp_path: Path) -> None:
    lock = leave(tmp_path)
    answers = iter([False, True])
    with CompileLock(tmp_path, lambda: next(answers)):
        pass
    assert lock.exists()  # it is the other's


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    leave(tmp_path, pid=dead_pid())
    assert CompileLock(tmp_path, never).is_stale()
    with CompileLock(tmp_path, never):
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()


def test_a_process_of_another_machine_is_judged_by_age_alone(tmp_path: Path) -> None:
    leave(tmp_path, STALE_S - 60, pid=dead_pid(), host="elsewhere")
    assert not CompileLock(tmp_path, never).is_stale()
    leave(tmp_path, STALE_S + 60, pid=dead_pid(), host="elsewhere")
    assert CompileLock(tmp_path, never).is_stale()


def test_a_process_that_hangs_loses_its_lock(tmp_path: Path) -> None:
    leave(tmp_path, STALE_S + 60)
    assert CompileLock(tmp_path, never).is_stale()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": null, "host": ""}'])
def test_a_lock_that_was_never_written_whole_is_stale_soon(tmp_path: Path, text: str) -> None:
    lock = leave(tmp_path)
    lock.write_text(text)
    assert not CompileLock(tmp_path, never).is_stale()
    os.utime(lock, (lock.stat().st_mtime - 2,) * 2)
    assert CompileLock(tmp_path, never).is_stale()
