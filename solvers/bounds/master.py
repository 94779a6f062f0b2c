"""The linear program over ways of stores and routes of kinds of slots, whose duals are prizes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp

from solvers.bounds.kinds import SlotKind
from solvers.bounds.pricing import PricedRoute
from solvers.bounds.ways import StoreWays, Way
from solvers.problem import IntArray

_TINY = 1e-6
_RAISED = 4  # times
_FROM_THERE = pywraplp.MPSolverParameters.INCREMENTALITY_ON
_ANEW = pywraplp.MPSolverParameters.INCREMENTALITY_OFF
_PARAMETERS = "use_preprocessing: false"  # so that it starts from where it was


@dataclass(frozen=True, slots=True)
class Prizes:
    """What visits are worth, and below what a route is worth while; whole numbers."""

    visits: tuple[IntArray, ...]  # by kind of slot, and store of the kind; 0 or more
    thresholds: tuple[int, ...]  # by kind of slot: cost less prizes; 0 or less
    loose: tuple[tuple[PricedRoute, ...], ...]  # by kind of slot: loose routes that are in use
    value: float  # of the program: no bound, since routes may be missing


class Master:
    """Chooses a way of each store and routes that make its visits; fractions are allowed."""

    def __init__(self, kinds: Sequence[SlotKind], ways: Sequence[StoreWays]) -> None:
        self._ways = ways
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_PARAMETERS)
        most = self._solver.infinity()
        self._one_way = [self._solver.Constraint(1, 1) for _ in ways]
        self._driven = [self._solver.Constraint(-most, kind.n_routes) for kind in kinds]
        self._made = [[self._solver.Constraint(0, most) for _ in kind.stores] for kind in kinds]
        self._caps = [
            [self._cap(row, kind.alone(place)) for place, row in enumerate(rows)]
            for kind, rows in zip(kinds, self._made, strict=True)
        ]
        self._over_cap: list[Any] = []
        self._known: set[tuple[int, Way | PricedRoute]] = set()
        self._loose: list[dict[PricedRoute, Any]] = [{} for _ in kinds]
        self._solver.Objective().SetMinimization()

    def add_way(self, store: int, way: Way) -> bool:
        """Add a way of a store; whether it is new."""
        if (store, way) in self._known:
            return False
        self._known.add((store, way))
        column = self._column(way.cost)
        self._one_way[store].SetCoefficient(column, 1)
        own = self._ways[store]
        for k, place, made in zip(own.kinds, own.places, way.made, strict=True):
            if made:
                self._made[k][place].SetCoefficient(column, -made)
        return True

    def add_route(self, kind: int, route: PricedRoute, *, is_loose: bool = False) -> bool:
        """Add a route of a kind of slot, or a loose one for a while; whether it is new."""
        if (kind, route) in self._known:
            return False
        self._known.add((kind, route))
        column = self._column(route.cost)
        self._driven[kind].SetCoefficient(column, 1)
        for place, visits in Counter(route.stores).items():
            self._made[kind][place].SetCoefficient(column, visits)
        if is_loose:
            self._loose[kind][route] = column
        return True

    def _cap(self, row: Any, most: int) -> Any:
        column = self._column(max(1, most))
        row.SetCoefficient(column, 1)
        return column

    def _column(self, cost: int) -> Any:
        column = self._solver.NumVar(0, self._solver.infinity(), "")
        self._solver.Objective().SetCoefficient(column, cost)
        return column

    def prizes(self) -> Prizes | None:
        """Return the prizes of visits that the program comes to; None where it comes to none."""
        if not (self._is_solved(_FROM_THERE) or self._is_solved(_ANEW)):
            return None
        self._over_cap = [cap for row in self._caps for cap in row if cap.solution_value() > _TINY]
        return Prizes(
            tuple(
                np.array([max(0, round(row.dual_value())) for row in rows], dtype=np.int64)
                for rows in self._made
            ),
            tuple(min(0, round(row.dual_value())) for row in self._driven),
            tuple(
                tuple(route for route, column in own.items() if column.solution_value() > _TINY)
                for own in self._loose
            ),
            self._solver.Objective().Value(),
        )

    def _is_solved(self, start: int) -> bool:
        """Solve from where it was, or anew where it is numerically lost from there."""
        parameters: Any = pywraplp.MPSolverParameters()
        parameters.SetIntegerParam(parameters.INCREMENTALITY, start)
        return bool(self._solver.Solve(parameters) == pywraplp.Solver.OPTIMAL)

    def drop_loose(self, kind: int, stays: Callable[[PricedRoute], bool]) -> None:
        """Drop the loose routes of a kind of slot, but for some that stay."""
        for route in [route for route in self._loose[kind] if not stays(route)]:
            self._loose[kind].pop(route).SetUb(0)
            self._known.remove((kind, route))

    def raise_caps(self) -> bool:
        """Raise the limits of prizes that bind; whether any did."""
        for cap in self._over_cap:
            cost = self._solver.Objective().GetCoefficient(cap)
            self._solver.Objective().SetCoefficient(cap, _RAISED * cost)
        return bool(self._over_cap)
