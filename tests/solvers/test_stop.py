"""Stop criteria at their limits."""

from dataclasses import replace

import pytest

from solvers import Progress, StandsStill
from solvers.stop import has_limit, iteration_limit

PROGRESS = Progress(
    iterations=10, seconds=5, objective=1, terms={}, missing_visits=0,
    iterations_unimproved=3, seconds_unimproved=2.0,
)  # fmt: skip


@pytest.mark.parametrize(("unimproved", "ends"), [(1.9, False), (2.0, True), (2.1, True)])
def test_a_search_that_stands_still_ends(unimproved: float, ends: bool) -> None:
    assert StandsStill(2.0)(replace(PROGRESS, seconds_unimproved=unimproved)) is ends


def test_standing_still_limits_neither_time_nor_iterations() -> None:
    assert not has_limit(StandsStill(2.0))
    assert iteration_limit(StandsStill(2.0)) is None
