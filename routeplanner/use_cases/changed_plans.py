"""Changes of one store in a plan: moved, inserted, removed; shown, or stored as a new draft."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from routeplanner.domain.base import Frozen
from routeplanner.domain.explained import Broken, DayChoice
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import ChangeRow, change_list
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store, store_words
from routeplanner.errors import ConflictError, InputError, Issue
from routeplanner.planning.checker import check_plan
from routeplanner.planning.standing import changing
from routeplanner.planning.standing.choosing import Slots, choice_of, gains_visits
from routeplanner.planning.standing.excluded import excluded_days
from routeplanner.planning.standing.forcing import choice_in, forced
from routeplanner.planning.standing.joining import scenario_with
from routeplanner.planning.standing.naming import (
    find_rep,
    find_store,
    slots_on,
    unknown_day,
)
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.storage.database import Session
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.chosen_master_data import active_store
from routeplanner.use_cases.edited_plans import keep_plan
from routeplanner.use_cases.plan_records import PlanRecord
from routeplanner.use_cases.plans import content_to_study, plan_row
from routeplanner.use_cases.scenarios import keep_scenario, scenario_row

_SHOWN = 5
_PATH_OF = {"store": "store_id", "day": "days"}
"""Where faults of what is named lie in a request."""

_Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Day = Annotated[int, Field(ge=0, le=1000)]


class _ChangeRequest(Frozen):
    """A change of one store."""

    store_id: _Id
    dry_run: bool = False  # tell what it costs and breaks, store nothing
    force: bool = False  # store the plan even where it breaks rules


class MoveRequest(_ChangeRequest):
    """The days of the cycle that a store is moved to, as `day` of routes and choices; 0-based.

    Fewer days than the store has visits stand for the best choice of days that holds them.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"store_id": "S1", "days": [1], "dry_run": True}]}
    )

    days: tuple[_Day, ...] = Field(min_length=1, max_length=366)
    rep: _Id | None = None  # none: who visits it now


class InsertRequest(_ChangeRequest):
    """A store that is not (fully) scheduled, is closed or suspended, or new in the master data."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"store_id": "S1", "dry_run": True}]})

    days: tuple[_Day, ...] = Field(default=(), max_length=366)  # none: those that cost least
    rep: _Id | None = None  # of the days; none: who visits it now, or may


class RemoveRequest(_ChangeRequest):
    """A store that leaves the plan; in its scenario it becomes closed or suspended."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"store_id": "S1"}]})

    status: Literal["closed", "suspended"] = "closed"


class ChangedPlan(Frozen):
    """A plan with one store changed, beside the plan as it was."""

    choice: DayChoice  # that is taken; without days where the store is removed
    choices: tuple[DayChoice, ...] = ()  # of a store that is inserted: the best, best first
    broken: tuple[Broken, ...]  # rules that the plan as it was did not break
    changes: tuple[ChangeRow, ...]  # stores that are visited otherwise, and whom to tell
    plan: PlanRecord | None  # the new draft; none of a dry run


@dataclass(frozen=True, slots=True)
class _Found:
    """A changed plan with the scenario that it answers, before it is stored."""

    plan: Plan
    scenario: Scenario
    choice: DayChoice
    broken: Sequence[Broken]
    choices: Sequence[DayChoice] = ()


def move_store(
    session: Session, caller: Caller, plan_id: UUID, request: MoveRequest
) -> ChangedPlan:
    """Move a store to other days; the days that it leaves and joins are re-sequenced.

    Raises
    ------
    InputError
        Store, rep or days are none of the plan, or it is not said who shall visit the store.
    ConflictError
        The plan would break rules and nothing is forced (WOULD_BREAK_RULES).
    """
    before, scenario = content_to_study(session, caller, plan_id)
    with _placed():
        standing = stand(scenario, travel_matrix(scenario), before)
        store = find_store(scenario, request.store_id)
        slots = _slots(standing, store, request.days, request.rep)
        plan = forced(standing, store.id, slots)
        choice = choice_in(standing, plan, store.id, slots)
    found = _Found(plan, scenario, choice, choice.broken)
    return _answer(session, caller, plan_id, standing, found, request)


def insert_store(
    session: Session, caller: Caller, plan_id: UUID, request: InsertRequest
) -> ChangedPlan:
    """Give a store its visits, on the days that cost least or on those that are named.

    Raises
    ------
    InputError
        The store is not there or has all its visits, or rep or days are none of the plan.
    ConflictError
        No days give it more visits (NO_CHOICE_OF_DAYS), or the plan would break rules and nothing
        is forced (WOULD_BREAK_RULES).
    """
    before, given = content_to_study(session, caller, plan_id)
    with _placed():
        scenario, store = _with_store(session, given, request.store_id)
        standing = stand(scenario, travel_matrix(scenario), before)
        ranked = changing.choices_to_join(standing, store)
        if request.days:
            slots = _slots(standing, store, request.days, request.rep)
        else:
            slots = ranked[0][1] if ranked else standing.slots_with(store.id)
        if not gains_visits(standing, store.id, slots):
            raise _no_choice(standing, store)
        plan = forced(standing, store.id, slots)
        choice = choice_in(standing, plan, store.id, slots)
    shown = [one for one, _ in ranked[:_SHOWN]]
    found = _Found(plan, scenario, choice, choice.broken, shown)
    return _answer(session, caller, plan_id, standing, found, request)


def remove_store(
    session: Session, caller: Caller, plan_id: UUID, request: RemoveRequest
) -> ChangedPlan:
    """Take a store out of a plan; the days that it leaves are re-sequenced.

    Raises
    ------
    InputError
        The store is none of the plan.
    ConflictError
        The plan would break rules and nothing is forced (WOULD_BREAK_RULES).
    """
    before, given = content_to_study(session, caller, plan_id)
    with _placed():
        standing = stand(given, travel_matrix(given), before)
        store = find_store(given, request.store_id)
        plan, scenario = changing.without_store(standing, store.id, request.status)
    choice = choice_of(standing, store.id, frozenset())
    broken = changing.broken_by_leaving(standing, plan, scenario)
    found = _Found(plan, scenario, choice, broken)
    return _answer(session, caller, plan_id, standing, found, request)


def _answer(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    standing: Standing,
    found: _Found,
    request: _ChangeRequest,
) -> ChangedPlan:
    """What a change comes to; stored where that is asked for and breaks nothing, or is forced."""
    if found.broken and not (request.dry_run or request.force):
        raise _would_break(found.broken)
    made = None if request.dry_run else _keep(session, caller, plan_id, standing, found)
    return ChangedPlan(
        choice=found.choice,
        choices=tuple(found.choices),
        broken=tuple(found.broken),
        changes=change_list(found.plan, found.scenario, standing.plan, standing.scenario),
        plan=made,
    )


def _keep(
    session: Session, caller: Caller, plan_id: UUID, standing: Standing, found: _Found
) -> PlanRecord:
    """Store the plan, and its scenario where that has changed with it."""
    parent = plan_row(session, caller, plan_id)
    row = scenario_row(session, caller, parent.scenario_id)
    if found.scenario.content_hash() != row.content_hash:
        row = keep_scenario(session, caller, row.name, found.scenario)
    violations = check_plan(found.scenario, found.plan, travel_matrix(found.scenario))
    reps = [rep.id for rep in found.scenario.reps]
    return keep_plan(session, caller, found.plan, violations, row.id, reps, parent)


def _slots(standing: Standing, store: Store, days: Sequence[int], rep: str | None) -> Slots:
    """The slots of days that are named, of the rep who is named or the only one who may."""
    scenario = standing.scenario
    reps = {find_rep(scenario, rep).id} if rep else changing.reps_to_visit(standing, store.id)
    if len(reps) > 1:
        raise InputError([_rep_missing(store, sorted(reps))])
    for day in days:
        if day >= scenario.cycle.n_days:
            raise unknown_day(scenario, str(day))
    wanted = slots_on(standing, next(iter(reps)), days)
    return changing.slots_to_move_to(standing, store.id, wanted)


def _with_store(session: Session, scenario: Scenario, store_id: str) -> tuple[Scenario, Store]:
    """The scenario that holds the store as one to be visited; a new one is of the master data."""
    known = next((store for store in scenario.stores if store.id == store_id), None)
    if known is not None and known.is_planned:
        return scenario, known
    new = active_store(session, store_id) if known is None else known
    if new is None:
        find_store(scenario, store_id, is_any=True)  # says what comes near
        raise AssertionError("a store of the scenario is found by its id")
    given = scenario_with(scenario, new if known is None else _opened(known))
    return given, next(store for store in given.stores if store.id == new.id)


def _opened(store: Store) -> Store:
    return store.model_copy(update={"status": "open"})


@contextmanager
def _placed() -> Iterator[None]:
    """Let faults lie where a request names what they are of."""
    try:
        yield
    except InputError as error:
        raise InputError(
            [
                issue.model_copy(
                    update={
                        "path": _PATH_OF.get(issue.path, issue.path),
                        "file": None,
                        "row": None,
                        "column": None,
                    }
                )
                for issue in error.issues
            ]
        ) from error


def _rep_missing(store: Store, reps: Sequence[str]) -> Issue:
    return Issue(
        code="REP_MISSING",
        path="rep",
        message=f"several reps may visit {store_words(store)}",
        hint=f"say who shall: {' or '.join(reps)}",
    )


def _no_choice(standing: Standing, store: Store) -> ConflictError:
    issues = [
        Issue(code=rule.code, path="store_id", message=rule.message, value=store.id)
        for rule in excluded_days(standing, store.id)
    ]
    if standing.slots_with(store.id):
        message = f"no such days give {store_words(store)} more visits than it has"
    else:
        message = f"there are no days on which {store_words(store)} may be visited"
    return ConflictError(message, code="NO_CHOICE_OF_DAYS", issues=issues)


def _would_break(broken: Sequence[Broken]) -> ConflictError:
    issues = [
        Issue(
            code=rule.code,
            path="days" if rule.store_id is None else "store_id",
            message=rule.message,
            hint="choose other days, or store the plan all the same with force",
            value=rule.store_id,
        )
        for rule in broken
    ]
    message = f"the plan would break {len(broken)} rule(s) that it does not break now"
    return ConflictError(message, code="WOULD_BREAK_RULES", issues=issues)
