"""Random numbers from a state in a record (xorshift64*, Vigna 2016, doi 10.1145/2845077)."""

from typing import Any

import numpy as np

from solvers.kernels.compiled import kernel

_A, _B, _C = np.uint64(12), np.uint64(25), np.uint64(27)
_FACTOR = np.uint64(0x2545F4914F6CDD1D)
_HIGH = np.uint64(33)
_FINE = np.uint64(11)


@kernel
def draw(core: Any) -> Any:
    """Return the next 64 random bits."""
    x = core.random
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    core.random = x
    return x * _FACTOR


@kernel
def below(core: Any, n: int) -> int:
    """Return a whole number of 0 … n - 1, n below 2**31."""
    return int(np.int64(draw(core) >> _HIGH) * n) >> 31


@kernel
def share(core: Any) -> float:
    """Return a number in [0, 1)."""
    return float(np.float64(draw(core) >> _FINE) * (1.0 / 9007199254740992.0))


@kernel
def shuffle(core: Any, items: Any, n: int) -> None:
    """Shuffle the first n items in place."""
    for i in range(n - 1, 0, -1):
        j = below(core, i + 1)
        items[i], items[j] = items[j], items[i]
