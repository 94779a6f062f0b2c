"""Reports of visits: merged in whatever order and however often they come, and what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from routeplanner.domain.visit import Visit, VisitEvent

Outcome = Literal["applied", "repeated", "outdated", "refused"]
Refusal = Literal[
    "UNKNOWN_VISIT", "TIME_WITHOUT_ZONE", "TIME_MISSING", "REASON_MISSING", "WRONG_DAY", "DAY_OVER"
]


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of one report."""

    client_id: str
    visit_id: str
    outcome: Outcome
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """Visits that reports have changed, or opened, by id; and an answer to every report."""

    visits: Mapping[str, Visit]
    answers: tuple[EventAnswer, ...]


def merge_events(
    visits: Mapping[str, Visit],
    events: Iterable[VisitEvent],
    zone: ZoneInfo,
    store_classes: Mapping[str, str],
) -> Merged:
    """Return visits with reports merged in.

    The order of reports, of uploads, and repeats make no difference to the visits: of each kind
    the report with the latest `recorded_at` holds.

    Parameters
    ----------
    visits
        The visits that the reports name, by id. One that is not there must say where it is: it is
        then opened as an ad hoc visit.
    zone
        Of the organization: when a day is over.
    store_classes
        Class by store id, for ad hoc visits.
    """
    changed: dict[str, Visit] = {}
    answers = []
    for event in events:
        known = changed.get(event.visit_id) or visits.get(event.visit_id)
        refusal = _refusal(event, known, zone, store_classes)
        if refusal is not None:
            answers.append(EventAnswer(event.client_id, event.visit_id, "refused", refusal))
            continue
        merged = with_event(known or _opened(event, store_classes), event, store_classes)
        outcome: Outcome = "applied" if event in merged.entries else "outdated"
        if known is not None and event in known.entries:
            outcome = "repeated"
        elif merged != known:
            changed[event.visit_id] = merged
        answers.append(EventAnswer(event.client_id, event.visit_id, outcome))
    return Merged(changed, tuple(answers))


def with_event(visit: Visit, event: VisitEvent, store_classes: Mapping[str, str]) -> Visit:
    """Return a visit with one report more; of its kind the last recorded one stays."""
    entries = {entry.kind: entry for entry in visit.entries}
    known = entries.get(event.kind)
    if known is None or event.stamp > known.stamp:
        entries[event.kind] = event
    merged = replace(visit, entries=tuple(entries[kind] for kind in sorted(entries)))
    return _at_its_store(merged, store_classes) if visit.origin == "ad_hoc" else merged


def find_missed(visits: Iterable[Visit], now: datetime, zone: ZoneInfo) -> tuple[Visit, ...]:
    """Return the visits that are still planned although their day is over, marked as missed."""
    return tuple(
        replace(visit, missed_at=now)
        for visit in visits
        if visit.status == "planned" and is_over(visit.date, now, zone)
    )


def is_over(day: date, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a date has passed in a time zone."""
    return now.astimezone(zone).date() > day


def _refusal(
    event: VisitEvent, visit: Visit | None, zone: ZoneInfo, store_classes: Mapping[str, str]
) -> Refusal | None:
    """Why a report cannot hold. It looks at nothing that other reports change."""
    place = event.ad_hoc
    if visit is not None and (visit.origin == "plan" or place is None):
        day = visit.date
    elif place is not None and place.store_id in store_classes:
        day = place.date
    else:
        return "UNKNOWN_VISIT"
    return _missing(event) or _misdated(event, day, zone)


def _missing(event: VisitEvent) -> Refusal | None:
    if event.recorded_at.tzinfo is None or (event.at and event.at.tzinfo is None):
        return "TIME_WITHOUT_ZONE"
    if event.is_withdrawn:
        return None
    if event.kind in ("check_in", "check_out") and event.at is None:
        return "TIME_MISSING"
    if event.kind in ("skip", "not_visited") and event.reason is None:
        return "REASON_MISSING"
    return None


def _misdated(event: VisitEvent, day: date, zone: ZoneInfo) -> Refusal | None:
    """A visit is begun on its day and over by the next; it is skipped before that day is over."""
    if event.is_withdrawn:
        return None
    if event.at is not None:
        days_later = (event.at.astimezone(zone).date() - day).days
        if (event.kind == "check_in" and days_later != 0) or (
            event.kind == "check_out" and days_later not in (0, 1)
        ):
            return "WRONG_DAY"
    if event.kind == "not_visited" and event.recorded_at.astimezone(zone).date() < day:
        return "WRONG_DAY"
    if event.kind == "skip" and is_over(day, event.recorded_at, zone):
        return "DAY_OVER"
    return None


def _opened(event: VisitEvent, store_classes: Mapping[str, str]) -> Visit:
    place = event.ad_hoc
    if place is None:
        raise ValueError("only a report of an ad hoc visit opens one")
    return Visit(
        id=event.visit_id,
        rep=place.rep,
        store_id=place.store_id,
        store_class=store_classes[place.store_id],
        date=place.date,
        origin="ad_hoc",
    )


def _at_its_store(visit: Visit, store_classes: Mapping[str, str]) -> Visit:
    """An ad hoc visit where its reports say that it is; the last one where they differ."""
    told = [entry for entry in visit.entries if entry.ad_hoc is not None]
    place = max(told, key=lambda entry: entry.stamp).ad_hoc if told else None
    if place is None:
        return visit
    return replace(
        visit,
        rep=place.rep,
        store_id=place.store_id,
        store_class=store_classes.get(place.store_id, visit.store_class),
        date=place.date,
    )
