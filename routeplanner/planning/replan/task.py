"""A re-plan: the earlier plan, what shall be kept of it, and whether both fit the new scenario."""

from dataclasses import dataclass

from routeplanner.domain.keeping import Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.planning.replan.earlier import Earlier, earlier_of
from routeplanner.texts import text


@dataclass(frozen=True, slots=True)
class Replan:
    """What a planner needs to know of the plan before."""

    previous: Plan
    keeping: Keeping
    earlier: Earlier


def replan_of(scenario: Scenario, previous: Plan, keeping: Keeping) -> Replan:
    """Judge an earlier plan beside a new scenario.

    Raises
    ------
    InputError
        With all of: the cycle cannot be laid out in the days of the earlier one (PREVIOUS_CYCLE),
        no store is in both (PREVIOUS_OTHER_STORES), more weeks are frozen than the cycle has
        (FREEZE_TOO_LONG).
    """
    language, weeks = scenario.language, scenario.cycle.weeks
    issues = []
    if weeks % previous.cycle.weeks:
        values = {"weeks": weeks, "was": previous.cycle.weeks}
        issues.append(_issue("PREVIOUS_CYCLE", language, values, str(previous.cycle.weeks)))
    if keeping.freeze_weeks > weeks:
        values = {"n": keeping.freeze_weeks, "weeks": weeks}
        issues.append(_issue("FREEZE_TOO_LONG", language, values, str(keeping.freeze_weeks)))
    visited = {stop.store_id for route in previous.routes for stop in route.visits}
    if visited and visited.isdisjoint(store.id for store in scenario.stores):
        issues.append(_issue("PREVIOUS_OTHER_STORES", language, {"n": len(visited)}, previous.id))
    if issues:
        raise InputError(issues)
    return Replan(previous, keeping, earlier_of(scenario, previous))


def kept_calendar(scenario: Scenario, previous: Plan) -> CalendarRows | None:
    """Return the calendar of the earlier plan where it is one that might be chosen now."""
    rows = previous.calendar
    if rows is None or scenario.cycle.weeks % len(rows):
        return None
    is_as_long = all(len(row) == len(scenario.cycle.workdays) for row in rows)
    n_routes = len({label for row in rows for label in row})
    return rows if is_as_long and n_routes == scenario.policy.templates else None


def _issue(code: str, language: str, values: dict[str, int], value: str) -> Issue:
    return Issue(
        code=code,
        path="previous",
        message=text(f"issues.{code}", language, **values),
        hint=text(f"issues.{code}_HINT", language, **values),
        value=value,
    )
