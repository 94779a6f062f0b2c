"""The bound beside a plan: the plan's score, what no plan is below, and what may be said of it.

In the small territory a route of k visits costs 15 minutes, and 10 for each of its k + 1 ways. A1
is visited on four days, and the other five visits can join it there: 4 x 25 + 9 x 10 = 190. Its
gaps are three and four days at best, half a day off each, which costs 4 x 5 = 20 more.
"""

import pytest

from routeplanner.domain.plan_bound import PlanBound
from routeplanner.planning.bound import bound_of
from routeplanner.planning.plan import make_plan
from solvers.bounds import MOST_STORES
from tests.planning.small_plans import ORDERS, small_plan, small_scenario, with_rule
from tests.territories import scenario, stores

ENOUGH = 3600.0  # seconds that no test gets near to


def test_a_route_too_many_is_the_gap() -> None:
    given = small_scenario()
    found = bound_of(given, small_plan(given), seconds=ENOUGH)
    # Five routes in place of four, and gaps of two and five days.
    assert (found.score, found.least_score) == (190 + 25 + 60, 210)
    assert found.gap_minutes == 65
    assert found.gap_percent == pytest.approx(100 * 65 / 210)
    assert found.is_final
    assert not found.is_best
    assert not found.breaks_rules


def test_the_best_plan_is_known_as_such() -> None:
    given = small_scenario()
    days = {0: ("A1", "B1", "C1"), 3: ("A1", "B2"), 5: ("A1", "B1"), 8: ("A1", "B2")}
    plan = small_plan(given, {("R1", day): order for day, order in days.items()})
    found = bound_of(given, plan, seconds=ENOUGH)
    assert found.is_best
    assert found.score == found.least_score == 210
    assert found.gap_minutes == found.gap_percent == 0


def test_a_score_is_that_of_the_plan() -> None:
    given = small_scenario()
    plan = make_plan(given, method="insertion", iterations=5)
    found = bound_of(given, plan, seconds=ENOUGH)
    assert found.score == pytest.approx(sum(plan.score.values()), abs=0.1)
    assert found.least_score == 210


def test_missing_visits_stand_in_the_score() -> None:
    given = small_scenario()
    found = bound_of(given, small_plan(given, {("R1", 0): ("A1", "B1")}), seconds=ENOUGH)
    assert found.missing_visits == 7
    assert found.least_score == 210
    assert found.gap_minutes is not None
    assert found.gap_minutes > 1_000


def test_a_plan_that_breaks_rules_is_not_held_against_the_bound() -> None:
    given = small_scenario()
    too_often = ORDERS | {("R1", 1): ("A1",)}
    found = bound_of(given, small_plan(given, too_often), seconds=ENOUGH)
    assert found.breaks_rules
    assert found.gap_minutes is None
    assert found.least_score == 210


def test_what_the_proof_leaves_out_is_named() -> None:
    given = with_rule(small_scenario(), "A", minimum_frequency="guaranteed")
    found = bound_of(given, small_plan(given), seconds=ENOUGH)
    assert set(found.left_out) == {"waiting", "guaranteed"}


def test_a_bound_is_read_back_with_its_gap() -> None:
    given = small_scenario()
    found = bound_of(given, small_plan(given), seconds=ENOUGH)
    told = found.model_dump(mode="json")
    assert (told["gap_minutes"], told["gap_percent"]) == (65, found.gap_percent)
    assert PlanBound.model_validate(told) == found


def test_a_proof_that_is_canceled_tells_what_it_has() -> None:
    given = small_scenario()
    shares: list[float] = []
    found = bound_of(
        given, small_plan(given), seconds=ENOUGH, progress=shares.append, is_canceled=lambda: True
    )
    assert (found.least_score, found.no_bound, found.is_final) == (None, "out_of_time", False)
    assert found.score == 275
    assert shares == [pytest.approx(0, abs=0.1)]


def test_no_time_and_large_territories_prove_nothing() -> None:
    given = small_scenario()
    found = bound_of(given, small_plan(given), seconds=0)
    assert (found.least_score, found.no_bound) == (None, "out_of_time")
    assert found.gap_minutes is None
    large = scenario(stores({"C": MOST_STORES + 1}))
    plan = make_plan(large, method="insertion", iterations=1)
    found = bound_of(large, plan, seconds=ENOUGH)
    assert (found.least_score, found.no_bound) == (None, "too_large")
    assert found.seconds == 0
