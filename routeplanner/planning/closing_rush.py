"""Stores that close early: what they take until then, against the time there is until then."""

from collections.abc import Sequence

from routeplanner.domain.hours import Weekday
from routeplanner.domain.store import Store
from routeplanner.domain.visits import visit_intervals
from routeplanner.domain.workday import WorkDay
from routeplanner.domain.workload import ClosingRush


def closing_rush(
    visits: Sequence[tuple[Store, float]],
    weekdays: Sequence[Weekday],
    shifts: Sequence[WorkDay],
    travel_s: float,
) -> ClosingRush | None:
    """The closing time until which a route is fullest; none where no store closes before its end.

    Parameters
    ----------
    visits
        Stores of the route and the seconds in each.
    weekdays, shifts
        On which it is driven, and the working days then.
    travel_s
        Of the whole route. Legs count alike: so many stores take so many legs.
    """
    start, end = max(s.shift_lo for s in shifts), min(s.shift_hi for s in shifts)
    closing = sorted((_closes(store, weekdays), seconds) for store, seconds in visits)
    leg = travel_s / (len(visits) + 1)
    fullest: ClosingRush | None = None
    needed = 0.0
    for until, seconds in closing:
        needed += seconds + leg
        room = min(until - start - _lunch_before(until, shift) for shift in shifts)
        if until >= end:
            break
        if room > 0 and (fullest is None or needed / room > fullest.filled):
            fullest = ClosingRush(
                until=until, needed_minutes=needed / 60, available_minutes=room / 60
            )
    return fullest


def _closes(store: Store, weekdays: Sequence[Weekday]) -> int:
    """When the store closes on the earliest of some weekdays; a closed day does not count."""
    ends = [
        max(end for _, end in spans) for day in weekdays if (spans := visit_intervals(store, day))
    ]
    return min(ends, default=0)


def _lunch_before(until: int, shift: WorkDay) -> int:
    """Seconds of lunch that cannot wait until then."""
    return min(shift.lunch, max(0, until - (shift.lunch_hi - shift.lunch)))
