"""What a new plan keeps of the plan before: taken from its request, judged before any search."""

from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.keeping import Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import ConflictError, InputError, Issue
from routeplanner.planning.replan.task import replan_of
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow, ScenarioRow
from routeplanner.use_cases.plan_records import ENDED, PlanRequest

_FIELD_OF = {
    "max_changes": "max_changes",
    "freeze_weeks": "freeze_weeks",
    "stability_minutes": "stability",
}
"""Fields of `Keeping` by the names that requests give them."""

_PATH_OF = {"FREEZE_TOO_LONG": "freeze_weeks"}
"""Where a fault lies in a request; with the plan before, if nowhere else."""


def keeping_of(request: PlanRequest) -> Keeping | None:
    """Return what is to be kept, none without a plan before.

    Raises
    ------
    InputError
        It is said what to keep, but not of which plan (PREVIOUS_MISSING).
    """
    given = {name: value for name in _FIELD_OF if (value := getattr(request, name)) is not None}
    if request.previous_plan_id is not None:
        return Keeping(**{_FIELD_OF[name]: value for name, value in given.items()})
    if given:
        raise InputError([_missing(name, value) for name, value in given.items()])
    return None


def check_previous(
    session: Session, previous: PlanRow, scenario_id: UUID, keeping: Keeping
) -> None:
    """Check that a plan can be kept to.

    Raises
    ------
    ConflictError
        It is still searched for (PLAN_NOT_ENDED).
    InputError
        It does not fit the scenario (see `planning.replan.task.replan_of`).
    """
    if previous.status not in ENDED:
        raise ConflictError(
            f"the plan before is {previous.status}; it can be kept to when it has ended",
            code="PLAN_NOT_ENDED",
        )
    content = session.scalars(
        select(ScenarioRow.content).where(ScenarioRow.id == scenario_id)
    ).one()
    try:
        replan_of(Scenario.model_validate(content), Plan.model_validate(previous.content), keeping)
    except InputError as error:
        raise InputError([_placed(issue) for issue in error.issues]) from error


def _placed(issue: Issue) -> Issue:
    return issue.model_copy(update={"path": _PATH_OF.get(issue.code, "previous_plan_id")})


def _missing(name: str, value: float) -> Issue:
    return Issue(
        code="PREVIOUS_MISSING",
        path=name,
        message=f"{name} {value:g} keeps to an earlier plan, and none is named",
        hint="name it as previous_plan_id",
        value=f"{value:g}",
    )
