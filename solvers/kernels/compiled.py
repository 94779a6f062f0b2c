"""How kernels are compiled: without the interpreter's lock, entry points kept in the cache."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import types

_njit: Any = numba.njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function that only kernels call; a call from Python would crash."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: Any = _njit(nogil=True, error_model="numpy", **options)(function)
    if compiled is not function:  # which it is where numba is told not to compile
        find = compiled.get_call_template
        # Numba would compile anew for each constant and width of integer that it is called with.
        compiled.get_call_template = lambda args, kws: find(tuple(map(_plain, args)), kws)
    return cast("F", compiled)


def _plain(kind: Any) -> Any:
    """The type of any whole number: 64 bits, or a truth value."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) else kind


def entry(function: F) -> F:
    """Compile a function that Python calls, with all kernels below it, or load it."""
    compiled: F = _njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
