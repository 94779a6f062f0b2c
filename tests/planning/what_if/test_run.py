"""Alternatives beside each other: figures add up from the plans, seeds spread them."""

import pytest

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.what_if import Alternative, Figures
from routeplanner.domain.workload import PolicyChange
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.planning.what_if.figures import difference, figures_of
from routeplanner.planning.what_if.run import Effort, WhatIfRun, repeated, what_if
from routeplanner.travel.source import travel_matrix
from tests.planning.small_plans import small_plan, small_scenario
from tests.territories import policy, scenario, stores

EFFORT = Effort(iterations=20, seeds=(0, 1))
LESS = Alternative(
    name="less", policy=(PolicyChange(key="visit_rules.A.frequency", value="1/week"),)
)
LONGER = Alternative(
    name="longer", policy=(PolicyChange(key="visit_rules.C.frequency", value="1/4weeks"),)
)


@pytest.fixture(scope="module")
def run() -> WhatIfRun:
    found = what_if(scenario(stores({"A": 3, "B": 3, "C": 4})), (LESS, LONGER), EFFORT)
    assert found is not None
    return found


def test_figures_of_a_plan_are_those_of_its_days() -> None:
    """Four days with two stores are 30 min of travel and 105 in store, one with C1 is 20 + 30."""
    given = small_scenario()
    found = figures_of(small_plan(given))
    assert found.work_hours == pytest.approx((4 * (30 + 105) + 50) / 60)
    assert found.travel_hours == pytest.approx((4 * 30 + 20) / 60)
    assert found.in_store_hours == pytest.approx((4 * 105 + 30) / 60)
    assert found.travel_km == pytest.approx(4 * 15 + 10)
    assert found.available_hours == pytest.approx(2 * 10 * 391.5 / 60)
    assert found.driven_days == 5
    assert (found.required_visits, found.scheduled_visits) == (9, 9)
    assert found.missing_by_class == {"A": 0, "B": 0, "C": 0}


def figures(hours: float, score: float, weeks: int = 2) -> Figures:
    like = figures_of(small_plan(small_scenario()))
    return like.model_copy(update={"work_hours": hours, "score": score, "weeks": weeks})


def test_a_difference_has_its_best_its_mean_and_its_range() -> None:
    base = [figures(10, 5), figures(12, 4)]
    other = [figures(15, 1), figures(17, 2)]
    found = difference(base, other, "cycle")
    assert (found.of_best, found.mean, found.low, found.high) == (3, 5, 3, 7)
    assert found.is_distinct
    assert not difference(base, [figures(11, 1), figures(13, 2)], "cycle").is_distinct


def test_weeks_are_compared_where_cycles_differ() -> None:
    found = difference([figures(10, 1)], [figures(24, 1, weeks=4)], "week")
    assert found.of_best == found.mean == pytest.approx(1)


def test_every_figure_is_that_of_a_plan_that_keeps_the_rules(run: WhatIfRun) -> None:
    every = (run.result.base, *run.result.alternatives)
    for solved, case in zip(every, run.cases, strict=True):
        assert figures_of(case.plan) == solved.best
        assert solved.best.score == min(each.score for each in solved.by_seed)
        assert check_plan(case.scenario, case.plan, travel_matrix(case.scenario)) == ()
        assert solved.broken_rules == 0
        assert [each.seed for each in solved.by_seed] == [0, 1]


def test_hours_are_those_a_week_where_a_cycle_is_longer(run: WhatIfRun) -> None:
    less, longer = run.result.alternatives
    base = run.result.base.best
    assert run.result.per == "week"
    assert (less.best.weeks, longer.best.weeks) == (2, 4)
    assert longer.notes == ("a cycle of 4 weeks, 2 before",)
    assert less.hours is not None
    # Two visits of 30 minutes fewer a week for each of three stores, and some of the way.
    assert less.hours.of_best == pytest.approx((less.best.needed_hours - base.needed_hours) / 2)
    assert less.hours.high < -3
    assert less.hours.is_distinct


def test_a_run_repeats() -> None:
    given = scenario(stores({"A": 2, "C": 3}))
    first, second = (what_if(given, (LESS,), EFFORT) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.result == second.result


def test_a_start_that_is_given_is_never_made_worse() -> None:
    given = scenario(stores({"A": 2, "B": 3, "C": 6}))
    start = make_plan(given, iterations=60)
    found = what_if(given, (), Effort(iterations=1, seeds=(3,)), start=start)
    assert found is not None
    assert found.result.is_start_given
    assert found.result.base.best.score <= sum(start.score.values()) + 0.01


def test_a_canceled_run_keeps_the_seeds_that_are_through() -> None:
    """A start and two plans with each of two seeds: three fifths are done with the first one."""
    given = scenario(stores({"A": 2, "C": 3}))
    shares = [0.0]
    assert what_if(given, (), EFFORT, is_canceled=lambda: True) is None
    found = what_if(
        given,
        (LESS,),
        EFFORT,
        progress=lambda trial: shares.append(trial.share),
        is_canceled=lambda: max(shares) > 0.61,
    )
    assert found is not None
    assert found.result.seeds == (0,)
    assert [len(s.by_seed) for s in (found.result.base, *found.result.alternatives)] == [1, 1]


def test_a_start_goes_round_in_a_longer_cycle() -> None:
    plan = small_plan(small_scenario())
    longer = Cycle(weeks=4, workdays=plan.cycle.workdays)
    days = sorted((route.rep, route.day) for route in repeated(plan, longer).routes)
    assert days == sorted(
        (route.rep, route.day + 10 * turn) for route in plan.routes for turn in (0, 1)
    )
    fewer = Cycle(weeks=1, workdays=("mon", "tue", "thu"))
    found = [(route.rep, route.day, route.weekday) for route in repeated(plan, fewer).routes]
    assert found == [("R1", 0, "mon"), ("R2", 1, "tue")]


def test_a_policy_with_a_calendar_is_solved_under_it() -> None:
    calendar = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
    given = scenario(stores({"A": 2, "B": 2, "C": 3}), policy(calendar=calendar))
    free = Alternative(name="free", policy=(PolicyChange(key="calendar", value=None),))
    found = what_if(given, (free,), Effort(iterations=10, seeds=(0,)))
    assert found is not None
    assert [case.plan.calendar for case in found.cases] == [calendar, None]
