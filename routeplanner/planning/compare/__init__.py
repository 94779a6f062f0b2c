"""Sets plans side by side: `compare_plans` of plans that `judged_plan` and `judged_rows` make."""

from collections.abc import Sequence

from routeplanner.domain.comparison import ComparedPlan, Comparison
from routeplanner.planning.compare.changes import changed_stores
from routeplanner.planning.compare.days import compared_days, day_cells
from routeplanner.planning.compare.figures import figures_of
from routeplanner.planning.compare.judged import JudgedPlan, judged_plan, judged_rows
from routeplanner.planning.compare.rows import figure_rows
from routeplanner.planning.compare.scenarios import scenario_differences

__all__ = ["JudgedPlan", "compare_plans", "judged_plan", "judged_rows"]


def compare_plans(plans: Sequence[JudgedPlan]) -> Comparison:
    """Return all figures of plans beside those of the first.

    Parameters
    ----------
    plans
        Each judged on its own task. Where that is another than the first plan's, the differences
        between the tasks are told; sums of a cycle of other length are those of as many weeks as
        the first plan's cycle has.
    """
    first = plans[0]
    weeks = first.plan.cycle.weeks
    days = [day_cells(plan) for plan in plans]
    changed = [changed_stores(first, plan) for plan in plans]
    figures = [
        figures_of(plan, own, None if plan is first else stores, weeks)
        for plan, own, stores in zip(plans, days, changed, strict=True)
    ]
    return Comparison(
        weeks=weeks,
        plans=tuple(
            ComparedPlan(
                name=plan.name,
                plan_id=plan.plan.id,
                version=plan.plan.version,
                weeks=plan.plan.cycle.weeks,
                is_by_hand=plan.is_by_hand,
                left_out=plan.left_out,
                differences=scenario_differences(first.scenario, plan.scenario),
                changed=stores,
            )
            for plan, stores in zip(plans, changed, strict=True)
        ),
        rows=figure_rows(figures),
        days=compared_days(plans, days),
    )
