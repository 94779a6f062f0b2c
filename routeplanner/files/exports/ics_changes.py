"""An update of the calendar of an earlier plan: only what differs from that."""

from pathlib import Path

from routeplanner.domain.plan import Plan, Stop
from routeplanner.domain.scenario import Scenario
from routeplanner.files.exports import ExportOptions, plan_before
from routeplanner.files.exports.ics import (
    Dates,
    cancellations,
    dates_of,
    events_of,
    new_calendar,
    places,
    save,
)


def write_changes_ics(plan: Plan, scenario: Scenario, path: Path, options: ExportOptions) -> None:
    """Write an update of the calendar of an earlier plan: what differs, and what is gone.

    Events are those of `write_ics` for both plans, one a day or one a visit; what stays as it was
    is left out, unless the cycle has become another one or lies elsewhere in the calendar.
    """
    previous, per_visit = plan_before(scenario, options), options.per_visit
    dates = dates_of(plan, scenario, options)
    calendar = new_calendar(plan, scenario)
    before = _contents(previous, per_visit) if _is_same_cycle(plan, previous, dates) else {}
    now = _contents(plan, per_visit)
    for uid, event in events_of(plan, scenario, dates, per_visit):
        if before.get(uid) != now[uid]:
            calendar.add_component(event)
    for event in cancellations(previous, plan, dates, per_visit):
        calendar.add_component(event)
    save(calendar, dates, path)


def _is_same_cycle(plan: Plan, previous: Plan, dates: Dates) -> bool:
    """Whether an event that keeps its place in the cycle keeps its dates."""
    shift = dates.start - (previous.start_date or dates.start)
    return plan.cycle.weeks == previous.cycle.weeks and shift.days % (7 * plan.cycle.weeks) == 0


def _contents(plan: Plan, per_visit: bool) -> dict[str, tuple[object, ...]]:
    """What each event tells, by its identity."""
    return {
        uid: (route.template, *map(_told_of, (stop,) if stop else route.stops))
        for uid, route, stop in places(plan, per_visit)
    }


def _told_of(stop: Stop) -> tuple[object, ...]:
    return stop.kind, stop.store_id, stop.title, stop.start, stop.depart
