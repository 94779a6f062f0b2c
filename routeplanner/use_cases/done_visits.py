"""Visits that were done, as they are reported, for what is set against them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from routeplanner.domain.driven_visit import DrivenVisit, with_ways
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InvalidError
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import StoredVisit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.periods import check_period

MOST_VISITS = 200_000


def done_visits(
    session: Session,
    caller: Caller,
    scenario: Scenario,
    first: date,
    last: date,
    rep: str | None = None,
) -> tuple[DrivenVisit, ...]:
    """Visits that the reps of a scenario, or one of them, did in a period, in local time.

    A scenario that the caller sees a part of has their own reps alone.

    Raises
    ------
    InputError
        The period ends before it begins or is too long.
    InvalidError
        There are too many visits (TOO_MANY_VISITS).
    """
    check_period(first, last)
    reps = [each.id for each in scenario.reps if rep in (None, each.id)]
    found = session.execute(_done(reps, first, last).limit(MOST_VISITS + 1)).all()
    if len(found) > MOST_VISITS:
        raise InvalidError(f"there are more than {MOST_VISITS} visits", code="TOO_MANY_VISITS")
    zone = ZoneInfo(caller.time_zone)
    return with_ways(_driven(number, visit, zone) for number, visit in enumerate(found))


def _done(reps: Iterable[str], first: date, last: date) -> Select[Any]:
    """Visits of reps that were done, with their names and times."""
    columns: list[Any] = [
        StoreRow.external_id.label("store_id"),
        RepRow.external_id.label("rep"),
        StoredVisit.date,
        StoredVisit.started_at,
        StoredVisit.ended_at,
        StoredVisit.minutes,
    ]
    return (
        select(*columns)
        .join(RepRow, RepRow.id == StoredVisit.rep_id)
        .join(StoreRow, StoreRow.id == StoredVisit.store_id)
        .where(RepRow.external_id.in_(reps))
        .where(StoredVisit.date.between(first, last))
        .where(StoredVisit.status == "done", StoredVisit.minutes.is_not(None))
        .order_by(StoredVisit.date, StoredVisit.id)
    )


def _driven(number: int, row: Any, zone: ZoneInfo) -> DrivenVisit:
    """A visit in local time; one that went past midnight has minutes, but no clock."""
    moments: dict[str, datetime] = {
        name: moment.astimezone(zone)
        for name, moment in (("started", row.started_at), ("ended", row.ended_at))
        if moment is not None
    }
    if len({moment.date() for moment in moments.values()}) > 1:
        moments = {}
    return DrivenVisit(
        store_id=row.store_id,
        rep=row.rep,
        date=next((moment.date() for moment in moments.values()), row.date),
        minutes_in_store=round(row.minutes, 2),
        row=number,
        **{name: _clock(moment) for name, moment in moments.items()},
    )


def _clock(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
