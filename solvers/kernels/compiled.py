"""How kernels are compiled: without the interpreter's lock, entry points kept in the cache."""

from collections.abc import Callable
from typing import Any, TypeVar

import numba

_njit: Any = numba.njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function that only kernels call; a call from Python would crash."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: F = _njit(nogil=True, error_model="numpy", **options)(function)
    return compiled


def entry(function: F) -> F:
    """Compile a function that Python calls, with all kernels below it, or load it."""
    compiled: F = _njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
