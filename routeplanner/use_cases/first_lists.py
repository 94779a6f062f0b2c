"""Fills a new organization with store and rep lists, as `serve --stores` does."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from routeplanner.domain.master_data import Position, RepFields, StoreFields
from routeplanner.domain.rep import Rep
from routeplanner.errors import InputError, Severity
from routeplanner.files.inputs import read_inputs
from routeplanner.storage.database import Actor, Database
from routeplanner.use_cases.access import command_line_caller
from routeplanner.use_cases.bulk import MOST_ROWS, write_in_bulk
from routeplanner.use_cases.kinds import REPS
from routeplanner.use_cases.master_data import upsert


def load_lists(database: Database, organization_id: UUID, stores: Path, reps: Path) -> int:
    """Write reps and stores of two files; returns the number of stores.

    Stores that name no rep belong to the only rep, where there is but one.

    Raises
    ------
    InputError
        With all faults of both files; nothing is written then.
    """
    draft = read_inputs(stores, reps=reps)
    faults = [issue for issue in draft.issues if issue.severity is Severity.ERROR]
    if faults:
        raise InputError(faults)
    only = draft.reps[0].id if len(draft.reps) == 1 else None
    rows = [
        StoreFields.values_of(store) | {"account": None, "rep": store.rep or only}
        for store in draft.stores
    ]
    caller = command_line_caller(organization_id)
    with database.transaction(Actor(organization_id)) as session:
        for rep in draft.reps:
            upsert(session, caller, REPS, _rep(rep))
        for first in range(0, len(rows), MOST_ROWS):
            _written(write_in_bulk(session, caller, rows[first : first + MOST_ROWS]))
    return len(rows)


def _written(answers: Iterable[object]) -> None:
    faults = [issue for answer in answers for issue in getattr(answer, "issues", ())]
    if faults:
        raise InputError(faults)


def _rep(rep: Rep) -> RepFields:
    kept = set(Rep.model_fields) & set(RepFields.model_fields)
    return RepFields.model_validate(
        rep.model_dump(mode="json", include=kept)
        | {"external_id": rep.id, "base": Position(lat=rep.base_lat, lon=rep.base_lon)}
    )
