"""`routeplanner fit`: the smallest set of relaxations with which a plan is complete."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from routeplanner.cli.fit_report import announce_fit, print_fit
from routeplanner.cli.inputs import input_options
from routeplanner.cli.many_plans import open_scenario, plan_by_plan, search_options
from routeplanner.cli.report import (
    EXIT_SHORT,
    print_warnings,
    print_written,
    told_plainly,
)
from routeplanner.cli.searching import end_canceled, searching
from routeplanner.domain.fit import LeverName
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.solved_plans import write_solved
from routeplanner.planning.fit.find import DEFAULT_PATIENCE, FitRun, find_fit
from routeplanner.planning.fit.ladders import POINTS, lever_words
from routeplanner.planning.fit.trials import Patience
from routeplanner.planning.what_if.run import Effort
from routeplanner.texts import text


@click.command(name="fit")
@input_options
@click.option(
    "--allow",
    default=" ".join(POINTS),
    show_default=True,
    help="What may be relaxed, apart by spaces; frequency, minutes and stores also "
    "of a class: 'A.frequency C.minutes'.",
)
@click.option(
    "--points",
    default="",
    metavar="LEVER=N …",
    help="What a step costs, where not as usual: 'reps=6 stores=2'.",
)
@search_options(seconds=10, seeds=1)
@click.option(
    "--within",
    type=click.FloatRange(min=1),
    default=DEFAULT_PATIENCE.seconds,
    show_default=True,
    help="Seconds after which no further plan is begun; without effect with --iterations.",
)
@click.option(
    "--solves",
    type=click.IntRange(min=1),
    default=DEFAULT_PATIENCE.solves,
    show_default=True,
    help="Sets that are solved at most.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the fitted plan with its scenario, and all figures as fit.json.",
)
def command(
    stores: Path,
    allow: str,
    points: str,
    effort: Effort,
    within: float,
    solves: int,
    out: Path | None,
    skip_bad_rows: bool,
    **options: Any,
) -> None:
    """Find the smallest change of the rules that makes everything fit.

    STORES is a folder that `plan` wrote, its plan.json or scenario.json, or a list of stores as
    `plan` takes it. Exit code 0: it fits, as it is or with what is named. 3: nothing was found.
    """
    with told_plainly():
        opened = open_scenario(stores, skip_bad_rows, options)
    scenario = opened.scenario
    levers = _levers(allow.split(), scenario)
    prices = _prices(points, scenario)
    print_warnings(scenario.warnings)
    with searching(scenario.language) as search:
        progress = plan_by_plan(search.show, scenario.language)
        patience = Patience(solves, None if effort.iterations else within, search.is_canceled)
        announce_fit(effort, patience, scenario.language)
        run = find_fit(
            scenario, levers, effort,
            points=prices, patience=patience, start=opened.plan, progress=progress,
        )  # fmt: skip
    if run is None:
        end_canceled(scenario.language)
    print_fit(run.result, scenario.language, levers)
    if out is not None:
        _write(run, out, scenario.language)
    if run.result.status == "not_found":
        sys.exit(EXIT_SHORT)


def _levers(words: Sequence[str], scenario: Scenario) -> tuple[str, ...]:
    possible = lever_words(scenario)
    for word in words:
        if word not in possible:
            raise click.BadParameter(
                text("fit.bad_lever", scenario.language, value=word, possible=", ".join(possible)),
                param_hint="--allow",
            )
    return tuple(words)


def _prices(words: str, scenario: Scenario) -> dict[LeverName, int]:
    prices: dict[LeverName, int] = {}
    for word in words.split():
        name, _, number = word.partition("=")
        lever = next((each for each in POINTS if each == name), None)
        if lever is None or not number.isdigit() or int(number) < 1:
            raise click.BadParameter(
                text("fit.bad_points", scenario.language, value=word, levers=", ".join(POINTS)),
                param_hint="--points",
            )
        prices[lever] = int(number)
    return prices


def _write(run: FitRun, out: Path, language: str) -> None:
    plans: dict[str, tuple[Scenario, Plan]] = {}
    if run.plan is not None and run.scenario is not None:
        plans[""] = run.scenario, run.plan
    names = ("plan.json", "scenario.json", "fit.json") if plans else ("fit.json",)
    with told_plainly():
        write_solved(out, plans, run.result, "fit.json", language)
    print_written(out, names, language)
