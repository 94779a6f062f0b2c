"""What `--set` says, in full: names, several changes, keys of every kind, and what is wrong."""

from typing import Any

import pytest

from routeplanner.domain.study import AlternativeFields
from routeplanner.domain.what_if import RepChange
from routeplanner.errors import InputError, Issue
from routeplanner.files.what_if_sets import read_alternatives, read_sets
from routeplanner.planning.what_if.changes import changed
from tests.territories import policy, rep, scenario, store, stores

WORLD = scenario([*stores({"A": 2, "B": 2, "C": 2}), store("Shop 7", "C")], reps=[rep(), rep("R2")])


def lines(words: str) -> tuple[str, ...]:
    return read_sets([words], WORLD)[0].policy_lines


def issues(*sets: str) -> tuple[Issue, ...]:
    with pytest.raises(InputError) as caught:
        read_sets(sets, WORLD)
    return caught.value.issues


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A.frequency=2/week", 'visit_rules.A.frequency = "2/week"'),
        ("A.frequency=每周两次", 'visit_rules.A.frequency = "2/week"'),
        ("C.frequency=every two weeks", 'visit_rules.C.frequency = "1/2weeks"'),
        ("A.minutes=25", "visit_rules.A.service_minutes = 25"),
        ("visit_rules.A.service_minutes=25", "visit_rules.A.service_minutes = 25"),
        ("B.largest_gap=5", "visit_rules.B.largest_gap_days = 5"),
        ("classes.A=35%", "classes.lines = [35, 80]"),
        ("classes.A=35 classes.B=75", "classes.lines = [35, 75]"),
        ("classes.lines=[30, 70]", "classes.lines = [30, 70]"),
        ("lunch=none", "working_day.lunch_minutes = 0"),
        ("in_store_limit=70%", "working_day.in_store_limit = 0.7"),
        ("reserve=5%", "working_day.reserve = 0.05"),
        ("longest_day=7:30", "working_day.max_work_minutes = 450"),
        ("longest_day=none", 'working_day.max_work_minutes = "none"'),
        ("spacing=0", "objective.spacing = 0"),
        ("objective.route=30", "objective.route = 30"),
        ("calendar=auto; routes=4", 'calendar = "auto"\ntemplates = 4'),
        ("workdays=mon-fri", 'workdays = ["mon", "tue", "wed", "thu", "fri"]'),
        (
            "office=20+10",
            "working_day.prepare_minutes = 20\nworking_day.summary_minutes = 10",
        ),
        ("office=30", "working_day.prepare_minutes = 10\nworking_day.summary_minutes = 20"),
        (
            "hours=08:00-18:00",
            'working_day.start = "08:00"\nworking_day.end = "18:00"',
        ),
        ("travel.detour=1.2", "travel.detour = 1.2"),
        ("A.minimum_frequency=guaranteed", 'visit_rules.A.minimum_frequency = "guaranteed"'),
        ("A.frequency＝2/week；C.minutes＝8", None),
    ],
)
def test_a_key_becomes_a_line_of_the_policy(words: str, expected: str | None) -> None:
    expected = expected or 'visit_rules.A.frequency = "2/week"\nvisit_rules.C.service_minutes = 8'
    assert "\n".join(lines(words)) == expected


def test_names_are_those_given_or_the_changes() -> None:
    named, other = read_sets(["More visits: A.frequency=daily", "reps=+1  lunch=30"], WORLD)
    assert (named.name, other.name) == ("More visits", "reps=+1 lunch=30")


@pytest.mark.parametrize(("words", "more"), [("+1", 1), ("-1", -1), ("5", 3), ("1", -1)])
def test_reps_are_added_or_counted(words: str, more: int) -> None:
    assert read_sets([f"reps={words}"], WORLD)[0].more_reps == more


def test_a_store_gets_its_own_rules() -> None:
    words = (
        "C01.frequency=1/week C01.minutes=45 C02.hours=Mo-Tu 09:00-12:00; Fr 13:00-15:00 "
        "B01.pinned_days=w2-tue B02.status=closed A01.class=B 'Shop 7'.rep=R2"
    )
    found = {s.id: s for s in changed(WORLD, read_sets([words], WORLD)[0]).stores}
    assert str(found["C01"].frequency) == "1/week"
    assert found["C01"].service_minutes == 45
    assert found["C02"].opening_hours is not None
    assert found["C02"].opening_hours.to_osm() == "Mo-Tu 09:00-12:00; Fr 13:00-15:00"
    assert [(pin.week, pin.weekday) for pin in found["B01"].pinned_days] == [(2, "tue")]
    assert not found["B02"].is_planned
    assert found["A01"].store_class == "B"
    assert found["Shop 7"].rep == "R2"
    assert found["A02"] == next(s for s in WORLD.stores if s.id == "A02")


def test_all_stores_lose_their_own_hours() -> None:
    shut = scenario([store("C01", opening_hours="Mo 09:00-10:00", closed_days=("tue",))])
    (alone,) = changed(shut, read_sets(["stores.hours=none"], shut)[0]).stores
    assert alone.opening_hours is None
    assert alone.closed_days == ()


def test_lunch_is_that_of_every_rep() -> None:
    own = scenario([store("C01")], reps=[rep(lunch_minutes=30)])
    alternative = read_sets(["lunch=45"], own)[0]
    assert alternative.reps == (RepChange(key="lunch_minutes"),)
    assert changed(own, alternative).reps[0].lunch_minutes is None
    assert read_sets(["working_day.lunch_minutes=45"], own)[0].reps == ()


def test_hours_keep_the_days_off_of_reps() -> None:
    own = scenario([store("C01")], policy(), [rep(hours="Mo-We 08:30-12:30; Fr 08:30-17:30")])
    (found,) = changed(own, read_sets(["hours=08:00-18:00"], own)[0]).reps
    assert found.hours is not None
    assert found.hours.to_osm() == "Mo-We 08:00-18:00; Fr 08:00-18:00"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("nonsense", "UNREADABLE_SET", "KEY=VALUE"),
        ("oops A.frequency=2/week", "UNREADABLE_SET", "KEY=VALUE"),
        ("A.frequenzy=2/week", "UNKNOWN_SET_KEY", "A.frequency"),
        ("D.frequency=2/week", "UNKNOWN_SET_KEY", "A.frequency"),
        ("visit_rules.D.frequency=2/week", "UNKNOWN_SET_KEY", "possible"),
        ("classes.C=90", "UNKNOWN_SET_KEY", "classes.B"),
        ("C01.hour=Mo 09:00-10:00", "UNKNOWN_SET_KEY", "C01.hours"),
        ("working_day.lunch=30", "UNKNOWN_SET_KEY", "working_day.lunch_minutes"),
        ("A.frequency=often", "WRONG_VALUE", 'such as "daily", "3/week"'),
        ("A.minutes=-5", "WRONG_VALUE", "docs/policy.md"),
        ("in_store_limit=170%", "WRONG_VALUE", "docs/policy.md"),
        ("classes.A=90%", "WRONG_VALUE", "docs/policy.md"),
        ("reps=some", "WRONG_SET_VALUE", "+1"),
        ("reps=-2", "WRONG_SET_VALUE", "at least one"),
        ("lunch=long", "WRONG_SET_VALUE", "minutes"),
        ("hours=18:00-08:00", "WRONG_SET_VALUE", "08:00-18:00"),
        ("C01.frequency=often", "WRONG_SET_VALUE", "1/2weeks"),
        ("C01.minutes=0", "WRONG_SET_VALUE", "1440"),
        ("C01.hours=sometimes", "WRONG_SET_VALUE", "Mo-Fr"),
        ("C01.class=Z", "WRONG_SET_VALUE", "class"),
        ("C01.rep=R9", "WRONG_SET_VALUE", "rep"),
        ("C01.status=gone", "WRONG_SET_VALUE", "suspended"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(words: str, code: str, told: str) -> None:
    (found,) = issues(words)
    assert found.code == code
    assert told in f"{found.message} {found.hint}"


def test_everything_wrong_is_told_at_once() -> None:
    assert [i.code for i in issues("D.x=1 lunch=long", "A.minutes=0")] == [
        "UNKNOWN_SET_KEY",
        "WRONG_SET_VALUE",
        "WRONG_VALUE",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"A.frequency": "2/week", "C.minutes": 8}, "A.frequency=2/week C.minutes=8"),
        ({"lunch": None, "reps": "+1"}, "lunch=none reps=+1"),
        ({"classes.lines": [30, 70]}, "classes.lines=[30, 70]"),
        ({"workdays": ["mon", "tue", "fri"]}, 'workdays=["mon", "tue", "fri"]'),
        ({"hours": ["08:00", "18:00"]}, "hours=08:00-18:00"),
        ({"in_store_limit": 0.7, "reserve": 0.05}, "in_store_limit=0.7 reserve=0.05"),
        ({"Shop 7.minutes": 12.5}, '"Shop 7".minutes=12.5'),
    ],
)
def test_json_says_what_words_say(changes: dict[str, Any], words: str) -> None:
    fields = AlternativeFields.model_validate({"name": "x", "changes": changes})
    (found,) = read_alternatives([fields], WORLD)
    (expected,) = read_sets([f"x: {words}"], WORLD)
    assert found == expected
    (unnamed,) = read_alternatives([fields.model_copy(update={"name": ""})], WORLD)
    assert unnamed.name.split("=")[0] == next(iter(changes))


def test_faults_of_json_lie_at_their_keys() -> None:
    given = [AlternativeFields(changes={"reps": 2}), AlternativeFields(changes={"hours": "x"})]
    with pytest.raises(InputError) as caught:
        read_alternatives([*given, AlternativeFields(changes={"A.rhythm": 1})], WORLD)
    assert [(issue.code, issue.path, issue.file) for issue in caught.value.issues] == [
        ("WRONG_SET_VALUE", "alternatives[1].changes.hours", None),
        ("UNKNOWN_SET_KEY", "alternatives[2].changes.A.rhythm", None),
    ]
