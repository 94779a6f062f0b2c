"""Measures methods on a folder of Cordeau's periodic instances.

`python -m benchmarks.pvrp FOLDER --seconds 60 --seeds 1,2,3 --threads 1 --method hgs --out DIR`
prints best, mean and gap of each instance, and writes `DIR/table.csv` and every solution in the
published format. Exit code 1: a solution did not pass the re-check; 2: the input is wrong.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from math import inf
from multiprocessing import get_context
from pathlib import Path

from benchmarks.cordeau import CordeauError, read_instance
from benchmarks.folder import Listed, list_folder, spread
from benchmarks.machine import commit, machine, today
from benchmarks.methods import Search, known_methods, run
from benchmarks.outcomes import (
    HEADER,
    Outcome,
    Summary,
    Table,
    comparisons,
    gap_percent,
    line,
    mean_gaps,
    open_table,
    summarize,
)
from benchmarks.recheck import recheck
from benchmarks.res_files import write_solution

QUICK_INSTANCES, QUICK_SECONDS, QUICK_SEEDS = 6, 20.0, (1,)
SECONDS, SEEDS = 60.0, (1, 2, 3)
MOST_VIOLATIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Task:
    """One run to make: done in a process of its own where there are several jobs."""

    listed: Listed
    search: Search
    out: Path
    res: str  # below out


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        tasks = _tasks(options)
    except CordeauError as error:
        print(error, file=sys.stderr)
        return 2
    measured = {"machine": machine(), "date": today(), "commit": commit()}
    print(*(f"{name}: {value}" for name, value in measured.items()), sep="\n")
    for listed in dict.fromkeys(task.listed for task in tasks):
        print(*listed.notes, sep="\n", end="\n" if listed.notes else "")
    print(HEADER, flush=True)
    outcomes: list[Outcome] = []
    with open_table(options.out) as file:
        table = Table(file, measured)
        summaries = list(_summaries(tasks, options.jobs, table, outcomes))
    print(*mean_gaps(summaries, options.without), *comparisons(summaries), sep="\n")
    for outcome in outcomes:
        if outcome.is_new_best:
            print(f"under best known {outcome.best_known}: {outcome.cost:.4f} in {outcome.res}")
    failed = [outcome.res for outcome in outcomes if not outcome.is_feasible]
    if failed:
        print(f"FAILED the re-check: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pvrp", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("folder", type=Path, help="instances, best_known.csv beside them if there is one")
    add("--seconds", type=_positive, help="CPU seconds per search thread (60)")
    add("--seeds", type=_seeds, help="a run each (1,2,3)")
    add("--threads", type=int, default=1, help="of our methods; peers have one")
    add("--method", type=_names, default=("hgs",), help=f"of {', '.join(known_methods())}")
    add("--out", type=Path, default=Path("out/pvrp"), help="folder of table.csv and solutions")
    add("--only", type=_names, default=(), help="instances to run")
    add("--without", type=_names, default=(), help="instances to leave out of a second mean gap")
    add("--preset", choices=("quick",), help="quick: 6 instances, 20 s, 1 seed")
    add("--jobs", type=int, default=1, help="runs at once, each a process")
    return parser


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return number


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(int(seed) for seed in _names(text))


def _tasks(options: argparse.Namespace) -> list[Task]:
    """Runs in the order of instances, methods, seeds."""
    unknown = [name for name in options.method if name not in known_methods()]
    if unknown or not options.method:
        known = ", ".join(known_methods())
        raise CordeauError(f"method {', '.join(unknown)!r} is none of {known}")
    instances = list_folder(options.folder, options.only)
    seconds, seeds = options.seconds, options.seeds
    if options.preset == "quick":
        instances = instances if options.only else spread(instances, QUICK_INSTANCES)
        seconds, seeds = seconds or QUICK_SECONDS, seeds or QUICK_SEEDS
    tasks = []
    for listed in instances:
        for method in options.method:
            for seed in seeds or SEEDS:
                search = Search(method, seconds or SECONDS, options.threads, seed)
                res = f"{listed.name}.{seed}.res"
                if len(options.method) > 1:
                    res = f"{method}/{res}"
                tasks.append(Task(listed, search, options.out, res))
    return tasks


def _summaries(
    tasks: list[Task], jobs: int, table: Table, outcomes: list[Outcome]
) -> Iterator[Summary]:
    """Run everything; a line is printed and a row written as soon as there is one."""
    first: Summary | None = None
    done = _outcomes(tasks, jobs)
    for _, of_instance in groupby(done, key=lambda outcome: outcome.instance):
        first = None
        for _, of_method in groupby(of_instance, key=lambda outcome: outcome.method):
            some = []
            for outcome in of_method:
                table.add(outcome)
                some.append(outcome)
            outcomes += some
            summary = summarize(some)
            first = first or summary
            print(line(summary, first), flush=True)
            yield summary


def _outcomes(tasks: list[Task], jobs: int) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from map(perform, tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(perform, tasks)


def perform(task: Task) -> Outcome:
    """Search, write the solution, and judge what was written by the instance's text alone."""
    listed, search = task.listed, task.search
    instance = read_instance(listed.path)
    found = run(instance.problem, search)
    path = task.out / task.res
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_solution(instance, found.solution), encoding="utf-8")
    verdict = recheck(listed.path.read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
    for violation in verdict.violations[:MOST_VIOLATIONS_SHOWN]:
        print(f"FAILED {task.res}: {violation.kind}: {violation.message}", file=sys.stderr)
    if len(verdict.violations) > MOST_VIOLATIONS_SHOWN:
        n_more = len(verdict.violations) - MOST_VIOLATIONS_SHOWN
        print(f"FAILED {task.res}: {n_more} more violations", file=sys.stderr)
    return Outcome(
        instance=listed.name,
        method=search.method,
        seed=search.seed,
        seconds=search.seconds,
        threads=search.threads,
        cost=verdict.cost,
        best_known=listed.best_known,
        gap_percent=gap_percent(verdict.cost, listed.best_known),
        n_violations=len(verdict.violations),
        cpu_s=found.cpu_s,
        wall_s=found.wall_s,
        res=task.res,
    )


if __name__ == "__main__":
    sys.exit(main())
