"""A plan to begin with: turned back into a solution, as far as the scenario still allows it."""

from routeplanner.domain.store import PinnedDay
from routeplanner.planning.encode import COST_PER_MINUTE, encode
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.planning.warm_start import start_of
from routeplanner.travel.source import travel_matrix
from solvers import evaluate
from tests.planning.small_plans import small_scenario, with_store


def test_a_plan_becomes_the_solution_that_it_came_from() -> None:
    scenario = small_scenario()
    plan = make_plan(scenario, method="insertion", iterations=30)
    encoding = encode(scenario, travel_matrix(scenario))
    found = evaluate(encoding.problem, start_of(encoding, plan))
    assert found.is_feasible
    assert found.missing_visits == 0
    assert round(found.objective / COST_PER_MINUTE, 1) == round(sum(plan.score.values()), 1)


def test_a_search_that_begins_with_a_plan_is_no_worse() -> None:
    scenario = small_scenario()
    plan = make_plan(scenario, method="insertion", iterations=30)
    again = make_plan(scenario, method="insertion", iterations=1, start=plan)
    assert sum(again.score.values()) <= sum(plan.score.values()) + 0.1


def test_what_no_longer_fits_is_left_out() -> None:
    scenario = small_scenario()
    plan = make_plan(scenario, method="insertion", iterations=30)
    changed = with_store(scenario, "A1", status="closed")
    moved = with_store(changed, "C1", pinned_days=[PinnedDay(weekday="fri", week=2).model_dump()])
    encoding = encode(moved, travel_matrix(moved))
    solution = start_of(encoding, plan)
    assert evaluate(encoding.problem, solution).is_feasible
    served = [store for slot in solution.routes for route in slot for store in route]
    names = {encoding.stores[store].id for store in served if store < len(encoding.stores)}
    assert "A1" not in names
    again = make_plan(moved, method="insertion", iterations=5, start=plan)
    assert "A1" not in {stop.store_id for route in again.routes for stop in route.visits}


def test_a_search_ends_when_its_best_plan_has_stood_for_long() -> None:
    told: list[PlanProgress] = []
    plan = make_plan(
        small_scenario(), method="insertion", seconds=600, unimproved_seconds=0.2,
        progress=told.append,
    )  # fmt: skip
    assert plan.is_complete
    assert told[-1].share < 1
