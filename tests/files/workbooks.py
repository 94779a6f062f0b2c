"""plan.xlsx written and read back, for the tests of its sheets."""

import re
from pathlib import Path

import openpyxl
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.workbook import write_workbook
from tests.sample_plans import sample_plan


def written(
    folder: Path, scenario: Scenario, plan: Plan | None = None, previous: Plan | None = None
) -> Workbook:
    """The workbook of a plan, the sample's where none is given."""
    path = folder / "plan.xlsx"
    write_workbook(plan or sample_plan(scenario), scenario, path, previous)
    return openpyxl.load_workbook(path)


def complete(plan: Plan) -> Plan:
    """The plan as if nothing were missing."""
    by_class = {
        label: found.model_copy(update={"stores_without_visit": 0})
        for label, found in plan.measures.by_class.items()
    }
    return plan.model_copy(
        update={
            "unserved": (),
            "required_visits": plan.scheduled_visits,
            "measures": plan.measures.model_copy(update={"by_class": by_class}),
        }
    )


def table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows under the head of a sheet's one table, up to the end of its filter."""
    first, last = (int(re.sub("[A-Z]", "", ref)) for ref in sheet.auto_filter.ref.split(":"))
    n_columns = openpyxl.utils.cell.range_boundaries(sheet.auto_filter.ref)[2]
    head, *rows = sheet.iter_rows(min_row=first, max_row=last, max_col=n_columns, values_only=True)
    names = [str(name).replace("\n", " ") for name in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


def all_text(sheet: Worksheet) -> str:
    """Every cell of a sheet on a line."""
    values = (value for row in sheet.iter_rows(values_only=True) for value in row)
    return "\n".join(str(value) for value in values if value is not None)
