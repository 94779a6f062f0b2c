"""Publishing a plan: all of it in one transaction, or nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from routeplanner.errors import ConflictError, InputError, Issue, Severity
from routeplanner.storage.database import Session
from routeplanner.storage.rows import insert_rows
from routeplanner.storage.tables import PlanReview, RepRow
from routeplanner.storage.visit_tables import (
    PublicationChange,
    PublicationDay,
    PublicationFrequency,
    PublicationRep,
    PublicationRow,
)
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.laying import (
    STARTS_IN_PAST,
    Known,
    LaidPlan,
    known_ids,
    lay_plan,
)
from routeplanner.use_cases.published_visits import effects_of, write_effects
from routeplanner.use_cases.publishing_records import (
    CHANGE,
    FREQUENCY,
    PublicationOptions,
    PublishRequest,
    fields_of,
)
from routeplanner.use_cases.reviews import CONSEQUENCES, lead, locked_reviews


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a rep was to drive on days that are published now."""

    part: PublicationRep
    plan_id: UUID
    start_date: date


def publish_plan(
    session: Session, caller: Caller, plan_id: UUID, request: PublishRequest, request_id: str
) -> PublicationRow:
    """Publish a plan for reps whose part is approved; from its start it supersedes earlier ones.

    Raises
    ------
    InputError
        It cannot be laid on these dates; all issues at once. Days before today have to be allowed.
    ConflictError
        A rep's part is not approved (NOT_APPROVED), or published already for days of the period
        (ALREADY_PUBLISHED).
    """
    laid = lay_plan(session, caller, plan_id, request)
    _check_start(laid)
    known = known_ids(session, laid)
    # One publisher of a rep at a time: whoever comes second sees what the first has done.
    session.execute(
        select(RepRow.id)
        .where(RepRow.id.in_(known.reps.values()))
        .order_by(RepRow.id)
        .with_for_update(key_share=True)
    )
    reviews = locked_reviews(session, plan_id, laid.reps)
    _check_reviews(reviews, laid.reps)
    earlier = earlier_of(session, known, request.start_date)
    _check_days(earlier, plan_id, request)
    row = _keep(session, caller, plan_id, request, laid)
    effects = effects_of(session, plan_id, row.id, laid, known, datetime.now(UTC), is_locked=True)
    left = effects.left_of(laid)
    _supersede(session, earlier, row)
    _keep_reps(session, caller, row, left, known)
    _keep_lists(session, caller, row, left, known)
    write_effects(session, caller, plan_id, row.id, laid, known, effects)
    for review in reviews:
        lead(session, caller, review, "publish", request_id=request_id)
    _supersede_reviews(session, caller, earlier, plan_id, request_id)
    return row


def _check_start(laid: LaidPlan) -> None:
    past = [issue for issue in laid.warnings if issue.code == STARTS_IN_PAST]
    if past:
        raise InputError([issue.model_copy(update={"severity": Severity.ERROR}) for issue in past])


def _check_reviews(reviews: Sequence[PlanReview], reps: Iterable[str]) -> None:
    status_of = {review.rep: review.status for review in reviews}
    wrong = [rep for rep in reps if status_of.get(rep) not in CONSEQUENCES["publish"].before]
    if wrong:
        raise ConflictError(
            f"the plan is not approved for {len(wrong)} rep(s)",
            code="NOT_APPROVED",
            issues=[
                Issue(
                    code="NOT_APPROVED",
                    path=f"reps.{rep}",
                    message=f"the part of rep {rep} is {status_of.get(rep, 'not there')}",
                    hint="have it approved first, or publish for other reps",
                    value=status_of.get(rep),
                )
                for rep in wrong
            ],
        )


def _check_days(earlier: Iterable[Earlier], plan_id: UUID, request: PublishRequest) -> None:
    seen = request.replaces_publication_id
    for entry in earlier:
        if entry.plan_id == plan_id and entry.part.publication_id != seen:
            raise ConflictError(
                f"publication {entry.part.publication_id} of this plan holds days of the period",
                code="ALREADY_PUBLISHED",
            )
    if seen is not None and seen not in {entry.part.publication_id for entry in earlier}:
        raise ConflictError(
            f"publication {seen} holds no day of the period, or none any more",
            code="NOTHING_TO_REPLACE",
        )


def earlier_of(session: Session, known: Known, start: date) -> list[Earlier]:
    """The publications of which reps have days to drive from a date on."""
    found = session.execute(
        select(PublicationRep, PublicationRow.plan_id, PublicationRow.start_date)
        .join(PublicationRow, PublicationRow.id == PublicationRep.publication_id)
        .where(PublicationRep.rep_id.in_(known.reps.values()))
        .where(PublicationRep.driven_until >= start)
        .order_by(PublicationRep.id)
    )
    return [Earlier(*row) for row in found.all()]


def _keep(
    session: Session, caller: Caller, plan_id: UUID, request: PublishRequest, laid: LaidPlan
) -> PublicationRow:
    columns = {"start_date", "until", "first_week", "lost_weeks"}
    options = set(PublicationOptions.model_fields) - columns
    row = PublicationRow(
        organization_id=caller.organization_id,
        plan_id=plan_id,
        options=request.model_dump(mode="json", include=options, exclude_defaults=True),
        calendar=laid.calendar_json,
        published_by=caller.person_id,
        **{name: getattr(request, name) for name in columns},
    )
    session.add(row)
    session.flush()
    return row


def _supersede(session: Session, earlier: Sequence[Earlier], row: PublicationRow) -> None:
    """Free the days from the start of a publication on."""
    for entry in earlier:
        is_left = entry.start_date < row.start_date
        entry.part.driven_until = row.start_date - timedelta(days=1) if is_left else None
        entry.part.status, entry.part.superseded_by = "superseded", row.id
        entry.part.ended_at = datetime.now(UTC)
    session.flush()
    session.execute(
        delete(PublicationDay).where(
            PublicationDay.rep_id.in_([entry.part.rep_id for entry in earlier]),
            PublicationDay.date >= row.start_date,
        )
    )


def _keep_reps(
    session: Session, caller: Caller, row: PublicationRow, laid: LaidPlan, known: Known
) -> None:
    visits = Counter(visit.rep for visit in laid.dated.visits)
    changes = Counter((change.rep, change.is_skipped) for change in laid.dated.changes)
    session.add_all(
        PublicationRep(
            organization_id=caller.organization_id,
            publication_id=row.id,
            rep_id=known.reps[rep],
            status="published",
            driven_until=row.until,
            n_visits=visits[rep],
            n_shifted=changes[rep, False],
            n_skipped=changes[rep, True],
        )
        for rep in laid.reps
    )
    session.flush()
    worked = {(day.rep, day.date): day for day in laid.days}
    dates = [
        row.start_date + timedelta(days=n) for n in range((row.until - row.start_date).days + 1)
    ]
    n = insert_rows(
        session,
        PublicationDay,
        (
            {
                "organization_id": caller.organization_id,
                "rep_id": known.reps[rep],
                "date": day,
                "publication_id": row.id,
                "working_minutes": found.working_minutes if found else None,
                "is_absent": found.is_absent if found else False,
            }
            for rep in laid.reps
            for day in dates
            for found in [worked.get((rep, day))]
        ),
    )
    if n != len(laid.reps) * len(dates):
        raise ConflictError(
            "somebody else published for the same rep just now", code="WRITTEN_AT_ONCE"
        )


def _keep_lists(
    session: Session, caller: Caller, row: PublicationRow, laid: LaidPlan, known: Known
) -> None:
    head = {"organization_id": caller.organization_id, "publication_id": row.id}
    insert_rows(
        session,
        PublicationChange,
        (
            head
            | fields_of(change, CHANGE[2:])
            | {
                "number": number,
                "rep_id": known.reps[change.rep],
                "store_id": known.stores[change.store_id],
            }
            for number, change in enumerate(laid.dated.changes, start=1)
        ),
    )
    insert_rows(
        session,
        PublicationFrequency,
        (
            head
            | fields_of(item, FREQUENCY[1:])
            | {
                "number": number,
                "rep_id": known.reps[laid.rep_of_store[item.store_id]],
                "store_id": known.stores[item.store_id],
            }
            for number, item in enumerate(laid.dated.frequencies, start=1)
        ),
    )


def _supersede_reviews(
    session: Session, caller: Caller, earlier: Iterable[Earlier], plan_id: UUID, request_id: str
) -> None:
    """Of plans that a rep drives no more, or not for long, the review says so."""
    names = session.execute(
        select(RepRow.id, RepRow.external_id).where(
            RepRow.id.in_([entry.part.rep_id for entry in earlier])
        )
    )
    rep_of = dict(names.all())
    ended = {(entry.plan_id, entry.part.rep_id) for entry in earlier if entry.plan_id != plan_id}
    for other, rep_id in sorted(ended):
        still = session.scalar(
            select(PublicationRep.id)
            .join(PublicationRow, PublicationRow.id == PublicationRep.publication_id)
            .where(PublicationRow.plan_id == other, PublicationRep.rep_id == rep_id)
            .where(PublicationRep.status == "published")
            .limit(1)
        )
        if still is None:
            for review in locked_reviews(session, other, [rep_of[rep_id]]):
                if review.status in CONSEQUENCES["supersede"].before:
                    lead(session, caller, review, "supersede", request_id=request_id)
