"""Chooses the folder of compiled kernels: one for each state of sources, libraries and CPU.

Numba itself misses changes of a function that lies in another file than its caller, and its files
are pickles, which execute what is written in them: a folder that others may write is not read.
"""

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

KERNELS = Path(__file__).with_name("kernels")
FOLDER_VARIABLE = "ROUTEPLANNER_CACHE_DIR"
UNUSED_DAYS = 30

_NAME = re.compile(r"routeplanner-[0-9a-f]{16}")
_COMPILED = (".nbi", ".nbc", ".json")
_DAY_S = 86_400
_SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO", "ENABLE_AVX", "LOOP_VECTORIZE", "SLP_VECTORIZE")
"""Of numba's environment variables, those that change compiled code unseen by its cache."""


@cache
def kernel_folder() -> Path:
    """The folder for kernels as they are now; exists, can be written and belongs to the user."""
    folder = keyed_folder(os.environ, key_of(KERNELS, facts_of(os.environ)))
    with contextlib.suppress(OSError):
        # So that `remove_unused` sees it used.
        if time.time() - folder.stat().st_mtime > _DAY_S:
            os.utime(folder)
    return folder


def facts_of(environ: Mapping[str, str]) -> dict[str, str]:
    """What compiled code depends on beside its sources."""
    # Needed by hybrid searches only, and not for free.
    from importlib.metadata import version  # noqa: PLC0415

    from llvmlite import binding  # noqa: PLC0415

    cpu = environ.get("NUMBA_CPU_NAME") or binding.get_host_cpu_name()
    features = environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        features = "" if cpu.lower() == "generic" else _features(binding)
    facts = {name: version(name) for name in ("numba", "llvmlite", "numpy")}
    facts |= {"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    facts |= {"cpu": cpu, "features": features}
    return facts | {name: environ.get(f"NUMBA_{name}", "") for name in _SETTINGS}


def _features(binding: Any) -> str:
    try:
        return str(binding.get_host_cpu_features().flatten())
    except RuntimeError:  # not known of this architecture
        return ""


def key_of(kernels: Path, facts: Mapping[str, str]) -> str:
    """A hash of the sources in a folder, where they lie (numba looks at that too), and facts."""
    digest = hashlib.sha256(os.fsencode(kernels.absolute()))
    for path in sorted(kernels.glob("*.py")):
        source = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(source)}\0".encode() + source)
    for name, value in sorted(facts.items()):
        digest.update(f"\0{name}\0{value}".encode())
    return digest.hexdigest()[:16]


def keyed_folder(environ: Mapping[str, str], key: str) -> Path:
    """
    The folder of a key below the user's choice, the user's cache or the temporary folder.

    The first of them that can be written serves; compiled kernels that lie in one that can only be
    read, such as an image's, are copied.
    """
    name = f"routeplanner-{key}"
    given = environ.get(FOLDER_VARIABLE) or environ.get("NUMBA_CACHE_DIR")
    base = Path(given).absolute() if given else _users_base()
    wanted = base / name
    # Whom a folder given by the user belongs to is the user's business.
    if _can_write(base) and (given or is_private(base)) and _can_write(wanted):
        return wanted
    folder = temporary_base() / name
    if not folder.exists() and given:
        _copy(wanted, folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _users_base() -> Path:
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("routeplanner") / "kernels"


def _can_write(folder: Path) -> bool:
    """Whether a file can be made in a folder, which is made first."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy what a compilation left, whole or not at all."""
    part = Path(tempfile.mkdtemp(dir=target.parent))
    with contextlib.suppress(OSError):
        for path in source.rglob("*"):
            if path.suffix in _COMPILED:
                copy = part / path.relative_to(source)
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, copy)
        part.rename(target)
    shutil.rmtree(part, ignore_errors=True)


def is_private(folder: Path) -> bool:
    """Whether a folder is this user's, and nobody else may write in it."""
    if sys.platform == "win32":  # no such bits; folders of a user are closed to others there
        return True
    found = folder.lstat()
    is_open = bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not is_open


def temporary_base() -> Path:
    """A folder of this user in the temporary folder; a fresh one where its name is taken."""
    user = "" if sys.platform == "win32" else f"-{os.geteuid()}"
    base = Path(tempfile.gettempdir()) / f"routeplanner{user}"
    with contextlib.suppress(OSError):
        base.mkdir(mode=0o700, exist_ok=True)
        if is_private(base) and _can_write(base):
            return base
    fresh = Path(tempfile.mkdtemp(prefix="routeplanner-"))
    atexit.register(shutil.rmtree, fresh, ignore_errors=True)  # nobody would find it again
    return fresh


def remove_unused(kept: Path) -> None:
    """Remove what earlier versions left beside a folder and nobody used for long."""
    oldest = time.time() - UNUSED_DAYS * _DAY_S
    with contextlib.suppress(OSError):
        for folder in kept.parent.iterdir():
            is_ours = bool(_NAME.fullmatch(folder.name)) and folder != kept
            if is_ours and not folder.is_symlink() and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
