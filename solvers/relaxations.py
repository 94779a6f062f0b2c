"""The cheapest choice of levels that keeps every resource, by CP-SAT: levers of a planning problem.

A ladder is a lever with levels 0, 1, 2, …; level 0 changes nothing and costs nothing. What the
levels of some ladders need together stands in a table; tables add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

IntArray = NDArray[np.int64]
Levels = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]

_MOST_WORK = 20.0
"""Deterministic seconds of one search, so that a run repeats."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What the levels of some ladders need of each resource, below 0 where they give."""

    ladders: tuple[int, ...]
    table: IntArray  # (levels of each ladder in turn, n_resources)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxations:
    """Ladders with the cost of each step, and the tables of needs."""

    n_levels: tuple[int, ...]  # of each ladder, level 0 included
    step_cost: tuple[int, ...]  # of each ladder
    needs: tuple[Need, ...]
    forbidden: tuple[Pairs, ...] = ()  # (ladder, level) that never go together


def cost_of(problem: Relaxations, levels: Levels) -> int:
    """The cost of a choice of levels."""
    return sum(n * cost for n, cost in zip(levels, problem.step_cost, strict=True))


def needs_of(problem: Relaxations, levels: Levels) -> IntArray:
    """What a choice of levels needs of each resource, (n_resources,)."""
    rows = [need.table[tuple(levels[i] for i in need.ladders)] for need in problem.needs]
    total: IntArray = np.sum(rows, axis=0)
    return total


def cheapest(
    problem: Relaxations,
    limit: Sequence[int] | None,
    below: Sequence[Levels] = (),
    most_cost: int | None = None,
    one_of: Sequence[Pairs] = (),
) -> Levels | None:
    """
    Return the levels of least cost within the limits; of equal cost those that need least.

    Parameters
    ----------
    limit
        The most of each resource; none: the levels that need least are returned, whatever they
        cost.
    below
        Levels that are known not to do: so do not those that are nowhere higher.
    most_cost
        The most that the levels may cost.
    one_of
        (ladder, level) of which at least one is chosen, each time.

    Returns
    -------
    Levels or None
        None where no levels are left.
    """
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var("") for _ in range(n)] for n in problem.n_levels]
    for ladder_levels in chosen:
        model.add_exactly_one(ladder_levels)
    total = [_add_need(model, chosen, need) for need in problem.needs]
    for pairs in problem.forbidden:
        model.add_bool_or([chosen[ladder][level].negated() for ladder, level in pairs])
    for bound in below:
        higher = [
            chosen[i][n] for i, level in enumerate(bound) for n in range(level + 1, len(chosen[i]))
        ]
        model.add_bool_or(higher)
    cost = sum(
        level * problem.step_cost[i] * chosen[i][level]
        for i, n in enumerate(problem.n_levels)
        for level in range(n)
    )
    for pairs in one_of:
        model.add_bool_or([chosen[ladder][level] for ladder, level in pairs])
    if most_cost is not None:
        model.add(cost <= most_cost)
    if limit is not None:
        for resource, most in enumerate(limit):
            model.add(sum(rows[resource] for rows in total) <= int(most))
    weight = 1 + _widest(problem) if limit is not None else 0
    model.minimize(weight * cost + sum(part for rows in total for part in rows))
    return _solved(model, chosen)


def _add_need(
    model: cp_model.CpModel, chosen: Sequence[Sequence[cp_model.IntVar]], need: Need
) -> list[cp_model.LinearExpr]:
    """Choose the cell of a table that goes with the levels; what it needs of each resource."""
    cells = {
        levels: model.new_bool_var("")
        for levels in product(*(range(n) for n in need.table.shape[:-1]))
    }
    model.add_exactly_one(cells.values())
    for place, ladder in enumerate(need.ladders):
        for level, is_chosen in enumerate(chosen[ladder]):
            model.add_exactly_one(
                [cell for levels, cell in cells.items() if levels[place] == level]
                + [is_chosen.negated()]
            )
    return [
        cp_model.LinearExpr.weighted_sum(
            list(cells.values()), [int(need.table[levels][resource]) for levels in cells]
        )
        for resource in range(need.table.shape[-1])
    ]


def _widest(problem: Relaxations) -> int:
    """By how much the needs of any two choices can differ."""
    spans = [need.table.reshape(-1, need.table.shape[-1]) for need in problem.needs]
    return int(sum((rows.max(axis=0) - rows.min(axis=0)).sum() for rows in spans))


def _solved(model: cp_model.CpModel, chosen: Sequence[Sequence[cp_model.IntVar]]) -> Levels | None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _MOST_WORK
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return tuple(
        next(level for level, var in enumerate(levels) if solver.boolean_value(var))
        for levels in chosen
    )
