"""What operations take and return goes through JSON and back unchanged, as the service sends it."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayRule
from routeplanner.domain.kpi import KpiResult, KpiSettings, StoreSpan
from routeplanner.domain.visit import Visit
from routeplanner.domain.work_calendar import Absence, WorkCalendar
from routeplanner.operations.kpis import compute_kpis
from tests.operations.example_week import BERLIN, REP_DAYS, SPANS, VISITS, WEEK
from tests.operations.test_golden_week import DATES, ILL, laid
from tests.operations.test_rep_days import CHINA

KPIS = compute_kpis(VISITS, REP_DAYS, WEEK, BERLIN, by=["class", "week"], spans=SPANS)


CASES: dict[str, tuple[Any, object]] = {
    "dates": (CycleDates, DATES),
    "rule": (LostDayRule, LostDayRule("squeeze")),
    "absence": (Absence, ILL),
    "calendar": (WorkCalendar, CHINA),
    "dated plan": (DatedPlan, laid("squeeze")),
    "visits": (list[Visit], VISITS),
    "settings": (KpiSettings, KpiSettings(minimum_minutes={"A": 5.0})),
    "spans": (list[StoreSpan], SPANS),
    "kpis": (tuple[KpiResult, ...], KPIS),
}


@pytest.mark.parametrize("name", CASES)
def test_json_and_back(name: str) -> None:
    kind, value = CASES[name]
    adapter = TypeAdapter(kind)
    assert adapter.validate_json(adapter.dump_json(value)) == value
    assert adapter.json_schema()
