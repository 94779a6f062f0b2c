"""`python -m benchmarks.field`: methods compared on field-sales territories."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.field.berlin import berlin
from benchmarks.field.best import BestPlan, BestPlans, OtherProblemError
from benchmarks.field.instance import Instance, generated
from benchmarks.field.rules import KINDS, TerritoryRules
from benchmarks.field.runs import Run, known_methods, run
from benchmarks.field.shortfall import shortfall
from benchmarks.field.table import Cell, Compared, printed, row_of, write_csv
from benchmarks.machine import commit, today
from solvers import evaluate

PRESETS: dict[str, dict[str, Any]] = {
    "quick": {"kinds": list(KINDS), "stores": [60], "seeds": [1], "seconds": 3.0},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 2 where a best plan is of another problem, 1 where a plan is broken."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.berlin and options.overload:
        parser.error("only generated territories can be overloaded")
    if options.preset:
        vars(options).update(PRESETS[options.preset])
    rows: list[dict[str, Cell]] = []
    try:
        for instance in _instances(options):
            rows += _compare(instance, options, BestPlans(options.best or options.out / "best"))
            write_csv(rows, options.out / "table.csv")  # what is done is not lost
    except OtherProblemError as error:
        print(error, file=sys.stderr)
        return 2
    print(printed(rows))
    return int(any(row["broken_rules"] for row in rows))


def _compare(
    instance: Instance, options: argparse.Namespace, plans: BestPlans
) -> list[dict[str, Cell]]:
    """Run all methods on one instance; the best known plan is that after all of them."""
    planted_objective = None
    best: BestPlan | None = plans.read(instance)
    is_known = best is not None
    if instance.planted is not None:
        planted_objective = evaluate(instance.problem, instance.planted).objective
        best = plans.offer(instance, instance.planted, {"method": "planted"})
    runs: list[Run] = []
    for method in options.method:
        done = run(instance, method, options.seconds, options.threads, options.search_seed)
        print(f"{instance.name} {method}: {done.evaluation.objective}", file=sys.stderr)
        if done.evaluation.is_feasible:
            best = plans.offer(instance, done.solution, _found_by(done, options))
        runs.append(done)
    if best is None:
        raise OtherProblemError(f"no method found a plan of {instance.name} that keeps all rules")
    is_own = not is_known and len(runs) == 1 and best.found_by["method"] != "planted"
    return [
        row_of(
            Compared(
                instance=instance,
                run=done,
                limit=options.seconds,
                best=best,
                is_own=is_own,
                planted_objective=planted_objective,
                first=runs[0],
                shortfall=shortfall(instance.problem, instance.class_of_store, done.solution)
                if instance.overload
                else None,
            )
        )
        for done in runs
    ]


def _found_by(done: Run, options: argparse.Namespace) -> dict[str, Any]:
    return {
        "method": done.method,
        "seconds": options.seconds,
        "threads": done.threads,
        "seed": options.search_seed,
        "date": today(),
        "commit": commit(),
    }


def _instances(options: argparse.Namespace) -> Iterator[Instance]:
    for stores in options.stores:
        for seed in options.seeds:
            if options.berlin:
                yield berlin(options.berlin, stores, options.reps, seed)
                continue
            for kind in options.kinds:
                yield generated(
                    TerritoryRules(
                        kind=kind,
                        stores=stores,
                        reps=options.reps,
                        seed=seed,
                        policy=options.policy,
                        weeks=options.weeks,
                        overload=options.overload,
                        appointments=options.appointments,
                        is_tied=options.tied,
                    )
                )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.field", description=__doc__)
    add = parser.add_argument
    add("--kinds", type=_kinds, default=list(KINDS), help="city,mixed,rural")
    add("--stores", type=_numbers, default=[150], help="numbers of stores, 50 to 20000")
    add("--reps", type=int, default=0, help="reps; 0: one for 160 stores")
    add("--seeds", type=_numbers, default=[1, 2, 3, 4, 5], help="of the generator")
    add("--policy", choices=("five-day", "six-day"), default="five-day")
    add("--weeks", type=int, default=4, help="of the cycle")
    add("--appointments", type=int, default=0, help="of a rep, every week")
    add("--tied", action="store_true", help="every store belongs to one rep")
    add("--overload", type=int, default=0, help="percent of work beyond the hours, e.g. 10 or 100")
    add("--berlin", choices=("pharmacies", "supermarkets"), help="real stores instead")
    add("--method", type=_methods, default=["hgs"], help="of " + ", ".join(known_methods()))
    add("--seconds", type=float, default=60.0, help="CPU seconds a thread")
    add("--threads", type=int, default=1, help="of the product's own methods")
    add("--search-seed", type=int, default=1)
    add("--best", type=Path, help="folder of the best plans known; OUT/best where not given")
    add("--out", type=Path, default=Path("out/field"), help="folder of table.csv")
    add("--preset", choices=tuple(PRESETS), help="quick: three territories of 60 stores, 3 s")
    return parser


def _kinds(text: str) -> list[str]:
    return _of(text, KINDS)


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _methods(text: str) -> list[str]:
    return _of(text, known_methods())


def _of(text: str, known: Sequence[str]) -> list[str]:
    words = text.split(",")
    unknown = [word for word in words if word not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
    return words


if __name__ == "__main__":
    sys.exit(main())
