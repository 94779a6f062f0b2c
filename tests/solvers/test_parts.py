from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import (
    Canceled,
    MaxIterations,
    MaxSeconds,
    NoImprovement,
    Problem,
    Progress,
    Solution,
    evaluate,
    solve,
)
from solvers.hgs import by_parts, parts
from solvers.hgs.flat_map import hilbert_rank
from solvers.hgs.island import Island
from solvers.hgs.parts import Groups, put_together
from tests.solvers.random_problems import Entry, build, random_travel

HOUR = 3600
DAY = (9 * HOUR, 17 * HOUR)


def territory(rng: Random, n_reps: int, n_stores: int, shared: float) -> Problem:
    """Reps of three days each; a store goes to one rep, or by chance to one of two."""
    options = []
    for _ in range(n_stores):
        reps = {rng.randrange(n_reps)}
        if rng.random() < shared:
            reps.add(rng.randrange(n_reps))
        days = rng.sample(range(3), rng.randint(1, 2))
        choices: list[tuple[int, list[Entry]]] = [
            (rng.randrange(50), [(3 * rep + day, *DAY) for day in days]) for rep in sorted(reps)
        ]
        if rng.random() < 0.1:
            choices.append((90_000, []))
        options.append(choices)
    travel = random_travel(rng, n_stores + 1)
    return build(travel, options, 3 * n_reps, slot_start_place=[0, -1, 0] * n_reps)


territories = given(
    st.integers(0, 2**32), st.integers(2, 6), st.integers(1, 30), st.sampled_from([0.0, 0.4, 1.0])
)


@settings(max_examples=60)
@territories
def test_parts_hold_everything_once(seed: int, n_reps: int, n_stores: int, shared: float):
    problem = territory(Random(seed), n_reps, n_stores, shared)
    solution = solve(problem, "insertion", MaxIterations(3), seed).solution
    parts = Groups(problem).cut(solution, Random(seed), 5)
    assert sorted(s for part in parts for s in part.stores) == list(range(n_stores))
    slots = [slot for part in parts for slot in part.slots]
    assert len(slots) == len(set(slots))
    taken = [part.take(solution) for part in parts]
    assert put_together(solution, parts, taken) == solution
    judged = [evaluate(part.problem, one) for part, one in zip(parts, taken, strict=True)]
    whole = evaluate(problem, solution)
    assert sum(one.objective for one in judged) == whole.objective
    assert sum(one.missing_visits for one in judged) == whole.missing_visits
    assert all(one.infeasibilities == () for one in judged)


@settings(max_examples=60)
@territories
def test_groups_are_those_that_options_join(seed: int, n_reps: int, n_stores: int, shared: float):
    problem = territory(Random(seed), n_reps, n_stores, shared)
    with patch.object(parts, "_STORES_AT_ONCE", 4):
        groups = Groups(problem)
    for option in range(len(problem.option_cost)):
        assert len({int(groups.of_slot[slot]) for slot, _, _ in problem.entries_of(option)}) <= 1
    exchanged = 0
    for store in range(n_stores):
        reps = {
            int(groups.of_slot[slot])
            for option in problem.options_of(store)
            for slot, _, _ in problem.entries_of(option)
        }
        exchanged += len(reps) * (len(reps) - 1)
    assert groups.shared.sum() == exchanged


@pytest.fixture(params=[0.0, 0.5])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Problem:
    """Reps that share no store, or half of them; searched in parts."""
    monkeypatch.setattr(by_parts, "MANY_VISITS", 1)
    monkeypatch.setattr(by_parts, "PART_VISITS", 30)
    problem = territory(Random(8), 5, 60, request.param)
    assert by_parts.is_better_in_parts(Groups(problem))
    return problem


@pytest.mark.parametrize("many_visits", [1, 10_000])
@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_parts_are_used_where_groups_are_many_or_share_nothing(
    shared: float, many_visits: int, monkeypatch: pytest.MonkeyPatch
):
    searches = []
    monkeypatch.setattr(by_parts, "MANY_VISITS", many_visits)
    monkeypatch.setattr(
        "solvers.hgs.search.SearchByParts",
        lambda *given: searches.append(by_parts.SearchByParts(*given)) or searches[-1],
    )
    problem = territory(Random(8), 5, 60, shared)
    assert solve(problem, "hgs", MaxIterations(500)).iterations == 500
    assert len(searches) == (shared == 0.0 or many_visits == 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_search_in_parts_repeats_bit_for_bit(large: Problem, threads: int):
    stop = MaxIterations(9_001)
    first, second = (solve(large, "hgs", stop, 5, threads=threads) for _ in range(2))
    assert first.solution == second.solution
    assert first.iterations == second.iterations == 9_001
    assert first.evaluation.infeasibilities == ()


def test_time_that_is_over_before_a_search_in_parts_still_gives_a_first_plan(large: Problem):
    result = solve(large, "hgs", MaxSeconds(1e-9))
    assert result.evaluation.infeasibilities == ()
    assert result.evaluation.missing_visits < int(large.required.sum())


def test_a_search_in_parts_is_as_good_as_one_of_the_whole(
    large: Problem, monkeypatch: pytest.MonkeyPatch
):
    in_parts = solve(large, "hgs", MaxIterations(40_000), 1).evaluation.objective
    monkeypatch.setattr("solvers.hgs.search.is_better_in_parts", lambda groups: False)
    whole = solve(large, "hgs", MaxIterations(40_000), 1).evaluation.objective
    assert in_parts <= 1.01 * whole


@pytest.mark.parametrize("iterations", [1, 7, 250, 2_000])
def test_a_start_is_never_made_worse(large: Problem, iterations: int):
    start = solve(large, "insertion", MaxIterations(30), 3)
    told = []
    result = solve(
        large, "hgs", MaxIterations(iterations), 3, start=start.solution, progress=told.append
    )
    assert result.iterations == iterations
    assert result.evaluation.infeasibilities == ()
    assert result.evaluation.objective <= start.evaluation.objective
    objectives = [progress.objective for progress in told]
    assert objectives == sorted(objectives, reverse=True)
    assert objectives[-1] == sum(told[-1].terms.values())


@pytest.mark.parametrize("stop", [MaxSeconds(1.0), NoImprovement(3_000)])
def test_a_search_in_parts_ends(large: Problem, stop: MaxSeconds | NoImprovement):
    result = solve(large, "hgs", stop, threads=2)
    assert result.iterations > 0
    assert result.evaluation.infeasibilities == ()


def test_a_first_plan_stands_when_the_time_ends_at_once(large: Problem):
    answers = iter([False])
    result = solve(large, "hgs", Canceled(lambda: next(answers, True)))
    assert result.iterations == 0
    assert result.evaluation.missing_visits < large.required.sum() / 10


@pytest.mark.parametrize("threads", [1, 2])
def test_all_parts_are_searched_by_the_time_the_search_ends(
    large: Problem, threads: int, monkeypatch: pytest.MonkeyPatch
):
    islands: list[Island] = []
    monkeypatch.setattr(
        by_parts, "Island", lambda *given: islands.append(Island(*given)) or islands[-1]
    )
    told: list[Progress] = []
    stop = Canceled(lambda: bool(told) and told[-1].iterations > 6_000)
    solve(large, "hgs", stop, threads=threads, progress=told.append)
    shares = [island.iterations / int(island.data.stores.required.sum()) for island in islands]
    assert len(shares) > 1
    assert min(shares) > 0.2 * max(shares)


def test_a_start_that_breaks_a_rule_is_mended(large: Problem):
    good = solve(large, "hgs", MaxIterations(10_000), 3)
    routes = [list(routes) for routes in good.solution.routes]
    store = next(
        store
        for store in range(large.n_stores)
        if 0 not in [slot for slot, *_ in large.entries_of(good.solution.option_of_store[store])]
    )
    routes[0][0] = (*routes[0][0], store)
    start = Solution(good.solution.option_of_store, tuple(map(tuple, routes)))
    assert not evaluate(large, start).is_feasible
    result = solve(large, "hgs", MaxIterations(1), 3, start=start)
    assert result.evaluation.objective <= good.evaluation.objective


@pytest.mark.parametrize("threads", [1, 2])
def test_the_best_so_far_can_be_asked_for(large: Problem, threads: int):
    differences = []

    def ask(progress: Progress) -> None:
        if progress.solution is not None:
            judged = evaluate(large, progress.solution())
            assert judged.is_feasible
            differences.append(progress.objective - judged.objective)

    result = solve(large, "hgs", MaxIterations(20_000), threads=threads, progress=ask)
    assert differences
    assert min(differences) >= 0
    assert result.evaluation.is_feasible


def test_a_hilbert_curve_passes_every_cell_and_goes_to_a_neighbor():
    cells = np.array([(x, y) for x in range(32) for y in range(32)], float)
    walk = cells[np.argsort(hilbert_rank(cells))]
    assert np.all(np.abs(np.diff(walk, axis=0)).sum(axis=1) == 1)
