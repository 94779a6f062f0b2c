"""Solutions that live side by side: near the best, and different from each other."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from solvers.kernels.distance import distance, links_of
from solvers.kernels.layout import Data, Genes

CLOSEST = 4
"""So many nearest others make a solution's diversity."""


@dataclass(eq=False)
class Individual:
    """A solution with its cost, excess of each kind and links."""

    genes: Genes
    base: int
    excess: tuple[int, int, int]
    links: tuple[Any, Any, Any]
    distance_to: dict[int, float] = field(default_factory=dict)  # by id of the other

    @property
    def is_feasible(self) -> bool:
        """Whether no limit is exceeded."""
        return not any(self.excess)

    def cost(self, penalty: Any) -> int:
        """The penalized cost."""
        return self.base + sum(int(p) * e for p, e in zip(penalty, self.excess, strict=True))


class Population:
    """Feasible and infeasible solutions, each kept few by cost and diversity.

    Vidal et al. (2012, doi 10.1287/opre.1120.1048): biased fitness is the rank by cost plus the
    rank by diversity, the latter the less the more elite there is.
    """

    def __init__(self, data: Data, fewest: int, growth: int, elite: int) -> None:
        self.data = data
        self.fewest, self.growth, self.elite = fewest, growth, elite
        self.groups: tuple[list[Individual], list[Individual]] = ([], [])  # infeasible, feasible

    def __len__(self) -> int:
        return sum(len(group) for group in self.groups)

    def of_best(self, n: int, penalty: Any) -> "Population":
        """A small population that begins with the n best."""
        few = Population(self.data, fewest=6, growth=6, elite=2)
        everyone = [one for group in self.groups for one in group]
        for one in sorted(everyone, key=lambda one: one.cost(penalty))[:n]:
            one.distance_to.clear()
            few.add(one, penalty)
        return few

    def individual(self, genes: Genes, core: Any, penalty: Any) -> Individual:
        """A solution with what the population needs to know of it."""
        excess = int(core.over_time), int(core.over_load), int(core.over_in_store)
        base = int(core.objective) - sum(int(p) * e for p, e in zip(penalty, excess, strict=True))
        return Individual(genes, base, excess, links_of(self.data, genes))

    def add(self, one: Individual, penalty: Any) -> None:
        """Take in a solution; a full group loses its least fit."""
        group = self.groups[one.is_feasible]
        for other in group:
            gap = distance(one.genes.option, *one.links, other.genes.option, *other.links)
            one.distance_to[id(other)] = other.distance_to[id(one)] = gap
        group.append(one)
        if len(group) > self.fewest + self.growth:
            while len(group) > self.fewest:
                self._drop(group, penalty)

    def _drop(self, group: list[Individual], penalty: Any) -> None:
        twins = [one for one in group if min(one.distance_to.values(), default=1.0) < 1e-9]
        best = min(group, key=lambda one: one.cost(penalty))
        fitness = self._fitness(group, penalty)
        candidates = [one for one in (twins or group) if one is not best] or [group[-1]]
        worst = max(candidates, key=lambda one: fitness[id(one)])
        group[:] = [one for one in group if one is not worst]
        for other in group:
            other.distance_to.pop(id(worst), None)

    def _fitness(self, group: list[Individual], penalty: Any) -> dict[int, float]:
        n = len(group)
        by_cost = sorted(group, key=lambda one: one.cost(penalty))
        rank = {id(one): place for place, one in enumerate(by_cost)}
        diversity = {
            id(one): float(np.mean(sorted(one.distance_to.values())[:CLOSEST] or [1.0]))
            for one in by_cost
        }
        by_diversity = sorted(by_cost, key=lambda one: -diversity[id(one)])
        weight = 1.0 - min(self.elite, n) / n
        return {
            id(one): (rank[id(one)] + weight * place) / max(1, n - 1)
            for place, one in enumerate(by_diversity)
        }

    def parents(self, rng: Random, penalty: Any) -> tuple[Individual, Individual]:
        """Two different solutions by binary tournament."""
        fitness: dict[int, float] = {}
        for group in self.groups:
            if group:
                fitness |= self._fitness(group, penalty)
        everyone = [one for group in self.groups for one in group]

        def winner() -> Individual:
            pair = [rng.choice(everyone) for _ in range(2)]
            return min(pair, key=lambda one: fitness[id(one)])

        first = winner()
        for _ in range(10):
            second = winner()
            if second is not first:
                break
        return first, second
