"""`python -m benchmarks.replan`: a changed territory, from the earlier plan and from nothing."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import mean

from benchmarks.machine import commit, machine, today
from benchmarks.replan.territory import Territory, territory
from routeplanner.domain.keeping import DEFAULT_STABILITY, Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.csv_tables import write_table
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.planning.replan.earlier import earlier_of
from routeplanner.travel.source import travel_matrix

_CHANGED_MOST = 0.10  # of the stores that remain
_HOURS_MOST = 1.02  # of those of a plan from nothing


@dataclass(frozen=True, slots=True)
class Row:
    """A territory planned again in one way; hours are in store, travel and waiting of a cycle."""

    seed: int
    way: str
    remaining: int
    changed: int
    changed_share: float
    hours: float
    hours_ratio: float  # to the plan from nothing
    missing: int
    broken_rules: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a rule or the limit on changes is broken, or too much moves."""
    options = _parser().parse_args(arguments)
    rows: list[Row] = []
    for seed in options.seeds:
        for row in _compare(territory(options.share, seed, options.stores), seed, options):
            rows.append(row)
            print(f"seed {seed} {row.way}: {row.changed} of {row.remaining}", file=sys.stderr)
    print(f"{machine()}; {today()}, commit {commit()}\n")
    print(_printed(rows))
    if options.out:
        names = [field.name for field in fields(Row)]
        write_table(options.out, names, ([getattr(r, n) for n in names] for r in rows))
    return int(not all(_is_sound(row, options) for row in rows))


def _compare(given: Territory, seed: int, options: argparse.Namespace) -> Iterator[Row]:
    """Plan the territory, change it, and plan it again in every way at equal time."""
    limit = {"seconds": options.seconds, "iterations": options.iterations}
    previous = make_plan(given.before, seed=seed, **limit)
    fresh = make_plan(given.after, seed=seed, **limit)
    yield _row(given.after, previous, fresh, fresh, seed, "from nothing")
    ways = {_priced(minutes): Keeping(stability=minutes) for minutes in options.stability}
    ways[_limited(options)] = Keeping(max_changes=options.max_changes, stability=0)
    for way, keeping in ways.items():
        plan = make_plan(given.after, seed=seed, previous=previous, keeping=keeping, **limit)
        yield _row(given.after, previous, plan, fresh, seed, way)


def _row(scenario: Scenario, previous: Plan, plan: Plan, fresh: Plan, seed: int, way: str) -> Row:
    """Count changes from the plans alone, whatever they say of themselves."""
    earlier = earlier_of(scenario, previous)
    days: dict[str, set[tuple[str, int]]] = {}
    for route in plan.routes:
        for stop in route.visits:
            days.setdefault(stop.store_id or "", set()).add((route.rep, route.day))
    changed = sum(
        not days.get(store_id, set()) <= earlier.visits[store_id] for store_id in earlier.remaining
    )
    return Row(
        seed=seed,
        way=way,
        remaining=len(earlier.remaining),
        changed=changed,
        changed_share=round(changed / max(1, len(earlier.remaining)), 4),
        hours=round(_hours(plan), 2),
        hours_ratio=round(_hours(plan) / _hours(fresh), 4),
        missing=plan.required_visits - plan.scheduled_visits,
        broken_rules=len(check_plan(scenario, plan, travel_matrix(scenario))),
    )


def _hours(plan: Plan) -> float:
    found = plan.measures
    return (found.in_store_minutes + found.travel_minutes + found.waiting_minutes) / 60


def _is_sound(row: Row, options: argparse.Namespace) -> bool:
    if row.broken_rules or (row.way == _limited(options) and row.changed > options.max_changes):
        return False
    is_default = row.way == _priced(DEFAULT_STABILITY)
    return not is_default or (row.changed_share <= _CHANGED_MOST and row.hours_ratio <= _HOURS_MOST)


def _priced(minutes: float) -> str:
    return f"previous, {minutes:g} min"


def _limited(options: argparse.Namespace) -> str:
    return f"previous, at most {options.max_changes}"


def _printed(rows: Sequence[Row]) -> str:
    """A line a territory and way, then the means."""
    lines = [
        "| seed | way | remain | change | share | hours | to nothing | missing | broken |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.seed} | {r.way} | {r.remaining} | {r.changed} | {r.changed_share:.1%} "
        f"| {r.hours:.1f} | {r.hours_ratio:.3f} | {r.missing} | {r.broken_rules} |"
        for r in rows
    ]
    for way in dict.fromkeys(row.way for row in rows):
        own = [row for row in rows if row.way == way]
        lines.append(
            f"| mean | {way} | | {mean(r.changed for r in own):.1f} "
            f"| {mean(r.changed_share for r in own):.1%} | {mean(r.hours for r in own):.1f} "
            f"| {mean(r.hours_ratio for r in own):.3f} | {sum(r.missing for r in own)} "
            f"| {sum(r.broken_rules for r in own)} |"
        )
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replan", description=__doc__)
    add = parser.add_argument
    add("--seeds", type=_numbers, default=[1, 2, 3, 4, 5], help="of what changes, and the search")
    add("--seconds", type=float, help="of every search; one thread")
    add("--iterations", type=int, help="of every search instead: repeats exactly")
    add("--share", type=float, default=0.05, help="of the stores that close, open or change class")
    add("--stores", type=int, default=0, help="of the sample, the first so many; 0: all")
    add("--max-changes", type=int, default=5)
    add("--stability", type=_floats, default=[DEFAULT_STABILITY], help="minutes, e.g. 0,5,10")
    add("--out", type=Path, help="CSV of the table")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _floats(text: str) -> list[float]:
    return [float(word) for word in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
