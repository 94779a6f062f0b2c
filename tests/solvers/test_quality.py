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

MANY, FEW = Settings(ample=0.0), Settings(scarce=0.0, ample=1e9)
BRED = {
    ("pvrp/p01.txt", MANY): (15_000, "524.6111"),
    ("pvrptw/pr01", MANY): (12_000, "2931.2638"),
    ("pvrp/p01.txt", FEW): (15_000, "524.6111"),
    ("pvrptw/pr01", FEW): (12_000, "2915.2327"),
}
"""By file and schedule: iterations, cost."""


def cost_of(name: str, iterations: int, threads: int) -> str:
    instance = read_instance(DATA / name)
    result = solve(instance.problem, "hgs", MaxIterations(iterations), 1, threads=threads)
    return f"{instance.cost(result.solution):.4f}"


def cost_bred(name: str, schedule: Settings, iterations: int) -> str:
    """The cost that crossing comes to, for which so few iterations would not suffice otherwise."""
    instance: Instance = read_instance(DATA / name)
    data, width = data_of(instance.problem), width_of(instance.problem)
    island = Island(data, width, 1, schedule)
    island.begin(None)
    while (done := island.iterations) < iterations:
        island.step(done / iterations, iterations - done)
    island.finish()
    if schedule is FEW:
        assert island.n_annealed > 10  # two and their children
    else:
        assert len(island.population) > schedule.fewest
    return f"{instance.cost(solution_of(instance.problem, data, island.incumbent.genes)):.4f}"


@pytest.mark.parametrize("name", COSTS)
def test_cost_after_fixed_iterations(name: str):
    iterations, threads, cost = COSTS[name]
    assert cost_of(name, iterations, threads) == cost


@pytest.mark.parametrize(("name", "schedule"), BRED)
def test_cost_of_crossing_after_fixed_iterations(name: str, schedule: Settings):
    iterations, cost = BRED[name, schedule]
    assert cost_bred(name, schedule, iterations) == cost


if __name__ == "__main__":
    for name, (iterations, threads, _) in COSTS.items():
        print(f'    "{name}": ({iterations:_}, {threads}, "{cost_of(name, iterations, threads)}"),')
    for (name, schedule), (iterations, _) in BRED.items():
        label = "FEW" if schedule is FEW else "MANY"
        cost = cost_bred(name, schedule, iterations)
        print(f'    ("{name}", {label}): ({iterations:_}, "{cost}"),')
