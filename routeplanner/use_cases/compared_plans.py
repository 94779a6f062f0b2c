"""Plans side by side, each judged on its own scenario."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import TypeAdapter

from routeplanner.domain.comparison import Comparison
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.operations.parts import violations_part
from routeplanner.planning.checker import check_plan
from routeplanner.planning.compare import JudgedPlan, compare_plans
from routeplanner.storage.database import Session
from routeplanner.travel.source import TravelMatrix, travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plans import content_to_study, plan_row

MOST_OTHERS = 5
"""Plans that one plan is set beside at once."""

_VIOLATIONS = TypeAdapter(tuple[Violation, ...])


def compare(session: Session, caller: Caller, plan_id: UUID, others: Iterable[UUID]) -> Comparison:
    """Set plans beside the first, as far as the caller sees them; a plan named twice counts once.

    Raises
    ------
    NotFoundError, ConflictError
        A plan is not there, or has no routes yet (PLAN_EMPTY).
    """
    plan_ids = dict.fromkeys((plan_id, *others))
    scenarios: dict[UUID, tuple[Scenario, TravelMatrix]] = {}
    return compare_plans([_judged(session, caller, one, scenarios) for one in plan_ids])


def _judged(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    scenarios: dict[UUID, tuple[Scenario, TravelMatrix]],
) -> JudgedPlan:
    """A plan with what it is judged on; a scenario seen whole is read once for all plans."""
    row = plan_row(session, caller, plan_id)
    plan, scenario = content_to_study(session, caller, plan_id)
    if caller.reps is not None or row.scenario_id not in scenarios:
        scenarios[row.scenario_id] = scenario, travel_matrix(scenario)
    scenario, matrix = scenarios[row.scenario_id]
    if row.violations is None:
        violations = check_plan(scenario, plan, matrix)
    elif caller.reps is None:
        violations = _VIOLATIONS.validate_python(row.violations)
    else:
        violations = _VIOLATIONS.validate_python(violations_part(row.violations, scenario))
    return JudgedPlan(
        name=row.name,
        plan=plan,
        scenario=scenario,
        matrix=matrix,
        violations=violations,
        is_by_hand=plan.provenance.method == "edited",
    )
