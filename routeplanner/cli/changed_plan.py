"""What `insert`, `remove` and `move` share: show what a change costs and breaks, then write it."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.text import Text

from routeplanner.cli.change_files import change_files, print_missing_calendar, timezone_option
from routeplanner.cli.explain_report import broken_words
from routeplanner.cli.plan_files import OpenedPlan, open_plan, plan_in
from routeplanner.cli.report import EXIT_FOUND, console, errors, named_by_option, print_placed
from routeplanner.domain.explained import Broken
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import kind_of_change, visits_by_store
from routeplanner.domain.scenario import Scenario
from routeplanner.files.dated import check_time_zone
from routeplanner.files.placing import Placed
from routeplanner.texts import text

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.argument("plan", type=click.Path(path_type=Path)),
    click.argument("store"),
    click.option(
        "--scenario",
        type=click.Path(path_type=Path),
        help="scenario.json of the plan; the one beside PLAN where not given.",
    ),
    click.option("--dry-run", is_flag=True, help="Show what it costs and breaks, write nothing."),
    click.option("--force", is_flag=True, help="Write the plan even where it breaks rules."),
    timezone_option,
)


def change_options(command: _Command) -> _Command:
    """Add what all changes of one store are given."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Change:
    """A plan with one store changed, and the plan that it replaces."""

    before: OpenedPlan
    folder: Path  # as it was given
    is_dry_run: bool
    is_forced: bool
    timezone: str | None  # of the calendar of the changes

    @classmethod
    def of(
        cls, plan: Path, scenario: Path | None, timezone: str | None, *, dry_run: bool, force: bool
    ) -> "Change":
        """Open the plan that is to be changed."""
        before = open_plan(plan, scenario)
        if timezone is not None:
            with named_by_option({"UNKNOWN_TIME_ZONE": "--timezone"}):
                check_time_zone(before.scenario, timezone)
        return cls(before, plan_in(plan).parent, dry_run, force, timezone)

    def carry_out(self, plan: Plan, scenario: Scenario, broken: Sequence[Broken]) -> None:
        """Write the changed plan with all outputs; exit where it breaks rules or shall not."""
        language = scenario.language
        if broken:
            errors.print(Text(text("explain.would_break", language), style="bold red"))
            errors.print(Text(broken_words(scenario, broken)), soft_wrap=True)
            if not self.is_forced:
                errors.print(text("explain.needs_force", language), soft_wrap=True)
                sys.exit(EXIT_FOUND)
        if self.is_dry_run:
            console.print(text("explain.dry_run", language))
            return
        # Map and workbook bring libraries that take seconds to load.
        from routeplanner.files.outputs import write_outputs  # noqa: PLC0415

        previous = self.before.earlier or self.before.plan
        placed = write_outputs(
            plan,
            scenario,
            self.folder.absolute(),
            previous=previous,
            timezone=self.timezone,
            lists_of=previous.version,
        )
        versions = {"version": plan.version, "earlier": previous.version}
        words = f"{text('cli.written', language)} {self.folder}"
        words += text("cli.in_place_of", language, **versions)
        console.print(Text(words, style="bold"), soft_wrap=True)
        console.print(_changes(previous, plan, placed, language), soft_wrap=True, markup=False)
        print_missing_calendar(placed, plan, scenario, self.timezone)
        print_placed(placed, language)


def _changes(previous: Plan, plan: Plan, placed: Placed, language: str) -> str:
    """How many stores are visited otherwise, by kind, and which files list them."""
    before, after = visits_by_store(previous.routes), visits_by_store(plan.routes)
    kinds = Counter(
        kind_of_change(before.get(store, []), after.get(store, [])) for store in before | after
    )
    del kinds[None]
    parts = [text(f"explain.changed_{kind}", language, n=n) for kind, n in sorted(kinds.items())]
    comma = text("hours.and", language)
    files = comma.join(change_files(placed))
    return text(
        "explain.changed",
        language,
        version=previous.version,
        parts=comma.join(parts) or "–",
        files=files,
    )
