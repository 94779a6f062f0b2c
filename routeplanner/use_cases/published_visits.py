"""The dated visits of a publication: what it creates and cancels, and how that is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import not_, update

from routeplanner.domain.dated import DatedVisit
from routeplanner.domain.visit import Visit
from routeplanner.operations.publication import (
    PublishedVisits,
    canceled_by,
    is_open,
    publish_visits,
    visits_by_id,
    without_taken,
)
from routeplanner.storage.database import Session
from routeplanner.storage.rows import insert_rows, one_of
from routeplanner.storage.visit_tables import StoredReport, StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.laying import Known, LaidPlan
from routeplanner.use_cases.visit_rows import (
    VisitState,
    columns_of,
    new_events,
    report_columns,
    visits_where,
)

_PLANNED_ANEW = (
    "rep_id", "store_class", "plan_id", "publication_id", "template", "due_date", "position",
    "planned_start", "planned_minutes", "status", "reason", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effects:
    """What publishing does to visits, beside those that were there."""

    existing: Mapping[str, VisitState]
    published: PublishedVisits

    def left_of(self, laid: LaidPlan) -> LaidPlan:
        """A laid plan without the visits that are taken, each listed."""
        return replace(laid, dated=without_taken(laid.dated, self.published.taken))


def effects_of(
    session: Session,
    plan_id: UUID,
    publication_id: UUID,
    laid: LaidPlan,
    known: Known,
    now: datetime,
    *,
    is_locked: bool = False,
) -> Effects:
    """What publishing a laid plan would do to visits, as they are now."""
    dates = laid.dated.dates
    own = one_of(StoredVisit.rep_id, known.reps.values())
    existing = visits_where(session, own, StoredVisit.date >= dates.start_date, is_locked=is_locked)
    existing |= visits_where(  # of other reps, which publishing leaves alone
        session,
        not_(own),
        one_of(StoredVisit.store_id, known.stores.values()),
        StoredVisit.date.between(dates.start_date, dates.until),
    )
    visits = (state.visit for state in existing.values())
    published = publish_visits(
        laid.dated, str(plan_id), laid.reps, visits, now, str(publication_id)
    )
    return Effects(existing, published)


def write_effects(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    publication_id: UUID,
    laid: LaidPlan,
    known: Known,
    effects: Effects,
) -> None:
    """Create and cancel visits."""
    dated = visits_by_id(laid.dated.visits, str(plan_id))
    planned = effects.published.planned
    insert_rows(
        session,
        StoredVisit,
        (
            _columns(visit, dated[visit.id], caller, plan_id, publication_id, known)
            for visit in planned
        ),
        replaces=_PLANNED_ANEW,
        adds_one_to=("version",),
    )
    write_canceled(session, caller, effects.existing, effects.published.canceled)
    _write_reports(session, caller, effects.existing, planned)
    _take_over(session, publication_id, effects.existing, dated)


def canceled_from(
    session: Session, publication_id: UUID, rep_ids: Iterable[UUID], day: date, now: datetime
) -> tuple[dict[str, VisitState], list[Visit]]:
    """The visits of a publication of which nothing has become, and the same canceled."""
    existing = visits_where(
        session,
        StoredVisit.publication_id == publication_id,
        StoredVisit.rep_id.in_(list(rep_ids)),
        StoredVisit.date >= day,
        StoredVisit.status.in_(("planned", "missed")),
        is_locked=True,
    )
    name = f"{publication_id}/withdrawn"
    visits = (state.visit for state in existing.values())
    return existing, [canceled_by(visit, name, now) for visit in visits if is_open(visit)]


def write_canceled(
    session: Session,
    caller: Caller,
    existing: Mapping[str, VisitState],
    canceled: Iterable[Visit],
) -> None:
    """Write visits that were canceled, with the reports that say so."""
    visits = list(canceled)
    if visits:
        session.execute(
            update(StoredVisit)
            .where(one_of(StoredVisit.id, [UUID(visit.id) for visit in visits]))
            .values(status="canceled", version=StoredVisit.version + 1)
            .execution_options(synchronize_session=False)
        )
        _write_reports(session, caller, existing, visits)


def _write_reports(
    session: Session,
    caller: Caller,
    existing: Mapping[str, VisitState],
    visits: Iterable[Visit],
) -> None:
    insert_rows(
        session,
        StoredReport,
        (
            report_columns(event, caller.organization_id, caller.person_id, {}, {})
            for visit in visits
            for event in new_events(
                existing[visit.id].visit if visit.id in existing else None, visit
            )
        ),
    )


def _take_over(
    session: Session,
    publication_id: UUID,
    existing: Mapping[str, VisitState],
    dated: Mapping[str, DatedVisit],
) -> None:
    """Let visits that the same plan had published before belong to its newest publication."""
    kept = [
        state.row.id
        for key, state in existing.items()
        if key in dated and state.visit.status == "planned"
    ]
    if kept:
        session.execute(
            update(StoredVisit)
            .where(one_of(StoredVisit.id, kept), StoredVisit.publication_id != publication_id)
            .values(publication_id=publication_id, version=StoredVisit.version + 1)
            .execution_options(synchronize_session=False)
        )


def _columns(
    visit: Visit,
    dated: DatedVisit,
    caller: Caller,
    plan_id: UUID,
    publication_id: UUID,
    known: Known,
) -> dict[str, Any]:
    return {
        "organization_id": caller.organization_id,
        "id": visit.id,
        "version": 1,
        "rep_id": known.reps[visit.rep],
        "store_id": known.stores[visit.store_id],
        "store_class": visit.store_class,
        "date": visit.date,
        "origin": "plan",
        "plan_id": plan_id,
        "publication_id": publication_id,
        "template": dated.template,
        "due_date": dated.due,
        "position": visit.position,
        "planned_start": visit.planned_start,
        "planned_minutes": visit.planned_minutes,
        **columns_of(visit),
    }
