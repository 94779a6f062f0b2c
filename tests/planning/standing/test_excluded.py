"""Which rule keeps a store off a day; every working day is in a choice or has a rule."""

from routeplanner.domain.policy import RouteTemplate
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.standing.choosing import ranked_choices
from routeplanner.planning.standing.excluded import excluded_days
from routeplanner.planning.standing.standing import stand
from tests.planning.small_plans import (
    matrix_of,
    small_plan,
    small_scenario,
    with_rep,
    with_rule,
    with_store,
)
from tests.planning.standing.test_choosing import on_routes, standing_of
from tests.territories import policy, rep, scenario, store


def rules_of(world: Scenario, store_id: str) -> dict[tuple[str, int], str]:
    """The rule by rep and day; days of choices have none."""
    standing = stand(world, matrix_of(world), small_plan(world))
    found = {
        (rep_id, day): rule.code
        for rule in excluded_days(standing, store_id)
        for rep_id in rule.reps
        for day in rule.days
    }
    chosen = {(c.rep, day) for c in ranked_choices(standing, store_id) for day in c.days}
    assert not chosen & found.keys()
    assert chosen | found.keys() == {(r, day) for r in ("R1", "R2") for day in range(10)}
    return found


def test_a_free_store_is_kept_off_no_day() -> None:
    assert rules_of(small_scenario(), "C1") == {}


def test_hours_reps_and_days_off() -> None:
    world = with_store(
        small_scenario(), "C1", rep="R2", opening_hours="Mo 08:00-08:20; We-Fr 09:00-12:00"
    )
    found = rules_of(with_rep(world, "R2", hours="Mo-Th 08:30-17:30"), "C1")
    assert {code for (r, _), code in found.items() if r == "R1"} == {"OTHER_REP"}
    assert [found[("R2", day)] for day in (0, 1, 4)] == [
        "TIME_WINDOW",
        "CLOSED_ON_ALLOWED_DAYS",
        "DAY_OFF",
    ]
    assert ("R2", 2) not in found


def test_fixed_days() -> None:
    pin = [{"weekday": "fri", "week": 2}]
    found = rules_of(with_store(small_scenario(), "C1", pinned_days=pin), "C1")
    assert set(found.values()) == {"PINNED_DAYS"}
    assert ("R1", 9) not in found


def test_a_largest_gap_that_a_day_cannot_keep() -> None:
    """Twice a week at most four days apart: Monday and Friday leave 4 and 3; Monday, Tuesday 6."""
    world = with_rule(small_scenario(), "A", largest_gap_days=4)
    world = with_store(world, "A1", closed_days=["thu", "fri"])
    found = rules_of(world, "A1")
    assert found["R1", 3] == "CLOSED_ON_ALLOWED_DAYS"
    assert found["R1", 1] == "GAP_TOO_LARGE"  # Tue with Mon: 6 days; with Wed: 6 days


def test_routes_that_serve_other_classes_and_do_not_add_up() -> None:
    world = on_routes()
    policy = world.policy.model_copy(update={"routes": {"T1": RouteTemplate(classes=("A",))}})
    standing = standing_of(world.model_copy(update={"policy": policy}), iterations=20)
    (found,) = [r for r in excluded_days(standing, "C01") if r.code == "NOT_ON_ROUTE"]
    assert found.days == (0, 2, 4, 6)
    codes = {r.code: r.days for r in excluded_days(standing, "C01")}
    assert codes["ROUTES_DO_NOT_ADD_UP"] == (1, 5)  # T2 is driven twice, C wants one visit


def messages(world: Scenario, language: str = "en") -> list[str]:
    standing = standing_of(world.model_copy(update={"language": language}), iterations=5)
    return [rule.message for rule in excluded_days(standing, "C1")]


CLOSED = "the store is closed, or allows no visits"


def three_reps(**changes: object) -> Scenario:
    """A store that is open on three days; the second of three reps is off on Monday and Friday."""
    rules = {label: {"frequency": "1/2weeks", "service_minutes": 10} for label in "ABC"}
    days = policy(visit_rules=rules, workdays=["mon", "tue", "wed", "thu", "fri"])
    reps = [rep("R1"), rep("R2", hours="Tu-Th 08:30-17:30"), rep("R3")]
    places = [store("C1", opening_hours="Mo-We 08:00-18:00", **changes), store("C2")]
    return scenario(places, days, reps)


def test_a_row_names_its_reps_where_reps_differ_and_all_alike_are_one_row() -> None:
    assert messages(three_reps()) == [
        f"Thu: {CLOSED}",
        f"R1, R3 · Fri: {CLOSED}",
        "R2 · Mon Fri: the rep does not work",
    ]
    assert messages(three_reps(), "zh") == [
        "周四：门店不营业或不接受拜访",
        "R1、R3 · 周五：门店不营业或不接受拜访",
        "R2 · 周一 周五：客户主任不上班",
    ]
    assert messages(three_reps(rep="R3")) == [
        "R1, R2: no day, the store is given to R3",
        f"R3 · Thu Fri: {CLOSED}",
    ]


def test_the_only_rep_is_not_named() -> None:
    world = three_reps()
    assert messages(world.model_copy(update={"reps": world.reps[:1]})) == [f"Thu Fri: {CLOSED}"]
