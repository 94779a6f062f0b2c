"""What an import of stores is told, and what comes of it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from routeplanner.domain.base import Frozen
from routeplanner.domain.scenario import CoordinateSystem

ImportMode = Literal["create", "update", "upsert", "sync"]
ImportStatus = Literal["queued", "running", "done", "unconfirmed", "failed", "undone"]
_Header = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ImportOptions(Frozen):
    """How a file is to be read, and whether many stores may be taken out of use."""

    coordinates: CoordinateSystem = "wgs84"
    sheet: _Header | None = None
    columns: dict[_Header, _Header] = Field(default_factory=dict)  # header → field
    is_confirmed: bool = False


class ImportCounts(Frozen):
    """Rows of the file and what became of them."""

    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    faulty: int = 0
    accounts_created: int = 0
    issues: int = 0  # that were found
    issues_kept: int = 0  # fewer where there are very many; errors come before warnings
