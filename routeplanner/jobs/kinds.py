"""Kinds of jobs, and what sets them apart: their table, and what a row says of its job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func

from routeplanner.jobs.queue import JobKind
from routeplanner.storage.base import Search
from routeplanner.storage.tables import ImportRow, PlanRow, StudyRow

JobRow = PlanRow | StudyRow | ImportRow


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of a table tell where their jobs stand."""

    table: type[PlanRow] | type[StudyRow] | type[ImportRow]
    running: str  # the status of a job that a worker has taken
    when_failed: Mapping[str, Any]  # columns of a job that has failed for good, beside the failure

    @property
    def can_be_stopped(self) -> bool:
        """Whether a worker is asked to stop in the middle."""
        return issubclass(self.table, Search)


_SEARCH_FAILED = {"failed_at": func.now()}
_IMPORT_FAILED = {"ended_at": func.now(), "file": None, "to_deactivate": None}

KINDS: dict[JobKind, Kind] = {
    "plans": Kind(PlanRow, "solving", _SEARCH_FAILED),
    "studies": Kind(StudyRow, "solving", _SEARCH_FAILED),
    "imports": Kind(ImportRow, "running", _IMPORT_FAILED),
}
