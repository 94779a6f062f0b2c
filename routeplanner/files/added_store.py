"""Reads one store of a list that is to join a plan, with its travel times where those are given."""

from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.draft import DraftMatrix
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.files.matrix import read_matrix
from routeplanner.files.store_list import read_store_list
from routeplanner.files.tables_rows import read_table
from routeplanner.texts import text


@dataclass(frozen=True, slots=True)
class AddedStore:
    """A store as its row states it."""

    store: Store
    origin: Origin
    matrix: DraftMatrix | None


def read_added_store(
    path: Path, wanted: str, travel: Path | None, scenario: Scenario
) -> AddedStore:
    """Return the row of a store, named by its id or name.

    Raises
    ------
    InputError
        The file or the row cannot be read, or there is no such row (UNKNOWN_STORE).
    """
    read = read_store_list(
        path,
        coordinates=scenario.coordinates,
        language=scenario.language,
        labels=scenario.policy.classes.labels,
    )
    word = wanted.strip().casefold()
    pairs = list(zip(read.stores, read.origins, strict=True))
    found = [pair for pair in pairs if pair[0].id.casefold() == word]
    found = found or [pair for pair in pairs if pair[0].name.casefold() == word]
    rows = {origin.row for _, origin in found}
    rows |= {row.origin.row for row in read.faulty if str(row.fields.get("id", "")) == wanted}
    errors = [issue for issue in read.issues if issue.severity is Severity.ERROR]
    own = [issue for issue in errors if not read.is_table or issue.row in rows]
    if own:
        raise InputError(own)
    if len(found) != 1:
        raise InputError([_not_one(path, wanted, len(found), scenario.language)])
    (store, origin) = found[0]
    return AddedStore(store, origin, _matrix(travel, scenario))


def _matrix(path: Path | None, scenario: Scenario) -> DraftMatrix | None:
    if path is None:
        return None
    findings = Findings(scenario.language)
    table = read_table(path, "matrix", findings, mapping={})
    matrix = read_matrix(table, findings) if table is not None else None
    if findings.has_errors:
        raise InputError(findings.issues)
    return matrix


def _not_one(path: Path, wanted: str, n: int, language: str) -> Issue:
    return Issue(
        code="AMBIGUOUS_STORE" if n else "UNKNOWN_STORE",
        path=path.name,
        message=text(f"explain.{'many' if n else 'no'}_row", language, value=wanted, n=n),
        hint=text("explain.row_hint", language),
        file=path.name,
        value=wanted,
    )
