"""What `plan` and `hours` print of the hours needed against the hours there are."""

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.workload import RouteHours, Workload
from routeplanner.planning.hours_report import hours_report
from routeplanner.planning.levers import levers
from routeplanner.planning.workload import workload
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix

_COLUMNS = ("rep", "route", "visits", "in_store_h", "travel_h", "there_is", "filled_day")


def print_hours(scenario: Scenario, matrix: TravelMatrix) -> Workload:
    """Print hours needed against hours there are, and the levers where they do not fit."""
    found = workload(scenario, matrix)
    for line in hours_report(found, levers(scenario, matrix, found), scenario.language):
        console.print(Text(line), soft_wrap=True)
    console.print()
    return found


def hours_table(found: Workload, language: str) -> Table:
    """Return one row a rep and route of the calendar, or a rep and weekday; hours a driven day."""
    table = Table(show_edge=False, header_style="bold")
    for name in _COLUMNS:
        table.add_column(text(f"cli.{name}", language), justify="right")
    for rep in found.reps:
        for route in rep.routes:
            table.add_row(*_row(route, language))
    return table


def _row(route: RouteHours, language: str) -> tuple[str, ...]:
    label = text(f"words.{route.label}", language) if route.is_weekday else route.label
    hours = (route.in_store_minutes, route.travel_minutes, route.available_minutes)
    return (
        route.rep,
        label,
        f"{route.visits:.1f}",
        *(f"{minutes / 60:.1f}" for minutes in hours),
        f"{route.filled:.0%}",
    )
