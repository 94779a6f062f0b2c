"""KPIs that judge planned visits: made at all, in the planned order, at the planned time."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import lt
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import Exclusion
from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.rows import Rows

_DAY_S = 86_400
_Turn = tuple[datetime, int, str]  # when a visit began, its position, its id


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
        started_at, position = visit.started_at, visit.position
        is_planned = visit.origin == "plan" and position is not None
        if is_planned and visit.status == "done" and started_at is not None:
            days[visit.rep, visit.date].append((started_at, position or 0, visit.id))
    kept: list[str] = []
    made: list[str] = []
    excluded = []
    for turns in days.values():
        if len(turns) == 1:
            excluded.append(Exclusion("visit", turns[0][2], "single_visit", "both"))
            continue
        in_order = sorted(turns)
        ids = [visit_id for _, _, visit_id in in_order]
        kept += [ids[i] for i in _longest_rise([position for _, position, _ in in_order])]
        made += ids
    return Count.of_ids(kept, made, excluded)


def on_time_rate(rows: Rows) -> Count:
    """Planned visits begun within the tolerance of their planned start ÷ planned visits made."""
    made = [v for v in rows.visits if v.origin == "plan" and v.status == "done"]
    timed: list[str] = []
    on_time: list[str] = []
    excluded: list[Exclusion] = []
    early, late = -60 * rows.settings.early_minutes, 60 * rows.settings.late_minutes
    for visit in made:
        start, started_at = visit.planned_start, visit.started_at
        if start is None:
            excluded.append(Exclusion("visit", visit.id, "no_planned_time", "both"))
            continue
        timed.append(visit.id)
        if started_at is not None:
            planned = _planned_instant(visit.date, start, rows.zone)
            if early <= started_at.timestamp() - planned <= late:
                on_time.append(visit.id)
    return Count.of_ids(on_time, timed, excluded)


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
    if all(map(lt, values, values[1:])):
        return list(range(len(values)))
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
