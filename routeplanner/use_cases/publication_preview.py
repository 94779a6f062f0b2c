"""What publishing a plan would do, every shifted or skipped visit listed; nothing is stored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from routeplanner.storage.database import Session
from routeplanner.storage.ids import new_id
from routeplanner.storage.rows import one_of
from routeplanner.storage.tables import PlanReview, StoreRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.laying import Known, LaidPlan, known_ids, lay_plan
from routeplanner.use_cases.published_visits import Effects, effects_of
from routeplanner.use_cases.publishing import Earlier, earlier_of
from routeplanner.use_cases.publishing_records import (
    CHANGE,
    FREQUENCY,
    FrequencyReached,
    PublicationPreview,
    PublishRequest,
    RepPreview,
    VisitShift,
    fields_of,
)


def preview_publication(
    session: Session, caller: Caller, plan_id: UUID, request: PublishRequest
) -> PublicationPreview:
    """What publishing would do, every shifted or skipped visit listed; nothing is stored."""
    laid = lay_plan(session, caller, plan_id, request)
    known = known_ids(session, laid)
    effects = effects_of(session, plan_id, new_id(), laid, known, datetime.now(UTC))
    laid = effects.left_of(laid)
    statuses = session.execute(
        select(PlanReview.rep, PlanReview.status).where(PlanReview.plan_id == plan_id)
    )
    earlier = earlier_of(session, known, request.start_date)
    names = session.execute(
        select(StoreRow.external_id, StoreRow.name).where(
            one_of(StoreRow.id, known.stores.values())
        )
    )
    name_of = dict(names.all())
    return PublicationPreview(
        plan_id=plan_id,
        reps=_rep_previews(laid, known, effects, dict(statuses.all()), earlier),
        changes=tuple(
            VisitShift(store_name=name_of[change.store_id], **fields_of(change, CHANGE))
            for change in laid.dated.changes
        ),
        frequencies=tuple(
            FrequencyReached(
                rep=laid.rep_of_store[item.store_id],
                store_name=name_of[item.store_id],
                **fields_of(item, FREQUENCY),
            )
            for item in laid.dated.frequencies
        ),
        warnings=laid.warnings,
    )


def _rep_previews(
    laid: LaidPlan,
    known: Known,
    effects: Effects,
    status_of: Mapping[str, str],
    earlier: Iterable[Earlier],
) -> tuple[RepPreview, ...]:
    visits = Counter(visit.rep for visit in laid.dated.visits)
    changes = Counter((change.rep, change.is_skipped) for change in laid.dated.changes)
    canceled = Counter(visit.rep for visit in effects.published.canceled)
    superseded: dict[UUID, list[UUID]] = {}
    for entry in earlier:
        superseded.setdefault(entry.part.rep_id, []).append(entry.part.publication_id)
    return tuple(
        RepPreview.model_validate(
            {
                "rep": rep,
                "review_status": status_of[rep],
                "n_visits": visits[rep],
                "n_shifted": changes[rep, False],
                "n_skipped": changes[rep, True],
                "n_canceled": canceled[rep],
                "supersedes": superseded.get(known.reps[rep], []),
            }
        )
        for rep in laid.reps
    )
