"""What `plan` and `hours` print of the hours needed against the hours there are."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.workload import Lever, RouteHours, Workload
from routeplanner.files.policy import PRESETS, load_policy
from routeplanner.planning.hours_report import (
    hours_report,
    lever_advice,
    lever_rows,
    policy_to_paste,
)
from routeplanner.planning.lever_steps import percent
from routeplanner.planning.levers import levers
from routeplanner.planning.workload import workload
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix


def print_hours(scenario: Scenario, matrix: TravelMatrix) -> Workload:
    """Print hours needed against hours there are, and the levers where they do not fit."""
    language = scenario.language
    found = workload(scenario, matrix)
    first, *others = hours_report(found, language)
    for line in (first, *_on_calendar(scenario, found), *others):
        _print(line)
    changes = levers(scenario, matrix, found)
    rows = lever_rows(changes, language)
    if rows:
        console.print()
        console.print(levers_table(changes, language))
        console.print()
    for place, line in enumerate(lever_advice(changes, language)):
        _print(line)
        if place == 0:  # on the marked change
            _print_policy(policy_to_paste(changes, preset_of(scenario.policy), language))
    console.print()
    return found


def _print_policy(to_paste: tuple[str, tuple[str, ...]] | None) -> None:
    if to_paste is not None:
        intro, lines = to_paste
        for line in (intro, "", *lines, ""):
            _print(line)


def levers_table(changes: Sequence[Lever], language: str) -> Table:
    """Return one row a single change: hours, share of the hours there are, the line to paste."""
    table = Table(show_edge=False, header_style="bold")
    table.add_column(text("hours.single_changes", language))
    for name in ("change_hours", "change_filled"):
        table.add_column(text(f"hours.{name}", language), justify="right")
    table.add_column(text("hours.change_line", language), overflow="fold")
    rows = lever_rows(changes, language)
    if any(row.mark for row in rows):
        table.add_column("")
    for row in rows:
        cells = (row.name, row.hours, row.filled, "\n".join(row.lines), row.mark)
        shown = cells[: len(table.columns)]
        table.add_row(*(Text(cell) for cell in shown), style="bold" if row.is_smallest else None)
    return table


def hours_table(found: Workload, language: str) -> Table:
    """Return one row a rep and route of the calendar, or a rep and weekday; hours a driven day."""
    title = text("hours.hours_a_day", language)
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    heads = ["cli.rep", "cli.route" if found.has_calendar else "hours.day", "cli.visits"]
    heads += ["cli.in_store_h", "cli.travel_h", "cli.there_is"]
    heads += ["hours.at_most_in_store"] if found.in_store_limit is not None else []
    for name in (*heads, "cli.filled_day"):
        table.add_column(text(name, language), justify="right")
    for rep in found.reps:
        for route in rep.routes:
            table.add_row(*_row(route, language))
    return table


def preset_of(policy: Policy) -> str | None:
    """The preset that a policy is, unchanged; none for a planner's own."""
    if policy.name in PRESETS and load_policy(policy.name) == policy:
        return policy.name
    return None


def _on_calendar(scenario: Scenario, found: Workload) -> list[str]:
    """Say which calendar stands for `calendar = "auto"`."""
    if scenario.policy.calendar != "auto":
        return []
    if found.calendar is None:
        return [text("hours.no_auto_calendar", scenario.language)]
    rows = " / ".join(" ".join(row) for row in found.calendar)
    return [text("hours.auto_calendar", scenario.language, rows=rows)]


def _print(line: str) -> None:
    console.print(Text(line), soft_wrap=True)


def _row(route: RouteHours, language: str) -> tuple[str, ...]:
    label = text(f"words.{route.label}", language) if route.is_weekday else route.label
    limit = route.in_store_limit_minutes
    hours = [route.in_store_minutes, route.travel_minutes, route.available_minutes]
    hours += [] if limit is None else [limit]
    return (
        route.rep,
        label,
        f"{route.visits:.1f}",
        *(f"{minutes / 60:.1f}" for minutes in hours),
        percent(route.filled, language),
    )
