"""The options of `plan` that tell what to keep of an earlier plan."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from routeplanner.cli.change_files import timezone_option
from routeplanner.cli.plan_files import OpenedPlan, open_plan
from routeplanner.cli.report import console
from routeplanner.domain.keeping import DEFAULT_STABILITY, Keeping
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.dated import check_time_zone
from routeplanner.planning.classify import n_kept_by_margin
from routeplanner.planning.replan.task import replan_of
from routeplanner.texts import text

_Command = TypeVar("_Command", bound=Callable[..., Any])

PREVIOUS_OPTIONS = {
    "PREVIOUS_CYCLE": "--previous",
    "PREVIOUS_OTHER_STORES": "--previous",
    "FREEZE_TOO_LONG": "--freeze-weeks",
    "UNKNOWN_TIME_ZONE": "--timezone",
}
"""The option that a fault is of, by its code."""

_OPTIONS = (
    click.option(
        "--previous",
        type=click.Path(path_type=Path),
        metavar="PLAN",
        help="Plan to change as little as possible: its folder, plan.json or edited routes.csv.",
    ),
    click.option(
        "--stability",
        type=click.FloatRange(min=0, max=100_000),
        metavar="MINUTES",
        help="What moving a visit to another day or rep must save, with --previous: "
        f"{DEFAULT_STABILITY:g} where not given, 0 for free.",
    ),
    click.option(
        "--max-changes",
        type=click.IntRange(min=0),
        metavar="N",
        help="At most so many stores change days or rep.",
    ),
    click.option(
        "--freeze-weeks",
        type=click.IntRange(min=0),
        metavar="W",
        help="The first W weeks of the cycle stay as they are.",
    ),
    timezone_option,
)


def previous_options(command: _Command) -> _Command:
    """Add the options on an earlier plan."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class ReplanOptions:
    """What was asked of an earlier plan, if there is one."""

    previous: Path | None
    timezone: str | None
    keeping: Keeping

    def open(self) -> OpenedPlan | None:
        """Read the earlier plan, which the outputs may take the place of."""
        return open_plan(self.previous) if self.previous else None

    def judge(self, scenario: Scenario, opened: OpenedPlan | None) -> None:
        """Raise InputError where the earlier plan does not fit, before anything is searched."""
        if self.timezone is not None:
            check_time_zone(scenario, self.timezone)
        if opened is not None:
            replan_of(scenario, opened.plan, self.keeping)


def replan_from(
    previous: Path | None, timezone: str | None, options: dict[str, Any]
) -> ReplanOptions:
    """Take what is to be kept out of the options; it needs the plan that it is kept of."""
    names = ("stability", "max_changes", "freeze_weeks")
    given = {name: value for name in names if (value := options.pop(name)) is not None}
    if given and previous is None:
        option = "--" + next(iter(given)).replace("_", "-")
        raise click.UsageError(f"{option} needs --previous PLAN")
    return ReplanOptions(previous, timezone, Keeping(**given))


def print_kept_classes(scenario: Scenario) -> None:
    """Say how many stores near a line keep the class that the earlier plan has them in."""
    n, margin = n_kept_by_margin(scenario.stores, scenario.policy), scenario.policy.classes
    if n:
        key = "classes.kept_one" if n == 1 else "classes.kept"
        words = text(key, scenario.language, n=n, margin=f"{margin.change_margin:g}")
        console.print(words, soft_wrap=True)


def next_version(*plans: Plan | None) -> int:
    """One more than that of any of some plans."""
    return 1 + max((plan.version for plan in plans if plan), default=0)
