"""What changes for stores with a plan: set beside what its reps drive now, or an earlier plan."""

from collections import Counter
from uuid import UUID

from routeplanner.domain.base import Frozen
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import ChangeRow, change_list
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.earlier_plans import Against, earlier_of
from routeplanner.use_cases.plans import content_of


class ChangesOfRep(Frozen):
    """What a plan is set beside for a rep, and for how many stores that changes."""

    rep: str
    earlier_plan_id: UUID | None  # none: nothing is published for the rep, or they drove nothing
    publication_id: UUID | None  # none: nothing is published for the rep, or asked for
    n_changes: int


class PlanChanges(Frozen):
    """A plan beside an earlier one; stores visited as before stand nowhere."""

    reps: tuple[ChangesOfRep, ...]
    changes: tuple[ChangeRow, ...]


def changes_of(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    *,
    against: Against = "published",
    rep: str | None = None,
) -> PlanChanges:
    """Set a plan, or its part of one rep, beside an earlier one, as far as the caller sees both.

    Raises
    ------
    NotFoundError, ConflictError
        A plan is not there, has no routes (PLAN_EMPTY), or was made from no other
        (NO_EARLIER_PLAN).
    """
    plan, scenario = content_of(session, caller, plan_id)
    earlier = earlier_of(session, caller, plan_id, (plan, scenario), against)
    changes = change_list(
        _part(plan, rep), scenario, _part(earlier.plan, rep), previous_scenario=earlier.scenario
    )
    counts = Counter(name for change in changes for name in change.reps)
    reps = dict.fromkeys((*(entry.id for entry in scenario.reps), *earlier.sources))
    sources = earlier.sources
    return PlanChanges(
        reps=tuple(
            ChangesOfRep(
                rep=name,
                earlier_plan_id=sources[name].plan_id if name in sources else None,
                publication_id=sources[name].publication_id if name in sources else None,
                n_changes=counts[name],
            )
            for name in reps
            if rep in (None, name)
        ),
        changes=changes,
    )


def _part(plan: Plan, rep: str | None) -> Plan:
    if rep is None:
        return plan
    routes = tuple(route for route in plan.routes if route.rep == rep)
    return plan.model_copy(update={"routes": routes})
