"""What visits that were done say of a scenario's minutes and travel; nothing is changed."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from routeplanner.domain.base import Frozen
from routeplanner.domain.driven_visit import DrivenVisit, with_ways
from routeplanner.domain.learned import Learned
from routeplanner.domain.master_data import ExternalId
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InvalidError
from routeplanner.operations.parts import scenario_part
from routeplanner.planning.learn import learn
from routeplanner.storage.database import Session
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.storage.visit_tables import StoredVisit
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.periods import check_period
from routeplanner.use_cases.publishing_records import Day
from routeplanner.use_cases.scenarios import scenario_row

MOST_VISITS = 200_000


class VisitSelection(Frozen):
    """Visits of the scenario's reps in a period, or of one of them."""

    from_date: Day
    until: Day  # the last day, included
    rep: ExternalId | None = None


def visits_to_learn_from(
    session: Session, caller: Caller, scenario_id: UUID, chosen: VisitSelection
) -> tuple[Scenario, tuple[DrivenVisit, ...]]:
    """The scenario and the visits that were done, as far as the caller sees them.

    Raises
    ------
    InputError
        The period ends before it begins or is too long.
    InvalidError
        There are too many visits (TOO_MANY_VISITS).
    """
    check_period(chosen.from_date, chosen.until)
    row = scenario_row(session, caller, scenario_id)
    if caller.reps is None:
        scenario = Scenario.model_validate(row.content)
    else:
        scenario = scenario_part(row.content, caller.reps)
    reps = {rep.id for rep in scenario.reps} & {chosen.rep or rep.id for rep in scenario.reps}
    found = session.execute(_done(reps, chosen).limit(MOST_VISITS + 1)).all()
    if len(found) > MOST_VISITS:
        raise InvalidError(f"there are more than {MOST_VISITS} visits", code="TOO_MANY_VISITS")
    zone = ZoneInfo(caller.time_zone)
    return scenario, with_ways(_driven(number, visit, zone) for number, visit in enumerate(found))


def learn_from(scenario: Scenario, visits: tuple[DrivenVisit, ...]) -> Learned:
    """What is assumed, what was measured with how many visits behind it, and what is proposed."""
    return learn(scenario, visits, travel_matrix(scenario))


def _done(reps: set[str], chosen: VisitSelection) -> Select[Any]:
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
        .where(RepRow.external_id.in_(sorted(reps)))
        .where(StoredVisit.date.between(chosen.from_date, chosen.until))
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
