"""`python -m benchmarks.prices`: the price list of the rules on three territories."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.field.berlin import berlin_scenario
from benchmarks.machine import commit, machine, today
from routeplanner.domain.prices import Price, PriceList
from routeplanner.domain.scenario import Scenario
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.compare import JudgedPlan, compare_plans, judged_plan
from routeplanner.planning.scenario import build_scenario
from routeplanner.planning.what_if.prices import price_list
from routeplanner.planning.what_if.rules import rules_of
from routeplanner.planning.what_if.run import Effort, SolvedCase
from routeplanner.travel.source import travel_matrix

_SAMPLES = Path(__file__).parents[1] / "data" / "samples"
_SUPERMARKETS, _REPS = 120, 2
_HUNDREDTH = 0.01  # of an hour


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with its price, and the same from a comparison of the two plans."""

    price: Price
    compared: float  # hours: work of one plan less that of the other, and missing minutes in store
    broken_rules: int  # of the other plan


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table a territory; 1 where a price is not what `compare` shows, or a rule breaks."""
    options = _parser().parse_args(arguments)
    effort = Effort(options.seconds, options.iterations, tuple(range(options.seeds)))
    print(f"{machine()}; {today()}, commit {commit()}")
    is_sound = True
    for name in options.only:
        scenario = TERRITORIES[name]()
        run = price_list(scenario, rules_of(scenario, options.narrowest), effort)
        if run is None:
            return 1
        rows = list(_rows(run.result, run.cases))
        is_sound &= all(_is_sound(row) for row in rows)
        print(f"\n{name}: {_described(scenario, run.result)}\n\n{_printed(rows)}", flush=True)
    return int(not is_sound)


def _berlin() -> Scenario:
    folder = _SAMPLES / "berlin"
    draft = read_inputs(folder / "stores.csv", reps=folder / "reps.csv", policy="five-day")
    return build_scenario(draft)


def _supermarkets() -> Scenario:
    return berlin_scenario("supermarkets", _SUPERMARKETS, _REPS)


def _china() -> Scenario:
    folder = _SAMPLES / "china"
    return build_scenario(
        read_inputs(
            folder / "门店.csv", reps=folder / "业务员.csv",
            policy="handbook-example", coordinates="gcj02", language="en",
        )
    )  # fmt: skip


TERRITORIES: dict[str, Callable[[], Scenario]] = {
    "pharmacies": _berlin,
    "supermarkets": _supermarkets,
    "china": _china,
}


def _rows(found: PriceList, cases: Sequence[SolvedCase]) -> Iterator[Row]:
    """Set every plan beside that of the scenario in the way `compare` does."""
    base, *others = (_judged(case) for case in cases)
    plans = iter(others)
    for price in found.prices:
        if price.solved is None:
            continue
        rows = compare_plans([base, next(plans)]).rows
        cells = {row.figure: row.cells for row in rows if not row.subject}
        more_work = cells["work_hours"][1].difference or 0.0
        missing = price.solved.best.missing_hours - found.base.best.missing_hours
        weeks = base.plan.cycle.weeks if found.per == "week" else 1
        sign = 1 if price.rule.kind == "introduced" else -1
        broken = cells["all_violations"][1].value or 0
        yield Row(price, sign * (more_work + missing) / weeks, round(broken))


def _judged(case: SolvedCase) -> JudgedPlan:
    name = case.alternative.name or "as it is"
    return judged_plan(name, case.plan, case.scenario, travel_matrix(case.scenario))


def _is_sound(row: Row) -> bool:
    assert row.price.hours is not None
    return not row.broken_rules and abs(row.price.hours.of_best - row.compared) < _HUNDREDTH


def _described(scenario: Scenario, found: PriceList) -> str:
    best = found.base.best
    effort = f"{found.seconds:g} s" if found.seconds else f"{found.iterations} steps"
    return (
        f"{len(scenario.stores)} stores, {len(scenario.reps)} reps, {best.required_visits} visits, "
        f"{best.needed_hours:.1f} h needed of {best.available_hours:.1f} a cycle of {best.weeks} "
        f"weeks; each plan {effort}, {len(found.seeds)} seeds; hours a {found.per}"
    )


def _printed(rows: Sequence[Row]) -> str:
    lines = [
        "| rule | costs h | mean (range) | distinct | by `compare` | not scheduled | broken |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        hours = row.price.hours
        assert hours is not None
        lines.append(
            f"| {row.price.rule.name} | {hours.of_best:+.2f} "
            f"| {hours.mean:+.2f} ({hours.low:+.2f} to {hours.high:+.2f}) "
            f"| {'yes' if hours.is_distinct else 'no'} | {row.compared:+.2f} "
            f"| {row.price.missing_visits + 0.0:+g} | {row.broken_rules} |"
        )
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prices", description=__doc__)
    add = parser.add_argument
    names = ",".join(TERRITORIES)
    add("--only", type=_names, default=list(TERRITORIES), help=f"of {names}")
    add("--seconds", type=float, help="of every plan; one thread")
    add("--iterations", type=int, help="of every plan instead: repeats exactly")
    add("--seeds", type=int, default=3, help="plans of each rule")
    add("--narrowest", type=int, default=3, help="stores whose opening hours are priced alone")
    return parser


def _names(words: str) -> list[str]:
    names = words.split(",")
    unknown = [name for name in names if name not in TERRITORIES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
