import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from solvers import TERMS, evaluate
from tests.solvers.kernel_walks import IMPROVING, MOVES, UNSAVED, Walk, results
from tests.solvers.random_problems import random_problem

ROOT = Path(__file__).parents[2]
N_TWINS = 3

some_walks = given(
    seed=st.integers(0, 2**32),
    n_stores=st.integers(1, 12),
    n_slots=st.integers(1, 5),
    moves=st.lists(st.sampled_from(MOVES), min_size=1, max_size=12),
)


def test_compiled_kernels_do_what_their_plain_python_does():
    plain = subprocess.run(
        [sys.executable, "-m", "tests.solvers.kernel_walks", str(N_TWINS)],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(plain.stdout) == results(N_TWINS)


@settings(max_examples=300)
@some_walks
def test_the_running_cost_is_that_from_scratch_after_any_moves(
    seed: int, n_stores: int, n_slots: int, moves: list[str]
):
    walk = Walk(random_problem(Random(seed), n_stores, n_slots), seed)
    check_costs(walk)
    for move in moves:
        walk.move(move)
        check_costs(walk)


def check_costs(walk: Walk) -> None:
    """Compare a state's costs and excess with those of its solution."""
    cost, solution = walk.cost(), walk.solution()
    evaluation = evaluate(walk.problem, solution)
    assert cost.is_feasible == evaluation.is_feasible, evaluation.infeasibilities
    assert cost.over_load == excess(walk, "demand", "slot_capacity")
    assert cost.over_in_store == excess(walk, "in_store_s", "slot_in_store_limit_s")
    # Of a late route work is not defined: kernels turn time back where the judge waits longer.
    if cost.over_time == 0:
        assert cost.objective == evaluation.objective


def excess(walk: Walk, amount: str, limit: str) -> int:
    amounts, limits = getattr(walk.problem, amount), getattr(walk.problem, limit)
    return sum(
        int(walk.problem.slot_weight[slot]) * max(0, int(amounts[list(route)].sum() - limits[slot]))
        for slot, routes in enumerate(walk.solution().routes)
        for route in routes
    )


@settings(max_examples=100)
@some_walks
def test_improvement_never_raises_the_penalized_cost_and_repair_ends_all_excess(
    seed: int, n_stores: int, n_slots: int, moves: list[str]
):
    walk = Walk(random_problem(Random(seed), n_stores, n_slots), seed)
    for move in (*moves, *IMPROVING):
        before = walk.cost()
        walk.move(move)
        if move in IMPROVING:
            assert walk.cost().penalized <= before.penalized
        if move == "repair":
            assert walk.cost().is_feasible


@settings(max_examples=100)
@some_walks
def test_the_best_feasible_solution_is_kept_with_its_terms(
    seed: int, n_stores: int, n_slots: int, moves: list[str]
):
    walk = Walk(random_problem(Random(seed), n_stores, n_slots), seed)
    kept = UNSAVED
    for move in (*moves, "ruin"):
        walk.move(move)
        now = int(walk.top.core[0].objective)
        assert now <= kept
        kept = now
        if now < UNSAVED:
            evaluation = evaluate(walk.problem, walk.best())
            assert evaluation.infeasibilities == ()
            assert evaluation.objective == now
            assert [evaluation.terms[name] for name in TERMS] == walk.top.terms[:7].tolist()
            assert evaluation.missing_visits == walk.top.terms[7]
