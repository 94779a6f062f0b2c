"""The levers of `fit` as ladders: what each step changes and how many points it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routeplanner.domain.fit import LeverName
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.what_if import Alternative, StoreFieldChange
from routeplanner.domain.workload import PolicyChange
from routeplanner.planning.lever_steps import Step, frequency_steps, minute_steps
from routeplanner.texts import text

POINTS: dict[LeverName, int] = {
    "stores": 1,
    "minutes": 2,
    "frequency": 3,
    "longest_day": 3,
    "classes": 4,
    "calendar": 5,
    "reps": 20,
}
"""Of one step; those of stores, minutes and frequencies count 1, 2, 3 times for C, B, A."""

LONGER_BY_MINUTES = 30
_LONGER_STEPS = 4
_LINE_POINTS = 5
_LINE_STEPS = 4
_MORE_REPS = 4


@dataclass(frozen=True, slots=True)
class Ladder:
    """A lever; `steps` are cumulative, each takes the place of the one before."""

    lever: LeverName
    key: str  # as --allow names it
    points: int  # of each step
    steps: tuple[Alternative, ...]
    label: str = ""  # the class


_OF_CLASSES: tuple[LeverName, ...] = ("frequency", "minutes", "stores")


def lever_words(scenario: Scenario) -> tuple[str, ...]:
    """Return what may be named as allowed: levers, and those of single classes."""
    labels = scenario.policy.classes.labels
    return (*POINTS, *(f"{label}.{name}" for label in labels for name in _OF_CLASSES))


def rule_ladders(scenario: Scenario, points: Mapping[LeverName, int]) -> tuple[Ladder, ...]:
    """Return every ladder of rules and reps that the scenario has steps for.

    Parameters
    ----------
    points
        Of a step of each lever.
    """
    found = [
        *_of_classes(scenario, "frequency", points["frequency"]),
        *_of_classes(scenario, "minutes", points["minutes"]),
        Ladder("classes", "classes", points["classes"], tuple(_lines(scenario))),
        Ladder("longest_day", "longest_day", points["longest_day"], tuple(_longer_days(scenario))),
        Ladder("calendar", "calendar", points["calendar"], tuple(_no_calendar(scenario))),
        Ladder("reps", "reps", points["reps"], tuple(_more_reps(scenario))),
    ]
    return tuple(ladder for ladder in found if ladder.steps)


def store_ladders(
    scenario: Scenario, points: Mapping[LeverName, int], stores: Sequence[Store]
) -> tuple[Ladder, ...]:
    """Return one ladder a class that puts stores out: the first, the first two, …

    Parameters
    ----------
    stores
        Those that may be put out, of each class in this order.
    """
    found: list[Ladder] = []
    for label in scenario.policy.classes.labels:
        ids = [store.id for store in stores if store.store_class == label]
        steps = tuple(_without(scenario, ids[: n + 1]) for n in range(len(ids)))
        price = points["stores"] * class_weight(scenario.policy, label)
        found.append(Ladder("stores", f"{label}.stores", price, steps, label=label))
    return tuple(ladder for ladder in found if ladder.steps)


def merged(steps: Sequence[Alternative]) -> Alternative:
    """Return one alternative of the steps of different ladders."""
    return Alternative(
        name=" + ".join(step.name for step in steps),
        policy=tuple(change for step in steps for change in step.policy),
        stores=tuple(change for step in steps for change in step.stores),
        more_reps=sum(step.more_reps for step in steps),
    )


def class_weight(policy: Policy, label: str) -> int:
    """1 for the least class, one more for each better one."""
    return len(policy.classes.labels) - policy.classes.labels.index(label)


def _of_classes(scenario: Scenario, lever: LeverName, points: int) -> list[Ladder]:
    steps_of = frequency_steps if lever == "frequency" else minute_steps
    found: list[Ladder] = []
    for steps in steps_of(scenario):
        if steps:
            label = steps[0].changes[0].key.split(".")[1]
            price = points * class_weight(scenario.policy, label)
            told = tuple(_alternative(step) for step in steps)
            found.append(Ladder(lever, f"{label}.{lever}", price, told, label=label))
    return found


def _alternative(step: Step) -> Alternative:
    return Alternative(name=step.name, policy=step.changes)


def _lines(scenario: Scenario) -> list[Alternative]:
    """Every class line lower by five points a step."""
    lines = scenario.policy.classes.lines
    is_computed = any(s.is_planned and s.class_source == "sales" for s in scenario.stores)
    steps: list[Alternative] = []
    for n in range(1, _LINE_STEPS + 1):
        lower = tuple(line - n * _LINE_POINTS for line in lines)
        if is_computed and lines and lower[0] > 0:
            shown = "/".join(f"{line:g}" for line in lower)
            name = text("hours.class_lines", scenario.language, lines=shown)
            change = PolicyChange(key="classes.lines", value=lower)
            steps.append(Alternative(name=name, policy=(change,)))
    return steps


def _longer_days(scenario: Scenario) -> list[Alternative]:
    """Days that may run over, in steps of half an hour."""
    now = scenario.policy.working_day.overtime_minutes
    steps: list[Alternative] = []
    for n in range(1, _LONGER_STEPS + 1):
        minutes = n * LONGER_BY_MINUTES
        name = text("fit.longer_day", scenario.language, minutes=minutes)
        change = PolicyChange(key="working_day.overtime_minutes", value=now + minutes)
        steps.append(Alternative(name=name, policy=(change,)))
    return steps


def _no_calendar(scenario: Scenario) -> list[Alternative]:
    if scenario.policy.calendar is None:
        return []
    name = text("hours.no_calendar", scenario.language)
    return [Alternative(name=name, policy=(PolicyChange(key="calendar", value=None),))]


def _more_reps(scenario: Scenario) -> list[Alternative]:
    return [
        Alternative(
            name=text("fit.more_reps_one" if n == 1 else "fit.more_reps", scenario.language, n=n),
            more_reps=n,
        )
        for n in range(1, _MORE_REPS + 1)
    ]


def _without(scenario: Scenario, ids: Sequence[str]) -> Alternative:
    language = scenario.language
    named = text("hours.and", language).join(ids)
    key = "fit.without_store" if len(ids) == 1 else "fit.without_stores"
    return Alternative(
        name=text(key, language, stores=named),
        stores=tuple(StoreFieldChange(store=each, key="status", value="suspended") for each in ids),
    )
