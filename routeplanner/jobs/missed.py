"""Finds visits that were still planned when their day was over, organization by organization."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update

from routeplanner.jobs.work import Work
from routeplanner.storage.database import Actor, Database
from routeplanner.storage.tables import Organization
from routeplanner.storage.visit_tables import StoredVisit

MISSED_CRON = "3-59/15 * * * *"
"""Four times an hour: a day ends at a quarter of an hour somewhere in the world."""

AT_ONCE = 5000
"""Visits of one transaction, so that reports of them wait for no longer than a moment."""

log = structlog.get_logger(__name__)


def find_missed_visits(work: Work) -> int:
    """Mark visits of days that are over as missed; returns how many.

    Nothing is remembered between two runs: every visit of a past day that is still planned is
    found, however long no run took place, and none twice.
    """
    now, n = datetime.now(UTC), 0
    for organization_id, time_zone in _organizations(work.database):
        today = now.astimezone(ZoneInfo(time_zone)).date()
        while not work.is_stopping.is_set():
            found = mark_missed(work.database, organization_id, today, now)
            n += found
            if found < AT_ONCE:
                break
    if n:
        log.info("visits were missed", visits=n)
    return n


def mark_missed(database: Database, organization_id: UUID, today: date, now: datetime) -> int:
    """Mark some visits of days before today; those that are being reported are left for later."""
    with database.transaction(Actor(organization_id)) as session:
        chosen = (
            select(StoredVisit.id)
            .where(StoredVisit.status == "planned", StoredVisit.date < today)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
            .cte("chosen")
        )
        found = session.execute(
            update(StoredVisit)
            .where(StoredVisit.id.in_(select(chosen.c.id)))
            .values(status="missed", missed_at=now, version=StoredVisit.version + 1)
            .returning(StoredVisit.id)
            .execution_options(synchronize_session=False)
        )
        return len(found.all())


def _organizations(database: Database) -> list[tuple[UUID, str]]:
    with database.system() as session:
        found = session.execute(select(Organization.id, Organization.time_zone))
        return [(id_, time_zone) for id_, time_zone in found]
