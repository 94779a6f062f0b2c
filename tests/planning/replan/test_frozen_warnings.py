"""What is told of frozen weeks: visits that are lost, with the reason, and times that move."""

from typing import Any

import pytest

from routeplanner.domain.keeping import Keeping
from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import Issue, Severity
from routeplanner.planning.plan import make_plan
from tests.planning.small_plans import (
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_store,
)


def told(world: Scenario, weeks: int = 1) -> tuple[Issue, ...]:
    """The warnings where the small plan is made again for a changed world."""
    plan = make_plan(
        world,
        method="insertion",
        iterations=20,
        previous=small_plan(small_scenario()),
        keeping=Keeping(freeze_weeks=weeks),
    )
    assert plan.kept is not None
    return plan.kept.warnings


def booked(start: str, end: str, **changes: Any) -> Scenario:
    """C1 alone stands on R2's first Tuesday: 08:30, 15 min office, 10 min of way, so 08:55."""
    fields = {"rep": "R2", "weekday": "tue", "start": start, "end": end}
    meeting = Appointment.model_validate(fields | changes)
    return small_scenario(appointments=(meeting,))


def test_a_visit_that_moves_by_hours_is_told() -> None:
    world = with_store(booked("09:00", "12:00"), "C1", name="Mill")
    (issue,) = told(world)
    assert (issue.code, issue.severity, issue.value) == (
        "FROZEN_TIME_MOVED",
        Severity.WARNING,
        "C1",
    )
    assert "or later than before: 1; most of all Mill (C1), Week 1 Tue: 08:55 →" in issue.message
    (chinese,) = told(world.model_copy(update={"language": "zh"}))
    assert "有1次拜访" in chinese.message


@pytest.mark.parametrize(("end", "n"), [("09:00", 0), ("09:01", 1)])
def test_a_quarter_of_an_hour_is_not_told_and_more_is(end: str, n: int) -> None:
    assert len(told(booked("08:45", end))) == n


def test_times_of_other_weeks_may_move() -> None:
    world = booked("08:45", "11:00", rep="R1", weekday="mon", weeks=(2,))
    assert told(world) == ()
    (issue,) = told(world, weeks=2)
    assert ": 2; most of all" in issue.message


def with_workdays(world: Scenario, *workdays: str) -> Scenario:
    cycle = world.cycle.model_copy(update={"workdays": workdays})
    return with_policy(world, workdays=list(workdays)).model_copy(update={"cycle": cycle})


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (with_store(small_scenario(), "C1", pinned_days=[{"weekday": "thu"}]), "fixed days"),
        (with_store(small_scenario(), "C1", closed_days=["tue"]), "opening hours"),
        (with_rep(small_scenario(), "R2", hours="Mo,We-Fr 08:30-17:30"), "no working day"),
        (with_workdays(small_scenario(), "mon", "wed", "thu", "fri"), "no working day"),
    ],
)
def test_the_reason_of_a_lost_visit_is_the_right_one(world: Scenario, words: str) -> None:
    (issue,) = told(world)
    assert issue.code == "FROZEN_VISIT_LOST"
    assert issue.message.startswith("C1 loses visits of frozen weeks (Week 1 Tue): ")
    assert words in issue.message


def test_a_day_that_has_become_too_short_has_no_room() -> None:
    """94.5 min from 08:45 to 10:30: A1 alone (80) fits, B1 and B2 alone (65), no two of them."""
    issues = told(with_rep(small_scenario(), "R1", hours="Mo-Fr 08:30-11:00"))
    lost = [issue for issue in issues if issue.code == "FROZEN_VISIT_LOST"]
    assert lost
    assert all("no room" in issue.message for issue in lost)
