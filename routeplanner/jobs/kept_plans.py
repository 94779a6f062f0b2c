"""Plans of a study that are kept as drafts, each with the scenario that it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from routeplanner.domain.plan_request import PlanOptions, Termination
from routeplanner.domain.study import KeptPlan
from routeplanner.jobs.drafts import new_draft, new_reviews, new_scenario
from routeplanner.planning.checker import check_plan
from routeplanner.planning.what_if.run import SolvedCase
from routeplanner.storage.tables import Audit, Base, PlanEvent, PlanReview, PlanRow, ScenarioRow
from routeplanner.travel.source import travel_matrix

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom a study was asked for, and what its plans come from."""

    organization_id: UUID
    created_by: UUID | None
    name: str
    scenario_id: UUID
    parent_id: UUID | None
    version: int  # of its plans
    termination: Termination  # of the search for each


def kept_plans(asked: Asked, cases: Iterable[SolvedCase]) -> tuple[list[KeptPlan], list[Base]]:
    """The plans that are kept, and their rows, those first that others name."""
    kept: list[KeptPlan] = []
    scenarios: list[ScenarioRow] = []
    plans: list[PlanRow] = []
    reviews: list[PlanReview] = []
    for case in cases:
        row, scenario = _draft(asked, case)
        if scenario is not None:
            scenarios.append(scenario)
        plans.append(row)
        reviews += new_reviews(row, [rep.id for rep in case.scenario.reps])
        name = case.alternative.name
        kept.append(KeptPlan(alternative=name, plan_id=row.id, scenario_id=row.scenario_id))
    events = [
        PlanEvent(organization_id=row.organization_id, plan_id=row.id, event="solved", data={})
        for row in plans
    ]
    trail = [_created(asked, row) for row in scenarios]
    trail += [_created(asked, row) for row in plans]
    return kept, [*scenarios, *plans, *reviews, *events, *trail]


def _draft(asked: Asked, case: SolvedCase) -> tuple[PlanRow, ScenarioRow | None]:
    """The row of a plan, and that of its scenario where that is not the one of the study."""
    name, scenario = asked.name, None
    if case.alternative.name:
        whole = f"{name}: {case.alternative.name}"
        name = "".join(sign if sign.isprintable() else " " for sign in whole)[:_LONGEST_NAME]
        scenario = new_scenario(
            case.scenario, name, organization_id=asked.organization_id, created_by=asked.created_by
        )
    row = new_draft(
        case.plan.model_copy(update={"version": asked.version}),
        check_plan(case.scenario, case.plan, travel_matrix(case.scenario)),
        name,
        organization_id=asked.organization_id,
        created_by=asked.created_by,
        scenario_id=asked.scenario_id if scenario is None else scenario.id,
        parent_id=asked.parent_id,
        options=PlanOptions(seed=case.plan.provenance.seed, termination=asked.termination),
    )
    return row, scenario


def _created(asked: Asked, row: PlanRow | ScenarioRow) -> Audit:
    return Audit(
        organization_id=asked.organization_id,
        person_id=asked.created_by,
        action="created",
        entity=row.__tablename__,
        entity_id=row.id,
        after={"name": row.name},
    )
