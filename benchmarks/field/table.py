"""The table of all runs: printed, and as CSV with machine, date and commit."""

import csv
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.field.best import BestPlan
from benchmarks.field.instance import Instance
from benchmarks.field.rules import CLASS_LABELS
from benchmarks.field.runs import Run
from benchmarks.field.shortfall import Shortfall
from benchmarks.machine import commit, machine, today

CHECKPOINTS = (1, 5, 20, 60)  # seconds
_NEAR = 1.01  # of the best known plan

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A run beside what it is compared with."""

    instance: Instance
    run: Run
    limit: float  # seconds that the run was given
    best: BestPlan
    is_own: bool  # the best plan is that of this run, with no other to measure it by
    planted_objective: int | None
    first: Run  # of the same instance by the first method asked for
    shortfall: Shortfall | None  # of an overloaded territory

    def gap(self, objective: int | None) -> float | None:
        """Percent above the best known plan; none where that is the run's own."""
        if objective is None or self.is_own:
            return None
        return round(100 * (objective / max(1, self.best.objective) - 1), 3)


def row_of(compared: Compared) -> dict[str, Cell]:
    """Return the cells of one run by their column."""
    run, problem, limit = compared.run, compared.instance.problem, compared.limit
    evaluation = run.evaluation
    near_s = None if compared.is_own else run.seconds_to(_NEAR * compared.best.objective)
    planted = compared.planted_objective
    row: dict[str, Cell] = {
        "instance": compared.instance.name,
        "stores": problem.n_stores,
        "slots": problem.n_slots,
        "visits": int(problem.required.sum()),
        "method": run.method,
        "threads": run.threads,
        "seconds": limit,
        "cpu_s": round(run.seconds, 2),
        "wall_s": round(run.wall_s, 2),
        "iterations": run.iterations,
        "objective": evaluation.objective,
        "missing_visits": evaluation.missing_visits,
        "broken_rules": len(evaluation.infeasibilities),
        "best_known": compared.best.objective,
    }
    for at in CHECKPOINTS:
        if at <= limit:
            row[f"gap_{at}_s"] = compared.gap(run.objective_after(at, limit))
    row["gap"] = compared.gap(evaluation.objective)
    row["s_to_1_percent"] = None if near_s is None else round(near_s, 2)
    row["to_planted"] = _ratio(evaluation.objective, planted)
    row["to_first_method"] = _ratio(evaluation.objective, compared.first.evaluation.objective)
    if compared.shortfall is not None:
        row |= _shortfall_cells(compared.shortfall)
    return row


def _shortfall_cells(found: Shortfall) -> dict[str, Cell]:
    cells: dict[str, Cell] = {
        f"{label}_served": f"{found.served[label]}/{found.required[label]}"
        for label in CLASS_LABELS
    }
    cells |= {
        f"{label}_further": f"{found.further_served[label]}/{found.further_required[label]}"
        for label in CLASS_LABELS
    }
    return cells | {
        "without_visit": len(found.without_visit),
        "could_have_one": len(found.could_have_one),
        "outranked": len(found.outranked),
    }


def write_csv(rows: list[dict[str, Cell]], path: Path) -> None:
    """Write all rows, with where and when they were measured."""
    measured = {"machine": machine(), "date": today(), "commit": commit()}
    columns = [*dict.fromkeys(name for row in rows for name in row), *measured]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(row | measured for row in rows)


def printed(rows: list[dict[str, Cell]]) -> str:
    """Return the rows as text in columns, and the mean gap of each method."""
    hidden = {"stores", "slots", "threads", "seconds", "wall_s", "best_known", "iterations"}
    columns = [
        name for name in dict.fromkeys(name for row in rows for name in row) if name not in hidden
    ]
    cells = [columns, *([_shown(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(columns))]
    lines = [
        "  ".join(
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    for method in dict.fromkeys(row["method"] for row in rows):
        of_method = (row["gap"] for row in rows if row["method"] == method)
        gaps = [gap for gap in of_method if isinstance(gap, float)]
        if gaps:
            lines.append(f"mean gap of {method}: {mean(gaps):.3f} % over {len(gaps)} instances")
    if any(row["gap"] is None for row in rows):
        lines.append("no gap: the best plan known is the run's own; run again, or several methods")
    return "\n".join(lines)


def _shown(value: Cell) -> str:
    return "-" if value is None else str(value)


def _ratio(objective: int, other: int | None) -> float | None:
    return round(objective / other, 4) if other else None
