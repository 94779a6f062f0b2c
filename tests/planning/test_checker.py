"""The checker finds a planted violation of every code, and that code only."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.measures import ClassMeasures, DayMeasures, Measures, RepMeasures
from routeplanner.planning.checker import ViolationCode, check_plan
from routeplanner.planning.checker.measures import SCORE_TERMS
from routeplanner.texts import text
from solvers.evaluate import TERMS
from tests.planning.planted_violations import (
    CALENDAR,
    LAST_CLASS,
    LONG,
    OFTEN_A1,
    OVER_NOON,
    PLANTED,
    SMALL,
    Case,
    found_otherwise,
    labeled,
    other_start,
    scored,
    with_calendar,
    with_stop,
)
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_rule,
    with_store,
    with_working_day,
)


def codes(case: Case) -> list[str]:
    scenario, plan = case
    return [violation.code for violation in check_plan(scenario, plan, matrix_of(scenario))]


@pytest.mark.parametrize(
    ("code", "case"), PLANTED, ids=[f"{code}-{i}" for i, (code, _) in enumerate(PLANTED)]
)
def test_a_planted_violation_is_found_and_that_code_only(code, case):
    assert set(codes(case())) == {code}


def test_every_code_is_planted():
    assert {code for code, _ in PLANTED} == set(ViolationCode)


def test_every_code_is_documented_and_has_its_texts():
    page = (Path(__file__).parents[2] / "docs" / "violations.md").read_text(encoding="utf-8")
    for code in ViolationCode:
        assert f"| `{code}` |" in page
        assert text(f"rules.{code}", "en") != text(f"rules.{code}", "zh")
    listed = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert listed == set(ViolationCode)


CLEAN: list[Callable[[], Case]] = [
    lambda: found_otherwise(small_scenario()),
    lambda: (SMALL, small_plan(SMALL, LONG | OFTEN_A1)),
    lambda: (OVER_NOON, small_plan(OVER_NOON, LONG | OFTEN_A1)),
    lambda: with_calendar(ORDERS, T1={"classes": ("A", "B")}, T2={"classes": ("C",)}),
    lambda: found_otherwise(with_store(SMALL, "A1", frequency="3/week"), listed=True),
    # Limits just kept: the same cases on the far side of the line are planted above.
    lambda: found_otherwise(with_rule(SMALL, "A", largest_gap_days=5)),
    lambda: found_otherwise(with_rep(SMALL, "R2", max_work_minutes=50)),
    lambda: found_otherwise(with_working_day(SMALL, in_store_limit=0.219)),
    lambda: found_otherwise(with_store(SMALL, "C1", avoid_hours="Tu 09:25-09:40")),
    lambda: found_otherwise(with_store(SMALL, "C1", opening_hours="Tu 08:55-09:25")),
    lambda: found_otherwise(with_store(SMALL, "C1", pinned_days=[{"weekday": "tue"}])),
    lambda: found_otherwise(with_rep(SMALL, "R2", hours="Tu 08:30-12:00")),
    # A pinned day on which the store is closed binds nothing.
    lambda: found_otherwise(
        with_store(SMALL, "C1", pinned_days=[{"weekday": "wed"}], opening_hours="Tu 08:00-18:00")
    ),
    # Fewer pinned days than visits: the others are free.
    lambda: found_otherwise(with_store(SMALL, "A1", pinned_days=[{"weekday": "mon", "week": 1}])),
    # Overtime allows what the longest work alone does not.
    lambda: found_otherwise(
        with_working_day(with_rep(SMALL, "R2", max_work_minutes=20), overtime_minutes=30)
    ),
    lambda: labeled("T1a", "T2", "T1b", "T2", orders=LAST_CLASS),
    lambda: labeled("T2", "T1", "T2", "T1", "T1"),
    lambda: other_start(date(2026, 3, 2)),
    lambda: scored(travel=12.5, missing=0),
    # A rounding of one second is no violation.
    lambda: with_stop(2, arrive=8 * 3600 + 55 * 60 - 1),
]


@pytest.mark.parametrize("case", CLEAN, ids=range(len(CLEAN)))
def test_a_good_plan_is_clean(case):
    assert codes(case()) == []


def full_of_figures() -> Case:
    """A clean plan in which no figure is trivial: waiting, uneven gaps, changing order."""
    scenario = with_store(small_scenario(), "B1", opening_hours="Mo-Fr 12:00-18:00")
    scenario = with_store(scenario, "A1", opening_hours="Mo-Fr 08:00-11:00")
    return scenario, small_plan(scenario)


def figures(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every figure of the measures with its keys."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list | tuple):
            yield from figures(item, (*path, key))
        else:
            yield (*path, key), item


FIGURES = [path for path, _ in figures(full_of_figures()[1].measures.model_dump(mode="json"))]


def other_than(value: Any) -> Any:
    if isinstance(value, str):
        return "fri" if value in WEEKDAYS else f"{value}9"
    return value + (1 if isinstance(value, int) else 0.02)


def test_every_figure_of_the_model_is_changed_below():
    named = {path[-1] for path in FIGURES} | {path[0] for path in FIGURES}
    models = (Measures, ClassMeasures, RepMeasures, DayMeasures)
    assert {name for model in models for name in model.model_fields} <= named | {"visits_by_class"}


@pytest.mark.parametrize("path", FIGURES, ids=[".".join(map(str, path)) for path in FIGURES])
def test_a_changed_figure_is_found(path):
    scenario, plan = full_of_figures()
    assert codes((scenario, plan)) == []
    content = plan.measures.model_dump(mode="json")
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = other_than(holder[path[-1]])
    tampered = plan.model_copy(update={"measures": Measures.model_validate(content)})
    assert codes((scenario, tampered)) == ["MEASURES_WRONG"]


def test_the_terms_of_a_score_are_those_of_the_search():
    assert {*TERMS, "stability"} == SCORE_TERMS  # what changes cost is part of the options there


def test_daily_counts_the_workdays_on_which_a_visit_fits():
    scenario = with_store(
        SMALL, "C1", frequency="daily", opening_hours="Tu 09:00-09:30; We 09:00-09:29"
    )
    plan = small_plan(scenario, ORDERS | {("R2", 6): ("C1",)})
    assert plan.required_visits == 10
    assert codes((scenario, plan)) == []


def test_messages_name_store_and_day_in_the_language_of_the_scenario():
    changed = with_store(SMALL, "C1", name="Kiosk", closed_days=["tue"])
    for language, day in (("en", "week 1 Tue"), ("zh", "第1周周二")):
        scenario = changed.model_copy(update={"language": language})
        plan = small_plan(SMALL)
        (found,) = check_plan(scenario, restated(scenario, plan), matrix_of(scenario))
        assert (found.rep, found.day, found.store_id) == ("R2", 1, "C1")
        assert "C1 Kiosk" in found.message
        assert day in found.message
        assert text("violations.when", language, week=1, weekday="").strip() in found.message


def test_a_calendar_shorter_than_the_cycle_repeats():
    scenario = with_policy(small_scenario(), calendar=CALENDAR[:1])
    labels = {key: CALENDAR[0][key[1] % 5] for key in ORDERS}
    assert codes((scenario, small_plan(scenario, ORDERS, labels))) == []


def test_the_gaps_of_a_daily_store_are_nobodys_choice():
    scenario = with_rule(small_scenario(), "C", frequency="daily", largest_gap_days=2)
    scenario = with_store(scenario, "C1", opening_hours="Tu 08:00-18:00")
    plan = small_plan(scenario, ORDERS | {("R2", 6): ("C1",)})
    assert plan.scheduled_visits == plan.required_visits
    assert codes((scenario, plan)) == []
