"""What a search hands back."""

from dataclasses import dataclass
from typing import Literal

from solvers.evaluate import Evaluation
from solvers.problem import Solution

Status = Literal["solved", "canceled"]


@dataclass(frozen=True, slots=True)
class Result:
    """The best solution found, its evaluation from scratch and how it was found."""

    solution: Solution
    evaluation: Evaluation
    status: Status  # canceled: ended by its caller; the solution is the best until then
    iterations: int
    seconds: float
    method: str  # that made it: "insertion" where "hgs" was still being compiled
    seed: int
