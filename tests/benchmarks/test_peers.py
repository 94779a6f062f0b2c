from pathlib import Path
from random import Random

import pytest

from benchmarks.cordeau import read_instance
from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.peers import PEERS, by_ortools, by_pyvrp
from benchmarks.peers.fixed_days import improve_slots
from benchmarks.peers.one_slot import made_feasible, one_slot, with_routes
from benchmarks.peers.routing_model import RoutingModel
from solvers import MaxIterations, Problem, Solution, evaluate, solve
from tests.solvers.random_problems import HOUR, build, random_problem

DATA = Path(__file__).parents[2] / "data"
every_peer = pytest.mark.parametrize("peer", PEERS)
ROUTE_SLOT = {"ortools": by_ortools.route_by_ortools, "pyvrp": by_pyvrp.route_by_pyvrp}
each_router = pytest.mark.parametrize("name", ROUTE_SLOT)


def constructed(problem: Problem, iterations: int = 1) -> Solution:
    return solve(problem, "insertion", MaxIterations(iterations), 1).solution


@every_peer
@pytest.mark.parametrize("path", ["pvrp/p14.txt", "pvrptw/pr01"])
def test_a_peer_serves_all_visits_of_a_published_instance(peer, path):
    problem = read_instance(DATA / path).problem
    result = evaluate(problem, PEERS[peer](problem, 0.4, 1))
    assert (result.infeasibilities, result.missing_visits) == ((), 0)


@every_peer
@pytest.mark.parametrize("seed", range(4))
def test_a_peer_keeps_every_rule_of_a_problem_with_all_limits(peer, seed):
    problem = random_problem(Random(seed), 14, 4)
    result = evaluate(problem, PEERS[peer](problem, 0.15, 1))
    assert result.infeasibilities == ()


@every_peer
def test_a_peer_without_time_hands_back_what_there_is(peer):
    problem = random_problem(Random(1), 6, 2)
    assert evaluate(problem, PEERS[peer](problem, 1e-9, 1)).is_feasible


@every_peer
def test_no_stores_no_routes(peer):
    problem = build([[0]], [], 2)
    assert PEERS[peer](problem, 0.05, 1) == Solution((), (((),), ((),)))


@each_router
@pytest.mark.parametrize("path", ["pvrp/pr01.txt", "pvrptw/pr01"])
def test_routing_never_makes_a_start_worse_and_makes_a_bad_one_better(name, path):
    problem = read_instance(DATA / path).problem
    start = constructed(problem)
    routed = improve_slots(problem, start, CpuSeconds(0.3), 1, ROUTE_SLOT[name])
    assert evaluate(problem, routed).is_feasible
    assert evaluate(problem, routed).objective < evaluate(problem, start).objective
    assert routed.option_of_store == start.option_of_store


def crossed(**fields: object) -> Problem:
    """One slot, four stores on a square round the base, 20 minutes a side."""
    points = [(0, 0), (-1, -1), (1, -1), (1, 1), (-1, 1)]
    travel = [[600 * (abs(x - u) + abs(y - v)) for u, v in points] for x, y in points]
    values = {"service_s": [1800] * 4} | fields
    return build(travel, [[(0, [(0, 9 * HOUR, 17 * HOUR)])] for _ in range(4)], 1, **values)


@each_router
def test_a_crossed_route_is_uncrossed_round_lunch(name):
    problem = crossed(slot_lunch_s=[HOUR], slot_lunch_lo=[12 * HOUR], slot_lunch_hi=[14 * HOUR])
    start = Solution((0, 1, 2, 3), (((0, 2, 1, 3),),))
    routed = improve_slots(problem, start, CpuSeconds(0.1), 1, ROUTE_SLOT[name])
    result = evaluate(problem, routed)
    assert result.is_feasible
    assert result.terms["travel"] == problem.cost_travel * 6000
    assert result.missing_visits == 0


@each_router
def test_the_cheapest_visits_stay_out_of_a_day_that_is_too_short(name):
    # Two neighbors take 40 + 20 minutes of driving and an hour in stores.
    problem = crossed(slot_max_work_s=[2 * HOUR], miss_price=[100_000, 90_000, 10_000, 10_000])
    start = Solution((0, 1, 2, 3), (((2, 3),),))
    routed = improve_slots(problem, start, CpuSeconds(0.1), 1, ROUTE_SLOT[name])
    assert sorted(routed.routes[0][0]) == [0, 1]


@each_router
def test_open_ends_cost_nothing(name):
    problem = crossed(slot_start_place=[-1], slot_end_place=[-1])
    start = Solution((0, 1, 2, 3), (((0, 2, 1, 3),),))
    routed = improve_slots(problem, start, CpuSeconds(0.1), 1, ROUTE_SLOT[name])
    assert evaluate(problem, routed).terms["travel"] == problem.cost_travel * 3600


def test_the_linked_model_moves_visits_to_better_days():
    # Stores 0 and 1 are neighbors, as are 2 and 3, yet they start on different days.
    points = [(0, 0), (-9, 0), (-9, 1), (9, 0), (9, 1)]
    travel = [[60 * (abs(x - u) + abs(y - v)) for u, v in points] for x, y in points]
    day = (9 * HOUR, 17 * HOUR)
    options = [[(0, [(0, *day)]), (0, [(1, *day)])] for _ in range(4)]
    problem = build(travel, options, 2)
    start = Solution((0, 3, 4, 7), (((0, 2),), ((1, 3),)))
    found = RoutingModel(problem, start, is_complete=True).search(CpuSeconds(0.2), 1)
    assert found is not None
    assert evaluate(problem, found).is_feasible
    assert evaluate(problem, found).objective < evaluate(problem, start).objective


def test_the_linked_model_keeps_patterns():
    problem = read_instance(DATA / "pvrp" / "p14.txt").problem
    start = constructed(problem)
    found = RoutingModel(problem, start, is_complete=True).search(CpuSeconds(0.2), 1)
    assert found is not None
    result = evaluate(problem, found)
    assert (result.infeasibilities, result.missing_visits) == ((), 0)


@pytest.mark.parametrize("seed", range(12))
def test_a_slot_of_its_own_costs_what_it_adds_to_the_whole(seed):
    problem = random_problem(Random(seed), 12, 4)
    solution = constructed(problem, 5)
    whole = evaluate(problem, solution)
    for slot in range(problem.n_slots):
        part = one_slot(problem, solution, slot)
        assert part.back(part.start) == solution.routes[slot]
        shorter = Solution(
            part.start.option_of_store, (tuple(route[1:] for route in part.start.routes[0]),)
        )
        other = evaluate(problem, with_routes(solution, slot, part.back(shorter)))
        here, there = (evaluate(part.problem, s) for s in (part.start, shorter))
        assert other.objective - whole.objective == there.objective - here.objective
        assert here.is_feasible


def test_an_overfull_route_loses_the_visit_that_costs_least():
    problem = crossed(slot_max_work_s=[11_520], miss_price=[90_000, 70_000, 80_000, 90_000])
    overfull = Solution((0, 1, 2, 3), (((0, 1, 2, 3),),))
    assert not evaluate(problem, overfull).is_feasible
    mended = made_feasible(problem, overfull)
    assert evaluate(problem, mended).is_feasible
    assert mended.routes == (((0, 2, 3),),)


def test_the_clock_starts_at_the_first_question():
    clock = CpuSeconds(10**6)
    assert clock.left() == 10**6
    assert not clock()
    assert CpuSeconds(0)()
