"""Lower bounds on the objective of small problems: how much better a plan could be at most."""

from solvers.bounds.bound import MOST_STORES, Bound, lower_bound
from solvers.bounds.relaxed import Relaxed

__all__ = ["MOST_STORES", "Bound", "Relaxed", "lower_bound"]
