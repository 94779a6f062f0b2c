"""Compiled code of the search; importing it sets the folder of numba's cache first."""

import numba

from solvers.kernel_cache import kernel_folder

# Read by numba when a function is decorated, so before any module of kernels is imported.
numba.config.CACHE_DIR = str(kernel_folder())  # type: ignore[attr-defined]
