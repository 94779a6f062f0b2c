"""One rep's week, Monday 2 to Friday 6 March 2026 in Berlin; the worked example of docs/kpis.md."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import KpiPeriod, RepDay, StoreSpan
from routeplanner.domain.visit import Reason, Visit, VisitEvent

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = KpiPeriod(date(2026, 3, 2), date(2026, 3, 6))
SPANS = [StoreSpan("N1", opened_on=date(2026, 3, 4))]
REP_DAYS = [RepDay("R1", date(2026, 3, day), 480) for day in range(2, 7)]


def visit(key: str, store: str, day: int, **fields: Any) -> Visit:
    """A visit of R1 in March 2026; the class is the first letter of the store."""
    known = {"rep": "R1", "store_class": store[0], "date": date(2026, 3, day)}
    return Visit(**({"id": key, "store_id": store} | known | fields))


def planned(key: str, store: str, day: int, position: int, start: str, minutes: float) -> Visit:
    """A visit of a plan."""
    return visit(
        key, store, day, position=position, planned_start=clock(start), planned_minutes=minutes
    )


def clock(value: str) -> int:
    """Seconds since midnight."""
    hours, minutes = value.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def at(day: int, value: str) -> datetime:
    """An instant in March 2026, Berlin time."""
    seconds = clock(value)
    return datetime(2026, 3, day, seconds // 3600, seconds // 60 % 60, tzinfo=BERLIN)


def done(item: Visit, start: str, end: str) -> Visit:
    """The visit with check-in and check-out."""
    begin, finish = at(item.date.day, start), at(item.date.day, end)
    return with_entries(
        item,
        VisitEvent(f"{item.id}-in", item.id, "check_in", begin, at=begin),
        VisitEvent(f"{item.id}-out", item.id, "check_out", finish, at=finish),
    )


def missed(item: Visit, reason: Reason | None = None) -> Visit:
    """The visit found missed on the next day, with a reason."""
    found = at(item.date.day + 1, "01:00")
    told = VisitEvent(f"{item.id}-why", item.id, "not_visited", found, reason=reason)
    return replace(with_entries(item, *([told] if reason else [])), missed_at=found)


def with_entries(item: Visit, *entries: VisitEvent) -> Visit:
    """The visit with reports."""
    return replace(item, entries=entries)


VISITS = [
    done(planned("v1", "A1", 2, 1, "09:00", 30), "09:05", "09:40"),
    missed(planned("v2", "B1", 3, 1, "09:00", 15), "out_of_time"),
    done(planned("v3", "C1", 3, 2, "09:30", 10), "09:50", "10:00"),
    missed(planned("v4", "A1", 4, 1, "09:00", 30), "person_away"),
    missed(planned("v5", "B3", 5, 1, "09:00", 15)),
    missed(planned("v6", "B4", 5, 2, "09:30", 15), "closed"),
    done(planned("v7", "A1", 6, 1, "09:00", 30), "09:30", "10:00"),
    done(planned("v8", "B2", 6, 2, "10:00", 15), "09:00", "09:15"),
    done(planned("v9", "N1", 6, 3, "11:00", 10), "11:00", "11:10"),
    with_entries(
        planned("v10", "C1", 6, 4, "12:00", 10), VisitEvent("x", "v10", "cancel", at(3, "12:00"))
    ),
    done(visit("a1", "B1", 4, origin="ad_hoc"), "10:00", "10:20"),
    done(visit("a2", "C1", 4, origin="ad_hoc"), "12:00", "12:10"),
    done(visit("a3", "C2", 5, origin="ad_hoc"), "10:00", "10:05"),
    done(visit("a4", "B2", 6, origin="ad_hoc"), "16:00", "16:10"),
]
