"""A lower bound on work above the limits: how much too much no choice of options avoids."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LoadGroup:
    """Stores that choose among the same options and take the same time; they may be shared out."""

    count: int
    seconds: float  # per visit, service and the least travel
    members: FloatArray  # (n_options, n_slots) 1 where the option visits


def unavoidable_overload(
    groups: Sequence[LoadGroup], weight: FloatArray, limit: FloatArray
) -> float:
    """Least total of `weight x (load - limit)` over the slots that are above their limit.

    A linear program: groups are split freely over their options, which a plan cannot do, so no
    plan does better.

    Parameters
    ----------
    weight, limit
        (n_slots,) days on which a slot is driven, and seconds of work on each.
    """
    solver = pywraplp.Solver.CreateSolver("GLOP")
    above = [solver.NumVar(0, solver.infinity(), "") for _ in limit]
    rows = [solver.Constraint(-solver.infinity(), float(most)) for most in limit]
    for row, more in zip(rows, above, strict=True):
        row.SetCoefficient(more, -1)
    objective = solver.Objective()
    for more, days in zip(above, weight, strict=True):
        objective.SetCoefficient(more, float(days))
    for group in groups:
        all_placed = solver.Constraint(group.count, group.count)
        for option in group.members:
            part = solver.NumVar(0, group.count, "")
            all_placed.SetCoefficient(part, 1)
            for slot in np.flatnonzero(option):
                rows[slot].SetCoefficient(part, group.seconds)
    objective.SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise ArithmeticError("the workload bound has no optimal solution")
    return max(0.0, float(objective.Value()))
