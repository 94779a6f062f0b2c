"""Compiles the kernel of bounds into a folder of its own, apart from those of the search."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from solvers.kernel_cache import facts_of, key_of, keyed_folder

F = TypeVar("F", bound=Callable[..., Any])


def entry(function: F) -> F:
    """Compile a function that Python calls, or load it; the search's cache is left alone."""
    config: Any = numba.config
    usual = config.CACHE_DIR
    config.CACHE_DIR = str(_folder())  # read by numba when a function is decorated
    try:
        compiled: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = usual
    return cast("F", compiled)


def inner(function: F) -> F:
    """Compile a function that only compiled ones call."""
    return cast("F", numba.njit(nogil=True, error_model="numpy")(function))


@cache
def _folder() -> Path:
    return keyed_folder(os.environ, key_of(Path(__file__).parent, facts_of(os.environ)))
