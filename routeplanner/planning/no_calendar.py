"""Tells that no calendar has as many routes as were asked for, and which numbers would do."""

from itertools import islice

from routeplanner.domain.scenario import Scenario
from routeplanner.errors import Issue
from routeplanner.planning.calendars import ranked_calendars
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix

_MOST_ROUTES = 24
_NUMBERS_NAMED = 8


def no_calendar(scenario: Scenario, matrix: TravelMatrix) -> Issue:
    """Name the numbers of routes for which there is a calendar."""
    wanted = scenario.policy.templates
    most = min(_MOST_ROUTES, scenario.cycle.n_days)
    possible = (
        n for n in range(1, most + 1) if ranked_calendars(_with_routes(scenario, n), matrix)
    )
    numbers = ", ".join(str(n) for n in islice(possible, _NUMBERS_NAMED)) or "-"
    return Issue(
        code="NO_CALENDAR",
        path="policy:templates",
        message=text("issues.NO_CALENDAR", scenario.language, n=wanted),
        hint=text("issues.NO_CALENDAR_HINT", scenario.language, possible=numbers),
        column="templates",
        value=str(wanted),
    )


def _with_routes(scenario: Scenario, n: int) -> Scenario:
    policy = scenario.policy.model_copy(update={"templates": n})
    return scenario.model_copy(update={"policy": policy})
