"""Of which periods counts may be kept, and by what they are known again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from routeplanner.domain.kpi import KpiPeriod, KpiSettings, RepDay
from routeplanner.operations.kpis import compute_kpis
from routeplanner.operations.kpis.kept import (
    CountRules,
    counts_of,
    digest_of,
    is_calendar_period,
    read_counts,
)
from tests.operations.example_week import BERLIN, REP_DAYS, SPANS, VISITS, WEEK

RULES = CountRules(BERLIN, KpiSettings(minimum_minutes={"A": 10, "B": 5}))
DAYS = [RepDay("R1", date(2026, 3, day), 480) for day in (2, 3)]


@pytest.mark.parametrize(
    ("first", "last", "is_one"),
    [
        ("2026-03-02", "2026-03-08", True), ("2026-03-03", "2026-03-09", False),
        ("2026-03-02", "2026-03-07", False), ("2026-03-02", "2026-03-15", False),
        ("2026-02-01", "2026-02-28", True), ("2024-02-01", "2024-02-28", False),
        ("2024-02-01", "2024-02-29", True), ("2026-03-01", "2026-04-30", False),
        ("2026-04-01", "2026-06-30", True), ("2026-03-01", "2026-05-31", False),
        ("2026-01-01", "2026-12-31", True), ("2026-02-01", "2027-01-31", False),
        ("2026-12-01", "2026-12-31", True), ("2025-12-01", "2026-12-31", False),
        ("2025-03-01", "2026-03-31", False),
    ],
)  # fmt: skip
def test_calendar_periods(first: str, last: str, is_one: bool) -> None:
    period = KpiPeriod(date.fromisoformat(first), date.fromisoformat(last))
    assert is_calendar_period(period) == is_one


def digest(**changed: Any) -> bytes:
    values = {
        "rules": RULES, "n_visits": 3, "fingerprint": 5, "rep_days": DAYS,
        "partial_stores": ["s1", "s2"],
    } | changed  # fmt: skip
    return digest_of(**values)  # type: ignore[arg-type]


def ruled(**changed: Any) -> CountRules:
    return replace(RULES, settings=replace(RULES.settings, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"n_visits": 4},
        {"fingerprint": 4},
        {"rep_days": DAYS[:1]},
        {"rep_days": [DAYS[0], replace(DAYS[1], working_minutes=479.5)]},
        {"rep_days": [DAYS[0], replace(DAYS[1], is_absent=True)]},
        {"partial_stores": ["s1"]},
        {"rules": replace(RULES, zone=ZoneInfo("Europe/London"))},
        {"rules": ruled(excused=frozenset({"closed"}))},
        {"rules": ruled(minimum_minutes={"A": 10, "B": 6})},
        {"rules": ruled(early_minutes=14)},
        {"rules": ruled(late_minutes=14)},
    ],
)
def test_whatever_a_count_goes_by_changes_the_digest(changed: dict[str, Any]) -> None:
    assert digest(**changed) != digest()


@pytest.mark.parametrize(
    "same",
    [
        {"rep_days": DAYS[::-1]},
        {"partial_stores": {"s2", "s1"}},
        {"rules": ruled(minimum_minutes={"B": 5, "A": 10})},
    ],
)
def test_the_order_of_things_does_not(same: dict[str, Any]) -> None:
    assert digest(**same) == digest()


@pytest.mark.parametrize("stored", [json.dumps, lambda counts: json.dumps([*counts])])
def test_counts_come_back_from_json_as_they_were(stored: Callable[[Any], str]) -> None:
    counts = counts_of(compute_kpis(VISITS, REP_DAYS, WEEK, BERLIN, spans=SPANS))
    assert any(count.left_out for count in counts)
    assert read_counts(json.loads(stored(counts))) == counts
