"""Planning again from a plan in which a hand has dropped visits of a store."""

import pytest

from routeplanner.domain.keeping import Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.planning.standing.forcing import forced
from routeplanner.planning.standing.naming import slots_on
from routeplanner.planning.standing.standing import stand
from tests.planning.replan.changed import days_of, moved
from tests.planning.small_plans import matrix_of, small_plan, small_scenario, with_store

TOGETHER = (0, 5)
"""Two of the four days of an allowed choice: Monday, and another day, of both weeks."""

APART = (0, 3, 6)
"""Three weekdays in two weeks, where visits twice a week stand on two."""


def with_a1_on(world: Scenario, days: tuple[int, ...]) -> Plan:
    standing = stand(world, matrix_of(world), small_plan(world))
    return forced(standing, "A1", slots_on(standing, "R1", days))


def replanned(world: Scenario, previous: Plan, **keeping: int) -> Plan:
    return make_plan(
        world, method="insertion", iterations=20, previous=previous,
        keeping=Keeping.model_validate({"stability": 0} | keeping),
    )  # fmt: skip


@pytest.mark.parametrize("days", [TOGETHER, APART])
@pytest.mark.parametrize("keeping", [{"max_changes": 0}, {"freeze_weeks": 2}])
def test_a_store_keeps_the_days_that_the_hand_has_left_it(
    days: tuple[int, ...], keeping: dict[str, int]
) -> None:
    world = small_scenario()
    previous = with_a1_on(world, days)
    plan = replanned(world, previous, **keeping)
    assert days_of(plan) == days_of(previous)
    assert plan.kept is not None
    kept = plan.kept
    assert (kept.remaining, kept.changed, kept.reclassed, kept.warnings) == (4, 0, 0, ())
    assert [(row.code, row.served) for row in plan.unserved] == [("DROPPED", len(days))]
    again = replanned(world, plan, **keeping)
    assert days_of(again) == days_of(previous)


@pytest.mark.parametrize("days", [TOGETHER, APART])
def test_it_gets_its_visits_again_where_days_are_free(days: tuple[int, ...]) -> None:
    world = small_scenario()
    previous = with_a1_on(world, days)
    plan = replanned(world, previous)
    assert plan.is_complete
    assert check_plan(world, plan, matrix_of(world)) == ()
    assert "A1" in moved(previous, plan)
    assert plan.kept is not None
    assert (plan.kept.changed, plan.kept.reclassed) == (len(moved(previous, plan)), 0)


def test_frozen_weeks_keep_their_days_and_the_others_get_what_is_missing() -> None:
    world = small_scenario()
    previous = with_a1_on(world, (0, 1, 2))
    plan = replanned(world, previous, freeze_weeks=1)
    days = sorted(day for _, day in days_of(plan)["A1"])
    assert (days[:3], len(days)) == ([0, 1, 2], 4)
    assert days[3] >= 5
    assert plan.kept is not None
    assert plan.kept.warnings == ()
    assert plan.is_complete


def test_a_day_that_is_closed_now_is_not_kept() -> None:
    world = small_scenario()
    closed = with_store(world, "A1", closed_days=["thu"])
    plan = replanned(closed, with_a1_on(world, APART), max_changes=0)
    assert days_of(plan)["A1"] == {("R1", 0), ("R1", 6)}


def test_fixed_days_of_the_store_come_before_days_by_hand() -> None:
    """Twice a week with a fixed Friday: of its choices each holds one weekday that it has."""
    world = small_scenario()
    pinned = with_store(world, "A1", pinned_days=[{"weekday": "fri"}])
    plan = replanned(pinned, with_a1_on(world, APART), max_changes=0)
    assert len(days_of(plan)["A1"]) == 1
