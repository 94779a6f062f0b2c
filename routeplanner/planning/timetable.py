"""Times one driven day: an order of stores in, the full timeline of a rep's day out.

Used by decode, by edited plans and by measures, so that a planner's own order is timed exactly as
the search's is.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.hours import DAY_S, WEEKDAYS
from routeplanner.domain.plan import Route, Stop
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s, visit_intervals
from routeplanner.domain.workday import WorkDay, stays_on, work_day, work_day_on
from routeplanner.planning.day_clock import (
    NEVER,
    Call,
    DayClock,
    StartWindow,
    Timed,
    insert_between,
)
from routeplanner.travel.source import TravelMatrix
from solvers.schedule import Frame


def time_day(
    scenario: Scenario,
    matrix: TravelMatrix,
    rep: Rep,
    day: int,
    template: str,
    store_ids: Sequence[str],
    windows: Sequence[StartWindow] | None = None,
) -> tuple[Route, int]:
    """Return the timeline of a day on which a rep visits stores in a given order.

    Parameters
    ----------
    scenario, matrix
        Where stores, hours and travel times come from.
    rep, day, template
        Who drives, on which working day of the cycle (0-based), under which label.
    store_ids
        The visits in order. Appointments of that day are put between them where they fit best.
    windows
        Earliest and latest start of each visit in seconds since midnight, where the caller has
        chosen among a store's open intervals; else the choice is made here.

    Returns
    -------
    tuple
        The route, and the seconds by which hours and limits are broken. Where that is above 0 the
        timeline runs on late, in order, so that a check can say what is broken.
    """
    place = scenario.cycle.day(day)
    stores = {store.id: store for store in scenario.stores}
    visits = [_visit(scenario.policy, stores[store_id], place) for store_id in store_ids]
    if windows is not None:
        visits = [replace(v, windows=(w,)) for v, w in zip(visits, windows, strict=True)]
    meetings = _appointment_calls(scenario, rep, place)
    workday = _work_day(scenario, matrix, rep, place)
    clock = _day_clock(matrix, rep, workday, [*visits, *meetings], travel_factor=1)
    timed = insert_between(clock, visits, meetings)
    stops = _timeline(matrix, rep, workday, timed)
    route = Route(
        rep=rep.id,
        day=day,
        week=place.week,
        weekday=place.weekday,
        template=template,
        stops=stops,
    )
    return route, timed.timing.late_s


def lateness(scenario: Scenario, matrix: TravelMatrix, route: Route, travel_factor: float) -> int:
    """Return the seconds by which a route breaks hours where all travel takes `travel_factor`.

    The reserve is there to be used: the longest work is the shift, or the stated longest work, not
    what is left to plan of it.
    """
    timed, _ = _time_longer(scenario, matrix, route, travel_factor)
    return timed.timing.late_s


def worst_lateness(
    scenario: Scenario, matrix: TravelMatrix, route: Route, travel_factor: float
) -> int:
    """Return the seconds of the worst of what `lateness` adds up; 0 where the day holds.

    A day that is too long returns too late as well: its planner counts those minutes once.
    """
    timed, workday = _time_longer(scenario, matrix, route, travel_factor)
    timing = timed.timing
    if not timing.late_s:
        return 0
    too_long = timing.work_s - workday.available, timing.back - workday.shift_hi
    stores = (
        min((start - hi for lo, hi in call.windows if start >= lo), default=0)
        for call, start in zip(timed.calls, timing.start, strict=True)
    )
    worst = max(*(late - workday.overtime for late in too_long), *stores, 0)
    return worst or timing.late_s  # of lunch alone


def _time_longer(
    scenario: Scenario, matrix: TravelMatrix, route: Route, travel_factor: float
) -> tuple[Timed, WorkDay]:
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    stores = {store.id: store for store in scenario.stores}
    place = scenario.cycle.day(route.day)
    meetings = _appointment_calls(scenario, rep, place)
    calls: list[Call] = []
    for stop in route.stops:
        if stop.kind == "visit" and stop.store_id in stores:
            calls.append(_visit(scenario.policy, stores[stop.store_id], place))
        elif stop.kind == "appointment" and meetings:
            calls.append(meetings.pop(0))
    workday = without_reserve(scenario.policy, rep, _work_day(scenario, matrix, rep, place))
    clock = _day_clock(matrix, rep, workday, calls, travel_factor)
    return clock.time(calls), workday


def _visit(policy: Policy, store: Store, day: CycleDay) -> Call:
    service = service_s(store, policy)
    spans = visit_intervals(store, day.weekday)
    windows = tuple((lo, hi - service) for lo, hi in spans if hi - lo >= service)
    return Call(store.id, service, windows or (NEVER,), store_id=store.id)


def _appointment_calls(scenario: Scenario, rep: Rep, day: CycleDay) -> list[Call]:
    """The day's appointments in order of their start."""
    return [
        Call(
            stay.place,
            stay.end - stay.start,
            ((stay.start, stay.start),),
            title=scenario.appointments[stay.number].title,
        )
        for stay in stays_on(rep, day, scenario.appointments)
    ]


def _work_day(scenario: Scenario, matrix: TravelMatrix, rep: Rep, day: CycleDay) -> WorkDay:
    """The rep's day; on a day off, which only an edited plan drives, the policy's hours."""
    policy, travel = scenario.policy, partial(matrix.seconds, rep.mode)
    own = work_day_on(policy, rep, day, scenario.appointments, travel)
    if own is not None:
        return own
    always = policy.model_copy(update={"workdays": WEEKDAYS})
    shared = work_day(always, rep.model_copy(update={"hours": None}), day.weekday)
    if shared is None:
        raise ValueError("the policy's working day leaves no time for driving")
    return shared


def without_reserve(policy: Policy, rep: Rep, workday: WorkDay) -> WorkDay:
    """The working day with its reserve used up: all of the shift, or the stated longest work."""
    longest = workday.shift_hi - workday.shift_lo - workday.lunch
    limit = rep.max_work_minutes or policy.working_day.max_work_minutes
    if limit is not None:
        longest = min(longest, round(limit * 60))
    return replace(workday, available=longest)


def _day_clock(
    matrix: TravelMatrix,
    rep: Rep,
    workday: WorkDay,
    calls: Sequence[Call],
    travel_factor: float,
) -> DayClock:
    base = f"rep:{rep.id}"
    names = list(dict.fromkeys([base, *(call.place for call in calls)]))
    index = matrix.index()
    rows = [index[name] for name in names]
    travel = matrix.travel_s[matrix.modes.index(rep.mode)][np.ix_(rows, rows)]
    frame = Frame(
        travel_s=np.rint(travel * travel_factor).astype(np.int64),
        start_place=0 if rep.start_at == "base" else -1,
        end_place=0 if rep.end_at == "base" else -1,
        shift_lo=workday.shift_lo,
        shift_hi=workday.shift_hi,
        max_work_s=workday.available,
        overtime_s=workday.overtime,
        lunch_s=workday.lunch,
        lunch_lo=workday.lunch_lo,
        lunch_hi=workday.lunch_hi,
    )
    return DayClock(frame, {name: place for place, name in enumerate(names)})


def _timeline(matrix: TravelMatrix, rep: Rep, workday: WorkDay, timed: Timed) -> tuple[Stop, ...]:
    timing = timed.timing
    base = f"rep:{rep.id}"
    here = base if rep.start_at == "base" or not timed.calls else timed.calls[0].place
    stops = []
    if workday.prepare:
        stops.append(_stop("office", timing.leave - workday.prepare, timing.leave))
    stops.append(_stop("start", timing.leave, timing.leave))
    n_visits = 0
    for i, call in enumerate(timed.calls):
        n_visits += call.store_id is not None
        depart = timing.start[i] + call.service_s
        stop = _stop(
            "appointment" if call.store_id is None else "visit",
            timing.arrive[i],
            depart,
            start=timing.start[i],
        )
        update = {"title": call.title, **_travel(matrix, rep, here, call.place)}
        if call.store_id is not None:
            update |= {"store_id": call.store_id, "position": n_visits}
        stops.append(stop.model_copy(update=update))
        here = call.place
        if i == timing.lunch_after:
            eaten = timing.lunch_start + workday.lunch
            stops.append(_stop("lunch", depart, eaten, start=timing.lunch_start))
    goal = base if rep.end_at == "base" else here
    end = _stop("end", timing.back, timing.back)
    stops.append(end.model_copy(update=_travel(matrix, rep, here, goal)))
    if workday.summary:
        stops.append(_stop("office", timing.back, timing.back + workday.summary))
    return tuple(stops)


def _stop(kind: str, arrive: int, depart: int, start: int | None = None) -> Stop:
    """A stop within its day; a day that runs past midnight piles up there and fails its check."""
    begin = arrive if start is None else start
    times = {"arrive": arrive, "start": begin, "depart": depart}
    return Stop.model_validate(
        {"kind": kind} | {name: min(max(time, 0), DAY_S) for name, time in times.items()}
    )


def _travel(matrix: TravelMatrix, rep: Rep, origin: str, target: str) -> dict[str, object]:
    if origin == target:
        return {}
    return {
        "travel_minutes": round(matrix.seconds(rep.mode, origin, target) / 60, 2),
        "travel_km": round(matrix.meters(origin, target) / 1000, 3),
    }
