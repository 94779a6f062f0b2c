"""The best plans known, one file an instance: parameters, hash of the problem, cost, solution."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.field.instance import Instance
from solvers import Solution, evaluate


class OtherProblemError(Exception):
    """A file of another problem than the one of its name: the generator has changed since."""


@dataclass(frozen=True, slots=True)
class BestPlan:
    """A plan without a broken rule, and where it came from."""

    solution: Solution
    objective: int
    missing_visits: int
    found_by: dict[str, Any]  # method, seconds, seed, commit, date


class BestPlans:
    """A folder of best plans; files change only where a better plan is found."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, instance: Instance) -> Path:
        """The file of an instance."""
        return self.folder / f"{instance.name}.json"

    def read(self, instance: Instance) -> BestPlan | None:
        """
        Return the best plan known, re-computed; None where there is none.

        Raises
        ------
        OtherProblemError
            The file holds a plan of another problem, or one that is not what it says.
        """
        path = self.path(instance)
        if not path.exists():
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["problem_hash"] != instance.content_hash:
            raise OtherProblemError(
                f"{path.name} is of another problem than {instance.name} is now; its plan and cost "
                "cannot be compared. Remove the file to begin anew."
            )
        solution = Solution(
            tuple(content["option_of_store"]),
            tuple(tuple(tuple(route) for route in routes) for routes in content["routes"]),
        )
        evaluation = evaluate(instance.problem, solution)
        if evaluation.objective != content["objective"] or not evaluation.is_feasible:
            raise OtherProblemError(f"{path.name} does not hold a plan of the cost that it names.")
        return BestPlan(
            solution, evaluation.objective, evaluation.missing_visits, content["found_by"]
        )

    def offer(self, instance: Instance, solution: Solution, found_by: dict[str, Any]) -> BestPlan:
        """Return the better of a plan and the one known, and keep it; broken plans count never."""
        known = self.read(instance)
        evaluation = evaluate(instance.problem, solution)
        offered = BestPlan(solution, evaluation.objective, evaluation.missing_visits, found_by)
        if not evaluation.is_feasible:
            if known is None:
                raise ValueError(f"the first plan of {instance.name} breaks rules")
            return known
        if known is not None and known.objective <= offered.objective:
            return known
        self._write(instance, offered, evaluation.terms)
        return offered

    def _write(self, instance: Instance, plan: BestPlan, terms: dict[str, int]) -> None:
        head = {
            "instance": instance.parameters,
            "problem_hash": instance.content_hash,
            "objective": plan.objective,
            "terms": terms,
            "missing_visits": plan.missing_visits,
            "found_by": plan.found_by,
        }
        lines = [f'"{name}":{_compact(value)}' for name, value in head.items()]
        lines.append(f'"option_of_store":{_compact(plan.solution.option_of_store)}')
        routes = ",\n".join(_compact(routes) for routes in plan.solution.routes)
        lines.append(f'"routes":[\n{routes}]')
        self.folder.mkdir(parents=True, exist_ok=True)
        text = "{" + ",\n".join(lines) + "}\n"
        self.path(instance).write_text(text, encoding="utf-8")


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
