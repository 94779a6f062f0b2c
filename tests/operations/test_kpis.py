"""Every KPI counted by hand, with the rows behind it and the rows left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from routeplanner.domain.kpi import (
    Exclusion,
    Grouping,
    KpiCode,
    KpiPeriod,
    KpiResult,
    KpiSettings,
    RepDay,
    StoreSpan,
)
from routeplanner.domain.visit import Visit, VisitEvent
from routeplanner.operations.kpis import KPIS, compute_kpis
from tests.operations.example_week import (
    BERLIN,
    REP_DAYS,
    SPANS,
    VISITS,
    WEEK,
    at,
    done,
    missed,
    planned,
    visit,
    with_entries,
)


def kpi(code: KpiCode, visits: Sequence[Visit] = VISITS, **more: object) -> KpiResult:
    """The one result of a KPI over everything."""
    options = {"spans": SPANS} | more
    (result,) = compute_kpis(visits, REP_DAYS, WEEK, BERLIN, codes=[code], **options)  # type: ignore[arg-type]
    return result


def left_out(result: KpiResult) -> set[tuple[str, str, str]]:
    return {(item.id, item.reason, item.left_out_of) for item in result.excluded}


STANDARD_LEAVES_OUT = {
    ("v6", "excused", "both"), ("v9", "opened_or_closed", "both"), ("v10", "canceled", "both"),
}  # fmt: skip
STORES_LEFT_OUT = STANDARD_LEAVES_OUT | {
    ("a4", "second_visit", "both"), ("B4", "excused", "both"), ("C2", "not_due", "both"),
    ("N1", "opened_or_closed", "both"),
}  # fmt: skip


def test_store_coverage() -> None:
    """Due: A1, B1, B2, B3, C1; B3 had no visit, B1 one on another day."""
    result = kpi("store_coverage")
    assert set(result.denominator_ids) == {"A1", "B1", "B2", "B3", "C1"}
    assert set(result.numerator_ids) == {"A1", "B1", "B2", "C1"}
    assert result.value == pytest.approx(4 / 5)
    assert left_out(result) == STORES_LEFT_OUT
    assert len(result.visit_ids) == len(VISITS)


def test_call_compliance_and_the_share_of_stores() -> None:
    """A1 got 2 of 3, B3 none; B1, B2 and C1 reached theirs: 4 of the 6 visits at due stores."""
    calls, stores = kpi("call_compliance"), kpi("stores_reached")
    assert set(calls.numerator_ids) == {"v3", "v8", "a1", "a2"}
    assert set(calls.denominator_ids) == {"v1", "v3", "v7", "v8", "a1", "a2"}
    assert set(stores.numerator_ids) == {"B1", "B2", "C1"}
    assert (stores.numerator, stores.denominator) == (3, 5)
    assert left_out(calls) == left_out(stores) == STORES_LEFT_OUT


def test_planned_visit_compliance() -> None:
    result = kpi("planned_visit_compliance")
    assert set(result.denominator_ids) == {"v1", "v2", "v3", "v4", "v5", "v7", "v8"}
    assert set(result.numerator_ids) == {"v1", "v3", "v7", "v8"}
    assert left_out(result) == STANDARD_LEAVES_OUT


def test_sequence_compliance() -> None:
    """On Friday B2 came before A1, then N1: two of three can be kept in order."""
    result = kpi("sequence_compliance")
    assert (result.numerator, result.denominator) == (2, 3)
    assert set(result.denominator_ids) == {"v7", "v8", "v9"}
    assert "v9" in result.numerator_ids
    assert left_out(result) == {("v1", "single_visit", "both"), ("v3", "single_visit", "both")}


@pytest.mark.parametrize(
    ("order", "kept"),
    [("12345", 5), ("54321", 1), ("23451", 4), ("51234", 4), ("13254", 3), ("21", 1)],
)
def test_one_visit_out_of_turn_costs_one(order: str, kept: int) -> None:
    visits = [
        done(
            planned(f"v{p}", f"A{p}", 2, int(p), "09:00", 10), f"{9 + n:02d}:00", f"{9 + n:02d}:10"
        )
        for n, p in enumerate(order)
    ]
    result = kpi("sequence_compliance", visits)
    assert (result.numerator, result.denominator) == (kept, len(order))
    positions = [int(key[1:]) for key in result.numerator_ids]
    assert positions == sorted(positions)


def test_in_store_minutes_against_the_plan() -> None:
    """35 + 10 + 30 + 15 of 30 + 15 + 10 + 30 + 15 + 30 + 15."""
    result = kpi("in_store_minutes")
    assert (result.numerator, result.denominator) == (90, 145)
    assert left_out(result) == STANDARD_LEAVES_OUT


def test_in_store_share() -> None:
    """35 on Monday, 10 on Tuesday, 30 on Wednesday, 5 on Thursday, 65 on Friday, of 480 each."""
    result = kpi("in_store_share")
    assert (result.numerator, result.denominator) == (145, 2400)
    assert result.denominator_ids[0] == "R1/2026-03-02"
    assert result.excluded == ()


def test_on_time_rate() -> None:
    """+5, +20, +30, -60 and 0 minutes, with a quarter of an hour allowed."""
    result = kpi("on_time_rate")
    assert set(result.numerator_ids) == {"v1", "v9"}
    assert result.denominator == 5
    wide = kpi("on_time_rate", settings=KpiSettings(early_minutes=60, late_minutes=20))
    assert set(wide.numerator_ids) == {"v1", "v3", "v8", "v9"}


def test_the_tolerance_includes_its_last_minute() -> None:
    for start, is_on_time in (("08:44", 0), ("08:45", 1), ("09:15", 1), ("09:16", 0)):
        item = done(planned("v1", "A1", 2, 1, "09:00", 10), start, "09:30")
        assert kpi("on_time_rate", [item]).numerator == is_on_time


def test_planned_times_are_on_the_wall_when_clocks_change() -> None:
    """On 29 March 2026 Berlin goes from +01:00 to +02:00: nine o'clock is 07:00 UTC."""
    item = planned("v1", "A1", 29, 1, "09:00", 10)
    start = datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
    entries = (
        VisitEvent("i", "v1", "check_in", start, at=start),
        VisitEvent("o", "v1", "check_out", start, at=start + timedelta(minutes=10)),
    )
    (result,) = compute_kpis(
        [with_entries(item, *entries)],
        [],
        KpiPeriod(date(2026, 3, 29), date(2026, 3, 29)),
        BERLIN,
        codes=["on_time_rate"],
        settings=KpiSettings(early_minutes=0, late_minutes=0),
    )
    assert result.value == 1


def test_a_minimum_of_minutes_by_class() -> None:
    settings = KpiSettings(minimum_minutes={"B": 16})
    result = kpi("planned_visit_compliance", settings=settings)
    assert "v8" not in result.numerator_ids  # 15 minutes at B2
    assert ("v8", "too_short", "numerator") in left_out(result)
    coverage = kpi("store_coverage", settings=settings)
    assert ("v8", "too_short", "both") in left_out(coverage)
    assert "B2" not in coverage.numerator_ids  # the ad hoc visit lasts 10 minutes


def test_a_visit_without_check_out_does_not_count() -> None:
    item = planned("v1", "A1", 2, 1, "09:00", 30)
    began = with_entries(item, VisitEvent("i", "v1", "check_in", at(2, "09:00"), at=at(2, "09:00")))
    for code in ("store_coverage", "planned_visit_compliance", "in_store_minutes"):
        result = kpi(code, [began])  # type: ignore[arg-type]
        assert result.numerator == 0
        assert result.denominator > 0
        assert "not_checked_out" in {item.reason for item in result.excluded}


def test_the_planned_visit_is_the_one_that_counts_of_two() -> None:
    first = done(visit("a1", "A1", 2, origin="ad_hoc"), "08:00", "08:10")
    second = done(planned("v1", "A1", 2, 1, "09:00", 30), "09:00", "09:30")
    result = kpi("planned_visit_compliance", [first, second])
    assert result.value == 1
    assert kpi("call_compliance", [first, second]).denominator == 1


def test_what_is_excused_is_the_organizations_to_say() -> None:
    strict = kpi("planned_visit_compliance", settings=KpiSettings(excused=frozenset()))
    assert strict.denominator == 8
    kind = KpiSettings(excused=frozenset({"out_of_time", "person_away", "closed"}))
    assert kpi("planned_visit_compliance", settings=kind).denominator == 5


def test_a_running_period_judges_what_is_over() -> None:
    items = [done(planned("v1", "A1", 2, 1, "09:00", 30), "09:00", "09:30"),
             planned("v2", "B1", 5, 1, "09:00", 15)]  # fmt: skip
    result = kpi("store_coverage", items)
    assert result.value == 1
    assert left_out(result) == {("v2", "open", "both"), ("B1", "open", "both")}


def test_stores_that_open_or_close_at_the_edges_of_the_period_were_there() -> None:
    item = done(planned("v1", "A1", 2, 1, "09:00", 30), "09:00", "09:30")
    whole = StoreSpan("A1", opened_on=WEEK.first, closed_on=WEEK.last)
    assert kpi("store_coverage", [item], spans=[whole]).denominator == 1
    short = replace(whole, closed_on=WEEK.last - timedelta(days=1))
    assert kpi("store_coverage", [item], spans=[short]).denominator == 0


def test_two_visits_at_a_time_count_once_and_no_day_more_than_it_has() -> None:
    both = [
        done(visit("a1", "A1", 2, origin="ad_hoc"), "09:00", "10:00"),
        done(visit("a2", "B1", 2, origin="ad_hoc"), "09:30", "10:30"),
        done(visit("a3", "C1", 2, origin="ad_hoc"), "09:40", "09:50"),
    ]
    day = [RepDay("R1", date(2026, 3, 2), 480)]
    (result,) = compute_kpis(both, day, WEEK, BERLIN, codes=["in_store_share"])
    assert result.numerator == 90
    (short,) = compute_kpis(
        both, [replace(day[0], working_minutes=60)], WEEK, BERLIN, codes=["in_store_share"]
    )
    assert short.value == 1
    assert short.excluded == (
        Exclusion("rep_day", "R1/2026-03-02", "beyond_working_hours", "numerator"),
    )


def test_days_of_absence_and_work_on_days_off_are_left_out_of_the_share() -> None:
    items = [done(visit("a1", "A1", 2, origin="ad_hoc"), "09:00", "10:00"),
             done(visit("a2", "A1", 3, origin="ad_hoc"), "09:00", "10:00")]  # fmt: skip
    days = [RepDay("R1", date(2026, 3, 2), 480, is_absent=True)]
    (result,) = compute_kpis(items, days, WEEK, BERLIN, codes=["in_store_share"])
    assert (result.numerator, result.denominator, result.value) == (0, 0, None)
    assert {item.reason for item in result.excluded} == {"rep_absent", "no_working_day"}


@pytest.mark.parametrize("by", [(), ("rep",), ("class",), ("week",), ("supervisor", "class")])
def test_groups_share_out_the_planned_visits(by: tuple[Grouping, ...]) -> None:
    code: KpiCode = "planned_visit_compliance"
    results = compute_kpis(
        VISITS, REP_DAYS, WEEK, BERLIN, by=by, supervisors={"R1": "S1"}, spans=SPANS, codes=[code]
    )
    assert sum(r.numerator for r in results) == 4
    assert sum(r.denominator for r in results) == 7
    assert all(tuple(r.group) == by for r in results)


def test_classes_and_reps_are_groups() -> None:
    results = compute_kpis(
        VISITS, REP_DAYS, WEEK, BERLIN, by=["class"], spans=SPANS, codes=["store_coverage"]
    )
    assert {r.group["class"]: (r.numerator, r.denominator) for r in results} == {
        "A": (1, 1), "B": (2, 3), "C": (1, 1), "N": (0, 0),
    }  # fmt: skip


def test_a_week_is_a_period_of_its_own() -> None:
    """A1 is due once a week; two visits in the first week do not make up for the second."""
    visits = [
        done(planned("v1", "A1", 2, 1, "09:00", 30), "09:00", "09:30"),
        done(visit("a1", "A1", 3, origin="ad_hoc"), "09:00", "09:30"),
        missed(planned("v2", "A1", 9, 1, "09:00", 30)),
    ]
    period = KpiPeriod(date(2026, 3, 3), date(2026, 3, 31))
    code: KpiCode = "stores_reached"
    whole = compute_kpis(visits, [], replace(period, first=WEEK.first), BERLIN, codes=[code])
    assert [r.value for r in whole] == [1]
    weeks = compute_kpis(visits, [], period, BERLIN, by=["week"], codes=[code])
    assert [r.group["week"] for r in weeks] == ["2026-W10", "2026-W11"]
    assert weeks[0].period == KpiPeriod(date(2026, 3, 3), date(2026, 3, 8))
    assert [(r.numerator, r.denominator) for r in weeks] == [(0, 0), (0, 1)]


def test_the_turn_of_the_year_lies_in_week_53() -> None:
    item = Visit(
        "v1", "R1", "A1", "A", date(2027, 1, 1), missed_at=datetime(2027, 1, 2, tzinfo=UTC)
    )
    period = KpiPeriod(date(2026, 12, 1), date(2027, 1, 31))
    (result,) = compute_kpis(
        [item], [], period, BERLIN, by=["week"], codes=["planned_visit_compliance"]
    )
    assert result.group == {"week": "2026-W53"}
    assert result.period == KpiPeriod(date(2026, 12, 28), date(2027, 1, 3))


def test_without_rows_every_kpi_is_empty() -> None:
    results = compute_kpis([], [], WEEK, ZoneInfo("Asia/Shanghai"))
    assert [r.definition.code for r in results] == list(KPIS)
    assert all((r.numerator, r.denominator, r.value) == (0, 0, None) for r in results)
    assert compute_kpis([], [], WEEK, BERLIN, by=["rep"]) == ()


def test_definitions_name_and_explain_themselves_in_both_languages() -> None:
    assert KPIS["store_coverage"].names == {"en": "Store coverage", "zh": "拜访店数达标率"}
    assert KPIS["call_compliance"].names["zh"] == "拜访次数达标率"
    for definition in KPIS.values():
        assert definition.version >= 1
        assert all("÷" in formula for formula in definition.formulas.values())
