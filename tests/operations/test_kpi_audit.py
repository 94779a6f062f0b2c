"""The rows behind a number add up to it."""

import pytest

from routeplanner.domain.kpi import KpiCode, KpiSettings, VisitRow
from routeplanner.operations.kpis import KPIS, compute_kpis, rows_behind
from tests.operations.example_week import BERLIN, REP_DAYS, SPANS, VISITS, WEEK

ROWS = [VisitRow.of(visit) for visit in VISITS]
SETTINGS = KpiSettings()


@pytest.mark.parametrize("code", list(KPIS))
def test_rows_are_those_of_the_number(code: KpiCode) -> None:
    (result,) = compute_kpis(VISITS, REP_DAYS, WEEK, BERLIN, spans=SPANS, codes=[code])
    rows = rows_behind(code, ROWS, REP_DAYS, WEEK, BERLIN, spans=SPANS, settings=SETTINGS)
    assert len({(row.kind, row.id) for row in rows}) == len(rows)
    assert {row.id for row in rows if row.is_in_numerator} == set(result.numerator_ids)
    assert {row.id for row in rows if row.is_in_denominator} == set(result.denominator_ids)
    assert {row.id for row in rows if row.visit is not None} == {visit.id for visit in VISITS}
    left_out = {(row.kind, row.id, item.reason) for row in rows for item in row.left_out}
    assert left_out == {(item.kind, item.id, item.reason) for item in result.excluded}


def test_stores_come_first_with_what_they_were_to_get_and_got() -> None:
    """A1 was to get three and got two; B1 got an ad hoc one; C2 and N1 were to get none."""
    rows = rows_behind(
        "stores_reached", ROWS, REP_DAYS, WEEK, BERLIN, spans=SPANS, settings=SETTINGS
    )
    stores = [row for row in rows if row.kind == "store"]
    assert list(rows[: len(stores)]) == stores
    assert {row.id: (row.due, row.made) for row in stores} == {
        "A1": (3, 2), "B1": (1, 1), "B2": (1, 1), "B3": (1, 0), "B4": (0, 0), "C1": (1, 2),
        "C2": (0, 1), "N1": (0, 1),
    }  # fmt: skip


def test_working_days_come_before_the_visits_of_the_in_store_share() -> None:
    rows = rows_behind(
        "in_store_share", ROWS, REP_DAYS, WEEK, BERLIN, spans=SPANS, settings=SETTINGS
    )
    days = [row.rep_day for row in rows if row.rep_day is not None]
    assert days == list(REP_DAYS)
    assert sum(day.working_minutes for day in days if not day.is_absent) == 2400
    assert [row.kind for row in rows] == ["rep_day"] * 5 + ["visit"] * len(VISITS)
