"""All files of a plan in one folder, put in place together or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.files.csv_tables import write_routes, write_unserved
from routeplanner.files.day_sheets import write_day_sheets
from routeplanner.files.map import write_map
from routeplanner.files.plan_json import write_plan, write_scenario
from routeplanner.files.workbook import write_workbook
from routeplanner.texts import text

DAYS = "days"


def write_outputs(
    plan: Plan, scenario: Scenario, folder: Path, previous: Plan | None = None
) -> list[Path]:
    """Write every output of a plan into a folder and return the paths written.

    Everything is written beside the target first and then moved, so that a failure leaves an
    earlier output whole, or no folder where there was none. Day sheets of an earlier plan are
    removed; other files stay.

    Raises:
        InputError: the folder cannot be written, or a file in it is held open (UNWRITABLE_OUTPUT).
    """
    folder = Path(folder)
    with _told_plainly(folder, scenario.language), _made(folder):
        staging = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            _write_all(plan, scenario, staging, previous)
            return _move_in(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Makes a folder with its parents; on failure those that are new and empty go again."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in new:
            with suppress(OSError):
                path.rmdir()
        raise


def _write_all(plan: Plan, scenario: Scenario, folder: Path, previous: Plan | None) -> None:
    (folder / DAYS).mkdir()
    write_scenario(scenario, folder / "scenario.json")
    write_plan(plan, folder / "plan.json")
    write_routes(plan, scenario, folder / "routes.csv")
    write_unserved(plan, folder / "unserved.csv")
    write_workbook(plan, scenario, folder / "plan.xlsx", previous)
    write_map(plan, scenario, folder / "map.html")
    write_day_sheets(plan, scenario, folder / DAYS)


def _move_in(staging: Path, folder: Path) -> list[Path]:
    """Move every staged file to its place; on failure put the earlier files back."""
    new = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
    stale = [path.relative_to(folder) for path in (folder / DAYS).glob("*.html")]
    kept = Path(tempfile.mkdtemp(prefix="earlier-", dir=staging))
    (kept / DAYS).mkdir()
    done: list[Path] = []
    with _made(folder / DAYS):
        try:
            for name in sorted({*new, *stale}):
                done.append(name)
                if (folder / name).exists():
                    os.replace(folder / name, kept / name)
                if name in new:
                    os.replace(staging / name, folder / name)
        except OSError:
            _put_back(done, kept, folder)
            raise
    return [folder / name for name in new]


def _put_back(names: list[Path], kept: Path, folder: Path) -> None:
    for name in names:
        if (kept / name).exists():
            os.replace(kept / name, folder / name)
        elif name != names[-1]:
            (folder / name).unlink(missing_ok=True)


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
