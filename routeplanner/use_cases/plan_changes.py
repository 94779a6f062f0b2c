"""What changes for stores if a plan is published: set beside what its reps drive now."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay, Weekday
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.plan_changes import (
    ChangeKind,
    Visits,
    kind_of_change,
    visits_by_store,
)
from routeplanner.domain.scenario import Scenario
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow, RepRow, StoreRow
from routeplanner.storage.visit_tables import PublicationRep, PublicationRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plans import content_of


class CycleVisit(Frozen):
    """One visit of the cycle."""

    rep: str
    week: int
    weekday: Weekday
    template: str
    arrive: TimeOfDay


class StoreChange(Frozen):
    """A store that is visited otherwise than now, the weightiest difference named."""

    store_id: str
    store_name: str
    store_class: str | None = Field(alias="class")  # none: the new plan does not hold the store
    change: ChangeKind
    before: tuple[CycleVisit, ...]
    after: tuple[CycleVisit, ...]


class ChangesOfRep(Frozen):
    """What a rep drives now, and for how many stores that changes."""

    rep: str
    published_plan_id: UUID | None  # none: nothing is published for the rep
    publication_id: UUID | None
    n_changes: int


class PlanChanges(Frozen):
    """A plan beside what is published for its reps; stores visited as before stand nowhere."""

    reps: tuple[ChangesOfRep, ...]
    changes: tuple[StoreChange, ...]


def changes_of(
    session: Session, caller: Caller, plan_id: UUID, rep: str | None = None
) -> PlanChanges:
    """Set a plan beside what its reps drive now, as far as the caller sees both."""
    plan, scenario = content_of(session, caller, plan_id)
    reps = [entry.id for entry in scenario.reps if rep in (None, entry.id)]
    current = _current(session, reps)
    before = visits_by_store(_published_routes(session, current))
    after = visits_by_store(route for route in plan.routes if route.rep in reps)
    changes = tuple(_changes(session, scenario, before, after))
    counts = dict.fromkeys(reps, 0)
    for change in changes:
        for name in {visit.rep for visit in (*change.before, *change.after)}:
            counts[name] += 1
    return PlanChanges(
        reps=tuple(
            ChangesOfRep(
                rep=name,
                published_plan_id=current[name][0] if name in current else None,
                publication_id=current[name][1] if name in current else None,
                n_changes=counts[name],
            )
            for name in reps
        ),
        changes=changes,
    )


def _current(session: Session, reps: Iterable[str]) -> dict[str, tuple[UUID, UUID]]:
    """Of each rep the plan and publication in force: the one that begins last."""
    found = session.execute(
        select(RepRow.external_id, PublicationRow.plan_id, PublicationRow.id)
        .join(PublicationRep, PublicationRep.rep_id == RepRow.id)
        .join(PublicationRow, PublicationRow.id == PublicationRep.publication_id)
        .where(RepRow.external_id.in_(list(reps)), PublicationRep.status == "published")
        .order_by(PublicationRow.start_date, PublicationRow.id)
    )
    return {rep: (plan_id, publication_id) for rep, plan_id, publication_id in found}


def _published_routes(session: Session, current: dict[str, tuple[UUID, UUID]]) -> Iterable[Route]:
    reps_of_plan: dict[UUID, set[str]] = {}
    for rep, (plan_id, _) in current.items():
        reps_of_plan.setdefault(plan_id, set()).add(rep)
    for plan_id, reps in reps_of_plan.items():
        content = session.scalars(select(PlanRow.content).where(PlanRow.id == plan_id)).one()
        yield from (route for route in Plan.model_validate(content).routes if route.rep in reps)


def _changes(
    session: Session, scenario: Scenario, before: dict[str, Visits], after: dict[str, Visits]
) -> Iterable[StoreChange]:
    stores = {store.id: store for store in scenario.stores}
    gone = [store_id for store_id in before if store_id not in stores]
    found = session.execute(
        select(StoreRow.external_id, StoreRow.name).where(StoreRow.external_id.in_(gone))
    )
    names = {store.id: store.name for store in scenario.stores} | dict(found.all())
    for store_id in (*stores, *gone):
        was, now = before.get(store_id, []), after.get(store_id, [])
        kind = kind_of_change(was, now)
        if kind is not None:
            yield StoreChange(
                store_id=store_id,
                store_name=names.get(store_id, ""),
                store_class=stores[store_id].store_class if store_id in stores else None,
                change=kind,
                before=tuple(_cycle_visit(*visit) for visit in was),
                after=tuple(_cycle_visit(*visit) for visit in now),
            )


def _cycle_visit(route: Route, stop: Stop) -> CycleVisit:
    return CycleVisit(
        rep=route.rep,
        week=route.week,
        weekday=route.weekday,
        template=route.template,
        arrive=stop.arrive,
    )
