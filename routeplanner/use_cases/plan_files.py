"""The files of a plan: map, day sheets and exports, as bytes with their media type."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from uuid import UUID

from routeplanner.domain.plan import Plan
from routeplanner.errors import NotFoundError
from routeplanner.files.day_sheets import day_sheet_page
from routeplanner.files.day_sheets_navigation import DEFAULT_NAVIGATION
from routeplanner.files.exports import export
from routeplanner.files.route_groups import route_groups
from routeplanner.operations.parts import earlier_part
from routeplanner.storage.database import Session
from routeplanner.storage.tables import PlanRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plans import content_of, plan_row, review_status

ExportFormat = Literal["xlsx", "csv", "unserved", "ics", "geojson", "gpx", "kml", "json"]

_FILES: dict[str, tuple[str, str]] = {
    "xlsx": (
        "plan.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": ("routes.csv", "text/csv; charset=utf-8"),
    "unserved": ("unserved.csv", "text/csv; charset=utf-8"),
    "ics": ("plan.ics", "text/calendar; charset=utf-8"),
    "geojson": ("plan.geojson", "application/geo+json"),
    "gpx": ("plan.gpx", "application/gpx+xml"),
    "kml": ("plan.kml", "application/vnd.google-earth.kml+xml"),
    "json": ("plan.json", "application/json"),
    "html": ("map.html", "text/html; charset=utf-8"),
}

_COMPARED = ("xlsx", "ics")
"""Formats that tell what has changed since the plan before."""


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
) -> PlanFile:
    """A plan in a format, or its map (`html`); InputError where the format lacks something."""
    plan, scenario = content_of(session, caller, plan_id)
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
            previous=_parent(session, caller, plan_id) if format in _COMPARED else None,
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


def _parent(session: Session, caller: Caller, plan_id: UUID) -> Plan | None:
    """The plan before, so that changes are told and gone events canceled."""
    parent_id = plan_row(session, caller, plan_id).parent_id
    parent = None if parent_id is None else session.get(PlanRow, parent_id)
    if parent is None or parent.content is None:
        return None
    if caller.reps is None:
        return Plan.model_validate(parent.content)
    return earlier_part(parent.content, caller.reps)
