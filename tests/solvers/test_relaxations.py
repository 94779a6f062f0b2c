"""The cheapest levels against all levels tried one by one."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.relaxations import Levels, Need, Pairs, Relaxations, cheapest, cost_of, needs_of

N_LEVELS = (3, 2, 3)


@st.composite
def problems(draw: st.DrawFn) -> Relaxations:
    def table(*shape: int) -> np.ndarray:
        n = int(np.prod(shape))
        return np.array(draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n))).reshape(shape)

    return Relaxations(
        n_levels=N_LEVELS,
        step_cost=tuple(draw(st.lists(st.integers(1, 4), min_size=3, max_size=3))),
        needs=(Need((0, 1), table(3, 2, 2)), Need((2,), table(3, 2)), Need((), table(2))),
        forbidden=draw(st.sampled_from([(), (((0, 2), (2, 0)),)])),
    )


def by_hand(
    problem: Relaxations,
    limit: list[int] | None,
    below: list[Levels],
    most_cost: int | None,
    one_of: list[Pairs],
) -> Levels | None:
    """Every choice of levels looked at; the rank of the best."""

    def is_open(levels: Levels) -> bool:
        return (
            not any(all(levels[i] == n for i, n in pairs) for pairs in problem.forbidden)
            and not any(all(n <= m for n, m in zip(levels, b, strict=True)) for b in below)
            and all(any(levels[i] == n for i, n in pairs) for pairs in one_of)
            and (most_cost is None or cost_of(problem, levels) <= most_cost)
            and (limit is None or bool((needs_of(problem, levels) <= limit).all()))
        )

    found = [levels for levels in product(*map(range, N_LEVELS)) if is_open(levels)]
    return min(found, key=lambda levels: rank(problem, levels, limit), default=None)


def rank(problem: Relaxations, levels: Levels, limit: list[int] | None) -> tuple[int, int]:
    cost = cost_of(problem, levels) if limit is not None else 0
    return cost, int(needs_of(problem, levels).sum())


@settings(max_examples=60)
@given(
    problems(),
    st.one_of(st.none(), st.lists(st.integers(-12, 12), min_size=2, max_size=2)),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)), max_size=2),
    st.one_of(st.none(), st.integers(0, 12)),
    st.sampled_from([[], [((0, 1), (2, 2))], [((1, 1),), ((0, 2), (2, 0))], [()]]),
)
def test_it_is_the_best_of_all_levels(
    problem: Relaxations,
    limit: list[int] | None,
    below: list[Levels],
    most_cost: int | None,
    one_of: list[Pairs],
) -> None:
    found = cheapest(problem, limit, below, most_cost, one_of)
    best = by_hand(problem, limit, below, most_cost, one_of)
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert rank(problem, found, limit) == rank(problem, best, limit)
