"""What the reports of one upload refer to: looked up for all of them, and who may name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.master_data import Role
from routeplanner.domain.visit import EventKind, VisitEvent
from routeplanner.storage.database import Session
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import StoredReport, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import ids_of
from routeplanner.use_cases.visit_records import SentReport
from routeplanner.use_cases.visit_rows import VisitState, events_where, visits_where
from routeplanner.use_cases.visits import classes_of, known_stores, settings_of

REPORTERS: dict[EventKind, frozenset[Role]] = {
    "check_in": frozenset(("admin", "planner", "supervisor", "rep")),
    "check_out": frozenset(("admin", "planner", "supervisor", "rep")),
    "skip": frozenset(("admin", "planner", "supervisor", "rep")),
    "not_visited": frozenset(("admin", "planner", "supervisor", "rep")),
    "cancel": frozenset(("admin", "planner", "supervisor")),
}
"""Who may report what, of visits that they see."""

CLOCK_ERROR = timedelta(hours=1)  # of a device, that is borne with


@dataclass(frozen=True, slots=True)
class Upload:
    """What reports refer to; their visits are locked.

    A visit may go back to where an earlier report says that it is, which the caller need not see.
    """

    caller: Caller
    keeps_positions: bool
    states: Mapping[str, VisitState]
    hidden: frozenset[str]  # ids of visits that the caller does not see
    known: Mapping[str, VisitEvent]  # reports that came before, by client id
    open_reps: frozenset[str]  # that the caller may name
    open_stores: frozenset[str]
    reps: Mapping[str, UUID]  # of these reports and of earlier ones
    stores: Mapping[str, UUID]
    class_of_store: Mapping[str, str]

    def refusal(self, report: SentReport, now: datetime) -> str | None:
        """Why a report is not taken, whatever its visit says to it."""
        place, latest = report.ad_hoc, now + CLOCK_ERROR
        if self.caller.role not in REPORTERS[report.kind]:
            return "ROLE_NOT_ALLOWED"
        if str(report.visit_id) in self.hidden:
            return "UNKNOWN_VISIT"
        if place is not None and not (
            place.rep in self.open_reps and place.store_id in self.open_stores
        ):
            return "UNKNOWN_VISIT"
        times = (time for time in (report.recorded_at, report.at) if time is not None)
        if any(time.tzinfo is not None and time > latest for time in times):
            return "RECORDED_AHEAD"
        return None


def look_up(session: Session, caller: Caller, reports: Sequence[SentReport]) -> Upload:
    """Find, and lock, what reports refer to."""
    states = visits_where(
        session, one_of(StoredVisit.id, {report.visit_id for report in reports}), is_locked=True
    )
    seen = {
        id_: state
        for id_, state in states.items()
        if caller.reps is None or state.visit.rep in caller.reps
    }
    told = [report.ad_hoc for report in reports if report.ad_hoc is not None]
    before = [
        entry.ad_hoc
        for state in seen.values()
        for entry in state.visit.entries
        if entry.ad_hoc is not None
    ]
    named = {place.rep for place in told} | {place.rep for place in before}
    reps = ids_of(session, RepRow, named)
    open_stores = known_stores(session, caller, (place.store_id for place in told))
    others = {place.store_id for place in before} - open_stores.keys()
    stores = list(open_stores.values())
    if others:
        stores += session.scalars(select(StoreRow).where(one_of(StoreRow.external_id, others)))
    client_ids = {report.client_id for report in reports}
    return Upload(
        caller=caller,
        keeps_positions=settings_of(caller).keeps_positions,
        states=seen,
        hidden=frozenset(states.keys() - seen.keys()),
        known={
            event.client_id: event
            for event in events_where(session, one_of(StoredReport.client_id, client_ids))
        },
        open_reps=frozenset(reps if caller.reps is None else reps.keys() & caller.reps),
        open_stores=frozenset(open_stores),
        reps=reps,
        stores={row.external_id: row.id for row in stores},
        class_of_store=classes_of(session, stores),
    )
