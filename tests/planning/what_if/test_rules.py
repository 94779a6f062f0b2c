"""The rules of the price list: what is in force, and the scenario without it."""

import pytest

from routeplanner.domain.prices import Rule
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import PinnedDay
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.narrow_hours import open_share
from routeplanner.planning.what_if.rules import rules_of
from tests.territories import policy, rep, scenario, store, stores

RULES = {
    "A": {"frequency": "3/week", "service_minutes": 30},
    "B": {"frequency": "1/week", "service_minutes": 15},
    "C": {"frequency": "1/2weeks", "service_minutes": 10},
}

ROUTES = {"T1": {"classes": ["A"]}, "T2": {"classes": ["B"]}}


def rules(given: Scenario, code: str) -> list[Rule]:
    return [rule for rule in rules_of(given, 2) if rule.code == code]


def without(given: Scenario, code: str) -> Scenario:
    """The scenario under the first rule of a code that is in force."""
    rule = next(rule for rule in rules(given, code) if rule.kind == "in_force")
    assert rule.alternative is not None
    return changed(given, rule.alternative)


WORLD = scenario(stores({"A": 2, "B": 2, "C": 2}), policy(visit_rules=RULES))


def test_rules_that_the_scenario_does_not_have_are_told_as_that() -> None:
    for code in ("in_store_limit", "pinned_days", "opening_hours"):
        (rule,) = rules(WORLD, code)
        assert (rule.kind, rule.alternative) == ("not_in_force", None)
    for code in ("calendar", "largest_gap", "longest_day"):
        assert rules(WORLD, code) == []


def test_every_class_is_priced_a_step_up_and_down_and_the_least_weekly() -> None:
    names = [rule.name for rule in rules(WORLD, "frequency")]
    assert names == [
        "A daily",
        "A 2/week",
        "B 2/week",
        "B every 2 weeks",
        "C weekly",
        "C every 4 weeks",
    ]
    rare = policy(visit_rules=RULES | {"C": {"frequency": "1/4weeks", "service_minutes": 10}})
    names = [r.name for r in rules(scenario(stores({"C": 2}), rare, weeks=4), "frequency")]
    assert names == ["C every 2 weeks", "C weekly"]


def test_without_the_same_weekdays_visits_count_over_the_whole_cycle() -> None:
    own = store("x", "C", frequency="2/week")
    given = WORLD.model_copy(update={"stores": (*WORLD.stores, own)})
    found = without(given, "stable_weekday")
    frequencies = {label: str(r.frequency) for label, r in found.policy.visit_rules.items()}
    assert frequencies == {"A": "6/2weeks", "B": "2/2weeks", "C": "1/2weeks"}
    assert str(found.stores[-1].frequency) == "4/2weeks"
    assert found.cycle == given.cycle


def test_a_cycle_that_repeats_nothing_has_no_rule_of_the_same_weekdays() -> None:
    weekly = dict.fromkeys(RULES, RULES["B"])
    given = scenario(stores({"A": 2}), policy(visit_rules=weekly), weeks=1)
    assert [rule.kind for rule in rules(given, "stable_weekday")] == ["not_in_force"]
    assert [rule.kind for rule in rules(given, "spacing")] == ["not_in_force"]


def test_spacing_is_taken_away_and_made_strict() -> None:
    taken, strict = rules(WORLD, "spacing")
    assert (taken.kind, strict.kind) == ("in_force", "introduced")
    assert without(WORLD, "spacing").policy.objective.spacing == 0


@pytest.mark.parametrize("code", ["lunch", "office"])
def test_minutes_of_the_day_go_for_reps_with_their_own_too(code: str) -> None:
    own = rep("R2", lunch_minutes=30, prepare_minutes=5, summary_minutes=5)
    given = scenario(WORLD.stores, WORLD.policy, [rep(), own])
    (rule,) = rules(given, code)
    assert rule.name == {"lunch": "Lunch, 30–60 min", "office": "Office time, 10–45 min"}[code]
    found = without(given, code)
    day = found.policy.working_day
    assert [day.lunch_minutes, day.prepare_minutes + day.summary_minutes].count(0) == 1
    cleared = {"lunch": found.reps[1].lunch_minutes, "office": found.reps[1].summary_minutes}
    assert cleared[code] is None


def test_limits_gaps_pins_and_the_calendar_go() -> None:
    calendar = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
    visit_rules = {label: rule | {"largest_gap_days": 14} for label, rule in RULES.items()}
    visit_rules["B"]["frequency"] = "2/week"
    day = {"in_store_limit": 0.7, "max_work_minutes": 300}
    pinned = store("x", "C", pinned_days=(PinnedDay(weekday="sat"),))
    given = scenario(
        [*WORLD.stores, pinned],
        policy(visit_rules=visit_rules, calendar=calendar, routes=ROUTES, working_day=day),
    )
    assert without(given, "in_store_limit").policy.working_day.in_store_limit is None
    assert without(given, "longest_day").policy.working_day.max_work_minutes is None
    assert without(given, "calendar").policy.calendar is None
    assert without(given, "pinned_days").stores[-1].pinned_days == ()
    gaps = {
        rule.largest_gap_days for rule in without(given, "largest_gap").policy.visit_rules.values()
    }
    assert gaps == {None}
    (rule,) = rules(given, "stable_weekday")
    assert rule.why == "the route calendar gives the days"
    # Route T1 alone serves A, on six days: no other frequency can be planned.
    of_a = [rule for rule in rules(given, "frequency") if rule.name.startswith("A")]
    assert [(rule.kind, rule.alternative) for rule in of_a] == [("not_in_force", None)] * 2
    assert all("T1" in rule.why for rule in of_a)


def test_the_narrowest_hours_come_one_by_one_and_all_together() -> None:
    """The working day is 8 h 15 from leaving to returning, on six days."""
    half = store("half", opening_hours="Mo-Sa 08:45-12:52")
    hour = store("hour", opening_hours="Mo-Sa 09:00-10:00")
    monday = store("monday", visit_hours="Mo 00:00-24:00")
    given = scenario([half, hour, monday, store("wide", opening_hours="Mo-Sa 06:00-22:00")])
    assert open_share(given, hour) == pytest.approx(60 / 495)
    assert open_share(given, monday) == pytest.approx(1 / 6)
    found = rules(given, "opening_hours")
    assert [rule.name for rule in found] == [
        "Opening hours of store hour (12 % of the working time)",
        "Opening hours of store monday (17 % of the working time)",
        "Opening hours of all 3 stores that have them narrower than the day",
    ]
    assert found[2].alternative is not None
    assert [s.opening_hours is None for s in changed(given, found[2].alternative).stores] == [
        True, True, True, False,
    ]  # fmt: skip
