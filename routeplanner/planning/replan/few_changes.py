"""Searches with a hard limit on the stores that move: which may, and what is best then.

A search in which every change has its price finds stores that are worth moving. Those of most worth
are set free, all others keep their days, and a second search decides; then again with another set,
and at last with the best one. A solution of a search with N stores set free has at most N changes.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from routeplanner.planning.budget import Budget
from routeplanner.planning.encode import Encoding, with_choices
from routeplanner.planning.replan.earlier import Earlier
from routeplanner.planning.replan.limits import with_free
from routeplanner.planning.replan.worth import worth_of_move
from routeplanner.planning.warm_start import carried_over
from solvers import Result, Solution

_ROUNDS = 3
_PART = 0.12
"""Of the budget, for one search; two make a round, the last search gets what is left."""

_LEAST_PRICE = 1.0
"""Equivalent minutes a moved visit where changes are free: their number has to fall in the end."""


class Run(Protocol):
    """One search; `is_allowed` says whether its plans keep the limit and may be shown."""

    def __call__(
        self, encoding: Encoding, budget: Budget, start: Solution, *, is_allowed: bool
    ) -> Result: ...


Searched = tuple[Encoding, Result]


@dataclass(slots=True)
class FewChanges:
    """The search of one encoding, of whose stores at most `most` move."""

    encoding: Encoding
    earlier: Earlier
    most: int
    run: Run
    _worth: dict[str, int] = field(default_factory=dict)  # of the moves that were found so far

    def search(self, budget: Budget, start: Solution) -> Searched:
        """Return the best that was found, with the problem of the stores that were set free."""
        if self.most == 0:
            return self._limited(frozenset(), budget, (self.encoding, start))
        tried: set[frozenset[str]] = set()
        best: Searched | None = None
        iterations, used = 0, 0.0
        price = max(self.encoding.stability, _LEAST_PRICE)
        for _ in range(_ROUNDS):
            priced = with_choices(self.encoding, self.encoding.choices, price)
            found = self.run(priced, budget.part(_PART, used), start, is_allowed=False)
            iterations, used = iterations + found.iterations, used + _PART
            free, n_moved = self._worthiest(found.solution)
            if n_moved > self.most:
                price *= 2
            if free in tried:
                continue
            tried.add(free)
            one = self._limited(free, budget.part(_PART, used), (priced, found.solution))
            iterations, used = iterations + one[1].iterations, used + _PART
            if best is None or _objective(one) < _objective(best):
                best = one
            start = carried_over(self.encoding, best[0], best[1].solution)
        assert best is not None, "the first set is a new one"
        last = self.run(best[0], budget.part(1 - used, used), best[1].solution, is_allowed=True)
        return best[0], replace(last, iterations=iterations + last.iterations)

    def _limited(
        self, free: frozenset[str], budget: Budget, start: tuple[Encoding, Solution]
    ) -> Searched:
        encoding = with_free(self.encoding, self.earlier, free)
        begin = carried_over(encoding, *start)
        return encoding, self.run(encoding, budget, begin, is_allowed=True)

    def _worthiest(self, solution: Solution) -> tuple[frozenset[str], int]:
        """Return the stores whose moves are worth most, and how many moved.

        Where fewer moved than may, stores that moved in an earlier search fill the set.
        """
        moved = [
            place
            for place, store in enumerate(self.encoding.stores)
            if self.earlier.is_moved(store.id, self._visits(solution, place))
        ]
        worth = {
            self.encoding.stores[place].id: worth_of_move(self.encoding, solution, place)
            for place in moved
        }
        self._worth |= worth
        ranked = sorted(self._worth, key=lambda i: (i not in worth, -self._worth[i], i))
        return frozenset(ranked[: self.most]), len(moved)

    def _visits(self, solution: Solution, place: int) -> list[tuple[str, int]]:
        return [
            (key.rep.id, day.day)
            for key, routes in zip(self.encoding.keys, solution.routes, strict=True)
            if place in routes[0]
            for day in key.days
        ]


def _objective(searched: Searched) -> int:
    return searched[1].evaluation.objective
