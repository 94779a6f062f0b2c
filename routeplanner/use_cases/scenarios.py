"""Scenarios: judged whole, frozen, from what is given or from master data."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from pydantic import ConfigDict, model_validator
from sqlalchemy import Select, func, select

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import ExternalId, Name, Tag
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Language, Scenario
from routeplanner.domain.scenario_fields import PolicyChoice, ScenarioFields
from routeplanner.errors import InputError, Issue, NotFoundError
from routeplanner.files.policy_source import PRESETS, preset_data
from routeplanner.operations.parts import scenario_part
from routeplanner.planning.given import scenario_from_fields
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Account, PolicyRow, RepRow, ScenarioRow, StoreRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import REPS, store_records
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.stored_json import StoredJson, as_text


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


class ScenarioRequest(Frozen):
    """A scenario given whole, or the choice of master data that makes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Spring", "master_data": {"reps": ["R01"], "policy": "five-day"}}]
        }
    )

    name: Name = "scenario"
    scenario: ScenarioFields | None = None
    master_data: MasterDataChoice | None = None

    @model_validator(mode="after")
    def _names_one_source(self) -> "ScenarioRequest":
        if (self.scenario is None) == (self.master_data is None):
            raise ValueError("give either scenario or master_data")
        return self


class ScenarioHead(Frozen):
    """A scenario without its content."""

    id: UUID
    name: str
    content_hash: str
    n_stores: int
    reps: tuple[str, ...]
    created_at: datetime


class ScenarioRecord(ScenarioHead):
    """A frozen scenario."""

    scenario: Scenario


class Verdict(Frozen):
    """What is wrong or doubtful with a scenario."""

    is_valid: bool
    issues: tuple[Issue, ...]


def judge(session: Session, caller: Caller, request: ScenarioRequest, most_stores: int) -> Scenario:
    """Return the scenario of a request; InputError with all issues at once."""
    language: Language = "zh" if caller.language == "zh" else "en"
    fields = request.scenario
    if fields is None:
        if request.master_data is None:
            raise AssertionError("a request names one source")
        fields = from_master_data(session, request.master_data, most_stores)
    if len(fields.stores) > most_stores:
        raise InputError([_too_many(len(fields.stores), most_stores)])
    return scenario_from_fields(fields, policy_of(session, fields.policy), language)


def verdict_of(
    session: Session, caller: Caller, request: ScenarioRequest, most_stores: int
) -> Verdict:
    """Judge a request and store nothing."""
    try:
        scenario = judge(session, caller, request, most_stores)
    except InputError as error:
        return Verdict(is_valid=False, issues=error.issues)
    return Verdict(is_valid=True, issues=scenario.warnings)


def create_scenario(
    session: Session, caller: Caller, request: ScenarioRequest, most_stores: int
) -> ScenarioRecord:
    """Judge and freeze a scenario."""
    scenario = judge(session, caller, request, most_stores)
    row = keep_scenario(session, caller, request.name, scenario)
    return ScenarioRecord(**_head(caller, row).model_dump(), scenario=scenario)


def keep_scenario(session: Session, caller: Caller, name: str, scenario: Scenario) -> ScenarioRow:
    """Store a judged scenario."""
    row = ScenarioRow(
        organization_id=caller.organization_id,
        name=name,
        content=scenario.model_dump(mode="json", by_alias=True),
        content_hash=scenario.content_hash(),
        n_stores=len(scenario.stores),
        n_stores_of_rep=Counter(store.rep for store in scenario.stores if store.rep is not None),
        reps=[rep.id for rep in scenario.reps],
        created_by=caller.person_id,
    )
    session.add(row)
    session.flush()
    session.refresh(row, ["created_at"])
    return row


def scenario_row(session: Session, caller: Caller, scenario_id: UUID) -> ScenarioRow:
    """The row of a scenario that the caller sees."""
    row = session.scalar(_seen(caller).where(ScenarioRow.id == scenario_id))
    if row is None:
        raise NotFoundError(f"there is no scenario {scenario_id}")
    return row


def stored_scenario(
    session: Session, caller: Caller, scenario_id: UUID
) -> ScenarioRecord | StoredJson:
    """A scenario to answer with: as it is stored, where the caller sees all of it."""
    row = scenario_row(session, caller, scenario_id)
    head = _head(caller, row)
    if caller.reps is not None:
        part = scenario_part(row.content, caller.reps)
        return ScenarioRecord(**head.model_dump(), scenario=part)
    query = select(as_text(ScenarioRow.content)).where(ScenarioRow.id == row.id)
    return StoredJson.beside(head, scenario=session.scalar(query))


def list_scenarios(
    session: Session, caller: Caller, *, cursor: str | None, limit: int
) -> Page[ScenarioHead]:
    """A page of scenarios, newest first."""
    return page_of(
        session,
        _seen(caller),
        ScenarioRow.id,
        lambda rows: [_head(caller, row) for row in rows],
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def policy_of(session: Session, choice: Policy | str) -> Policy:
    """The policy that is given, or that a name stands for."""
    if isinstance(choice, Policy):
        return choice
    row = session.scalar(
        select(PolicyRow).where(PolicyRow.external_id == choice, PolicyRow.is_active)
    )
    if row is not None:
        return Policy.model_validate(row.content)
    if choice in PRESETS:
        return Policy.model_validate(preset_data(choice))
    presets = ", ".join(PRESETS)
    raise InputError(
        [
            Issue(
                code="UNKNOWN_POLICY",
                path="policy",
                message=f"there is no policy '{choice}'",
                hint=f"name a preset ({presets}) or a policy of the organization",
                value=choice,
            )
        ]
    )


def from_master_data(
    session: Session, choice: MasterDataChoice, most_stores: int
) -> ScenarioFields:
    """The fields of a scenario from the active master data; too many stores are not loaded."""
    query = _stores(choice)
    n_stores = session.scalar(query.with_only_columns(func.count(StoreRow.id))) or 0
    if n_stores > most_stores:
        raise InputError([_too_many(n_stores, most_stores)])
    rep_query = select(RepRow).where(RepRow.is_active)
    if choice.reps:
        rep_query = rep_query.where(RepRow.external_id.in_(choice.reps))
    reps = REPS.shown(session, list(session.scalars(rep_query.order_by(RepRow.external_id))))
    found = {rep.external_id for rep in reps}
    missing = [rep for rep in choice.reps if rep not in found]
    rows = list(session.scalars(query.order_by(StoreRow.external_id)))
    names = session.execute(select(Account.external_id, Account.name))
    accounts = {external_id: name for external_id, name in names.all()}  # noqa: C416
    stores = tuple(
        record.store(accounts.get(record.account or "")) for record in store_records(session, rows)
    )
    if missing or not stores:
        raise InputError([*(_unknown_rep(rep) for rep in missing), *(() if stores else [_EMPTY])])
    return ScenarioFields(
        stores=stores,
        reps=tuple(rep.rep() for rep in reps),
        appointments=tuple(stop for rep in reps for stop in rep.fixed_stops()),
        policy=choice.policy,
        language=choice.language,
        start_date=choice.start_date,
    )


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


def _seen(caller: Caller) -> Select[ScenarioRow]:
    query = select(ScenarioRow)
    if caller.reps is None:
        return query
    return query.where(ScenarioRow.reps.overlap(sorted(caller.reps)))


def _head(caller: Caller, row: ScenarioRow) -> ScenarioHead:
    head = ScenarioHead.model_validate(
        {name: getattr(row, name) for name in ScenarioHead.model_fields}
    )
    if caller.reps is None:
        return head
    own = tuple(rep for rep in head.reps if rep in caller.reps)
    n_stores = sum(row.n_stores_of_rep.get(rep, 0) for rep in own)
    return head.model_copy(update={"reps": own, "n_stores": n_stores})


_EMPTY = Issue(
    code="NO_STORES",
    path="master_data",
    message="no active store is chosen",
    hint="widen the choice, or load stores first",
)


def _unknown_rep(rep: str) -> Issue:
    return Issue(
        code="UNKNOWN_REFERENCE",
        path="master_data.reps",
        message=f"there is no active rep '{rep}'",
        hint="write the rep first, or name one that is there",
        value=rep,
    )


def _too_many(n: int, most: int) -> Issue:
    return Issue(
        code="TOO_MANY_STORES",
        path="stores",
        message=f"{n} stores are more than the {most} that one scenario may have",
        hint="plan the reps in several scenarios",
        value=str(n),
    )
