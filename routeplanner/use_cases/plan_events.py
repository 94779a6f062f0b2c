"""What happened to a plan, for streams that come late or come back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from routeplanner.storage.database import Database, Session
from routeplanner.storage.tables import PlanEvent
from routeplanner.use_cases.access import Caller, presenting
from routeplanner.use_cases.plans import plan_row

MOST = 1000
_OF_THE_SEARCH = ("attempt", "reason", "share", "iterations", "seconds", "code")


@dataclass(frozen=True, slots=True)
class Event:
    """What a stream is told of a plan."""

    id: int
    event: str
    data: dict[str, Any]


def events_after(session: Session, caller: Caller, plan_id: UUID, last_id: int) -> list[Event]:
    """The events of a plan that came after one, oldest first."""
    plan_row(session, caller, plan_id)
    newest = session.scalars(
        select(PlanEvent)
        .where(PlanEvent.plan_id == plan_id, PlanEvent.id > last_id)
        .order_by(PlanEvent.id.desc())
        .limit(MOST)
    )
    return [Event(row.id, row.event, row.data) for row in reversed(list(newest))]


def still_sees(database: Database, digest: bytes, plan_id: UUID) -> Caller:
    """Who holds a key by now; a refusal where it ended, or where they no longer see the plan."""
    with presenting(database, digest) as (session, presented):
        presented.caller.require("read")
        plan_row(session, presented.caller, plan_id)
    return presented.caller


def data_for(caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """What an event tells a caller: who sees a part of a plan learns of the search alone."""
    if caller.reps is None:
        return data
    return {name: value for name, value in data.items() if name in _OF_THE_SEARCH}
