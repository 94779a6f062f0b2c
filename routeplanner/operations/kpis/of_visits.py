"""KPIs that judge planned visits: made at all, in the planned order, at the planned time."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import Exclusion, VisitRow
from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.rows import Rows

_DAY_S = 86_400


class _Turn(NamedTuple):
    started_at: datetime
    position: int
    visit_id: str


def planned_visit_compliance(rows: Rows) -> Count:
    """Planned visits that were made on their day ÷ planned visits."""
    made = {visit.id for visit in rows.made}
    return Count.of_ids(
        [visit.id for visit in rows.standard if visit.id in made],
        [visit.id for visit in rows.standard],
        (*rows.exclusions_of_standard(), *rows.exclusions_of_made(rows.standard)),
    )


def sequence_compliance(rows: Rows) -> Count:
    """Planned visits made in the planned order ÷ planned visits made, on days with two or more.

    As many visits of a day count as can be kept so that they stand in the planned order: the
    longest increasing subsequence of the planned positions (Schensted 1961, doi
    10.4153/CJM-1961-015-3). What is missing is the number of visits that were taken out of turn.
    """
    days: dict[tuple[str, date], list[_Turn]] = defaultdict(list)
    for visit in rows.visits:
        is_planned = visit.origin == "plan" and visit.position is not None
        if is_planned and visit.status == "done" and visit.started_at is not None:
            turn = _Turn(visit.started_at, visit.position or 0, visit.id)
            days[visit.rep, visit.date].append(turn)
    kept: list[str] = []
    made: list[str] = []
    excluded = []
    for turns in days.values():
        if len(turns) == 1:
            excluded.append(Exclusion("visit", turns[0].visit_id, "single_visit", "both"))
            continue
        in_order = sorted(turns)
        kept += [in_order[i].visit_id for i in _longest_rise([t.position for t in in_order])]
        made += [turn.visit_id for turn in in_order]
    return Count.of_ids(kept, made, excluded)


def on_time_rate(rows: Rows) -> Count:
    """Planned visits begun within the tolerance of their planned start ÷ planned visits made."""
    made = [v for v in rows.visits if v.origin == "plan" and v.status == "done"]
    timed = [visit for visit in made if visit.planned_start is not None]
    excluded = (
        Exclusion("visit", visit.id, "no_planned_time", "both")
        for visit in made
        if visit.planned_start is None
    )
    return Count.of_ids(
        [visit.id for visit in timed if _is_on_time(visit, rows)],
        [visit.id for visit in timed],
        excluded,
    )


def _is_on_time(visit: VisitRow, rows: Rows) -> bool:
    if visit.started_at is None or visit.planned_start is None:
        return False
    planned = _planned_instant(visit.date, visit.planned_start, rows.zone)
    late = (visit.started_at.timestamp() - planned) / 60
    return -rows.settings.early_minutes <= late <= rows.settings.late_minutes


def _planned_instant(day: date, start: int, zone: ZoneInfo) -> float:
    """The planned start by the clock on the wall, on days when the clocks change too."""
    midnight, has_steady_clocks = _midnight(day, zone)
    if has_steady_clocks and start < 2 * _DAY_S:
        return midnight + start
    days, seconds = divmod(start, _DAY_S)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return datetime.combine(day + timedelta(days=days), clock, tzinfo=zone).timestamp()


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: ZoneInfo) -> tuple[float, bool]:
    """When a day begins, and whether no clock changes in it or the next."""
    begin, end = (
        datetime.combine(day + timedelta(days=days), time(), tzinfo=zone).timestamp()
        for days in (0, 2)
    )
    return begin, end - begin == 2 * _DAY_S


def _longest_rise(values: Sequence[int]) -> list[int]:
    """Places of a longest strictly increasing subsequence. Complexity O(n log n)."""
    ends: list[int] = []  # smallest last value of a rise of each length
    places: list[int] = []  # where that value stands
    before: list[int] = []  # the place before each place in its rise, -1 for none
    for place, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        places[length : length + 1] = [place]
    rise: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise[::-1]
