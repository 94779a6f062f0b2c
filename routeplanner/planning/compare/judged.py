"""A plan with what it is judged on, ready to be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from routeplanner.domain.edited import RouteRow
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.errors import InputError, Issue
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.codes import ViolationCode
from routeplanner.planning.edited import check_edited, plan_from_rows
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan, its own task, and the rules that it breaks."""

    name: str
    plan: Plan
    scenario: Scenario
    matrix: TravelMatrix
    violations: Sequence[Violation]
    left_out: tuple[str, ...] = ()
    is_by_hand: bool = False


def judged_plan(name: str, plan: Plan, scenario: Scenario, matrix: TravelMatrix) -> JudgedPlan:
    """Judge a plan by the independent checker.

    Raises
    ------
    InputError
        The plan has another cycle or other reps than the scenario (PLAN_OF_OTHER_SCENARIO).
    """
    reps = {rep.id for rep in scenario.reps}
    if plan.cycle != scenario.cycle or any(route.rep not in reps for route in plan.routes):
        issue = Issue(
            code="PLAN_OF_OTHER_SCENARIO",
            path=name,
            message=text("compare.other_scenario", scenario.language, name=name),
            hint=text("compare.other_scenario_hint", scenario.language),
            file=name,
        )
        raise InputError([issue])
    return JudgedPlan(name, plan, scenario, matrix, check_plan(scenario, plan, matrix))


def judged_rows(
    name: str,
    rows: Sequence[RouteRow],
    scenario: Scenario,
    matrix: TravelMatrix,
    earlier: Plan | None = None,
) -> JudgedPlan:
    """Time and judge visits by hand; rows that can stand in no plan are left out and told."""
    edited = plan_from_rows(scenario, rows, matrix, earlier)
    left_out = [fault for fault in edited.faults if fault.code != ViolationCode.ORDER_WRONG]
    found = check_edited(scenario, edited, matrix)
    return JudgedPlan(
        name,
        edited.plan,
        scenario,
        matrix,
        # A row that stands in no plan breaks none of its rules.
        [violation for violation in found if violation not in left_out],
        left_out=tuple(fault.message for fault in left_out),
        is_by_hand=True,
    )
