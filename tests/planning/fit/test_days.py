"""Stores without days by the levels of levers, against the choices of every changed scenario."""

from collections.abc import Iterator
from itertools import product

import pytest

from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.choices import ChoiceFinder
from routeplanner.planning.fit.days import Days
from routeplanner.planning.fit.ladders import POINTS, Ladder, merged, rule_ladders
from routeplanner.planning.what_if.changes import with_changes
from routeplanner.planning.what_if.more_reps import with_more_reps
from routeplanner.travel.source import travel_matrix
from solvers.relaxations import Levels
from tests.territories import policy, rep, scenario, store

DAY = {"start": "08:00", "end": "10:00", "prepare_minutes": 0, "summary_minutes": 0, "reserve": 0}
CALENDAR = [["T1", "T2", "T1", "T2", "T1"]]
PLACES = (
    store("fine", "A"),
    store("shut", "A", closed_days=("mon", "tue", "wed", "thu", "fri")),
    store("two-days", "A", closed_days=("mon", "tue", "wed")),
    store("long", "B", service_minutes=150),
    store("far", "B", lat=52.9),
    store("fixed", "B", pinned_days=({"weekday": "mon"},), closed_days=("mon", "tue", "wed")),
    store("late", "B", opening_hours="Mo-Fr 10:05-18:00", rep="R01"),
)


def given(**changes: object) -> Scenario:
    """Two hours a day; A three times a week, B every two weeks with a gap that needs it weekly."""
    rules = policy(
        classes={"labels": ["A", "B"], "lines": [50]},
        visit_rules={
            "A": {"frequency": "3/week", "service_minutes": 30},
            "B": {"frequency": "1/week", "service_minutes": 20, "largest_gap_days": 7},
        },
        workdays=["mon", "tue", "wed", "thu", "fri"],
        working_day=DAY,
        **changes,
    )
    booked = Appointment.model_validate(
        {"rep": "R01", "weekday": "thu", "start": "08:30", "end": "09:50"}
    )
    return scenario(PLACES, rules, [rep()], weeks=1, appointments=[booked])


def levels_of(ladders: tuple[Ladder, ...]) -> Iterator[Levels]:
    """Nothing and all of each ladder, and the first step where less may be better."""
    often = ("frequency", "classes")
    return product(
        *(sorted({0, int(x.lever in often), len(x.steps)}) for x in ladders),
    )


def short_by_choices(scenario: Scenario, ladders: tuple[Ladder, ...], levels: Levels) -> set[str]:
    steps = [x.steps[n - 1] for x, n in zip(ladders, levels, strict=True) if n]
    changes = merged(steps)
    changed = with_more_reps(with_changes(scenario, changes), changes.more_reps)
    rows = changed.policy.calendar
    assert rows != "auto"
    finder = ChoiceFinder(changed, travel_matrix(changed), rows)
    found = {each.id: finder.choices_of(each) for each in changed.stores}
    return {
        store_id
        for store_id, choices in found.items()
        if max((choice.weight for choice in choices.choices), default=0) < choices.required
    }


@pytest.mark.parametrize("calendar", [None, CALENDAR])
def test_the_days_at_all_levels_are_those_of_the_changed_scenario(calendar: object) -> None:
    world = given(**({"calendar": calendar} if calendar else {}))
    ladders = tuple(x for x in rule_ladders(world, POINTS) if x.lever != "reps")
    days = Days(world, travel_matrix(world), ladders)
    seen: set[str] = set()
    for levels in levels_of(ladders):
        expected = short_by_choices(world, ladders, levels)
        assert {each.id for each in days.short(levels)} == expected, levels
        seen |= expected
    assert {"shut", "two-days", "long", "far", "late", "fixed"} >= seen - {"fine"}
    always = {each.id for each in days.stuck()}
    assert {"shut", "far"} <= always
    assert not always & {"fine", "two-days", "long", "late"}


@pytest.mark.parametrize("calendar", [None, CALENDAR])
def test_without_one_of_its_ways_out_a_store_has_too_few_days(calendar: object) -> None:
    world = given(**({"calendar": calendar} if calendar else {}))
    ladders = tuple(x for x in rule_ladders(world, POINTS) if x.lever != "classes")
    days = Days(world, travel_matrix(world), ladders)
    nothing = (0,) * len(ladders)
    ways = {each.id: days.ways_out(each, nothing) for each in days.short(nothing)}
    assert ways["shut"] == ()
    places = {x.key: i for i, x in enumerate(ladders)}
    helped = "calendar" if calendar else "A.frequency"  # under the calendar both are needed
    assert (places[helped], 1) in ways["two-days"]
    for levels in levels_of(ladders):
        expected = short_by_choices(world, ladders, levels)
        for store_id, pairs in ways.items():
            if not any(levels[place] == level for place, level in pairs):
                assert store_id in expected, (store_id, levels)


def test_class_lines_that_moved_may_put_a_store_into_any_class() -> None:
    world = given()
    places = tuple(
        each.model_copy(update={"sales": 10.0, "class_source": "sales"}) for each in world.stores
    )
    world = world.model_copy(update={"stores": places})
    ladders = tuple(x for x in rule_ladders(world, POINTS) if x.lever == "classes")
    days = Days(world, travel_matrix(world), ladders)
    assert {each.id for each in days.short((0,))} >= {"two-days", "shut"}
    assert "two-days" not in {each.id for each in days.short((1,))}  # as B it is wanted weekly
    for level in range(len(ladders[0].steps) + 1):
        found = {each.id for each in days.short((level,))}
        assert found <= short_by_choices(world, ladders, (level,))


def test_of_a_calendar_still_to_be_chosen_only_closed_days_are_known() -> None:
    world = given(calendar="auto", templates=2)
    days = Days(world, travel_matrix(world), ())
    assert {each.id for each in days.short(())} == {"shut", "two-days", "long", "far", "late"}
