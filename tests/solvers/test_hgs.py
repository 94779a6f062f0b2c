from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import (
    METHODS,
    TERMS,
    Canceled,
    FirstOf,
    MaxIterations,
    MaxSeconds,
    NoImprovement,
    Problem,
    Progress,
    Solution,
    Target,
    evaluate,
    solve,
)
from solvers.hgs import search
from solvers.hgs.annealer import Settings
from solvers.hgs.arrays import data_of, width_of
from solvers.hgs.island import Island
from solvers.kernels.layout import Genes
from tests.solvers.brute_force import best_objective
from tests.solvers.random_problems import HOUR, build, random_problem

some_problems = given(st.integers(0, 2**32), st.integers(1, 10), st.integers(1, 5))
one_or_two_threads = pytest.mark.parametrize("threads", [1, 2])


def bins(problem: Problem) -> Solution:
    """Every visit in its bin, under the cheapest options."""
    return Solution(
        tuple(
            min(problem.options_of(store), key=problem.option_cost.__getitem__)
            for store in range(problem.n_stores)
        ),
        tuple(((),) * int(vehicles) for vehicles in problem.slot_vehicles),
    )


@one_or_two_threads
def test_a_run_repeats_bit_for_bit(threads: int):
    problem = random_problem(Random(21), 30, 6)
    stop = MaxIterations(12_000)
    first, second = (solve(problem, "hgs", stop, 5, threads=threads) for _ in range(2))
    assert first.solution == second.solution
    assert first.iterations == second.iterations == 12_000


@one_or_two_threads
@pytest.mark.parametrize(
    ("schedule", "annealed"),
    [
        (Settings(ample=0.0), range(1)),
        (Settings(scarce=0.0, ample=1e9), range(20, 100)),
        (Settings(scarce=1e9, ample=2e9), range(1)),
    ],
    ids=["many", "few", "alone"],
)
def test_every_schedule_repeats_bit_for_bit(
    schedule: Settings, annealed: range, threads: int, monkeypatch: pytest.MonkeyPatch
):
    islands: list[Island] = []
    monkeypatch.setattr(search, "_settings", lambda number: schedule)
    monkeypatch.setattr(
        search, "Island", lambda *given: islands.append(Island(*given)) or islands[-1]
    )
    problem = random_problem(Random(4), 4, 3, slot_weight=[1, 1, 1])
    stop = MaxIterations(threads * 20_000)
    first, second = (solve(problem, "hgs", stop, 2, threads=threads) for _ in range(2))
    assert first.solution == second.solution
    assert first.evaluation.objective == best_objective(problem)
    assert len(islands) == 2 * threads
    assert all(island.n_annealed in annealed for island in islands)


def test_fewer_than_one_thread_is_refused():
    with pytest.raises(ValueError, match="0 threads: at least one is needed"):
        solve(build([[0]], [], 1), "hgs", threads=0)


@settings(max_examples=60)
@some_problems
def test_a_start_is_never_made_worse(seed: int, n_stores: int, n_slots: int):
    problem = random_problem(Random(seed), n_stores, n_slots)
    start = solve(problem, "insertion", MaxIterations(30), seed)
    result = solve(problem, "hgs", MaxIterations(1), seed, start=start.solution)
    assert result.evaluation.infeasibilities == ()
    assert result.evaluation.objective <= start.evaluation.objective


@settings(max_examples=20)
@some_problems
def test_a_start_is_never_made_worse_by_two_threads(seed: int, n_stores: int, n_slots: int):
    problem = random_problem(Random(seed), n_stores, n_slots)
    start = solve(problem, "hgs", MaxIterations(300), seed)
    result = solve(problem, "hgs", MaxIterations(2), seed + 1, threads=2, start=start.solution)
    assert result.evaluation.objective <= start.evaluation.objective


@settings(max_examples=60)
@some_problems
def test_an_infeasible_start_gives_a_feasible_result(seed: int, n_stores: int, n_slots: int):
    rng = Random(seed)
    problem = random_problem(rng, n_stores, n_slots)
    start = crowded(problem, rng)
    result = solve(problem, "hgs", MaxIterations(1), seed, start=start)
    assert result.evaluation.infeasibilities == ()


def crowded(problem: Problem, rng: Random) -> Solution:
    """All stores in all routes, whatever their options and the limits."""
    stores = list(range(problem.n_stores))
    return Solution(
        tuple(rng.choice(problem.options_of(store)) for store in stores),
        tuple(
            tuple(tuple(rng.sample(stores, len(stores))) for _ in range(vehicles))
            for vehicles in problem.slot_vehicles
        ),
    )


def test_no_iterations_leave_everything_in_the_bins():
    problem = random_problem(Random(5), 10, 3)
    result = solve(problem, "hgs", MaxIterations(0))
    assert (result.status, result.iterations) == ("solved", 0)
    assert result.evaluation.objective == evaluate(problem, bins(problem)).objective
    assert not any(route for routes in result.solution.routes for route in routes)


@one_or_two_threads
def test_time_that_is_over_before_the_search_still_gives_a_first_plan(threads: int):
    problem = random_problem(Random(5), 20, 4)
    result = solve(problem, "hgs", MaxSeconds(1e-9), threads=threads)
    assert result.evaluation.infeasibilities == ()
    assert result.evaluation.objective < evaluate(problem, bins(problem)).objective
    again = solve(problem, "hgs", MaxSeconds(1e-9), threads=threads, start=result.solution)
    assert again.evaluation.objective == result.evaluation.objective


@pytest.mark.parametrize("iterations", [1, 249, 250, 1001])
def test_iterations_end_the_search_exactly(iterations: int):
    problem = random_problem(Random(5), 10, 3)
    assert solve(problem, "hgs", MaxIterations(iterations)).iterations == iterations


@one_or_two_threads
def test_no_improvement_ends_the_search(threads: int):
    problem = build([[0, 60], [60, 0]], [[(0, [(0, 9 * HOUR, 17 * HOUR)])]], 1)
    result = solve(problem, "hgs", NoImprovement(700), threads=threads)
    assert result.status == "solved"
    assert result.iterations >= 700
    assert result.evaluation.objective == 10 * 120


@one_or_two_threads
def test_a_target_ends_the_search(threads: int):
    problem = random_problem(Random(101), 5, 2)
    best = best_objective(problem)
    result = solve(problem, "hgs", Target(best), threads=threads)
    assert result.evaluation.objective == best
    again = solve(problem, "hgs", Target(best), start=result.solution)
    assert again.evaluation.objective == best
    assert again.iterations == 0


@one_or_two_threads
def test_a_cancellation_ends_the_search_with_the_best_so_far(threads: int):
    problem = random_problem(Random(5), 20, 4)
    answers: Iterator[bool] = iter([False] * 5)
    reports: list[Progress] = []
    result = solve(
        problem,
        "hgs",
        Canceled(lambda: next(answers, True)),
        threads=threads,
        progress=reports.append,
    )
    assert result.status == "canceled"
    assert result.evaluation.infeasibilities == ()
    assert result.evaluation.objective == reports[-1].objective < reports[0].objective


@one_or_two_threads
def test_seconds_end_the_search(threads: int):
    problem = random_problem(Random(5), 20, 4)
    solve(problem, "hgs", MaxIterations(2), threads=threads)  # loads compiled code
    result = solve(problem, "hgs", MaxSeconds(0.3), threads=threads)
    assert result.status == "solved"
    assert result.iterations > 0
    assert result.evaluation.infeasibilities == ()


@one_or_two_threads
def test_the_first_of_several_criteria_ends_the_search(threads: int):
    problem = random_problem(Random(5), 20, 4)
    stop = FirstOf((MaxIterations(2**40), NoImprovement(2**40), Target(0), MaxIterations(600)))
    assert solve(problem, "hgs", stop, threads=threads).iterations == 600


@one_or_two_threads
def test_progress_starts_with_the_bins_and_only_falls(threads: int):
    problem = random_problem(Random(8), 20, 4)
    reports: list[Progress] = []
    result = solve(problem, "hgs", MaxIterations(20_000), threads=threads, progress=reports.append)
    objectives = [report.objective for report in reports]
    iterations = [report.iterations for report in reports]
    assert objectives[0] == evaluate(problem, bins(problem)).objective
    assert objectives == sorted(objectives, reverse=True)
    assert iterations == sorted(iterations)
    assert objectives[-1] == result.evaluation.objective
    assert iterations[-1] == result.iterations == 20_000
    for report in reports:
        assert tuple(report.terms) == TERMS
        assert sum(report.terms.values()) == report.objective
    assert reports[-1].missing_visits == result.evaluation.missing_visits


@one_or_two_threads
def test_the_best_so_far_can_be_asked_for(threads: int):
    problem = random_problem(Random(8), 20, 4)
    differences = []

    def ask(progress: Progress) -> None:
        if progress.solution is not None:
            judged = evaluate(problem, progress.solution())
            assert judged.is_feasible
            differences.append(progress.objective - judged.objective)

    solve(problem, "hgs", MaxIterations(20_000), threads=threads, progress=ask)
    assert differences
    assert min(differences) >= 0


def test_an_island_takes_in_the_best_of_another():
    problem = random_problem(Random(8), 60, 6)
    data, width = data_of(problem), width_of(problem)
    poor, good = (
        Island(data, width, seed, Settings(ample=0.0, steps=steps))
        for seed, steps in ((1, 5), (2, 200))
    )
    for island, steps in ((poor, 1_300), (good, 6_000)):
        island.begin(None)
        while island.iterations < steps:
            island.step(island.iterations / 1e5, 5)
    assert good.incumbent.objective < poor.incumbent.objective
    poor.welcome(good.incumbent.genes)
    poor.step(0.5, 5)
    assert poor.incumbent.objective <= good.incumbent.objective


def test_every_island_is_handed_the_best_of_its_neighbor(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "ROUND", 500)
    handed = []

    class Watched(Island):
        def welcome(self, genes: Genes) -> None:
            handed.append((self, genes))
            super().welcome(genes)

    monkeypatch.setattr(search, "Island", Watched)
    problem = random_problem(Random(8), 20, 4)
    solve(problem, "hgs", MaxIterations(3_000), threads=2)
    assert len(handed) == 4
    first, second = handed[0][0], handed[1][0]
    assert first is not second
    assert [island for island, _ in handed] == [first, second] * 2
    assert handed[-1][1] is not handed[-2][1]


@pytest.mark.parametrize("method", METHODS)
def test_a_start_of_another_problem_is_refused(method: str):
    problem = random_problem(Random(5), 4, 3)
    start = bins(problem)
    options = (*start.option_of_store[:-1], start.option_of_store[0])
    with pytest.raises(ValueError, match="is none of store 3"):
        solve(problem, method, MaxIterations(1), start=replace(start, option_of_store=options))


@pytest.mark.parametrize("iterations", [1, 3, 7, 1001])
def test_iterations_need_not_be_a_multiple_of_threads(iterations: int):
    result = solve(random_problem(Random(5), 10, 3), "hgs", MaxIterations(iterations), threads=2)
    assert result.iterations == iterations


@pytest.mark.parametrize("seed", [150, 166, 8758])
def test_an_infeasible_start_ends_no_worse_than_the_bins(seed: int):
    rng = Random(seed)
    problem = random_problem(rng, 5, 5)
    reports: list[Progress] = []
    start = crowded(problem, rng)
    result = solve(problem, "hgs", MaxIterations(1), seed, start=start, progress=reports.append)
    objectives = [report.objective for report in reports]
    assert objectives == sorted(objectives, reverse=True)
    assert result.evaluation.objective <= evaluate(problem, bins(problem)).objective
