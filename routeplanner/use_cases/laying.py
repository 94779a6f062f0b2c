"""A plan laid on dates as a request asks for it, with the rows of master data that it concerns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import case, or_, select

from routeplanner.domain.dated import DatedPlan
from routeplanner.domain.kpi import RepDay
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import PLANNED
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.operations.laying import lay_cycle
from routeplanner.operations.public_holidays import public_calendar, years_without_make_up_days
from routeplanner.operations.rep_days import rep_days
from routeplanner.storage.database import Session, think_for
from routeplanner.storage.tables import RepRow, StoreRow
from routeplanner.texts import text
from routeplanner.travel.source import travel_matrix
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.kinds import ids_of, unknown_reference
from routeplanner.use_cases.plans import content_of
from routeplanner.use_cases.publishing_records import PublicationOptions, PublishRequest

STARTS_IN_PAST = "START_IN_PAST"
_LONGEST_LAYING_S = 300  # five thousand stores take a few seconds, on a busy machine longer
_MOST_NAMED = 20
_LAST_DAYS: TypeAdapter[Mapping[str, date]] = TypeAdapter(Mapping[str, date])
_CALENDAR: TypeAdapter[WorkCalendar] = TypeAdapter(WorkCalendar)


@dataclass(frozen=True, slots=True)
class LaidPlan:
    """A plan's part of some reps on dates."""

    reps: tuple[str, ...]
    plan: Plan
    scenario: Scenario
    dated: DatedPlan
    calendar: WorkCalendar
    days: tuple[RepDay, ...]  # on which the reps are to work
    last_days: Mapping[str, date]  # of stores that go out of use
    warnings: tuple[Issue, ...] = ()

    @property
    def rep_of_store(self) -> Mapping[str, str]:
        """Who visits each store, or was to."""
        changed = {change.store_id: change.rep for change in self.dated.changes}
        return changed | {visit.store_id: visit.rep for visit in self.dated.visits}

    @property
    def calendar_json(self) -> dict[str, Any]:
        """What it was laid on, so that it can be laid again whatever becomes known since."""
        dumped: dict[str, Any] = _CALENDAR.dump_python(self.calendar, mode="json")
        return dumped | {"last_days": _LAST_DAYS.dump_python(self.last_days, mode="json")}


@dataclass(frozen=True, slots=True)
class Known:
    """Ids in the master data of what a laid plan names."""

    reps: Mapping[str, UUID]
    stores: Mapping[str, UUID]


def lay_plan(session: Session, caller: Caller, plan_id: UUID, request: PublishRequest) -> LaidPlan:
    """Lay a plan on dates; InputError with all issues at once."""
    think_for(session, _LONGEST_LAYING_S)
    plan, scenario = content_of(session, caller, plan_id)
    reps = _chosen(scenario, request.reps)
    calendar, warnings = _calendar(request, scenario)
    last_days = _last_days(session, scenario)
    laid = _laid(plan, scenario, reps, request, calendar, last_days)
    doubts = (*_starts_in_past(caller, request, scenario), *warnings, *_out_of_use(laid))
    return replace(laid, warnings=doubts)


def lay_again(
    session: Session,
    caller: Caller,
    plan_id: UUID,
    reps: Sequence[str],
    options: PublicationOptions,
    calendar: Mapping[str, Any],
) -> LaidPlan:
    """Lay a plan on dates for some reps as it was when it was published."""
    think_for(session, _LONGEST_LAYING_S)
    plan, scenario = content_of(session, caller, plan_id)
    own = {
        name: tuple(entry for entry in getattr(options, name) if entry.rep in reps)
        for name in ("absences", "rep_days")
    }
    options = options.model_copy(update=own)
    last_days = _LAST_DAYS.validate_python(calendar.get("last_days", {}))
    return _laid(plan, scenario, reps, options, _CALENDAR.validate_python(calendar), last_days)


def known_ids(session: Session, laid: LaidPlan) -> Known:
    """The rows of reps in use and of stores; InputError where they are not all there."""
    stores = laid.rep_of_store
    reps = ids_of(session, RepRow, laid.reps, RepRow.is_active.is_(True))
    known = Known(reps, ids_of(session, StoreRow, stores))
    missing = [
        unknown_reference(f"plan.{kind}.{name}", name)
        for kind, names, found in (
            ("reps", laid.reps, known.reps),
            ("stores", stores, known.stores),
        )
        for name in names
        if name not in found
    ]
    if missing:
        raise InputError(missing)
    return known


def _laid(
    plan: Plan,
    scenario: Scenario,
    reps: Sequence[str],
    options: PublicationOptions,
    calendar: WorkCalendar,
    last_days: Mapping[str, date],
) -> LaidPlan:
    part, own_plan = _part(scenario, plan, reps)
    strangers = {rep.id for rep in scenario.reps} - set(reps)  # of the scenario, but not asked for
    absences = [entry.absence() for entry in options.absences if entry.rep not in strangers]
    own_days: dict[str, list[CalendarDay]] = {}
    for entry in options.rep_days:
        if entry.rep not in strangers:
            own_days.setdefault(entry.rep, []).append(entry.calendar_day())
    dated = lay_cycle(
        own_plan,
        part,
        travel_matrix(scenario),
        options.dates(),
        calendar,
        absences=absences,
        rep_days=own_days,
        rules={label: entry.rule() for label, entry in options.lost_days.items()},
        last_days=last_days,
    )
    days = _rep_days(part, options, calendar, absences, own_days)
    return LaidPlan(tuple(reps), own_plan, part, dated, calendar, days, last_days)


def _rep_days(
    scenario: Scenario,
    options: PublicationOptions,
    calendar: WorkCalendar,
    absences: Sequence[Absence],
    own_days: Mapping[str, Sequence[CalendarDay]],
) -> tuple[RepDay, ...]:
    first, last = options.start_date, options.until
    return rep_days(scenario, first, last, calendar, absences=absences, own_days=own_days)


def _part(scenario: Scenario, plan: Plan, reps: Sequence[str]) -> tuple[Scenario, Plan]:
    if len(reps) == len(scenario.reps):
        return scenario, plan
    routes = tuple(route for route in plan.routes if route.rep in reps)
    visited = {stop.store_id for route in routes for stop in route.visits}
    part = {
        "stores": tuple(s for s in scenario.stores if s.rep in reps or s.id in visited),
        "reps": tuple(rep for rep in scenario.reps if rep.id in reps),
        "warnings": (),
    }
    return scenario.model_copy(update=part), plan.model_copy(update={"routes": routes})


def _chosen(scenario: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    reps = tuple(rep.id for rep in scenario.reps)
    missing = [
        unknown_reference(f"reps[{place}]", rep)
        for place, rep in enumerate(asked)
        if rep not in reps
    ]
    if missing:
        raise InputError(missing)
    return tuple(rep for rep in reps if rep in asked) if asked else reps


def _last_days(session: Session, scenario: Scenario) -> dict[str, date]:
    """The last days of stores that go out of use; the first of all where they are by now."""
    closed_on = StoreRow.details["closed_on"].astext
    is_gone = or_(StoreRow.is_active.is_(False), StoreRow.status.not_in(PLANNED))
    found = session.execute(
        select(StoreRow.external_id, case((is_gone, None), else_=closed_on))
        .where(StoreRow.external_id.in_([store.id for store in scenario.stores]))
        .where(or_(is_gone, closed_on.is_not(None)))
    )
    return {store: date.fromisoformat(last) if last else date.min for store, last in found}


def _out_of_use(laid: LaidPlan) -> Iterator[Issue]:
    changes = (change for change in laid.dated.changes if change.obstacle == "out_of_use")
    stores = list(dict.fromkeys(change.store_id for change in changes))
    if stores:
        key, language = "calendar.stores_out_of_use", laid.scenario.language
        more = ", …" if len(stores) > _MOST_NAMED else ""
        yield Issue(
            code="STORES_OUT_OF_USE",
            path="plan.stores",
            message=text(key, language, stores=", ".join(stores[:_MOST_NAMED]) + more),
            hint=text(f"{key}_hint", language),
            severity=Severity.WARNING,
            value=str(len(stores)),
        )


def _starts_in_past(caller: Caller, request: PublishRequest, scenario: Scenario) -> Iterator[Issue]:
    """Told by the preview, and a fault for publishing."""
    today = datetime.now(UTC).astimezone(ZoneInfo(caller.time_zone)).date()
    if request.start_date < today and not request.allow_past:
        key, value = "calendar.start_in_past", request.start_date.isoformat()
        yield Issue(
            code=STARTS_IN_PAST,
            path="start_date",
            message=text(key, scenario.language, value=value),
            hint=text(f"{key}_hint", scenario.language),
            severity=Severity.WARNING,
            value=value,
        )


def _calendar(
    options: PublicationOptions, scenario: Scenario
) -> tuple[WorkCalendar, tuple[Issue, ...]]:
    """The days that differ from the weekly ones, and what is not yet known of them."""
    own = [entry.calendar_day() for entry in options.days]
    if options.country is None:
        return WorkCalendar().overlaid(own), ()
    first, last = options.start_date, max(options.start_date, options.until)
    code, _, subdivision = options.country.upper().partition("-")
    calendar = public_calendar(code, first, last, subdivision or None, scenario.language)
    warnings = tuple(
        Issue(
            code="NO_MAKE_UP_DAYS",
            path="country",
            message=f"the make-up days of {code} for {year} are not known yet",
            hint="name them among days, with the day off that each replaces",
            severity=Severity.WARNING,
            value=str(year),
        )
        for year in years_without_make_up_days(code, first, last)
    )
    return calendar.overlaid(own), warnings
