"""What a plan is set beside: the plan before it, one that is named, or what its reps drive now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import ConflictError, Issue
from routeplanner.operations.parts import earlier_part
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow, RepRow, ScenarioRow
from routeplanner.storage.visit_tables import PublicationRep, PublicationRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plans import no_routes, plan_row

Against = Literal["published", "parent"] | UUID


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rep's earlier routes are from."""

    plan_id: UUID
    publication_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier plan as far as the caller sees it; what is published may be of several plans."""

    plan: Plan
    scenario: Scenario  # with those stores that the later scenario lacks, and no others
    sources: Mapping[str, Source]  # by rep


def earlier_of(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    later: tuple[Plan, Scenario],
    against: Against,
) -> Earlier:
    """Read what a plan is set beside.

    Raises
    ------
    NotFoundError
        The plan that is named is not there, or not to be seen.
    ConflictError
        The plan was made from no other (NO_EARLIER_PLAN), or the other has no routes (PLAN_EMPTY).
    """
    plan, scenario = later
    if against == "published":
        return _published(session, plan, scenario)
    if against == "parent":
        row = parent_row(session, caller, plan_id)
        if row is None:
            raise _no_parent()
    else:
        row = plan_row(session, caller, against)
    if row.content is None:
        raise no_routes(row.status)
    if caller.reps is None:
        earlier = Plan.model_validate(row.content)
    else:
        earlier = earlier_part(row.content, caller.reps)
    known = _with_gone_stores(session, scenario, earlier.routes, [row.scenario_id])
    sources = {route.rep: Source(row.id) for route in earlier.routes}
    return Earlier(earlier, known, sources)


def parent_row(session: Session, caller: Caller, plan_id: UUID) -> PlanRow | None:
    """The plan that a plan was made from; whoever sees the later one may see their part of it."""
    parent_id = plan_row(session, caller, plan_id).parent_id
    return None if parent_id is None else session.get(PlanRow, parent_id)


def _published(session: Session, plan: Plan, scenario: Scenario) -> Earlier:
    """The routes that the reps of a plan drive now, as those of one plan."""
    sources = _in_force(session, [rep.id for rep in scenario.reps])
    plan_ids = {source.plan_id for source in sources.values()}
    query = select(PlanRow).where(PlanRow.id.in_(plan_ids)).order_by(PlanRow.id)
    rows = session.scalars(query).all()
    routes = tuple(_driven(rows, sources))
    known = _with_gone_stores(session, scenario, routes, [row.scenario_id for row in rows])
    return Earlier(plan.model_copy(update={"routes": routes}), known, sources)


def _in_force(session: Session, reps: Collection[str]) -> dict[str, Source]:
    """Of each rep the plan and publication in force: the one that begins last."""
    found = session.execute(
        select(RepRow.external_id, PublicationRow.plan_id, PublicationRow.id)
        .join(PublicationRep, PublicationRep.rep_id == RepRow.id)
        .join(PublicationRow, PublicationRow.id == PublicationRep.publication_id)
        .where(RepRow.external_id.in_(reps), PublicationRep.status == "published")
        .order_by(PublicationRow.start_date, PublicationRow.id)
    )
    return {rep: Source(plan_id, publication_id) for rep, plan_id, publication_id in found}


def _driven(rows: Iterable[PlanRow], sources: Mapping[str, Source]) -> Iterator[Route]:
    for row in rows:
        reps = {rep for rep, source in sources.items() if source.plan_id == row.id}
        routes = Plan.model_validate(row.content).routes
        yield from (route for route in routes if route.rep in reps)


def _with_gone_stores(
    session: Session, scenario: Scenario, routes: Iterable[Route], scenario_ids: Collection[UUID]
) -> Scenario:
    """What earlier scenarios knew of stores that were visited then and that a later one lacks."""
    visited = {stop.store_id for route in routes for stop in route.visits}
    gone = visited - {store.id for store in scenario.stores}
    known: dict[str, Store] = {}
    if gone:
        lists = session.scalars(
            select(ScenarioRow.content["stores"]).where(ScenarioRow.id.in_(scenario_ids))
        )
        known = {
            entry["id"]: Store.model_validate(entry)
            for stores in lists
            for entry in stores
            if entry["id"] in gone
        }
    return scenario.model_copy(update={"stores": tuple(known.values())})


def _no_parent() -> ConflictError:
    message = "the plan was made from no other plan"
    hint = "name the plan to set it beside by its id"
    issue = Issue(code="NO_EARLIER_PLAN", path="against", message=message, hint=hint)
    return ConflictError(message, code=issue.code, issues=[issue])
