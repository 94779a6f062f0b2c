"""What the methods are compared on: a problem with a name, however it came about."""

import hashlib
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from benchmarks.field.layout import IndexArray
from benchmarks.field.rules import TerritoryRules
from benchmarks.field.territory import territory
from solvers import Problem, Solution

_NUMBERS_AT_ONCE = 2**20


@dataclass(frozen=True, eq=False)
class Instance:
    """A problem, the parameters that it follows from, and what its stores are."""

    name: str  # of its files
    parameters: dict[str, Any]
    problem: Problem
    class_of_store: IndexArray  # (problem.n_stores,) 0: A, 1: B, 2: C, -1: appointment
    planted: Solution | None = None  # known from the start to be feasible and complete
    overload: int = 0  # percent

    @cached_property
    def content_hash(self) -> str:
        """The hash of the problem, which best plans are bound to."""
        return problem_hash(self.problem)


def problem_hash(problem: Problem) -> str:
    """Return SHA-256 of all arrays and prices, the same whatever integer types hold them."""
    digest = hashlib.sha256()
    for field in fields(problem):
        value = np.asarray(getattr(problem, field.name))
        digest.update(f"{field.name}{value.shape}".encode())
        flat = value.reshape(-1)
        for start in range(0, flat.size, _NUMBERS_AT_ONCE):
            digest.update(flat[start : start + _NUMBERS_AT_ONCE].astype("<i8").tobytes())
    return digest.hexdigest()


def generated(rules: TerritoryRules) -> Instance:
    """Return the instance of a generated territory."""
    made = territory(rules)
    return Instance(
        name=rules.name,
        parameters=asdict(rules),
        problem=made.problem,
        class_of_store=made.class_of_store,
        planted=made.planted,
        overload=rules.overload,
    )
