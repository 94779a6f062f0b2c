"""The working day of a driven day: what its appointments take of office time and lunch.

Derived from the scenario's raw fields, as all of `facts`.
"""

from dataclasses import replace
from itertools import pairwise

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.hours import DAY_S
from routeplanner.domain.plan import Route
from routeplanner.domain.rep import Rep
from routeplanner.planning.checker.facts import Facts, Shift, Span, overlap

_Meeting = tuple[int, int, str]  # start, end, place of the matrix


def shift_of(facts: Facts, route: Route) -> Shift | None:
    """The rep's working day on the day of a route; none where there is none."""
    shift = facts.shift(route.rep, route.weekday)
    if shift is None or not 0 <= route.day < facts.scenario.cycle.n_days:
        return shift
    rep = facts.reps[route.rep]
    meetings = _meetings(facts, rep, facts.scenario.cycle.day(route.day))
    if not meetings:
        return shift
    away = _away(facts, rep, meetings)
    # Leaving early and returning late is what the appointment asks, within the working hours.
    shift = replace(
        shift,
        earliest=max(shift.opens, min(shift.earliest, away[0])),
        latest=min(shift.closes, max(shift.latest, away[1])),
    )
    longest = max((b - a for a, b in _free_at_noon(facts, rep, shift, meetings)), default=0)
    if longest < shift.lunch:
        shift = replace(shift, lunch=0)
    # A whole day of appointments may exceed what is left to plan of a day, not a stated limit.
    stated = rep.max_work_minutes or facts.scenario.policy.working_day.max_work_minutes
    most = DAY_S if stated is None else round(stated * 60)
    asked = min(away[1] - away[0] - shift.lunch, most)
    return replace(shift, longest_work=max(shift.longest_work, asked))


def _meetings(facts: Facts, rep: Rep, day: CycleDay) -> list[_Meeting]:
    found = []
    for index, meeting in facts.appointments_on(rep.id, day):
        is_at_base = meeting.lat is None or meeting.lon is None
        place = f"rep:{rep.id}" if is_at_base else f"appointment:{index}"
        found.append((meeting.start, meeting.end, place))
    return sorted(found)


def _away(facts: Facts, rep: Rep, meetings: list[_Meeting]) -> Span:
    """When the rep has to leave for the first appointment, and is back from the last."""
    base = f"rep:{rep.id}"
    start, _, first = meetings[0]
    _, end, last = max(meetings, key=lambda meeting: meeting[1])
    if rep.start_at == "base":
        start -= facts.seconds(rep.mode, base, first) or 0
    if rep.end_at == "base":
        end += facts.seconds(rep.mode, last, base) or 0
    return start, end


def _free_at_noon(facts: Facts, rep: Rep, shift: Shift, meetings: list[_Meeting]) -> list[Span]:
    """Stretches of the lunch window in which the rep neither meets nor has to be on the way."""
    leave, back = _away(facts, rep, meetings)
    last = max(end for _, end, _ in meetings)
    free = [(0, leave), (last, shift.latest - (back - last)), (back, DAY_S)]
    for (_, end, here), (start, _, there) in pairwise(meetings):
        free.append((end, start - (facts.seconds(rep.mode, here, there) or 0)))
    return [
        stretch
        for span in free
        if span[0] < span[1]
        for stretch in overlap([span], [shift.lunch_between])
    ]
