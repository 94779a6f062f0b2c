"""The files of a plan: map, day sheets and exports, as bytes with their media type."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from uuid import UUID

from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue, NotFoundError
from routeplanner.files.day_sheets import day_sheet_page
from routeplanner.files.day_sheets_navigation import DEFAULT_NAVIGATION
from routeplanner.files.exports import export
from routeplanner.files.route_groups import route_groups
from routeplanner.storage.database import Session
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.earlier_plans import Against, Earlier, earlier_of, parent_row
from routeplanner.use_cases.plans import content_of, review_status

ExportFormat = Literal[
    "xlsx", "csv", "unserved", "changes", "ics", "changes_ics", "geojson", "gpx", "kml", "json"
]  # fmt: skip

_FILES: dict[str, tuple[str, str]] = {
    "xlsx": (
        "plan.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": ("routes.csv", "text/csv; charset=utf-8"),
    "unserved": ("unserved.csv", "text/csv; charset=utf-8"),
    "changes": ("changes.csv", "text/csv; charset=utf-8"),
    "ics": ("plan.ics", "text/calendar; charset=utf-8"),
    "changes_ics": ("changes.ics", "text/calendar; charset=utf-8"),
    "geojson": ("plan.geojson", "application/geo+json"),
    "gpx": ("plan.gpx", "application/gpx+xml"),
    "kml": ("plan.kml", "application/vnd.google-earth.kml+xml"),
    "json": ("plan.json", "application/json"),
    "html": ("map.html", "text/html; charset=utf-8"),
}

_LISTS = ("changes", "changes_ics")
"""Formats that hold nothing but what has changed since an earlier plan."""

_COMPARED = ("xlsx", "ics", *_LISTS)
"""Formats that tell what has changed since an earlier plan, where there is one."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file of a plan."""

    name: str
    media_type: str
    content: bytes


def export_plan(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    format: str,  # noqa: A002  # the word of the API
    *,
    time_zone: str | None = None,
    start_date: date | None = None,
    against: Against | None = None,
) -> PlanFile:
    """A plan in a format, or its map (`html`); changes are those since its parent.

    Raises
    ------
    NotFoundError, ConflictError
        As `earlier_of` tells, of a format that has changes and what it is set beside.
    InputError
        The format lacks something, or can be set beside one plan alone (NOT_ONE_PLAN).
    """
    plan, scenario = content_of(session, caller, plan_id)
    earlier = _earlier(session, caller, plan_id, (plan, scenario), format, against)
    name, media_type = _FILES[format]
    with tempfile.TemporaryDirectory(prefix="routeplanner-") as folder:
        path = Path(folder) / name
        export(
            plan,
            scenario,
            format,
            path,
            timezone=time_zone or caller.time_zone,
            start_date=start_date,
            previous=earlier.plan if earlier else None,
            previous_scenario=earlier.scenario if earlier else None,
        )
        return PlanFile(name, media_type, path.read_bytes())


def day_sheet(
    session: Session, caller: Caller, plan_id: UUID, label: str, rep: str | None
) -> PlanFile:
    """The day sheet of a route by its label, of the first rep who drives it or the one named."""
    plan, scenario = content_of(session, caller, plan_id)
    for group in route_groups(plan, scenario):
        if group.label == label and rep in (None, group.rep.id):
            own = review_status(session, plan_id, [group.rep.id])
            plan = plan.model_copy(update={"review_status": own})
            page = day_sheet_page(group, plan, scenario, DEFAULT_NAVIGATION[scenario.language])
            return PlanFile("day.html", "text/html; charset=utf-8", page.encode())
    raise NotFoundError(f"the plan has no route {label}" + (f" of rep {rep}" if rep else ""))


def _earlier(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    later: tuple[Plan, Scenario],
    format: str,  # noqa: A002
    against: Against | None,
) -> Earlier | None:
    """What a file is set beside; workbooks and calendars can do without a parent."""
    if format not in _COMPARED:
        return None
    if against == "published" and format != "changes":
        raise InputError([_not_one_plan(format)])
    if against is None and format not in _LISTS:
        parent = parent_row(session, caller, plan_id)
        if parent is None or parent.content is None:
            return None
    return earlier_of(session, caller, plan_id, later, against or "parent")


def _not_one_plan(format: str) -> Issue:  # noqa: A002
    return Issue(
        code="NOT_ONE_PLAN",
        path="against",
        message=f"{format} is set beside one plan, and what is published may be of several",
        hint="take parent or the id of a plan; format=changes takes published too",
        value="published",
    )
