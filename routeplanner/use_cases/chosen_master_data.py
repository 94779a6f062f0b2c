"""Scenarios from master data: which stores are chosen, and what of the choice is not there."""

from collections.abc import Container, Iterable, Iterator
from datetime import date

from pydantic import ConfigDict
from sqlalchemy import Select, func, select

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import ExternalId, Tag
from routeplanner.domain.scenario import Language
from routeplanner.domain.scenario_fields import PolicyChoice, ScenarioFields
from routeplanner.domain.store import Store
from routeplanner.errors import Issue
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Account, RepRow, StoreRow
from routeplanner.use_cases.kinds import REPS, store_records


class MasterDataChoice(Frozen):
    """Which of the active stores go into a scenario; an empty list chooses all."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reps": ["R01"], "policy": "five-day"}]}
    )

    reps: tuple[ExternalId, ...] = ()
    accounts: tuple[ExternalId, ...] = ()
    tags: tuple[Tag, ...] = ()
    policy: PolicyChoice = "handbook"
    language: Language | None = None
    start_date: date | None = None


def from_master_data(
    session: Session, choice: MasterDataChoice, most_stores: int
) -> tuple[ScenarioFields | None, list[Issue]]:
    """The fields of a scenario from the active master data, and what is wrong with the choice.

    None where no store is left, or so many that they are not loaded.
    """
    rep_query = select(RepRow).where(RepRow.is_active)
    if choice.reps:
        rep_query = rep_query.where(RepRow.external_id.in_(choice.reps))
    reps = REPS.shown(session, list(session.scalars(rep_query.order_by(RepRow.external_id))))
    names = session.execute(select(Account.external_id, Account.name))
    accounts = {external_id: name for external_id, name in names.all()}  # noqa: C416
    issues = [
        *_missing("reps", "active rep", choice.reps, {rep.external_id for rep in reps}),
        *_missing("accounts", "account", choice.accounts, accounts),
    ]
    query = _stores(choice)
    n_stores = session.scalar(query.with_only_columns(func.count(StoreRow.id))) or 0
    if n_stores > most_stores:
        return None, [*issues, too_many(n_stores, most_stores)]
    if not n_stores:
        return None, issues or [_EMPTY]
    rows = list(session.scalars(query.order_by(StoreRow.external_id)))
    fields = ScenarioFields(
        stores=tuple(
            record.store(accounts.get(record.account or ""))
            for record in store_records(session, rows)
        ),
        reps=tuple(rep.rep() for rep in reps),
        appointments=tuple(stop for rep in reps for stop in rep.fixed_stops()),
        policy=choice.policy,
        language=choice.language,
        start_date=choice.start_date,
    )
    return fields, issues


def _stores(choice: MasterDataChoice) -> Select[StoreRow]:
    query = select(StoreRow).where(StoreRow.is_active)
    if choice.reps:
        reps = select(RepRow.id).where(RepRow.external_id.in_(choice.reps))
        query = query.where(StoreRow.rep_id.in_(reps))
    if choice.accounts:
        accounts = select(Account.id).where(Account.external_id.in_(choice.accounts))
        query = query.where(StoreRow.account_id.in_(accounts))
    if choice.tags:
        query = query.where(StoreRow.tags.overlap(list(choice.tags)))
    return query


_EMPTY = Issue(
    code="NO_STORES",
    path="master_data",
    message="no active store is chosen",
    hint="widen the choice, or load stores first",
)


def _missing(name: str, one: str, wanted: Iterable[str], found: Container[str]) -> Iterator[Issue]:
    for place, external_id in enumerate(wanted):
        if external_id not in found:
            yield Issue(
                code="UNKNOWN_REFERENCE",
                path=f"master_data.{name}[{place}]",
                message=f"there is no {one} '{external_id}'",
                hint="write it first, or name one that is there",
                value=external_id,
            )


def too_many(n: int, most: int) -> Issue:
    """What is told of a scenario with more stores than allowed."""
    return Issue(
        code="TOO_MANY_STORES",
        path="stores",
        message=f"{n} stores are more than the {most} that one scenario may have",
        hint="plan the reps in several scenarios",
        value=str(n),
    )


def active_store(session: Session, external_id: str) -> Store | None:
    """An active store as a scenario has it; none where there is no such."""
    query = select(StoreRow).where(StoreRow.external_id == external_id, StoreRow.is_active)
    row = session.scalar(query)
    if row is None:
        return None
    account = None if row.account_id is None else session.get(Account, row.account_id)
    name = None if account is None else account.name
    return store_records(session, [row])[0].store(name)
