"""Stores sent in bulk: good rows are written, and each row is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from routeplanner.domain.base import Frozen
from routeplanner.domain.field_issues import issues_of
from routeplanner.domain.master_data import StoreFields
from routeplanner.errors import Issue
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Account, RepRow, StoreRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import ids_of, put_store, unknown_reference
from routeplanner.use_cases.master_data import flush

MOST_ROWS = 1000


class BulkAnswer(Frozen):
    """What became of one row."""

    external_id: str | None
    status: Literal["created", "updated", "unchanged", "faulty"]
    id: UUID | None = None
    issues: tuple[Issue, ...] = ()


def write_in_bulk(session: Session, caller: Caller, rows: Sequence[Any]) -> list[BulkAnswer]:
    """Create or replace stores; faulty rows are told and left out."""
    judged = [_judged(place, row) for place, row in enumerate(rows)]
    good = [fields for fields in judged if isinstance(fields, StoreFields)]
    writer = _Writer(
        session=session,
        caller=caller,
        accounts=ids_of(session, Account, (f.account for f in good if f.account is not None)),
        reps=ids_of(
            session, RepRow, (f.rep for f in good if f.rep is not None), RepRow.is_active.is_(True)
        ),
        known={
            row.external_id: row
            for row in session.scalars(
                select(StoreRow).where(StoreRow.external_id.in_([f.external_id for f in good]))
            )
        },
    )
    answers = [
        fields if isinstance(fields, BulkAnswer) else writer.write(place, fields)
        for place, fields in enumerate(judged)
    ]
    flush(session, "store")
    return [
        answer
        if answer.status == "faulty"
        else answer.model_copy(update={"id": writer.known[answer.external_id or ""].id})
        for answer in answers
    ]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one row after another; what they refer to has been looked up for all of them."""

    session: Session
    caller: Caller
    accounts: Mapping[str, UUID]
    reps: Mapping[str, UUID]
    known: dict[str, StoreRow]

    def write(self, place: int, fields: StoreFields) -> BulkAnswer:
        """Write a row, or tell what it refers to in vain."""
        missing = [
            unknown_reference(f"stores[{place}].{name}", value)
            for name, value, found in (
                ("account", fields.account, self.accounts),
                ("rep", fields.rep, self.reps),
            )
            if value is not None and value not in found
        ]
        if missing:
            return _faulty(fields.external_id, missing)
        row = self.known.get(fields.external_id)
        is_new = row is None
        if row is None:
            row = StoreRow(organization_id=self.caller.organization_id)
            self.known[fields.external_id] = row
            self.session.add(row)
        row.is_active = True
        put_store(
            row,
            fields,
            account_id=self.accounts.get(fields.account or ""),
            rep_id=self.reps.get(fields.rep or ""),
        )
        if is_new:
            return BulkAnswer(external_id=fields.external_id, status="created")
        is_changed = self.session.is_modified(row)
        status: Literal["updated", "unchanged"] = "updated" if is_changed else "unchanged"
        return BulkAnswer(external_id=fields.external_id, status=status)


def _judged(place: int, row: Any) -> StoreFields | BulkAnswer:
    external_id = row.get("external_id") if isinstance(row, dict) else None
    try:
        return StoreFields.model_validate(row)
    except ValidationError as error:
        return _faulty(
            external_id if isinstance(external_id, str) else None,
            issues_of(
                error.errors(include_url=False), f"stores[{place}]", sent=row, kind=StoreFields
            ),
        )


def _faulty(external_id: str | None, issues: Sequence[Issue]) -> BulkAnswer:
    return BulkAnswer(external_id=external_id, status="faulty", issues=tuple(issues))
