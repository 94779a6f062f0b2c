"""Hybrid genetic search: islands of solutions around the compiled kernels."""
