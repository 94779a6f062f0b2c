"""Why visits are missing: the reason that a planner can act on, and what would help."""

from collections.abc import Sequence

import pytest

from routeplanner.domain.plan import Plan, Unserved
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.plan import make_plan
from tests.territories import policy, scenario, store, stores

EXAMPLE_CALENDAR = [["T1", "T2", "T1", "T2", "T1", "T3"], ["T1", "T2", "T1", "T2", "T1", "T4"]]


def reasons(world: Scenario, iterations: int = 40) -> dict[str, Unserved]:
    plan: Plan = make_plan(world, iterations=iterations, seed=1)
    return {item.store_id: item for item in plan.unserved}


def in_language(places: Sequence[Store], rules: Policy, language: str) -> Scenario:
    return scenario(places, rules).model_copy(update={"language": language})


def weekly(minutes: float = 10, **changes: object) -> Policy:
    rules = {label: {"frequency": "1/week", "service_minutes": minutes} for label in "ABC"}
    return policy(visit_rules=rules, **changes)


def test_a_limit_on_minutes_in_store_is_named_where_the_day_has_time() -> None:
    # 10 % of 480 min: two visits of 20 min a day, on six days
    rules = weekly(20, working_day={"in_store_limit": 0.1})
    found = reasons(scenario(stores({"C": 16}, spread=0.01), rules, weeks=1))
    assert {item.code for item in found.values()} == {"IN_STORE_LIMIT"}
    assert len(found) == 4
    hint = next(iter(found.values())).hint
    assert "20 min in store" in hint
    assert "8 of 48 min in store left" in hint
    assert "working_day.in_store_limit" in hint


def test_a_full_day_below_its_limit_in_store_is_full() -> None:
    rules = weekly(100, working_day={"in_store_limit": 0.95})
    found = reasons(scenario(stores({"C": 24}, spread=0.01), rules, weeks=1))
    assert {item.code for item in found.values()} == {"DAY_FULL"}
    hint = next(iter(found.values())).hint
    assert "min left" in hint
    assert "not at hours" not in hint
    assert "one more rep" not in hint  # general advice stands below the list, once


def test_a_day_that_has_time_but_not_while_the_store_is_open_says_so() -> None:
    places = [store(f"S{n}", opening_hours="Sa 09:00-10:00") for n in range(6)]
    found = reasons(scenario(places, weekly(30), weeks=1))
    assert {item.code for item in found.values()} == {"DAY_FULL"}
    for item in found.values():
        assert item.message.endswith("no room was found on its days")
        assert "but perhaps not at hours when the store is open" in item.hint


def test_what_binds_on_the_open_day_comes_before_closed_days() -> None:
    places = [
        store("short", opening_hours="We 09:00-09:50", service_minutes=60),
        store("remote", opening_hours="We 08:00-18:00", lat=54.5),
        store("closed", opening_hours="Su 10:00-12:00"),
    ]
    found = reasons(scenario(places, weekly()))
    assert {store_id: item.code for store_id, item in found.items()} == {
        "short": "TIME_WINDOW",
        "remote": "TOO_FAR",
        "closed": "CLOSED_ON_ALLOWED_DAYS",
    }


@pytest.mark.parametrize(
    ("language", "words", "hint"),
    [
        (
            "en",
            "600 min in store are longer than a working day",
            "more than 391 min for it: give it",
        ),
        ("zh", "店内600分钟超过一个工作日", "每天最多391分钟可用，请减少该店店内时间"),
    ],
)
def test_a_visit_longer_than_the_day_does_not_blame_the_way(
    language: str, words: str, hint: str
) -> None:
    long = store("long", service_minutes=600)
    row = reasons(in_language([long], weekly(), language))["long"]
    assert row.code == "VISIT_TOO_LONG"
    assert words in row.message
    assert hint in row.hint
    assert "coordinates" not in row.hint


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [("en", "lower frequency", "no day of the cycle"), ("zh", "降低", "没有可拜访的日期")],
)
def test_a_lower_frequency_is_no_remedy_without_an_open_day(
    language: str, wrong: str, right: str
) -> None:
    closed = store("S1", opening_hours="Su 10:00-12:00")
    for rules in (weekly(), policy(calendar=EXAMPLE_CALENDAR)):
        row = reasons(in_language([closed], rules, language))["S1"]
        assert row.code.startswith("CLOSED_ON_")
        assert wrong not in row.hint
        assert right in row.hint


def test_closed_days_are_the_reason_where_the_short_day_would_not_be_enough() -> None:
    hours = "Fr 08:00-18:00; Sa 09:00-09:05"
    found = reasons(scenario([store("S1", opening_hours=hours)], weekly_three()))
    assert found["S1"].code == "CLOSED_ON_ALLOWED_DAYS"
    assert found["S1"].served == 2
    assert "days of the cycle open to visits: 2" in found["S1"].hint


def weekly_three() -> Policy:
    rules = {label: {"frequency": "3/week", "service_minutes": 10} for label in "ABC"}
    return policy(visit_rules=rules)


def test_a_store_that_only_the_calendar_leaves_without_days_is_told_so() -> None:
    routes = {"T1": {"classes": ["A"]}, "T2": {"classes": ["B", "C"]}}
    given = policy(calendar=[["T1", "T2", "T1", "T2", "T1", "T1"]] * 2, routes=routes)
    found = reasons(scenario([store("A1", "A"), store("C1", "C")], given))
    assert found["C1"].code == "NO_PATTERN"
    assert "without a calendar it would have days" in found["C1"].hint
    gap = {
        label: {"frequency": "1/2weeks", "service_minutes": 10, "largest_gap_days": 7}
        for label in "ABC"
    }
    either_way = policy(visit_rules=gap, calendar=EXAMPLE_CALENDAR)
    found = reasons(scenario([store("C1", "C")], either_way))
    assert found["C1"].code == "NO_PATTERN"
    assert "without a calendar" not in found["C1"].hint
