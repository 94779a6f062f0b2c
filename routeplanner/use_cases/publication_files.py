"""The files of a publication: the days as a calendar, or visits and changes as CSV."""

import tempfile
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from routeplanner.errors import NotFoundError
from routeplanner.files.dated import write_dated, write_dated_ics
from routeplanner.operations.publication import VisitKey, without_taken
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import PublicationChange, PublicationRep
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.laying import lay_again
from routeplanner.use_cases.plan_files import PlanFile
from routeplanner.use_cases.publications import options_of, publication_row

PublicationFormat = Literal["ics", "visits", "changes", "frequencies"]


def export_publication(
    session: Session,
    caller: Caller,
    publication_id: UUID,
    format: PublicationFormat,  # noqa: A002  # the word of the API
    *,
    rep: str | None = None,
    time_zone: str | None = None,
) -> PlanFile:
    """The dates of a publication as they were published, of all reps that the caller sees."""
    row = publication_row(session, caller, publication_id)
    query = (
        select(RepRow.external_id)
        .join(PublicationRep, PublicationRep.rep_id == RepRow.id)
        .where(PublicationRep.publication_id == row.id)
    )
    reps = [
        found
        for found in session.scalars(query.order_by(RepRow.external_id))
        if rep in (None, found) and (caller.reps is None or found in caller.reps)
    ]
    if not reps:
        raise NotFoundError(f"the publication has no rep {rep}")
    laid = lay_again(session, caller, row.plan_id, reps, options_of(row), row.calendar)
    dated = without_taken(laid.dated, _taken(session, row.id))
    with tempfile.TemporaryDirectory(prefix="routeplanner-") as folder:
        path = Path(folder)
        if format == "ics":
            zone = time_zone or caller.time_zone
            write_dated_ics(dated, laid.plan, laid.scenario, path / "days.ics", zone)
            return PlanFile(
                "days.ics", "text/calendar; charset=utf-8", (path / "days.ics").read_bytes()
            )
        write_dated(dated, laid.scenario, path)
        name = f"{format}.csv"
        return PlanFile(name, "text/csv; charset=utf-8", (path / name).read_bytes())


def _taken(session: Session, publication_id: UUID) -> set[VisitKey]:
    """The visits whose store had another one on the date when it was published."""
    found = session.execute(
        select(RepRow.external_id, StoreRow.external_id, PublicationChange.from_date)
        .join(RepRow, RepRow.id == PublicationChange.rep_id)
        .join(StoreRow, StoreRow.id == PublicationChange.store_id)
        .where(PublicationChange.publication_id == publication_id)
        .where(PublicationChange.obstacle == "taken")
    )
    return {(rep, store, day) for rep, store, day in found}
