"""`routeplanner plan`: from a store list to a plan with its workbook, map and day sheets."""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from routeplanner.cli.change_files import print_missing_calendar
from routeplanner.cli.hours_report import print_hours
from routeplanner.cli.inputs import day_of, input_options, read_scenario_from
from routeplanner.cli.plan_files import OpenedPlan
from routeplanner.cli.plan_report import print_plan
from routeplanner.cli.previous import (
    PREVIOUS_OPTIONS,
    next_version,
    previous_options,
    print_kept_classes,
    replan_from,
)
from routeplanner.cli.report import (
    EXIT_FOUND,
    EXIT_SHORT,
    console,
    errors,
    named_by_option,
    print_placed,
    print_violations,
    print_warnings,
    print_written,
    told_plainly,
)
from routeplanner.cli.searching import MOST_THREADS, end_canceled, searching, usual_threads
from routeplanner.domain.calendar_dates import is_cycle_start, nearest_starts
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.files.plan_json import earlier_plan
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import PlanProgress, make_plan
from routeplanner.texts import text
from routeplanner.travel.source import travel_matrix
from solvers import METHODS


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
@click.option(
    "--bound",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Try so long to prove how much better than this plan any could be.",
)
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
    bound: float | None,
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
    _check_start(start)
    _check_writable(out)
    replan = replan_from(previous, timezone, options)
    with told_plainly(), named_by_option(PREVIOUS_OPTIONS):
        opened = replan.open()
        scenario = _read(stores, day_of(start), opened, skip_bad_rows=skip_bad_rows, **options)
        matrix = travel_matrix(scenario)
        replan.judge(scenario, opened)
    print_warnings(scenario.warnings)
    if opened:
        print_kept_classes(scenario)
    print_hours(scenario, matrix)
    earlier, was_planned = earlier_plan(out, scenario), (out / "plan.json").exists()
    with searching(scenario.language) as search:
        plan = make_plan(
            scenario,
            method=method,
            seed=seed,
            seconds=None if iterations else seconds,
            iterations=iterations,
            threads=threads or usual_threads(iterations),
            matrix=matrix,
            progress=_best_so_far(search.show, scenario.language),
            is_canceled=search.is_canceled,
            previous=opened.plan if opened else None,
            keeping=replan.keeping,
            version=next_version(earlier, opened.plan if opened else None),
        )
        was_canceled = search.is_canceled()
    if was_canceled and plan.required_visits and not plan.scheduled_visits:
        end_canceled(scenario.language)
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
            lists_of=earlier.version if earlier and opened else None,
        )
    _print_end(plan, method, scenario.language, was_canceled=was_canceled)
    _print_with_warnings(plan, scenario)
    replaced = _replaced(plan, earlier, was_planned, scenario.language)
    print_written(out, _outputs_in(out), scenario.language, replaced)
    print_missing_calendar(placed, plan, scenario, timezone)
    print_placed(placed, scenario.language)
    if bound is not None:
        # Compiled code and a linear solver, which other plans need not load.
        from routeplanner.cli.bound import print_bound  # noqa: PLC0415

        console.print()
        print_bound(scenario, plan, matrix, bound, "--bound")
    _exit(plan, violations, scenario.language)


def _read(stores: Path, start: date | None, opened: OpenedPlan | None, **options: Any) -> Scenario:
    """Read what is to be planned, with what an earlier plan knows of it."""
    if opened is None:
        return read_scenario_from(stores, start=start, **options)
    begin = start or opened.plan.start_date
    return read_scenario_from(stores, start=begin, earlier=opened.scenario, **options)


def _print_end(plan: Plan, method: str, language: str, *, was_canceled: bool) -> None:
    """Say where the search has not ended as was asked for."""
    if was_canceled:
        key = "cli.canceled" if plan.provenance.iterations else "cli.canceled_first"
        errors.print(text(key, language), style="yellow")
    elif plan.provenance.method != method:
        errors.print(text("cli.not_compiled", language), style="yellow")


def _exit(plan: Plan, violations: Sequence[Violation], language: str) -> None:
    """End with the code of what is wrong with a plan, if anything is."""
    if violations:
        errors.print(f"[bold red]{text('cli.breaks_rules', language)}[/]")
        print_violations(violations, language)
        sys.exit(EXIT_FOUND)
    if not plan.is_complete:
        sys.exit(EXIT_SHORT)


def _print_with_warnings(plan: Plan, scenario: Scenario) -> None:
    """Print the plan, and what it could not keep of the earlier one."""
    print_plan(plan, scenario)
    if plan.kept is not None and plan.kept.warnings:
        errors.print()
        print_warnings(plan.kept.warnings)


def _replaced(plan: Plan, earlier: Plan | None, was_planned: bool, language: str) -> str:
    """What the plan takes the place of."""
    if earlier:
        versions = {"version": plan.version, "earlier": earlier.version}
        return text("cli.in_place_of", language, **versions)
    return text("cli.in_place_of_other", language) if was_planned else ""


def _outputs_in(out: Path) -> list[str]:
    """The outputs to open first."""
    sheets = os.path.join("days", "index.html")
    names = ("plan.xlsx", "map.html", sheets, "changes.csv", "changes.ics")
    return [name for name in names if (out / name).exists()]


def _check_start(start: datetime | None) -> None:
    if start is not None and not is_cycle_start(start.date()):
        before, after = nearest_starts(start.date())
        raise click.BadParameter(
            f"a cycle starts on a Monday: {before} or {after}", param_hint="--start"
        )


def _check_writable(out: Path) -> None:
    """Refuse a folder that cannot be written before the search, not after it."""
    place = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise click.BadParameter(f"{place} cannot be written", param_hint="--out")


def _best_so_far(
    show: Callable[[float, str], None], language: str
) -> Callable[[PlanProgress], None]:
    """Show how far the search is, and what its best plan is like."""

    def told(progress: PlanProgress) -> None:
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
        show(share, words)

    return told
