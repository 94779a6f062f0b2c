"""Values of a policy that are right each by itself and wrong together."""

from collections.abc import Iterator
from typing import Any

from routeplanner.domain.policy import MAX_CYCLE_WEEKS, Policy
from routeplanner.domain.scenario import Language
from routeplanner.errors import Issue
from routeplanner.texts import text

_FASTEST_KMH = 1000


def policy_faults(policy: Policy) -> Iterator[tuple[str, str]]:
    """Each wrong key, with the name of the text that says why."""
    day = policy.working_day
    if day.end <= day.start:
        yield "working_day.end", "issues.REASON_END_BEFORE_START"
    first, last = day.lunch_between
    if last <= first:
        yield "working_day.lunch_between", "issues.REASON_END_BEFORE_START"
    elif last - first < day.lunch_minutes * 60:
        yield "working_day.lunch_minutes", "issues.REASON_LUNCH_TOO_LONG"
    for mode, speed in policy.travel.speed_kmh.items():
        if not 0 < speed < _FASTEST_KMH:
            yield f"travel.speed_kmh.{mode}", "issues.REASON_SPEED"
    if isinstance(policy.calendar, tuple) and not policy.calendar:
        yield "calendar", "issues.REASON_EMPTY_CALENDAR"
    if isinstance(policy.calendar, tuple) and len(policy.calendar) > MAX_CYCLE_WEEKS:
        yield "calendar", "issues.REASON_LONG_CALENDAR"


def policy_issues(policy: Policy, language: Language) -> list[Issue]:
    """The faults of a policy that came as structured data, at paths such as `policy.calendar`."""
    issues = []
    for key, reason in policy_faults(policy):
        value: Any = policy.model_dump(mode="json")
        for part in key.split("."):
            value = value[part]
        shown, name = str(value), f"policy.{key}"
        issues.append(
            Issue(
                code="WRONG_VALUE",
                path=name,
                message=text("fields.WRONG_VALUE", language, name=name, value=shown),
                hint=text(reason, language),
                value=shown,
            )
        )
    return issues
