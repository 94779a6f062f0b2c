"""Fills a new organization with store and rep lists, as `serve --stores` does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from routeplanner.domain.field_issues import issues_of
from routeplanner.domain.findings import Origin
from routeplanner.domain.master_data import AccountFields, RepFields, StoreFields
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.judge import judge
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.bulk import MOST_ROWS, write_in_bulk
from routeplanner.use_cases.kinds import ACCOUNTS, REPS
from routeplanner.use_cases.master_data import upsert

_Fields = TypeVar("_Fields", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FirstLists:
    """Reps and stores that were judged and can be written."""

    reps: tuple[RepFields, ...]
    stores: tuple[StoreFields, ...]


def read_lists(stores: Path, reps: Path | None) -> FirstLists:
    """Read and judge a store list and its reps, which may be a sheet of the same workbook.

    Stores that name no rep belong to the only rep, where there is but one.

    Raises
    ------
    InputError
        With all faults of both files.
    """
    draft = read_inputs(stores, reps=reps)
    # The policy is the organization's own affair: only what does not hang on it is judged.
    issues = judge(replace(draft, is_policy_sound=False)).issues
    faults = [issue for issue in issues if issue.severity is Severity.ERROR]
    if not draft.has_reps_file:
        faults.append(_no_reps(stores))
    if faults:
        raise InputError(faults)
    only = draft.reps[0].id if len(draft.reps) == 1 else None
    appointments: dict[str, list[Appointment]] = {}
    for entry in draft.appointments:
        appointments.setdefault(entry.rep, []).append(entry)
    reps_read = (_rep(rep, appointments.get(rep.id, ())) for rep in draft.reps)
    stores_read = (
        StoreFields.values_of(store) | {"rep": store.rep or only} for store in draft.stores
    )
    found = FirstLists(
        reps=_fitting(RepFields, reps_read, draft.rep_origins, faults),
        stores=_fitting(StoreFields, stores_read, draft.store_origins, faults),
    )
    if faults:
        raise InputError(faults)
    return found


def write_lists(session: Session, caller: Caller, lists: FirstLists) -> None:
    """Write lists that were judged, and the accounts that stores name."""
    for rep in lists.reps:
        upsert(session, caller, REPS, rep)
    named = (store.account for store in lists.stores if store.account is not None)
    for account in dict.fromkeys(named):
        upsert(session, caller, ACCOUNTS, AccountFields(external_id=account, name=account))
    for first in range(0, len(lists.stores), MOST_ROWS):
        answers = write_in_bulk(session, caller, lists.stores[first : first + MOST_ROWS])
        faults = [issue for answer in answers for issue in answer.issues]
        if faults:
            raise InputError(faults)


def _fitting(
    kind: type[_Fields],
    records: Iterable[dict[str, object]],
    origins: Iterable[Origin],
    faults: list[Issue],
) -> tuple[_Fields, ...]:
    """The records as the service keeps them; what does not fit is added to the faults."""
    found: list[_Fields] = []
    for values, origin in zip(records, origins, strict=True):
        try:
            found.append(kind.model_validate(values))
        except ValidationError as error:
            place = {"file": origin.file, "row": origin.row}
            told = issues_of(error.errors(include_url=False), f"{origin.file}:{origin.row}")
            faults += (issue.model_copy(update=place) for issue in told)
    return tuple(found)


def _rep(rep: Rep, appointments: Iterable[Appointment]) -> dict[str, object]:
    kept = set(Rep.model_fields) & set(RepFields.model_fields)
    return rep.model_dump(mode="json", include=kept) | {
        "external_id": rep.id,
        "base": {"lat": rep.base_lat, "lon": rep.base_lon},
        "appointments": [_appointment(entry) for entry in appointments],
    }


def _appointment(entry: Appointment) -> dict[str, object]:
    values = entry.model_dump(mode="json", exclude={"rep", "lat", "lon"})
    if entry.lat is not None:
        values["position"] = {"lat": entry.lat, "lon": entry.lon}
    return values


def _no_reps(stores: Path) -> Issue:
    return Issue(
        code="NO_REPS",
        path=stores.name,
        message=f"{stores.name} comes without reps, and has no sheet of them",
        hint="give them with --reps FILE",
        file=stores.name,
    )
