import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.field.best import BestPlans, OtherProblemError
from benchmarks.field.instance import Instance, generated, problem_hash
from benchmarks.field.rules import TerritoryRules
from solvers import MaxIterations, Solution, evaluate, solve

FOUND_BY = {"method": "planted"}


@pytest.fixture(scope="module")
def instance() -> Instance:
    return generated(TerritoryRules(stores=30))


def test_the_hash_follows_the_content_not_the_integer_type(instance):
    problem = instance.problem
    assert problem_hash(problem) == problem_hash(replace(problem, service_s=problem.service_s + 0))
    assert problem_hash(problem) != problem_hash(replace(problem, cost_wait=3))
    other = problem.entry_lo.copy()
    other[-1] -= 1
    assert problem_hash(problem) != problem_hash(replace(problem, entry_lo=other))


def test_a_best_plan_comes_back_as_it_was_kept(instance, tmp_path):
    plans = BestPlans(tmp_path / "best")
    assert plans.read(instance) is None
    kept = plans.offer(instance, instance.planted, FOUND_BY)
    again = plans.read(instance)
    assert again == kept
    assert again.solution == instance.planted
    assert again.objective == evaluate(instance.problem, instance.planted).objective
    assert again.found_by == FOUND_BY
    content = json.loads(plans.path(instance).read_text(encoding="utf-8"))
    assert TerritoryRules(**content["instance"]) == TerritoryRules(stores=30)


def test_only_a_better_plan_that_keeps_all_rules_replaces_one(instance, tmp_path):
    plans = BestPlans(tmp_path)
    everything_missing = Solution(
        instance.planted.option_of_store, (((),),) * instance.problem.n_slots
    )
    worst = plans.offer(instance, everything_missing, FOUND_BY)
    planted = plans.offer(instance, instance.planted, FOUND_BY)
    assert planted.objective < worst.objective
    assert plans.offer(instance, everything_missing, FOUND_BY) == planted

    improved = solve(instance.problem, "insertion", MaxIterations(20), start=instance.planted)
    assert plans.offer(instance, improved.solution, {"method": "insertion"}).objective == (
        improved.evaluation.objective
    )

    crowded = Solution(
        instance.planted.option_of_store, (*instance.planted.routes[1:], instance.planted.routes[0])
    )
    assert plans.offer(instance, crowded, FOUND_BY).solution == improved.solution


def test_a_first_plan_that_breaks_rules_is_refused(instance, tmp_path):
    routes = (instance.planted.routes[1], *instance.planted.routes[1:])
    with pytest.raises(ValueError, match="breaks rules"):
        BestPlans(tmp_path).offer(instance, replace(instance.planted, routes=routes), FOUND_BY)
    assert not list(tmp_path.iterdir())


def test_a_file_of_another_problem_is_refused(instance, tmp_path):
    plans = BestPlans(tmp_path)
    plans.offer(instance, instance.planted, FOUND_BY)
    changed = instance.problem.slot_max_work_s + np.arange(instance.problem.n_slots)
    other = replace(instance, problem=replace(instance.problem, slot_max_work_s=changed))
    with pytest.raises(OtherProblemError, match="another problem"):
        plans.read(other)
    with pytest.raises(OtherProblemError, match="another problem"):
        plans.offer(other, instance.planted, FOUND_BY)


def test_a_file_that_claims_another_cost_is_refused(instance, tmp_path):
    plans = BestPlans(tmp_path)
    plans.offer(instance, instance.planted, FOUND_BY)
    path = plans.path(instance)
    text = path.read_text(encoding="utf-8")
    cost = f'"objective":{plans.read(instance).objective}'
    path.write_text(text.replace(cost, '"objective":1'), encoding="utf-8")
    with pytest.raises(OtherProblemError, match="cost"):
        plans.read(instance)
