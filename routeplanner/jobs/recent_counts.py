"""Counts the KPIs of recent weeks before anybody asks for them, organization by organization."""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from routeplanner.domain.kpi import KpiPeriod
from routeplanner.domain.organization_settings import kpi_settings
from routeplanner.jobs.kpi_counts import counts_by_rep
from routeplanner.jobs.work import Work
from routeplanner.operations.kpis.kept import CountRules
from routeplanner.storage.database import Actor
from routeplanner.storage.tables import Organization, RepRow

COUNT_CRON = "1-59/5 * * * *"
MOST_SECONDS = 5.0
"""Of one run, so that other jobs wait for no longer than a moment."""

WEEKS = 53
"""Up to the current one."""

_Item = TypeVar("_Item")


def count_recent_weeks(work: Work, most_seconds: float = MOST_SECONDS) -> int:
    """See to it that the weeks of all reps are counted; returns how many reps were looked at.

    Each rep is a transaction of its own, so that pages which keep counts of the same weeks do not
    wait. A run that ends early has left out others than the one before, as the order is chance's.
    """
    until, n = time.monotonic() + most_seconds, 0
    for organization_id in _shuffled(_organizations(work)):
        for rep, rep_id in _shuffled(_reps(work, organization_id)):
            if work.is_stopping.is_set() or time.monotonic() > until:
                return n
            _count(work, organization_id, rep, rep_id)
            n += 1
    return n


def _count(work: Work, organization_id: UUID, rep: str, rep_id: UUID) -> None:
    with work.database.transaction(Actor(organization_id)) as session:
        organization = session.get_one(Organization, organization_id)
        rules = CountRules(ZoneInfo(organization.time_zone), kpi_settings(organization.settings))
        today = datetime.now(UTC).astimezone(rules.zone).date()
        counts_by_rep(session, organization_id, {rep: rep_id}, _weeks(today), rules, today)


def _weeks(today: date) -> Iterator[KpiPeriod]:
    monday = today - timedelta(days=today.weekday())
    for number in range(WEEKS):
        first = monday - timedelta(weeks=number)
        yield KpiPeriod(first, first + timedelta(days=6))


def _organizations(work: Work) -> Sequence[UUID]:
    with work.database.system() as session:
        return session.scalars(select(Organization.id)).all()


def _reps(work: Work, organization_id: UUID) -> Sequence[tuple[str, UUID]]:
    with work.database.transaction(Actor(organization_id)) as session:
        found = session.execute(select(RepRow.external_id, RepRow.id))
        return [(name, id_) for name, id_ in found]


def _shuffled(items: Sequence[_Item]) -> list[_Item]:
    return random.sample(items, len(items))
