"""KPIs of minutes in stores: against the plan, and as a share of the working day."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from routeplanner.domain.kpi import Exclusion, VisitRow
from routeplanner.operations.kpis.count import Count
from routeplanner.operations.kpis.rows import Rows


def in_store_minutes(rows: Rows) -> Count:
    """Minutes in the store at planned visits ÷ minutes planned for them; may exceed 1."""
    planned = [visit for visit in rows.standard if visit.planned_minutes is not None]
    done = [visit for visit in planned if visit.minutes is not None]
    excluded = (
        *rows.exclusions_of_standard(),
        *(
            Exclusion("visit", visit.id, "no_planned_time", "both")
            for visit in rows.standard
            if visit.planned_minutes is None
        ),
        *(
            Exclusion("visit", visit.id, "not_checked_out", "numerator")
            for visit in planned
            if visit.status == "started"
        ),
    )
    return Count(
        numerator=sum(visit.minutes or 0 for visit in done),
        denominator=sum(visit.planned_minutes or 0 for visit in planned),
        numerator_ids=tuple(visit.id for visit in done),
        denominator_ids=tuple(visit.id for visit in planned),
        excluded=excluded,
    )


def in_store_share(rows: Rows) -> Count:
    """Minutes in stores ÷ working minutes without lunch, of the days on which the rep was to work.

    All visits count here, ad hoc and short ones too; two at a time count once, and no day counts
    more than it has.
    """
    days: dict[tuple[str, date], list[VisitRow]] = defaultdict(list)
    for visit in rows.visits:
        if visit.minutes is not None:
            days[visit.rep, visit.date].append(visit)
    total, working = 0.0, 0.0
    numerator_ids, denominator_ids, excluded = [], [], []
    for day in rows.rep_days:
        if day.is_absent:
            excluded.append(Exclusion("rep_day", day.id, "rep_absent", "both"))
            continue
        visits = days.pop((day.rep, day.date), [])
        minutes = _minutes_together(visits)
        if minutes > day.working_minutes:
            excluded.append(Exclusion("rep_day", day.id, "beyond_working_hours", "numerator"))
        total += min(minutes, day.working_minutes)
        working += day.working_minutes
        numerator_ids += [visit.id for visit in visits]
        denominator_ids.append(day.id)
    excluded += [
        Exclusion("visit", visit.id, "no_working_day", "both")
        for visits in days.values()
        for visit in visits
    ]
    return Count(total, working, tuple(numerator_ids), tuple(denominator_ids), tuple(excluded))


def _minutes_together(visits: list[VisitRow]) -> float:
    """Minutes in which at least one of the visits lasts."""
    spans = sorted([(v.started_at, v.ended_at) for v in visits if v.started_at and v.ended_at])
    total = timedelta()
    last: datetime | None = None
    for start, end in spans:
        begin = start if last is None or start > last else last
        if end > begin:
            total += end - begin
            last = end
    return total.total_seconds() / 60
