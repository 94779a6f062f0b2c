"""plan.xlsx: the plan as a supervisor signs it and a rep works from it, one module a sheet."""

from pathlib import Path

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.workbook.book import Book
from routeplanner.files.workbook.calendar import write_calendar_sheet
from routeplanner.files.workbook.changes import write_changes_sheet
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.matrix import write_matrix_sheet
from routeplanner.files.workbook.measures import write_measures_sheet
from routeplanner.files.workbook.not_scheduled import write_not_scheduled_sheet
from routeplanner.files.workbook.routes import write_routes_sheet
from routeplanner.files.workbook.stores import write_stores_sheet
from routeplanner.files.workbook.summary import write_summary_sheet


def write_workbook(
    plan: Plan,
    scenario: Scenario,
    path: Path,
    previous: Plan | None = None,
    previous_scenario: Scenario | None = None,
) -> None:
    """Write the workbook in the scenario's language; `previous` adds the sheet of changes."""
    facts = Facts(plan, scenario, previous, previous_scenario)
    with Book(path, plan, scenario.language) as book:
        write_summary_sheet(book, facts)
        write_calendar_sheet(book, facts)
        write_routes_sheet(book, facts)
        write_matrix_sheet(book, facts)
        write_stores_sheet(book, facts)
        write_not_scheduled_sheet(book, facts)
        write_measures_sheet(book, facts)
        write_changes_sheet(book, facts)
