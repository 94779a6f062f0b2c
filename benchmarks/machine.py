"""Where and when a figure was measured: machine, date, commit. No host names, no paths."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_FOLDER = Path(__file__).parents[1]


def machine() -> str:
    """Processor, cores, and versions of what computes."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba"))
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def today() -> str:
    """The date, UTC."""
    return datetime.now(UTC).date().isoformat()


def commit() -> str:
    """The commit of the code, with a plus where it has been changed since."""
    try:
        revision = _git("rev-parse", "--short", "HEAD")
        return revision + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=_FOLDER, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
