"""What plans come to beside each other: hours needed and there, and how far seeds spread them."""

from collections.abc import Sequence
from statistics import fmean

from routeplanner.domain.plan import Plan
from routeplanner.domain.what_if import Difference, Figures, Per


def figures_of(plan: Plan) -> Figures:
    """The figures of a solved plan, for its cycle."""
    measures = plan.measures
    return Figures(
        plan=plan.id,
        seed=plan.provenance.seed,
        weeks=plan.cycle.weeks,
        work_hours=sum(day.work_minutes for day in measures.by_day) / 60,
        in_store_hours=measures.in_store_minutes / 60,
        travel_hours=measures.travel_minutes / 60,
        missing_hours=sum(item.missing_minutes for item in plan.unserved) / 60,
        available_hours=sum(rep.available_minutes for rep in measures.by_rep) / 60,
        travel_km=measures.travel_km,
        driven_days=measures.routes,
        required_visits=plan.required_visits,
        scheduled_visits=plan.scheduled_visits,
        missing_by_class={
            label: found.required - found.scheduled for label, found in measures.by_class.items()
        },
        score=sum(plan.score.values()),
        is_complete=plan.is_complete,
    )


def difference(base: Sequence[Figures], other: Sequence[Figures], per: Per) -> Difference:
    """Return how many more hours a case needs than the base; the best plan is that of least score.

    Parameters
    ----------
    base, other
        Figures of the plans of both, one a seed.
    per
        Whether hours are those of a cycle or of a week.
    """
    were = [each.needed_hours * each.share_of(per) for each in base]
    are = [each.needed_hours * each.share_of(per) for each in other]
    best, best_base = best_of(other), best_of(base)
    return Difference(
        of_best=best.needed_hours * best.share_of(per)
        - best_base.needed_hours * best_base.share_of(per),
        mean=fmean(are) - fmean(were),
        low=min(are) - max(were),
        high=max(are) - min(were),
    )


def best_of(found: Sequence[Figures]) -> Figures:
    """The plan that a planner would take: the least score."""
    return min(found, key=lambda each: each.score)
