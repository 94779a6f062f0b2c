"""Costs after fixed iterations; `python -m tests.solvers.test_quality` prints what to store."""

from pathlib import Path

import pytest

from benchmarks.cordeau import Instance, read_instance
from solvers import MaxIterations, solve
from solvers.hgs.annealer import Settings
from solvers.hgs.arrays import data_of, solution_of, width_of
from solvers.hgs.island import Island

DATA = Path(__file__).parents[2] / "data"
COSTS = {
    "pvrp/p01.txt": (1_500, 1, "533.7441"),
    "pvrp/p14.txt": (100, 1, "954.8071"),
    "pvrp/p21.txt": (15_000, 1, "2175.1848"),
    "pvrp/p08.txt": (6_000, 2, "2072.6226"),
    "pvrptw/pr01": (15_000, 1, "2931.2015"),
}
"""By file: iterations, threads, cost."""

BRED = {
    "pvrp/p01.txt": (15_000, "524.6111"),
    "pvrptw/pr01": (12_000, "2931.2638"),
}
"""By file: iterations of a population, cost."""


def cost_of(name: str, iterations: int, threads: int) -> str:
    instance = read_instance(DATA / name)
    result = solve(instance.problem, "hgs", MaxIterations(iterations), 1, threads=threads)
    return f"{instance.cost(result.solution):.4f}"


def cost_bred(name: str, iterations: int) -> str:
    """The cost that a population comes to, which so few iterations would not have by themselves."""
    instance: Instance = read_instance(DATA / name)
    data, width = data_of(instance.problem), width_of(instance.problem)
    island = Island(data, width, 1, Settings(ample=0.0))
    island.begin(None)
    while (done := island.iterations) < iterations:
        island.step(done / iterations, iterations - done)
    island.finish()
    assert len(island.population) > island.settings.fewest
    return f"{instance.cost(solution_of(instance.problem, data, island.best())):.4f}"


@pytest.mark.parametrize("name", COSTS)
def test_cost_after_fixed_iterations(name: str):
    iterations, threads, cost = COSTS[name]
    assert cost_of(name, iterations, threads) == cost


@pytest.mark.parametrize("name", BRED)
def test_cost_of_a_population_after_fixed_iterations(name: str):
    iterations, cost = BRED[name]
    assert cost_bred(name, iterations) == cost


if __name__ == "__main__":
    for name, (iterations, threads, _) in COSTS.items():
        print(f'    "{name}": ({iterations:_}, {threads}, "{cost_of(name, iterations, threads)}"),')
    for name, (iterations, _) in BRED.items():
        print(f'    "{name}": ({iterations:_}, "{cost_bred(name, iterations)}"),')
