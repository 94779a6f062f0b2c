"""Answers about a plan: choices of days of a store, what fills a day, what is better, reserve."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from api.dependencies import Later, Reading
from api.documentation import UPDATES
from api.routes.plans import HTML, as_file
from api.routing import new_router
from routeplanner.domain.comparison import Comparison
from routeplanner.domain.explained import DayExplained, StoreExplained
from routeplanner.domain.reserve import ReserveReport
from routeplanner.use_cases import compared_plans, explained_plans
from routeplanner.use_cases.explained_plans import ReserveQuery
from routeplanner.use_cases.plans import content_of

router = new_router("/v1", tags=["plans"])

_Id = Annotated[UUID, Path()]
_Store = Annotated[str, Path(max_length=200, description="The store, as the scenario names it.")]
_Rep = Annotated[str, Path(max_length=200, description="The rep, as the scenario names them.")]
_Others = Annotated[
    list[UUID],
    Query(
        alias="with",
        min_length=1,
        max_length=compared_plans.MOST_OTHERS,
        description="Plans to set beside this one.",
    ),
]
_Day = Annotated[
    int, Path(ge=0, le=1000, description="Of the cycle, as `day` of a route; 0-based.")
]


@router.get("/plans/{id}/stores/{store}", response_model=StoreExplained, responses=UPDATES)
def explain_store(call: Reading, id: _Id, store: _Store) -> Later:  # noqa: A002
    """Every choice of days of a store, what it would add and break; what keeps it off others."""
    plan, scenario = content_of(call.session, call.caller, id)
    return call.answer_later(lambda: explained_plans.explain_store(plan, scenario, store))


@router.get("/plans/{id}/reps/{rep}/days/{day}", response_model=DayExplained, responses=UPDATES)
def explain_day(call: Reading, id: _Id, rep: _Rep, day: _Day) -> Later:  # noqa: A002
    """What fills a rep's day, and what it would save without each of its stores."""
    plan, scenario = content_of(call.session, call.caller, id)
    return call.answer_later(lambda: explained_plans.explain_day(plan, scenario, rep, day))


@router.get("/plans/{id}/comparison", response_model=Comparison, responses=UPDATES)
def compare_plans(
    call: Reading,
    id: _Id,  # noqa: A002
    others: _Others,
) -> Later:
    """Figures of plans beside those of this one, and the stores that each visits otherwise."""
    plans = compared_plans.plans_to_compare(call.session, call.caller, id, others)
    return call.answer_later(lambda: compared_plans.compare(plans))


@router.get(
    "/plans/{id}/comparison/map", response_class=Response, response_model=None, responses=HTML
)
def map_comparison(call: Reading, id: _Id, others: _Others) -> Later:  # noqa: A002
    """Two of the plans side by side on a map, what changes between them in sight."""
    plans = compared_plans.plans_to_compare(call.session, call.caller, id, others)
    return Later(lambda: as_file(compared_plans.difference_map(plans)))


@router.get("/plans/{id}/reserve", response_model=ReserveReport, responses=UPDATES)
def get_reserve(
    call: Reading,
    id: _Id,  # noqa: A002
    query: Annotated[ReserveQuery, Query()],
) -> Later:
    """Which days break when travel or visits take longer, and the reserve that would hold them."""
    plan, scenario = content_of(call.session, call.caller, id)
    visits = explained_plans.visits_for_reserve(call.session, call.caller, scenario, query)
    return call.answer_later(
        lambda: explained_plans.reserve_of(plan, scenario, visits, query.longer)
    )
