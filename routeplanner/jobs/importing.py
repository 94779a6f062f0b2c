"""The job of an import: read the file, then write everything in one fenced transaction."""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, update

from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.master_data import StoreFields
from routeplanner.domain.scenario import Language
from routeplanner.domain.service_words import for_service
from routeplanner.domain.store_import import ImportCounts, ImportOptions
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.files.store_list import StoreList, read_store_list
from routeplanner.jobs.lease import Lease
from routeplanner.jobs.work import Work, give_back
from routeplanner.storage import store_import
from routeplanner.storage.database import Actor, Session
from routeplanner.storage.store_import import StagedStore
from routeplanner.storage.tables import ImportRow, Organization

MOST_ROWS = 200_000
DEACTIVATED_SHARE = 0.10
"""Of the active stores; a sync that would take out more has to be confirmed."""


class _StoppingError(Exception):
    """The process is about to end, and nothing has been written yet."""


@dataclass
class _Reading:
    """A file on its way into the database."""

    mode: str
    options: ImportOptions
    language: Language
    file: StoreList
    listed: frozenset[str] | None = None  # what was confirmed to be taken out of use, by name
    staged: list[StagedStore] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    faulty_rows: set[int] = field(default_factory=set)
    refused_ids: set[str] = field(default_factory=set)  # named by the file, but not written


def import_stores(work: Work, lease: Lease) -> None:
    """Do the import of a lease; where the process is to end before, it is handed back."""
    lease.leaves_with = work.is_stopping  # a long list takes longer to read than an end may
    with work.database.transaction(lease.actor) as session:
        row = session.get_one(ImportRow, lease.job.id)
        mode, content, name = row.mode, row.file or b"", row.file_name
        options, created_by = ImportOptions.model_validate(row.options), row.created_by
        listed = None if row.to_deactivate is None else frozenset(row.to_deactivate)
        organization = session.get_one(Organization, lease.job.organization_id)
        language: Language = "zh" if organization.language == "zh" else "en"
    with _uncollected():
        file = _read(content, name, options, language)
        reading = _Reading(mode, options, language, file, listed)
        if not reading.file.is_table:
            raise InputError([for_service(issue, language) for issue in reading.file.issues])
        if reading.file.n_rows > MOST_ROWS:
            raise InputError([_too_many_rows(reading.file.n_rows)])
        _stage(reading)
    if lease.is_lost.is_set():
        return
    actor = Actor(lease.job.organization_id, created_by, import_id=lease.job.id)
    try:
        with work.database.transaction(actor) as session:
            # A worker that freezes while it copies rows holds up nobody: it owns nothing yet.
            _stage_in_database(session, work, reading)
            if _still_own(session, lease):
                _write(session, lease, reading)
    except _StoppingError:
        give_back(lease)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: all of a list is kept, and each look goes through it all."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(content: bytes, name: str, options: ImportOptions, language: Language) -> StoreList:
    with tempfile.TemporaryDirectory(prefix="routeplanner-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return read_store_list(
            path,
            coordinates=options.coordinates,
            language=language,
            columns=options.columns,
            sheet=options.sheet,
        )


def _stage(reading: _Reading) -> None:
    """Turn readable rows into stores; a row that is unfit, or there twice, is told."""
    file = reading.file
    reading.issues += (for_service(issue, reading.language) for issue in file.issues)
    reading.faulty_rows = {
        issue.row
        for issue in file.issues
        if issue.severity is Severity.ERROR and issue.row is not None
    }
    twice = _rows_of_known_ids(reading)
    for number, (store, origin) in enumerate(zip(file.stores, file.origins, strict=True)):
        if origin.row in twice:
            continue
        try:
            fields = StoreFields.model_validate(StoreFields.values_of(store))
        except ValidationError as error:
            message = str(error.errors(include_url=False)[0]["msg"])
            _fault(reading, origin, "VALUE_NOT_STORABLE", store.id, message)
            continue
        reading.staged.append(_staged(number, fields))


def _rows_of_known_ids(reading: _Reading) -> set[int | None]:
    """The rows whose id stands in an earlier row already; each is told with that row."""
    file = reading.file
    first_rows, twice = file.first_rows, Findings(reading.language)
    entries = [(store.id, origin) for store, origin in zip(file.stores, file.origins, strict=True)]
    entries += [(str(row.fields.get("id") or ""), row.origin) for row in file.faulty]
    for store_id, origin in sorted(entries, key=lambda entry: entry[1].row or 0):
        if store_id and origin.row != first_rows[store_id]:
            first = Origin(origin.file, first_rows[store_id]).words(reading.language)
            twice.error("DUPLICATE_ID", origin, "id", value=store_id, first=first)
            reading.refused_ids.add(store_id)
    rows = {issue.row for issue in twice.issues}
    reading.issues += twice.issues
    reading.faulty_rows |= {row for row in rows if row is not None}
    return rows


def _staged(number: int, fields: StoreFields) -> StagedStore:
    return StagedStore(
        number=number,
        external_id=fields.external_id,
        name=fields.name,
        lat=fields.position.lat,
        lon=fields.position.lon,
        account=fields.account,
        rep=fields.rep,
        status=fields.status,
        details=fields.details_json(),
    )


def _still_own(session: Session, lease: Lease) -> bool:
    """Hold the import's row until the end; nobody takes over an import that is being written."""
    own = session.scalar(
        update(ImportRow)
        .where(ImportRow.id == lease.job.id, ImportRow.attempt == lease.attempt)
        .where(ImportRow.status == "running")
        .values(lease_until=func.now())
        .returning(ImportRow.id)
    )
    return own is not None


def _stage_in_database(session: Session, work: Work, reading: _Reading) -> None:
    """Copy the stores to where sets of them are compared; ends with the process."""

    def rows() -> Iterator[StagedStore]:
        for store in reading.staged:
            if work.is_stopping.is_set():
                raise _StoppingError
            yield store

    store_import.stage(session, rows())
    if work.is_stopping.is_set():
        raise _StoppingError


def _write(session: Session, lease: Lease, reading: _Reading) -> None:
    _refuse_rows(session, reading)
    gone: list[str] = []
    if reading.mode == "sync":
        present = reading.refused_ids | reading.file.faulty_ids
        gone, n_active = store_import.absent_stores(session, present)
        if reading.listed is not None:  # stores that came since are none of those confirmed
            gone = [store_id for store_id in gone if store_id in reading.listed]
        if len(gone) > DEACTIVATED_SHARE * n_active and not reading.options.is_confirmed:
            counts = ImportCounts(rows=reading.file.n_rows, faulty=len(reading.faulty_rows))
            _end(session, lease, reading, counts, {"status": "unconfirmed", "to_deactivate": gone})
            return
    organization_id = lease.job.organization_id
    n_accounts = store_import.create_accounts(session, organization_id)
    created, updated, same = store_import.merge(session, organization_id, reading.file.fields)
    store_import.deactivate(session, gone)
    counts = ImportCounts(
        rows=reading.file.n_rows,
        created=created,
        updated=updated,
        unchanged=same,
        deactivated=len(gone),
        faulty=len(reading.faulty_rows),
        accounts_created=n_accounts,
    )
    _end(session, lease, reading, counts, {"status": "done", "file": None, "to_deactivate": None})


def _refuse_rows(session: Session, reading: _Reading) -> None:
    """Take out rows that the mode does not allow, or whose rep is not there."""
    refused = [("UNKNOWN_REP", store_import.unknown_reps(session), "there is no active rep")]
    if reading.mode == "create":
        refused.append(("STORE_EXISTS", store_import.rows_of_known(session), "it is there already"))
    if reading.mode == "update":
        refused.append(("STORE_UNKNOWN", store_import.rows_of_unknown(session), "it is not there"))
    for code, rows, message in refused:
        for number, value in rows:
            store_id = reading.file.stores[number].id
            _fault(reading, reading.file.origins[number], code, store_id, f"{message}: {value}")


def _end(
    session: Session,
    lease: Lease,
    reading: _Reading,
    counts: ImportCounts,
    values: dict[str, Any],
) -> None:
    job = lease.job
    rows = store_import.issue_rows(job.organization_id, job.id, reading.issues)
    session.add_all(rows)
    told = {"issues": len(reading.issues), "issues_kept": len(rows)}
    counts = counts.model_copy(update=told)
    session.execute(
        update(ImportRow)
        .where(ImportRow.id == lease.job.id)
        .values(
            counts=counts.model_dump(), lease_until=None, ended_at=func.clock_timestamp(), **values
        )
    )


def _fault(reading: _Reading, origin: Origin, code: str, store_id: str, message: str) -> None:
    if origin.row is not None:
        reading.faulty_rows.add(origin.row)
    reading.refused_ids.add(store_id)
    reading.issues.append(
        Issue(
            code=code,
            path=f"{origin.file}:{origin.row}",
            message=f"row {origin.row}: {message}",
            hint="correct the row and import the file again",
            file=origin.file,
            row=origin.row,
            value=store_id,
        )
    )


def _too_many_rows(n: int) -> Issue:
    return Issue(
        code="TOO_MANY_ROWS",
        path="file",
        message=f"{n} rows are more than {MOST_ROWS}",
        hint="split the file",
        value=str(n),
    )
