"""The single changes that `planning.levers` tries: frequencies, minutes, class lines, days."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.policy import MAX_CYCLE_WEEKS, Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of
from routeplanner.domain.workload import LeverKind, PolicyChange
from routeplanner.planning.classify import classify
from routeplanner.texts import text

_LADDER = ("daily", "3/week", "2/week", "1/week", "1/2weeks", "1/4weeks")
_LINE_SCALES = ((0.75, 1), (0.5, 1), (1, 0.875), (0.75, 0.875), (0.5, 0.75))
"""Factors of the first class line and of the others."""

_LEAST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the policy."""

    kind: LeverKind
    name: str
    changes: tuple[PolicyChange, ...]


def single_steps(scenario: Scenario) -> list[Step]:
    """All single changes worth trying, those of the best class first."""
    steps = [step for ladder in frequency_steps(scenario) for step in ladder]
    steps += [step for ladder in minute_steps(scenario) for step in ladder]
    steps = [step for step in steps if keeps_class_order(scenario, (step,))]
    return [*steps, *_line_steps(scenario), *_calendar_steps(scenario), *_day_steps(scenario)]


def frequency_steps(scenario: Scenario) -> list[list[Step]]:
    """The lower frequencies of every class in use that the cycle allows, class by class."""
    policy = scenario.policy
    ladders: list[list[Step]] = []
    for label in classes_in_use(scenario, has_own="frequency"):
        ladder = []
        for word in _LADDER:
            frequency = Frequency.model_validate(word)
            is_lower = rate_of(frequency, policy) < rate_of(
                policy.visit_rules[label].frequency, policy
            )
            if is_lower and _is_in_cycle(frequency.weeks, scenario):
                name = f"{label} {frequency_words(frequency, scenario.language)}"
                change = PolicyChange(key=f"visit_rules.{label}.frequency", value=str(frequency))
                ladder.append(Step("frequency", name, (change,)))
        ladders.append(ladder)
    return ladders


def neighbor_frequencies(scenario: Scenario, label: str) -> tuple[Frequency, ...]:
    """The frequencies next above and next below that of a class, of those that the cycle allows."""
    policy = scenario.policy
    now = rate_of(policy.visit_rules[label].frequency, policy)
    possible = [Frequency.model_validate(word) for word in _LADDER]
    possible = [frequency for frequency in possible if _is_in_cycle(frequency.weeks, scenario)]
    above = [frequency for frequency in possible if rate_of(frequency, policy) > now]
    below = [frequency for frequency in possible if rate_of(frequency, policy) < now]
    return (*above[-1:], *below[:1])


def lower_frequencies(scenario: Scenario, frequency: Frequency) -> tuple[Frequency, ...]:
    """The frequencies below one that the cycle as it is allows, the highest first."""
    possible = (Frequency.model_validate(word) for word in _LADDER)
    now = rate_of(frequency, scenario.policy)
    return tuple(
        lower
        for lower in possible
        if rate_of(lower, scenario.policy) < now and scenario.cycle.weeks % lower.weeks == 0
    )


def extra_steps(scenario: Scenario) -> list[tuple[Step, ...]]:
    """What a combination of frequencies may add, from nothing to the strongest."""
    shorter = tuple(ladder[-1] for ladder in minute_steps(scenario) if ladder)
    calendar = tuple(_calendar_steps(scenario))
    found = [(), calendar, shorter, (*calendar, *shorter)]
    return list(dict.fromkeys(found))


def keeps_class_order(scenario: Scenario, steps: Sequence[Step]) -> bool:
    """Whether no class is visited more often than a better one after the steps."""
    policy = applied(scenario.policy, tuple(change for step in steps for change in step.changes))
    labels = classes_in_use(scenario, has_own="frequency")
    rates = [rate_of(policy.visit_rules[label].frequency, policy) for label in labels]
    return all(better >= worse for better, worse in pairwise(rates))


def applied(policy: Policy, changes: Sequence[PolicyChange]) -> Policy:
    """The policy with keys changed or taken out."""
    if not changes:
        return policy
    content = policy.model_dump(mode="json")
    for change in changes:
        *path, last = change.key.split(".")
        at: dict[str, Any] = content
        for part in path:
            at = at[part]
        if change.value is None:
            at.pop(last, None)
        else:
            at[last] = change.value
    return Policy.model_validate(content)


def classed(scenario: Scenario, policy: Policy) -> tuple[Store, ...]:
    """The stores under the policy's class lines; given classes stay."""
    if policy.classes == scenario.policy.classes:
        return scenario.stores
    return classify(scenario.stores, policy)


def under(scenario: Scenario, policy: Policy) -> Scenario:
    """The scenario under a policy: its cycle and, where lines moved, its classes follow."""
    stores = classed(scenario, policy)
    cycle = cycle_of(policy, stores)
    return scenario.model_copy(update={"policy": policy, "stores": stores, "cycle": cycle})


def cycle_of(policy: Policy, stores: Sequence[Store]) -> Cycle:
    """The cycle of a policy: its own weeks, its calendar's, else the least common multiple."""
    if isinstance(policy.calendar, tuple):
        weeks = len(policy.calendar)
    elif policy.cycle_weeks is not None:
        weeks = policy.cycle_weeks
    else:
        weeks = math.lcm(*(frequency_of(s, policy).weeks for s in stores if s.is_planned))
    return Cycle(weeks=weeks, workdays=policy.workdays)


def percent(share: float, language: str) -> str:
    """A share as a whole percentage."""
    n = f"{share * 100:.0f}" if share != float("inf") else "∞"
    return text("hours.percent", language, n=n)


def frequency_words(frequency: Frequency, language: str) -> str:
    """A frequency as people say it."""
    if frequency.is_daily:
        return text("hours.daily", language)
    if frequency.visits == 1 and frequency.weeks == 1:
        return text("hours.weekly", language)
    if frequency.visits == 1:
        return text("hours.every_weeks", language, weeks=frequency.weeks)
    if frequency.weeks == 1:
        return text("hours.times_a_week", language, visits=frequency.visits)
    return text("hours.times_in_weeks", language, visits=frequency.visits, weeks=frequency.weeks)


def minute_steps(scenario: Scenario) -> list[list[Step]]:
    """Shorter visits in steps of five minutes, at least half as long, class by class."""
    ladders: list[list[Step]] = []
    for label in classes_in_use(scenario, has_own="service_minutes"):
        now = scenario.policy.visit_rules[label].service_minutes
        lowest = max(_LEAST_MINUTES, now / 2)
        first = math.ceil(now / 5) * 5 - 5
        ladder = []
        for minutes in range(first, _LEAST_MINUTES - 1, -5):
            if minutes >= lowest:
                name = text("hours.class_minutes", scenario.language, label=label, minutes=minutes)
                change = PolicyChange(key=f"visit_rules.{label}.service_minutes", value=minutes)
                ladder.append(Step("minutes", name, (change,)))
        ladders.append(ladder)
    return ladders


def _line_steps(scenario: Scenario) -> list[Step]:
    lines = scenario.policy.classes.lines
    computed = any(s.is_planned and s.class_source == "sales" for s in scenario.stores)
    steps: list[Step] = []
    for first, others in _LINE_SCALES if computed and lines else ():
        scaled = (lines[0] * first, *(line * others for line in lines[1:]))
        rounded = tuple(max(5.0, round(line / 5) * 5.0) for line in scaled)
        rises = all(low < high for low, high in pairwise(rounded))
        if (
            rises
            and rounded != lines
            and all(new <= old for new, old in zip(rounded, lines, strict=True))
        ):
            shown = "/".join(f"{line:g}" for line in rounded)
            name = text("hours.class_lines", scenario.language, lines=shown)
            steps.append(Step("lines", name, (PolicyChange(key="classes.lines", value=rounded),)))
    return list({step.name: step for step in steps}.values())


def _calendar_steps(scenario: Scenario) -> list[Step]:
    if scenario.policy.calendar is None:
        return []
    change = PolicyChange(key="calendar", value=None)
    return [Step("calendar", text("hours.no_calendar", scenario.language), (change,))]


def _day_steps(scenario: Scenario) -> list[Step]:
    policy, language = scenario.policy, scenario.language
    steps = _limit_steps(scenario)
    for reserve in (0.05, 0.0):
        if reserve < policy.working_day.reserve:
            name = text("hours.reserve", language, percent=percent(reserve, language))
            change = PolicyChange(key="working_day.reserve", value=reserve)
            steps.append(Step("reserve", name, (change,)))
    if (
        "sat" not in policy.workdays
        and "sun" not in policy.workdays
        and not isinstance(policy.calendar, tuple)
    ):
        change = PolicyChange(key="workdays", value=(*policy.workdays, "sat"))
        steps.append(Step("workdays", text("hours.saturday", language), (change,)))
    return steps


def _limit_steps(scenario: Scenario) -> list[Step]:
    """Higher limits on minutes in store, in steps of a tenth of the day."""
    limit = scenario.policy.working_day.in_store_limit
    steps: list[Step] = []
    for tenths in range(1, 11):
        if limit is not None and tenths / 10 > limit + 1e-9:
            shown = percent(tenths / 10, scenario.language)
            name = text("hours.in_store_limit", scenario.language, percent=shown)
            change = PolicyChange(key="working_day.in_store_limit", value=tenths / 10)
            steps.append(Step("in_store", name, (change,)))
    return steps


def classes_in_use(scenario: Scenario, has_own: str) -> list[str]:
    """Classes, best first, with planned stores that follow the class in this."""
    used = {
        store.store_class
        for store in scenario.stores
        if store.is_planned and getattr(store, has_own) is None
    }
    return [label for label in scenario.policy.classes.labels if label in used]


def rate_of(frequency: Frequency, policy: Policy) -> float:
    """Visits a week."""
    if frequency.is_daily:
        return float(len(policy.workdays))
    return frequency.visits / frequency.weeks


def _is_in_cycle(weeks: int, scenario: Scenario) -> bool:
    policy = scenario.policy
    if isinstance(policy.calendar, tuple):
        return len(policy.calendar) % weeks == 0
    if policy.cycle_weeks is not None:
        return policy.cycle_weeks % weeks == 0
    others = (frequency_of(s, policy).weeks for s in scenario.stores if s.is_planned)
    return math.lcm(weeks, *others) <= MAX_CYCLE_WEEKS
