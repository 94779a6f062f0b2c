"""Changes of class against an earlier list: the margin, and hours per week by hand."""

import pytest

from routeplanner.domain.policy import Policy
from routeplanner.domain.store import Store
from routeplanner.planning.class_changes import class_changes
from routeplanner.planning.class_report import (
    change_report,
    change_words,
    class_report,
    source_words,
)
from routeplanner.planning.classify import class_table

POLICY = Policy.model_validate(
    {
        "visit_rules": {
            "A": {"frequency": "daily", "service_minutes": 30},
            "B": {"frequency": "1/week", "service_minutes": 15},
            "C": {"frequency": "1/2weeks", "service_minutes": 10},
        }
    }
)


def stores(**sales: float | None) -> list[Store]:
    return [
        Store(id=name, lat=52.5, lon=13.4 + 0.01 * i, sales=amount)
        for i, (name, amount) in enumerate(sales.items())
    ]


def test_equal_lists_change_nothing() -> None:
    found = class_changes(stores(a=50, b=30, c=20), stores(a=50, b=30, c=20), POLICY)
    assert found.changes == ()
    assert found.hours == 0
    assert change_report(found)[0].startswith("No store changes class; 0 stand")


def test_a_store_within_the_margin_is_kept_and_named() -> None:
    # b was A (38 before it); now 42 stand before it, under 44
    found = class_changes(stores(a=38, b=37, c=25), stores(a=42, b=33, c=25), POLICY)
    assert found.changes == ()
    assert [row.store_id for row in found.kept_by_margin] == ["b"]


def test_a_store_beyond_the_margin_changes_with_its_hours() -> None:
    found = class_changes(stores(a=38, b=37, c=25), stores(a=50, b=30, c=20), POLICY)
    (change,) = (c for c in found.changes if c.store_id == "b")
    assert (change.was, change.now, change.share_before) == ("A", "B", 50)
    # from 6 x 30 min to 1 x 15 min a week
    assert change.in_store_hours == pytest.approx(-2.75)
    assert change.travel_hours < 0
    assert found.hours == pytest.approx(found.in_store_hours + found.travel_hours)
    words = f"Stores that change class: {len(found.changes)}; "
    assert change_report(found)[0].startswith(words)
    assert change_report(found)[1].startswith("Effect: -")


def test_new_and_gone_stores_count_with_all_their_hours() -> None:
    found = class_changes(stores(a=80, b=20), stores(a=80, c=20), POLICY)
    by_id = {change.store_id: change for change in found.changes}
    assert (by_id["b"].was, by_id["b"].now) == ("C", None)
    assert (by_id["c"].was, by_id["c"].now) == (None, "C")
    assert by_id["b"].in_store_hours == pytest.approx(-by_id["c"].in_store_hours)
    assert change_words(None, is_before=True, language="en") == "new"
    assert change_words(None, is_before=False, language="zh") == "移除"


def test_a_store_with_its_own_frequency_and_minutes_costs_the_same_in_any_class() -> None:
    own = {"frequency": "1/week", "service_minutes": 20}
    before = [store.model_copy() for store in stores(a=38, b=37, c=25)]
    after = stores(a=50, b=30, c=20)
    fixed = Store.model_validate({**after[1].model_dump(by_alias=True), **own})
    earlier = Store.model_validate({**before[1].model_dump(by_alias=True), **own})
    found = class_changes([before[0], earlier, before[2]], [after[0], fixed, after[2]], POLICY)
    (change,) = (c for c in found.changes if c.store_id == "b")
    assert (change.in_store_hours, change.travel_hours) == (0, 0)


def test_the_ways_are_those_to_the_neighbors() -> None:
    near = [s.model_copy(update={"lon": 13.4}) for s in stores(a=38, b=37, c=25)]
    new_near = [s.model_copy(update={"lon": 13.4}) for s in stores(a=50, b=30, c=20)]
    found = class_changes(near, new_near, POLICY)
    (change,) = (c for c in found.changes if c.store_id == "b")
    assert change.travel_hours == pytest.approx(-5 * 3 / 60)  # five visits fewer, 3 min to park


def test_the_report_counts_stores_and_sales_by_area() -> None:
    mixed = [
        *stores(a=50, b=30, c=20),
        Store(id="d", lat=52.5, lon=13.4, sales=None, rep="R1"),
    ]
    rows = class_table(mixed, POLICY)
    report = class_report(rows, mixed, POLICY)
    assert report[0] == (
        "A: 1 stores, 50 % of sales · B: 1 stores, 30 % of sales · C: 1 stores, 20 % of sales."
    )
    assert report[1].startswith("Area of R1: ")
    assert "No sales figures to class by in the area of R1" in report[2]
    assert source_words(rows[-1], "en") == "no sales figure"
    assert source_words(rows[0], "zh") == "按销量"
