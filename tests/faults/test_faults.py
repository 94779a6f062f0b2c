"""Whatever dies, nothing is lost, nothing is doubled, and every job ends in a final state.

Each fault once; `make test-faults` has many rounds of them (`tests.faults.rounds`).
"""

from collections.abc import Iterator
from random import Random

import pytest

from tests.faults.faults import A_FEW, Fault
from tests.faults.invariants import check_all
from tests.faults.machine import Machine, machine


@pytest.fixture(scope="module")
def box() -> Iterator[Machine]:
    with machine() as made:
        yield made


@pytest.mark.parametrize("fault", A_FEW, ids=lambda fault: fault.name.replace(" ", "-"))
def test_nothing_is_lost_and_nothing_double(box: Machine, fault: Fault) -> None:
    fault.happen(box, Random(1))
    check_all(box)
