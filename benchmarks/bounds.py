"""`python -m benchmarks.bounds`: plans of small territories against their lower bounds."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from pathlib import Path
from statistics import mean, median

from benchmarks.cpu_seconds import CpuSeconds
from benchmarks.field.instance import Instance, generated
from benchmarks.field.rules import KINDS, TerritoryRules
from benchmarks.field.table import Cell, write_csv
from solvers import evaluate, solve, warmup
from solvers.bounds import lower_bound

_COLUMNS = ("instance", "visits", "plan", "bound", "gap", "is_final", "bound_s")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 1 where a plan breaks rules or lies below its bound."""
    options = _parser().parse_args(arguments)
    warmup()
    rows: list[dict[str, Cell]] = []
    print("  ".join(_COLUMNS))
    for instance in _instances(options.stores, options.count):
        row = _row(instance, options.plan_seconds, options.seconds)
        rows.append(row)
        print("  ".join(_shown(row[name]) for name in _COLUMNS), flush=True)
        write_csv(rows, options.out / "bounds.csv")  # what is done is not lost
    gaps = [gap for row in rows if isinstance(gap := row["gap"], float)]
    if gaps:
        words = f"mean gap {mean(gaps):.2f} %, median {median(gaps):.2f}"
        print(f"{words}, largest {max(gaps):.2f}; {len(gaps)} of {len(rows)} have a bound")
    return int(any(gap < 0 for gap in gaps) or any(row["broken_rules"] for row in rows))


def _instances(stores: Sequence[int], count: int) -> Iterator[Instance]:
    """Return territories of all kinds and sizes in turn, with a new seed every time round."""
    sorts = list(product(stores, KINDS))
    for number, (n, kind) in enumerate(islice(cycle(sorts), count)):
        seed = 1 + number // len(sorts)
        yield generated(TerritoryRules(kind=kind, stores=n, reps=1, seed=seed))


def _row(instance: Instance, plan_seconds: float, seconds: float) -> dict[str, Cell]:
    """Return the cells of one territory; all seconds are CPU seconds."""
    problem = instance.problem
    solution = solve(problem, stop=CpuSeconds(plan_seconds), seed=1).solution
    plan = evaluate(problem, solution)
    bound = lower_bound(problem, seconds, known=solution, clock=time.process_time)
    gap = None
    if bound.value is not None:
        gap = round(100 * (plan.objective - bound.value) / max(1, bound.value), 3)
    return {
        "instance": instance.name,
        "stores": problem.n_stores,
        "visits": int(problem.required.sum()),
        "plan_s": plan_seconds,
        "seconds": seconds,
        "plan": plan.objective,
        "missing_visits": plan.missing_visits,
        "broken_rules": len(plan.infeasibilities),
        "bound": bound.value,
        "gap": gap,
        "is_final": bound.is_final,
        "rounds": bound.rounds,
        "bound_s": round(bound.seconds, 1),
        "left_out": " ".join(bound.relaxed),
    }


def _shown(cell: Cell) -> str:
    return "-" if cell is None else str(cell)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bounds", description=__doc__)
    add = parser.add_argument
    add("--stores", type=_numbers, default=[20, 25, 30, 40, 50, 60], help="numbers of stores")
    add("--count", type=int, default=20, help="territories: city, mixed, rural in turn")
    add("--seconds", type=float, default=30.0, help="CPU seconds for a bound")
    add("--plan-seconds", type=float, default=5.0, help="CPU seconds for a plan, one thread")
    add("--out", type=Path, default=Path("out/bounds"), help="folder of bounds.csv")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
