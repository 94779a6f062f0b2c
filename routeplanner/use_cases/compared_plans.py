"""Plans side by side, each judged on its own scenario."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from routeplanner.domain.comparison import Comparison
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.files.comparison.map import write_difference
from routeplanner.operations.parts import violations_part
from routeplanner.planning.checker import check_plan
from routeplanner.planning.compare import JudgedPlan, compare_plans
from routeplanner.storage.database import Session
from routeplanner.travel.source import TravelMatrix, travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plan_files import PlanFile
from routeplanner.use_cases.plans import content_of, plan_row

MOST_OTHERS = 5
"""Plans that one plan is set beside at once."""

_VIOLATIONS = TypeAdapter(tuple[Violation, ...])


@dataclass(frozen=True, slots=True)
class PlanToCompare:
    """A plan as it was read."""

    name: str
    judged_on: UUID  # the same of plans that have one scenario in common
    plan: Plan
    scenario: Scenario
    violations: tuple[Violation, ...] | None  # none: not checked yet


def plans_to_compare(
    session: Session, caller: Caller, plan_id: UUID, others: Iterable[UUID]
) -> list[PlanToCompare]:
    """Plans beside the first, as far as the caller sees them; a plan named twice counts once.

    Raises
    ------
    NotFoundError, ConflictError
        A plan is not there, or has no routes yet (PLAN_EMPTY).
    """
    plan_ids = dict.fromkeys((plan_id, *others))
    return [_read(session, caller, one) for one in plan_ids]


def compare(plans: Iterable[PlanToCompare]) -> Comparison:
    """Set plans beside the first, each judged on its own scenario."""
    matrices: dict[UUID, TravelMatrix] = {}
    return compare_plans([_judged(one, matrices) for one in plans])


def difference_map(plans: Sequence[PlanToCompare]) -> PlanFile:
    """Two of the plans side by side on a map, what changes from one to the other in sight."""
    weeks = lcm(*(one.plan.cycle.weeks for one in plans))
    with tempfile.TemporaryDirectory(prefix="routeplanner-") as folder:
        path = Path(folder) / "difference.html"
        compared = [(one.name, one.plan, one.scenario) for one in plans]
        if len(compared) == 1:  # beside itself
            compared *= 2
        write_difference(compared, weeks, path, plans[0].scenario.language)
        return PlanFile(path.name, "text/html; charset=utf-8", path.read_bytes())


def _read(session: Session, caller: Caller, plan_id: UUID) -> PlanToCompare:
    row = plan_row(session, caller, plan_id)
    plan, scenario = content_of(session, caller, plan_id)
    violations = row.violations
    if violations is not None and caller.reps is not None:
        violations = violations_part(violations, scenario)
    return PlanToCompare(
        name=row.name,
        judged_on=row.scenario_id if caller.reps is None else plan_id,
        plan=plan,
        scenario=scenario,
        violations=None if violations is None else _VIOLATIONS.validate_python(violations),
    )


def _judged(read: PlanToCompare, matrices: dict[UUID, TravelMatrix]) -> JudgedPlan:
    """A plan with what it is judged on; the travel of a scenario is computed once for all plans."""
    scenario = read.scenario
    if read.judged_on not in matrices:
        matrices[read.judged_on] = travel_matrix(scenario)
    matrix = matrices[read.judged_on]
    violations = read.violations
    if violations is None:
        violations = tuple(check_plan(scenario, read.plan, matrix))
    return JudgedPlan(
        name=read.name,
        plan=read.plan,
        scenario=scenario,
        matrix=matrix,
        violations=violations,
        is_by_hand=read.plan.provenance.method == "edited",
    )
