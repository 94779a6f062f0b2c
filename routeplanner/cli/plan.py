"""`routeplanner plan`: from a store list to a plan with its workbook, map and day sheets."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from routeplanner.cli.change_files import print_missing_calendar
from routeplanner.cli.hours_report import print_hours
from routeplanner.cli.inputs import day_of, input_options, read_scenario_from
from routeplanner.cli.interrupt import interruptible
from routeplanner.cli.plan_report import print_plan
from routeplanner.cli.previous import PREVIOUS_OPTIONS, next_version, previous_options, replan_from
from routeplanner.cli.report import (
    EXIT_FOUND,
    EXIT_INTERRUPTED,
    EXIT_SHORT,
    console,
    errors,
    named_by_option,
    print_placed,
    print_violations,
    print_warnings,
    told_plainly,
)
from routeplanner.domain.calendar_dates import is_cycle_start, nearest_starts
from routeplanner.domain.plan import Plan
from routeplanner.files.plan_json import earlier_plan
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.texts import text
from routeplanner.travel.source import travel_matrix
from solvers import METHODS

MOST_THREADS = 64
_USUAL_THREADS = 4


@click.command(name="plan")
@input_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("route-plan"),
    show_default=True,
    help="Folder of the outputs.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First Monday of the cycle, for calendars (2026-03-02).",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=20,
    show_default=True,
    help="How long to search.",
)
@click.option(
    "--iterations",
    type=click.IntRange(min=1),
    help="Search so many steps instead: the run then repeats exactly.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the search.")
@click.option(
    "--threads",
    type=click.IntRange(min=1, max=MOST_THREADS),
    help="Of the search; without this one a processor, 4 at most, and 1 with --iterations.",
)
@click.option("--method", type=click.Choice(METHODS), default="hgs", show_default=True)
@previous_options
def command(
    stores: Path,
    out: Path,
    start: datetime | None,
    seconds: float,
    iterations: int | None,
    seed: int,
    threads: int | None,
    method: str,
    skip_bad_rows: bool,
    previous: Path | None,
    timezone: str | None,
    **options: Any,
) -> None:
    """Plan the route cycle of a list of STORES (CSV or XLSX).

    With --previous stores keep their days, rep and order where they can, and the lists of what
    changes are written too: changes.csv, and changes.ics where start and time zone are known.

    Exit code 0: every required visit is scheduled. 3: a plan was written that falls short.
    2: bad input, nothing written. 130: interrupted before there was a plan, nothing written.
    """
    if start is not None and not is_cycle_start(start.date()):
        before, after = nearest_starts(start.date())
        raise click.BadParameter(
            f"a cycle starts on a Monday: {before} or {after}", param_hint="--start"
        )
    _check_writable(out)
    replan = replan_from(previous, timezone, options)
    with told_plainly(), named_by_option(PREVIOUS_OPTIONS):
        opened = replan.open()
        begin = day_of(start) or (opened.plan.start_date if opened else None)
        scenario = read_scenario_from(stores, skip_bad_rows=skip_bad_rows, start=begin, **options)
        matrix = travel_matrix(scenario)
        replan.judge(scenario, opened)
    print_warnings(scenario.warnings)
    print_hours(scenario, matrix)
    limits: dict[str, Any] = {"iterations": iterations} if iterations else {"seconds": seconds}
    earlier, was_planned = earlier_plan(out, scenario), (out / "plan.json").exists()
    with (
        told_plainly(),
        interruptible() as is_canceled,
        _progress(scenario.language) as progress,
    ):
        plan = make_plan(
            scenario,
            method=method,
            seed=seed,
            threads=threads or usual_threads(iterations),
            matrix=matrix,
            progress=progress,
            is_canceled=is_canceled,
            previous=opened.plan if opened else None,
            keeping=replan.keeping,
            version=next_version(earlier, opened.plan if opened else None),
            **limits,
        )
        was_canceled = is_canceled()
    if was_canceled and plan.required_visits and not plan.scheduled_visits:
        errors.print(text("cli.canceled_at_once", scenario.language), style="yellow")
        sys.exit(EXIT_INTERRUPTED)
    violations = check_plan(scenario, plan, matrix)
    # Map and workbook bring libraries that take seconds to load.
    from routeplanner.files.outputs import write_outputs  # noqa: PLC0415

    with told_plainly():
        placed = write_outputs(
            plan,
            scenario,
            out,
            previous=opened.plan if opened else earlier,
            previous_scenario=opened.scenario if opened else None,
            timezone=timezone,
        )
    if was_canceled:
        errors.print(text("cli.canceled", scenario.language), style="yellow")
    elif plan.provenance.method != method:
        errors.print(text("cli.not_compiled", scenario.language), style="yellow")
    print_plan(plan, scenario)
    if plan.kept is not None and plan.kept.warnings:
        errors.print()
        print_warnings(plan.kept.warnings)
    _print_outputs(out, _replaced(plan, earlier, was_planned, scenario.language), scenario.language)
    print_missing_calendar(placed, plan, scenario)
    print_placed(placed, scenario.language)
    if violations:
        errors.print(f"[bold red]{text('cli.breaks_rules', scenario.language)}[/]")
        print_violations(violations, scenario.language)
        sys.exit(EXIT_FOUND)
    if not plan.is_complete:
        sys.exit(EXIT_SHORT)


def usual_threads(iterations: int | None) -> int:
    """As many as help; a run that is to repeat must not depend on the machine."""
    return 1 if iterations else min(_USUAL_THREADS, os.cpu_count() or 1)


def _replaced(plan: Plan, earlier: Plan | None, was_planned: bool, language: str) -> str:
    """What the plan takes the place of."""
    if earlier:
        versions = {"version": plan.version, "earlier": earlier.version}
        return text("cli.in_place_of", language, **versions)
    return text("cli.in_place_of_other", language) if was_planned else ""


def _print_outputs(out: Path, replaced: str, language: str) -> None:
    words = f"{text('cli.written', language)} {out}{replaced}"
    console.print()
    console.print(Text(words, style="bold"), soft_wrap=True)
    names = (
        "plan.xlsx",
        "map.html",
        os.path.join("days", "index.html"),
        "changes.csv",
        "changes.ics",
    )
    for name in (name for name in names if (out / name).exists()):
        console.print(Text(f"  {out / name}"), soft_wrap=True)


def _check_writable(out: Path) -> None:
    """Refuse a folder that cannot be written before the search, not after it."""
    place = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise click.BadParameter(f"{place} cannot be written", param_hint="--out")


@contextmanager
def _progress(language: str) -> Iterator[Callable[[PlanProgress], None]]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )
    with bar:
        task = bar.add_task(text("cli.first_plan", language), total=1.0)

        def show(progress: PlanProgress) -> None:
            share = progress.share
            words = text(
                "cli.best_plan",
                language,
                score=f"{progress.score:,.0f}",
                missing=progress.missing_visits,
            )
            if progress.calendars:
                share = (progress.calendar - 1 + share) / progress.calendars
                words = f"{progress.calendar}/{progress.calendars} · {words}"
            bar.update(task, completed=share, description=words)

        yield show
