"""Calls every entry point of the kernels once, so that all of them are compiled or loaded."""

from typing import Any

from solvers.hgs.annealer import Settings
from solvers.hgs.arrays import data_of, genes_of, snapshot_of, solution_of, width_of
from solvers.hgs.island import Island
from solvers.kernels.crossover import cross, load
from solvers.kernels.distance import distance, links_of
from solvers.kernels.education import improve_options, improve_routes, recall
from solvers.kernels.handles import handle
from solvers.kernels.ruin import keep_best
from solvers.problem import Problem


def rehearse(problem: Problem) -> None:
    """
    Call entry points with the types that a search calls them with, whatever its settings are.

    A search of so few steps would leave out what its schedule has no time for.
    """
    data, width = data_of(problem), width_of(problem)
    island = Island(data, width, 0, Settings())
    island.begin(None)
    island.step(0.0, 1)
    made = island.incumbent.genes
    tables, state = handle(data), handle(island.state)
    child, top = (handle(snapshot_of(island.state)) for _ in range(2))
    cross(tables, state, made, made)
    improve_routes(tables, state)
    improve_options(tables, state, 1)
    keep_best(tables, state, child, top)
    recall(tables, state, child)
    links: tuple[Any, Any, Any] = links_of(tables, made)
    distance(made.option, *links, made.option, *links)
    load(tables, state, made)
    island.begin(genes_of(problem, data, solution_of(problem, data, made), width))
    island.finish()
