"""Scenarios: judged whole, frozen, from what is given or from master data."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, model_validator
from sqlalchemy import Select, select

from routeplanner.domain.base import Frozen
from routeplanner.domain.master_data import Name
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Language, Scenario
from routeplanner.domain.scenario_fields import ScenarioFields
from routeplanner.errors import InputError, Issue, NotFoundError
from routeplanner.files.policy_source import PRESETS, preset_data
from routeplanner.jobs.drafts import new_scenario
from routeplanner.operations.parts import scenario_part
from routeplanner.planning.given import scenario_from_fields
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PolicyRow, ScenarioRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.audit import note
from routeplanner.use_cases.chosen_master_data import MasterDataChoice, from_master_data, too_many
from routeplanner.use_cases.pages import Page, page_of
from routeplanner.use_cases.stored_json import StoredJson, as_text

_STAND_IN = "handbook"  # for a policy that is not there, so that all else is judged


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
    created_by: UUID | None
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
    faults: list[Issue] = []
    if request.master_data is not None:
        fields, faults = from_master_data(session, request.master_data, most_stores)
        choice = request.master_data.policy
    elif request.scenario is not None:
        fields = request.scenario
        choice = fields.policy
    else:
        raise AssertionError("a request names one source")
    policy = policy_of(session, choice)
    if policy is None:
        faults.append(_unknown_policy(choice))
    if fields is not None and len(fields.stores) > most_stores:
        faults.append(too_many(len(fields.stores), most_stores))
        fields = None
    if fields is None:
        raise InputError(faults)
    return scenario_from_fields(
        fields,
        policy or Policy.model_validate(preset_data(_STAND_IN)),
        language,
        faults=faults,
        is_policy_sound=policy is not None,
    )


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
    row = new_scenario(
        scenario, name, organization_id=caller.organization_id, created_by=caller.person_id
    )
    session.add(row)
    session.flush()
    session.refresh(row, ["created_at"])
    made = {"name": name, "content_hash": row.content_hash}
    note(session, caller, action="created", entity="scenarios", entity_id=row.id, after=made)
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


def policy_of(session: Session, choice: Policy | str) -> Policy | None:
    """The policy that is given, or that a name stands for; none where the name is unknown."""
    if isinstance(choice, Policy):
        return choice
    row = session.scalar(
        select(PolicyRow).where(PolicyRow.external_id == choice, PolicyRow.is_active)
    )
    if row is not None:
        return Policy.model_validate(row.content)
    return Policy.model_validate(preset_data(choice)) if choice in PRESETS else None


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


def _unknown_policy(choice: object) -> Issue:
    return Issue(
        code="UNKNOWN_POLICY",
        path="policy",
        message=f"there is no policy '{choice}'",
        hint=f"name a preset ({', '.join(PRESETS)}) or a policy of the organization",
        value=str(choice),
    )
