"""Publishing: a dated plan becomes visits; it supersedes what was published, from its start on."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from routeplanner.domain.dated import DatedPlan, DatedRoute, DatedVisit, VisitChange
from routeplanner.domain.plan import Route
from routeplanner.domain.visit import Visit, VisitEvent
from routeplanner.operations.visits import with_event

VisitKey = tuple[str, str, date]
"""A visit of a dated plan: rep, store, and where the unbroken cycle lays it."""

PUBLISHING = "publication:"
"""Begins the client ids of reports that publishing itself writes; callers may not use it."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The days on which a rep drives a plan, the last one included."""

    plan_id: str
    rep: str
    start_date: date
    until: date


@dataclass(frozen=True, slots=True)
class PublishedVisits:
    """What publishing does to visits."""

    planned: tuple[Visit, ...]  # new, timed anew, or planned again after they were superseded
    canceled: tuple[Visit, ...]  # of the superseded plan, where nothing has become of them
    taken: frozenset[VisitKey]  # not to be made: their store has another visit on the date


def publish(
    published: Iterable[Publication], new: Sequence[Publication]
) -> tuple[Publication, ...]:
    """Return the publications after new ones: earlier plans of the same reps end before them.

    No rep has two plans on a day, if none had before and the new ones name each rep once.
    """
    starts = {publication.rep: publication.start_date for publication in new}
    kept = []
    for publication in published:
        start = starts.get(publication.rep)
        if start is None or publication.until < start:
            kept.append(publication)
        elif publication.start_date < start:
            kept.append(replace(publication, until=start - timedelta(days=1)))
    return (*kept, *new)


def publish_visits(
    dated: DatedPlan,
    plan_id: str,
    reps: Iterable[str],
    existing: Iterable[Visit],
    now: datetime,
    publication_id: str | None = None,
) -> PublishedVisits:
    """Return the visits that publishing a dated plan for some reps creates and cancels.

    Parameters
    ----------
    existing
        Visits of these reps from the start of the period on, and of other reps at the same stores.
        Those of another plan are canceled where nothing has become of them, all others stay.
    now
        When it is published, with time zone.
    publication_id
        Names the reports that it writes; where none is given, plan and time do.

    Notes
    -----
    A store that has a visit on a date, begun, done or decided on, gets no second one there, and
    one that was skipped or canceled there by a person stays so: these are `taken`. The id of a
    visit follows from plan, store and date: publishing twice creates nothing new.
    """
    owners = set(reps)
    name = publication_id or f"{plan_id}/{now.isoformat()}"
    asked = [visit for visit in dated.visits if visit.rep in owners]
    wanted = visits_by_id(asked, plan_id)
    known = {visit.id: visit for visit in existing}
    canceled = {
        visit.id: canceled_by(visit, name, now)
        for visit in known.values()
        if visit.rep in owners
        and visit.origin == "plan"
        and is_open(visit)
        and visit.date >= dated.dates.start_date
        and visit.id not in wanted
    }
    own = canceled.keys() | wanted.keys()
    taken = {
        (visit.store_id, visit.date)
        for visit in known.values()
        if visit.status != "canceled" and visit.id not in own
    }
    planned = {
        key: _planned(key, plan_id, visit, known.get(key), now, name)
        for key, visit in wanted.items()
        if (visit.store_id, visit.date) not in taken
    }
    changed = tuple(visit for key, visit in planned.items() if visit != known.get(key))
    made = [
        wanted[key] for key, visit in planned.items() if visit.status not in ("skipped", "canceled")
    ]
    left = {key_of(visit) for visit in asked} - {key_of(visit) for visit in made}
    return PublishedVisits(changed, tuple(canceled.values()), frozenset(left))


def without_taken(dated: DatedPlan, taken: Collection[VisitKey]) -> DatedPlan:
    """Return a dated plan without the visits that are not to be made, each among its changes.

    The rest of their days keeps its times: the rep may be the one who makes the other visit.
    """
    left = [visit for visit in dated.visits if key_of(visit) in taken]
    known = {(change.rep, change.store_id, change.from_date) for change in dated.changes}
    changes = [
        replace(change, to_date=None, obstacle="taken")
        if (change.rep, change.store_id, change.from_date) in taken
        else change
        for change in dated.changes
    ]
    changes += (_taken(visit) for visit in left if key_of(visit) not in known)
    owners = (*(visit.rep for visit in dated.visits), *(change.rep for change in dated.changes))
    reps = list(dict.fromkeys(owners))
    n_left = Counter(visit.store_id for visit in left)
    return replace(
        dated,
        routes=tuple(_routes_without(dated.routes, left)),
        visits=tuple(visit for visit in dated.visits if key_of(visit) not in taken),
        changes=tuple(
            sorted(
                changes,
                key=lambda c: (c.from_date, reps.index(c.rep), c.store_class, c.store_id),
            )
        ),
        frequencies=tuple(
            replace(item, reached=item.reached - n_left[item.store_id])
            for item in dated.frequencies
        ),
    )


def key_of(visit: DatedVisit) -> VisitKey:
    """Which visit of a dated plan it is, wherever it was shifted to."""
    return visit.rep, visit.store_id, visit.due


def _taken(visit: DatedVisit) -> VisitChange:
    return VisitChange(
        rep=visit.rep,
        store_id=visit.store_id,
        store_class=visit.store_class,
        from_date=visit.due,
        to_date=None,
        cause="taken",
        cause_name="",
        changed_by="skip",
        obstacle="taken",
    )


def _routes_without(
    routes: Iterable[DatedRoute], left: Iterable[DatedVisit]
) -> Iterable[DatedRoute]:
    gone = {(visit.rep, visit.date, visit.store_id) for visit in left}
    for dated in routes:
        route: Route = dated.route
        stops = tuple(
            stop
            for stop in route.stops
            if stop.kind != "visit" or (route.rep, dated.date, stop.store_id) not in gone
        )
        if any(stop.kind in ("visit", "appointment") for stop in stops):
            yield replace(dated, route=route.model_copy(update={"stops": stops}))


def visits_by_id(visits: Iterable[DatedVisit], plan_id: str) -> dict[str, DatedVisit]:
    """The visits that a plan publishes, the first one of a store and date, by their ids."""
    found: dict[str, DatedVisit] = {}
    for visit in visits:
        found.setdefault(visit_id(plan_id, visit), visit)
    return found


def is_open(visit: Visit) -> bool:
    """Whether nothing has become of a visit: it is planned, or missed and nobody reported it."""
    is_silent = visit.status == "missed" and visit.entry("not_visited") is None
    return visit.status == "planned" or is_silent


def visit_id(plan_id: str, visit: DatedVisit) -> str:
    """The id of a visit that a plan publishes."""
    return str(uuid5(NAMESPACE_URL, f"routeplanner:{plan_id}/{visit.store_id}/{visit.date}"))


def _planned(
    key: str, plan_id: str, dated: DatedVisit, known: Visit | None, now: datetime, name: str
) -> Visit:
    """The visit as the plan has it; one that was begun or decided on stays as it is."""
    visit = known or Visit(key, dated.rep, dated.store_id, dated.store_class, dated.date)
    cancel = visit.entry("cancel")
    if cancel is not None and cancel.client_id.startswith(PUBLISHING):
        visit = _told(visit, f"{PUBLISHING}{name}/planned/{key}", now, is_withdrawn=True)
    if visit.status != "planned":
        return visit
    return replace(
        visit,
        rep=dated.rep,
        store_class=dated.store_class,
        plan_id=plan_id,
        position=dated.position,
        planned_start=dated.start,
        planned_minutes=(dated.depart - dated.start) / 60,
    )


def canceled_by(visit: Visit, name: str, now: datetime) -> Visit:
    """Return a visit canceled by a publication, or because that was withdrawn."""
    return _told(visit, f"{PUBLISHING}{name}/canceled/{visit.id}", now)


def _told(visit: Visit, client_id: str, now: datetime, *, is_withdrawn: bool = False) -> Visit:
    """The visit with a cancellation, or without; it holds although clocks of servers differ."""
    known = [entry.recorded_at for entry in visit.entries if entry.kind == "cancel"]
    at = max((now, *(earlier + timedelta(microseconds=1) for earlier in known)))
    report = VisitEvent(client_id, visit.id, "cancel", at, is_withdrawn=is_withdrawn)
    return with_event(visit, report, {})
