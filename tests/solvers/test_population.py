"""The population against definitions in plain Python: links, distance, who survives, who breeds."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers import Problem, Solution
from solvers.hgs.population import Individual, Population
from solvers.kernels.distance import distance
from tests.solvers.kernel_walks import Walk
from tests.solvers.random_problems import random_problem

PENALTY = (1, 1, 1)

some_problems = given(
    seed=st.integers(0, 2**32), n_stores=st.integers(1, 10), n_slots=st.integers(1, 4)
)


def gap(one: Individual, two: Individual) -> float:
    return distance(one.genes.option, *one.links, two.genes.option, *two.links)


@some_problems
def test_the_distance_is_that_of_its_definition(seed: int, n_stores: int, n_slots: int):
    walk = Walk(random_problem(Random(seed), n_stores, n_slots), seed)
    population = Population(walk.data, 4, 4, 1)
    solutions, found = [], []
    for move in ("ruin", "anew"):
        walk.move(move)
        solutions.append(walk.solution())
        found.append(population.individual(walk.genes(), walk.state.core[0], PENALTY))
    one, two = found
    assert gap(one, two) == pytest.approx(plain_distance(walk.problem, *solutions))
    assert gap(one, one) == 0


def plain_distance(problem: Problem, one: Solution, two: Solution) -> float:
    """Stores with another option count 1, others half the share of their links that are gone."""
    total = 0.0
    for store in range(problem.n_stores):
        if one.option_of_store[store] != two.option_of_store[store]:
            total += 1
            continue
        slots = [slot for slot, _, _ in problem.entries_of(one.option_of_store[store])]
        gone = [
            link not in neighbors(two, store, slot)
            for slot in slots
            for link in neighbors(one, store, slot)
        ]
        total += 0.5 * sum(gone) / len(gone) if gone else 0.0
    return total / problem.n_stores


def neighbors(solution: Solution, store: int, slot: int) -> tuple[int, int]:
    """The stores before and after a visit: -1 an end of the route, -2 in the bin."""
    for route in solution.routes[slot]:
        if store in route:
            line = [-1, *route, -1]
            place = line.index(store)
            return line[place - 1], line[place + 1]
    return -2, -2


@some_problems
def test_a_solution_costs_its_objective_and_its_penalties(seed: int, n_stores: int, n_slots: int):
    walk = Walk(random_problem(Random(seed), n_stores, n_slots), seed)
    core = walk.state.core[0]
    penalty = int(core.time_penalty), int(core.load_penalty), int(core.in_store_penalty)
    one = Population(walk.data, 4, 4, 1).individual(walk.genes(), core, penalty)
    assert one.cost(penalty) == core.objective
    assert one.is_feasible == walk.cost().is_feasible


def crowd(n: int) -> tuple[Population, list[Individual]]:
    """A population that was offered n solutions of one problem, feasible ones of rising cost."""
    walk = Walk(random_problem(Random(3), 8, 3), 3)
    population, everyone = Population(walk.data, fewest=4, growth=4, elite=1), []
    for place, genes in zip(range(n), changing(walk), strict=False):
        one = population.individual(genes, walk.state.core[0], PENALTY)
        one.base, one.excess = 1000 + place, (0, 0, 0)
        everyone.append(one)
        population.add(one, PENALTY)
    return population, everyone


def changing(walk: Walk) -> Iterator[object]:
    while True:
        walk.move("ruin")
        yield walk.genes()


def test_a_full_group_is_cut_to_its_fewest_and_keeps_the_best():
    population, everyone = crowd(8)
    assert len(population) == 8
    population, everyone = crowd(9)
    infeasible, feasible = population.groups
    assert not infeasible
    assert len(feasible) == 4
    assert everyone[0] in feasible
    alive = {id(one) for one in feasible}
    for one in feasible:
        assert set(one.distance_to) == alive - {id(one)}


def test_twins_leave_before_others():
    population, everyone = crowd(8)
    best = everyone[0]
    twin = Individual(best.genes, 1, (0, 0, 0), best.links)  # the cheapest by far
    population.add(twin, PENALTY)
    _, feasible = population.groups
    assert twin in feasible
    assert best not in feasible


def test_feasible_and_infeasible_solutions_live_apart():
    population, everyone = crowd(2)
    late = Individual(everyone[0].genes, 1, (60, 0, 0), everyone[0].links)
    population.add(late, PENALTY)
    assert population.groups == ([late], everyone)
    assert len(population) == 3


def test_parents_are_two_and_better_ones_are_drawn_more_often():
    population, everyone = crowd(6)
    rng = Random(1)
    pairs = [population.parents(rng, PENALTY) for _ in range(400)]
    assert all(one is not two for one, two in pairs)
    drawn = [sum(person in pair for pair in pairs) for person in everyone]
    assert drawn[0] > drawn[-1] > 0


def test_a_small_population_begins_with_the_best():
    population, everyone = crowd(6)
    few = population.of_best(3, PENALTY)
    assert few.groups == ([], everyone[:3])
    assert all(len(one.distance_to) == 2 for one in everyone[:3])
