"""Times routes by segments (Vidal, Crainic, Gendreau, Prins 2013, doi 10.1016/j.cor.2012.07.018).

A segment is (duration, time warp, earliest, latest): a run of stays that takes its duration when
begun within [earliest, latest], at the given time warp. Two join in constant time. Lunch is a stay
behind a visit, before leaving or after the return.
"""

from typing import Any

from solvers.kernels.compiled import kernel
from solvers.kernels.layout import FAR

NEVER_FED = 2**40
"""Time warp of a segment in which lunch has no place."""


@kernel
def stay(duration: int, lo: int, hi: int) -> Any:
    """A visit or lunch by itself; where its window is empty it is late however it is begun."""
    if lo <= hi:
        return duration, 0, lo, hi
    return duration, lo - hi, lo, lo


@kernel
def join(d1: int, w1: int, e1: int, l1: int, gap: int, d2: int, w2: int, e2: int, l2: int) -> Any:
    """One segment behind another."""
    delta = d1 - w1 + gap
    wait = e2 - delta - l1
    wait = max(wait, 0)
    warp = e1 + delta - l2
    warp = max(warp, 0)
    e = e2 - delta
    e = max(e, e1)
    latest = l2 - delta
    latest = min(latest, l1)
    return d1 + d2 + gap + wait, w1 + w2 + warp, e - wait, latest + warp


@kernel
def ended(day: Any, d: int, w: int, e: int, is_fed: bool) -> Any:
    """(late, overtime, work) of a whole route, in the order in which they are preferred."""
    if is_fed:
        work = d - day.lunch
        back = d + e
    else:
        work = d
        back = d + e
        if day.lunch > 0 and back > day.lunch_latest:
            w += back - day.lunch_latest
    late = w
    if work > day.longest_work:
        late += work - day.longest_work
    over = work - day.max_work
    over = max(over, back - day.shift_hi)
    over = max(over, 0)
    over = min(over, day.overtime)
    return late, over, work


@kernel
def time_cost(day: Any, penalty: int, late: int, over: int, work: int) -> int:
    """What time costs beyond travel and waiting."""
    cost = day.overtime_cost * over + penalty * day.weight * late
    if work > day.target:
        cost += day.balance_cost * (work - day.target)
    return cost


@kernel
def open_time(day: Any, work: int) -> Any:
    """(late, overtime) of a route whose windows never bind and that needs no lunch."""
    over = work - day.soft_open
    if over <= 0:
        return 0, 0
    late = work - day.hard_open
    late = max(late, 0)
    over = min(over, day.overtime)
    return late, over


@kernel
def join_to(row: Any, gap: int, d: int, w: int, e: int, t: int) -> Any:
    """A segment of an array, then another."""
    return join(row[0], row[1], row[2], row[3], gap, d, w, e, t)


@kernel
def join_with(d: int, w: int, e: int, t: int, gap: int, row: Any) -> Any:
    """A segment, then one of an array."""
    return join(d, w, e, t, gap, row[0], row[1], row[2], row[3])


@kernel
def drive(day: Any, visits: Any, travel: Any, stops: Any, n: int, head: Any, tail: Any) -> Any:
    """Return the (late, overtime, work) of a route; fills its segments without lunch.

    stops holds visits at 1 … n; head and tail are (n + 2, 4); tail is filled where there is lunch.
    """
    head[0, 0], head[0, 1], head[0, 2], head[0, 3] = 0, 0, day.shift_lo, FAR
    here = day.start
    for i in range(1, n + 1):
        visit = visits[stops[i].visit]
        d, w, e, t = stay(visit.service, visit.lo, visit.hi)
        d, w, e, t = join_to(head[i - 1], travel[here, visit.place], d, w, e, t)
        head[i, 0], head[i, 1], head[i, 2], head[i, 3] = d, w, e, t
        here = visit.place
    d, w, e, _ = join_to(head[n], travel[here, day.end], 0, 0, -FAR, day.latest_back)
    best = ended(day, d, w, e, False)
    if day.lunch > 0:
        drive_back(day, visits, travel, stops, n, tail)
        way = _with_lunch(day, visits, travel, stops, n, head, tail)
        if way < best:
            best = way
    return best


@kernel
def drive_back(day: Any, visits: Any, travel: Any, stops: Any, n: int, tail: Any) -> None:
    """Fill the segments to the end of a route without lunch."""
    tail[n + 1, 0], tail[n + 1, 1], tail[n + 1, 2], tail[n + 1, 3] = 0, 0, -FAR, day.latest_back
    there = day.end
    for i in range(n, 0, -1):
        visit = visits[stops[i].visit]
        d, w, e, t = stay(visit.service, visit.lo, visit.hi)
        d, w, e, t = join_with(d, w, e, t, travel[visit.place, there], tail[i + 1])
        tail[i, 0], tail[i, 1], tail[i, 2], tail[i, 3] = d, w, e, t
        there = visit.place


@kernel
def _with_lunch(
    day: Any, visits: Any, travel: Any, stops: Any, n: int, head: Any, tail: Any
) -> Any:
    """The best (late, overtime, work) of lunch before leaving or behind any visit."""
    ld, lw, le, lt = stay(day.lunch, day.lunch_lo, day.lunch_latest)
    there = day.end
    d, w, e, t = fed_start(day)
    first = visits[stops[1].visit].place if n else day.end
    d, w, e, t = join_with(d, w, e, t, travel[day.start, first], tail[1])
    best = ended(day, d, w, e, True)
    for i in range(n, 0, -1):
        here = visits[stops[i].visit].place
        d, w, e, t = join_to(head[i], 0, ld, lw, le, lt)
        d, w, e, t = join_with(d, w, e, t, travel[here, there], tail[i + 1])
        way = ended(day, d, w, e, True)
        if way < best:
            best = way
        there = here
    return best


@kernel
def fed_start(day: Any) -> Any:
    """Eating before leaving is leaving a lunch earlier and driving after it."""
    earliest = day.lunch_lo + day.lunch
    earliest = max(earliest, day.shift_lo)
    return day.lunch, 0, earliest - day.lunch, FAR


@kernel
def feed(
    day: Any, visits: Any, stops: Any, n: int,
    head: Any, head_fed: Any, tail: Any, tail_fed: Any,
) -> None:  # fmt: skip
    """Fill the segments with lunch in them: at each point the one of least warp, then duration."""
    ld, lw, le, lt = stay(day.lunch, day.lunch_lo, day.lunch_latest)
    d, w, e, t = fed_start(day)
    head_fed[0, 0], head_fed[0, 1], head_fed[0, 2], head_fed[0, 3] = d, w, e, t
    for i in range(1, n + 1):
        visit = visits[stops[i].visit]
        d, w, e, t = stay(visit.service, visit.lo, visit.hi)
        before = join_to(head_fed[i - 1], stops[i - 1].leg, d, w, e, t)
        d, w, e, t = _better(join_to(head[i], 0, ld, lw, le, lt), before)
        head_fed[i, 0], head_fed[i, 1], head_fed[i, 2], head_fed[i, 3] = d, w, e, t
    # Lunch after the return is judged apart, by the time of return.
    last = tail_fed[n + 1]
    last[0], last[1], last[2], last[3] = day.lunch, NEVER_FED, -FAR, FAR
    for i in range(n, 0, -1):
        visit = visits[stops[i].visit]
        d, w, e, t = stay(visit.service, visit.lo, visit.hi)
        later = join_with(d, w, e, t, stops[i].leg, tail_fed[i + 1])
        d, w, e, t = join(d, w, e, t, 0, ld, lw, le, lt)
        d, w, e, t = _better(join_with(d, w, e, t, stops[i].leg, tail[i + 1]), later)
        tail_fed[i, 0], tail_fed[i, 1], tail_fed[i, 2], tail_fed[i, 3] = d, w, e, t


@kernel
def _better(one: Any, other: Any) -> Any:
    if one[1] < other[1] or (one[1] == other[1] and one[0] <= other[0]):
        return one
    return other
