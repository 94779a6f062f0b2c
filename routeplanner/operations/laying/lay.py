"""From a plan's cycle to dated routes: what every day brings, what lost days cost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from routeplanner.domain.dated import (
    ChangeCause,
    ChangedBy,
    CycleDates,
    DatedPlan,
    DatedRoute,
    DatedVisit,
    LostDayRule,
    Obstacle,
    StoreFrequency,
    VisitChange,
)
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.visits import class_of
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.operations.laying.board import Board
from routeplanner.operations.laying.due import DueVisit, RepCalendar
from routeplanner.operations.laying.judge import judge_dates
from routeplanner.operations.laying.room import Room
from routeplanner.travel.source import TravelMatrix

_SKIP = LostDayRule()
_EVERY_DAY = WorkCalendar()


def lay_cycle(
    plan: Plan,
    scenario: Scenario,
    matrix: TravelMatrix,
    dates: CycleDates,
    calendar: WorkCalendar = _EVERY_DAY,
    *,
    absences: Sequence[Absence] = (),
    rep_days: Mapping[str, Sequence[CalendarDay]] | None = None,
    rules: Mapping[str, LostDayRule] | None = None,
    last_days: Mapping[str, date] | None = None,
) -> DatedPlan:
    """Return a plan's cycle on dates, with every visit that is shifted or skipped.

    Parameters
    ----------
    plan, scenario, matrix
        The cycle, what it was planned from, and its travel times.
    dates
        The period, the cycle's week that it begins with, whether lost weeks pause the cycle.
    calendar
        Public holidays, make-up days and the company's own days.
    absences
        Of reps. A holiday within an absence stays a holiday.
    rep_days
        Days of single reps, which win over everything else.
    rules
        What becomes of lost visits, by class of stores; skipped where a class has none.
    last_days
        Of stores that go out of use: later visits of them are skipped, and the rest of their days
        timed without them. `date.min` where a store is out of use already.

    Returns
    -------
    DatedPlan
        Every visit of the cycle in the period is driven on its date, or stands once in `changes`.
        Lost visits find their places by class, then date, so A stores choose before B and C.

    Raises
    ------
    InputError
        The plan is none of this scenario, or dates, reps or classes do not fit it; all at once, by
        the codes of docs/issues.md.
    """
    judge_dates(plan, scenario, dates, absences, rep_days or {}, rules or {})
    last_days = last_days or {}
    board = Board(dates, Room(scenario, matrix), last_days=last_days)
    due: list[DueVisit] = []
    for rep in scenario.reps:
        own = calendar.without(absence for absence in absences if absence.rep == rep.id)
        rep_calendar = RepCalendar(
            scenario=scenario,
            rep=rep,
            dates=dates,
            calendar=own.overlaid((rep_days or {}).get(rep.id, ())),
            routes={route.day: route for route in plan.routes if route.rep == rep.id},
            last_days=last_days,
        )
        due += _put_on_dates(board, rep_calendar)
    left = [visit for visit in due if not visit.is_gone]
    changes = [
        *(_change(visit, board, None, "skip", "out_of_use") for visit in due if visit.is_gone),
        *_known_changes(board, left),
        *_place_lost(board, left, rules or {}),
    ]
    return _dated_plan(board, due, changes)


def _put_on_dates(board: Board, calendar: RepCalendar) -> list[DueVisit]:
    due = list(calendar.due_visits())
    by_date: dict[date | None, list[DueVisit]] = defaultdict(list)
    for visit in (visit for visit in due if not visit.is_gone):
        by_date[visit.driven].append(visit)
    for driven in calendar.driven_days():
        board.add_day(calendar.rep, driven, by_date[driven.date])
    return due


def _known_changes(board: Board, due: Iterable[DueVisit]) -> Iterator[VisitChange]:
    """Visits that the calendar itself moves: to make-up days, or later where the cycle paused."""
    for visit in due:
        if visit.driven is not None and visit.driven != visit.due:
            is_made_up = visit.driven != visit.day
            yield _change(visit, board, visit.driven, "make_up" if is_made_up else "pause")


def _place_lost(
    board: Board, due: Iterable[DueVisit], rules: Mapping[str, LostDayRule]
) -> Iterator[VisitChange]:
    scenario = board.room.scenario
    reps = {rep.id: rep for rep in scenario.reps}
    labels, stores = scenario.policy.classes.labels, board.room.stores

    def rank(visit: DueVisit) -> tuple[int, date]:
        return labels.index(class_of(stores[visit.store_id])), visit.day

    for visit in sorted((visit for visit in due if visit.driven is None), key=rank):
        rule = rules.get(class_of(stores[visit.store_id]), _SKIP)
        if rule.action == "skip":
            yield _change(visit, board, None, "skip", "closed" if visit.is_closed else None)
            continue
        found = board.place(reps[visit.rep], visit, rule)
        if isinstance(found, date):
            yield _change(visit, board, found, rule.action)
        else:
            yield _change(visit, board, None, rule.action, found)


def _change(
    visit: DueVisit,
    board: Board,
    to_date: date | None,
    changed_by: ChangedBy,
    obstacle: Obstacle | None = None,
) -> VisitChange:
    off = visit.lost_to
    cause: ChangeCause = "pause" if off is None else off.cause
    if visit.is_gone:
        cause, off = "out_of_use", None
    return VisitChange(
        rep=visit.rep,
        store_id=visit.store_id,
        store_class=class_of(board.room.stores[visit.store_id]),
        from_date=visit.due,
        to_date=to_date,
        cause=cause,
        cause_name="" if off is None else off.name,
        changed_by=changed_by,
        obstacle=obstacle,
    )


def _dated_plan(board: Board, due: Sequence[DueVisit], changes: Sequence[VisitChange]) -> DatedPlan:
    scenario = board.room.scenario
    routes = tuple(board.routes())
    visits = tuple(visit for route in routes for visit in _visits_of(route, board))
    place_of_rep = {rep.id: place for place, rep in enumerate(scenario.reps)}
    in_order = sorted(
        changes,
        key=lambda c: (c.from_date, place_of_rep[c.rep], c.store_class, c.store_id),
    )
    return DatedPlan(
        dates=board.dates,
        routes=routes,
        visits=visits,
        changes=tuple(in_order),
        frequencies=tuple(_frequencies(scenario, board.dates, due, visits)),
    )


def _visits_of(dated: DatedRoute, board: Board) -> Iterator[DatedVisit]:
    due = board.visits[dated.route.rep, dated.date]
    for stop in dated.route.visits:
        visit = due[stop.store_id or ""]
        yield DatedVisit(
            rep=dated.route.rep,
            date=dated.date,
            position=stop.position or 0,
            store_id=visit.store_id,
            store_class=class_of(board.room.stores[visit.store_id]),
            template=visit.route.template,
            start=stop.start,
            depart=stop.depart,
            due=visit.due,
        )


def _frequencies(
    scenario: Scenario, dates: CycleDates, due: Iterable[DueVisit], visits: Iterable[DatedVisit]
) -> Iterator[StoreFrequency]:
    required = Counter(visit.store_id for visit in due if dates.holds(visit.due))
    reached = Counter(visit.store_id for visit in visits)
    labels = scenario.policy.classes.labels
    stores = [store for store in scenario.stores if required[store.id] or reached[store.id]]
    for store in sorted(stores, key=lambda store: labels.index(class_of(store))):
        yield StoreFrequency(store.id, class_of(store), required[store.id], reached[store.id])
