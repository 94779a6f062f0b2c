"""Judges what a cycle is to be laid on, all faults at once."""

from collections.abc import Iterator, Mapping, Sequence

from routeplanner.domain.dated import CycleDates, LostDayRule
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.work_calendar import Absence, CalendarDay
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text

LONGEST_PERIOD_DAYS = 366
_MOST_NAMED = 20


def judge_dates(
    plan: Plan,
    scenario: Scenario,
    dates: CycleDates,
    absences: Sequence[Absence],
    rep_days: Mapping[str, Sequence[CalendarDay]],
    rules: Mapping[str, LostDayRule],
) -> None:
    """Raise InputError with everything that does not fit."""
    issues = [
        *_issues_of_plan(plan, scenario),
        *_issues_of_dates(scenario, dates),
        *_issues_of_reps(scenario, absences, rep_days),
        *_issues_of_rules(scenario, rules),
    ]
    if issues:
        raise InputError(issues)


def _issues_of_plan(plan: Plan, scenario: Scenario) -> Iterator[Issue]:
    reps = {rep.id for rep in scenario.reps}
    stores = {store.id for store in scenario.stores}
    visited = {stop.store_id for route in plan.routes for stop in route.visits}
    is_known = visited <= stores and all(route.rep in reps for route in plan.routes)
    if plan.cycle != scenario.cycle or not is_known:
        yield _issue(scenario, "PLAN_OF_OTHER_SCENARIO", "plan", plan.id)


def _issues_of_dates(scenario: Scenario, dates: CycleDates) -> Iterator[Issue]:
    if dates.until < dates.start_date:
        yield _issue(scenario, "UNTIL_BEFORE_START", "until", dates.until)
    if (dates.until - dates.start_date).days >= LONGEST_PERIOD_DAYS:
        yield _issue(scenario, "PERIOD_TOO_LONG", "until", dates.until)
    if not 1 <= dates.first_week <= scenario.cycle.weeks:
        yield _issue(scenario, "WEEK_NOT_IN_CYCLE", "first_week", dates.first_week)


def _issues_of_reps(
    scenario: Scenario,
    absences: Sequence[Absence],
    rep_days: Mapping[str, Sequence[CalendarDay]],
) -> Iterator[Issue]:
    reps = {rep.id for rep in scenario.reps}
    for n, absence in enumerate(absences):
        if absence.rep not in reps:
            yield _issue(scenario, "UNKNOWN_REP", f"absences[{n}].rep", absence.rep)
        if absence.last < absence.first:
            path = f"absences[{n}].last"
            yield _issue(scenario, "ABSENCE_ENDS_BEFORE_START", path, absence.last)
    for rep in sorted(set(rep_days) - reps):
        yield _issue(scenario, "UNKNOWN_REP", f"rep_days.{rep}", rep)


def _issues_of_rules(scenario: Scenario, rules: Mapping[str, LostDayRule]) -> Iterator[Issue]:
    for label, rule in rules.items():
        if label not in scenario.policy.classes.labels:
            yield _issue(scenario, "UNKNOWN_CLASS", f"rules.{label}", label)
        if rule.furthest_days < 0 or rule.least_gap_days < 1:
            yield _issue(scenario, "RULE_OUT_OF_RANGE", f"rules.{label}", label)


def _issue(scenario: Scenario, code: str, path: str, value: object) -> Issue:
    key, language = f"calendar.{code.lower()}", scenario.language
    words = {
        "value": value,
        "weeks": scenario.cycle.weeks,
        "days": LONGEST_PERIOD_DAYS,
        "known": _listed([rep.id for rep in scenario.reps]),
        "labels": _listed(scenario.policy.classes.labels),
    }
    return Issue(
        code=code,
        path=path,
        message=text(key, language, **words),
        hint=text(f"{key}_hint", language, **words),
        value=str(value),
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join((*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])))
