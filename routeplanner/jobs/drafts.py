"""Rows of scenarios and plans as they are kept: plans that nobody has to search for, as drafts."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_request import PlanOptions
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.storage.ids import new_id
from routeplanner.storage.tables import PlanReview, PlanRow, ScenarioRow


def new_scenario(
    scenario: Scenario, name: str, *, organization_id: UUID, created_by: UUID | None
) -> ScenarioRow:
    """The row of a judged scenario."""
    return ScenarioRow(
        id=new_id(),
        organization_id=organization_id,
        name=name,
        content=scenario.model_dump(mode="json", by_alias=True),
        content_hash=scenario.content_hash(),
        n_stores=len(scenario.stores),
        n_stores_of_rep=Counter(store.rep for store in scenario.stores if store.rep is not None),
        reps=[rep.id for rep in scenario.reps],
        created_by=created_by,
    )


def new_draft(
    plan: Plan,
    violations: Iterable[Violation],
    name: str,
    *,
    organization_id: UUID,
    created_by: UUID | None,
    scenario_id: UUID,
    parent_id: UUID | None,
    options: PlanOptions,
) -> PlanRow:
    """The row of a plan that is there already; its reviews come with `new_reviews`."""
    now, plan_id = datetime.now(UTC), new_id()
    return PlanRow(
        id=plan_id,
        organization_id=organization_id,
        name=name,
        scenario_id=scenario_id,
        parent_id=parent_id,
        options=options.model_dump(mode="json"),
        status="solved",
        created_by=created_by,
        queued_at=now,
        solving_at=now,
        solved_at=now,
        violations=[entry.model_dump(mode="json") for entry in violations],
        **plan_values(plan, plan_id),
    )


def plan_values(plan: Plan, plan_id: UUID) -> dict[str, Any]:
    """The columns that hold a plan, which carries the service's id into every file of it.

    Where its review stands is known by its reviews alone.
    """
    named = plan.model_copy(update={"id": str(plan_id)})
    return {"content": named.model_dump(mode="json", by_alias=True, exclude={"review_status"})}


def new_reviews(row: PlanRow, reps: Iterable[str]) -> list[PlanReview]:
    """Every rep's part of a plan begins as a draft."""
    return [
        PlanReview(
            organization_id=row.organization_id,
            plan_id=row.id,
            rep=rep,
            status="draft",
            changed_by=row.created_by,
        )
        for rep in reps
    ]
