"""All files of a plan in one folder, put in place together or not at all."""

from pathlib import Path

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import change_list
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import Issue
from routeplanner.files.csv_tables import write_changes, write_routes, write_unserved
from routeplanner.files.day_sheets import write_day_sheets
from routeplanner.files.exports import ExportOptions
from routeplanner.files.exports.ics import time_zone
from routeplanner.files.exports.ics_changes import write_changes_ics
from routeplanner.files.map import write_map
from routeplanner.files.placing import DAYS, Placed, place
from routeplanner.files.plan_json import write_plan, write_scenario
from routeplanner.files.workbook import write_workbook


def write_outputs(
    plan: Plan,
    scenario: Scenario,
    folder: Path,
    previous: Plan | None = None,
    previous_scenario: Scenario | None = None,
    timezone: str | None = None,
    lists_of: int | None = None,
) -> Placed:
    """Write every output of a plan into a folder, all of them or none.

    With the previous plan come the lists of what changes: a sheet, changes.csv and, where start and
    time zone are known (`has_dates`), changes.ics. Its scenario names stores that are gone.

    Earlier outputs that were changed by hand stay under another name. Those of the earlier plan
    that have no successor, such as day sheets and exports, are removed; other files stay. Where the
    lists of changes in the folder are still of use, `lists_of` is the version that they led to:
    they stay as changes-v2.csv.

    Raises:
        InputError: the folder cannot be written, or a file in it is held open (UNWRITABLE_OUTPUT).
    """

    def write(staging: Path) -> None:
        (staging / DAYS).mkdir()
        write_scenario(scenario, staging / "scenario.json")
        write_plan(plan, staging / "plan.json")
        write_routes(plan, scenario, staging / "routes.csv")
        write_unserved(plan, staging / "unserved.csv")
        write_workbook(plan, scenario, staging / "plan.xlsx", previous, previous_scenario)
        if previous is not None:
            changes = change_list(plan, scenario, previous, previous_scenario)
            write_changes(changes, staging / "changes.csv")
            if has_dates(plan, scenario, timezone):
                options = ExportOptions(timezone=timezone, previous=previous)
                write_changes_ics(plan, scenario, staging / "changes.ics", options)
        write_map(plan, scenario, staging / "map.html")
        write_day_sheets(plan, scenario, staging / DAYS)

    names = () if lists_of is None else ("changes.csv", "changes.ics")
    aside = {name: name.replace(".", f"-v{lists_of}.") for name in names}
    return place(Path(folder), write, lambda _: True, scenario.language, aside)


def has_dates(plan: Plan, scenario: Scenario, timezone: str | None) -> bool:
    """Whether events of a calendar can be written: with dates and a time zone."""
    is_started = plan.start_date is not None or scenario.start_date is not None
    return is_started and not isinstance(time_zone(scenario, timezone), Issue)
