"""KPIs: the numbers of a period, their formulas, and the rows behind each."""

from typing import Annotated

from fastapi import Path, Query, Response

from api.dependencies import Items, Limit, Reading
from api.documentation import READS
from api.routing import new_router
from routeplanner.domain.kpi import KpiCode
from routeplanner.use_cases import kpis
from routeplanner.use_cases.kpi_records import (
    KpiDefinitions,
    KpiPage,
    KpiQuery,
    KpiRowRecord,
    KpiSelection,
)

router = new_router("/v1/kpis", tags=["kpis"])


class KpiRowsQuery(KpiSelection):
    """A page of the rows of one group."""

    cursor: str | None = Query(
        default=None, max_length=400, description="`next` of the page before."
    )
    limit: Limit = 100


@router.get("", response_model=KpiPage, responses=READS)
def get_kpis(call: Reading, query: Annotated[KpiQuery, Query()]) -> Response:
    """Every number of a period with its formula, what was left out of it, and its rows."""
    return call.answer(kpis.kpis_of(call.session, call.caller, query))


@router.get("/definitions", response_model=KpiDefinitions, responses=READS)
def get_kpi_definitions(call: Reading) -> Response:
    """All formulas with their versions, and the reasons for which rows are left out."""
    return call.answer(kpis.kpi_definitions())


@router.get("/{measure}/rows", response_model=Items[KpiRowRecord], responses=READS)
def list_kpi_rows(
    call: Reading,
    measure: Annotated[KpiCode, Path()],
    query: Annotated[KpiRowsQuery, Query()],
) -> Response:
    """The rows behind a number: stores or days where it counts such, then all visits, by date."""
    page = kpis.kpi_rows(
        call.session, call.caller, measure, query, cursor=query.cursor, limit=query.limit
    )
    return call.answer(page)
