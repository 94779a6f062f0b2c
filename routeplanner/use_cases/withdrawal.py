"""Taking a publication back: its days are free again, its open visits canceled."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from routeplanner.errors import ConflictError, InputError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow
from routeplanner.storage.visit_tables import PublicationDay, PublicationRep, PublicationRow
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import unknown_reference
from routeplanner.use_cases.publications import publication_of, publication_row
from routeplanner.use_cases.published_visits import canceled_from, write_canceled
from routeplanner.use_cases.publishing_records import PublicationRecord, Withdrawal
from routeplanner.use_cases.reviews import CONSEQUENCES, lead, locked_reviews


def withdraw(
    session: Session,
    caller: Caller,
    publication_id: UUID,
    asked: Withdrawal,
    request_id: str,
) -> PublicationRecord:
    """Take a publication back: its days are free from a date on, its open visits canceled.

    What was begun, made, decided on or reported stays; a visit that was found missed goes. A plan
    that it superseded does not come back by itself.

    Raises
    ------
    ConflictError
        No day of it is left from that date on (NOTHING_TO_WITHDRAW).
    """
    row = publication_row(session, caller, publication_id)
    now = datetime.now(UTC)
    day = asked.from_date or now.astimezone(ZoneInfo(caller.time_zone)).date()
    parts = _locked_parts(session, row, asked.reps)
    open_parts = {
        rep: part
        for rep, part in parts.items()
        if part.driven_until is not None and part.driven_until >= day
    }
    if not open_parts:
        raise ConflictError(
            f"the publication holds no day from {day} on", code="NOTHING_TO_WITHDRAW"
        )
    rep_ids = [part.rep_id for part in open_parts.values()]
    existing, canceled = canceled_from(session, row.id, rep_ids, day, now)
    write_canceled(session, caller, existing, canceled)
    _free_days(session, row, open_parts.values(), day, now)
    _unpublish(session, caller, row, open_parts, request_id)
    return publication_of(session, caller, row.id)


def _locked_parts(
    session: Session, row: PublicationRow, reps: Sequence[str]
) -> dict[str, PublicationRep]:
    """The parts of a publication by rep, while nobody else publishes for these reps."""
    part_of_rep = select(PublicationRep.rep_id).where(PublicationRep.publication_id == row.id)
    query = select(RepRow.id, RepRow.external_id).where(RepRow.id.in_(part_of_rep))
    if reps:
        query = query.where(RepRow.external_id.in_(reps))
    found = session.execute(query.order_by(RepRow.id).with_for_update(key_share=True))
    rep_of = dict(found.all())
    missing = [
        unknown_reference(f"reps[{place}]", rep)
        for place, rep in enumerate(reps)
        if rep not in rep_of.values()
    ]
    if missing:
        raise InputError(missing)
    parts = session.scalars(
        select(PublicationRep)
        .where(PublicationRep.publication_id == row.id, PublicationRep.rep_id.in_(rep_of))
        .execution_options(populate_existing=True)
    )
    return {rep_of[part.rep_id]: part for part in parts}


def _free_days(
    session: Session,
    row: PublicationRow,
    parts: Iterable[PublicationRep],
    day: date,
    now: datetime,
) -> None:
    changed = list(parts)
    for part in changed:
        part.status, part.ended_at = "withdrawn", now
        part.driven_until = day - timedelta(days=1) if row.start_date < day else None
    session.flush()
    session.execute(
        delete(PublicationDay).where(
            PublicationDay.publication_id == row.id,
            PublicationDay.rep_id.in_([part.rep_id for part in changed]),
            PublicationDay.date >= day,
        )
    )


def _unpublish(
    session: Session, caller: Caller, row: PublicationRow, reps: Iterable[str], request_id: str
) -> None:
    """The plan is as approved as before for reps who drive no other publication of it."""
    still = session.scalars(
        select(RepRow.external_id)
        .join(PublicationRep, PublicationRep.rep_id == RepRow.id)
        .join(PublicationRow, PublicationRow.id == PublicationRep.publication_id)
        .where(PublicationRow.plan_id == row.plan_id, PublicationRep.status == "published")
    )
    ended = set(reps) - set(still)
    for review in locked_reviews(session, row.plan_id, ended):
        if review.status in CONSEQUENCES["unpublish"].before:
            lead(session, caller, review, "unpublish", request_id=request_id)
