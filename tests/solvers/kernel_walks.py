"""Random walks of a state through the entry points, and results to compare with plain Python."""

import json
import sys
import warnings
from dataclasses import dataclass
from random import Random
from typing import Any

from solvers import MaxIterations, Problem, Solution, solve
from solvers.hgs.arrays import (
    data_of,
    genes_of,
    places_in_order,
    prices_in_order,
    snapshot_of,
    solution_of,
    state_of,
    width_of,
)
from solvers.kernels.crossover import cross, load
from solvers.kernels.education import (
    construct,
    improve_options,
    improve_routes,
    recall,
    repair,
    to_genes,
)
from solvers.kernels.force import fill
from solvers.kernels.handles import handle
from solvers.kernels.layout import FAR, Genes
from solvers.kernels.routes import reprice
from solvers.kernels.ruin import keep_best, ruin_and_recreate
from tests.solvers.random_problems import random_problem

UNSAVED = FAR * 1024
HARDEST = 10_000_000
IMPROVING = ("fill", "improve_options", "improve_routes")
MOVES = (*IMPROVING, "anew", "cross", "keep", "load", "recall", "repair", "reprice", "ruin")


@dataclass(frozen=True)
class Cost:
    """What a state believes of itself."""

    objective: int  # without penalties
    penalized: int
    over_time: int
    over_load: int
    over_in_store: int

    @property
    def is_feasible(self) -> bool:
        return not (self.over_time or self.over_load or self.over_in_store)


class Walk:
    """A state that entry points change, as an island calls them."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.rng = problem, Random(seed)
        self.data, self.width = data_of(problem), width_of(problem)
        self.state = state_of(self.data, self.width, seed)
        self.child, self.top = (snapshot_of(self.state) for _ in range(2))
        arrays = (self.data, self.state, self.child, self.top)
        self._data, self._state, self._child, self._top = (handle(each) for each in arrays)
        core = self.state.core[0]
        core.time_softest = core.load_softest = core.in_store_softest = 1
        core.hardest = HARDEST
        self.reprice()
        construct(self._data, self._state, prices_in_order(self.data))

    def move(self, name: str) -> None:
        """Make a move by its name."""
        getattr(self, name)()

    def anew(self) -> None:
        construct(self._data, self._state, places_in_order(self.data))

    def cross(self) -> None:
        cross(self._data, self._state, self.genes(), self._saved())

    def fill(self) -> None:
        fill(self._data, self._state)

    def improve_options(self) -> None:
        improve_options(self._data, self._state, 2)

    def improve_routes(self) -> None:
        improve_routes(self._data, self._state)

    def keep(self) -> None:
        keep_best(self._data, self._state, self._child, self._top)

    def load(self) -> None:
        load(self._data, self._state, self._saved())

    def recall(self) -> None:
        if self.child.core[0].objective < UNSAVED:
            recall(self._data, self._state, self._child)

    def repair(self) -> None:
        repair(self._data, self._state)

    def reprice(self) -> None:
        core = self.state.core[0]
        prices = (1, 20, 1000, HARDEST)
        core.time_penalty, core.load_penalty, core.in_store_penalty = (
            self.rng.choice(prices) for _ in range(3)
        )
        reprice(self._state)
        self.child.core[0].objective = UNSAVED

    def ruin(self) -> None:
        self.state.core[0].is_adapting = self.rng.choice((0, 1))
        steps, heat = self.rng.randint(1, 12), self.rng.choice((1.0, 1e4, 1e6))
        a_slot = self.rng.choice((0.0, 0.5, 1.0))
        ruin_and_recreate(
            self._data, self._state, self._child, self._top, steps, heat, heat / 10, 8, a_slot
        )

    def _saved(self) -> Genes:
        """The best feasible solution seen, or the present one."""
        is_saved = self.top.core[0].objective < UNSAVED
        return Genes(*to_genes(self._top)) if is_saved else self.genes()

    def genes(self) -> Genes:
        return genes_of(self.problem, self.data, self.solution(), self.width)

    def solution(self) -> Solution:
        """The state, read from its routes."""
        store = self.data.visits.store
        rows = [
            tuple(int(store[v]) for v in self.state.stops.visit[r, 1 : 1 + n])
            for r, n in enumerate(self.state.routes.n)
        ]
        routes = iter(rows)
        return Solution(
            tuple(int(option) for option in self.state.stores.option),
            tuple(tuple(next(routes) for _ in range(n)) for n in self.problem.slot_vehicles),
        )

    def best(self) -> Solution:
        """The best feasible solution seen."""
        return solution_of(self.problem, self.data, Genes(*to_genes(self._top)))

    def cost(self) -> Cost:
        core = self.state.core[0]
        over = int(core.over_time), int(core.over_load), int(core.over_in_store)
        prices = int(core.time_penalty), int(core.load_penalty), int(core.in_store_penalty)
        penalty = sum(price * excess for price, excess in zip(prices, over, strict=True))
        return Cost(int(core.objective) - penalty, int(core.objective), *over)


def twin_problem(seed: int) -> Problem:
    """A problem of a few stores with windows, lunch, weights, vehicles and open starts."""
    rng = Random(seed)
    n_slots = rng.randint(2, 3)
    return random_problem(
        rng,
        rng.randint(3, 6),
        n_slots,
        slot_start_place=[-1, *[0] * (n_slots - 1)],
        slot_vehicles=[2, *[1] * (n_slots - 1)],
        slot_lunch_s=[0, *[1800] * (n_slots - 1)],
    )


def results(n_problems: int) -> Any:
    """What searches and walks come to, as JSON holds it."""
    found: list[Any] = []
    for seed in range(n_problems):
        problem = twin_problem(seed)
        result = solve(problem, "hgs", MaxIterations(60), seed)
        found.append([result.evaluation.objective, result.solution.routes])
        walk = Walk(problem, seed)
        for name in ("ruin", "anew", "cross", *IMPROVING, "repair", "fill", "keep"):
            walk.move(name)
            found.append([walk.cost().penalized, walk.solution().routes])
        found.append([int(walk.state.core[0].random), walk.solution().option_of_store])
    return json.loads(json.dumps(found))


if __name__ == "__main__":
    # Random numbers wrap round in 64 bits.
    warnings.filterwarnings("ignore", message="overflow", category=RuntimeWarning)
    print(json.dumps(results(int(sys.argv[1]))))
