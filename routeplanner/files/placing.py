"""Puts outputs into a folder together or not at all, and loses nothing that a person changed.

A record in the folder (`RECORD`) holds a hash of every file as it was written. A file that is to be
replaced and is no longer what was written was changed by hand: it stays under another name. A file
of the record that the new outputs no longer have is of an earlier plan: it goes.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from routeplanner.errors import InputError, Issue
from routeplanner.texts import text

RECORD = ".routeplanner.json"
DAYS = "days"
"""The folder of day sheets, in that of the outputs."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_Hashes = dict[str, str]  # of a file as it was written, by its path in the folder: days/T1.html


@dataclass(frozen=True, slots=True)
class Placed:
    """What was written, and what became of files that were there before."""

    paths: list[Path]
    kept: dict[Path, Path]  # changed by hand since they were written → where they are now
    removed: list[Path]  # of earlier outputs
    set_aside: list[Path]  # earlier outputs that stay, under their new names


def place(
    folder: Path,
    write: Callable[[Path], None],
    owns: Callable[[str], bool],
    language: str,
    aside: Mapping[str, str] = _NOTHING,
) -> Placed:
    """Let `write` fill a new folder beside the target, then move its files to their places.

    A failure leaves earlier outputs whole, or no folder where there was none.

    Parameters
    ----------
    owns
        Whether a file of the record, by its path in the folder such as `days/T1.html`, is out of
        date where it is not written now.
    aside
        The names under which earlier files stay all the same.

    Raises
    ------
    InputError
        The folder cannot be written, or a file in it is held open (UNWRITABLE_OUTPUT).
    """
    with _told_plainly(folder, language), _made(folder):
        staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            write(staging)
            return _move_in(staging, folder, owns, aside)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def writing(path: Path, language: str) -> Iterator[None]:
    """Make the folder of a single file; what fails while it is written is told as in `place`."""
    with _told_plainly(path, language), _made(path.parent):
        yield


def has_record(folder: Path) -> bool:
    """Whether outputs were written into a folder."""
    return (folder / RECORD).is_file()


def _move_in(
    staging: Path, folder: Path, owns: Callable[[str], bool], aside: Mapping[str, str]
) -> Placed:
    """Move every staged file to its place; on failure put the earlier files back."""
    written = _read_record(folder)
    new = sorted(_files_in(staging))
    old = {name for name in (*new, *written) if (folder / name).is_file()}
    stale = sorted(name for name in written if name in old and name not in new and owns(name))
    hashes = {name: _hash(staging / name) for name in new}
    known = {name: {written.get(name), hashes.get(name)} for name in old}
    changed = {name for name in old if _hash(folder / name) not in known[name]}
    _write_record(staging, {**written, **hashes}, stale)
    set_aside = {name: _free_name(folder, aside[name]) for name in sorted(old & aside.keys())}
    kept = {name: _edited_name(folder, name) for name in (*new, *stale) if name in changed}
    places = kept | set_aside
    moves = _Moves(folder, Path(tempfile.mkdtemp(prefix="earlier-", dir=staging)))
    with _made(*{(folder / name).parent for name in new}):
        try:
            for name in sorted((*new, *stale, RECORD)):
                moves.take_away(name, places.get(name))
                if name not in stale:
                    moves.bring(staging / name, name)
        except OSError:
            moves.undo()
            raise
    return Placed(
        paths=[folder / name for name in new],
        kept={folder / name: folder / kept[name] for name in kept if name not in set_aside},
        removed=[folder / name for name in stale if name not in places],
        set_aside=[folder / place for place in set_aside.values()],
    )


@dataclass(slots=True)
class _Moves:
    """Moves of files that can be taken back."""

    folder: Path
    earlier: Path  # where what is taken away waits
    _done: list[tuple[Path, Path]]

    def __init__(self, folder: Path, earlier: Path) -> None:
        self.folder, self.earlier, self._done = folder, earlier, []

    def take_away(self, name: str, kept_as: str | None) -> None:
        """Take a file out of the way, to the name that it is kept under where it has one."""
        if (self.folder / name).is_file():
            target = self.folder / kept_as if kept_as else self.earlier / name
            target.parent.mkdir(parents=True, exist_ok=True)
            self._move(self.folder / name, target)

    def bring(self, source: Path, name: str) -> None:
        """Put a new file in its place."""
        self._move(source, self.folder / name)

    def undo(self) -> None:
        """Take back every move, the last one first."""
        for source, target in reversed(self._done):
            os.replace(target, source)

    def _move(self, source: Path, target: Path) -> None:
        os.replace(source, target)
        self._done.append((source, target))


def _files_in(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_record(folder: Path) -> _Hashes:
    """The record of a folder; empty where there is none that can be read."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in content["written"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_record(staging: Path, hashes: _Hashes, gone: Iterable[str]) -> None:
    written = {name: digest for name, digest in sorted(hashes.items()) if name not in set(gone)}
    content = json.dumps({"written": written}, ensure_ascii=False, indent=1)
    (staging / RECORD).write_text(content + "\n", encoding="utf-8", newline="\n")


def _edited_name(folder: Path, name: str) -> str:
    """`routes.edited-1.csv`, or with the next number that is free."""
    return _first_free(folder, name, (f".edited-{n}" for n in range(1, 10_000)))


def _free_name(folder: Path, name: str) -> str:
    """`changes-v2.csv`, or with the next number that is free: `changes-v2-2.csv`."""
    return _first_free(folder, name, ("", *(f"-{n}" for n in range(2, 10_000))))


def _first_free(folder: Path, name: str, marks: Iterable[str]) -> str:
    path = Path(name)
    names = (path.with_name(f"{path.stem}{mark}{path.suffix}") for mark in marks)
    return next(free for free in names if not (folder / free).exists()).as_posix()


@contextmanager
def _made(*folders: Path) -> Iterator[None]:
    """Make folders with their parents; on failure those that are new and empty go again."""
    wanted = {path for folder in folders for path in (folder, *folder.parents)}
    new = sorted((path for path in wanted if not path.exists()), reverse=True)
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in new:
            with suppress(OSError):
                path.rmdir()
        raise


@contextmanager
def _told_plainly(folder: Path, language: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = str(error.filename or folder)
        issue = Issue(
            code="UNWRITABLE_OUTPUT",
            path=str(folder),
            message=text("outputs.unwritable", language, place=place, reason=error.strerror),
            hint=text("outputs.unwritable_hint", language),
            file=place,
        )
        raise InputError([issue]) from error
