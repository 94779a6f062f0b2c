"""The kinds of master data: how each is written to its table and read from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from routeplanner.domain.master_data import (
    Account,
    AccountFields,
    PolicyFields,
    PolicyRecord,
    Position,
    RepFields,
    RepRecord,
    StoreFields,
    StoreRecord,
)
from routeplanner.domain.policy_faults import policy_issues
from routeplanner.errors import InputError, Issue
from routeplanner.storage import tables
from routeplanner.storage.database import Session
from routeplanner.storage.tables import (
    MasterData,
    PlanReview,
    PolicyRow,
    RepRow,
    ScenarioRow,
    StoreRow,
)
from routeplanner.use_cases.master_data import Kind


def ids_of(
    session: Session,
    table: type[MasterData],
    external_ids: Iterable[str],
    *conditions: ColumnElement[bool],
) -> dict[str, UUID]:
    """Own ids by external ids, as far as they are there and meet conditions."""
    wanted = set(external_ids)
    if not wanted:
        return {}
    found = session.execute(
        select(table.external_id, table.id).where(table.external_id.in_(wanted), *conditions)
    )
    return {external_id: id_ for external_id, id_ in found}  # noqa: C416


def reference(
    session: Session,
    table: type[MasterData],
    path: str,
    external_id: str | None,
    *conditions: ColumnElement[bool],
) -> UUID | None:
    """The own id of what a field names; InputError where it is not there or fit."""
    if external_id is None:
        return None
    found = ids_of(session, table, [external_id], *conditions).get(external_id)
    if found is None:
        raise InputError([unknown_reference(path, external_id)])
    return found


def unknown_reference(path: str, external_id: str) -> Issue:
    """The fault of a field that names what is not there."""
    return Issue(
        code="UNKNOWN_REFERENCE",
        path=path,
        message=f"{path} names '{external_id}', which is not there or out of use",
        hint="write it first, or name one that is there",
        value=external_id,
    )


def record_fields(row: MasterData) -> dict[str, Any]:
    """What the service keeps of every record."""
    return {
        "id": row.id,
        "version": row.version,
        "is_active": row.is_active,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "external_id": row.external_id,
    }


def _names(
    session: Session, table: Any, column: Any, ids: Iterable[UUID | None]
) -> Mapping[UUID | None, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    found = session.execute(select(table.id, column).where(table.id.in_(wanted)))
    return {id_: name for id_, name in found}  # noqa: C416


def _write_account(session: Session, row: tables.Account, fields: AccountFields) -> None:
    row.external_id, row.name = fields.external_id, fields.name
    row.tags, row.note = list(fields.tags), fields.note


def _accounts(session: Session, rows: Sequence[tables.Account]) -> list[Account]:
    return [
        Account.model_validate(
            record_fields(row) | {"name": row.name, "tags": row.tags, "note": row.note}
        )
        for row in rows
    ]


def _write_rep(session: Session, row: RepRow, fields: RepFields) -> None:
    row.external_id, row.name, row.tags = fields.external_id, fields.name, list(fields.tags)
    row.lat, row.lon = fields.base.lat, fields.base.lon
    row.details = fields.details()
    row.appointments = [entry.model_dump(mode="json") for entry in fields.appointments]


def _reps(session: Session, rows: Sequence[RepRow]) -> list[RepRecord]:
    return [
        RepRecord.model_validate(
            row.details
            | record_fields(row)
            | {
                "name": row.name,
                "tags": row.tags,
                "base": Position(lat=row.lat, lon=row.lon),
                "appointments": row.appointments,
            }
        )
        for row in rows
    ]


def _is_planned_rep(session: Session, external_id: str) -> bool:
    """Whether scenarios or reviews of plans, which go by the external id, name a rep."""
    reviewed = exists().where(PlanReview.rep == external_id)
    planned = exists().where(ScenarioRow.reps.contains([external_id]))
    return bool(session.scalar(select(or_(reviewed, planned))))


def _write_store(session: Session, row: StoreRow, fields: StoreFields) -> None:
    put_store(
        row,
        fields,
        account_id=reference(session, tables.Account, "account", fields.account),
        rep_id=reference(session, RepRow, "rep", fields.rep, RepRow.is_active.is_(True)),
    )


def put_store(
    row: StoreRow, fields: StoreFields, *, account_id: UUID | None, rep_id: UUID | None
) -> None:
    """Write the fields of a store, whose account and rep are known, to its row."""
    row.external_id, row.name, row.tags = fields.external_id, fields.name, list(fields.tags)
    row.lat, row.lon, row.status = fields.position.lat, fields.position.lon, fields.status
    row.account_id, row.rep_id, row.details = account_id, rep_id, fields.details()


def store_records(session: Session, rows: Sequence[StoreRow]) -> list[StoreRecord]:
    """Stores as callers see them, with the external ids of their accounts and reps."""
    accounts = _names(
        session, tables.Account, tables.Account.external_id, (row.account_id for row in rows)
    )
    reps = _names(session, RepRow, RepRow.external_id, (row.rep_id for row in rows))
    return [
        StoreRecord.model_validate(
            row.details
            | record_fields(row)
            | {
                "name": row.name,
                "tags": row.tags,
                "status": row.status,
                "position": Position(lat=row.lat, lon=row.lon),
                "account": accounts.get(row.account_id),
                "rep": reps.get(row.rep_id),
            }
        )
        for row in rows
    ]


def _write_policy(session: Session, row: PolicyRow, fields: PolicyFields) -> None:
    issues = policy_issues(fields.policy, "en")
    if issues:
        raise InputError(issues)
    row.external_id = fields.external_id
    row.content = fields.policy.model_dump(mode="json", by_alias=True)


def _policies(session: Session, rows: Sequence[PolicyRow]) -> list[PolicyRecord]:
    return [
        PolicyRecord.model_validate(record_fields(row) | {"policy": row.content}) for row in rows
    ]


def _all(query: Select[Any], reps: frozenset[str]) -> Select[Any]:
    return query


def of_rep(query: Select[Any], rep: str) -> Select[Any]:
    """Stores of one rep."""
    return query.where(StoreRow.rep_id.in_(select(RepRow.id).where(RepRow.external_id == rep)))


def of_account(query: Select[Any], account: str) -> Select[Any]:
    """Stores of one account."""
    accounts = select(tables.Account.id).where(tables.Account.external_id == account)
    return query.where(StoreRow.account_id.in_(accounts))


def _of_reps(query: Select[Any], reps: frozenset[str]) -> Select[Any]:
    return query.where(StoreRow.rep_id.in_(select(RepRow.id).where(RepRow.external_id.in_(reps))))


ACCOUNTS: Kind[AccountFields, Account, tables.Account] = Kind(
    "accounts", "account", tables.Account, AccountFields, Account,
    _write_account, _accounts, _all,
    {"tag": lambda query, tag: query.where(tables.Account.tags.contains([tag]))},
)  # fmt: skip
REPS: Kind[RepFields, RepRecord, RepRow] = Kind(
    "reps", "rep", RepRow, RepFields, RepRecord, _write_rep, _reps,
    lambda query, reps: query.where(RepRow.external_id.in_(reps)),
    {"tag": lambda query, tag: query.where(RepRow.tags.contains([tag]))},
    _is_planned_rep,
)  # fmt: skip
STORES: Kind[StoreFields, StoreRecord, StoreRow] = Kind(
    "stores", "store", StoreRow, StoreFields, StoreRecord, _write_store, store_records,
    _of_reps,
    {
        "tag": lambda query, tag: query.where(StoreRow.tags.contains([tag])),
        "rep": of_rep,
        "account": of_account,
        "status": lambda query, status: query.where(StoreRow.status == status),
    },
)  # fmt: skip
POLICIES: Kind[PolicyFields, PolicyRecord, PolicyRow] = Kind(
    "policies", "policy", PolicyRow, PolicyFields, PolicyRecord, _write_policy, _policies, _all,
    {},
)  # fmt: skip
